//! A fetch that is killed: always the old or the new file, complete, and a lock that names it.

use std::fs;
use std::process::Stdio;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use crate::network::server::{Reply, Server};
use crate::{Desk, NEW, OLD, fixture, thorough};

/// Numbers that look random and are the same in every run.
fn next(state: &AtomicU64) -> u64 {
    let mut number = state.load(Ordering::Relaxed);
    number ^= number << 13;
    number ^= number >> 7;
    number ^= number << 17;
    state.store(number, Ordering::Relaxed);
    number
}

#[test]
fn killed_at_any_moment() {
    let server = Server::start(|request| {
        let name = if request.target.contains(OLD) { OLD } else { NEW };
        // In pieces, so that a kill can fall between them.
        Reply::Slow(fixture(name), 3, Duration::from_millis(1))
    });
    let desk = Desk::with_old();
    let kills = u64::from(thorough::times(50, 200));
    let command = |name: &str| {
        let url = server.url(&format!("/{name}"));
        // A small catalog: the less time passes elsewhere, the more kills fall between reading and the last rename.
        let mut command = desk.command(&[
            "--catalog",
            concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/prerequisites"),
            "fetch",
            "--cloud",
            "public",
            "--accept-shrink",
            "--accept-older",
            "--from",
            &url,
        ]);
        command.stdout(Stdio::null()).stderr(Stdio::null());
        command
    };
    // How long a whole fetch takes here: kills fall into that time and a little behind it.
    let started = Instant::now();
    assert!(command(NEW).status().unwrap().success());
    let whole = u64::try_from(started.elapsed().as_micros()).unwrap();
    let state = AtomicU64::new(0x2545_f491_4f6c_dd1d);
    let (mut killed, mut seen) = (0, [0; 2]);
    for round in 0..kills {
        let kept = desk.kept().unwrap();
        let wanted = if kept == OLD { NEW } else { OLD };
        let mut child = command(wanted).spawn().unwrap();
        thread::sleep(Duration::from_micros(next(&state) % (whole + whole / 4)));
        child.kill().unwrap();
        killed += u64::from(!child.wait().unwrap().success());
        let now = desk.kept().unwrap_or_else(|| panic!("round {round}: no file is kept"));
        assert!(now == OLD || now == NEW, "round {round}: {now}");
        assert_eq!(fs::read(desk.path().join("ranges").join(&now)).unwrap(), fixture(&now), "round {round}");
        seen[usize::from(now == NEW)] += 1;
    }
    assert!(killed > kills / 4, "only {killed} of {kills} were killed before their end");
    assert!(seen.iter().all(|count| *count > 0), "{seen:?}");
    // The next fetch cleans up what was left half-written.
    assert!(command(NEW).status().unwrap().success());
    let mut left: Vec<String> = fs::read_dir(desk.path().join("ranges"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    left.retain(|name| name.starts_with(".portbook-staged-"));
    assert!(left.is_empty(), "{left:?}");
}
