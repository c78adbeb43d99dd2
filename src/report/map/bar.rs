//! IPv6: one bar for each /32, or for each larger prefix.

use std::net::{IpAddr, Ipv6Addr};

use serde::Serialize;

use super::Counts;
use crate::address::{AddressCount, Family, Prefix, PrefixSet};
use crate::report::AddressChange;

/// A part of the IPv6 space, as its template prints it.
#[derive(Debug, Serialize)]
pub(in crate::report) struct Bar {
    prefix: String,
    state: &'static str,
    added: String,
    removed: String,
    kept: String,
    /// Of 100: how much comes or goes, by order of magnitude.
    width: u32,
}

/// The parts that hold something, ascending.
pub(in crate::report) fn bars(change: &AddressChange) -> Vec<Bar> {
    let all = change.added.union(&change.removed).union(&change.kept).family(Family::V6);
    let mut parts: Vec<(Prefix, Counts)> = Vec::new();
    for prefix in all.prefixes().map(part_of) {
        if parts.last().is_none_or(|(last, _)| *last != prefix) {
            parts.push((prefix, Counts::default()));
        }
    }
    count(&mut parts, &change.added, |counts| &mut counts.added);
    count(&mut parts, &change.removed, |counts| &mut counts.removed);
    count(&mut parts, &change.kept, |counts| &mut counts.kept);
    parts.into_iter().filter_map(|(prefix, counts)| bar(prefix, counts)).collect()
}

/// The /32 that holds a prefix; a prefix that is no smaller stands for itself.
fn part_of(prefix: Prefix) -> Prefix {
    let IpAddr::V6(first) = prefix.first() else { return prefix };
    if prefix.length() <= 32 {
        return prefix;
    }
    let network = Ipv6Addr::from(u128::from(first) >> 96 << 96);
    Prefix::new(IpAddr::V6(network), 32).unwrap_or(prefix)
}

fn count(parts: &mut [(Prefix, Counts)], set: &PrefixSet, of: fn(&mut Counts) -> &mut AddressCount) {
    let mut parts = parts.iter_mut().peekable();
    for prefix in set.family(Family::V6).prefixes() {
        // Both ascend, and a prefix of the set lies in one part: the parts are those of the union, which holds it.
        while parts.next_if(|(part, _)| part.last() < prefix.first()).is_some() {}
        if let Some((_, counts)) = parts.peek_mut() {
            let count = of(counts);
            *count = *count + prefix.count();
        }
    }
}

fn bar(prefix: Prefix, counts: Counts) -> Option<Bar> {
    let state = counts.state()?;
    let shown = match state {
        "kept" => counts.kept,
        _ => counts.added + counts.removed,
    };
    Some(Bar {
        prefix: prefix.to_string(),
        state,
        added: counts.added.to_string(),
        removed: counts.removed.to_string(),
        kept: counts.kept.to_string(),
        width: magnitude(shown),
    })
}

/// The binary order of magnitude in percent of that of a /24, with at least a trace.
fn magnitude(count: AddressCount) -> u32 {
    let exponent = count.get().and_then(u128::checked_ilog2).unwrap_or(128);
    (exponent * 100 / 104).clamp(2, 100)
}
