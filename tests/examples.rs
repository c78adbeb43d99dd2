//! The examples of site files: what is committed is what they build, and what they expect holds.
//!
//! `SNAPSHOTS=overwrite cargo test` builds them again.

#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

mod snapshot;

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::process::{Command, Output};

use portbook::manifest::{FILE, Manifest};

use snapshot::{overwrite, project, read};

/// The folders of examples that have a site file.
const SITE_FILES: [&str; 1] = ["contoso"];

fn folder(example: &str) -> PathBuf {
    project().join("examples").join(example)
}

/// The program beside the site file, on 26 November 2025.
fn portbook(example: &str, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_portbook"));
    command.env("SOURCE_DATE_EPOCH", "1764115200").env("NO_COLOR", "1");
    command.current_dir(folder(example)).args(arguments).output().unwrap()
}

fn assert_fine(output: &Output) {
    let told =
        format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{told}");
}

#[test]
fn committed_outputs_are_what_the_examples_build() {
    for example in SITE_FILES {
        if overwrite() {
            assert_fine(&portbook(example, &["build"]));
        }
        assert_fine(&portbook(example, &["build", "--check"]));
    }
}

#[test]
fn expectations_of_the_examples_hold() {
    for example in SITE_FILES {
        assert_fine(&portbook(example, &["test"]));
    }
}

/// A file that no manifest knows would be taken for an output and never be looked at.
#[test]
fn every_committed_file_is_an_output_or_a_source() {
    for example in SITE_FILES {
        let files = read(&folder(example));
        let mut known: BTreeSet<String> = ["portbook.yaml".to_owned()].into();
        for (path, bytes) in files.iter().filter(|(path, _)| path.ends_with(FILE)) {
            let manifest = Manifest::parse(path, std::str::from_utf8(bytes).unwrap()).unwrap();
            let site = path.strip_suffix(FILE).unwrap();
            known.insert(path.clone());
            known.extend(manifest.files().map(|file| format!("{site}{}", file.path)));
        }
        let found: BTreeSet<String> = files.into_keys().collect();
        assert_eq!(found, known, "{example}: found (left), known to a manifest (right)");
    }
}

/// The company of the issue: what makes the example worth reading is in it, and nothing warns but doubtful hosts.
#[test]
fn the_company_warns_of_documents_only() {
    let output = portbook("contoso", &["build", "--check"]);
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    let codes: BTreeSet<&str> =
        told.lines().filter_map(|line| line.strip_prefix("warning[")?.split(']').next()).collect();
    assert_eq!(codes, BTreeSet::from(["doubtful-host"]), "{told}");
}

#[test]
fn the_readme_links_every_example() {
    let readme = std::fs::read_to_string(project().join("README.md")).unwrap();
    for entry in std::fs::read_dir(project().join("examples")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        assert!(readme.contains(&format!("](examples/{name}")), "README.md does not link examples/{name}");
    }
}
