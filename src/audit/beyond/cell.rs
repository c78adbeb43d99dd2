//! The connections of a reach, sorted by what is no matter of addresses, names and ports: the transport, whether a proxy tunnels
//! them, between which zones they go. In one cell each need accounts for all of them or for none, and each denial holds for
//! all or for none.

use std::collections::{BTreeMap, BTreeSet};

use crate::address::Transport;

use super::super::{Need, Policy, Reach};
use super::Scope;

/// Zones that needs and denials treat alike.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Zones {
    /// These.
    pub(super) named: BTreeSet<String>,
    /// And all that no need has.
    pub(super) others: bool,
}

impl Zones {
    /// Whether a need is about connections from or to these.
    fn hold(&self, zone: Option<&String>) -> bool {
        zone.is_none_or(|zone| self.named.contains(zone))
    }

    fn within(&self, limit: Option<&BTreeSet<String>>) -> bool {
        limit.is_none_or(|limit| !self.others && self.named.is_subset(limit))
    }
}

/// One cell. What is absent is not told apart: a policy without ports leaves the transport to others, and so on.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Cell {
    pub(super) transport: Option<Transport>,
    pub(super) tunnelled: Option<bool>,
    pub(super) from: Option<Zones>,
    pub(super) to: Option<Zones>,
}

impl Cell {
    /// Whether a need is about connections from these zones.
    pub(super) fn comes_from(&self, zone: Option<&String>) -> bool {
        self.from.as_ref().is_none_or(|zones| zones.hold(zone))
    }

    /// Whether a need is about connections to these zones.
    pub(super) fn goes_to(&self, zone: Option<&String>) -> bool {
        self.to.as_ref().is_none_or(|zones| zones.hold(zone))
    }

    /// Whether a denial matches all connections of the cell, as far as it is not about their region.
    pub(super) fn is_within(&self, denial: &Reach) -> bool {
        let same = |limit: Option<bool>| limit.is_none() || limit == self.tunnelled;
        let zones = |zones: &Option<Zones>, limit: Option<&BTreeSet<String>>| {
            zones.as_ref().map_or(limit.is_none(), |zones| zones.within(limit))
        };
        (denial.transport.is_none() || denial.transport == self.transport)
            && same(denial.tunnelled)
            && zones(&self.from, denial.from_zones.as_ref())
            && zones(&self.to, denial.to_zones.as_ref())
    }
}

/// The cells of a reach, as far as `needs` and `denials` tell them apart.
///
/// In a configuration of others only zones count to which a need goes: a host is in its zone, so that what goes elsewhere does
/// not come to it, whatever destinations a rule has.
pub(super) fn cells(
    policy: &Policy,
    reach: &Reach,
    needs: &[&Need],
    denials: &[&Reach],
    scope: Scope,
) -> Vec<Cell> {
    let transports = match reach.transport {
        None if policy.knows_ports => policy.transports.iter().copied().map(Some).collect(),
        known => vec![known],
    };
    let tunnels = match reach.tunnelled {
        None if needs.iter().any(|need| need.tunnelled.is_some()) => vec![Some(false), Some(true)],
        known => vec![known],
    };
    let sorted = |own, of_needs: Vec<_>, of_denials: Vec<_>| {
        if policy.knows_zones { sorted(own, &of_needs, &of_denials) } else { vec![None] }
    };
    let from = sorted(
        reach.from_zones.as_ref(),
        needs.iter().map(|need| need.from_zone.as_ref()).collect(),
        denials.iter().map(|denial| denial.from_zones.as_ref()).collect(),
    );
    let mut to = sorted(
        reach.to_zones.as_ref(),
        needs.iter().map(|need| need.to_zone.as_ref()).collect(),
        denials.iter().map(|denial| denial.to_zones.as_ref()).collect(),
    );
    if scope == Scope::SameHosts {
        to.retain(|zones| {
            zones.as_ref().is_none_or(|zones| needs.iter().any(|need| zones.hold(need.to_zone.as_ref())))
        });
    }
    let mut cells = Vec::new();
    for transport in transports {
        for tunnelled in &tunnels {
            for from in &from {
                let cell = |to: &Option<Zones>| Cell {
                    transport,
                    tunnelled: *tunnelled,
                    from: from.clone(),
                    to: to.clone(),
                };
                cells.extend(to.iter().map(cell));
            }
        }
    }
    cells
}

/// Zones by the needs that are about them, and the denials that hold for them. Where a reach is for any zone, those that no need
/// has are told apart no further, and come last.
fn sorted(
    own: Option<&BTreeSet<String>>,
    needs: &[Option<&String>],
    denials: &[Option<&BTreeSet<String>>],
) -> Vec<Option<Zones>> {
    let sign = |zone: Option<&String>| -> Vec<bool> {
        let of_needs = needs.iter().map(|need| need.is_none_or(|need| Some(need) == zone));
        let of_denials = denials
            .iter()
            .map(|limit| limit.is_none_or(|limit| zone.is_some_and(|zone| limit.contains(zone))));
        of_needs.chain(of_denials).collect()
    };
    let named: BTreeSet<&String> = match own {
        Some(own) => own.iter().collect(),
        None => needs.iter().copied().flatten().collect(),
    };
    let mut groups: BTreeMap<Vec<bool>, Zones> = BTreeMap::new();
    for zone in named {
        groups.entry(sign(Some(zone))).or_default().named.insert(zone.clone());
    }
    if own.is_none() {
        groups.entry(sign(None)).or_default().others = true;
    }
    let mut groups: Vec<Zones> = groups.into_values().collect();
    groups.sort_by_key(|zones| zones.others);
    groups.into_iter().map(Some).collect()
}
