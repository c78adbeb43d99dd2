//! Writing: nothing half-written, whatever the file system does; and input files that are not what they should be.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "tests"
)]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

fn generate(targets: &str, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_portbook"));
    command.args(["generate", "cloud-sync", "--cloud", "public", "--quiet", "--target", targets]);
    command.args(["--address", "provisioning-agent=10.20.0.11"]).args(arguments).output().unwrap()
}

fn errors(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn files(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[test]
fn a_second_run_writes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().to_str().unwrap();
    assert_eq!(generate("csv,json", &["-o", out]).status.code(), Some(0));
    let before = fs::metadata(folder.path().join("rules.json")).unwrap().modified().unwrap();
    assert_eq!(generate("csv,json", &["-o", out]).status.code(), Some(0));
    assert_eq!(fs::metadata(folder.path().join("rules.json")).unwrap().modified().unwrap(), before);
    assert_eq!(files(folder.path()), ["change-request.csv", "rules.json"], "no staged file is left behind");
}

#[test]
fn one_file_that_cannot_be_replaced_leaves_all_as_they_are() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("change-request.csv"), "old").unwrap();
    fs::create_dir(folder.path().join("rules.json")).unwrap();
    let output = generate("csv,json", &["-o", folder.path().to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(2));
    assert!(errors(&output).contains("error[cannot-write]: cannot write"), "{}", errors(&output));
    assert_eq!(fs::read_to_string(folder.path().join("change-request.csv")).unwrap(), "old");
    assert_eq!(files(folder.path()), ["change-request.csv", "rules.json"]);
}

#[test]
fn a_folder_that_is_a_file_is_named() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let output = generate("csv", &["-o", file.path().to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(2));
    assert!(errors(&output).contains(file.path().to_str().unwrap()), "{}", errors(&output));
}

/// A small tmpfs stands for a full disk; where none can be mounted there is nothing to test with.
#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_leaves_the_old_files() {
    let folder = tempfile::tempdir().unwrap();
    let mount =
        Command::new("mount").args(["-t", "tmpfs", "-o", "size=8k", "tmpfs"]).arg(folder.path()).output();
    if !mount.is_ok_and(|output| output.status.success()) {
        eprintln!("no tmpfs can be mounted here: left out");
        return;
    }
    fs::write(folder.path().join("rules.json"), "old").unwrap();
    let output = generate("json,csv", &["-o", folder.path().to_str().unwrap()]);
    let (old, left) = (fs::read_to_string(folder.path().join("rules.json")), files(folder.path()));
    Command::new("umount").arg(folder.path()).status().unwrap();
    assert_eq!(output.status.code(), Some(2), "{}", errors(&output));
    assert!(errors(&output).contains("error[cannot-write]"), "{}", errors(&output));
    assert_eq!(old.unwrap(), "old");
    assert_eq!(left, ["rules.json"]);
}

#[test]
fn what_is_no_range_file_writes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let whole = r#"{"changeNumber": 1, "cloud": "Public", "values": []}"#;
    let cases = [
        ("truncated.json", &whole[..30], "ranges-unreadable"),
        ("foreign.json", r#"{"name": "x"}"#, "ranges-unreadable"),
        ("page.json", "<!DOCTYPE html><html></html>", "ranges-unreadable"),
        ("moon.json", r#"{"changeNumber": 1, "cloud": "Moon", "values": []}"#, "ranges-wrong-cloud"),
    ];
    for (name, text, code) in cases {
        let path = folder.path().join(name);
        fs::write(&path, text).unwrap();
        let out = folder.path().join("out");
        let output = generate("csv", &["--ranges", path.to_str().unwrap(), "-o", out.to_str().unwrap()]);
        assert_eq!(output.status.code(), Some(2), "{name}");
        assert!(errors(&output).contains(&format!("error[{code}]")), "{name}: {}", errors(&output));
        assert!(!out.exists(), "{name}");
    }
    let missing = generate("csv", &["--ranges", "no-such-file.json"]);
    assert_eq!(missing.status.code(), Some(2));
    assert!(
        errors(&missing).contains("error[cannot-read]: cannot read no-such-file.json"),
        "{}",
        errors(&missing)
    );
}

#[cfg(unix)]
#[test]
fn a_closed_pipe_is_success() {
    use std::process::Stdio;
    let mut child = Command::new(env!("CARGO_BIN_EXE_portbook"))
        .args(["show", "--all", "--format", "csv"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), errors(&output).as_str()), (Some(0), ""));
}
