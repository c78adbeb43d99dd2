//! What a policy allows that no need accounts for.

mod side;
mod words;

use std::borrow::Cow;
use std::collections::BTreeSet;

use crate::address::{IntervalSet, PrefixSet, Transport};
use crate::target::Direction;

use super::policy::differ;
use super::region::{met, whole, without};
use super::{Action, At, Clause, Destination, Fallthrough, NameSet, Need, Policy, Reach, Region};
use words::{More, told_together};

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
    let mut found = Vec::new();
    let behind = by_default(&policy.default);
    for (number, clause) in policy.clauses.iter().chain(&behind).enumerate() {
        if clause.action != Action::Allow {
            continue;
        }
        let (mut certain, mut perhaps) = (BTreeSet::new(), BTreeSet::new());
        for reach in clause.reaches.iter().filter(|reach| !reach.shadow) {
            let list = if reach.doubts.is_empty() { &mut certain } else { &mut perhaps };
            list.extend(asked(policy, number, clause, reach, needs, scope));
        }
        perhaps.retain(|more| !certain.contains(more));
        let at = (number < policy.clauses.len()).then_some(&clause.at);
        found.extend(told_together(clause, at, true, &certain));
        found.extend(told_together(clause, at, false, &perhaps));
    }
    found
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

/// What one reach of a clause allows beyond.
fn asked(
    policy: &Policy,
    number: usize,
    clause: &Clause,
    reach: &Reach,
    needs: &[Need],
    scope: Scope,
) -> Vec<More> {
    let about: Vec<&Need> = needs.iter().filter(|need| is_about(clause, reach, need, scope)).collect();
    let asked = Asked { policy, number, clause, reach, scope, about: &about };
    if !about.iter().any(|need| asked.accounts(need)) {
        return asked.more();
    }
    let parts = one_by_one(reach, policy, scope);
    parts.iter().flat_map(|part| Asked { reach: part, ..asked }.more()).collect()
}

/// Whether what a reach allows is a matter of a need: to the same hosts, as the same firewall sees it. What goes to another
/// zone does not come to the hosts of a need, whatever destinations a rule has.
fn is_about(clause: &Clause, reach: &Reach, need: &Need, scope: Scope) -> bool {
    let elsewhere =
        differ(clause.host.as_ref(), need.host.as_ref()) || differ(clause.direction, need.direction);
    let other_zone =
        matches!((&reach.to_zones, &need.to_zone), (Some(zones), Some(zone)) if !zones.contains(zone));
    let same_hosts = match &reach.to_words {
        Some(_) => reach.to_words == need.to_words,
        None => need.no_destination.is_none(),
    };
    !elsewhere && (scope == Scope::All || !other_zone && same_hosts)
}

/// A reach for each transport, and for each of its zones: what asks for one of them accounts for no other.
fn one_by_one<'r>(reach: &'r Reach, policy: &Policy, scope: Scope) -> Vec<Cow<'r, Reach>> {
    let transports = match reach.transport {
        None if policy.knows_ports => policy.transports,
        _ => &[],
    };
    let zones = |zones: &Option<BTreeSet<String>>| match zones {
        Some(zones) if zones.len() > 1 => zones.iter().cloned().map(|zone| BTreeSet::from([zone])).collect(),
        _ => Vec::new(),
    };
    let mut parts = vec![Cow::Borrowed(reach)];
    split(&mut parts, transports, |reach, transport: &Transport| reach.transport = Some(*transport));
    split(&mut parts, &zones(&reach.from_zones), |reach, zone| reach.from_zones = Some(zone.clone()));
    if scope == Scope::All {
        split(&mut parts, &zones(&reach.to_zones), |reach, zone| reach.to_zones = Some(zone.clone()));
    }
    parts
}

/// One part for each of the values, if there are several.
fn split<T>(parts: &mut Vec<Cow<'_, Reach>>, values: &[T], limit: impl Fn(&mut Reach, &T)) {
    if values.len() < 2 {
        return;
    }
    let limited = |part: &Cow<'_, Reach>, value| {
        let mut part = part.clone().into_owned();
        limit(&mut part, value);
        Cow::Owned(part)
    };
    *parts = parts.iter().flat_map(|part| values.iter().map(move |value| limited(part, value))).collect();
}

