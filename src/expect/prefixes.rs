//! Whether a set of addresses holds a host, as far as an expectation needs it.

use crate::address::{Family, PrefixSet};
use crate::plan::{Goal, Wish};
use crate::site::Station;

/// Whether a set matches any of these addresses of a host. What is to pass must do so from all of them; what is not to
/// pass, from none.
pub(super) fn matches(set: &PrefixSet, host: &PrefixSet, goal: &Goal, wish: Wish) -> bool {
    match wish {
        Wish::Allow => holds(set, host, goal),
        Wish::Deny => overlaps(set, host, goal),
    }
}

/// Whether a set holds a host, all its addresses of the families that the connection can have: that of its goal, else
/// those that the set has.
fn holds(set: &PrefixSet, host: &PrefixSet, goal: &Goal) -> bool {
    let of_goal = |family| is_of(goal, family).unwrap_or_else(|| !set.family(family).is_empty());
    let families = [Family::V4, Family::V6].into_iter().filter(|family| of_goal(*family));
    let mut hosts = families.map(|family| host.family(family)).filter(|host| !host.is_empty()).peekable();
    hosts.peek().is_some() && hosts.all(|host| host.is_subset(set))
}

fn overlaps(set: &PrefixSet, host: &PrefixSet, goal: &Goal) -> bool {
    let families = [Family::V4, Family::V6].into_iter();
    let mut families = families.filter(|family| is_of(goal, *family).unwrap_or(true));
    families.any(|family| !host.family(family).is_disjoint(set))
}

/// Whether an address is of a family; a host or a name may have both.
fn is_of(goal: &Goal, family: Family) -> Option<bool> {
    match goal {
        Goal::Address(address) => Some((family == Family::V6) == address.is_ipv6()),
        _ => None,
    }
}

/// Whether two entries of a site are one host. Where something is not to pass, common addresses are enough.
pub(super) fn are_one(one: &Station, other: &Station, wish: Wish) -> bool {
    one.id == other.id || wish == Wish::Deny && !one.addresses.is_disjoint(&other.addresses)
}
