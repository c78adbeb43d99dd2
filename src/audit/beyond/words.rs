//! What is allowed beyond, in words.

use crate::address::{IntervalSet, PrefixSet};

use super::super::region::{all_ports, show_addresses, show_ports, whole, without};
use super::super::{Destination, Need, Region};
use super::MOST;
use super::asked::Asked;
use super::fact::{Fact, What};

impl Asked<'_> {
    /// Side by side: names or addresses, ports, sources; together where no side alone has more.
    pub(super) fn told(&self, region: &Region, left: &[Region]) -> Vec<Fact> {
        let near: Vec<&Region> =
            self.needed.iter().filter(|need| !need.to.intersection(&region.to).is_empty()).collect();
        if near.is_empty() {
            return self.told_in_full(region);
        }
        if self.is_asked_otherwise(left) {
            return left.iter().flat_map(|left| self.told_in_full(left)).collect();
        }
        let needs = self.of_hosts(&region.to);
        let fact = |what| Fact::of(what, self.cell, &needs);
        let mut facts = Vec::new();
        let hosts = near.iter().fold(Destination::default(), |all, need| all.union(&need.to));
        let further = region.to.difference(&hosts);
        let (known, unknown) = (further.intersection(self.known), further.difference(self.known));
        if !known.is_empty() {
            facts.extend(self.told_in_full(&Region { to: known, ..region.clone() }));
        }
        if !unknown.is_empty() {
            facts.push(fact(What::Destinations(destinations(&unknown))));
        }
        let whom = self.whom(&region.to.intersection(&hosts));
        let ports =
            near.iter().fold(IntervalSet::default(), |all: IntervalSet<u32>, need| all.union(&need.ports));
        let ports = region.ports.difference(&ports);
        if !ports.is_empty() {
            facts.push(fact(What::To(whom.clone(), on_ports(&ports))));
        }
        let sources = near.iter().fold(PrefixSet::default(), |all, need| all.union(&need.from));
        if !region.from.is_subset(&sources) {
            facts.push(fact(What::To(whom, self.all_of(&region.from))));
        }
        if facts.is_empty() { self.together(left) } else { facts }
    }

    fn of_hosts(&self, hosts: &Destination) -> Vec<&Need> {
        self.about.iter().filter(|need| !need.region.to.intersection(hosts).is_empty()).copied().collect()
    }

    /// Whether needs ask for all of `left`, though not so: over another transport, between other zones.
    fn is_asked_otherwise(&self, left: &[Region]) -> bool {
        let others = self.about.iter().filter(|need| !self.accounts(need));
        let others: Vec<Region> = others.map(|need| self.accounted(need)).collect();
        without(left.to_vec(), &others, MOST).is_some_and(|left| left.is_empty())
    }

    /// What no need accounts for: on which side it is other than the needs that come nearest to it.
    fn told_in_full(&self, region: &Region) -> Vec<Fact> {
        let meets = |need: &&&Need| need.region.intersection(region).is_some();
        let mut near: Vec<&Need> = self.about.iter().filter(meets).copied().collect();
        if near.is_empty() {
            near = self.of_hosts(&region.to);
        }
        let mut words = self.differences(&near);
        if words.is_empty() && Fact::of(What::Other(String::new()), self.cell, &near).apart().is_empty() {
            return self.together(std::slice::from_ref(region));
        }
        if self.line.policy.knows_ports {
            words.push(on_ports(&region.ports));
        }
        let known = near.iter().fold(PrefixSet::default(), |all, need| all.union(&self.accounted(need).from));
        let says_who = self.line.policy.knows_sources && self.line.reach.from_words.is_none();
        if says_who && !region.from.is_subset(&known) {
            words.push(self.all_of(&region.from));
        }
        vec![Fact::of(What::To(self.whom(&region.to), words.join(" ")), self.cell, &near)]
    }

    /// Who answers, in the words of the line where it has nothing else.
    fn whom(&self, to: &Destination) -> String {
        let words = self.line.reach.to_words.as_ref().filter(|_| to.is_any());
        words.cloned().unwrap_or_else(|| to.words())
    }

    /// Those whose zone is known to be another are anyone, too.
    fn all_of(&self, addresses: &PrefixSet) -> String {
        if addresses.union(&self.elsewhere) == whole() {
            return "from anyone".to_owned();
        }
        format!("from all of {}", show_addresses(addresses))
    }

    /// What is left, with all its sides.
    fn together(&self, left: &[Region]) -> Vec<Fact> {
        let some = left.iter().filter(|left| !left.is_empty()).take(3);
        some.map(|left| Fact::of(What::Other(combination(left)), self.cell, &self.of_hosts(&left.to)))
            .collect()
    }
}

/// `on ports 442, 444-445`, or `on any port`.
fn on_ports(ports: &IntervalSet<u32>) -> String {
    if *ports == all_ports() { "on any port".to_owned() } else { format!("on ports {}", show_ports(ports)) }
}

/// `www.windows.net`; all but some is any other one.
fn destinations(more: &Destination) -> String {
    if more.names.holds_elsewhere() { "any other destination".to_owned() } else { more.words() }
}

fn combination(left: &Region) -> String {
    format!("{} {} from {}", left.to.words(), on_ports(&left.ports), show_addresses(&left.from))
}
