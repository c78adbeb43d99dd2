//! Two files compared by address: splitting, merging and reordering prefixes is no change.

use std::collections::{HashMap, HashSet};

use crate::address::{AddressCount, Family, Prefix, PrefixSet};
use crate::finding::Findings;

use super::file::{RangeFile, Tag};

/// What changed between two files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RangeDiff {
    /// Every tag that differs, in the order of the new file, then those that are gone, in the order of the old one.
    pub tags: Vec<TagDiff>,
    /// How many tags have the same prefixes in the same order.
    pub same: usize,
    /// What the tags gained and lost together: an address that moves from one tag to another is neither.
    pub all: SetDiff,
}

/// What changed in one tag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TagDiff {
    /// Its exact name.
    pub name: String,
    /// In which way.
    pub change: TagChange,
    /// Its addresses.
    pub addresses: SetDiff,
    /// How many prefixes are only in the new file, as texts.
    pub prefixes_added: usize,
    /// How many prefixes are only in the old file, as texts.
    pub prefixes_removed: usize,
}

/// In which way a tag differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum TagChange {
    /// It is new.
    Added,
    /// It is gone.
    Removed,
    /// It gained addresses, or gained some and lost others.
    Widened,
    /// It only lost addresses.
    Narrowed,
    /// Its prefixes were split, merged or reordered; it holds the same addresses.
    Regrouped,
}

impl TagChange {
    /// A stable word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Removed => "removed",
            Self::Widened => "widened",
            Self::Narrowed => "narrowed",
            Self::Regrouped => "regrouped",
        }
    }
}

/// The addresses that one set has and another has not.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SetDiff {
    /// Only in the new one.
    pub added: PrefixSet,
    /// Only in the old one.
    pub removed: PrefixSet,
}

impl SetDiff {
    /// Compares two sets.
    pub fn of(old: &PrefixSet, new: &PrefixSet) -> Self {
        Self { added: new.difference(old), removed: old.difference(new) }
    }

    /// Whether both have the same addresses.
    pub fn is_empty(&self) -> bool {
        self.added.is_empty() && self.removed.is_empty()
    }

    /// How many addresses of a family came.
    pub fn gained(&self, family: Family) -> AddressCount {
        self.added.count(family)
    }

    /// How many addresses of a family went.
    pub fn lost(&self, family: Family) -> AddressCount {
        self.removed.count(family)
    }
}

impl RangeDiff {
    /// Compares two files.
    ///
    /// # Errors
    /// As [`RangeFile::prefixes`].
    pub fn of(old: &RangeFile<'_>, new: &RangeFile<'_>) -> Result<Self, Findings> {
        let all = SetDiff::of(&old.whole()?, &new.whole()?);
        let former: HashMap<&str, &Tag<'_>> = old.tags().iter().map(|tag| (tag.name(), tag)).collect();
        let mut tags = Vec::new();
        let mut same = 0;
        for tag in new.tags() {
            match tag_diff(old, former.get(tag.name()).copied(), new, Some(tag))? {
                Some(diff) => tags.push(diff),
                None => same += 1,
            }
        }
        let present: HashSet<&str> = new.tags().iter().map(Tag::name).collect();
        for tag in old.tags().iter().filter(|tag| !present.contains(tag.name())) {
            tags.extend(tag_diff(old, Some(tag), new, None)?);
        }
        Ok(Self { tags, same, all })
    }

    /// Keeps the tags that `wanted` says, by name; the sum over all tags stays what it is.
    pub fn retain(&mut self, wanted: impl Fn(&str) -> bool) {
        self.tags.retain(|tag| wanted(&tag.name));
    }

    /// The tags that differ in a way.
    pub fn tags_of(&self, change: TagChange) -> impl Iterator<Item = &TagDiff> {
        self.tags.iter().filter(move |tag| tag.change == change)
    }

    /// Whether a tag came, went or holds other addresses. Regrouped prefixes are no difference.
    pub fn differs(&self) -> bool {
        self.tags.iter().any(|tag| tag.change != TagChange::Regrouped)
    }
}

/// One tag, on either side or both; nothing if its prefixes are the same.
fn tag_diff<'o, 'n>(
    old: &RangeFile<'o>,
    before: Option<&Tag<'o>>,
    new: &RangeFile<'n>,
    after: Option<&Tag<'n>>,
) -> Result<Option<TagDiff>, Findings> {
    let before_prefixes = before.map(|tag| old.prefixes(tag)).transpose()?.unwrap_or_default();
    let after_prefixes = after.map(|tag| new.prefixes(tag)).transpose()?.unwrap_or_default();
    if before.is_some() && after.is_some() && before_prefixes == after_prefixes {
        return Ok(None);
    }
    let (gone, here): (PrefixSet, PrefixSet) =
        (before_prefixes.iter().collect(), after_prefixes.iter().collect());
    let addresses = SetDiff::of(&gone, &here);
    let change = match (before, after) {
        (None, _) => TagChange::Added,
        (_, None) => TagChange::Removed,
        _ if addresses.is_empty() => TagChange::Regrouped,
        _ if addresses.added.is_empty() => TagChange::Narrowed,
        _ => TagChange::Widened,
    };
    let (old_texts, new_texts) = (sorted(&before_prefixes), sorted(&after_prefixes));
    let name = after.or(before.map(|tag| tag as &Tag<'_>)).map_or("", Tag::name).to_owned();
    Ok(Some(TagDiff {
        name,
        change,
        addresses,
        prefixes_added: lacking(&new_texts, &old_texts),
        prefixes_removed: lacking(&old_texts, &new_texts),
    }))
}

/// Files have them in order, so that this costs little.
fn sorted(prefixes: &[Prefix]) -> Vec<Prefix> {
    let mut sorted = prefixes.to_vec();
    sorted.sort_unstable();
    sorted.dedup();
    sorted
}

/// How many of `some` are not in `others`; both are sorted.
fn lacking(some: &[Prefix], others: &[Prefix]) -> usize {
    let mut others = others.iter().peekable();
    let is_lacking = |prefix: &&Prefix| {
        while others.next_if(|other| other < prefix).is_some() {}
        others.peek() != Some(prefix)
    };
    some.iter().filter(is_lacking).count()
}
