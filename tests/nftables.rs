//! nftables: the text, and what a real nft says of it where one is installed.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod netfilter;
mod proxy;
#[path = "snapshot/mod.rs"]
mod snapshot;

use std::process::{Command, Output};

use netfilter::{KINDS, files, fitted, statements};
use portbook::finding::Code;
use portbook::site::SiteName;
use portbook::target::{Fitted, Match};

const STANDALONE: &[(&str, &str)] = &[("form", "standalone")];

fn text(fitted: &Fitted, given: &[(&str, &str)]) -> String {
    files("nftables", fitted, given).unwrap().remove("nftables/portbook.nft").unwrap()
}

fn accepts(text: &str) -> Vec<String> {
    let lines = statements(text).into_iter().filter(|line| line.contains(" accept comment "));
    lines.map(|line| line.split(" accept comment").next().unwrap().to_owned()).collect()
}

#[test]
fn a_fragment_holds_accept_lines_only() {
    let text = text(&fitted(KINDS, &[]), &[]);
    assert!(
        text.starts_with("# Portbook: ")
            && text.contains("\n# Fragment: accept lines only, in chain `portbook`")
    );
    for word in ["hook", "policy", "drop", "delete", "ct state"] {
        assert!(!statements(&text).iter().any(|line| line.contains(word)), "{word}\n{text}");
    }
    for line in accepts(&text) {
        assert!(line.contains(" daddr @portbook-") && line.contains(" dport { "), "{line}");
    }
}

#[test]
fn a_standalone_table_drops_the_rest_and_says_so() {
    let text = text(&fitted(KINDS, &[]), STANDALONE);
    assert!(text.lines().nth(1).unwrap().contains("drops all that this host forwards"), "{text}");
    let lines = statements(&text);
    assert_eq!(lines[..2], ["table inet portbook", "delete table inet portbook"]);
    assert!(lines.contains(&"type filter hook forward priority filter; policy drop;"));
    assert_eq!(lines[lines.len() - 3..], ["counter drop comment \"portbook: the rest\"", "}", "}"]);
    assert!(text.contains("Enforces: denies what it does not allow."));
}

#[test]
fn ports_stay_with_their_ends_and_families_apart() {
    let lines = accepts(&text(&fitted(KINDS, &[]), &[]));
    assert_eq!(
        lines,
        [
            "ip daddr @portbook-wap-v4 tcp dport { 443 }",
            "ip6 daddr @portbook-wap-v6 tcp dport { 443 }",
            "ip saddr @portbook-agents-v4 ip daddr @portbook-azure-v4 tcp dport { 80, 443 }",
            "ip6 saddr @portbook-agents-v6 ip6 daddr @portbook-azure-v6 tcp dport { 80, 443 }",
            // No IPv6 there; TCP and UDP are two lines; a port that a range holds is not written again.
            "ip saddr @portbook-agents-v4 ip daddr @portbook-dcs-v4 tcp dport { 49152-65535 }",
            "ip saddr @portbook-agents-v4 ip daddr @portbook-dcs-v4 udp dport { 88 }",
            "ip saddr @portbook-connect-v4 ip daddr @portbook-azure-v4 tcp dport { 5671 }",
            "ip6 saddr @portbook-connect-v6 ip6 daddr @portbook-azure-v6 tcp dport { 5671 }",
            "ip saddr @portbook-connect-v4 ip daddr @portbook-old-v4 tcp dport { 443 }",
        ]
    );
}

#[test]
fn sets_hold_their_prefixes_and_no_set_is_empty() {
    let text = text(&fitted(KINDS, &[("old", "0.0.0.0/0")]), &[]);
    assert!(text.contains("\t\t\t198.51.100.0/25,\n") && text.contains("\t\t\t2001:db8:a::/47,\n"));
    assert!(text.contains("\t\t\t0.0.0.0/1,\n\t\t\t128.0.0.0/1,\n") && !text.contains("/0,"));
    assert!(!text.contains("portbook-dcs-v6") && !text.contains("elements = {\n\t\t}"));
}

#[test]
fn two_lists_of_one_name_are_two_sets() {
    let mut fitted = fitted("agents azure tcp 443\nagents azure tcp 80", &[]);
    let Match::Addresses(other) = &netfilter::fitted("connect old tcp 1", &[]).rules[0].source else {
        panic!()
    };
    let set = proxy::address_set("agents", other.prefixes.clone());
    fitted.rules[1].source = Match::Addresses(std::sync::Arc::new(set));
    let text = text(&fitted, &[]);
    let lines = accepts(&text);
    assert_eq!(lines.len(), 4, "{lines:?}");
    assert_eq!(lines.iter().filter(|line| line.contains("{ 443 }")).count(), 2, "{lines:?}");
    assert!(lines.iter().all(|line| !line.contains("saddr @portbook-agents-v")), "{lines:?}");
}

#[test]
fn a_site_stands_in_its_names() {
    let mut fitted = fitted(KINDS, &[]);
    fitted.site = SiteName::parse("9-contoso_hq.x").unwrap();
    let text = text(&fitted, STANDALONE);
    assert!(text.contains("delete table inet portbook-9-contoso_hq.x\n"), "{text}");
    real(&text);
}

#[test]
fn a_table_of_yours_has_a_name_that_nft_takes() {
    let fitted = fitted(KINDS, &[]);
    assert!(text(&fitted, &[("table", "firewall")]).contains("flush chain inet firewall portbook\n"));
    let findings = files("nftables", &fitted, &[("table", "9a")]).unwrap_err();
    assert_eq!(findings.iter().next().unwrap().code, Code::InvalidValue);
}

