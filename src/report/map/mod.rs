//! The map of the address space: IPv4 along Hilbert's curve, IPv6 as bars.

mod bar;
mod square;
mod tile;

pub(super) use bar::bars;
pub(super) use square::map;

use crate::address::{AddressCount, IntervalSet, PrefixSet};

use super::AddressChange;

/// Addresses of one part of the space.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Counts {
    added: AddressCount,
    removed: AddressCount,
    kept: AddressCount,
}

impl Counts {
    /// What a part is shown as: what changes counts more than what stays.
    fn state(self) -> Option<&'static str> {
        match (self.added.is_zero(), self.removed.is_zero()) {
            (false, false) => Some("both"),
            (false, true) => Some("more"),
            (true, false) => Some("less"),
            (true, true) => (!self.kept.is_zero()).then_some("kept"),
        }
    }

    fn plus(self, other: Self) -> Self {
        Self {
            added: self.added + other.added,
            removed: self.removed + other.removed,
            kept: self.kept + other.kept,
        }
    }

    fn words(self) -> String {
        let parts = [(self.added, "added"), (self.removed, "removed"), (self.kept, "kept")];
        let parts = parts.iter().filter(|(count, _)| !count.is_zero());
        parts.map(|(count, word)| format!("{count} {word}")).collect::<Vec<_>>().join(", ")
    }
}

/// Counts the parts of the IPv4 space that have the same first `bits` bits, by their number.
fn count_parts(change: &AddressChange, bits: u8) -> Vec<Counts> {
    let mut parts = vec![Counts::default(); 1 << bits];
    let mut add = |set: &PrefixSet, count: fn(&mut Counts) -> &mut AddressCount| {
        each_part(set.v4(), bits, |part, addresses| {
            if let Some(counts) = usize::try_from(part).ok().and_then(|part| parts.get_mut(part)) {
                let count = count(counts);
                *count = *count + AddressCount::from(u128::from(addresses));
            }
        });
    };
    add(&change.added, |counts| &mut counts.added);
    add(&change.removed, |counts| &mut counts.removed);
    add(&change.kept, |counts| &mut counts.kept);
    parts
}

/// How many addresses of a set lie in each part that it touches. One walk through the set.
fn each_part(set: &IntervalSet<u32>, bits: u8, mut tell: impl FnMut(u32, u64)) {
    let shift = 32 - u32::from(bits);
    for (first, last) in set.iter() {
        for part in first >> shift..=last >> shift {
            let start = first.max(part << shift);
            let end = last.min(part << shift | ((1 << shift) - 1));
            tell(part, u64::from(end - start) + 1);
        }
    }
}
