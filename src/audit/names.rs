//! Sets of host names, closed under everything that policies do with them.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use crate::host::{HostName, HostPattern};

/// A set of names: lists, wildcards, and what is left of them when others are taken out.
///
/// Every name that the set speaks of has a mark: whether it is held itself, and whether the names below it are that have no
/// mark of their own. So union, intersection, difference and complement are exact.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct NameSet {
    /// Whether names are held that lie below no marked one.
    elsewhere: bool,
    /// By name, labels from right to left, so that what lies below a name stands behind it.
    marks: BTreeMap<String, Mark>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Mark {
    own: bool,
    below: bool,
}

impl NameSet {
    /// Every name.
    pub fn all() -> Self {
        Self { elsewhere: true, marks: BTreeMap::new() }
    }

    /// The names below `suffix`, at any depth, and `suffix` itself if `apex`.
    pub fn below(suffix: &HostName, apex: bool) -> Self {
        Self::marked([(suffix.as_str(), apex, true)])
    }

    fn marked<'n>(names: impl IntoIterator<Item = (&'n str, bool, bool)>) -> Self {
        let mut marks: BTreeMap<String, Mark> = BTreeMap::new();
        for (name, own, below) in names {
            let mark = marks.entry(reversed(name)).or_insert(Mark { own: false, below: false });
            mark.own |= own;
            mark.below |= below;
        }
        let above: BTreeSet<String> =
            marks.iter().filter(|(_, mark)| mark.below).map(|(key, _)| key.clone()).collect();
        // What lies below a wildcard is held, whatever its own entry says.
        marks.retain(|key, _| !parents(key).any(|parent| above.contains(parent)));
        Self { elsewhere: false, marks }
    }

    /// Whether no name is held.
    pub fn is_empty(&self) -> bool {
        !self.elsewhere && self.marks.is_empty()
    }

    /// Whether every name is held.
    pub fn is_all(&self) -> bool {
        self.elsewhere && self.marks.is_empty()
    }

    /// Whether names are held that nothing speaks of: all names but some.
    pub(super) fn holds_elsewhere(&self) -> bool {
        self.elsewhere
    }

    /// Every name that is not held.
    #[must_use]
    pub fn complement(&self) -> Self {
        let turned = |mark: &Mark| Mark { own: !mark.own, below: !mark.below };
        let marks = self.marks.iter().map(|(key, mark)| (key.clone(), turned(mark))).collect();
        Self { elsewhere: !self.elsewhere, marks }
    }

    /// What one of both holds.
    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        self.merged(other, self.marks.keys().chain(other.marks.keys()), |one, two| one || two)
    }

    /// What both hold.
    #[must_use]
    pub fn intersection(&self, other: &Self) -> Self {
        if !self.elsewhere || other.elsewhere {
            return self.merged(other, self.keys_with(other), |one, two| one && two);
        }
        other.intersection(self)
    }

    /// What this set holds and `other` does not.
    #[must_use]
    pub fn difference(&self, other: &Self) -> Self {
        self.merged(other, self.keys_with(other), |one, two| one && !two)
    }

    /// The marks that matter to what is part of this set: a short list met with a long one looks at its own names only.
    fn keys_with<'a>(&'a self, other: &'a Self) -> impl Iterator<Item = &'a String> {
        let all = self.elsewhere.then(|| other.marks.keys()).into_iter().flatten();
        let tops = self.marks.iter().filter(move |(_, mark)| !self.elsewhere && mark.below);
        let inside = tops
            .flat_map(|(key, _)| other.marks.range(format!("{key}.")..format!("{key}/")).map(|(key, _)| key));
        self.marks.keys().chain(all).chain(inside)
    }

    fn merged<'a>(
        &self,
        other: &Self,
        keys: impl Iterator<Item = &'a String>,
        holds: fn(bool, bool) -> bool,
    ) -> Self {
        let elsewhere = holds(self.elsewhere, other.elsewhere);
        let mut merged = Self { elsewhere, marks: BTreeMap::new() };
        let keys: BTreeSet<&String> = keys.collect();
        // In order: what lies above a name comes before it.
        for key in keys {
            let (one, two) = (self.at(key), other.at(key));
            let mark = Mark { own: holds(one.own, two.own), below: holds(one.below, two.below) };
            let inherited = merged.inherited(key);
            if mark.own != inherited || mark.below != inherited {
                merged.marks.insert(key.clone(), mark);
            }
        }
        merged
    }

    fn at(&self, key: &str) -> Mark {
        self.marks.get(key).copied().unwrap_or_else(|| {
            let below = self.inherited(key);
            Mark { own: below, below }
        })
    }

    /// What holds for a name that has no mark of its own.
    fn inherited(&self, key: &str) -> bool {
        if self.marks.is_empty() {
            return self.elsewhere;
        }
        parents(key).find_map(|parent| self.marks.get(parent)).map_or(self.elsewhere, |mark| mark.below)
    }

    /// The parts that hang together: a name, or what is held below one. All names but some are one part.
    pub fn parts(&self) -> Vec<Self> {
        if self.elsewhere {
            return vec![self.clone()];
        }
        let tops = self.marks.iter().filter(|(key, mark)| (mark.own || mark.below) && !self.inherited(key));
        tops.map(|(key, mark)| {
            let top = Self {
                elsewhere: false,
                marks: BTreeMap::from([(key.clone(), Mark { own: true, below: mark.below })]),
            };
            top.intersection(self)
        })
        .collect()
    }
}

