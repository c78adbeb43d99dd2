//! Ways of rules through the site: who takes part, by which proxy, between which zones.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use crate::address::{PortRange, Transport};
use crate::id::{StationId, ZoneId};
use crate::manifest::Manifest;
use crate::rule::RuleId;
use crate::target::json::{End, HopRecord, MatchedBy, Via};

/// One part of a rule's way.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Way {
    /// Who opens the connection.
    pub source: WayEnd,
    /// Who answers.
    pub destination: WayEnd,
    /// By which proxy, and on which of its sides.
    pub via: String,
    /// TCP or UDP.
    pub transport: Transport,
    /// Destination ports.
    pub ports: PortRange,
}

/// One end of a way.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct WayEnd {
    /// The host of the site; none for a destination outside, which the rule names.
    pub station: Option<StationId>,
    /// The set of its addresses, where that is not the host's own.
    pub set: Option<String>,
    /// Its zone.
    pub zone: Option<ZoneId>,
}

/// Rules of both builds that gained or lost ways, alike.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WayChange {
    /// What they go now.
    pub added: Vec<Way>,
    /// What they went.
    pub removed: Vec<Way>,
    /// The rules.
    pub rules: Vec<RuleId>,
}

impl Way {
    fn of(hop: &HopRecord) -> Self {
        let via = match &hop.via {
            Via::Direct => "direct".to_owned(),
            Via::ToProxy(proxy) => format!("to the proxy {proxy}"),
            Via::FromProxy(proxy) => format!("from the proxy {proxy}"),
        };
        Self {
            source: WayEnd::of(&hop.source),
            destination: WayEnd::of(&hop.destination),
            via,
            transport: hop.transport,
            ports: hop.ports,
        }
    }
}

impl WayEnd {
    fn of(end: &End) -> Self {
        let set = match (&end.by, &end.station) {
            (MatchedBy::Addresses(set), Some(station)) if set == station.as_str() => None,
            (MatchedBy::Addresses(set), _) => Some(set.clone()),
            _ => None,
        };
        Self { station: end.station.clone(), set, zone: end.zone.clone() }
    }
}

/// `agents (tier0) -> egress (dmz), TCP 8080, to the proxy 10.30.0.5:8080`.
impl fmt::Display for Way {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let transport = self.transport.as_str().to_uppercase();
        write!(f, "{} -> {}, {transport} {}, {}", self.source, self.destination, self.ports, self.via)
    }
}

impl fmt::Display for WayEnd {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.station, &self.set) {
            (_, Some(set)) => f.write_str(set)?,
            (Some(station), None) => write!(f, "{station}")?,
            (None, None) => f.write_str("outside")?,
        }
        self.zone.as_ref().map_or(Ok(()), |zone| write!(f, " ({zone})"))
    }
}

/// What rules of both builds gained and lost; rules with the same gains and losses together.
pub(super) fn changes(old: &Manifest, new: &Manifest) -> Vec<WayChange> {
    let (was, is) = (ways(old), ways(new));
    let mut changes: Vec<WayChange> = Vec::new();
    for (rule, now) in &is {
        let Some(before) = was.get(rule) else { continue };
        let added: Vec<Way> = now.difference(before).cloned().collect();
        let removed: Vec<Way> = before.difference(now).cloned().collect();
        if added.is_empty() && removed.is_empty() {
            continue;
        }
        match changes.iter_mut().find(|known| known.added == added && known.removed == removed) {
            Some(known) => known.rules.push((*rule).clone()),
            None => changes.push(WayChange { added, removed, rules: vec![(*rule).clone()] }),
        }
    }
    changes
}

fn ways(manifest: &Manifest) -> BTreeMap<&RuleId, BTreeSet<Way>> {
    let records = manifest.rules.rules.iter();
    records.map(|record| (&record.rule.id, record.hops.iter().map(Way::of).collect())).collect()
}
