//! Readers and whatever they are given: never a panic, and what they refuse has a place.

use portbook::audit::{Alone, Configuration, READERS, Reader, Surroundings};
use portbook::finding::{Style, to_text};
use portbook::target::{Settings, find};
use proptest::prelude::*;
use rayon::prelude::*;

use super::run::project;

/// Every file that is named is there, and begins as the configuration does.
struct Everywhere<'a>(&'a [u8]);

impl Surroundings for Everywhere<'_> {
    fn file(&self, _: &str, path: &str) -> Result<String, String> {
        Ok(path.to_owned())
    }

    fn matching(&self, _: &str, pattern: &str) -> Result<Vec<String>, String> {
        Ok(vec![pattern.replace('*', "1"), pattern.replace('*', "2")])
    }

    fn read(&self, _: &str) -> Result<Vec<u8>, String> {
        Ok(self.0.iter().copied().take(200).collect())
    }
}

fn read(reader: &Reader, bytes: &[u8]) {
    let settings = Settings::defaults(find(reader.target).unwrap().settings);
    // Those that read one file, or three, refuse any other number before they look into them.
    let names: &[&str] = match reader.target {
        "nftables" | "haproxy" => &["x/portbook"],
        "iptables" => &["x/portbook.ipset", "x/portbook.v4.rules", "x/portbook.v6.rules"],
        _ => &["x/index.txt", "x/list.txt"],
    };
    let file = |name: &&str| Configuration { name: (*name).to_owned(), bytes: bytes.to_vec() };
    let files: Vec<Configuration> = names.iter().map(file).collect();
    match (reader.read)(&files, &settings, &Everywhere(bytes)) {
        Ok(policy) => {
            for clause in &policy.clauses {
                assert!(clause.at.line > 0);
            }
        }
        Err(findings) => {
            assert!(!findings.is_empty());
            assert!(findings.iter().all(|finding| !to_text(finding, Style::Plain).is_empty()));
        }
    }
}