/// nft refuses its own words as names: such a file was written and could not be loaded.
#[test]
fn a_table_has_no_name_that_is_a_word_of_nft() {
    let fitted = fitted(KINDS, &[]);
    for word in ["ip", "table", "drop", "flags", "inet", "destroy"] {
        let findings = files("nftables", &fitted, &[("table", word)]).unwrap_err();
        let first = findings.iter().next().unwrap();
        assert!(
            first.code == Code::InvalidValue && first.message.contains(&format!("`{word}`")),
            "{first:?}"
        );
    }
    for name in ["nat", "Drop", "flags1"] {
        assert!(text(&fitted, &[("table", name)]).contains(&format!("inet {name} ")), "{name}");
    }
}

#[test]
fn hostile_words_stay_in_comments() {
    let mut fitted = fitted(KINDS, &[]);
    fitted.header.notes = vec!["n\nadd table ip x\r\u{2028}\u{202e} \\".to_owned(), "x".repeat(20_000)];
    let text = text(&fitted, STANDALONE);
    assert!(text.is_ascii() && text.lines().all(|line| line.len() < 2000));
    assert_eq!(statements(&text), statements(&self::text(&netfilter::fitted(KINDS, &[]), STANDALONE)));
    real(&text);
}

#[test]
fn a_line_has_as_many_ids_as_fit() {
    let many: &'static str =
        (1..=12).map(|port| format!("agents azure tcp {port}00")).collect::<Vec<_>>().join("\n").leak();
    let text = text(&fitted(many, &[]), STANDALONE);
    let label = text.split("comment \"portbook r-").nth(1).unwrap().split('"').next().unwrap();
    assert!(label.ends_with(" +4") && label.len() + "portbook r-".len() <= 128, "{label}");
    assert_eq!(text.matches("\t\t# r-").count(), 12);
    real(&text);
}

#[test]
fn nothing_becomes_an_accept_of_everything() {
    let refused = |change: &dyn Fn(&mut Fitted), code: Code| {
        let mut fitted = fitted("agents azure tcp 443", &[]);
        change(&mut fitted);
        let findings = files("nftables", &fitted, &[]).unwrap_err();
        assert_eq!(findings.iter().next().unwrap().code, code);
    };
    let empty = || {
        Match::Addresses(std::sync::Arc::new(proxy::address_set(
            "none",
            portbook::address::PrefixSet::default(),
        )))
    };
    refused(&|fitted| fitted.rules.clear(), Code::NothingSelected);
    refused(&|fitted| fitted.rules[0].source = Match::Itself, Code::SourceNotGiven);
    refused(&|fitted| fitted.rules[0].destination = Match::Words("x".to_owned()), Code::DestinationNotGiven);
    refused(&|fitted| fitted.rules[0].source = empty(), Code::EmptyAddresses);
    let any = |fitted: &mut Fitted| {
        (fitted.rules[0].source, fitted.rules[0].destination) = (Match::Any, Match::Any);
    };
    refused(&any, Code::SourceNotGiven);
    let v6 = |fitted: &mut Fitted| {
        fitted.rules[0].source =
            netfilter::fitted("six azure tcp 1", &[("six", "fd00::/8")]).rules[0].source.clone();
        fitted.rules[0].destination =
            netfilter::fitted("connect old tcp 1", &[]).rules[0].destination.clone();
    };
    refused(&v6, Code::EmptyAddresses);
}

fn nft(text: &str) -> Option<Output> {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("rules.nft");
    std::fs::write(&file, text).unwrap();
    let names = ["nft", "/usr/sbin/nft"];
    names.into_iter().find_map(|name| Command::new(name).arg("-c").arg("-f").arg(&file).output().ok())
}

/// nft takes `text`; asked only where nft is installed and may ask the kernel.
fn real(text: &str) -> bool {
    if !nft("table inet portbook-asks { }\n").is_some_and(|output| output.status.success()) {
        return false;
    }
    // A fragment joins a table that is there, and a chain jumps to it.
    let around = |text: &str| format!("table inet filter {{\n}}\n{text}{text}");
    let output = nft(&around(text)).unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && said.is_empty(), "{said}\n{text}");
    true
}

#[test]
fn nft_reads_every_form_without_a_word() {
    for given in [&[][..], STANDALONE, &[("table", "firewall")]] {
        real(&text(&fitted(KINDS, &[("old", "0.0.0.0/0"), ("wap", "::/0 10.0.0.1")]), given));
    }
    // What would be wrong is told.
    if real(&text(&fitted(KINDS, &[]), &[])) {
        let broken = text(&fitted(KINDS, &[]), STANDALONE).replace("10.20.0.12,", "10.20.0.12/33,");
        assert!(!nft(&broken).unwrap().status.success());
    }
}

#[test]
fn nft_reads_every_reference() {
    let files = snapshot::read(&snapshot::project().join("snapshots/nftables"));
    let texts: Vec<Vec<u8>> = files
        .into_iter()
        .filter(|(name, _)| name.ends_with("/portbook.nft"))
        .map(|(_, bytes)| bytes)
        .collect();
    assert!(snapshot::overwrite() || texts.len() >= 3, "{}", texts.len());
    for bytes in texts {
        real(&String::from_utf8(bytes).unwrap());
    }
}
