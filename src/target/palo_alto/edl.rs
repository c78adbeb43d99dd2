//! External dynamic lists: the firewall fetches them, rules of the user's own use them.
//!
//! A list holds neither sources nor ports, so there is one list for each source and service, and an index that says
//! which rule may use which list. The lists themselves hold entries only: an IP list takes a comment behind an
//! address, not on a line of its own ([formatting guidelines][format]), and for URL lists none is documented.
//!
//! [format]: https://docs.paloaltonetworks.com/pan-os/9-1/pan-os-admin/policy/use-an-external-dynamic-list-in-policy/formatting-guidelines-for-an-external-dynamic-list/ip-address-list

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::num::NonZeroUsize;

use minijinja::value::Serde;
use minijinja::{Value, context};
use serde::Serialize;

use super::name;
use super::pack::{check_set, nothing};
use super::policy::Service;
use super::{entry, set};
use crate::address::{Chunk, Family, PrefixSet};
use crate::artifact::Artifact;
use crate::finding::{Code, Finding, Findings};
use crate::host::HostPattern;
use crate::place::Leg;
use crate::target::back::Words;
use crate::target::{Fitted, FittedRule, Lowered, Match, Packed, Settings, Templates};

const FOLDER: &str = "palo-alto/edl";
/// Longest stem of a file, so that it serves as the name of the list on the firewall too.
const STEM: usize = name::CATEGORY;

/// Packs for `palo-alto-edl`.
pub(super) fn pack(fitted: &Fitted, settings: &Settings) -> Packed {
    let limit = settings.number("entries").and_then(NonZeroUsize::new).unwrap_or(NonZeroUsize::MIN);
    let mut groups: BTreeMap<(String, Service), Group> = BTreeMap::new();
    let mut findings = Findings::new();
    for rule in &fitted.rules {
        let service = Service { transport: rule.transport, ports: rule.ports, source_ports: None };
        let group = groups.entry((source(rule), service)).or_default();
        if let Err(finding) = group.take(rule) {
            findings.push(finding);
        }
    }
    if fitted.rules.is_empty() {
        findings.push(nothing());
    }
    let mut lists = Vec::new();
    for ((source, service), group) in groups {
        match group.lists(&source, service, limit) {
            Ok(made) => lists.extend(made),
            Err(finding) => findings.push(finding),
        }
    }
    let header = fitted.header.lines();
    findings.or_value(()).map(|_| Box::new(Lists { header, lists }) as Box<dyn Lowered>)
}

/// Who opens the connection, as the rule that uses the list must have it.
fn source(rule: &FittedRule) -> String {
    match &rule.leg {
        Leg::FromProxy(proxy) => format!("proxy {}", proxy.listener.host),
        Leg::Direct | Leg::ToProxy(_) => rule.from_label(),
    }
}

/// Destinations of one source on one service.
#[derive(Default)]
struct Group {
    patterns: Vec<HostPattern>,
    prefixes: PrefixSet,
}

impl Group {
    fn take(&mut self, rule: &FittedRule) -> Result<(), Finding> {
        match &rule.destination {
            Match::Name(pattern) => self.patterns.push(pattern.clone()),
            Match::Addresses(set) => {
                check_set(set)?;
                self.prefixes = self.prefixes.union(&set.prefixes);
            }
            _ => {
                let message = format!("{}: an external list cannot say `any`", rule.rule.id);
                return Err(Finding::new(Code::DestinationNotGiven, message)
                    .help("use palo-alto-set or palo-alto-xml for this rule"));
            }
        }
        Ok(())
    }

    fn lists(self, source: &str, service: Service, limit: NonZeroUsize) -> Result<Vec<List>, Finding> {
        let stem = name::fitted(&format!("{}-{}", source.replace([' ', ':'], "-"), service.label()), STEM);
        let list = |kind, part: &str, lines: Vec<String>| List {
            file: format!("{stem}.{part}.txt"),
            kind,
            source: source.to_owned(),
            transport: service.transport.as_str(),
            ports: service.ports.to_string(),
            lines,
        };
        let mut lists = Vec::new();
        if !self.patterns.is_empty() {
            let entries = entry::entries(self.patterns)?;
            if entries.len() > limit.get() {
                let message =
                    format!("{stem}: {} URLs are more than the {limit} that a list holds", entries.len());
                return Err(Finding::new(Code::InvalidValue, message)
                    .help("raise `entries`; the firewall skips what is beyond its limit"));
            }
            lists.push(list("url", "urls", entries));
        }
        for chunk in self.prefixes.chunks(limit) {
            let lines = chunk.prefixes.iter().map(ToString::to_string).collect();
            lists.push(list("ip", &part(&chunk), lines));
        }
        Ok(lists)
    }
}

/// `ips-v4` for the whole of a family, `ips-128.0.0.0_1` for a part of it: a file stands for a fixed part of the
/// address space, so that a changed prefix changes one file.
fn part(chunk: &Chunk) -> String {
    match (chunk.cover.length(), chunk.cover.family()) {
        (0, Family::V4) => "ips-v4".to_owned(),
        (0, Family::V6) => "ips-v6".to_owned(),
        _ => format!("ips-{}", chunk.cover.to_string().replace(':', "-").replace('/', "_")),
    }
}

/// One file.
#[derive(Debug, Serialize)]
struct List {
    file: String,
    kind: &'static str,
    source: String,
    transport: &'static str,
    ports: String,
    lines: Vec<String>,
}

/// The older lists in place of the newer ones. The firewall goes on with the last list that it got where a file is
/// gone ([External Dynamic List][edl]), so that a rule must let go of a list before the file goes.
///
/// [edl]: https://docs.paloaltonetworks.com/pan-os/11-0/pan-os-admin/policy/use-an-external-dynamic-list-in-policy/external-dynamic-list
pub(super) const BACK: Words = Words {
    put: "Serve {} in place of the newer one.",
    gone: "Take the list of {} out of your rules and commit, then remove the file: while it is missing, the firewall goes on with what it last got.",
    then: "The firewall takes the lists at its next check; *Import Now* on a list takes it at once.",
};

/// All files.
struct Lists {
    header: Vec<String>,
    lists: Vec<List>,
}

impl Lowered for Lists {
    fn render(&self, _: &Templates) -> Result<Vec<Artifact>, Findings> {
        let mut artifacts: Vec<Artifact> = self
            .lists
            .iter()
            .map(|list| {
                let mut text = list.lines.join("\n");
                text.push('\n');
                Artifact::text(format!("{FOLDER}/{}", list.file), text)
            })
            .collect();
        artifacts.push(Artifact::text(format!("{FOLDER}/index.txt"), self.index()));
        Ok(artifacts)
    }

    fn context(&self) -> Value {
        context! { header => self.header.clone(), lists => Value::from(Serde(&self.lists)) }
    }
}

impl Lists {
    /// What each list is, and what the rule that uses it must be bound to.
    fn index(&self) -> String {
        let mut text = String::new();
        for line in &self.header {
            let _ = writeln!(text, "# {}", set::comment(line));
        }
        text.push_str(
            "# A list holds neither sources nor ports. Bind the rule that uses one to the source and the service given\n\
             # here, lists of type url as its category, lists of type ip as its destination; never both in one rule.\n\
             # file, type, entries, source, service\n",
        );
        for List { file, kind, source, transport, ports, lines } in &self.lists {
            let _ = writeln!(
                text,
                "{file}, {kind}, {}, {}, {transport} {ports}",
                lines.len(),
                set::comment(source)
            );
        }
        text
    }
}
