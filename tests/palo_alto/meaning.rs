//! What rules allow, independent of how they are grouped: (source, zones, service) with names and addresses.

use std::collections::{BTreeMap, BTreeSet};

use portbook::address::{Prefix, PrefixSet};
use portbook::finding::Code;
use portbook::host::{HostPattern, minimal};
use portbook::target::{Fitted, FittedRule, Match};

use super::build::text;
use super::read::{Read, Rule};

/// Source addresses, source zone, destination zone, transport, ports, source ports.
pub(crate) type From = [String; 6];

/// Destinations.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct To {
    web: Vec<HostPattern>,
    resolved: BTreeSet<String>,
    prefixes: PrefixSet,
    any: bool,
}

fn canonical(mut meaning: BTreeMap<From, To>) -> BTreeMap<From, To> {
    for to in meaning.values_mut() {
        to.web = minimal(std::mem::take(&mut to.web));
    }
    meaning
}

/// Whether a name is matched by looked-up addresses.
pub(crate) fn resolved(rule: &FittedRule) -> bool {
    rule.losses.iter().any(|loss| loss.code == Code::FqdnByAddress)
}

/// What was to be said.
pub(crate) fn wanted(fitted: &Fitted, options: &[(&str, &str)]) -> BTreeMap<From, To> {
    let option = |key| options.iter().find(|(known, _)| *known == key).map_or("any", |(_, value)| value);
    let mut meaning: BTreeMap<From, To> = BTreeMap::new();
    for rule in &fitted.rules {
        let (from, to) = rule.zones();
        let source = match &rule.source {
            Match::Any => "any".to_owned(),
            Match::Addresses(set) => text(&set.prefixes),
            other => panic!("{other:?}"),
        };
        let key = [
            source,
            from.map_or(option("from-zone").to_owned(), ToString::to_string),
            to.map_or(option("to-zone").to_owned(), ToString::to_string),
            rule.transport.to_string(),
            rule.ports.to_string(),
            rule.source_ports.map(|ports| ports.to_string()).unwrap_or_default(),
        ];
        let to = meaning.entry(key).or_default();
        match &rule.destination {
            Match::Any => to.any = true,
            Match::Addresses(set) => to.prefixes = to.prefixes.union(&set.prefixes),
            Match::Name(pattern) if resolved(rule) => {
                to.resolved.insert(pattern.to_string());
            }
            Match::Name(pattern) => to.web.push(pattern.clone()),
            other => panic!("{other:?}"),
        }
    }
    canonical(meaning)
}

/// What a configuration says.
pub(crate) fn meaning(read: &Read, rules: &BTreeMap<String, Rule>) -> BTreeMap<From, To> {
    let mut meaning: BTreeMap<From, To> = BTreeMap::new();
    for rule in rules.values() {
        let source = match rule.source.as_str() {
            "any" => "any".to_owned(),
            group => text(&addresses(read, group).0),
        };
        for service in &rule.services {
            let (transport, ports, source_ports) = read.services[service].clone();
            let key = [source.clone(), rule.from.clone(), rule.to.clone(), transport, ports, source_ports];
            let to = meaning.entry(key).or_default();
            match (rule.destination.as_str(), rule.category.as_str()) {
                ("any", "any") => to.any = true,
                ("any", category) => {
                    to.web.extend(read.categories[category].iter().map(|entry| pattern(entry)));
                }
                (group, "any") => {
                    let (prefixes, names) = addresses(read, group);
                    to.prefixes = to.prefixes.union(&prefixes);
                    to.resolved.extend(names);
                }
                (group, category) => panic!("{group} and {category}"),
            }
        }
    }
    canonical(meaning)
}

fn addresses(read: &Read, group: &str) -> (PrefixSet, Vec<String>) {
    let mut prefixes = Vec::new();
    let mut names = Vec::new();
    for member in &read.groups[group] {
        match &read.addresses[member] {
            (kind, value) if kind == "ip-netmask" => prefixes.push(Prefix::parse(value).unwrap()),
            (_, value) => names.push(value.clone()),
        }
    }
    (prefixes.into_iter().collect(), names)
}

/// The strict meaning of an entry with its slash.
fn pattern(entry: &str) -> HostPattern {
    HostPattern::parse(entry.strip_suffix('/').unwrap()).unwrap()
}
