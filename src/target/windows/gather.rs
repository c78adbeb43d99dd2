//! Fitted rules of one host, those that differ only in their remote addresses joined.

use std::sync::Arc;

use super::keyword::Keyword;
use crate::address::PrefixSet;
use crate::finding::{Code, Finding, Findings};
use crate::place::Leg;
use crate::site::Station;
use crate::target::{Direction, Fitted, FittedRule, Match};

/// What the other side of a rule is matched by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Far {
    Any,
    Addresses(PrefixSet),
    Names(Vec<Keyword>),
}

/// A fitted rule and the other side of all that differ from it only there.
pub(super) struct Slot<'a> {
    pub(super) rule: &'a FittedRule,
    pub(super) far: Far,
}

/// The slots of one host.
pub(super) struct Gathered<'a> {
    pub(super) station: Arc<Station>,
    pub(super) slots: Vec<Slot<'a>>,
}

/// Sorts rules by host, in the order of the hosts' ids, and joins what one Windows rule can say.
pub(super) fn gather(fitted: &Fitted) -> Result<Vec<Gathered<'_>>, Findings> {
    let mut hosts: Vec<Gathered<'_>> = Vec::new();
    let mut findings = Findings::new();
    for rule in &fitted.rules {
        match far_side(rule) {
            Ok((station, far)) => add(&mut hosts, station, Slot { rule, far }),
            Err(finding) => findings.push(finding),
        }
    }
    hosts.sort_by(|a, b| a.station.id.cmp(&b.station.id));
    if findings.is_empty() { Ok(hosts) } else { Err(findings) }
}

fn add<'a>(hosts: &mut Vec<Gathered<'a>>, station: &Arc<Station>, slot: Slot<'a>) {
    match hosts.iter_mut().find(|host| host.station.id == station.id) {
        None => hosts.push(Gathered { station: Arc::clone(station), slots: vec![slot] }),
        Some(host) => {
            if !host.slots.iter_mut().any(|present| present.join(&slot)) {
                host.slots.push(slot);
            }
        }
    }
}

impl Slot<'_> {
    /// Takes over the other side of `other` if one Windows rule says both.
    fn join(&mut self, other: &Slot<'_>) -> bool {
        if !same_but_far(self.rule, other.rule) {
            return false;
        }
        match (&mut self.far, &other.far) {
            (Far::Addresses(ours), Far::Addresses(theirs)) => {
                *ours = ours.union(theirs);
                true
            }
            (ours, theirs) => *ours == *theirs,
        }
    }
}

fn same_but_far(a: &FittedRule, b: &FittedRule) -> bool {
    a.rule.id == b.rule.id
        && a.direction == b.direction
        && a.leg == b.leg
        && (a.transport, a.ports, a.source_ports) == (b.transport, b.ports, b.source_ports)
}

/// Whether the rule is the way to a proxy.
pub(super) fn to_proxy(rule: &FittedRule) -> bool {
    matches!(rule.leg, Leg::ToProxy(_))
}

/// The host and what the other side is matched by. No rule comes from nothing: a stored rule without remote addresses
/// is one for every address ([MS-FASP] 2.2.37).
fn far_side(rule: &FittedRule) -> Result<(&Arc<Station>, Far), Finding> {
    let Some(station) = &rule.station else {
        return Err(refuse(rule, Code::SourceNotGiven, "it stands on no host"));
    };
    let (far, code) = match rule.direction {
        Direction::Outbound => (&rule.destination, Code::DestinationNotGiven),
        Direction::Inbound => (&rule.source, Code::SourceNotGiven),
    };
    let far = match far {
        Match::Any => Far::Any,
        Match::Addresses(set) if set.prefixes.is_empty() => {
            return Err(refuse(rule, Code::EmptyAddresses, "its list of addresses is empty"));
        }
        Match::Addresses(set) => Far::Addresses(set.prefixes.clone()),
        Match::Name(pattern) if rule.direction == Direction::Outbound => Far::Names(Keyword::of(pattern)),
        _ => return Err(refuse(rule, code, "nothing tells the other side")),
    };
    Ok((station, far))
}

fn refuse(rule: &FittedRule, code: Code, why: &str) -> Finding {
    Finding::new(
        code,
        format!("{}: {why}, and a Windows rule without it would hold for everyone", rule.rule.id),
    )
}
