//! HAProxy: the text, and what a real HAProxy says of it where one is installed. Connections through it are made by
//! tests/conformance/network.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod proxy;
#[path = "snapshot/mod.rs"]
mod snapshot;

use std::process::{Command, Output};

use portbook::finding::Code;
use portbook::site::SiteName;
use portbook::target::{Fitted, Match};
use proxy::{Fixture, wishes};

const NAMES: &str = "
    provisioning-agent *.msappproxy.net 443 exclude
    provisioning-agent login.windows.net 443
    provisioning-agent [*.]msauth.net 443
    provisioning-agent mscrl.microsoft.com 80
    provisioning-agent www.microsoft.com/pkiops 80
    provisioning-agent *.b.example.net 443
    provisioning-agent b.example.net 80
    provisioning-agent a.b.example.net 443
    provisioning-agent *.status.example.net 8080
    connect-server management.azure.com 443
    anyone-else _underscore.example.org 8080
";

fn names() -> Fixture {
    let mut fixture = Fixture::new(wishes(NAMES));
    fixture.addresses = vec![
        ("provisioning-agent", "10.20.0.11 10.20.1.0/24 2001:db8:20::11"),
        ("connect-server", "10.10.0.0/28"),
    ];
    fixture
}

fn text(fixture: &Fixture, given: &[(&str, &str)]) -> String {
    fixture.text("haproxy", given).unwrap()
}

/// Sections by their first line, with their lines.
fn sections(text: &str) -> Vec<(&str, Vec<&str>)> {
    let mut sections: Vec<(&str, Vec<&str>)> = Vec::new();
    for line in text.lines().filter(|line| !line.trim().is_empty() && !line.trim().starts_with('#')) {
        match line.strip_prefix("    ") {
            None => sections.push((line, Vec::new())),
            Some(line) => sections.last_mut().unwrap().1.push(line),
        }
    }
    sections
}

fn frontend<'t>(sections: &[(&str, Vec<&'t str>)], port: u16) -> Vec<&'t str> {
    let name = format!("frontend portbook_{port} from portbook");
    sections.iter().find(|(section, _)| *section == name).unwrap().1.clone()
}

#[test]
fn each_port_has_its_own_names() {
    let text = text(&names(), &[]);
    let sections = sections(&text);
    let values = |port: u16| -> Vec<String> {
        let acls = frontend(&sections, port).into_iter().filter(|line| line.contains("req."));
        let named = acls.filter_map(|line| line.strip_prefix("acl ")).map(|line| {
            let words: Vec<&str> = line.split(' ').collect();
            format!("{} {}", words[0].trim_start_matches("portbook_"), words[words.len() - 1])
        });
        named.collect()
    };
    assert_eq!(
        values(443),
        [
            "connect-server_443_sni management.azure.com",
            "provisioning-agent_443_sni .b.example.net",
            "provisioning-agent_443_sni login.windows.net",
            "provisioning-agent_443_sni .msappproxy.net",
            "provisioning-agent_443_sni .msauth.net",
            "provisioning-agent_443_sni msauth.net",
        ]
    );
    assert_eq!(
        values(80),
        [
            "provisioning-agent_80_host b.example.net",
            "provisioning-agent_80_host mscrl.microsoft.com",
            "provisioning-agent_80_host www.microsoft.com",
        ]
    );
    assert_eq!(
        values(8080),
        [
            "any_source_8080_sni _underscore.example.org",
            "any_source_8080_host _underscore.example.org",
            "provisioning-agent_8080_sni .status.example.net",
            "provisioning-agent_8080_host .status.example.net",
        ]
    );
    // Only what ends so is matched by its end.
    for line in text.lines().filter(|line| line.contains(" req.") && line.trim().starts_with("acl ")) {
        assert_eq!(
            line.contains(" -m end -i ."),
            line.split(' ').next_back().unwrap().starts_with('.'),
            "{line}"
        );
    }
}

#[test]
fn nothing_passes_before_its_name_is_on_a_list() {
    let text = text(&names(), &[]);
    let sections = sections(&text);
    for (port, kinds) in [(443, &["tcp-request content", "sess"][..]), (80, &["http-request", "txn"])] {
        let lines = frontend(&sections, port);
        let (action, scope) = (kinds[0], kinds[1]);
        let rules: Vec<&str> = lines.iter().filter(|line| line.starts_with(action)).copied().collect();
        let at = |part: &str| rules.iter().position(|line| line.contains(part)).unwrap();
        let named = at(&format!("!{{ var({scope}.portbook_name) -m found }}"));
        let resolved = at("do-resolve");
        let found = at(&format!("!{{ var({scope}.portbook_to) -m found }}"));
        let last =
            rules.iter().rposition(|line| line.contains(&format!("set-var({scope}.portbook_name)"))).unwrap();
        assert!(
            last < named && named < resolved && resolved < found && found < at("set-dst var"),
            "{rules:?}"
        );
        for line in [rules[named], rules[found]] {
            assert!(line.contains(" reject if ") || line.contains(" deny "), "{line}");
        }
        // Nothing accepts early, and every name is bound to a family and to clients of it.
        assert!(rules.iter().all(|line| !line.contains(" accept")), "{rules:?}");
        for line in rules.iter().filter(|line| line.contains("portbook_name) req.")) {
            let six = line.contains(" if portbook_ipv6 ");
            assert!(line.contains(" if !portbook_ipv6 ") || six, "{line}");
            assert_eq!(line.contains("_v6 portbook_"), six, "{line}");
        }
    }
}

