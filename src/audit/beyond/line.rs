//! One line of a policy, and the needs whose hosts it is about.

use std::collections::HashMap;
use std::rc::Rc;

use crate::address::{IntervalSet, PrefixSet};

use super::super::policy::differ;
use super::super::region::{is_half_of_a_family, met};
use super::super::{Action, Clause, Destination, NameSet, Need, Policy, Reach, Region};
use super::Scope;
use super::asked::Asked;
use super::cell::{Cell, cells};
use super::fact::Fact;
use super::found::Found;

/// The hosts of some needs; a policy has thousands of lines about the same ones.
#[derive(Default)]
pub(super) struct Hosts(HashMap<Vec<usize>, Rc<Destination>>);

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

/// Where the needs stand of which something holds.
fn places(needs: &[Need], holds: impl Fn(&Need) -> bool) -> Vec<usize> {
    needs.iter().enumerate().filter(|(_, need)| holds(need)).map(|(place, _)| place).collect()
}

/// One reach of one clause.
pub(super) struct Line<'a> {
    pub(super) policy: &'a Policy,
    pub(super) number: usize,
    pub(super) clause: &'a Clause,
    pub(super) reach: &'a Reach,
    pub(super) scope: Scope,
}

impl Line<'_> {
    /// What it allows beyond, cell by cell.
    pub(super) fn facts(&self, needs: &[Need], hosts: &mut Hosts) -> Vec<Fact> {
        let here: Vec<usize> = places(needs, |need| self.is_about(need));
        if stretches(&self.reach.region, &hosts.of(needs, &here), self.scope).is_empty() {
            return Vec::new();
        }
        let all: Vec<&Need> = here.iter().filter_map(|place| needs.get(*place)).collect();
        let denials = self.denials();
        let mut found = Found::default();
        for cell in cells(self.policy, self.reach, &all, &denials, self.scope) {
            let goes = |need: &Need| self.scope == Scope::All || cell.goes_to(need.to_zone.as_ref());
            let about = places(needs, |need| self.is_about(need) && goes(need));
            let hosts = hosts.of(needs, &about);
            let about: Vec<&Need> = about.iter().filter_map(|place| needs.get(*place)).collect();
            let elsewhere = self.placed_elsewhere(&cell, &all);
            let asked = Asked::new(self, &cell, &about, &hosts, elsewhere);
            for region in stretches(&self.reach.region, &hosts, self.scope) {
                asked.excess(region, &denials, &mut found);
            }
        }
        found.facts()
    }

    /// Whether what the reach allows is a matter of a need: to the same hosts, as the same firewall sees it.
    fn is_about(&self, need: &Need) -> bool {
        let elsewhere = differ(self.clause.host.as_ref(), need.host.as_ref())
            || differ(self.clause.direction, need.direction);
        let same_hosts = match &self.reach.to_words {
            Some(words) if self.reach.region.to.is_any() => need.goes_to(words),
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
            let known = |need: &&&Need| need.no_source.is_none() && !is_half_of_a_family(&need.region.from);
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
