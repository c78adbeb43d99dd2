//! Whether a rule of a target matches a step, as its device would do it.

use std::sync::Arc;

use crate::address::PrefixSet;
use crate::finding::Code;
use crate::host::HostName;
use crate::place::Leg;
use crate::plan::{Goal, PlannedTarget, Wish};
use crate::site::Station;
use crate::target::{
    Axis, Capabilities, Direction, Effect, FittedRule, Match, PortSupport, SourceSupport, Vantage,
};

use super::prefixes::{are_one, matches};
use super::ruling::Doubt;
use super::step::{Connection, Party, Side, Step};

/// Whether a rule matches.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Matched {
    Yes,
    Not,
    /// It lets the connection begin, and not go on once its name is seen.
    Handshake,
    /// Nobody can tell.
    Unknown(Doubt),
}

impl Matched {
    fn yes(holds: bool) -> Self {
        if holds { Self::Yes } else { Self::Not }
    }

    /// Both sides of a rule must match.
    fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Not, _) | (_, Self::Not) => Self::Not,
            (Self::Unknown(doubt), _) | (_, Self::Unknown(doubt)) => Self::Unknown(doubt),
            (Self::Handshake, _) | (_, Self::Handshake) => Self::Handshake,
            (Self::Yes, Self::Yes) => Self::Yes,
        }
    }
}

/// One step of a connection at one target.
pub(super) struct Question<'a> {
    pub(super) connection: &'a Connection<'a>,
    pub(super) step: &'a Step<'a>,
    pub(super) planned: &'a PlannedTarget,
}

