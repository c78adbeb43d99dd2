//! What a policy allows that no need accounts for.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use crate::address::{IntervalSet, PrefixSet};
use crate::target::Direction;

use super::names::shown;
use super::region::{met, show_addresses, show_ports, whole, without};
use super::{Action, At, Clause, Destination, Fallthrough, NameSet, Need, Policy, Reach, Region};

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

/// What one entry of a clause allows beyond.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum More {
    /// Further destinations.
    Destinations(String),
    /// To these destinations, something else: other ports, other sources.
    To(String, String),
    /// Anything else, in words.
    Other(String),
}

/// Entries that allow the same are told together.
fn told_together(clause: &Clause, at: Option<&At>, certain: bool, more: &BTreeSet<More>) -> Vec<Excess> {
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
        let reaches = clause.reaches.iter().filter(|reach| !reach.shadow);
        for reach in reaches.flat_map(|reach| by_zone(reach, scope)) {
            let reach = reach.as_ref();
            let counted = needs.iter().filter(|need| counts(clause, reach, need, scope)).collect();
            let asked = Asked { policy, number, clause, reach, needs: counted };
            let list = if reach.doubts.is_empty() { &mut certain } else { &mut perhaps };
            list.extend(asked.more(scope));
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

/// A reach for each pair of its zones: one that is asked for between two of them accounts for no other.
fn by_zone(reach: &Reach, scope: Scope) -> Vec<Cow<'_, Reach>> {
    let several = |zones: &Option<BTreeSet<String>>| zones.as_ref().is_some_and(|zones| zones.len() > 1);
    if scope == Scope::SameHosts || !several(&reach.from_zones) && !several(&reach.to_zones) {
        return vec![Cow::Borrowed(reach)];
    }
    let each = |zones: &Option<BTreeSet<String>>| -> Vec<Option<BTreeSet<String>>> {
        match zones {
            Some(zones) => zones.iter().map(|zone| Some(BTreeSet::from([zone.clone()]))).collect(),
            None => vec![None],
        }
    };
    let pairs = each(&reach.from_zones)
        .into_iter()
        .flat_map(|from| each(&reach.to_zones).into_iter().map(move |to| (from.clone(), to)));
    let limited = |(from_zones, to_zones)| Cow::Owned(Reach { from_zones, to_zones, ..reach.clone() });
    pairs.map(limited).collect()
}

/// Whether a need has the zones of a reach: between any zones is more than what a need asks for that has them.
fn is_between_its_zones(reach: &Reach, need: &Need) -> bool {
    let named = |zones: &Option<BTreeSet<String>>, zone: &Option<String>| zones.is_some() || zone.is_none();
    named(&reach.from_zones, &need.from_zone) && named(&reach.to_zones, &need.to_zone)
}

/// Whether a need can account for what a reach allows. From any source port, or by any software, is more than what a need
/// asks for that limits them; only our own files are held to that, since others rarely say it at all.
fn counts(clause: &Clause, reach: &Reach, need: &Need, scope: Scope) -> bool {
    let differs =
        |one: Option<bool>, two: Option<bool>| matches!((one, two), (Some(one), Some(two)) if one != two);
    let other = |zones: &Option<BTreeSet<String>>, zone: &Option<String>| matches!((zones, zone), (Some(zones), Some(zone)) if !zones.contains(zone));
    let elsewhere = matches!((&clause.host, &need.host), (Some(one), Some(two)) if one != two)
        || matches!((clause.direction, need.direction), (Some(one), Some(two)) if one != two);
    let limited = match (&reach.source_ports, &need.source_ports) {
        (_, None) => true,
        (None, Some(_)) => scope == Scope::SameHosts,
        (Some(reach), Some(need)) => scope == Scope::SameHosts || reach.is_subset(need),
    };
    let by_any = scope == Scope::All && reach.software.is_none() && need.software.is_some();
    !elsewhere
        && limited
        && !by_any
        && !super::policy::differ(reach.software.as_ref(), need.software.as_ref())
        && (need.no_destination.is_none() || reach.to_words.is_some())
        && (reach.to_words.is_none() || reach.to_words == need.to_words)
        && (reach.from_words.is_none() || reach.from_words == need.from_words)
        && reach.transport.is_none_or(|transport| transport == need.transport)
        && !differs(reach.tunnelled, need.tunnelled)
        && !other(&reach.from_zones, &need.from_zone)
        && !other(&reach.to_zones, &need.to_zone)
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
    let any = region.to.names.is_all() && region.to.addresses == whole();
    if any {
        return if wanted.is_empty() { Vec::new() } else { vec![region.clone()] };
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

/// One reach of one clause, with the needs that it may be there for.
struct Asked<'a> {
    policy: &'a Policy,
    number: usize,
    clause: &'a Clause,
    reach: &'a Reach,
    needs: Vec<&'a Need>,
}

impl Asked<'_> {
    /// What the reach allows beyond its needs. Only our own files are held to zones, where their product has any.
    fn more(&self, scope: Scope) -> Vec<More> {
        let more = |asked: &Self| -> Vec<More> {
            let regions = stretches(&self.reach.region, &self.needs, scope);
            regions.into_iter().flat_map(|region| asked.excess(region, scope)).collect()
        };
        let all = more(self);
        if !all.is_empty() || scope == Scope::SameHosts || !self.policy.knows_zones {
            return all;
        }
        let needs = self.needs.iter().filter(|need| is_between_its_zones(self.reach, need)).copied();
        let needs: Vec<&Need> = needs.collect();
        if needs.len() == self.needs.len() || more(&Self { needs, ..*self }).is_empty() {
            return all;
        }
        vec![More::Other("between any zones".to_owned())]
    }

    fn excess(&self, region: Region, scope: Scope) -> Vec<More> {
        let lost =
            || vec![More::Other(format!("what falls into more than {MOST} stretches, and was not compared"))];
        let needed: Vec<Region> = self.needs.iter().map(|need| self.accounted(need)).collect();
        let Some(effective) = without(vec![region], self.denied(), MOST) else { return lost() };
        let mut more = Vec::new();
        for region in effective {
            match without(vec![region.clone()], &needed, MOST) {
                Some(left) if left.is_empty() => {}
                Some(left) => more.extend(told(&region, &needed, &left, scope)),
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

/// Side by side: names or addresses, ports, sources; together where no side alone has more.
fn told(region: &Region, needed: &[Region], left: &[Region], scope: Scope) -> Vec<More> {
    let near: Vec<&Region> =
        needed.iter().filter(|need| !need.to.intersection(&region.to).is_empty()).collect();
    let together = || left.iter().take(3).filter_map(combination).map(More::Other).collect();
    if near.is_empty() && scope == Scope::All {
        return together();
    }
    let mut more = Vec::new();
    let wanted = near.iter().fold(Destination::default(), |all, need| all.union(&need.to));
    let further = region.to.difference(&wanted);
    if !further.is_empty() {
        more.push(More::Destinations(destinations(&further)));
    }
    let whom = region.to.intersection(&wanted).words();
    let wanted =
        near.iter().fold(IntervalSet::default(), |all: IntervalSet<u32>, need| all.union(&need.ports));
    let ports = region.ports.difference(&wanted);
    if !ports.is_empty() {
        more.push(More::To(whom.clone(), format!("on ports {}", show_ports(&ports))));
    }
    let wanted = near.iter().fold(PrefixSet::default(), |all, need| all.union(&need.from));
    if !region.from.is_subset(&wanted) {
        let who = if region.from == whole() { "anyone".to_owned() } else { show_addresses(&region.from) };
        more.push(More::To(whom, format!("from all of {who}")));
    }
    if more.is_empty() { together() } else { more }
}

/// `www.windows.net`; all but some is any other one.
fn destinations(more: &Destination) -> String {
    if more.names.holds_elsewhere() { "any other destination".to_owned() } else { more.words() }
}

/// What is left, with all its sides.
fn combination(left: &Region) -> Option<String> {
    let (to, ports, from) = (left.to.words(), show_ports(&left.ports), show_addresses(&left.from));
    (!left.is_empty()).then(|| format!("{to} on ports {ports} from {from}"))
}
