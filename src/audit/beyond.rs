//! What a policy allows that no need accounts for.

mod cell;
mod side;
mod words;

use std::collections::HashMap;
use std::rc::Rc;

use crate::address::{IntervalSet, PrefixSet};
use crate::target::Direction;

use super::policy::differ;
use super::region::{met, whole, without};
use super::{Action, At, Clause, Destination, Fallthrough, NameSet, Need, Only, Policy, Reach, Region};
use cell::{Cell, cells};
use side::{holds_a_family, is_for_anyone};
use words::{Fact, merged, told_together};

/// Into how many stretches what a clause allows may fall.
const MOST: usize = 2000;

/// Something that a clause allows and no need asks for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Excess {
    /// The place of the clause; none where the default allows it.
    pub at: Option<At>,
    /// How the configuration calls the clause; why the default allows it.
    pub name: String,
    /// What, in words.
    pub what: String,
    /// Whether it does so for certain.
    pub certain: bool,
}

/// What counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scope {
    /// What a policy allows to hosts that needs name, and what its entry for such a host holds besides.
    SameHosts,
    /// Everything.
    All,
}

/// What `policy` allows beyond `needs`. Denials before a clause count as far as they are certain. A default that allows is a
/// last clause that matches everything.
pub(super) fn beyond(policy: &Policy, needs: &[Need], scope: Scope) -> Vec<Excess> {
    let mut hosts = Hosts::default();
    let mut found = Vec::new();
    let behind = by_default(&policy.default);
    for (number, clause) in policy.clauses.iter().chain(&behind).enumerate() {
        if clause.action != Action::Allow {
            continue;
        }
        let (mut certain, mut perhaps) = (Vec::new(), Vec::new());
        for reach in clause.reaches.iter().filter(|reach| reach.only != Some(Only::Judged)) {
            let list = if reach.doubts.is_empty() { &mut certain } else { &mut perhaps };
            list.extend(Line { policy, number, clause, reach, scope }.facts(needs, &mut hosts));
        }
        let (certain, mut perhaps) = (merged(certain), merged(perhaps));
        perhaps.retain(|more| !certain.contains(more));
        let at = (number < policy.clauses.len()).then_some(&clause.at);
        found.extend(told_together(clause, at, true, &certain));
        found.extend(told_together(clause, at, false, &perhaps));
    }
    found
}

/// The hosts of some needs; a policy has thousands of lines about the same ones.
#[derive(Default)]
struct Hosts(HashMap<Vec<usize>, Rc<Destination>>);

impl Hosts {
    /// Of these needs, by their place among all.
    fn of(&mut self, needs: &[Need], some: &[usize]) -> Rc<Destination> {
        let union = || {
            let some = some.iter().filter_map(|index| needs.get(*index));
            some.fold(Destination::default(), |all, need| all.union(&need.region.to))
        };
        Rc::clone(self.0.entry(some.to_vec()).or_insert_with(|| Rc::new(union())))
    }
}

/// Clauses that do what an allowing default does. What a device allows as it is shipped (PAN-OS within a zone), and what a
/// file does not say, is no doing of the file.
fn by_default(default: &Fallthrough) -> Vec<Clause> {
    let clause = |direction, why: &str| Clause {
        action: Action::Allow,
        reaches: vec![Reach::all()],
        host: None,
        direction,
        at: At { file: "".into(), line: 0 },
        name: why.to_owned(),
    };
    match default {
        Fallthrough::Certain(Action::Allow, why) => vec![clause(None, why)],
        Fallthrough::ByDirection { outbound, inbound } => {
            let sides = [(Direction::Outbound, outbound), (Direction::Inbound, inbound)];
            let open = sides.into_iter().filter(|(_, action)| **action == Some(Action::Allow));
            let why = "the default action of all network profiles allows what no rule matches";
            open.map(|(direction, _)| clause(Some(direction), why)).collect()
        }
        // Between zones is what a firewall is for; within one, PAN-OS lets pass by default.
        Fallthrough::ByZones { between, .. } if between.action == Action::Allow => {
            vec![clause(None, &between.why)]
        }
        Fallthrough::Certain(Action::Deny, _) | Fallthrough::ByZones { .. } | Fallthrough::Unknown(_) => {
            Vec::new()
        }
    }
}

/// One reach of one clause.
struct Line<'a> {
    policy: &'a Policy,
    number: usize,
    clause: &'a Clause,
    reach: &'a Reach,
    scope: Scope,
}

