//! Fitted rules of one host, joined where one Windows rule says them: those that differ only in their remote addresses,
//! and those whose way to a proxy is the same, whatever lies behind it.

use std::sync::Arc;

use super::keyword::Keyword;
use super::rule::Limit;
use crate::address::PrefixSet;
use crate::finding::{Code, Finding, Findings};
use crate::place::Leg;
use crate::site::{Proxy, Station};
use crate::target::{Direction, Fitted, FittedRule, Identity, Match};

/// What the other side of a rule is matched by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Far {
    Any,
    Addresses(PrefixSet),
    Names(Vec<Keyword>),
}

/// What becomes one Windows rule, but for the pieces of its other side and for its limits.
pub(super) struct Slot<'a> {
    /// The first of its rules: all others have the same direction, transport, ports and source ports.
    pub(super) rule: &'a FittedRule,
    /// The others, if it is the way to a proxy.
    pub(super) more: Vec<&'a FittedRule>,
    /// The other side of all of them.
    pub(super) far: Far,
    /// The software that it holds for; on the way to a proxy just one.
    pub(super) limits: Vec<Option<Limit>>,
}

/// The slots of one host.
pub(super) struct Gathered<'a> {
    pub(super) station: Arc<Station>,
    pub(super) slots: Vec<Slot<'a>>,
}

/// Sorts rules by host, in the order of the hosts' ids, and joins what one Windows rule can say.
pub(super) fn gather(fitted: &Fitted, limit: Option<Identity>) -> Result<Vec<Gathered<'_>>, Findings> {
    let mut hosts: Vec<Gathered<'_>> = Vec::new();
    let mut findings = Findings::new();
    for rule in &fitted.rules {
        match far_side(rule) {
            Ok((station, far)) => {
                for slot in slots(rule, &far, limit) {
                    add(&mut hosts, station, slot);
                }
            }
            Err(finding) => findings.push(finding),
        }
    }
    hosts.sort_by(|a, b| a.station.id.cmp(&b.station.id));
    if findings.is_empty() { Ok(hosts) } else { Err(findings) }
}

/// On the way to a proxy one for each limit, so that rules with some software in common are joined in that.
fn slots<'a>(rule: &'a FittedRule, far: &Far, limit: Option<Identity>) -> Vec<Slot<'a>> {
    let slot = |limits| Slot { rule, more: Vec::new(), far: far.clone(), limits };
    let limits = Limit::of(rule, limit);
    match to_proxy(rule) {
        Some(_) => limits.into_iter().map(|limit| slot(vec![limit])).collect(),
        None => vec![slot(limits)],
    }
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

impl<'a> Slot<'a> {
    /// Takes over `other` if one Windows rule says both.
    fn join(&mut self, other: &Slot<'a>) -> bool {
        if !same_service(self.rule, other.rule) {
            return false;
        }
        if to_proxy(self.rule).is_some() {
            return self.join_way(other);
        }
        if self.rule.rule.id != other.rule.rule.id {
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

    /// Joins the same way to the same proxy; nothing that a rule is matched by may differ.
    fn join_way(&mut self, other: &Slot<'a>) -> bool {
        if self.far != other.far || self.limits != other.limits {
            return false;
        }
        if self.rules().all(|rule| rule.rule.id != other.rule.rule.id) {
            self.more.push(other.rule);
        }
        true
    }

    /// Its rules, each once, in the order of the selection.
    pub(super) fn rules(&self) -> impl Iterator<Item = &'a FittedRule> {
        std::iter::once(self.rule).chain(self.more.iter().copied())
    }
}

fn same_service(a: &FittedRule, b: &FittedRule) -> bool {
    a.direction == b.direction
        && to_proxy(a) == to_proxy(b)
        && (a.transport, a.ports, a.source_ports) == (b.transport, b.ports, b.source_ports)
}

/// The proxy, if the rule is the way to it.
pub(super) fn to_proxy(rule: &FittedRule) -> Option<&Proxy> {
    match &rule.leg {
        Leg::ToProxy(proxy) if rule.direction == Direction::Outbound => Some(proxy),
        _ => None,
    }
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
