//! What cells of a clause allow beyond, told together where it is the same.

use std::collections::{BTreeMap, BTreeSet};

use crate::address::Transport;

use super::super::names::shown;
use super::super::{At, Clause, Need};
use super::cell::{Cell, Zones};
use super::{Excess, MOST};

/// What a cell allows beyond.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum What {
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

fn named(transport: Transport) -> String {
    transport.as_str().to_uppercase()
}

fn in_words(zones: Option<&Zones>) -> BTreeSet<String> {
    let others = zones.filter(|zones| zones.others).map(|_| OTHER_ZONES.to_owned());
    zones.into_iter().flat_map(|zones| zones.named.iter().cloned()).chain(others).collect()
}

impl Fact {
    pub(super) fn of(what: What, cell: &Cell, near: &[&Need]) -> Self {
        let cells = [
            cell.transport.map(named).into_iter().collect(),
            cell.tunnelled.map(with).into_iter().collect(),
            in_words(cell.from.as_ref()),
            in_words(cell.to.as_ref()),
        ];
        let needs = [
            near.iter().map(|need| named(need.transport)).collect(),
            near.iter().filter_map(|need| need.tunnelled.map(with)).collect(),
            near.iter().filter_map(|need| need.from_zone.clone()).collect(),
            near.iter().filter_map(|need| need.to_zone.clone()).collect(),
        ];
        Self { what, cells, needs }
    }

    /// What cannot be told, since there is too much of it.
    pub(super) fn lost(cell: &Cell) -> Self {
        let what = format!("what falls into more than {MOST} stretches, and was not compared");
        Self { cells: Values::default(), ..Self::of(What::Other(what), cell, &[]) }
    }

    /// It holds for connections from the zones of `cell`, too.
    pub(super) fn comes_also_from(&mut self, cell: &Cell) {
        let [.., from, _] = &mut self.cells;
        from.extend(in_words(cell.from.as_ref()));
    }

    fn join(&mut self, other: Self) {
        for (own, others) in self.cells.iter_mut().zip(other.cells) {
            own.extend(others);
        }
        for (own, others) in self.needs.iter_mut().zip(other.needs) {
            own.extend(others);
        }
    }

    /// The sides on which the cells are others than those of the needs. A line that says nothing of tunnels is for both, and
    /// that alone is no difference.
    pub(super) fn apart(&self) -> String {
        let [transports, tunnels, from, to] = &self.cells;
        let [of_transports, of_tunnels, of_from, of_to] = &self.needs;
        let sides = [
            (transports != of_transports, format!("over {}", listed(transports, " and "))),
            (!of_tunnels.is_subset(tunnels), listed(tunnels, " and ")),
            (!of_from.is_empty() && from != of_from, in_zones("from", from, of_from)),
            (!of_to.is_empty() && to != of_to, in_zones("to", to, of_to)),
        ];
        let cells = [transports, tunnels, from, to];
        let told = sides.into_iter().zip(cells).filter(|((differ, _), cells)| *differ && !cells.is_empty());
        told.map(|((_, words), _)| words).collect::<Vec<_>>().join(" ")
    }
}

fn listed(values: &BTreeSet<String>, between: &str) -> String {
    values.iter().map(String::as_str).collect::<Vec<_>>().join(between)
}

fn with(tunnelled: bool) -> String {
    if tunnelled { "with CONNECT" } else { "without CONNECT" }.to_owned()
}

/// `from zone guest, lab`, `from any other zone`, or `from any zone` where those of needs are among them.
fn in_zones(word: &str, zones: &BTreeSet<String>, needs: &BTreeSet<String>) -> String {
    match (zones.contains(OTHER_ZONES), zones.is_disjoint(needs)) {
        (true, true) => format!("{word} any other zone"),
        (true, false) => format!("{word} any zone"),
        (false, _) => format!("{word} zone {}", shown(&zones.iter().cloned().collect::<Vec<_>>())),
    }
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
