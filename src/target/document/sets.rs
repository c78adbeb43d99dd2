//! The address sets of an artifact, each once and under a name of its own.

use std::collections::BTreeMap;
use std::sync::Arc;

use sha2::{Digest as _, Sha256};

use crate::place::{AddressSet, Basis};
use crate::rule::base32;
use crate::target::{Fitted, Match};

/// All sets that the hops of an artifact refer to, ordered by name.
#[derive(Debug)]
pub(in crate::target) struct Sets(BTreeMap<String, Arc<AddressSet>>);

impl Sets {
    /// The sets of `fitted`. A set keeps its own name; where two contents have one name (two proxies are both `proxy`), a digest of the
    /// content is appended to it for both.
    pub(in crate::target) fn of(fitted: &Fitted) -> Self {
        let mut distinct: BTreeMap<&str, Vec<&Arc<AddressSet>>> = BTreeMap::new();
        for side in fitted.rules.iter().flat_map(|rule| [&rule.source, &rule.destination]) {
            let Match::Addresses(set) = side else { continue };
            let known = distinct.entry(&set.name).or_default();
            if !known.iter().any(|other| same(other, set)) {
                known.push(set);
            }
        }
        let named = distinct
            .values()
            .flat_map(|sets| sets.iter().map(|set| (name(set, sets.len()), Arc::clone(set))));
        Self(named.collect())
    }

    /// The name of a set in this artifact.
    pub(in crate::target) fn name_of(&self, set: &Arc<AddressSet>) -> String {
        // Sites have thousands of hosts: no look through all of them for each rule.
        let is_here = |name: &str| self.0.get(name).is_some_and(|other| same(other, set));
        if is_here(&set.name) {
            return set.name.clone();
        }
        let entry = self.0.iter().find(|(_, other)| same(other, set));
        entry.map_or_else(|| set.name.clone(), |(name, _)| name.clone())
    }

    /// Names and sets in order.
    pub(in crate::target) fn iter(&self) -> impl Iterator<Item = (&str, &AddressSet)> {
        self.0.iter().map(|(name, set)| (name.as_str(), set.as_ref()))
    }
}

fn same(a: &Arc<AddressSet>, b: &Arc<AddressSet>) -> bool {
    Arc::ptr_eq(a, b) || a == b
}

fn name(set: &AddressSet, namesakes: usize) -> String {
    if namesakes == 1 { set.name.clone() } else { format!("{}-{}", set.name, content_id(set)) }
}

/// Ten characters that stand for what a set holds and where it comes from.
fn content_id(set: &AddressSet) -> String {
    let cloud = set.cloud.as_ref().map(ToString::to_string);
    let basis = match &set.basis {
        Basis::Site => "site".to_owned(),
        Basis::WholeFile => "whole-file".to_owned(),
        Basis::Tag { tag, documented } => format!("tag:{tag}:{documented}"),
    };
    let mut hash = Sha256::new();
    for part in [Some(&basis), set.range_file.as_ref(), cloud.as_ref()] {
        hash.update(part.map_or("", String::as_str));
        hash.update(b"\n");
    }
    for prefix in set.prefixes.prefixes() {
        hash.update(prefix.to_string());
        hash.update(b"\n");
    }
    base32(&hash.finalize(), 10)
}
