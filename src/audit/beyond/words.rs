//! What is allowed beyond, in words.

use std::collections::{BTreeMap, BTreeSet};

use crate::address::{IntervalSet, PrefixSet};

use super::super::names::shown;
use super::super::region::{all_ports, show_addresses, show_ports, whole, without};
use super::super::{At, Clause, Destination, Need, Region};
use super::side::over;
use super::{Asked, Excess, MOST};

/// What one entry of a clause allows beyond.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum More {
    /// Further destinations.
    Destinations(String),
    /// To these destinations, something else: other ports, other sources.
    To(String, String),
    /// Anything else, in words.
    Other(String),
}

/// Entries that allow the same are told together.
pub(super) fn told_together(
    clause: &Clause,
    at: Option<&At>,
    certain: bool,
    more: &BTreeSet<More>,
) -> Vec<Excess> {
    let mut destinations = Vec::new();
    let mut to: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    let mut told = Vec::new();
    for more in more {
        match more {
            More::Destinations(words) => destinations.push(words.clone()),
            More::To(whom, what) => to.entry(what).or_default().push(whom.clone()),
            More::Other(words) => told.push(words.clone()),
        }
    }
    if !destinations.is_empty() {
        told.push(format!("also {}", shown(&destinations)));
    }
    told.extend(to.into_iter().map(|(what, whom)| format!("{} also {what}", shown(&whom))));
    let excess = |what| Excess { at: at.cloned(), name: clause.name.clone(), what, certain };
    told.into_iter().map(excess).collect()
}

impl Asked<'_> {
    /// Side by side: names or addresses, ports, sources; together where no side alone has more.
    pub(super) fn told(&self, region: &Region, needed: &[Region], left: &[Region]) -> Vec<More> {
        let near: Vec<&Region> =
            needed.iter().filter(|need| !need.to.intersection(&region.to).is_empty()).collect();
        if near.is_empty() {
            return self.told_in_full(region);
        }
        if self.is_asked_otherwise(left) {
            return left.iter().flat_map(|left| self.told_in_full(left)).collect();
        }
        let mut more = Vec::new();
        let wanted = near.iter().fold(Destination::default(), |all, need| all.union(&need.to));
        let further = region.to.difference(&wanted);
        let known = self.about.iter().fold(Destination::default(), |all, need| all.union(&need.region.to));
        let (asked, unknown) = (further.intersection(&known), further.difference(&known));
        if !asked.is_empty() {
            more.extend(self.told_in_full(&Region { to: asked, ..region.clone() }));
        }
        if !unknown.is_empty() {
            more.push(More::Destinations(destinations(&unknown)));
        }
        let whom = region.to.intersection(&wanted).words();
        let wanted =
            near.iter().fold(IntervalSet::default(), |all: IntervalSet<u32>, need| all.union(&need.ports));
        let ports = region.ports.difference(&wanted);
        if !ports.is_empty() {
            let over = self.over(region).map(|over| over + " ").unwrap_or_default();
            more.push(More::To(whom.clone(), over + &on_ports(&ports)));
        }
        let wanted = near.iter().fold(PrefixSet::default(), |all, need| all.union(&need.from));
        if !region.from.is_subset(&wanted) {
            more.push(More::To(whom, from_all(&region.from)));
        }
        if more.is_empty() { together(left) } else { more }
    }

    /// `over UDP`, where needs of the same hosts have both transports, so that ports alone would not say enough.
    fn over(&self, region: &Region) -> Option<String> {
        let transport = self.reach.transport?;
        let mut near = self.about.iter().filter(|need| !need.region.to.intersection(&region.to).is_empty());
        near.any(|need| need.transport != transport).then(|| over(transport))
    }

    /// Whether needs ask for all of `left`, though not so: over another transport, between other zones.
    fn is_asked_otherwise(&self, left: &[Region]) -> bool {
        let others = self.about.iter().filter(|need| !self.accounts(need));
        let others: Vec<Region> = others.map(|need| self.accounted(need)).collect();
        without(left.to_vec(), &others, MOST).is_some_and(|left| left.is_empty())
    }

    /// What no need accounts for: on which side it is other than the needs that come nearest to it.
    fn told_in_full(&self, region: &Region) -> Vec<More> {
        let mut near: Vec<&Need> =
            self.about.iter().filter(|need| need.region.intersection(region).is_some()).copied().collect();
        if near.is_empty() {
            let same_hosts = |need: &&&Need| !need.region.to.intersection(&region.to).is_empty();
            near.extend(self.about.iter().filter(same_hosts));
        }
        let mut words = self.differences(&near);
        if words.is_empty() {
            return together(std::slice::from_ref(region));
        }
        if self.policy.knows_ports {
            words.push(on_ports(&region.ports));
        }
        let known = near.iter().fold(PrefixSet::default(), |all, need| all.union(&need.region.from));
        if self.policy.knows_sources && !region.from.is_subset(&known) {
            words.push(from_all(&region.from));
        }
        vec![More::To(region.to.words(), words.join(" "))]
    }
}

/// `on ports 442, 444-445`, or `on any port`.
fn on_ports(ports: &IntervalSet<u32>) -> String {
    if *ports == all_ports() { "on any port".to_owned() } else { format!("on ports {}", show_ports(ports)) }
}

fn from_all(addresses: &PrefixSet) -> String {
    if *addresses == whole() {
        "from anyone".to_owned()
    } else {
        format!("from all of {}", show_addresses(addresses))
    }
}

/// `www.windows.net`; all but some is any other one.
fn destinations(more: &Destination) -> String {
    if more.names.holds_elsewhere() { "any other destination".to_owned() } else { more.words() }
}

/// What is left, with all its sides.
fn together(left: &[Region]) -> Vec<More> {
    let some = left.iter().filter(|left| !left.is_empty()).take(3);
    some.map(|left| More::Other(combination(left))).collect()
}

fn combination(left: &Region) -> String {
    format!("{} {} from {}", left.to.words(), on_ports(&left.ports), show_addresses(&left.from))
}
