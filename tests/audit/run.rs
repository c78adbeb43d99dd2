//! The program, run in a folder of its own.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use portbook::address::{PortRange, Prefix, Transport};
use portbook::audit::{Destination, NameSet, Need, Region};
use portbook::host::HostPattern;
use portbook::id::RoleId;
use portbook::rule::{Endpoint, Flow, Rule, RuleId, Scope, TlsInspection};
use tempfile::TempDir;

/// The addresses of the agents in all cases.
pub(crate) const AGENTS: &str = "provisioning-agent=10.20.0.11,10.20.0.12";

/// A folder with the range files of the fixtures.
pub(crate) struct Desk(TempDir);

pub(crate) struct Run {
    pub(crate) exit: i32,
    pub(crate) out: String,
    pub(crate) talk: String,
}

impl Run {
    /// The lines that start with a word.
    pub(crate) fn lines(&self, word: &str) -> Vec<&str> {
        self.out.lines().filter(|line| line.starts_with(word)).collect()
    }

    /// How the requirement of a destination fares: the first word of its line.
    pub(crate) fn status(&self, destination: &str) -> &str {
        let line = self.out.lines().find(|line| line.contains(&format!("-> {destination},")));
        line.unwrap_or_else(|| panic!("{destination} is not in\n{}{}", self.out, self.talk))
            .split(' ')
            .next()
            .unwrap()
    }
}

impl Desk {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let ranges = project().join("tests/fixtures/ranges");
        for name in ["Example_Public.json", "Example_AzureGovernment.json"] {
            fs::copy(ranges.join(name), folder.path().join(name)).unwrap();
        }
        Self(folder)
    }

    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }

    pub(crate) fn write(&self, name: &str, text: &str) {
        let path = self.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// Runs the program with words that hold no spaces.
    pub(crate) fn run(&self, words: &str) -> Run {
        let output = Command::new(env!("CARGO_BIN_EXE_portbook"))
            .args(words.split_whitespace())
            .current_dir(self.path())
            .env("SOURCE_DATE_EPOCH", "1762214400")
            .env_remove("PORTBOOK_CATALOG")
            .output()
            .unwrap();
        Run {
            exit: output.status.code().unwrap(),
            out: String::from_utf8(output.stdout).unwrap(),
            talk: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// Audits a text as Squid's configuration, for the newest Cloud Sync.
    pub(crate) fn squid(&self, text: &str) -> Run {
        self.write("squid.conf", text);
        self.run(&format!("audit squid squid.conf --scenario cloud-sync --cloud public --address {AGENTS}"))
    }
}

pub(crate) fn project() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Needs of tunnels from eight clients to these names, on the ports that the oracle knows.
pub(crate) fn needs_of(patterns: &[&str]) -> Vec<Need> {
    patterns.iter().map(|pattern| need(pattern)).collect()
}

fn need(pattern: &str) -> Need {
    let pattern = HostPattern::parse(pattern).unwrap();
    let flow = Flow {
        from: Endpoint::Role(RoleId::parse("provisioning-agent").unwrap()),
        to: Endpoint::Host { pattern: pattern.clone(), at: None },
        transport: Transport::Tcp,
        ports: PortRange::ALL,
        source_ports: None,
        scope: Scope::Network,
    };
    let rule = Rule {
        id: RuleId::of(&flow),
        flow,
        need: portbook::rule::Need::Required,
        phases: BTreeSet::new(),
        tls_inspection: TlsInspection::NotStated,
        assumed: BTreeSet::new(),
        gap: false,
        doubt: None,
        software: Vec::new(),
        ranges_offered: false,
        citations: Vec::new(),
    };
    Need {
        rule: Arc::new(rule),
        what: pattern.to_string(),
        region: Region {
            from: [Prefix::parse("10.0.0.0/29").unwrap()].iter().collect(),
            to: Destination::names(NameSet::from(&pattern)),
            ports: [(79, 443), (8080, 9000)].into_iter().collect(),
        },
        no_source: None,
        no_destination: None,
        from_words: None,
        to_words: None,
        transport: Transport::Tcp,
        tunnelled: Some(true),
        source_ports: None,
        software: None,
        host: None,
        direction: None,
        from_zone: None,
        to_zone: None,
    }
}
