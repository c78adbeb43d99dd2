//! What is allowed beyond, in words: what each cell of each reach allows, told together where it is the same.

use std::collections::{BTreeMap, BTreeSet};

use crate::address::{IntervalSet, PrefixSet};

use super::super::names::shown;
use super::super::region::{all_ports, show_addresses, show_ports, whole, without};
use super::super::{At, Clause, Destination, Need, Region};
use super::cell::{Cell, Zones};
use super::{Asked, Excess, MOST};

/// What a cell allows beyond.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum What {
    /// Further destinations.
    Destinations(String),
    /// To these destinations, something else: other ports, other sources.
    To(String, String),
    /// Anything else, in words.
    Other(String),
}

/// Values of what tells cells apart, in words: transports, tunnels, zones to come from and to go to.
type Values = [BTreeSet<String>; 4];

/// All zones that nobody names.
const OTHER_ZONES: &str = "";

/// What some cells allow beyond.
#[derive(Debug)]
pub(super) struct Fact {
    what: What,
    cells: Values,
    /// Those of the needs that come nearest.
    needs: Values,
}

/// What a clause allows beyond, as it is told.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct More {
    what: What,
    /// `over UDP from zone guest`: where the cells are others than those of the needs.
    apart: String,
}

/// Facts of several cells as one, where nothing else differs.
pub(super) fn merged(mut facts: Vec<Fact>) -> BTreeSet<More> {
    for side in 0..4 {
        facts = merged_on(side, facts);
    }
    facts.into_iter().map(|fact| More { apart: fact.apart(), what: fact.what }).collect()
}

fn merged_on(side: usize, facts: Vec<Fact>) -> Vec<Fact> {
    let mut groups: BTreeMap<(What, Values), Fact> = BTreeMap::new();
    for fact in facts {
        let mut others = fact.cells.clone();
        if let Some(values) = others.get_mut(side) {
            values.clear();
        }
        match groups.get_mut(&(fact.what.clone(), others.clone())) {
            Some(known) => known.join(fact),
            None => drop(groups.insert((fact.what.clone(), others), fact)),
        }
    }
    groups.into_values().collect()
}

impl Fact {
    fn of(what: What, cell: &Cell, near: &[&Need]) -> Self {
        let zones = |zones: &Option<Zones>| -> BTreeSet<String> {
            let all = zones.iter().flat_map(|zones| zones.named.iter().cloned());
            all.chain(zones.iter().filter(|zones| zones.others).map(|_| OTHER_ZONES.to_owned())).collect()
        };
        let cells = [
            cell.transport.map(over).into_iter().collect(),
            cell.tunnelled.map(with).into_iter().collect(),
            zones(&cell.from),
            zones(&cell.to),
        ];
        let needs = [
            near.iter().map(|need| over(need.transport)).collect(),
            near.iter().filter_map(|need| need.tunnelled.map(with)).collect(),
            near.iter().filter_map(|need| need.from_zone.clone()).collect(),
            near.iter().filter_map(|need| need.to_zone.clone()).collect(),
        ];
        Self { what, cells, needs }
    }

    fn join(&mut self, other: Self) {
        for (own, others) in self.cells.iter_mut().zip(other.cells) {
            own.extend(others);
        }
        for (own, others) in self.needs.iter_mut().zip(other.needs) {
            own.extend(others);
        }
    }

    /// The sides on which the needs have others than the cells do.
    fn apart(&self) -> String {
        let [transports, tunnels, from, to] = &self.cells;
        let [of_transports, of_tunnels, of_from, of_to] = &self.needs;
        let listed = |values: &BTreeSet<String>| values.iter().cloned().collect::<Vec<_>>().join(" and ");
        let sides = [
            (transports, of_transports, listed(transports)),
            (tunnels, of_tunnels, listed(tunnels)),
            (from, of_from, in_zones("from", from)),
            (to, of_to, in_zones("to", to)),
        ];
        let told = sides.into_iter().filter(|(cells, needs, _)| !cells.is_empty() && !needs.is_subset(cells));
        told.map(|(_, _, words)| words).collect::<Vec<_>>().join(" ")
    }
}

fn over(transport: crate::address::Transport) -> String {
    format!("over {}", transport.as_str().to_uppercase())
}

fn with(tunnelled: bool) -> String {
    if tunnelled { "with CONNECT" } else { "without CONNECT" }.to_owned()
}

/// `from zone guest, lab`, or `from any other zone`.
fn in_zones(word: &str, zones: &BTreeSet<String>) -> String {
    if zones.contains(OTHER_ZONES) {
        return format!("{word} any other zone");
    }
    format!("{word} zone {}", shown(&zones.iter().cloned().collect::<Vec<_>>()))
}

/// Entries that allow the same are told together.
pub(super) fn told_together(
    clause: &Clause,
    at: Option<&At>,
    certain: bool,
    more: &BTreeSet<More>,
) -> Vec<Excess> {
    let mut destinations: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    let mut to: BTreeMap<(&str, &str), Vec<String>> = BTreeMap::new();
    let mut told = Vec::new();
    for More { what, apart } in more {
        match what {
            What::Destinations(words) => destinations.entry(apart).or_default().push(words.clone()),
            What::To(whom, what) => to.entry((apart, what)).or_default().push(whom.clone()),
            What::Other(words) => told.push(joined(&[words, apart])),
        }
    }
    told.extend(destinations.into_iter().map(|(apart, whom)| joined(&["also", &shown(&whom), apart])));
    told.extend(to.into_iter().map(|((apart, what), whom)| joined(&[&shown(&whom), "also", apart, what])));
    let excess = |what| Excess { at: at.cloned(), name: clause.name.clone(), what, certain };
    told.into_iter().map(excess).collect()
}

fn joined(words: &[&str]) -> String {
    words.iter().filter(|word| !word.is_empty()).copied().collect::<Vec<_>>().join(" ")
}

impl Asked<'_> {
    /// What cannot be told, since there is too much of it.
    pub(super) fn lost(&self) -> Vec<Fact> {
        let what = format!("what falls into more than {MOST} stretches, and was not compared");
        vec![Fact::of(What::Other(what), self.cell, &[])]
    }

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
        let whom = region.to.intersection(&hosts).words();
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
        vec![Fact::of(What::To(region.to.words(), words.join(" ")), self.cell, &near)]
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
