//! iptables, ip6tables and ipset: the texts, and what the real programs say of them where they are installed.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod netfilter;
mod proxy;
#[path = "snapshot/mod.rs"]
mod snapshot;

use std::collections::BTreeMap;
use std::process::Command;

use netfilter::{KINDS, files, fitted, statements};
use portbook::finding::Code;
use portbook::site::SiteName;
use portbook::target::{Fitted, Match};

const STANDALONE: &[(&str, &str)] = &[("form", "standalone")];
const NAMES: [&str; 3] =
    ["iptables/portbook.ipset", "iptables/portbook.v4.rules", "iptables/portbook.v6.rules"];

/// The sets, and the rules of both families.
fn texts(fitted: &Fitted, given: &[(&str, &str)]) -> [String; 3] {
    let mut files = files("iptables", fitted, given).unwrap();
    let texts = NAMES.map(|name| files.remove(name).unwrap());
    assert!(files.is_empty());
    texts
}

/// Lines of chain `portbook`, up to their comment.
fn accepts(text: &str) -> Vec<&str> {
    let lines = statements(text).into_iter().filter_map(|line| line.strip_prefix("-A portbook "));
    lines.map(|line| line.split(" -m comment").next().unwrap()).collect()
}

#[test]
fn a_fragment_holds_accept_lines_only() {
    for text in &texts(&fitted(KINDS, &[]), &[])[1..] {
        assert!(text.contains("\n# Fragment: accept lines only, in chain `portbook`"), "{text}");
        let lines = statements(text);
        assert_eq!(lines[..2], ["*filter", ":portbook - [0:0]"]);
        assert_eq!(lines.last(), Some(&"COMMIT"));
        for line in &lines[2..lines.len() - 1] {
            assert!(line.starts_with("-A portbook ") && line.ends_with(" -j ACCEPT"), "{line}");
            assert!(line.contains(" dst ") && line.contains(" --dports "), "{line}");
        }
    }
}

#[test]
fn a_standalone_policy_drops_the_rest_of_both_families() {
    // No rule has IPv6 here, and IPv6 ends in a drop all the same.
    let [_, v4, v6] = texts(&fitted("agents dcs tcp 443", &[]), STANDALONE);
    let head = [
        "*filter",
        ":FORWARD DROP [0:0]",
        ":portbook - [0:0]",
        "-F FORWARD",
        "-A FORWARD -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT",
        "-A FORWARD -j portbook",
        "-A FORWARD -m comment --comment \"portbook: the rest\" -j DROP",
    ];
    for (text, lines) in [(&v4, 1), (&v6, 0)] {
        assert!(text.lines().nth(1).unwrap().contains("drops all that this host forwards"), "{text}");
        assert_eq!(statements(text)[..7], head);
        assert_eq!(accepts(text).len(), lines);
    }
    assert!(v6.contains("# No rule of IPv6.\n"));
}

#[test]
fn ports_stay_with_their_ends_and_families_apart() {
    let [_, v4, v6] = texts(&fitted(KINDS, &[]), &[]);
    let line = |family: u8, source: &str, to: &str, transport: &str, ports: &str| {
        let source = if source.is_empty() {
            String::new()
        } else {
            format!("-m set --match-set pb-{source}-v{family} src ")
        };
        format!(
            "{source}-m set --match-set pb-{to}-v{family} dst -p {transport} -m multiport --dports {ports}"
        )
    };
    let both = |family| {
        [
            line(family, "", "wap", "tcp", "443"),
            line(family, "agents", "azure", "tcp", "80,443"),
            line(family, "connect", "azure", "tcp", "5671"),
        ]
    };
    assert_eq!(accepts(&v6), both(6));
    let mut expected = both(4).to_vec();
    expected.insert(2, line(4, "agents", "dcs", "tcp", "49152:65535"));
    expected.insert(3, line(4, "agents", "dcs", "udp", "88"));
    expected.push(line(4, "connect", "old", "tcp", "443"));
    assert_eq!(accepts(&v4), expected);
}

#[test]
fn sets_are_filled_aside_and_swapped() {
    let [sets, ..] = texts(&fitted("agents old tcp 443", &[("old", "0.0.0.0/0 ::/0")]), &[]);
    let blocks: Vec<Vec<&str>> =
        sets.split("\n\n").skip(1).map(|block| block.trim().lines().collect()).collect();
    assert_eq!(blocks.len(), 4, "{sets}");
    for block in &blocks {
        let name = block[0].split(' ').nth(1).unwrap();
        let filling = block[1].split(' ').nth(1).unwrap();
        assert_eq!(block[0].replace(name, filling), block[1]);
        assert_eq!(block[2], format!("flush {filling}"));
        assert!(block[3..block.len() - 2].iter().all(|line| line.starts_with(&format!("add {filling} "))));
        let end = [format!("swap {filling} {name}"), format!("destroy {filling}")];
        assert_eq!(block[block.len() - 2..], end);
    }
    for half in ["0.0.0.0/1", "128.0.0.0/1", "::/1", "8000::/1"] {
        assert!(sets.contains(&format!(" {half}\n")), "{half}\n{sets}");
    }
}

#[test]
fn more_ports_than_a_match_holds_are_several_lines() {
    let many: &'static str = (1..=20)
        .map(|port| format!("agents dcs tcp {port}00-{port}01"))
        .collect::<Vec<_>>()
        .join("\n")
        .leak();
    let texts = texts(&fitted(many, &[]), &[]);
    let lists: Vec<&str> =
        accepts(&texts[1]).iter().map(|line| line.split("--dports ").nth(1).unwrap()).collect();
    assert_eq!(lists.iter().map(|list| list.split(',').count()).collect::<Vec<_>>(), [7, 7, 6]);
    assert_eq!(lists.concat().matches(':').count(), 20);
    real(&texts);
}

