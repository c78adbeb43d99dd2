//! What the files of CI name of the command line is there.

use std::collections::BTreeSet;
use std::process::Command;

use super::stage::text;

const FILES: &[&str] = &[
    "action.yml",
    "action/run.sh",
    "examples/ci/github-review.yml",
    "examples/ci/github-weekly.yml",
    "examples/ci/gitlab-ci.yml",
    "examples/ci/pre-commit",
    ".pre-commit-hooks.yaml",
    "docs/ci.md",
];

/// Subcommands with the flags that stand behind them on a line.
fn named() -> BTreeSet<(String, String)> {
    let mut named = BTreeSet::new();
    for file in FILES {
        let mut text = text(file).replace("\"$portbook\"", "portbook");
        // How action/run.sh calls it, and the flags that it puts together.
        for start in ["run build", "flags=(", "flags+=("] {
            text = text.replace(start, "portbook build ");
        }
        for line in text.lines() {
            for call in line.split("portbook ").skip(1) {
                let end = call.find(['`', '|', ';', '>', ')']).unwrap_or(call.len());
                let mut words = call[..end].split([' ', '"', '[', ']', '(']).filter(|word| !word.is_empty());
                let Some(command) = words.next().filter(|word| word.chars().all(|c| c.is_ascii_lowercase()))
                else {
                    continue;
                };
                named.insert((command.to_owned(), String::new()));
                for flag in words.filter(|word| word.starts_with("--") && word.len() > 2) {
                    let flag = flag.trim_end_matches(['.', ',', ':']).split('=').next().unwrap_or(flag);
                    named.insert((command.to_owned(), flag.to_owned()));
                }
            }
        }
    }
    named
}

/// The words behind `portbook` in prose that are no subcommand.
const PROSE: &[&str] = &["could", "that", "portbook"];

#[test]
fn the_files_name_commands_and_flags() {
    let named = named();
    for (command, flag) in [
        ("build", "--check"),
        ("build", "--shard"),
        ("build", "--ranges-dir"),
        ("build", "--site"),
        ("build", "--strict"),
        ("diff", "--auto-merge"),
        ("diff", "--format"),
        ("fetch", "--cloud"),
        ("test", ""),
        ("validate", ""),
    ] {
        assert!(named.contains(&(command.to_owned(), flag.to_owned())), "{command} {flag}: {named:?}");
    }
}

#[test]
fn commands_and_flags_are_in_the_help() {
    for (command, flag) in named() {
        let help = Command::new(env!("CARGO_BIN_EXE_portbook")).args([&command, "--help"]).output().unwrap();
        if PROSE.contains(&command.as_str()) && flag.is_empty() {
            continue;
        }
        assert!(help.status.success(), "there is no `portbook {command}`");
        let help = String::from_utf8(help.stdout).unwrap();
        let known = help.split([' ', ',', '\n', '[', ']', '=', '<']).any(|word| word == flag);
        assert!(flag.is_empty() || known, "`portbook {command}` has no {flag}");
    }
}