impl Line<'_> {
    /// What it allows beyond, cell by cell.
    fn facts(&self, needs: &[Need], hosts: &mut Hosts) -> Vec<Fact> {
        let here = |(index, need): (usize, &Need)| self.is_about(need).then_some(index);
        let here: Vec<usize> = needs.iter().enumerate().filter_map(here).collect();
        let known = hosts.of(needs, &here);
        let regions = stretches(&self.reach.region, &known, self.scope);
        if regions.is_empty() {
            return Vec::new();
        }
        let of = |indices: &[usize]| -> Vec<&Need> {
            indices.iter().filter_map(|index| needs.get(*index)).collect()
        };
        let all = of(&here);
        let denials = self.denials();
        let mut facts = Vec::new();
        let mut told: Vec<(Cell, Region)> = Vec::new();
        for cell in cells(self.policy, self.reach, &all, &denials, self.scope) {
            let goes =
                |index: &usize| needs.get(*index).is_some_and(|need| cell.goes_to(need.to_zone.as_ref()));
            let (about, known) = match self.scope {
                Scope::All => (here.clone(), Rc::clone(&known)),
                Scope::SameHosts => {
                    let about: Vec<usize> = here.iter().copied().filter(goes).collect();
                    let known = hosts.of(needs, &about);
                    (about, known)
                }
            };
            let about = of(&about);
            let elsewhere = self.placed_elsewhere(&cell, &all);
            let mut asked = Asked {
                line: self,
                cell: &cell,
                about: &about,
                known: &known,
                elsewhere,
                needed: Vec::new(),
            };
            asked.needed =
                about.iter().filter(|need| asked.accounts(need)).map(|need| asked.accounted(need)).collect();
            for region in stretches(&self.reach.region, &known, self.scope) {
                let region = Region { from: region.from.difference(&asked.elsewhere), ..region };
                facts.extend(asked.excess(region, &denials, &mut told));
            }
        }
        facts
    }

    /// Whether what the reach allows is a matter of a need: to the same hosts, as the same firewall sees it.
    fn is_about(&self, need: &Need) -> bool {
        let elsewhere = differ(self.clause.host.as_ref(), need.host.as_ref())
            || differ(self.clause.direction, need.direction);
        let same_hosts = match &self.reach.to_words {
            Some(_) if self.reach.region.to.is_any() => self.reach.to_words == need.to_words,
            _ => need.no_destination.is_none(),
        };
        !elsewhere && (self.scope == Scope::All || same_hosts)
    }

    /// What clauses before this one deny for certain, as far as it is a matter of this one.
    fn denials(&self) -> Vec<&Reach> {
        let before = self.policy.clauses.iter().take(self.number);
        let denials = before.filter(|clause| clause.action == Action::Deny && self.is_beside(clause));
        denials.flat_map(|clause| &clause.reaches).filter(|reach| self.is_denied_by(reach)).collect()
    }

    fn is_beside(&self, denial: &Clause) -> bool {
        (denial.host.is_none() || denial.host == self.clause.host)
            && (denial.direction.is_none() || denial.direction == self.clause.direction)
    }

    fn is_denied_by(&self, denial: &Reach) -> bool {
        let own = self.reach;
        denial.doubts.is_empty()
            && denial.source_ports.is_none()
            && (denial.software.is_none() || denial.software == own.software)
            && !differ(denial.transport, own.transport)
            && !differ(denial.tunnelled, own.tunnelled)
            && denial.region.intersection(&own.region).is_some()
    }

    /// The addresses that needs place in other zones than those of a cell: nobody comes with them from there. Our own files are
    /// taken at their word.
    fn placed_elsewhere(&self, cell: &Cell, needs: &[&Need]) -> PrefixSet {
        let mut placed = [PrefixSet::default(), PrefixSet::default()];
        if self.scope == Scope::SameHosts && cell.from.is_some() {
            let known = |need: &&&Need| need.no_source.is_none() && !holds_a_family(&need.region.from);
            for need in needs.iter().filter(known) {
                let [here, elsewhere] = &mut placed;
                let list = if cell.comes_from(need.from_zone.as_ref()) { here } else { elsewhere };
                *list = list.union(&need.region.from);
            }
        }
        let [here, elsewhere] = placed;
        elsewhere.difference(&here)
    }
}

/// The parts of a reach that are looked at: entry by entry, those that hold hosts of needs.
fn stretches(region: &Region, hosts: &Destination, scope: Scope) -> Vec<Region> {
    let to = Destination { names: region.to.names.clone(), addresses: met(&region.to.addresses) };
    let region = Region { from: met(&region.from), to, ports: region.ports.clone() };
    if scope == Scope::All {
        return vec![region];
    }
    if region.to.is_any() {
        return if hosts.is_empty() { Vec::new() } else { vec![region] };
    }
    let touched = |names: &NameSet| !names.intersection(&hosts.names).is_empty();
    let names = region.to.names.parts().into_iter().filter(touched);
    let mut parts: Vec<Destination> = names.map(Destination::names).collect();
    let addresses = touching(&region.to.addresses, &hosts.addresses);
    if !addresses.is_empty() {
        parts.push(Destination::addresses(addresses));
    }
    parts.into_iter().map(|to| Region { to, ..region.clone() }).collect()
}

/// The blocks of `list` that hold some of `wanted`.
fn touching(list: &PrefixSet, wanted: &PrefixSet) -> PrefixSet {
    fn blocks<T: crate::address::Bits>(list: &IntervalSet<T>, wanted: &IntervalSet<T>) -> IntervalSet<T> {
        list.iter().filter(|block| !wanted.is_disjoint(&[*block].into_iter().collect())).collect()
    }
    PrefixSet::new(blocks(list.v4(), wanted.v4()), blocks(list.v6(), wanted.v6()))
}

/// One cell of a line, with the needs whose hosts it is about.
struct Asked<'a> {
    line: &'a Line<'a>,
    cell: &'a Cell,
    about: &'a [&'a Need],
    /// Their hosts.
    known: &'a Destination,
    /// Addresses that needs place in other zones.
    elsewhere: PrefixSet,
    /// What those of them ask for that account for the cell.
    needed: Vec<Region>,
}

impl Asked<'_> {
    fn excess(&self, region: Region, denials: &[&Reach], told: &mut Vec<(Cell, Region)>) -> Vec<Fact> {
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
    fn accounted(&self, need: &Need) -> Region {
        let Line { policy, reach, scope, .. } = self.line;
        let mut region = need.region.clone();
        if !policy.knows_sources || reach.from_words.is_some() {
            region.from = whole();
        } else if need.no_source.is_some() && *scope == Scope::SameHosts && is_for_anyone(reach) {
            region.from = PrefixSet::default();
        }
        if !policy.knows_ports {
            region.ports = super::region::all_ports();
        }
        region
    }
}
