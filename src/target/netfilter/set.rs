//! Sets of addresses: one family each, with names that follow what they stand for.

use std::collections::BTreeMap;

use crate::address::{Family, PrefixSet};
use crate::finding::{Code, Finding, Findings};
use crate::place::AddressSet;
use crate::target::name::{fitted, marked};
use crate::target::{Fitted, Match};

/// A set as the kernel holds it.
#[derive(Debug)]
pub(in crate::target) struct Set {
    pub(in crate::target) name: String,
    pub(in crate::target) family: Family,
    /// One prefix each, single addresses bare, sorted; never empty.
    pub(in crate::target) prefixes: Vec<String>,
}

/// How a product names sets.
#[derive(Debug)]
pub(in crate::target) struct SetNames {
    /// What stands in front of every name.
    pub(in crate::target) prefix: String,
    /// The longest name.
    pub(in crate::target) longest: usize,
}

/// The sets of an artifact, each content once.
pub(super) struct Sets<'a> {
    names: &'a SetNames,
    /// The different contents of each label and family.
    contents: BTreeMap<(&'a str, Family), Vec<&'a PrefixSet>>,
    made: BTreeMap<String, (Family, &'a PrefixSet)>,
    twice: Vec<String>,
}

impl<'a> Sets<'a> {
    pub(super) fn new(fitted: &'a Fitted, names: &'a SetNames) -> Self {
        let mut sets = Self { names, contents: BTreeMap::new(), made: BTreeMap::new(), twice: Vec::new() };
        for rule in &fitted.rules {
            for side in [&rule.source, &rule.destination] {
                if let Match::Addresses(set) = side {
                    for family in Family::ALL {
                        sets.content(set, family);
                    }
                }
            }
        }
        sets
    }

    fn content(&mut self, set: &'a AddressSet, family: Family) {
        let known = self.contents.entry((label(set), family)).or_default();
        let fresh = !known.iter().any(|known| part_is_equal(known, &set.prefixes, family));
        if fresh && !part_is_empty(&set.prefixes, family) {
            known.push(&set.prefixes);
        }
    }

    /// The name of one family of a set: by its label, and by its content too where contents of one label differ, as those
    /// of two proxies do.
    pub(super) fn name(&mut self, set: &'a AddressSet, family: Family) -> String {
        let label = label(set);
        let text = format!("{}-{label}", self.names.prefix);
        let suffix = match family {
            Family::V4 => "-v4",
            Family::V6 => "-v6",
        };
        let longest = self.names.longest - suffix.len();
        let several = self.contents.get(&(label, family)).is_some_and(|contents| contents.len() > 1);
        let stem = if several {
            marked(&text, &format!("{text}|{}", set.prefixes.family(family)), longest)
        } else {
            fitted(&text, longest)
        };
        let name = stem + suffix;
        let (_, made) = *self.made.entry(name.clone()).or_insert((family, &set.prefixes));
        if !part_is_equal(made, &set.prefixes, family) {
            self.twice.push(name.clone());
        }
        name
    }

    /// Names that would stand for two contents.
    pub(super) fn collisions(&mut self, target: &str) -> Findings {
        self.twice.sort();
        self.twice.dedup();
        let finding = |name: String| {
            Finding::new(Code::InvalidName, format!("{target}: the set `{name}` would stand for two lists"))
                .help("rename one of the hosts or the site")
        };
        std::mem::take(&mut self.twice).into_iter().map(finding).collect()
    }

    pub(super) fn finish(self) -> Vec<Set> {
        let set = |(name, (family, content))| Set { name, family, prefixes: texts(content, family) };
        self.made.into_iter().map(set).collect()
    }
}

/// The name without the family that is all that is left of the set: the name here tells the family anyway.
fn label(set: &AddressSet) -> &str {
    let name = set.name.as_str();
    Family::ALL.iter().find_map(|family| name.strip_suffix(&format!("-{family}"))).unwrap_or(name)
}

pub(super) fn part_is_empty(set: &PrefixSet, family: Family) -> bool {
    match family {
        Family::V4 => set.v4().is_empty(),
        Family::V6 => set.v6().is_empty(),
    }
}

fn part_is_equal(one: &PrefixSet, other: &PrefixSet, family: Family) -> bool {
    match family {
        _ if std::ptr::eq(one, other) => true,
        Family::V4 => one.v4() == other.v4(),
        Family::V6 => one.v6() == other.v6(),
    }
}

/// All of a family is written as two halves: ipset takes no prefix of length 0 (tried on 7.17).
fn texts(set: &PrefixSet, family: Family) -> Vec<String> {
    let halves = |prefix: crate::address::Prefix| match (prefix.length(), family) {
        (0, Family::V4) => vec!["0.0.0.0/1".to_owned(), "128.0.0.0/1".to_owned()],
        (0, Family::V6) => vec!["::/1".to_owned(), "8000::/1".to_owned()],
        _ => vec![prefix.to_bare()],
    };
    set.family(family).prefixes().flat_map(halves).collect()
}
