//! What a refusal says: short, exact, and with next steps that work when they are followed.

#![allow(clippy::unwrap_used, reason = "a test may fail")]

use std::process::{Command, Output};

fn portbook(line: &str) -> Output {
    Command::new(env!("CARGO_BIN_EXE_portbook")).args(line.split_whitespace()).output().unwrap()
}

/// What the program says on standard error.
fn talk(line: &str) -> String {
    String::from_utf8(portbook(line).stderr).unwrap()
}

#[test]
fn no_refusal_suggests_what_was_done_already() {
    let line = "generate cloud-sync --cloud public --target windows-registry";
    assert!(
        talk(line).contains("--ip-fallback documented --accept") && talk(line).contains("portbook fetch")
    );
    assert!(!talk(&format!("{line} --ip-fallback documented")).contains("help: --ip-fallback"));
}

#[test]
fn a_host_without_a_file_is_named() {
    let line = "generate ad-fs --cloud public --target windows-firewall --accept source-not-given,destination-not-given";
    let folder = tempfile::tempdir().unwrap();
    let address = "--address ad-fs-server=10.20.0.31";
    let talk = talk(&format!("{line} {address} -o {}", folder.path().display()));
    assert!(
        talk.contains("windows-firewall has no file for ad-fs-server: none of its rules can be said"),
        "{talk}"
    );
    assert!(folder.path().join("windows/connect-server.ps1").is_file(), "{talk}");
}

#[test]
fn a_setting_that_forbids_names_is_named() {
    let line = "generate cloud-sync --cloud public --target windows-firewall --option";
    assert!(
        talk(&format!("{line} os=2019")).contains("without the setting os=2019 the target matches names")
    );
    assert!(talk(&format!("{line} names=addresses")).contains("without the setting names=addresses"));
    assert!(portbook(&format!("{line} os=2022")).status.success());
}

#[test]
fn a_proxy_by_name_is_asked_for_its_address() {
    let line = "generate cloud-sync --cloud public --target palo-alto-set --address provisioning-agent=10.20.0.11 --proxy";
    let talk = talk(&format!("{line} proxy.contoso.com:8080"));
    assert!(talk.contains("help: --proxy ADDRESS:PORT"), "{talk}");
    assert!(!talk.contains("help: --address"), "{talk}");
    assert!(portbook(&format!("{line} 10.30.0.5:8080")).status.success());
}

#[test]
fn what_refuses_a_target_is_said_once() {
    let talk = talk(
        "generate cloud-sync --cloud public --target squid --strict --address provisioning-agent=10.0.0.1",
    );
    assert!(!talk.contains("error["), "squid says all of it exactly: {talk}");
    let line = "generate cloud-sync --cloud public --target palo-alto-set --strict --address provisioning-agent=10.0.0.1";
    let talk = self::talk(line);
    assert_eq!(talk.matches("[handshake-before-name]").count(), 1, "{talk}");
    assert!(talk.contains("error[handshake-before-name]"), "{talk}");
}

#[test]
fn a_setting_of_another_target_is_told_from_a_typo() {
    let line = "generate cloud-sync --cloud public --target squid --address provisioning-agent=10.0.0.1";
    let since = talk(&format!("{line} --since old.set"));
    assert!(since.contains("`since` is a setting of palo-alto-set"), "{since}");
    assert!(!since.contains("did you mean"), "{since}");
    let pac = talk(&format!("{line} --option pac.form=function"));
    assert!(pac.contains("`form` is a setting of pac, which --target does not name"), "{pac}");
    let typo = talk(&format!("{line} --option squids.form=standalone"));
    assert!(typo.contains("unknown target `squids`") && typo.contains("did you mean `squid`"), "{typo}");
    let key = talk(&format!("{line} --option splic=yes"));
    assert!(key.contains("did you mean `splice`"), "{key}");
}

#[test]
fn the_summary_names_only_documents_that_a_rule_cites() {
    let talk = talk("generate connect-sync --cloud public --target csv");
    assert!(talk.contains("m365-worldwide-endpoints"), "{talk}");
    assert!(!talk.contains("21vianet") && !talk.contains("gcc-high"), "{talk}");
}

#[test]
fn scenarios_that_lack_the_same_say_it_once() {
    let talk = talk("generate cloud-sync connect-sync ad-fs --cloud public --target csv");
    assert_eq!(talk.matches("time (123/udp)").count(), 1, "{talk}");
}

#[test]
fn standard_output_says_how_it_would_do() {
    let hosts = "generate connect-sync --cloud public --address connect-server=10.3.0.1 --address domain-controller=10.4.0.1 --target";
    let said = talk(&format!("{hosts} windows-firewall"));
    assert!(said.contains("--role ROLE narrows to one host"), "{said}");
    assert!(portbook(&format!("{hosts} windows-firewall --role domain-controller")).status.success());
    let said = talk(&format!("{hosts} palo-alto-edl"));
    assert!(said.contains("several-artifacts") && !said.contains("--role"), "{said}");
    let said = talk(&format!("{hosts} csv,squid"));
    assert!(said.contains("a --target alone fits: csv, squid"), "{said}");
    assert!(!said.contains("--role"), "{said}");
}

#[test]
fn a_selection_without_a_rule_says_what_the_documents_leave_open() {
    let added = tempfile::tempdir().unwrap();
    let page = added.path().join("documents/open-page");
    std::fs::create_dir_all(&page).unwrap();
    let files = [
        ("documents/open-page/document.yaml", "title: A port without a host\npublisher: third-party\n"),
        (
            "documents/open-page/2026-01-01.yaml",
            "source: {texts: [{at: our notes}], date: estimated}\n\
             requirements:\n\
             - {id: report, scenarios: [open-report], from: {role: health-agent}, purpose: report,\n\
             \x20  flows: [{to: [{unstated: the text names no host}], ports: [8080/tcp]}]}\n",
        ),
        (
            "scenarios.yaml",
            "- {id: open-report, title: A report, role: health-agent, documents: {primary: [open-page]}, clouds: [public]}\n",
        ),
    ];
    for (path, text) in files {
        std::fs::write(added.path().join(path), text).unwrap();
    }
    let line =
        format!("generate open-report --cloud public --target csv --catalog-add {}", added.path().display());
    let talk = talk(&line);
    assert!(talk.contains("error[nothing-selected]"), "{talk}");
    assert!(talk.contains("note: open-page: no host is known for port 8080"), "{talk}");
}

#[test]
fn a_target_that_sees_nothing_of_the_selection_names_those_that_do() {
    let talk = talk("generate ad-fs --cloud public --target pac --proxy proxy.contoso.com:8080");
    assert!(talk.contains("error[nothing-selected]: pac:"), "{talk}");
    assert!(talk.contains("a target that stands elsewhere: windows-firewall"), "{talk}");
    assert!(!talk.contains("squid"), "a proxy sees as little: {talk}");
}

#[test]
fn every_unreadable_file_is_named_with_a_next_step() {
    for command in [
        "explain 20.190.128.1",
        "generate cloud-sync --cloud public --target windows-registry --ip-fallback documented",
    ] {
        let talk = talk(&format!("{command} --ranges no-such-a.json --ranges no-such-b.json"));
        assert!(
            talk.contains("cannot read no-such-a.json") && talk.contains("cannot read no-such-b.json"),
            "{talk}"
        );
        assert!(talk.contains("help: a relative path starts at the current folder"), "{talk}");
    }
}
