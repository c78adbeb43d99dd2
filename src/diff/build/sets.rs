//! Sets of addresses that gained or lost some.

use std::collections::{BTreeMap, BTreeSet};

use crate::address::PrefixSet;
use crate::manifest::Manifest;
use crate::place::{AddressSet, Basis};
use crate::rule::RuleId;
use crate::target::json::MatchedBy;

/// A set of addresses that both builds have under one name, with other content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetChange {
    /// Its name in the manifest: a host, a tag, the ranges of a cloud.
    pub name: String,
    /// Where its addresses come from.
    pub basis: Basis,
    /// What it gained.
    pub added: PrefixSet,
    /// What it lost.
    pub removed: PrefixSet,
    /// The rules of both builds that have it.
    pub rules: Vec<RuleId>,
}

impl SetChange {
    /// `host agents`, `tag AzureMonitor`, `ranges azure-public`.
    pub fn label(&self) -> String {
        match &self.basis {
            Basis::Site => format!("host {}", self.name),
            Basis::Tag { tag, .. } => format!("tag {tag}"),
            Basis::WholeFile => format!("ranges {}", self.name),
        }
    }
}

/// The sets that differ, with the rules that both builds have; what came or went with a rule is told with the rule.
pub(super) fn changes(old: &Manifest, new: &Manifest) -> Vec<SetChange> {
    let (was, is) = (Sets::of(old), Sets::of(new));
    let mut changes = Vec::new();
    for (name, (set, rules)) in &is.0 {
        let Some((before, rules_before)) = was.0.get(name) else { continue };
        let added = set.prefixes.difference(&before.prefixes);
        let removed = before.prefixes.difference(&set.prefixes);
        let rules: Vec<RuleId> = rules.intersection(rules_before).map(|rule| (*rule).clone()).collect();
        if !(added.is_empty() && removed.is_empty() || rules.is_empty()) {
            changes.push(SetChange {
                name: (*name).to_owned(),
                basis: set.basis.clone(),
                added,
                removed,
                rules,
            });
        }
    }
    changes
}

/// Every set of a manifest with the rules that have it.
struct Sets<'m>(BTreeMap<&'m str, (&'m AddressSet, BTreeSet<&'m RuleId>)>);

impl<'m> Sets<'m> {
    fn of(manifest: &'m Manifest) -> Self {
        let mut sets: BTreeMap<&str, (&AddressSet, BTreeSet<&RuleId>)> =
            manifest.address_sets().map(|(name, set)| (name, (set, BTreeSet::new()))).collect();
        for record in &manifest.rules.rules {
            let sides = record.hops.iter().flat_map(|hop| [&hop.source, &hop.destination]);
            for side in sides {
                if let MatchedBy::Addresses(name) = &side.by
                    && let Some((_, rules)) = sets.get_mut(name.as_str())
                {
                    rules.insert(&record.rule.id);
                }
            }
        }
        for (name, stand_in) in &manifest.stand_ins {
            if let Some((_, rules)) = sets.get_mut(name.as_str()) {
                rules.extend(&stand_in.rules);
            }
        }
        Self(sets)
    }
}