impl Question<'_> {
    /// Whether a rule matches it.
    pub(super) fn asked_of(&self, rule: &FittedRule) -> Matched {
        let service = self.service(rule);
        if service == Matched::Not {
            return Matched::Not;
        }
        let ends = self.zones(rule).and(self.source(rule)).and(self.destination(rule));
        match (ends, service) {
            // The name is not in the list, whatever the port.
            (Matched::Handshake, Matched::Unknown(_)) => Matched::Not,
            (ends, service) => ends.and(service),
        }
    }

    fn capabilities(&self) -> Capabilities {
        (self.planned.target.capabilities)(&self.planned.settings)
    }

    /// Transport and port. A list without ports matches what the rule that uses it says.
    fn service(&self, rule: &FittedRule) -> Matched {
        let connection = self.connection;
        let port = match self.step.proxy {
            Some((proxy, Side::Before)) => proxy.listener.port.single().unwrap_or(connection.port),
            _ => connection.port,
        };
        let same = rule.transport == connection.transport && rule.ports.contains(port);
        match self.capabilities().ports {
            PortSupport::Elsewhere(_) if !same => Matched::Unknown(Doubt::RuleElsewhere),
            _ => Matched::yes(same),
        }
    }

    /// Rules of a firewall between zones hold for the zones that they cross. A list knows none.
    fn zones(&self, rule: &FittedRule) -> Matched {
        if !self.planned.target.vantage.is_between_zones()
            || matches!(self.capabilities().source, SourceSupport::Elsewhere(_))
        {
            return Matched::Yes;
        }
        let (from, to) = rule.zones();
        let pairs = [(from, self.step.from_zone), (to, self.step.to_zone)];
        pairs.into_iter().fold(Matched::Yes, |matched, pair| {
            matched.and(match pair {
                (None, _) => Matched::Yes,
                (Some(_), None) => Matched::Unknown(Doubt::NoZone),
                (Some(rule), Some(step)) => Matched::yes(rule == step),
            })
        })
    }

    fn source(&self, rule: &FittedRule) -> Matched {
        // A proxy matches its clients, as they come to its zone.
        let (from, seen_by) = match self.planned.target.vantage {
            Vantage::Proxy => (Party::Station(self.connection.from), self.step.from_zone),
            _ => (self.step.from, self.step.to_zone),
        };
        match (&rule.source, from) {
            (Match::Any, _) => self.listed_source(rule),
            (Match::Itself, from) => self.own(rule, from),
            (Match::Addresses(set), Party::Station(station)) => {
                self.held(&set.prefixes, station, station.as_source(seen_by).1)
            }
            (Match::Addresses(set), Party::Proxy) => {
                let same = matches!(&rule.leg, Leg::FromProxy(proxy) if self.step.proxy.is_some_and(|(own, _)| own == proxy));
                Matched::yes(same && !set.prefixes.is_empty())
            }
            _ => Matched::Not,
        }
    }

    /// A list without sources is for the hosts of its rules; what else uses it nobody knows.
    fn listed_source(&self, rule: &FittedRule) -> Matched {
        let own = rule.from.station.as_ref().is_some_and(|own| own.id == self.connection.from.id);
        match self.capabilities().source {
            SourceSupport::Elsewhere(_) if !own => Matched::Unknown(Doubt::RuleElsewhere),
            _ => Matched::Yes,
        }
    }

    /// Whether the rule stands on the host that takes part in the step.
    fn own(&self, rule: &FittedRule, party: Party<'_>) -> Matched {
        let same = |station: &Arc<Station>| {
            rule.station.as_ref().is_some_and(|own| are_one(own, station, self.connection.wish))
        };
        Matched::yes(matches!(party, Party::Station(station) if same(station)))
    }

    /// Whether a set matches a host that is known here by `translated`. A device may see its own addresses all the same.
    fn held(&self, set: &PrefixSet, station: &Station, translated: &PrefixSet) -> Matched {
        let wish = self.connection.wish;
        let matches = |prefixes| matches(set, prefixes, self.connection.to, wish);
        match wish {
            _ if matches(translated) => Matched::Yes,
            Wish::Deny if matches(&station.addresses) => Matched::Yes,
            Wish::Deny if translated.is_empty() => Matched::Unknown(Doubt::NoAddresses),
            _ => Matched::Not,
        }
    }

    fn destination(&self, rule: &FittedRule) -> Matched {
        if self.planned.target.vantage == Vantage::Host && rule.direction == Direction::Inbound {
            return self.own(rule, self.step.to);
        }
        if let Some((proxy, Side::Before)) = self.step.proxy {
            return Matched::yes(matches!(&rule.leg, Leg::ToProxy(own) if own == proxy));
        }
        match (&rule.destination, self.connection.to) {
            (Match::Any, _) => Matched::Yes,
            (Match::Name(pattern) | Match::Url(pattern, _), Goal::Name(name)) => {
                if pattern.matches(name.as_str()) { Matched::Yes } else { self.other_name(rule) }
            }
            (Match::Addresses(set), goal) => self.addresses(rule, &set.prefixes, goal),
            // A proxy is told what it is asked for, or reads it and goes to the addresses of that name. Others read the name in the handshake, whatever its address is, or take
            // every address to which the name was ever resolved.
            (Match::Name(_) | Match::Url(..), _) if self.planned.target.vantage.sees_names_only() => {
                Matched::Not
            }
            (Match::Name(_) | Match::Url(..) | Match::Itself | Match::Words(_), _) => {
                Matched::Unknown(Doubt::NameOrAddress)
            }
        }
    }

    /// What a rule for addresses does with the goal.
    fn addresses(&self, rule: &FittedRule, set: &PrefixSet, goal: &Goal) -> Matched {
        match (goal, self.step.to) {
            (Goal::Address(address), _) => Matched::yes(set.contains(*address)),
            (_, Party::Station(station)) => {
                let zone = self.connection.from.zone.as_ref();
                self.held(set, station, station.as_destination(zone).1)
            }
            (Goal::Name(name), _) => addresses_for(rule, name),
            (Goal::Station(_), _) => Matched::Not,
        }
    }

    /// What a rule for one name does with another: what its losses say that the device cannot tell apart.
    fn other_name(&self, rule: &FittedRule) -> Matched {
        let wider = |loss: &&crate::target::Loss| loss.axis == Axis::Host && loss.effect == Effect::Wider;
        let codes: Vec<Code> = rule.losses.iter().filter(wider).map(|loss| loss.code).collect();
        match codes.as_slice() {
            _ if self.planned.target.vantage.sees_names_only() => Matched::Not,
            [] => Matched::Not,
            codes if codes.iter().all(|code| *code == Code::HandshakeBeforeName) => Matched::Handshake,
            _ => Matched::Unknown(Doubt::SharedAddresses),
        }
    }
}

/// Addresses that stand for a name are its rule's own; those of another may be those of this one too.
fn addresses_for(rule: &FittedRule, name: &HostName) -> Matched {
    let of_proxy = matches!(rule.leg, Leg::ToProxy(_));
    match rule.to.endpoint.host() {
        Some(pattern) if !of_proxy && pattern.matches(name.as_str()) => Matched::Yes,
        _ if of_proxy || rule.to.station.is_some() => Matched::Not,
        _ => Matched::Unknown(Doubt::NameOrAddress),
    }
}
