//! Servers that fail: each is told apart, and the kept file stays.

use std::io::Write as _;
use std::time::{Duration, Instant};

use crate::network::server::{Reply, Server};
use crate::{Desk, NEW, fixture, refused, stderr, stdout};

/// A server that fails in a way, `times` times for each path, and then gives the file.
fn failing(times: usize, fault: impl Fn() -> Reply + Send + Sync + 'static) -> Server {
    Server::start(move |request| if request.before < times { fault() } else { Reply::file(fixture(NEW)) })
}

/// What a server does in place of its work.
type Fault = Box<dyn Fn() -> Reply + Send + Sync>;

fn from(server: &Server) -> Vec<String> {
    vec!["--from".to_owned(), server.url(&format!("/{NEW}"))]
}

fn fetch(desk: &Desk, server: &Server, more: &[&str]) -> std::process::Output {
    let from = from(server);
    let arguments: Vec<&str> = from.iter().map(String::as_str).chain(more.iter().copied()).collect();
    desk.fetch(&arguments)
}

/// What may pass is tried again, and only that.
#[test]
fn trouble_that_passes() {
    let half = || fixture(NEW)[..1_000].to_vec();
    let faults: [(&str, Fault); 5] = [
        ("500", Box::new(|| Reply::status(500))),
        ("503", Box::new(|| Reply::status(503))),
        ("reset in the middle", Box::new(move || Reply::Reset(half()))),
        ("an end in the middle", Box::new(move || Reply::Short(half()))),
        ("closed at once", Box::new(|| Reply::Raw(Vec::new()))),
    ];
    for (name, fault) in faults {
        let server = failing(1, fault);
        let desk = Desk::with_old();
        let output = fetch(&desk, &server, &[]);
        assert!(output.status.success(), "{name}: {}", stderr(&output));
        assert_eq!(desk.kept().as_deref(), Some(NEW), "{name}");
        assert_eq!(server.asked().len(), 2, "{name}");
    }
}

#[test]
fn trouble_that_stays() {
    let half = || fixture(NEW)[..1_000].to_vec();
    let faults: [(&str, &str, usize, Fault); 7] = [
        ("answers 500", "fetch-failed", 2, Box::new(|| Reply::status(500))),
        ("answers 403", "fetch-failed", 1, Box::new(|| Reply::status(403))),
        ("answers 404", "fetch-failed", 1, Box::new(|| Reply::status(404))),
        ("broke off", "fetch-failed", 2, Box::new(move || Reply::Reset(half()))),
        ("broke off", "fetch-failed", 2, Box::new(move || Reply::Short(half()))),
        ("the file ends too early", "ranges-unreadable", 1, Box::new(move || Reply::file(half()))),
        ("broke", "fetch-failed", 2, Box::new(|| Reply::Raw(b"garbage\r\n\r\n".to_vec()))),
    ];
    for (words, code, tries, fault) in faults {
        let server = failing(usize::MAX, fault);
        let desk = Desk::with_old();
        let said = refused(&desk, &fetch(&desk, &server, &[]), code);
        assert!(said.contains(words), "{words}: {said}");
        assert_eq!(server.asked().len(), tries, "{words}: {said}");
    }
}

#[test]
fn an_endless_answer_is_cut_at_the_cap() {
    let server = failing(usize::MAX, || Reply::Endless);
    let desk = Desk::with_old();
    let said = refused(&desk, &fetch(&desk, &server, &["--max-size", "1000000"]), "fetch-too-large");
    assert!(said.contains("more than 1000000 bytes"), "{said}");
    assert_eq!(server.asked().len(), 1, "a second try would not be smaller");
    let sized = failing(usize::MAX, || Reply::file(fixture(NEW)));
    refused(&desk, &fetch(&desk, &sized, &["--max-size", "100"]), "fetch-too-large");
}

#[test]
fn a_slow_answer_is_taken_and_a_standing_one_given_up() {
    let slow = failing(usize::MAX, || Reply::Slow(fixture(NEW), 5, Duration::from_millis(100)));
    let desk = Desk::with_old();
    assert!(fetch(&desk, &slow, &[]).status.success());
    for (reply, more) in [
        (|| Reply::Silent, &["--retries", "0", "--read-timeout", "1"][..]),
        (|| Reply::Slow(fixture(NEW), 5, Duration::from_secs(3)), &["--retries", "0", "--read-timeout", "1"]),
        // Each part comes in time, all of them do not.
        (
            || Reply::Slow(fixture(NEW), 50, Duration::from_millis(200)),
            &["--retries", "0", "--max-time", "1"],
        ),
    ] as [(fn() -> Reply, &[&str]); 3]
    {
        let server = failing(usize::MAX, reply);
        let desk = Desk::with_old();
        let started = Instant::now();
        let from = from(&server);
        let arguments: Vec<&str> = ["fetch", "--cloud", "public"]
            .into_iter()
            .chain(from.iter().map(String::as_str))
            .chain(more.iter().copied())
            .collect();
        let output = desk.run(&arguments);
        let said = refused(&desk, &output, "fetch-failed");
        assert!(started.elapsed() < Duration::from_secs(3), "{said}");
        assert!(
            said.contains("in time") || said.contains("broke off") || said.contains("not complete after"),
            "{said}"
        );
    }
}

