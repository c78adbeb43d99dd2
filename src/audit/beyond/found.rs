//! What a line was found to allow beyond, while its cells are looked at one by one.

use std::ops::Range;

use super::super::Region;
use super::super::region::without;
use super::MOST;
use super::cell::Cell;
use super::fact::Fact;

/// Facts, and the stretches that they are about.
#[derive(Default)]
pub(super) struct Found {
    facts: Vec<Fact>,
    told: Vec<Told>,
}

struct Told {
    cell: Cell,
    regions: Vec<Region>,
    facts: Range<usize>,
}

impl Found {
    /// Adds facts of a cell about these stretches.
    pub(super) fn add(&mut self, cell: &Cell, facts: Vec<Fact>, regions: Vec<Region>) {
        let first = self.facts.len();
        self.facts.extend(facts);
        self.told.push(Told { cell: cell.clone(), regions, facts: first..self.facts.len() });
    }

    /// Tells that there is too much to compare.
    pub(super) fn lose(&mut self, cell: &Cell) {
        self.facts.push(Fact::lost(cell));
    }

    /// Extends what was told of cells that differ in the zones to come from alone to the zones of this one; not where some of
    /// `left` was told of none.
    pub(super) fn extend(&mut self, cell: &Cell, left: &[Region]) -> bool {
        let beside = |told: &&Told| Cell { from: cell.from.clone(), ..told.cell.clone() } == *cell;
        let regions = self.told.iter().filter(beside).flat_map(|told| &told.regions);
        if !without(left.to_vec(), regions, MOST).is_some_and(|left| left.is_empty()) {
            return false;
        }
        let meets = |told: &&Told| {
            told.regions.iter().any(|told| left.iter().any(|left| told.intersection(left).is_some()))
        };
        let ranges = self.told.iter().filter(beside).filter(meets).map(|told| told.facts.clone());
        for index in ranges.flatten().collect::<Vec<_>>() {
            if let Some(fact) = self.facts.get_mut(index) {
                fact.comes_also_from(cell);
            }
        }
        true
    }

    /// All facts.
    pub(super) fn facts(self) -> Vec<Fact> {
        self.facts
    }
}
