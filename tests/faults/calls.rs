//! Every system call that a run makes fails once, by strace.

use std::fs;
use std::process::Command;

use crate::scene::{SCENES, Scene};

/// Calls that open, write, move and remove, with an error that each of them can end in.
const CALLS: &[(&str, &str)] = &[
    ("openat", "EMFILE"),
    ("openat", "EACCES"),
    ("write", "ENOSPC"),
    ("write", "EIO"),
    ("writev", "ENOSPC"),
    ("pwrite64", "ENOSPC"),
    ("rename", "EACCES"),
    ("renameat", "EACCES"),
    ("renameat2", "EIO"),
    ("link", "EPERM"),
    ("linkat", "EPERM"),
    ("unlink", "EACCES"),
    ("unlinkat", "EACCES"),
    ("mkdir", "ENOSPC"),
    ("mkdirat", "ENOSPC"),
    ("rmdir", "EBUSY"),
    ("fsync", "EIO"),
    ("fdatasync", "EIO"),
    ("ftruncate", "EIO"),
    ("fchmod", "EPERM"),
    ("flock", "ENOLCK"),
    ("copy_file_range", "ENOSPC"),
    ("read", "EIO"),
];

macro_rules! scenes {
    ($($test:ident: $name:literal,)*) => {$(
        #[test]
        #[ignore = "needs strace: tests/conformance/faults.sh"]
        fn $test() {
            every_call_fails_once(SCENES.iter().find(|scene| scene.name == $name).unwrap());
        }
    )*};
}

scenes! {
    of_generate: "generate",
    of_build: "build",
    of_fetch: "fetch",
    of_init: "init",
    of_validate: "validate --fix",
}

fn every_call_fails_once(scene: &Scene) {
    assert!(Command::new("strace").arg("--version").output().is_ok(), "install strace");
    let states = scene.states();
    for (call, error) in CALLS {
        let mut number = 1;
        while number < 400 {
            let desk = tempfile::tempdir().unwrap();
            scene.old(desk.path());
            let trace = desk.path().join("trace");
            let inject = format!("inject={call}:error={error}:when={number}");
            let before = [
                "strace",
                "-f",
                "-o",
                trace.to_str().unwrap(),
                "-e",
                &format!("trace={call}"),
                "-e",
                &inject,
            ];
            let output = scene.run(desk.path(), true, &before);
            if !fs::read_to_string(&trace).unwrap().contains("(INJECTED)") {
                break;
            }
            scene.judge(desk.path(), &states, &output, &format!("{error} of {call} {number}"));
            number += 1;
        }
        println!("{}, {call} {error}: {} failed one after the other", scene.name, number - 1);
    }
}
