//! "Add an edition in ten minutes" of CONTRIBUTING.md, walked with a made-up edition: its commands as printed.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn root(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// The commands of the section, in their order.
fn commands() -> Vec<String> {
    let text = fs::read_to_string(root("CONTRIBUTING.md")).unwrap();
    let section = text.split("\n## Add an edition in ten minutes\n").nth(1).unwrap();
    let section = section.split("\n## ").next().unwrap();
    let blocks = section.split("```").skip(1).step_by(2).map(str::to_owned);
    blocks
        .flat_map(|block| block.lines().map(|line| line.trim().to_owned()).collect::<Vec<_>>())
        .filter(|line| !line.is_empty())
        .collect()
}

fn run(folder: &Path, command: &str) -> Output {
    let (program, arguments) = command.split_once(' ').unwrap();
    let arguments: Vec<&str> = arguments.split(' ').collect();
    match (program, arguments.as_slice()) {
        ("portbook", arguments) => {
            Command::new(env!("CARGO_BIN_EXE_portbook")).current_dir(folder).args(arguments).output().unwrap()
        }
        ("cp", [from, to]) => {
            assert!(!folder.join(to).exists(), "the example adds an edition that is there already: {to}");
            fs::copy(folder.join(from), folder.join(to)).unwrap();
            Command::new(env!("CARGO_BIN_EXE_portbook")).arg("--version").output().unwrap()
        }
        _ => panic!("the test cannot run `{command}`"),
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let to = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy(&path, &to);
        } else {
            fs::copy(&path, &to).unwrap();
        }
    }
}

fn said(output: &Output) -> (String, String) {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    (text(&output.stdout), text(&output.stderr))
}

#[test]
fn the_guide_leads_to_an_edition() {
    let desk = tempfile::tempdir().unwrap();
    let folder = desk.path();
    copy(&root("catalog"), &folder.join("catalog"));
    let commands = commands();
    let [list, cp, validate, diff] = commands.as_slice() else {
        panic!("the guide has other commands than this test follows: {commands:?}");
    };
    // 1. The newest edition is the one that is copied.
    let (editions, _) = said(&run(folder, list));
    let mut words = cp.split_whitespace().skip(1);
    let (old, new) = (words.next().unwrap(), folder.join(words.next().unwrap()));
    let (document, date) = old.strip_prefix("catalog/documents/").unwrap().split_once('/').unwrap();
    let newest = editions.lines().rfind(|line| line.starts_with(&format!("{document} "))).unwrap();
    assert!(newest.contains(date.trim_end_matches(".yaml")), "the guide copies {old}; {newest}");
    run(folder, cp);
    // What is forgotten is said: the text still carries its old date, and nobody decided about the apex.
    let text = fs::read_to_string(&new).unwrap();
    let (old_date, new_date) = (date.trim_end_matches(".yaml"), new.file_stem().unwrap().to_str().unwrap());
    let first = text.find("- {host: ").unwrap();
    let indentation = " ".repeat(first - text[..first].rfind('\n').unwrap() - 1);
    let mut edited = text.clone();
    edited.insert_str(first, &format!("- {{host: \"*.made-up.example\"}}\n{indentation}"));
    let edited = edited.replacen("clouds: [public, us-government]", "clouds: [us-government, public]", 1);
    fs::write(&new, &edited).unwrap();
    let output = run(folder, validate);
    let (_, errors) = said(&output);
    assert_eq!(output.status.code(), Some(2));
    for expected in [
        "error[edition-out-of-order]",
        "error[reading-missing]",
        "add to hosts.yaml: {host: \"*.made-up.example\", apex:",
    ] {
        assert!(errors.contains(expected), "{expected}: {errors}");
    }
    // Done as the findings say; the form was mended already.
    let dated = fs::read_to_string(&new)
        .unwrap()
        .replace(&format!("written: \"{old_date}\""), &format!("written: \"{new_date}\""));
    fs::write(&new, dated).unwrap();
    let hosts = folder.join("catalog/hosts.yaml");
    let reading = "- {host: \"*.made-up.example\", apex: {included: false, because: \"as written\"}}\n";
    fs::write(&hosts, fs::read_to_string(&hosts).unwrap() + "\n" + reading).unwrap();
    let output = run(folder, validate);
    let (summary, errors) = said(&output);
    assert!(output.status.success() && errors.is_empty(), "{errors}");
    assert!(
        summary.starts_with("fixed catalog/hosts.yaml: hosts stand by their labels from the right"),
        "{summary}"
    );
    // The difference is the page's change and nothing else.
    let output = run(folder, diff);
    let (difference, errors) = said(&output);
    assert_eq!(output.status.code(), Some(1), "{errors}");
    assert!(difference.contains("*.made-up.example"), "{difference}");
    let change =
        |line: &&str| line.starts_with("  + ") || line.starts_with("  - ") || line.starts_with("  ~ ");
    assert!(difference.lines().filter(change).all(|line| line.contains("*.made-up.example")), "{difference}");
}
