//! The lock and the kept files.

use std::fs;
use std::path::Path;

use portbook::finding::Code;
use portbook::ranges::store::{Guard, Incoming, LOCK_FILE, Lock, Store, replace, sha256};

use crate::{fixture, portbook, stderr, stdout};

const NEW: &str = "ServiceTags_Public_20251103.json";
const OLD: &str = "ServiceTags_Public_20251028.json";

fn fetch(folder: &Path, arguments: &[&str]) -> std::process::Output {
    portbook(folder, &[&["fetch", "--cloud", "public"], arguments].concat())
}

fn from(name: &str) -> String {
    fixture(name).display().to_string()
}

#[test]
fn the_digest_is_that_of_sha256sum() {
    assert_eq!(sha256(b"abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

#[test]
fn a_lock_is_read_strictly() {
    let entry = r#"{"cloud": "Public", "file": "a.json", "url": null, "sha256": "00", "bytes": 1, "change_number": 1, "date": "2025-11-03"}"#;
    let lock = |format: &str, entries: &str| format!(r#"{{"format": "{format}", "ranges": [{entries}]}}"#);
    let code = |text: &str| Lock::parse("portbook.lock", text).err().map(|finding| finding.code);
    let whole = lock("portbook-lock/1", entry);
    let read = Lock::parse("portbook.lock", &whole).unwrap();
    assert_eq!(Lock::parse("portbook.lock", &read.to_text().unwrap()).unwrap(), read);
    assert_eq!(code(&lock("portbook-lock/2", entry)), Some(Code::LockNewerFormat));
    assert_eq!(code("{"), Some(Code::LockUnreadable));
    assert_eq!(code(&whole.replace("\"bytes\"", "\"size\"")), Some(Code::LockUnreadable));
    assert_eq!(
        code(&lock("portbook-lock/1", &format!("{entry}, {entry}"))),
        Some(Code::LockUnreadable),
        "two files of a cloud"
    );
    for file in ["../a.json", "/etc/passwd", "a/b.json", "..", ".portbook.guard", "", "a\\\\b"] {
        let led_out = whole.replace("a.json", file);
        assert_eq!(code(&led_out), Some(Code::LockUnreadable), "{file} leads out of the folder");
    }
}

#[test]
fn a_fetched_file_is_used_by_itself_and_only_as_it_was_locked() {
    let folder = tempfile::tempdir().unwrap();
    let output = fetch(folder.path(), &["--from", &from(NEW)]);
    assert!(output.status.success(), "{}", stderr(&output));
    let kept = folder.path().join("ranges").join(NEW);
    assert_eq!(fs::read(&kept).unwrap(), fs::read(fixture(NEW)).unwrap());
    let generate = |more: &[&str]| {
        let flags = [
            "generate",
            "cloud-sync",
            "--cloud",
            "public",
            "--target",
            "windows-registry",
            "--ip-fallback",
            "documented",
            "--accept",
            "any-azure-customer,name-needs-address",
            "--address",
            "provisioning-agent=10.0.0.1",
            "-o",
            "out",
        ];
        portbook(folder.path(), &[&flags, more].concat())
    };
    let output = generate(&[]);
    assert!(output.status.success(), "{}", stderr(&output));
    let undo = fs::read(folder.path().join("out/windows/provisioning-agent.reg")).unwrap();
    let text: String = undo[2..].chunks(2).map(|unit| char::from(unit[0])).collect();
    assert!(
        text.contains("203.0.113.0-203.0.113.127")
            || text.contains("203.0.113.0/255.255.255.128")
            || text.contains("203.0.113.0/25"),
        "{text}"
    );
    let lookup = portbook(folder.path(), &["explain", "203.0.113.9"]);
    assert!(stdout(&lookup).contains("ServiceBus"), "{}", stdout(&lookup));

    fs::write(&kept, fs::read_to_string(&kept).unwrap().replace("203.0.113.0/25", "203.0.113.0/24")).unwrap();
    let output = generate(&[]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("error[ranges-not-locked]"), "{}", stderr(&output));
    let output = generate(&["--ranges", kept.to_str().unwrap()]);
    assert!(output.status.success(), "a file that is named is used as it is: {}", stderr(&output));
    let output = fetch(folder.path(), &["--from", &from(NEW)]);
    assert!(stdout(&output).contains("restored"), "{}{}", stdout(&output), stderr(&output));
    assert!(generate(&[]).status.success());
    fs::remove_file(&kept).unwrap();
    let output = generate(&[]);
    assert!(stderr(&output).contains("error[cannot-read]") && stderr(&output).contains("portbook fetch"));
}

#[test]
fn a_new_file_takes_the_place_of_the_old_one() {
    let folder = tempfile::tempdir().unwrap();
    let files = || {
        let mut names: Vec<String> = fs::read_dir(folder.path().join("ranges"))
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .filter(|name| !name.starts_with('.'))
            .collect();
        names.sort();
        names
    };
    assert!(stdout(&fetch(folder.path(), &["--from", &from(OLD)])).contains("new"));
    assert_eq!(files(), [OLD, LOCK_FILE]);
    let refused = fetch(folder.path(), &["--from", &from(NEW)]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(stderr(&refused).contains("error[ranges-shrunk]"), "{}", stderr(&refused));
    assert_eq!(files(), [OLD, LOCK_FILE]);
    let output = fetch(folder.path(), &["--from", &from(NEW), "--accept-shrink", "--exit-code"]);
    assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
    assert_eq!(files(), [NEW, LOCK_FILE]);
    let output = fetch(folder.path(), &["--from", &from(NEW), "--exit-code"]);
    assert_eq!((output.status.code(), stdout(&output).contains("unchanged")), (Some(0), true));
    let lock = fs::read(folder.path().join("ranges").join(LOCK_FILE)).unwrap();
    let output = fetch(folder.path(), &["--from", &from(OLD)]);
    assert!(stderr(&output).contains("error[ranges-older]"), "{}", stderr(&output));
    assert_eq!(fs::read(folder.path().join("ranges").join(LOCK_FILE)).unwrap(), lock);
    let output = fetch(
        folder.path(),
        &["--from", &from(OLD), "--accept-older", "--accept-shrink", "--format", "json"],
    );
    let told: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((&told["status"], &told["locked"]["file"]), (&"updated".into(), &OLD.into()));
    assert_eq!(told["catalog_tags"], serde_json::json!(["AzureActiveDirectory", "ServiceBus"]));
}

/// The lock of a hand, or of another cloud, does not make a file one of the cloud.
#[test]
fn a_lock_that_calls_a_file_by_another_cloud() {
    let folder = tempfile::tempdir().unwrap();
    let gov = from("ServiceTags_AzureGovernment_20251103.json");
    assert!(portbook(folder.path(), &["fetch", "--cloud", "us-government", "--from", &gov]).status.success());
    let lock = folder.path().join("ranges").join(LOCK_FILE);
    fs::write(&lock, fs::read_to_string(&lock).unwrap().replacen("\"AzureGovernment\"", "\"Public\"", 1))
        .unwrap();
    for arguments in [&["ranges", "show", "AzureActiveDirectory"][..], &["explain", "192.0.2.129"]] {
        let output = portbook(folder.path(), arguments);
        assert_eq!((output.status.code(), stdout(&output).as_str()), (Some(2), ""));
        assert!(stderr(&output).contains("error[ranges-wrong-cloud]"), "{}", stderr(&output));
    }
}

/// What is damaged cannot bound what is lost, and the lock still tells how old it is.
#[test]
fn a_damaged_file_keeps_its_guards() {
    let folder = tempfile::tempdir().unwrap();
    assert!(fetch(folder.path(), &["--from", &from(NEW)]).status.success());
    let kept = folder.path().join("ranges").join(NEW);
    fs::write(&kept, "damaged").unwrap();
    let said = stderr(&fetch(folder.path(), &["--from", &from(OLD)]));
    assert!(said.contains("error[ranges-older]") && said.contains("error[ranges-shrunk]"), "{said}");
    assert!(said.contains("nobody can tell"), "{said}");
    assert_eq!(fs::read_to_string(&kept).unwrap(), "damaged");
    let output = fetch(folder.path(), &["--from", &from(NEW)]);
    assert!(stdout(&output).contains("restored"), "{}", stderr(&output));
}

#[test]
fn a_date_in_the_future_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let ahead = folder.path().join("ServiceTags_Public_20991231.json");
    fs::copy(fixture(NEW), &ahead).unwrap();
    let output = fetch(folder.path(), &["--from", ahead.to_str().unwrap()]);
    assert!(stderr(&output).contains("error[ranges-ahead]"), "{}", stderr(&output));
    assert!(!folder.path().join("ranges").join(LOCK_FILE).exists());
}

/// The same content under a newer name is no new file, and not stale either.
#[test]
fn the_same_content_with_a_newer_date() {
    let folder = tempfile::tempdir().unwrap();
    let undated = folder.path().join("latest.json");
    fs::copy(fixture(NEW), &undated).unwrap();
    assert!(fetch(folder.path(), &["--from", undated.to_str().unwrap()]).status.success());
    let said = stderr(&portbook(folder.path(), &["explain", "203.0.113.9"]));
    assert!(said.contains("warning[ranges-stale]") && said.contains("it has no date"), "{said}");
    let output = fetch(folder.path(), &["--from", &from(NEW), "--exit-code"]);
    assert_eq!((output.status.code(), stdout(&output).contains("unchanged")), (Some(0), true));
    assert_eq!(stderr(&portbook(folder.path(), &["explain", "203.0.113.9"])), "");
}

#[test]
fn the_cap_holds_for_files_at_hand() {
    let folder = tempfile::tempdir().unwrap();
    let output = fetch(folder.path(), &["--from", &from(NEW), "--max-size", "100"]);
    assert!(stderr(&output).contains("error[fetch-too-large]"), "{}", stderr(&output));
}

/// A file that the lock names is never overwritten, even when the same name is published again with other content.
#[test]
fn the_same_name_with_other_content_gets_a_name_of_its_own() {
    let folder = tempfile::tempdir().unwrap();
    let guard = Guard::take(folder.path(), || {}).unwrap();
    let mut store = Store::open(folder.path()).unwrap();
    let mut put = |bytes: &[u8]| {
        let incoming = Incoming {
            bytes,
            cloud: "Public",
            name: NEW,
            url: None,
            change_number: Some(1),
            date: portbook::ranges::date::date_in_name(NEW),
            etag: None,
            last_modified: None,
        };
        replace(&mut store, &guard, incoming).unwrap().file
    };
    assert_eq!(put(b"one"), NEW);
    let second = put(b"two");
    assert_ne!(second, NEW);
    assert!(!folder.path().join(NEW).exists(), "the replaced file is gone");
    assert_eq!(fs::read(folder.path().join(&second)).unwrap(), b"two");
    fs::write(folder.path().join(&second), "edited").unwrap();
    put(b"three");
    assert_eq!(
        fs::read_to_string(folder.path().join(&second)).unwrap(),
        "edited",
        "what somebody edited is not removed"
    );
}

#[test]
fn a_folder_that_is_a_file_is_named() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("ranges"), "a file").unwrap();
    let output = fetch(folder.path(), &["--from", &from(NEW)]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("error[cannot-read]: cannot read ranges/"), "{}", stderr(&output));
}

/// A small tmpfs stands for a full disk; where none can be mounted there is nothing to test with.
#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_leaves_the_old_file_and_lock() {
    let folder = tempfile::tempdir().unwrap();
    let ranges = folder.path().join("ranges");
    fs::create_dir(&ranges).unwrap();
    let mount = std::process::Command::new("mount")
        .args(["-t", "tmpfs", "-o", "size=16k", "tmpfs"])
        .arg(&ranges)
        .output();
    if !mount.is_ok_and(|output| output.status.success()) {
        eprintln!("no tmpfs can be mounted here: left out");
        return;
    }
    let kept = fetch(folder.path(), &["--from", &from(OLD)]);
    let lock = fs::read(ranges.join(LOCK_FILE));
    // Fills what is left.
    let _ = fs::write(ranges.join("filler"), vec![0; 16 << 10]);
    let refused = fetch(folder.path(), &["--from", &from(NEW), "--accept-shrink"]);
    let after = (fs::read(ranges.join(LOCK_FILE)), fs::read(ranges.join(OLD)));
    std::process::Command::new("umount").arg(&ranges).status().unwrap();
    assert!(kept.status.success(), "{}", stderr(&kept));
    assert_eq!(refused.status.code(), Some(2), "{}", stderr(&refused));
    assert!(stderr(&refused).contains("error[cannot-write]"), "{}", stderr(&refused));
    assert_eq!((after.0.unwrap(), after.1.unwrap()), (lock.unwrap(), fs::read(fixture(OLD)).unwrap()));
}

#[test]
fn old_files_are_a_warning_with_their_age() {
    let folder = tempfile::tempdir().unwrap();
    fetch(folder.path(), &["--from", &from(NEW)]);
    let output = portbook(folder.path(), &["explain", "203.0.113.9"]);
    assert_eq!(stderr(&output), "", "one day old");
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_portbook"));
    // 2025-11-11
    command
        .env("SOURCE_DATE_EPOCH", "1762819200")
        .current_dir(folder.path())
        .args(["explain", "203.0.113.9"]);
    let said = stderr(&command.output().unwrap());
    assert!(
        said.starts_with("warning[ranges-stale]: ServiceTags_Public_20251103.json is 8 days old"),
        "{said}"
    );
}
