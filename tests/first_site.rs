//! A new user's first site: the five commands of README.md as printed, in an empty repository, and what `init` writes.

#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

mod snapshot;

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use snapshot::{overwrite, project};

const HEADING: &str = "\n## Five commands to a reviewed change\n";

/// The blocks between back-quotes of the section, each with its language in the first line.
fn blocks(readme: &str) -> Vec<&str> {
    let section = readme.split(HEADING).nth(1).unwrap();
    section.split("\n## ").next().unwrap().split("```").skip(1).step_by(2).collect()
}

/// The program in a folder, on 26 November 2025.
fn portbook(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_portbook"));
    command.env("SOURCE_DATE_EPOCH", "1764115200").env("NO_COLOR", "1");
    command.current_dir(folder).args(arguments).output().unwrap()
}

fn said(output: &Output) -> String {
    let both = [&output.stdout, &output.stderr].map(|bytes| String::from_utf8_lossy(bytes).into_owned());
    both.concat()
}

fn shell(folder: &Path, line: &str) -> Output {
    let programs = Path::new(env!("CARGO_BIN_EXE_portbook")).parent().unwrap();
    let path = std::env::var("PATH").unwrap();
    let mut command = Command::new("sh");
    command.args(["-c", line]).current_dir(folder).env("PATH", format!("{}:{path}", programs.display()));
    command.env("SOURCE_DATE_EPOCH", "1764115200").env("NO_COLOR", "1");
    // Whoever runs the tests may sign commits, or be nobody to git.
    command.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_SYSTEM", "/dev/null");
    for role in ["AUTHOR", "COMMITTER"] {
        command.env(format!("GIT_{role}_NAME"), "Test").env(format!("GIT_{role}_EMAIL"), "test@example.com");
    }
    command.output().unwrap()
}

#[cfg(unix)]
#[test]
fn five_commands_of_the_readme_lead_to_a_reviewed_change() {
    let path = project().join("README.md");
    let readme = fs::read_to_string(&path).unwrap();
    let [commands, told] = blocks(&readme)[..] else {
        panic!("two blocks: commands, and what the last prints")
    };
    let commands = commands.strip_prefix("sh\n").unwrap().replace("\\\n", "");
    let commands: Vec<&str> = commands.lines().collect();
    assert_eq!(commands.len(), 5, "{commands:#?}");
    let desk = tempfile::tempdir().unwrap();
    assert!(shell(desk.path(), "git init --quiet").status.success());
    let mut outputs: Vec<Output> = commands.iter().map(|line| shell(desk.path(), line)).collect();
    let last = outputs.pop().unwrap();
    for (output, line) in outputs.iter().zip(&commands) {
        assert!(output.status.success(), "{line}\n{}", said(output));
    }
    // Something differs.
    assert_eq!(last.status.code(), Some(1), "{}", said(&last));
    let actual = format!("text\n{}", String::from_utf8(last.stdout).unwrap());
    if overwrite() {
        fs::write(&path, readme.replace(told, &actual)).unwrap();
        return;
    }
    assert!(told == actual, "README.md has\n{told}\nand it prints\n{actual}");
    // What the change leads to is built, and then nothing is left to do.
    assert!(shell(desk.path(), "portbook build && portbook build --check").status.success());
}

#[test]
fn init_keeps_what_was_selected_and_each_host() {
    let desk = tempfile::tempdir().unwrap();
    let arguments = "init cloud-sync --cloud public --as-of 2025-04-30 --gaps --optional --also --when port-443-unavailable \
        --choose bootstrap-port=port-8080 --phase operation,registration --address provisioning-agent=10.20.0.10,10.20.0.11";
    let flags: Vec<&str> = arguments.split_whitespace().collect();
    let output = portbook(desk.path(), &flags);
    assert!(output.status.success(), "{}", said(&output));
    let text = fs::read_to_string(desk.path().join("portbook.yaml")).unwrap();
    let select = "select:\n  as-of: \"2025-04-30\"\n  also: [\"all\"]\n  optional: true\n  when: [\"port-443-unavailable\"]\n  \
        choose: {bootstrap-port: \"port-8080\"}\n  phases: [\"operation\", \"registration\"]\n  gaps: true\n";
    assert!(text.contains(select), "{text}");
    assert!(text.contains("addresses: [\"10.20.0.10\", \"10.20.0.11\"]"), "{text}");
    // The same rules as `generate` with these flags.
    let generate: Vec<&str> = std::iter::once("generate").chain(flags[1..].iter().copied()).collect();
    let generated = portbook(desk.path(), &[&generate[..], &["--target", "csv", "--quiet"]].concat());
    assert!(generated.status.success(), "{}", said(&generated));
    assert!(portbook(desk.path(), &["build"]).status.success());
    let ids = |bytes: &[u8]| -> Vec<String> {
        let text = String::from_utf8_lossy(bytes).into_owned();
        text.lines().skip(1).map(|line| line.split(',').next().unwrap().to_owned()).collect()
    };
    let built = fs::read(desk.path().join("change-request.csv")).unwrap();
    assert!(ids(&built).len() > 10);
    assert_eq!(ids(&built), ids(&generated.stdout));
}

