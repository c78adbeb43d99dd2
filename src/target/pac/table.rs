//! The table: which names, on which ports.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::address::{PortRange, Transport};
use crate::finding::{Code, Finding, Findings, Severity};
use crate::host::HostPattern;
use crate::rule::RuleId;
use crate::target::{Fitted, FittedRule, Match};

/// One key of the table.
#[derive(Debug, Serialize)]
pub(super) struct Entry {
    /// `=name` is that name, `.name` every name below it. No property that objects inherit starts with either sign, so
    /// that a host called `constructor` or `__proto__` finds nothing.
    pub(super) key: String,
    /// First and last port of each range: `443, 443`.
    pub(super) ports: String,
    /// The rules behind it.
    pub(super) rules: Vec<String>,
}

/// The keys of all rules, sorted.
///
/// # Errors
/// `nothing-selected` without a rule; `not-through-proxy` and `destination-not-given` for a rule that should not have
/// come this far.
pub(super) fn table(fitted: &Fitted) -> Result<Vec<Entry>, Findings> {
    let mut findings = Findings::new();
    let mut table: BTreeMap<String, (BTreeSet<PortRange>, BTreeSet<&RuleId>)> = BTreeMap::new();
    for rule in &fitted.rules {
        match keys(rule) {
            Err(finding) => findings.push(finding),
            Ok(keys) => {
                for key in keys {
                    let (ports, rules) = table.entry(key).or_default();
                    ports.insert(rule.ports);
                    rules.insert(&rule.rule.id);
                }
            }
        }
    }
    if fitted.rules.is_empty() {
        findings.push(Finding::new(Code::NothingSelected, "pac: no rule is left that passes a proxy"));
    }
    let entries = table.into_iter().map(|(key, (ports, rules))| Entry {
        key,
        ports: ports
            .iter()
            .map(|range| format!("{}, {}", range.first(), range.last()))
            .collect::<Vec<_>>()
            .join(", "),
        rules: rules.into_iter().map(ToString::to_string).collect(),
    });
    findings.or_value(entries.collect()).map(|(entries, _)| entries)
}

/// Roughly how many bytes the table takes in the file.
pub(super) fn size(table: &[Entry]) -> usize {
    let entry = |entry: &Entry| entry.key.len() + entry.ports.len() + entry.rules.len() * 13 + 12;
    table.iter().map(entry).sum()
}

fn keys(rule: &FittedRule) -> Result<Vec<String>, Finding> {
    if rule.transport != Transport::Tcp {
        let message = format!("pac: rule {}: only TCP passes a proxy", rule.rule.id);
        return Err(Finding::new(Code::NotThroughProxy, message).severity(Severity::Error));
    }
    match &rule.destination {
        Match::Name(HostPattern::Exact(name)) => Ok(vec![format!("={name}")]),
        Match::Name(HostPattern::Below { suffix, apex: false }) => Ok(vec![format!(".{suffix}")]),
        Match::Name(HostPattern::Below { suffix, apex: true }) => {
            Ok(vec![format!("={suffix}"), format!(".{suffix}")])
        }
        _ => {
            let message = format!("pac: rule {}: its destination is not a name", rule.rule.id);
            Err(Finding::new(Code::DestinationNotGiven, message))
        }
    }
}
