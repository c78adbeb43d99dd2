//! netfilter: what `nftables` and `iptables` share.
//!
//! Both hand the kernel the same two things: sets of addresses, each of one family, and lines that accept what goes from
//! one set to another on some ports. This module makes those of the rules; each target writes them in its own words.

mod ports;
mod set;

use std::collections::BTreeMap;

use super::remark::remark;
use super::{
    Capabilities, Enforces, Fitted, FittedRule, Header, Match, NameSupport, PortSupport, Settings,
    SourceSupport, comment,
};
use crate::address::{Family, PortRange, Transport};
use crate::finding::{Code, Finding, Findings};
use crate::place::AddressSet;
pub(super) use set::{Set, SetNames};
use set::{Sets, part_is_empty};

/// What a filter of addresses and ports can say. nft looks up a name once, when it loads the file, and ipset has no names
/// at all (tried on nft 1.0.6 and ipset 7.17), so names need addresses.
pub(super) fn capabilities(_: &Settings) -> Capabilities {
    Capabilities {
        source: SourceSupport::Addresses,
        names: NameSupport::None,
        addresses: true,
        paths: false,
        ports: PortSupport::Exact,
        source_ports: true,
        words: false,
        identity: None,
    }
}

/// What is accepted for the same reason: one line for each family that both ends have.
#[derive(Debug)]
pub(super) struct Accept {
    pub(super) lines: Vec<Line>,
    pub(super) transport: Transport,
    /// Sorted, without overlap.
    pub(super) ports: Vec<PortRange>,
    pub(super) source_ports: Option<PortRange>,
    /// Why it is there, for comments above it.
    pub(super) comments: Vec<String>,
    /// Ids of its rules, sorted.
    pub(super) rules: Vec<String>,
}

/// From one set to another; an end without a set is anyone. Never both are.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Line {
    pub(super) source: Option<String>,
    pub(super) destination: Option<String>,
    pub(super) family: Family,
}

/// Everything of one artifact, with its name.
#[derive(Debug)]
pub(super) struct Policy {
    pub(super) sets: Vec<Set>,
    pub(super) accepts: Vec<Accept>,
}

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Way {
    lines: Vec<Line>,
    transport: Transport,
    source_ports: Option<PortRange>,
}

/// Names the sets, and groups what goes the same way: ports that the same two ends have for one transport stand in one
/// line, so that no port meets an end that is not its own.
///
/// # Errors
/// `nothing-selected` without a rule, `invalid-name`, and the codes of [`ends`] for a rule that should not have come this
/// far.
pub(super) fn policy(target: &str, fitted: &Fitted, names: &SetNames) -> Result<Policy, Findings> {
    let mut findings = Findings::new();
    if fitted.rules.is_empty() {
        let message = format!("{target}: no rule of the selection concerns this firewall");
        findings.push(
            Finding::new(Code::NothingSelected, message)
                .help("widen the selection, or leave this target out"),
        );
    }
    let mut sets = Sets::new(fitted, names);
    let mut ways: BTreeMap<Way, Vec<&FittedRule>> = BTreeMap::new();
    for rule in &fitted.rules {
        match way(target, rule, &mut sets) {
            Ok(way) => ways.entry(way).or_default().push(rule),
            Err(finding) => findings.push(finding),
        }
    }
    let accepts = ways.into_iter().map(|(way, rules)| accept(way, &rules)).collect();
    findings.append(sets.collisions(target));
    findings.or_value(Policy { sets: sets.finish(), accepts }).map(|(policy, _)| policy)
}

/// A line for each family that both ends have.
fn way<'a>(target: &str, rule: &'a FittedRule, sets: &mut Sets<'a>) -> Result<Way, Finding> {
    let [source, destination] = ends(target, rule)?;
    let met = |family: &Family| {
        [source, destination].into_iter().flatten().all(|set| !part_is_empty(&set.prefixes, *family))
    };
    let mut lines = Vec::new();
    for family in Family::ALL.into_iter().filter(met) {
        lines.push(Line {
            source: source.map(|set| sets.name(set, family)),
            destination: destination.map(|set| sets.name(set, family)),
            family,
        });
    }
    if lines.is_empty() {
        return Err(refusal(target, rule, Code::EmptyAddresses, "its ends have no address family in common"));
    }
    Ok(Way { lines, transport: rule.transport, source_ports: rule.source_ports })
}

/// Source and destination; `None` is anyone.
///
/// # Errors
/// `source-not-given` and `destination-not-given` for an end that is neither addresses nor anyone, and for a rule between
/// anyone and anyone, which would open a port of everything; `empty-addresses`.
fn ends<'a>(target: &str, rule: &'a FittedRule) -> Result<[Option<&'a AddressSet>; 2], Finding> {
    let end = |end: &'a Match, code: Code, what: &str| match end {
        Match::Any => Ok(None),
        Match::Addresses(set) if set.prefixes.is_empty() => {
            Err(refusal(target, rule, Code::EmptyAddresses, &format!("no {what}")))
        }
        Match::Addresses(set) => Ok(Some(&**set)),
        _ => Err(refusal(target, rule, code, &format!("its {what} is no addresses"))),
    };
    let source = end(&rule.source, Code::SourceNotGiven, "source")?;
    let destination = end(&rule.destination, Code::DestinationNotGiven, "destination")?;
    if source.is_none() && destination.is_none() {
        return Err(refusal(target, rule, Code::SourceNotGiven, "neither end has addresses"));
    }
    Ok([source, destination])
}

fn refusal(target: &str, rule: &FittedRule, code: Code, what: &str) -> Finding {
    Finding::new(code, format!("{target}: rule {}: {what}", rule.rule.id))
        .help("give addresses with --address ROLE=CIDR,...")
}

fn accept(way: Way, rules: &[&FittedRule]) -> Accept {
    let Way { lines, transport, source_ports } = way;
    let mut ids: Vec<String> = rules.iter().map(|rule| rule.rule.id.to_string()).collect();
    ids.sort();
    ids.dedup();
    let mut remarks: Vec<String> = rules.iter().map(|rule| remark(rule)).collect();
    remarks.sort();
    remarks.dedup();
    Accept {
        lines,
        transport,
        ports: ports::joined(rules.iter().map(|rule| rule.ports)),
        source_ports,
        comments: remarks.iter().flat_map(|remark| comment::wrap(remark)).collect(),
        rules: ids,
    }
}

impl Accept {
    /// `portbook r-... r-...`, as many ids as `limit` bytes hold; `+2` stands for two more, which the comments above name.
    pub(super) fn label(&self, limit: usize) -> String {
        let mut label = "portbook".to_owned();
        for (index, rule) in self.rules.iter().enumerate() {
            let left = self.rules.len() - index;
            let room = if left > 1 { " +9999".len() } else { 0 };
            if label.len() + 1 + rule.len() + room > limit {
                return format!("{label} +{left}");
            }
            label = format!("{label} {rule}");
        }
        label
    }
}

/// The lines at the top. `standalone` becomes line 2; of a fragment, `place` says where it goes.
pub(super) fn header(fitted: &Fitted, standalone: Option<&str>, place: &[String]) -> Vec<String> {
    let mut header = fitted.header.clone();
    if standalone.is_some() {
        header.enforces = Header::enforces(Enforces::Always);
    }
    let mut lines = header.lines();
    let (at, own) = match standalone {
        Some(line) => (1, vec![line.to_owned()]),
        None => (3, place.to_vec()),
    };
    let at = at.min(lines.len());
    lines.splice(at..at, own);
    lines.iter().flat_map(|line| comment::wrap(line)).collect()
}