#[test]
fn names_fit_and_carry_the_site() {
    let mut fitted = fitted(KINDS, &[]);
    fitted.site = SiteName::parse("contoso-headquarters.building_1").unwrap();
    let texts = texts(&fitted, STANDALONE);
    let words = texts.iter().flat_map(|text| statements(text)).flat_map(str::split_whitespace);
    let mut seen = 0;
    for name in words.filter(|word| word.starts_with("pb-") || word.starts_with(":portbook")) {
        assert!(name.trim_start_matches(':').len() <= if name.starts_with(':') { 28 } else { 31 }, "{name}");
        seen += 1;
    }
    assert!(seen > 20);
    real(&texts);
}

#[test]
fn hostile_words_stay_in_comments() {
    let mut hostile = fitted(KINDS, &[]);
    hostile.header.notes =
        vec!["n\n-A FORWARD -j ACCEPT\r\u{2028}\u{202e} \\".to_owned(), "x".repeat(20_000)];
    let texts = texts(&hostile, STANDALONE);
    let plain = self::texts(&fitted(KINDS, &[]), STANDALONE);
    for (text, plain) in texts.iter().zip(&plain) {
        assert!(text.is_ascii() && text.lines().all(|line| line.len() < 2000));
        assert_eq!(statements(text), statements(plain));
    }
    real(&texts);
}

#[test]
fn nothing_becomes_an_accept_of_everything() {
    let refused = |source: Match, destination: Match, code: Code| {
        let mut fitted = fitted("agents azure tcp 443", &[]);
        (fitted.rules[0].source, fitted.rules[0].destination) = (source, destination);
        let findings = files("iptables", &fitted, &[]).unwrap_err();
        assert_eq!(findings.iter().next().unwrap().code, code);
    };
    let azure = || fitted("agents azure tcp 443", &[]).rules[0].destination.clone();
    refused(Match::Any, Match::Any, Code::SourceNotGiven);
    refused(Match::Itself, azure(), Code::SourceNotGiven);
    refused(azure(), Match::Words("x".to_owned()), Code::DestinationNotGiven);
    let empty = proxy::address_set("none", portbook::address::PrefixSet::default());
    refused(azure(), Match::Addresses(std::sync::Arc::new(empty)), Code::EmptyAddresses);
    let nothing = files("iptables", &fitted("", &[]), &[]).unwrap_err();
    assert_eq!(nothing.iter().next().unwrap().code, Code::NothingSelected);
}

/// Loads `texts` twice into a network of its own; the rules in force, or why not. Nothing where that cannot be done.
fn load(texts: &[String; 3]) -> Option<Result<String, String>> {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in ["sets", "v4", "v6"].iter().zip(texts) {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    let run = |script: &str| {
        let mut command = Command::new("unshare");
        command.args(["-n", "sh", "-ec", &format!("PATH=$PATH:/usr/sbin:/sbin; {script}")]);
        command.current_dir(folder.path()).output().ok()
    };
    let able =
        run("ipset create asks hash:net; iptables -A FORWARD -m set --match-set asks src; ip6tables -S")?;
    able.status.success().then(|| {
        let once = "ipset restore < sets; iptables-restore --noflush < v4; ip6tables-restore --noflush < v6;";
        let output = run(&format!("{once} {once} iptables-save; ip6tables-save")).unwrap();
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        if output.status.success() && output.stderr.is_empty() {
            Ok(text(&output.stdout))
        } else {
            Err(text(&output.stderr))
        }
    })
}

/// What the real programs hold after loading twice is what was written once.
fn real(texts: &[String; 3]) -> bool {
    let Some(loaded) = load(texts) else { return false };
    let rules = loaded.unwrap_or_else(|said| panic!("{said}\n{}", texts.concat()));
    let count = |text: &str| text.lines().filter(|line| line.starts_with("-A ")).count();
    assert_eq!(count(&rules), count(&texts.concat()), "{rules}");
    true
}

#[test]
fn the_programs_load_every_form() {
    for given in [&[][..], STANDALONE] {
        real(&texts(&fitted(KINDS, &[("old", "0.0.0.0/0"), ("wap", "::/0 10.0.0.1")]), given));
    }
    // What would be wrong is told.
    let mut broken = texts(&fitted(KINDS, &[]), STANDALONE);
    broken[2] = broken[2].replace("--match-set pb-azure-v6", "--match-set pb-azure-v4");
    assert!(load(&broken).is_none_or(|loaded| loaded.is_err()));
}

#[test]
fn the_programs_load_every_reference() {
    let mut cases: BTreeMap<String, BTreeMap<String, String>> = BTreeMap::new();
    for (name, bytes) in snapshot::read(&snapshot::project().join("snapshots/iptables")) {
        let (case, file) = name.split_once('/').unwrap();
        cases.entry(case.to_owned()).or_default().insert(file.to_owned(), String::from_utf8(bytes).unwrap());
    }
    cases.retain(|_, files| files.contains_key(NAMES[0]));
    assert!(snapshot::overwrite() || cases.len() >= 3, "{cases:?}");
    for files in cases.values() {
        real(&NAMES.map(|name| files[name].clone()));
    }
}