#[test]
fn two_neighbouring_agents_are_two() {
    let desk = tempfile::tempdir().unwrap();
    let site = "name: s\ncloud: public\nscenarios: [cloud-sync]\nhosts:\n  agents: {roles: [provisioning-agent], \
        addresses: [10.20.0.10, 10.20.0.11]}\ntargets: [{target: csv}]\n";
    fs::write(desk.path().join("portbook.yaml"), site).unwrap();
    let output = said(&portbook(desk.path(), &["build"]));
    assert!(output.contains("2 provisioning agents are given"), "{output}");
    fs::write(desk.path().join("portbook.yaml"), site.replace("10.20.0.11]", "10.20.0.11, 10.20.0.12]"))
        .unwrap();
    let output = said(&portbook(desk.path(), &["build"]));
    assert!(!output.contains("few-agents"), "{output}");
}

#[test]
fn a_former_build_without_a_place_for_its_files_is_refused() {
    let desk = tempfile::tempdir().unwrap();
    let init = "init cloud-sync --cloud public --address provisioning-agent=10.20.0.11";
    assert!(portbook(desk.path(), &init.split(' ').collect::<Vec<_>>()).status.success());
    assert!(portbook(desk.path(), &["build"]).status.success());
    let output = portbook(desk.path(), &["build", "--since", "portbook.manifest.json"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(said(&output).contains("--to DIR"), "{}", said(&output));
    assert!(portbook(desk.path(), &["build", "--since", ".", "--to", "on"]).status.success());
}

/// docs/diff.md names every column and every key of a difference of builds, and no other column.
#[test]
fn the_page_tells_every_column_and_key_of_builds() {
    let page = fs::read_to_string(project().join("docs/diff.md")).unwrap();
    let (_, page) = page.split_once("\n## Builds\n").unwrap();
    let desk = tempfile::tempdir().unwrap();
    let init = "init cloud-sync --cloud public --as-of 2025-04-30 --address provisioning-agent=10.20.0.11";
    assert!(portbook(desk.path(), &init.split(' ').collect::<Vec<_>>()).status.success());
    assert!(portbook(desk.path(), &["build"]).status.success());
    let file = desk.path().join("portbook.yaml");
    fs::write(&file, fs::read_to_string(&file).unwrap().replace("2025-04-30", "2026-07-31")).unwrap();
    let form = |format: &str| {
        let output = portbook(desk.path(), &["diff", ".", "portbook.yaml", "--format", format]);
        assert_eq!(output.status.code(), Some(1), "{}", said(&output));
        String::from_utf8(output.stdout).unwrap()
    };
    let (_, csv) = page.split_once("### csv of builds").unwrap();
    let (csv, _) = csv.split_once("### --auto-merge").unwrap();
    let cells = csv.lines().filter_map(|line| line.strip_prefix("| `")?.split(" |").next());
    let mut told: Vec<&str> =
        cells.flat_map(|cell| cell.split(", ")).map(|name| name.trim_matches('`')).collect();
    let table = form("csv");
    let mut written: Vec<&str> = table.lines().next().unwrap().split(',').collect();
    told.sort_unstable();
    written.sort_unstable();
    assert_eq!(told, written);
    let json: serde_json::Value = serde_json::from_str(&form("json")).unwrap();
    let site = json["sites"].get(0).unwrap();
    for object in [&json, site, site["files"].get(0).unwrap()] {
        for key in object.as_object().unwrap().keys() {
            let named = page.contains(&format!("`{key}`")) || page.contains(&format!("\"{key}\""));
            assert!(named, "docs/diff.md does not name the key {key}");
        }
    }
}
