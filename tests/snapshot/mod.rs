//! Committed files that a test makes again and compares byte for byte; `SNAPSHOTS=overwrite cargo test` writes them.
//!
//! These are not insta's binary snapshots: those have a `.snap` file with metadata beside each file, are named after
//! it (`portbook.snap.conf`) and keep no folders, so that no program would find in them what it finds at a user's.

#![allow(dead_code, reason = "each test file uses a part")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "only tests use it")]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

/// Files by their path below some folder, with `/` on every system.
pub(crate) type Files = BTreeMap<String, Vec<u8>>;

pub(crate) fn project() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

pub(crate) fn overwrite() -> bool {
    std::env::var_os("SNAPSHOTS").is_some_and(|value| value == "overwrite")
}

/// All files below `folder`; none if it is not there.
pub(crate) fn read(folder: &Path) -> Files {
    let mut files = Files::new();
    if folder.is_dir() {
        collect(folder, "", &mut files);
    }
    files
}

fn collect(folder: &Path, prefix: &str, files: &mut Files) {
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let name = format!("{prefix}{}", entry.file_name().to_str().unwrap());
        if entry.file_type().unwrap().is_dir() {
            collect(&entry.path(), &format!("{name}/"), files);
        } else {
            files.insert(name, fs::read(entry.path()).unwrap());
        }
    }
}

/// Compares `actual` with `committed`, both of them files of `folder` (a path in the project); nothing may be missing or left over.
pub(crate) fn check(folder: &str, actual: &Files, committed: &Files) {
    if overwrite() {
        return write(&project().join(folder), actual, committed);
    }
    let mut report = String::new();
    for name in committed.keys().filter(|name| !actual.contains_key(*name)) {
        let _ = writeln!(report, "left over: {folder}/{name}");
    }
    for (name, bytes) in actual {
        match committed.get(name) {
            None => drop(writeln!(report, "missing: {folder}/{name}")),
            Some(old) if old != bytes => drop(writeln!(report, "{}", difference(folder, name, old, bytes))),
            Some(_) => {}
        }
    }
    assert!(report.is_empty(), "{report}`SNAPSHOTS=overwrite cargo test` accepts this; git shows it\n");
}

/// One file of the project.
pub(crate) fn check_file(path: &str, actual: &str) {
    let (folder, name) = path.rsplit_once('/').unwrap();
    let committed = fs::read(project().join(path)).map(|bytes| (name.to_owned(), bytes));
    let actual = Files::from([(name.to_owned(), actual.as_bytes().to_vec())]);
    check(folder, &actual, &committed.into_iter().collect());
}

fn write(folder: &Path, actual: &Files, committed: &Files) {
    for name in committed.keys().filter(|name| !actual.contains_key(*name)) {
        let path = folder.join(name);
        fs::remove_file(&path).unwrap();
        // The folders that it leaves empty go too; the first that is not empty stays.
        path.ancestors().skip(1).take_while(|parent| fs::remove_dir(parent).is_ok()).for_each(drop);
    }
    for (name, bytes) in actual.iter().filter(|(name, bytes)| committed.get(*name) != Some(*bytes)) {
        let path = folder.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
}

const SHOWN: usize = 8;

fn difference(folder: &str, name: &str, old: &[u8], new: &[u8]) -> String {
    let (old, new) = (text(old), text(new));
    let (old, new): (Vec<&str>, Vec<&str>) = (old.lines().collect(), new.lines().collect());
    let gone = old.iter().filter(|line| !new.contains(line)).map(|line| format!("  - {line}"));
    let come = new.iter().filter(|line| !old.contains(line)).map(|line| format!("  + {line}"));
    let mut lines = vec![format!("differs: {folder}/{name}")];
    lines.extend(gone.take(SHOWN));
    lines.extend(come.take(SHOWN));
    if lines.len() == 1 {
        lines.push("  the same lines in another order, or with other line ends".to_owned());
    }
    lines.join("\n")
}

/// For a person: UTF-16 with its mark as text, anything else as UTF-8.
fn text(bytes: &[u8]) -> String {
    let Some(rest) = bytes.strip_prefix(b"\xff\xfe") else {
        return String::from_utf8_lossy(bytes).into_owned();
    };
    let units: Vec<u16> = rest
        .chunks(2)
        .map(|pair| pair.iter().rev().fold(0, |unit, byte| unit << 8 | u16::from(*byte)))
        .collect();
    String::from_utf16_lossy(&units)
}
