//! Reference artifacts: what the program writes for every target in fixed cases, as raw files below `snapshots/`.
//!
//! `snapshots/<target>/<case>/` holds the files as a user gets them; a run that is refused has `refused.txt` there, which also
//! follows the next steps until they work. After an intended change: `SNAPSHOTS=overwrite cargo test`, then read the difference.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

mod cases;
mod follow;
mod losses;
mod run;
#[path = "../snapshot/mod.rs"]
mod snapshot;

use std::process::Command;
use std::sync::Mutex;

use cases::DEAD_ENDS;
use follow::{Journey, follow};
use run::{Desk, Job};
use snapshot::{Files, check, overwrite, project, read};

/// Folders of `snapshots/` that other tests look after.
const OTHERS: [&str; 6] = ["catalog/", "diff/", "findings/", "html/", "messages/", "prerequisites/"];

fn committed() -> Files {
    let mut files = read(&project().join("snapshots"));
    files.retain(|name, _| !OTHERS.iter().any(|other| name.starts_with(other)));
    files
}

#[test]
fn artifacts_are_the_committed_ones() {
    let (jobs, files) = (Mutex::new(Job::all()), Mutex::new(Files::new()));
    let failures = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                let desk = Desk::new();
                while let Some(job) = take(&jobs) {
                    match produce(&desk, &job) {
                        Ok(made) => files.lock().unwrap().extend(made),
                        Err(why) => {
                            failures.lock().unwrap().push(format!("{}/{}: {why}", job.target, job.name));
                        }
                    }
                }
            });
        }
    });
    let failures = failures.into_inner().unwrap();
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    check("snapshots", &files.into_inner().unwrap(), &committed());
}

fn take(jobs: &Mutex<Vec<Job>>) -> Option<Job> {
    jobs.lock().unwrap().pop()
}

/// The files of one run, or its refusal and what came of following it.
fn produce(desk: &Desk, job: &Job) -> Result<Files, String> {
    let run = desk.run(&job.words());
    let place = |path: &str| format!("{}/{}/{path}", job.target, job.name);
    match run.exit {
        0 if run.artifacts.is_empty() => return Err(format!("nothing written\n{}", run.talk)),
        0 => return Ok(run.artifacts.into_iter().map(|(path, bytes)| (place(&path), bytes)).collect()),
        3 if run.artifacts.is_empty() && run.talk.contains("\n  help: ") => {}
        exit => return Err(format!("exit {exit}\n{}", run.talk)),
    }
    let Journey { transcript, exit } = follow(desk, job.case, job.words(), run);
    let hopeless = DEAD_ENDS.contains(&(job.target, job.name.as_str()));
    if (exit == 0) == hopeless {
        return Err(format!("the next steps end in exit {exit}\n{transcript}"));
    }
    Ok(Files::from([(place("refused.txt"), transcript.into_bytes())]))
}

/// The same inputs give the same bytes: nothing depends on the folder, the time or the order of a hash.
#[test]
fn a_second_run_gives_the_same_bytes() {
    for job in Job::all().into_iter().filter(|job| job.name == "ad-fs-public") {
        let runs = [Desk::new(), Desk::new()].map(|desk| desk.run(&job.words()));
        let [first, second] = runs.map(|run| (run.exit, run.talk, run.artifacts));
        assert!(first == second, "{} differs", job.target);
    }
}

/// Runs only where a Squid is installed.
#[test]
fn squid_reads_every_artifact_without_a_word() {
    if overwrite() {
        return; // The files are being written; the next run reads them.
    }
    let names = ["squid", "/usr/sbin/squid"];
    let Some((squid, version)) =
        names.into_iter().find_map(|name| Some((name, Command::new(name).arg("-v").output().ok()?)))
    else {
        return;
    };
    let knows_server_name = String::from_utf8_lossy(&version.stdout).contains("--with-openssl");
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("squid.conf");
    let mut read = 0;
    for (name, bytes) in committed() {
        if !name.starts_with("squid/") || !name.ends_with("/portbook.conf") {
            continue;
        }
        let mut text = String::from_utf8(bytes).unwrap();
        if text.contains("ssl::server_name") && !knows_server_name {
            continue;
        }
        // A fragment joins a policy that ends so; a policy of its own ends so by itself.
        if !text.ends_with("http_access deny all\n") {
            text.push_str("http_access deny all\n");
        }
        std::fs::write(&config, text).unwrap();
        let output = Command::new(squid).args(["-k", "parse", "-f"]).arg(&config).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        let bad = ["WARNING", "ERROR", "FATAL", "NOTICE", "Bungled", "unrecognized"];
        assert!(output.status.success() && !bad.iter().any(|word| said.contains(word)), "{name}: {said}");
        read += 1;
    }
    assert!(read >= 3, "only {read} artifacts");
}