#[test]
fn a_frontend_listens_where_its_clients_come_from() {
    let text = text(&names(), &[]);
    let sections = sections(&text);
    let binds = |port: u16| -> Vec<&str> {
        frontend(&sections, port).into_iter().filter(|line| line.starts_with("bind ")).collect()
    };
    assert_eq!(binds(443), ["bind 0.0.0.0:443", "bind [::]:443 v6only"]);
    let mut fixture = names();
    fixture.addresses = vec![("provisioning-agent", "10.20.0.11"), ("connect-server", "10.10.0.0/28")];
    let v4 = self::text(&fixture, &[]);
    assert!(
        !v4.contains("bind [::]:443") && v4.contains("bind [::]:8080 v6only"),
        "anyone comes by both: {v4}"
    );
}

#[test]
fn settings_are_taken_or_refused() {
    assert!(text(&names(), &[]).contains("\n    parse-resolv-conf\n"));
    let given = text(&names(), &[("resolver", "[2001:db8::53]:5353"), ("prefer", "ipv6")]);
    assert!(given.contains("\n    nameserver given ipv6@2001:db8::53:5353\n"), "{given}");
    assert!(given.contains("portbook_to,portbook,ipv6)") && !given.contains("parse-resolv-conf"));
    let findings = names().text("haproxy", &[("resolver", "dns.contoso.com:53")]).unwrap_err();
    assert_eq!(findings.iter().next().unwrap().code, Code::InvalidValue);
}

#[test]
fn the_header_says_what_is_decided_and_what_is_lost() {
    let text = text(&names(), &[]);
    assert!(text.lines().nth(1).unwrap().starts_with("# Each frontend ends in a rejection"), "{text}");
    assert!(text.contains("Enforces if these networks reach each other only through this proxy."));
    assert!(text.contains("www.microsoft.com/pkiops TCP 80: agent traffic with the cloud service [wider: name-as-stated] [wider: path-dropped]") , "{text}");
    assert!(text.contains("# Drop UDP to these ports"));
}

#[test]
fn hostile_words_stay_in_comments() {
    let mut fixture = names();
    fixture.purpose =
        format!("a\n    tcp-request content accept\r\u{2028}\u{202e} {} \\", "long ".repeat(4000));
    fixture.notes = vec!["n\nfrontend x".to_owned(), "\u{10ffff}".repeat(4000)];
    let hostile = text(&fixture, &[]);
    assert!(hostile.is_ascii());
    assert_eq!(sections(&hostile), sections(&text(&names(), &[])));
    real(&hostile);
}

#[test]
fn nothing_becomes_an_allow_for_everything() {
    let refused = |change: &dyn Fn(&mut Fitted), code: Code| {
        let (mut fitted, settings) = names().fitted("haproxy", &[]);
        change(&mut fitted);
        let findings = proxy::render("haproxy", &fitted, &settings).unwrap_err();
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
    refused(&|fitted| fitted.rules[0].source = empty(), Code::EmptyAddresses);
    refused(&|fitted| fitted.rules[0].destination = Match::Any, Code::DestinationNotGiven);
    refused(&|fitted| fitted.rules[0].transport = portbook::address::Transport::Udp, Code::CategoryNeedsHttp);
    refused(
        &|fitted| fitted.rules[0].ports = portbook::address::PortRange::parse("1-65535").unwrap(),
        Code::CategoryNeedsHttp,
    );
    let other = |fitted: &mut Fitted| {
        let prefixes = names().prefixes("connect-server").unwrap();
        let set = proxy::address_set("provisioning-agent", prefixes);
        let own = |rule: &&mut portbook::target::FittedRule| rule.from_label() == "provisioning-agent";
        fitted.rules.iter_mut().find(own).unwrap().source = Match::Addresses(std::sync::Arc::new(set));
    };
    refused(&other, Code::InvalidName);
}

fn haproxy(text: &str) -> Option<Output> {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("portbook.cfg");
    std::fs::write(&file, text).unwrap();
    let names = ["haproxy", "/usr/sbin/haproxy"];
    names.into_iter().find_map(|name| Command::new(name).arg("-c").arg("-f").arg(&file).output().ok())
}

/// HAProxy takes `text` without a warning; asked only where it is installed.
fn real(text: &str) {
    let Some(output) = haproxy(text) else { return };
    let said = String::from_utf8_lossy(&output.stderr);
    let bad = ["WARNING", "ALERT", "warning"];
    assert!(output.status.success() && !bad.iter().any(|word| said.contains(word)), "{said}\n{text}");
}

#[test]
fn haproxy_reads_every_form_without_a_word() {
    let mut whole = names();
    whole.addresses = vec![("provisioning-agent", "0.0.0.0/0 ::/0"), ("connect-server", "::/0 10.0.0.1")];
    whole.site = SiteName::parse("contoso-headquarters.building_1").unwrap();
    for fixture in [names(), whole] {
        real(&text(&fixture, &[]));
        real(&text(&fixture, &[("resolver", "[2001:db8::53]:53"), ("prefer", "ipv6")]));
    }
    // What would be wrong is told.
    let broken = text(&names(), &[]).replace("src 10.20.0.11", "src 10.20.0.333");
    assert!(haproxy(&broken).is_none_or(|output| !output.status.success()));
}

#[test]
fn haproxy_reads_every_reference() {
    let files = snapshot::read(&snapshot::project().join("snapshots/haproxy"));
    let texts: Vec<Vec<u8>> = files
        .into_iter()
        .filter(|(name, _)| name.ends_with("/portbook.cfg"))
        .map(|(_, bytes)| bytes)
        .collect();
    assert!(snapshot::overwrite() || texts.len() >= 3, "{}", texts.len());
    for bytes in texts {
        real(&String::from_utf8(bytes).unwrap());
    }
}
