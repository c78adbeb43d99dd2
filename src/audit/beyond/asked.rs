//! What a line allows in one cell, beyond what its needs account for.

use crate::address::PrefixSet;

use super::super::region::{all_ports, whole, without};
use super::super::{Destination, Need, Reach, Region};
use super::cell::Cell;
use super::found::Found;
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

    /// Adds what it allows of a region beyond its needs, as far as nobody denies it before.
    pub(super) fn excess(&self, region: Region, denials: &[&Reach], found: &mut Found) {
        let region = Region { from: region.from.difference(&self.elsewhere), ..region };
        let is_asked_for = |left: Vec<Region>| left.is_empty();
        if region.is_empty() || without(vec![region.clone()], &self.needed, MOST).is_some_and(is_asked_for) {
            return;
        }
        let denied = denials.iter().filter(|denial| self.cell.is_within(denial)).map(|denial| &denial.region);
        let Some(effective) = without(vec![region], denied, MOST) else { return found.lose(self.cell) };
        for region in effective {
            let Some(left) = without(vec![region.clone()], &self.needed, MOST) else {
                return found.lose(self.cell);
            };
            let is_told = left.is_empty() || self.is_of_other_zones() && found.extend(self.cell, &left);
            if !is_told {
                found.add(self.cell, self.told(&region, &left), left);
            }
        }
    }

    /// Whether a line for any zone is looked at from those of no need.
    fn is_of_other_zones(&self) -> bool {
        self.line.scope == Scope::SameHosts && self.cell.from.as_ref().is_some_and(|zones| zones.others)
    }

    /// What a need asks for, as far as the policy tells it. Sources that nobody gave are not compared, unless the line is for
    /// anyone; nor are ends that the line has in words.
    pub(super) fn accounted(&self, need: &Need) -> Region {
        let Line { policy, reach, scope, .. } = self.line;
        let mut region = need.region.clone();
        if !policy.knows_sources || reach.from_words.is_some() {
            region.from = whole();
        } else if need.no_source.is_some() && *scope == Scope::SameHosts && is_for_anyone(reach) {
            region.from = PrefixSet::default();
        }
        if reach.to_words.is_some() && reach.region.to.is_any() {
            region.to = Destination::any();
        }
        if !policy.knows_ports {
            region.ports = all_ports();
        }
        region
    }
}