#[test]
fn packed_answers_are_unpacked_and_the_cap_holds_for_what_is_in_them() {
    let pack = |bytes: &[u8]| {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    };
    let packed =
        move |bytes: &[u8]| Reply::Whole(200, vec![("Content-Encoding", "gzip".to_owned())], pack(bytes));
    let server = failing(usize::MAX, move || packed(&fixture(NEW)));
    let desk = Desk::with_old();
    let output = fetch(&desk, &server, &[]);
    assert!(output.status.success(), "{}", stderr(&output));
    assert_eq!(desk.kept().as_deref(), Some(NEW));
    assert!(server.asked()[0].headers["accept-encoding"].contains("gzip"));
    let bomb = failing(usize::MAX, move || packed(&vec![b' '; 5_000_000]));
    let desk = Desk::with_old();
    refused(&desk, &fetch(&desk, &bomb, &["--max-size", "1000000"]), "fetch-too-large");
    // A weekly file of another cloud, an older one, one that lacks much.
    let server = failing(usize::MAX, || Reply::file(fixture("ServiceTags_AzureGovernment_20251103.json")));
    refused(&desk, &fetch(&desk, &server, &[]), "ranges-wrong-cloud");
}

#[test]
fn no_server_and_no_name() {
    let desk = Desk::with_old();
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let closed = listener.local_addr().unwrap();
    drop(listener);
    let said = refused(&desk, &desk.fetch(&["--from", &format!("http://{closed}/{NEW}")]), "fetch-failed");
    assert!(said.contains(&format!("no connection to {closed}")) && said.contains("tried 2 times"), "{said}");
    let said = refused(
        &desk,
        &desk.run(&[
            "fetch",
            "--cloud",
            "public",
            "--retries",
            "0",
            "--from",
            "https://no-such-host.invalid/x.json",
        ]),
        "fetch-failed",
    );
    assert!(said.contains("the name of no-such-host.invalid:443 cannot be resolved"), "{said}");
}

/// The second of two fetches says that it waits, and then finds the file unchanged.
#[test]
fn two_fetches_at_once() {
    let server = failing(usize::MAX, || Reply::Slow(fixture(NEW), 4, Duration::from_millis(200)));
    let desk = Desk::with_old();
    let from = from(&server);
    let arguments: Vec<&str> = ["fetch", "--cloud", "public", "--accept-shrink"]
        .into_iter()
        .chain(from.iter().map(String::as_str))
        .collect();
    let spawn = || {
        let mut command = desk.command(&arguments);
        command.stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::piped()).spawn().unwrap()
    };
    let first = spawn();
    while server.asked().is_empty() {
        std::thread::sleep(Duration::from_millis(10));
    }
    let second = spawn();
    let (first, second) = (first.wait_with_output().unwrap(), second.wait_with_output().unwrap());
    assert!(first.status.success() && second.status.success());
    assert!(stderr(&second).contains("another fetch works in ranges: waiting for it"), "{}", stderr(&second));
    assert!(stdout(&first).contains("replaces") && stdout(&second).contains("unchanged"));
    assert_eq!(desk.kept().as_deref(), Some(NEW));
}

/// One cloud that cannot be had does not leave the others stale.
#[test]
fn several_clouds() {
    let server = Server::start(|request| match request.target.as_str() {
        "/page" => {
            let host = &request.headers["host"];
            Reply::page(format!(r#"<a href="http://{host}/{NEW}">"#))
        }
        _ => Reply::file(fixture(NEW)),
    });
    let desk = Desk::with_old();
    let output = desk.run(&[
        "fetch",
        "--cloud",
        "us-government,public",
        "--accept-shrink",
        "--page-url",
        &server.url("/page"),
    ]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("error[link-missing]"), "{}", stderr(&output));
    assert!(stdout(&output).contains(&format!("{NEW}  change 376")), "{}", stdout(&output));
    assert_eq!(desk.kept().as_deref(), Some(NEW));
}