/// Files that are read, to be broken.
fn sound() -> Vec<Vec<u8>> {
    let files = [
        "tests/audit/files/squid.conf",
        "tests/audit/files/firewall.xml",
        "tests/audit/files/firewall.set",
        "snapshots/windows-registry/connect-sync-public/windows/connect-server.reg",
        "snapshots/windows-firewall/connect-sync-public/windows/connect-server.ps1",
        "snapshots/pac/cloud-sync-public/portbook.pac",
        "snapshots/palo-alto-edl/cloud-sync-public/palo-alto/edl/index.txt",
        "snapshots/csv/cloud-sync-public/change-request.csv",
        "snapshots/json/cloud-sync-public/rules.json",
        "snapshots/nftables/cloud-sync-public/nftables/portbook.nft",
        "snapshots/iptables/cloud-sync-public/iptables/portbook.ipset",
        "snapshots/iptables/cloud-sync-public/iptables/portbook.v4.rules",
        "snapshots/haproxy/cloud-sync-public/haproxy/portbook.cfg",
        "snapshots/markdown/cloud-sync-public/rules.md",
        "snapshots/markdown/connect-sync-public.proxy/rules.addresses.md",
    ];
    files.iter().map(|file| std::fs::read(project().join(file)).unwrap()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn any_bytes(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        for reader in READERS {
            read(reader, &bytes);
        }
    }

    #[test]
    fn any_text(text in "(acl|http_access|set|<[a-z]{1,6}>|\\[|\"|=|\\||[a-z.*!/0-9 -]{0,12}|\n|\\\\\n){0,60}") {
        for reader in READERS {
            read(reader, text.as_bytes());
        }
    }

    #[test]
    fn broken_files(which in 0usize..15, at in any::<prop::sample::Index>(), byte in any::<u8>(), cut in any::<bool>()) {
        let mut bytes = sound().swap_remove(which);
        let at = at.index(bytes.len());
        if cut { bytes.truncate(at) } else { bytes[at] = byte }
        for reader in READERS {
            read(reader, &bytes);
        }
    }
}

#[test]
fn deep_and_large_files_end() {
    READERS.par_iter().for_each(|reader| {
        read(reader, "<a>".repeat(100_000).as_bytes());
        read(reader, &b"set address-group g static g\n".repeat(20_000));
        read(reader, &b"acl a any-of a a a a a a a a\nhttp_access allow a a a a a a a\n".repeat(300));
        read(reader, "(".repeat(1_000_000).as_bytes());
        read(reader, "\"\\".repeat(500_000).as_bytes());
    });
}

/// Two million elements took gigabytes: each is held once, and their number is bounded.
#[test]
fn elements_without_number_are_refused() {
    let xml = READERS.iter().find(|reader| reader.target == "palo-alto-xml").unwrap();
    let bytes = format!("<config>{}</config>", "<a/>".repeat(2_000_001)).into_bytes();
    let files = [Configuration { name: "x.xml".to_owned(), bytes }];
    let settings = Settings::defaults(find(xml.target).unwrap().settings);
    let findings = (xml.read)(&files, &settings, &Alone).unwrap_err();
    assert!(findings.iter().any(|finding| finding.message.contains("more elements")), "{findings:?}");
}

/// Each deletion looks through its list: so many of them in so long a list are not carried out, and leave all undecided.
#[test]
fn deletions_from_a_long_list_end() {
    let rule = "set rulebase security rules r from any to any source g destination any application any service any action deny\n";
    let commands = ["set", "delete"]
        .into_iter()
        .flat_map(|verb| (0..30_000).map(move |number| format!("{verb} address-group g static a{number}\n")));
    let text: String = std::iter::once(rule.to_owned()).chain(commands).collect();
    let file = Configuration { name: "x".to_owned(), bytes: text.into_bytes() };
    let settings = Settings::default();
    let reader = READERS.iter().find(|reader| reader.target == "palo-alto-set").unwrap();
    let policy = (reader.read)(&[file], &settings, &Alone).unwrap();
    let left = policy.unjudged.iter().filter(|left| left.what.contains("is not carried out")).count();
    assert!((29_000..30_000).contains(&left), "{left}");
}

/// A section of a review text with a source and rows to one host.
fn section(source: &str, rows: usize) -> String {
    let head = format!(
        "## x: TCP 443, outbound, from-proxy\n\nSource: {source}\n\n| Destination | Addresses |\n|---|---|\n"
    );
    head + &"| `a.example` (exact) |  |\n".repeat(rows)
}

/// Blocks in blocks take the parser of Markdown time that grows with the square of a file, and each mark takes memory.
#[test]
fn review_texts_of_nothing_but_marks_end() {
    let markdown = READERS.iter().find(|reader| reader.target == "markdown").unwrap();
    let lazy = "a\n".repeat(200_000);
    let texts = [
        format!("{}a\n{lazy}", "> ".repeat(200_000)),
        format!("{}a\n{lazy}", "- ".repeat(30)),
        (0..60).map(|depth| " ".repeat(2 * depth) + "- a\n").collect::<String>() + &lazy,
        "|".repeat(1_000_000),
        "[`<*".repeat(50_000),
        format!("## a\n\n|a|b|\n|-|-|\n{}", "|a|b|\n".repeat(50_000)),
        format!("## a\n\n{}\n{}\n{}", "|a".repeat(20_000), "|-".repeat(20_000), "a\n".repeat(20_000)),
        format!("## a\n\n|a|b|\n|-|-|\n|{}|b|\n", "10.0.0.1; ".repeat(100_000)),
        format!("## a\n\n```\n{}```\n", "10.0.0.0/8\n".repeat(50_000)),
        "[".repeat(9_000_000),
        section(&format!("x: {}", "10.0.0.1; ".repeat(20_000)), 2_000),
        section(&"x".repeat(100_000), 2_000),
    ];
    texts.par_iter().for_each(|text| read(markdown, text.as_bytes()));
}
