//! What a line allows in one cell, beyond what its needs account for.

use crate::address::PrefixSet;

use super::super::region::{all_ports, whole, without};
use super::super::{Destination, Need, Reach, Region};
use super::cell::Cell;
use super::fact::Fact;
use super::line::Line;
use super::side::is_for_anyone;
use super::{MOST, Scope};

/// One cell of a line, with the needs whose hosts it is about.
pub(super) struct Asked<'a> {
    pub(super) line: &'a Line<'a>,
    pub(super) cell: &'a Cell,
    pub(super) about: &'a [&'a Need],
    /// Their hosts.
    pub(super) known: &'a Destination,
    /// Addresses that needs place in other zones.
    pub(super) elsewhere: PrefixSet,
    /// What those of them ask for that account for the cell.
    pub(super) needed: Vec<Region>,
}

impl<'a> Asked<'a> {
    pub(super) fn new(
        line: &'a Line<'a>,
        cell: &'a Cell,
        about: &'a [&'a Need],
        known: &'a Destination,
        elsewhere: PrefixSet,
    ) -> Self {
        let mut asked = Self { line, cell, about, known, elsewhere, needed: Vec::new() };
        let needs = about.iter().filter(|need| asked.accounts(need));
        asked.needed = needs.map(|need| asked.accounted(need)).collect();
        asked
    }

    /// What it allows of a region beyond its needs, as far as nobody denies it before.
    pub(super) fn excess(
        &self,
        region: Region,
        denials: &[&Reach],
        told: &mut Vec<(Cell, Region)>,
    ) -> Vec<Fact> {
        let region = Region { from: region.from.difference(&self.elsewhere), ..region };
        let Some(left) = without(vec![region.clone()], &self.needed, MOST) else { return self.lost() };
        if region.is_empty() || left.is_empty() {
            return Vec::new();
        }
        let denied = denials.iter().filter(|denial| self.cell.is_within(denial)).map(|denial| &denial.region);
        let Some(effective) = without(vec![region], denied, MOST) else { return self.lost() };
        let mut facts = Vec::new();
        for region in effective {
            let Some(left) = without(vec![region.clone()], &self.needed, MOST) else { return self.lost() };
            if !left.is_empty() && !self.is_told_of_other_zones(&left, told) {
                facts.extend(self.told(&region, &left));
            }
            told.extend(left.into_iter().map(|left| (self.cell.clone(), left)));
        }
        facts
    }

    /// Whether a line for any zone was told for the same connections from a zone of a need: who they come from is limited by
    /// addresses there, or is said to be anyone.
    fn is_told_of_other_zones(&self, left: &[Region], told: &[(Cell, Region)]) -> bool {
        let from_others = self.cell.from.as_ref().is_some_and(|zones| zones.others);
        if !from_others || self.line.scope == Scope::All {
            return false;
        }
        let same = |cell: &Cell| Cell { from: self.cell.from.clone(), ..cell.clone() } == *self.cell;
        let told = told.iter().filter(|(cell, _)| same(cell)).map(|(_, region)| region);
        without(left.to_vec(), told, MOST).is_some_and(|left| left.is_empty())
    }

    /// What a need asks for, as far as the policy tells it. Sources that nobody gave are not compared, unless the line is for
    /// anyone; nor are those that the line has in words.
    pub(super) fn accounted(&self, need: &Need) -> Region {
        let Line { policy, reach, scope, .. } = self.line;
        let mut region = need.region.clone();
        if !policy.knows_sources || reach.from_words.is_some() {
            region.from = whole();
        } else if need.no_source.is_some() && *scope == Scope::SameHosts && is_for_anyone(reach) {
            region.from = PrefixSet::default();
        }
        if !policy.knows_ports {
            region.ports = all_ports();
        }
        region
    }
}
