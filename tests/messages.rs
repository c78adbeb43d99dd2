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
    let line = "generate cloud-sync --cloud public --target windows-registry --ip-fallback";
    assert!(talk(&format!("{line} tag")).contains("help: --ip-fallback documented"));
    assert!(!talk(&format!("{line} documented")).contains("help: --ip-fallback"));
}

#[test]
fn a_setting_that_forbids_names_is_named() {
    let line = "generate cloud-sync --cloud public --target windows-firewall --option";
    assert!(talk(&format!("{line} os=2019")).contains("without the setting os=2019 the target matches names"));
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
    let talk = talk("generate cloud-sync --cloud public --target squid --strict --address provisioning-agent=10.0.0.1");
    assert!(!talk.contains("error["), "squid says all of it exactly: {talk}");
    let line = "generate cloud-sync --cloud public --target palo-alto-set --strict --address provisioning-agent=10.0.0.1";
    let talk = self::talk(line);
    assert_eq!(talk.matches("[handshake-before-name]").count(), 1, "{talk}");
    assert!(talk.contains("error[handshake-before-name]"), "{talk}");
}
