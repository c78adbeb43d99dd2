//! What a new week of range files changes in artifacts that hold addresses in place of names: no line more than the
//! aggregated addresses themselves.
//!
//! Needs the files that Microsoft published, where a copy of them lies beside the checkout.

#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stderr, reason = "tests")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use portbook::address::Prefix;
use portbook::ranges::RangeFile;

/// Two hosts, both families, with addresses in place of names: the documents offer all ranges of Azure for them.
const SITE: &str = r#"
name: churn
cloud: public
scenarios: [cloud-sync, pass-through-authentication]
ip-fallback: documented
hosts:
  agents: {roles: [provisioning-agent], addresses: [10.20.0.11, 10.20.0.12, 10.20.0.13, "2001:db8::11"], zone: tier0}
  connect: {roles: [pta-agent, connect-server], addresses: [10.20.0.21, "2001:db8::21"], zone: tier0}
targets:
  - {target: palo-alto-set, between: [tier0, internet], output: edge.set, settings: {names: addresses}}
  - {target: palo-alto-xml, between: [tier0, internet], output: edge.xml, settings: {names: addresses}}
  - {target: windows-firewall, for: agents, output: agents.ps1, settings: {names: addresses}}
accept:
  - {code: any-azure-customer, because: "the subject of this test"}
  - {code: name-needs-address, because: "names that no range file covers"}
"#;

const OLD: &str = "ServiceTags_Public_20251013.json";
const NEW: &str = "ServiceTags_Public_20251028.json";

fn published() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/service-tags");
    if folder.join(OLD).is_file() && folder.join(NEW).is_file() {
        return Some(folder);
    }
    eprintln!("left out: no published files beside this checkout");
    None
}

/// The prefixes of a file as few as they can be.
fn aggregated(file: &Path) -> BTreeSet<Prefix> {
    let bytes = fs::read(file).unwrap();
    let name = file.file_name().unwrap().to_str().unwrap();
    RangeFile::parse(name, &bytes).unwrap().whole().unwrap().prefixes().collect()
}

fn build(ranges: &Path) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("portbook.yaml"), SITE).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_portbook"));
    command.env("SOURCE_DATE_EPOCH", "1761696000").current_dir(folder.path());
    let output = command.args(["build", "--quiet", "--ranges"]).arg(ranges).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    folder
}

/// How often each line stands in one text and not in the other.
fn only_in<'t>(text: &'t str, other: &str) -> Vec<&'t str> {
    let mut left: BTreeMap<&str, usize> = BTreeMap::new();
    other.lines().for_each(|line| *left.entry(line).or_default() += 1);
    let mut only = Vec::new();
    for line in text.lines() {
        match left.get_mut(line) {
            Some(count) if *count > 0 => *count -= 1,
            _ => only.push(line),
        }
    }
    only
}

/// What a line says of a prefix.
fn kind(line: &str) -> &'static str {
    let line = line.trim();
    let starts = |word: &str| line.starts_with(word);
    match () {
        () if starts("set address pb-") || starts("<ip-netmask>") => "address object",
        () if starts("<entry name=\"pb-") => "name of an address object",
        () if starts("set address-group ") || starts("<member>pb-") => "member of a group",
        () if starts("'") => "element of a list",
        () if line == "</entry>" => "end of an address object",
        () => "other",
    }
}

fn counted(lines: &[&str]) -> BTreeMap<&'static str, usize> {
    let mut kinds = BTreeMap::new();
    for line in lines {
        *kinds.entry(kind(line)).or_default() += 1;
    }
    kinds
}

#[test]
fn two_weeks_change_no_line_more_than_the_addresses_do() {
    let Some(published) = published() else { return };
    let (old, new) = (aggregated(&published.join(OLD)), aggregated(&published.join(NEW)));
    let (lost, gained) = (old.difference(&new).count(), new.difference(&old).count());
    assert!(lost > 0 && gained > 0, "the weeks differ: {lost} lost, {gained} gained");
    let (before, after) = (build(&published.join(OLD)), build(&published.join(NEW)));
    for artifact in ["edge.set", "edge.xml", "agents.ps1"] {
        let read = |folder: &tempfile::TempDir| fs::read_to_string(folder.path().join(artifact)).unwrap();
        let (before, after) = (read(&before), read(&after));
        for (only, most) in [(only_in(&before, &after), lost), (only_in(&after, &before), gained)] {
            let mut kinds = counted(&only);
            // The header names the range file.
            assert_eq!(kinds.remove("other"), Some(1), "{artifact}: {only:#?}");
            assert!(!kinds.is_empty(), "{artifact}: no prefix changed");
            for (kind, count) in kinds {
                assert!(count <= most, "{artifact}: {count} lines are an {kind}, {most} prefixes changed");
            }
        }
    }
}
