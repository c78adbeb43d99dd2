//! What is said of site files that are wrong: one snapshot, a section a file.

use std::fmt::Write as _;

use crate::Desk;
use crate::desk::{SMALL, SOUND};

/// What is wrong, and the file.
#[allow(clippy::too_many_lines, reason = "a table")]
fn files() -> Vec<(&'static str, String)> {
    let with = |old: &str, new: &str| {
        assert!(SMALL.contains(old), "{old}");
        SMALL.replacen(old, new, 1)
    };
    let end = |more: &str| format!("{SMALL}{more}\n");
    let host = |keys: &str| end("").replace("targets:", &format!("  other: {{{keys}}}\ntargets:"));
    let target = |keys: &str| end(&format!("  - {{{keys}}}"));
    let sites = |sites: &str| format!("{}sites:\n{sites}", SMALL.replace("name: small\n", ""));
    vec![
        ("role", with("[provisioning-agent]", "[provisioning-agnet]")),
        ("role outside", host("roles: [external-client]")),
        ("no role", host("addresses: [10.0.0.1]")),
        ("zone", target("target: palo-alto-set, between: [tier0, intrenet]")),
        ("one zone", target("target: palo-alto-set, between: [tier0]")),
        ("between and from", target("target: palo-alto-set, between: [tier0, internet], from: tier0")),
        ("no zone for a target", target("target: csv, between: [tier0, internet]")),
        (
            "host without zone",
            host("addresses: [10.0.0.1], roles: [connect-server]")
                + "  - {target: palo-alto-set, between: [tier0, internet]}\n",
        ),
        ("host", target("target: windows-firewall, for: agent")),
        ("target", target("target: palo-alto")),
        ("setting", target("target: squid, settings: {from: standalone}")),
        ("value of a setting", target("target: squid, settings: {form: stand-alone}")),
        ("since", target("target: palo-alto-set, settings: {since: old.set}")),
        ("family", target("target: csv, family: 5")),
        ("default", target("target: squid, default: allow")),
        ("scenario", with("cloud-sync", "cloudsync")),
        ("cloud", with("public", "pubilc")),
        ("no cloud", with("cloud: public\n", "")),
        ("cloud and clouds", end("clouds: {us-government: [cloud-sync]}")),
        ("no scenario", with("scenarios: [cloud-sync]\n", "")),
        ("cloud without the scenario", with("public", "china")),
        ("condition", end("select: {when: [http-prxy]}")),
        ("choice", end("select: {choose: {radius-authentication-port: port-1}}")),
        ("edition", end("select: {editions: [cloud-sync-prerequisites@2001-01-01]}")),
        ("date", end("select: {as-of: tomorrow}")),
        ("parameter", end("parameters: {federation-service: sts.contoso.com}")),
        ("key", end("targts: []")),
        ("key of a host", host("adresses: [10.0.0.1], roles: [connect-server]")),
        ("key twice", end("cloud: public")),
        ("host twice", with("targets:", "  agents: {roles: [provisioning-agent]}\ntargets:")),
        ("host bits", with("10.20.0.13", "10.20.0.13/24")),
        ("address", with("10.20.0.13", "10.20.0.256")),
        ("no addresses", with("[10.20.0.11, 10.20.0.12, 10.20.0.13]", "[]")),
        ("seen as nothing", host("roles: [connect-server], seen-as: []")),
        ("seen as nothing by a zone", host("roles: [connect-server], seen-as: {internet: []}")),
        ("proxy without listens", host("roles: [proxy], addresses: [10.0.0.1]")),
        ("proxy of two addresses", host("roles: [proxy], addresses: [10.0.0.1, 10.0.0.2], listens: 8080")),
        ("port of a proxy", host("roles: [proxy], addresses: [10.0.0.1], listens: 70000")),
        ("listens without proxy", host("roles: [connect-server], listens: 8080")),
        ("proxy that is none", host("roles: [connect-server], proxy: agents")),
        ("proxy", host("roles: [connect-server], proxy: egres")),
        ("two sites of one name", sites("  - {name: one}\n  - {name: one, folder: b}\n")),
        ("site without name", sites("  - {folder: a}\n")),
        ("sites in sites", sites("  - {name: one, sites: [{name: two}]}\n")),
        ("no sites", format!("{}sites: []\n", SMALL.replace("name: small\n", ""))),
        ("name", with("small", "\"sm all\"")),
        ("backslash", with("out.csv", "'a\\b'")),
        ("control character", with("out.csv", "\"a\\u001b[31m.csv\"")),
        ("output", with("out.csv", "a//b")),
        ("expectation", end("expect: [allow agents to login.microsoftonline.com:443]")),
        ("host of an expectation", end("expect: [allow agent -> login.microsoftonline.com:443]")),
        ("port of an expectation", end("expect: [deny agents -> example.com:0]")),
        ("accept without because", end("accept: [{code: handshake-before-name}]")),
        ("empty because", end("accept: [{code: handshake-before-name, because: \" \"}]")),
        ("code", end("accept: [{code: handshake-before-nam, because: x}]")),
        ("until", end("accept: [{code: handshake-before-name, because: x, until: 2026-13-01}]")),
        ("until as a word", end("accept: [{code: handshake-before-name, because: x, until: soon}]")),
        ("auto-merge", end("auto-merge: {additions-within-used-tags: -1}")),
        ("fallback", end("ip-fallback: any")),
        ("no yaml", "name: [\n".to_owned()),
        ("empty", String::new()),
    ]
}

#[test]
fn messages() {
    let mut text = String::new();
    for (what, file) in files() {
        let desk = Desk::with(&file);
        let run = desk.build();
        assert_eq!(run.exit, 2, "{what}: {}\n{file}", run.talk);
        assert!(desk.files().is_empty(), "{what}");
        assert!(!run.talk.contains('\u{1b}'), "{what}");
        writeln!(text, "==== {what}\n{}", run.talk).unwrap();
    }
    insta::assert_snapshot!("messages", text);
}

#[test]
fn everything_is_told_at_once_and_once() {
    let site = "cloud: public\nscenarios: [cloud-sync]\nhosts:\n  agents: {addresses: [10.0.0.1/8], roles: [provisioning-agnet]}\n\
                sites:\n  - {name: one, targets: [{target: cvs}]}\n  - {name: two, accept: [{code: x, because: y}]}\n  - {name: three}\n";
    let run = Desk::with(site).build().ended(2);
    for text in ["host-bits", "provisioning-agnet", "`cvs`", "unknown-finding", "4 errors"] {
        assert!(run.talk.contains(text), "no {text}:\n{}", run.talk);
    }
    assert_eq!(run.talk.matches("unknown role").count(), 1, "{}", run.talk);
}

#[test]
fn a_name_beside_sites_is_no_name_of_theirs() {
    let site = format!("{SMALL}sites:\n  - {{name: one}}\n");
    Desk::with(&site).build().ended(2).says("name");
}

/// What is wrong in the site file, and in the range files beside it, at once: a change window has no second run.
#[test]
fn a_site_file_and_range_files_are_told_together() {
    let desk = Desk::with(SOUND);
    desk.write("portbook.yaml", desk.read("portbook.yaml").replace("cloud-sync", "cloud-snyc"));
    desk.write("broken.json", "{\"changeNumber\": 1, \"cloud\": \"Public\", \"values\": [");
    for file in ["broken.json", "missing.json"] {
        desk.run(&["build", "--ranges", file]).ended(2).says("cloud-snyc").says(file);
    }
}