impl From<&HostPattern> for NameSet {
    fn from(pattern: &HostPattern) -> Self {
        [pattern].into_iter().collect()
    }
}

impl<'p> FromIterator<&'p HostPattern> for NameSet {
    fn from_iter<I: IntoIterator<Item = &'p HostPattern>>(patterns: I) -> Self {
        Self::marked(patterns.into_iter().map(|pattern| match pattern {
            HostPattern::Exact(name) => (name.as_str(), true, false),
            HostPattern::Below { suffix, apex } => (suffix.as_str(), *apex, true),
        }))
    }
}

/// `login.windows.net, *.msappproxy.net except x.msappproxy.net`, in the order of the names.
impl fmt::Display for NameSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (mut held, mut left_out) = (Vec::new(), Vec::new());
        held.extend(self.elsewhere.then(|| "any name".to_owned()));
        for (key, mark) in &self.marks {
            let name = reversed(key);
            let inherited = self.inherited(key);
            let list = if inherited { &mut left_out } else { &mut held };
            match (mark.own != inherited, mark.below != inherited) {
                (true, true) => list.push(format!("[*.]{name}")),
                (true, false) => list.push(name),
                (false, true) => list.push(format!("*.{name}")),
                (false, false) => {}
            }
        }
        f.write_str(&shown(&held))?;
        if left_out.is_empty() { Ok(()) } else { write!(f, " except {}", shown(&left_out)) }
    }
}

/// A list that fits on a line.
pub(super) fn shown(list: &[String]) -> String {
    const MOST: usize = 4;
    let some = list.iter().take(MOST).cloned().collect::<Vec<_>>().join(", ");
    if list.len() > MOST { format!("{some} and {} more", list.len() - MOST) } else { some }
}

fn reversed(name: &str) -> String {
    name.rsplit('.').collect::<Vec<_>>().join(".")
}

/// The keys above a key, the nearest first.
fn parents(key: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(key.rsplit_once('.').map(|(parent, _)| parent), |parent| {
        parent.rsplit_once('.').map(|(parent, _)| parent)
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn set(texts: &[&str]) -> NameSet {
        let patterns: Vec<HostPattern> = texts.iter().map(|text| HostPattern::parse(text).unwrap()).collect();
        patterns.iter().collect()
    }

    fn holds(set: &NameSet, name: &str) -> bool {
        set.at(&reversed(name)).own
    }

    #[test]
    fn a_wildcard_without_its_apex_says_so() {
        let strict = set(&["[*.]x.net"]).difference(&set(&["x.net"]));
        assert_eq!(strict, set(&["*.x.net"]));
        assert_eq!(
            set(&["*.x.net"]).difference(&set(&["[*.]a.x.net"])).to_string(),
            "*.x.net except [*.]a.x.net"
        );
        assert!(set(&["a.x.net", "*.x.net"]).difference(&strict).is_empty());
        assert_eq!(set(&["[*.]x.net", "y.net", "b.z.net"]).parts().len(), 3);
    }

    fn patterns() -> impl Strategy<Value = NameSet> {
        let name = prop::sample::select(vec!["x.net", "a.x.net", "b.a.x.net", "y.net", "a.y.net", "x.com"]);
        let pattern = (name, 0usize..3).prop_map(|(name, kind)| {
            HostPattern::parse(&format!("{}{name}", ["", "*.", "[*.]"][kind])).unwrap()
        });
        let list = prop::collection::vec(pattern, 0..5).prop_map(|list| list.iter().collect::<NameSet>());
        (list, any::<bool>()).prop_map(|(list, turned)| if turned { list.complement() } else { list })
    }

    proptest! {
        #[test]
        fn sets_do_what_they_do_name_by_name(one in patterns(), two in patterns()) {
            let names = [
                "x.net", "a.x.net", "b.a.x.net", "c.b.a.x.net", "z.x.net", "y.net", "a.y.net", "q.a.y.net", "net",
                "com", "x.com", "w.x.com", "other.org", "evilx.net",
            ];
            let (union, both, left) = (one.union(&two), one.intersection(&two), one.difference(&two));
            for name in names {
                let (a, b) = (holds(&one, name), holds(&two, name));
                prop_assert_eq!(holds(&union, name), a || b);
                prop_assert_eq!(holds(&both, name), a && b);
                prop_assert_eq!(holds(&left, name), a && !b);
                prop_assert_eq!(holds(&one.complement(), name), !a);
                let in_parts = one.parts().iter().filter(|part| holds(part, name)).count();
                prop_assert_eq!(in_parts, usize::from(a));
            }
            prop_assert_eq!(one.complement().complement(), one.clone());
            prop_assert!(left.intersection(&two).is_empty());
            prop_assert_eq!(left.union(&both), one);
        }
    }
}
