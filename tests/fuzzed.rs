//! The fuzz targets run on what is shipped.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// Name and version of every crate of a lock file.
fn locked(path: &str) -> BTreeSet<(String, String)> {
    let text = fs::read_to_string(Path::new(ROOT).join(path)).unwrap();
    let value = |line: &str, key: &str| line.strip_prefix(key).map(|rest| rest.trim_matches('"').to_owned());
    let mut crates = BTreeSet::new();
    let mut name = String::new();
    for line in text.lines() {
        if let Some(found) = value(line, "name = ") {
            name = found;
        } else if let Some(version) = value(line, "version = ") {
            crates.insert((name.clone(), version));
        }
    }
    crates
}

#[test]
fn the_fuzz_targets_use_the_versions_of_the_program() {
    let program = locked("Cargo.lock");
    let names: BTreeSet<&str> = program.iter().map(|(name, _)| name.as_str()).collect();
    let fuzzed = locked("fuzz/Cargo.lock");
    let shared = fuzzed.iter().filter(|(name, _)| names.contains(name.as_str()));
    assert!(shared.clone().count() > 80);
    let others: Vec<_> = shared.filter(|each| !program.contains(*each)).collect();
    // `cp Cargo.lock fuzz/Cargo.lock`, then `cargo metadata` in fuzz/ takes out what it does not need.
    assert!(others.is_empty(), "of another version: {others:?}");
}

#[test]
fn every_fuzz_target_is_run_and_has_seeds() {
    let manifest = fs::read_to_string(Path::new(ROOT).join("fuzz/Cargo.toml")).unwrap();
    let script = fs::read_to_string(Path::new(ROOT).join("tests/conformance/fuzz.sh")).unwrap();
    let mut files = BTreeSet::new();
    for entry in fs::read_dir(Path::new(ROOT).join("fuzz/fuzz_targets")).unwrap() {
        files.insert(entry.unwrap().path().file_stem().unwrap().to_str().unwrap().to_owned());
    }
    assert!(files.len() >= 12, "{files:?}");
    for name in files {
        assert!(
            manifest.contains(&format!("name = \"{name}\"\npath = \"fuzz_targets/{name}.rs\"")),
            "{name}"
        );
        assert!(script.contains(&format!("        {name}) ")), "{name} has no seeds");
    }
}
