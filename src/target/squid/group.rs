//! Groups: what the same clients may reach on the same ports.

use std::collections::{BTreeMap, BTreeSet};

use crate::address::{IntervalSet, PortRange, PrefixSet, Transport};
use crate::finding::{Code, Finding, Findings};
use crate::host::HostPattern;
use crate::place::AddressSet;
use crate::rule::TlsInspection;
use crate::target::{Fitted, FittedRule, Match};

/// Who opens the connections of a group; `None` is anyone.
pub(super) type Clients = Option<Addresses>;

/// A named list of addresses in Squid's notation.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Addresses {
    pub(super) name: String,
    pub(super) prefixes: Vec<String>,
}

/// One `http_access allow` by name, and one for each list of addresses.
#[derive(Debug)]
pub(super) struct Group<'a> {
    pub(super) clients: Clients,
    pub(super) ports: Vec<PortRange>,
    pub(super) hosts: Vec<(HostPattern, &'a FittedRule)>,
    pub(super) nets: BTreeMap<Addresses, Vec<&'a FittedRule>>,
}

impl<'a> Group<'a> {
    /// What a document excludes from TLS inspection.
    pub(super) fn uninspected(&self) -> impl Iterator<Item = &(HostPattern, &'a FittedRule)> {
        self.hosts.iter().filter(|(_, rule)| rule.rule.tls_inspection == TlsInspection::Exclude)
    }

    /// The same by the ports on which it is excluded: another rule may name the host on a port of the group without
    /// excluding it there.
    pub(super) fn spliced(&self) -> BTreeMap<Vec<PortRange>, Vec<(HostPattern, &'a FittedRule)>> {
        let mut by_pattern: BTreeMap<&HostPattern, Vec<_>> = BTreeMap::new();
        for each in self.uninspected() {
            by_pattern.entry(&each.0).or_default().push(each.clone());
        }
        let mut by_ports: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for rules in by_pattern.into_values() {
            let ports = merged(rules.iter().map(|(_, rule)| rule.ports));
            by_ports.entry(ports).or_default().extend(rules);
        }
        by_ports
    }
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Destination {
    Host(HostPattern),
    Nets(Addresses),
}

type Flows<'a> = BTreeMap<(Clients, Destination), Vec<&'a FittedRule>>;

/// The groups of all rules, by clients and ports.
///
/// # Errors
/// `nothing-selected` without a rule; `empty-addresses`, `not-through-proxy` and `destination-not-given` for a rule
/// that should not have come this far.
pub(super) fn groups(fitted: &Fitted) -> Result<Vec<Group<'_>>, Findings> {
    let mut findings = Findings::new();
    let mut flows = Flows::new();
    for rule in &fitted.rules {
        match ends(rule) {
            Ok(ends) => flows.entry(ends).or_default().push(rule),
            Err(finding) => findings.push(finding),
        }
    }
    if fitted.rules.is_empty() {
        findings.push(Finding::new(Code::NothingSelected, "squid: no rule is left that passes this proxy"));
    }
    findings.or_value(by_ports(flows)).map(|(groups, _)| groups)
}

fn by_ports(flows: Flows<'_>) -> Vec<Group<'_>> {
    let mut groups = BTreeMap::new();
    for ((clients, destination), rules) in flows {
        let ports = merged(rules.iter().map(|rule| rule.ports));
        let group = groups.entry((clients.clone(), ports.clone())).or_insert_with(|| Group {
            clients,
            ports,
            hosts: Vec::new(),
            nets: BTreeMap::new(),
        });
        match destination {
            Destination::Host(pattern) => {
                group.hosts.extend(rules.into_iter().map(|rule| (pattern.clone(), rule)));
            }
            Destination::Nets(nets) => group.nets.entry(nets).or_default().extend(rules),
        }
    }
    groups.into_values().collect()
}

/// Sorted ranges, without those that another one covers.
fn merged(ranges: impl Iterator<Item = PortRange>) -> Vec<PortRange> {
    let ranges: BTreeSet<PortRange> = ranges.collect();
    let covered = |range: &PortRange| ranges.iter().any(|other| other != range && other.covers(*range));
    ranges.iter().filter(|range| !covered(range)).copied().collect()
}

fn ends(rule: &FittedRule) -> Result<(Clients, Destination), Finding> {
    let refuse = |code: Code, what: &str| Finding::new(code, format!("squid: rule {}: {what}", rule.rule.id));
    if rule.transport != Transport::Tcp {
        let finding = refuse(Code::NotThroughProxy, "only TCP passes a proxy");
        return Err(finding.severity(crate::finding::Severity::Error));
    }
    let clients = match &rule.source {
        Match::Any => None,
        Match::Addresses(set) => {
            Some(addresses(set).ok_or_else(|| refuse(Code::EmptyAddresses, "no client"))?)
        }
        _ => return Err(refuse(Code::SourceNotGiven, "its clients have no addresses")),
    };
    let destination = match &rule.destination {
        Match::Name(pattern) => Destination::Host(pattern.clone()),
        Match::Addresses(set) => {
            Destination::Nets(addresses(set).ok_or_else(|| refuse(Code::EmptyAddresses, "no destination"))?)
        }
        _ => {
            return Err(refuse(Code::DestinationNotGiven, "its destination is neither a name nor addresses"));
        }
    };
    Ok((clients, destination))
}

/// The addresses in Squid's notation; none for the empty set.
///
/// Squid 5.7 keeps IPv4 in `::ffff:0:0/96`, takes `0.0.0.0/0` for all of IPv6 too, lets IPv6 prefixes that hold
/// `::ffff:0:0/96` match IPv4 clients, and lets `::/0` match nobody. So IPv6 goes without that block, which no client
/// has an address of, and all of IPv4 is written as two halves.
fn addresses(set: &AddressSet) -> Option<Addresses> {
    let mapped: IntervalSet<u128> = [(0xffff_0000_0000, 0xffff_ffff_ffff)].into_iter().collect();
    let mapped = PrefixSet::new(IntervalSet::from_iter([]), mapped);
    let halves = |prefix: crate::address::Prefix| match prefix.length() {
        0 => vec!["0.0.0.0/1".to_owned(), "128.0.0.0/1".to_owned()],
        _ => vec![prefix.to_bare()],
    };
    let prefixes: Vec<String> = set.prefixes.difference(&mapped).prefixes().flat_map(halves).collect();
    (!prefixes.is_empty()).then(|| Addresses { name: set.name.clone(), prefixes })
}
