//! Sites keep out of each other's way, and devices get only what is news to them.

#![allow(clippy::unwrap_used, reason = "tests")]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

const SITE: &str = "name: a\ncloud: public\nscenarios: [cloud-sync]\nhosts:\n  agents: {roles: [provisioning-agent], \
    addresses: [10.20.0.11, 10.20.0.12, 10.20.0.13]}\ntargets: [{target: csv, output: a.csv}, {target: palo-alto-set, output: a.set}]\n";

fn portbook(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_portbook"));
    command.env("SOURCE_DATE_EPOCH", "1764115200").env("NO_COLOR", "1");
    command.current_dir(folder).args(arguments).output().unwrap()
}

fn errors(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn a_second_site_file_does_not_remove_the_files_of_the_first() {
    let desk = tempfile::tempdir().unwrap();
    let other = SITE.replace("name: a", "name: b").replace("output: a", "output: b");
    fs::write(desk.path().join("a.yaml"), SITE).unwrap();
    fs::write(desk.path().join("b.yaml"), &other).unwrap();
    assert!(portbook(desk.path(), &["build", "a.yaml"]).status.success());
    let refused = portbook(desk.path(), &["build", "b.yaml"]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(errors(&refused).contains("holds the files of the site a"), "{}", errors(&refused));
    assert!(desk.path().join("a.csv").is_file() && !desk.path().join("b.csv").exists());
    assert!(portbook(desk.path(), &["build", "a.yaml", "--check"]).status.success());
    // With a folder of its own, or under a new name on purpose.
    fs::write(desk.path().join("b.yaml"), format!("folder: b\n{other}")).unwrap();
    assert!(portbook(desk.path(), &["build", "b.yaml"]).status.success());
    fs::write(desk.path().join("a.yaml"), SITE.replace("name: a", "name: headquarters")).unwrap();
    assert!(portbook(desk.path(), &["build", "a.yaml", "--force"]).status.success());
    assert!(portbook(desk.path(), &["build", "a.yaml", "--check"]).status.success());
}

#[test]
fn sites_of_one_file_have_folders_of_their_own_and_errors_of_shared_values_are_told_once() {
    let desk = tempfile::tempdir().unwrap();
    let site = "cloud: public\nscenarios: [cloud-sync]\nhosts: {agents: {roles: [provisioning-agnt]}}\n\
        sites: [{name: a, folder: x}, {name: b, folder: X}, {name: c}]\n";
    fs::write(desk.path().join("portbook.yaml"), site).unwrap();
    let output = portbook(desk.path(), &["build"]);
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(errors(&output).matches("unknown role").count(), 1, "{}", errors(&output));
    let site = site.replace("agnt", "agent");
    fs::write(desk.path().join("portbook.yaml"), &site).unwrap();
    let output = portbook(desk.path(), &["build"]);
    assert!(errors(&output).contains("the sites a and b share a folder"), "{}", errors(&output));
    fs::write(desk.path().join("portbook.yaml"), site.replace("folder: X", "folder: y")).unwrap();
    assert!(portbook(desk.path(), &["build"]).status.success());
}

#[test]
fn devices_get_only_what_is_news_to_them() {
    let desk = tempfile::tempdir().unwrap();
    let files = |folder: &str| fs::read_dir(desk.path().join(folder)).map_or(0, Iterator::count);
    fs::write(desk.path().join("portbook.yaml"), SITE).unwrap();
    assert!(portbook(desk.path(), &["build"]).status.success());
    let nothing = portbook(desk.path(), &["build", "--since", ".", "--to", "nothing"]);
    assert!(nothing.status.success() && nothing.stdout.starts_with(b"nothing to load"));
    assert_eq!(files("nothing"), 0);
    fs::write(desk.path().join("portbook.yaml"), SITE.replace("10.20.0.13", "10.20.0.14")).unwrap();
    assert!(portbook(desk.path(), &["build", "--since", ".", "--to", "on"]).status.success());
    let set = fs::read_to_string(desk.path().join("on/a.set")).unwrap();
    assert!(set.contains("delete address pb-"), "{set}");
    assert_eq!(files("on"), 2);
}