/// The parts of a reach that are looked at: entry by entry, those that a need has to do with.
fn stretches(region: &Region, needs: &[&Need], scope: Scope) -> Vec<Region> {
    let to = Destination { names: region.to.names.clone(), addresses: met(&region.to.addresses) };
    let region = Region { from: met(&region.from), to, ports: region.ports.clone() };
    if scope == Scope::All {
        return vec![region];
    }
    let wanted = needs.iter().fold(Destination::default(), |all, need| all.union(&need.region.to));
    let mut parts: Vec<Destination> = Vec::new();
    let touched = |names: &NameSet| !names.intersection(&wanted.names).is_empty();
    if region.to == Destination::any() {
        return if wanted.is_empty() { Vec::new() } else { vec![region] };
    }
    let names = region.to.names.parts().into_iter().filter(touched);
    parts.extend(names.map(Destination::names));
    let addresses = touching(&region.to.addresses, &wanted.addresses);
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

/// One reach of one clause, with the needs whose hosts it is about.
struct Asked<'a> {
    policy: &'a Policy,
    number: usize,
    clause: &'a Clause,
    reach: &'a Reach,
    scope: Scope,
    about: &'a [&'a Need],
}

impl Asked<'_> {
    fn more(&self) -> Vec<More> {
        let regions = stretches(&self.reach.region, self.about, self.scope);
        regions.into_iter().flat_map(|region| self.excess(region)).collect()
    }

    fn excess(&self, region: Region) -> Vec<More> {
        let lost =
            || vec![More::Other(format!("what falls into more than {MOST} stretches, and was not compared"))];
        let needs = self.about.iter().filter(|need| self.accounts(need));
        let needed: Vec<Region> = needs.map(|need| self.accounted(need)).collect();
        let Some(effective) = without(vec![region], self.denied(), MOST) else { return lost() };
        let mut more = Vec::new();
        for region in effective {
            match without(vec![region.clone()], &needed, MOST) {
                Some(left) if left.is_empty() => {}
                Some(left) => more.extend(self.told(&region, &needed, &left)),
                None => return lost(),
            }
        }
        more
    }

    /// What clauses before this one deny for certain, whatever else a connection is.
    fn denied(&self) -> impl Iterator<Item = &Region> {
        let before = self.policy.clauses.iter().take(self.number);
        let denials = before.filter(|clause| clause.action == Action::Deny && self.is_beside(clause));
        denials
            .flat_map(|clause| &clause.reaches)
            .filter(|reach| self.is_within(reach))
            .map(|reach| &reach.region)
    }

    fn is_beside(&self, denial: &Clause) -> bool {
        (denial.host.is_none() || denial.host == self.clause.host)
            && (denial.direction.is_none() || denial.direction == self.clause.direction)
    }

    /// Whether a denial holds for all that this reach matches, apart from the region.
    fn is_within(&self, denial: &Reach) -> bool {
        let zones = |denial: &Option<BTreeSet<String>>, own: &Option<BTreeSet<String>>| match (denial, own) {
            (None, _) => true,
            (Some(denial), Some(own)) => own.is_subset(denial),
            (Some(_), None) => false,
        };
        denial.doubts.is_empty()
            && denial.source_ports.is_none()
            && (denial.software.is_none() || denial.software == self.reach.software)
            && (denial.transport.is_none() || denial.transport == self.reach.transport)
            && (denial.tunnelled.is_none() || denial.tunnelled == self.reach.tunnelled)
            && zones(&denial.from_zones, &self.reach.from_zones)
            && zones(&denial.to_zones, &self.reach.to_zones)
    }

    /// What a need accounts for. Sources that nobody gave, or that the policy leaves to others, are not compared.
    fn accounted(&self, need: &Need) -> Region {
        let mut region = need.region.clone();
        let open = need.no_source.is_some() && self.reach.region.from != whole();
        if open || !self.policy.knows_sources {
            region.from = whole();
        }
        if !self.policy.knows_ports {
            region.ports = super::region::all_ports();
        }
        region
    }
}
