//! Sets of addresses that gained or lost some.

use std::collections::{BTreeMap, BTreeSet};

use crate::address::PrefixSet;
use crate::manifest::Manifest;
use crate::place::{AddressSet, Basis};
use crate::rule::RuleId;
use crate::target::json::MatchedBy;

/// A set of addresses of rules that both builds have, with other content.
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
    /// Whether the older build has no such set: its rules matched something else.
    pub is_new: bool,
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

/// The sets that differ, with the rules that both builds have; what came or went with a rule is told with the rule, and
/// hosts that came or went with the ways. Of a set that only one build has all addresses came or went.
pub(super) fn changes(old: &Manifest, new: &Manifest) -> Vec<SetChange> {
    let (was, is) = (Sets::of(old), Sets::of(new));
    let names: BTreeSet<&str> = was.0.keys().chain(is.0.keys()).copied().collect();
    let nothing = PrefixSet::default();
    let mut changes = Vec::new();
    for name in names {
        let (before, now) = (was.0.get(name), is.0.get(name));
        let Some((set, _)) = now.or(before) else { continue };
        if set.basis == Basis::Site && (before.is_none() || now.is_none()) {
            continue;
        }
        let prefixes = |side: Option<&(&'_ AddressSet, BTreeSet<&'_ RuleId>)>| {
            side.map_or_else(|| nothing.clone(), |(set, _)| set.prefixes.clone())
        };
        let (had, has) = (prefixes(before), prefixes(now));
        let (added, removed) = (has.difference(&had), had.difference(&has));
        let rules = match (before, now) {
            (Some((_, was)), Some((_, is))) => is.intersection(was).map(|rule| (*rule).clone()).collect(),
            (None, Some((_, rules))) => of_both(rules, old),
            (Some((_, rules)), None) => of_both(rules, new),
            (None, None) => Vec::new(),
        };
        let change = |added, removed, rules, is_new| SetChange {
            name: name.to_owned(),
            basis: set.basis.clone(),
            added,
            removed,
            rules,
            is_new,
        };
        if !(added.is_empty() && removed.is_empty() || rules.is_empty()) {
            changes.push(change(added, removed, rules, before.is_none()));
        }
        // The same set at another rule of both builds: all of it came there, or went. Of hosts the ways tell it.
        if let (Some((was_set, was)), Some((is_set, is))) = (before, now)
            && set.basis != Basis::Site
        {
            let came = of_both(&is.difference(was).copied().collect(), old);
            let went = of_both(&was.difference(is).copied().collect(), new);
            if !came.is_empty() {
                changes.push(change(is_set.prefixes.clone(), nothing.clone(), came, true));
            }
            if !went.is_empty() {
                changes.push(change(nothing.clone(), was_set.prefixes.clone(), went, false));
            }
        }
    }
    changes
}

/// Those of `rules` that the other build has too.
fn of_both(rules: &BTreeSet<&RuleId>, other: &Manifest) -> Vec<RuleId> {
    let others: BTreeSet<&RuleId> = other.rules.rules.iter().map(|record| &record.rule.id).collect();
    rules.intersection(&others).map(|rule| (*rule).clone()).collect()
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
