//! What rules and targets say of a connection.

use std::fmt;
use std::sync::Arc;

use crate::address::{Family, PrefixSet};
use crate::finding::Code;
use crate::host::HostPattern;
use crate::place::{Addresses, Hop, Leg, Placed};
use crate::plan::{Goal, PlannedTarget};
use crate::rule::{Endpoint, RuleId};
use crate::site::Station;
use crate::target::{Direction, Enforces, Fitted, FittedRule, Match, Vantage};

use super::step::{Connection, Party, Side, Step};

/// An answer, with its reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ruling {
    /// It passes by this rule.
    Allowed(RuleId),
    /// It passes by this rule below a path only.
    AllowedInPart(RuleId, String),
    /// No rule lets it pass, and the device stops what no rule allows.
    Denied,
    /// No rule lets it pass; the device stops it only under this condition.
    DeniedIf(String),
    /// This target stops nothing.
    NotEnforced,
    /// A proxy decides: the target lets everything pass to it.
    ByProxy(RuleId),
    /// A proxy decides: the target lets the proxy pass by this rule, which is there for another of its clients.
    OfProxy(RuleId),
    /// No rule lets it pass.
    NoRule,
    /// For this the target is refused: its device has not what the rules say.
    NotWritten(Code),
    /// Rules decide by addresses, and nobody knows those of the name; or by names, and anybody can say one at any address.
    Undecided(RuleId),
}

impl Ruling {
    /// Whether the connection passes.
    pub fn allows(&self) -> bool {
        matches!(self, Self::Allowed(_) | Self::AllowedInPart(..))
    }

    /// Whether another device decides.
    pub fn is_elsewhere(&self) -> bool {
        matches!(self, Self::NotEnforced | Self::ByProxy(_) | Self::OfProxy(_))
    }
}

impl fmt::Display for Ruling {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Allowed(rule) => write!(f, "allowed by {rule}"),
            Self::AllowedInPart(rule, path) => write!(f, "allowed by {rule} below {path} only"),
            Self::Denied => f.write_str("denied: no rule allows it, and the device denies by default"),
            Self::DeniedIf(clause) => write!(f, "denied only if {clause}"),
            Self::NotEnforced => f.write_str("not enforced here: it routes, it never denies"),
            Self::ByProxy(rule) => write!(f, "passed on to the proxy by {rule}, which decides"),
            Self::OfProxy(rule) => {
                write!(
                    f,
                    "allowed to the proxy by {rule}, for another of its clients; the proxy tells them apart"
                )
            }
            Self::NoRule => f.write_str("no rule allows it"),
            Self::NotWritten(code) => write!(f, "not written: {code}, as `portbook build` tells"),
            Self::Undecided(rule) => {
                write!(f, "cannot be told: {rule} decides by name or by address, and only the other is given")
            }
        }
    }
}

/// What the rules of a site say, wherever targets stand.
pub(super) fn by_rules(connection: &Connection<'_>, placed: &Placed) -> Ruling {
    let mut part = None;
    for hop in placed.hops.iter().filter(|hop| opens(hop, connection)) {
        match reaches(hop, connection) {
            Reach::Whole => return Ruling::Allowed(hop.rule.id.clone()),
            Reach::Below(path) => part = Some(Ruling::AllowedInPart(hop.rule.id.clone(), path)),
            Reach::Not => {}
        }
    }
    part.unwrap_or(Ruling::NoRule)
}

fn opens(hop: &Hop, connection: &Connection<'_>) -> bool {
    let is_from = hop.from.station.as_ref().is_some_and(|station| station.id == connection.from.id);
    let last = matches!(hop.leg, Leg::Direct | Leg::FromProxy(_));
    is_from && last && hop.transport == connection.transport && hop.ports.contains(connection.port)
}

/// How much of a goal a hop goes to.
enum Reach {
    Whole,
    /// Its URLs below a path.
    Below(String),
    Not,
}

fn reaches(hop: &Hop, connection: &Connection<'_>) -> Reach {
    let whole = |holds: bool| if holds { Reach::Whole } else { Reach::Not };
    match (connection.to, &hop.to.endpoint) {
        (Goal::Station(id), _) => whole(hop.to.station.as_ref().is_some_and(|station| station.id == *id)),
        (Goal::Name(name), Endpoint::Host { pattern, .. }) => whole(pattern.matches(name.as_str())),
        (Goal::Name(name), Endpoint::Url { host, path }) if host.matches(name.as_str()) => {
            Reach::Below(format!("{host}{path}"))
        }
        (Goal::Address(address), _) => match &hop.to.addresses {
            Addresses::Any => Reach::Whole,
            Addresses::Known(set) => whole(set.prefixes.contains(*address)),
            _ => Reach::Not,
        },
        (Goal::Name(_), _) => Reach::Not,
    }
}

/// What a target says of the steps that it sees: what it says of the last decides, unless it stops one before.
pub(super) fn by_target(
    connection: &Connection<'_>,
    seen: &[&Step<'_>],
    planned: &PlannedTarget,
    fitted: &Fitted,
) -> Ruling {
    if matches!(planned.target.enforces, Enforces::Never) {
        return Ruling::NotEnforced;
    }
    let mut last = Ruling::NotEnforced;
    for step in seen {
        last = by_step(connection, step, planned, fitted);
        if !last.allows() && !last.is_elsewhere() {
            break;
        }
    }
    last
}

fn by_step(connection: &Connection<'_>, step: &Step<'_>, planned: &PlannedTarget, fitted: &Fitted) -> Ruling {
    let (mut undecided, mut part, mut of_proxy) = (None, None, None);
    for rule in &fitted.rules {
        match matched(connection, step, planned, rule) {
            Matched::Not => {}
            Matched::Unknown => undecided = Some(Ruling::Undecided(rule.rule.id.clone())),
            Matched::Yes if step.proxy.is_some_and(|(_, side)| side == Side::Before) => {
                return Ruling::ByProxy(rule.rule.id.clone());
            }
            Matched::Yes if is_of_another(connection, step, planned, rule) => {
                of_proxy.get_or_insert_with(|| Ruling::OfProxy(rule.rule.id.clone()));
            }
            Matched::Yes => match &rule.destination {
                Match::Url(host, path) => {
                    part = Some(Ruling::AllowedInPart(rule.rule.id.clone(), format!("{host}{path}")));
                }
                _ => return Ruling::Allowed(rule.rule.id.clone()),
            },
        }
    }
    part.or(of_proxy).or(undecided).unwrap_or_else(|| default(planned))
}

/// Whether a device behind a proxy lets this pass for another client. It sees the proxy come, whoever asked it; the
/// proxy itself tells its clients apart.
fn is_of_another(
    connection: &Connection<'_>,
    step: &Step<'_>,
    planned: &PlannedTarget,
    rule: &FittedRule,
) -> bool {
    let behind = step.proxy.is_some_and(|(_, side)| side == Side::Behind);
    let own = rule.from.station.as_ref().is_some_and(|station| station.id == connection.from.id);
    behind && planned.target.vantage != Vantage::Proxy && matches!(rule.leg, Leg::FromProxy(_)) && !own
}

/// What becomes of what no rule matches. The standalone form of Squid ends in a deny of its own.
fn default(planned: &PlannedTarget) -> Ruling {
    if planned.denies || planned.settings.is("form", "standalone") {
        return Ruling::Denied;
    }
    match planned.target.enforces {
        Enforces::Always => Ruling::Denied,
        Enforces::IfDefaultDeny(clause) => Ruling::DeniedIf(clause.to_owned()),
        Enforces::Never => Ruling::NotEnforced,
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Matched {
    Yes,
    Not,
    Unknown,
}

fn matched(
    connection: &Connection<'_>,
    step: &Step<'_>,
    planned: &PlannedTarget,
    rule: &FittedRule,
) -> Matched {
    let port = match step.proxy {
        Some((proxy, Side::Before)) => proxy.listener.port.single().unwrap_or(connection.port),
        _ => connection.port,
    };
    if rule.transport != connection.transport || !rule.ports.contains(port) {
        return Matched::Not;
    }
    if !source_matches(connection, step, planned, rule) {
        return Matched::Not;
    }
    if planned.target.vantage == Vantage::Host && rule.direction == Direction::Inbound {
        return own(rule, step.to);
    }
    destination_matches(connection, step, planned.target.vantage, rule)
}

/// Whether the rule stands on the host that takes part in the step.
fn own(rule: &FittedRule, party: Party<'_>) -> Matched {
    let same = |station: &Arc<Station>| rule.station.as_ref().is_some_and(|own| own.id == station.id);
    match party {
        Party::Station(station) if same(station) => Matched::Yes,
        _ => Matched::Not,
    }
}

fn source_matches(
    connection: &Connection<'_>,
    step: &Step<'_>,
    planned: &PlannedTarget,
    rule: &FittedRule,
) -> bool {
    // A proxy matches its clients.
    let from = match planned.target.vantage {
        Vantage::Proxy => Party::Station(connection.from),
        _ => step.from,
    };
    match (&rule.source, from) {
        (Match::Any, _) => true,
        (Match::Itself, from) => own(rule, from) == Matched::Yes,
        (Match::Addresses(set), Party::Station(station)) => {
            let own = [&station.addresses, station.as_source(rule.to.zone()).1];
            own.into_iter().any(|prefixes| holds(&set.prefixes, prefixes, connection.to))
        }
        (Match::Addresses(set), Party::Proxy) => {
            matches!(&rule.leg, Leg::FromProxy(proxy) if step.proxy.is_some_and(|(own, _)| own == proxy))
                && !set.prefixes.is_empty()
        }
        _ => false,
    }
}

fn destination_matches(
    connection: &Connection<'_>,
    step: &Step<'_>,
    vantage: Vantage,
    rule: &FittedRule,
) -> Matched {
    let to_proxy = step.proxy.filter(|(_, side)| *side == Side::Before).map(|(proxy, _)| proxy);
    if let Some(proxy) = to_proxy {
        let same = matches!(&rule.leg, Leg::ToProxy(own) if own == proxy);
        return if same { Matched::Yes } else { Matched::Not };
    }
    match (&rule.destination, connection.to) {
        (Match::Any, _) => Matched::Yes,
        (Match::Name(pattern) | Match::Url(pattern, _), Goal::Name(name)) => by_name(pattern, name.as_str()),
        // A proxy is told what it is asked for. Others read the name in the handshake, whatever its address is, or take
        // every address to which the name was ever resolved.
        (Match::Name(_) | Match::Url(..), Goal::Address(_)) if vantage != Vantage::Proxy => Matched::Unknown,
        (Match::Addresses(set), Goal::Address(address)) => yes(set.prefixes.contains(*address)),
        (Match::Addresses(set), Goal::Station(_)) => match step.to {
            Party::Station(station) => {
                let (_, reached) = station.as_destination(rule.from.zone());
                yes(holds(&set.prefixes, reached, connection.to))
            }
            _ => Matched::Not,
        },
        // Addresses that stand for the name are its rule's own.
        (Match::Addresses(_), Goal::Name(name)) => match rule.to.endpoint.host() {
            Some(pattern) if pattern.matches(name.as_str()) => Matched::Yes,
            _ if rule.to.station.is_some() => Matched::Not,
            _ => Matched::Unknown,
        },
        _ => Matched::Not,
    }
}

/// Whether a set holds a host, all its addresses of the families that the connection can have: that of its goal, else
/// those that the set has.
fn holds(set: &PrefixSet, host: &PrefixSet, goal: &Goal) -> bool {
    let of_goal = |family| match goal {
        Goal::Address(address) => (family == Family::V6) == address.is_ipv6(),
        _ => !set.family(family).is_empty(),
    };
    let families = [Family::V4, Family::V6].into_iter().filter(|family| of_goal(*family));
    let mut hosts = families.map(|family| host.family(family)).filter(|host| !host.is_empty()).peekable();
    hosts.peek().is_some() && hosts.all(|host| host.is_subset(set))
}

fn by_name(pattern: &HostPattern, name: &str) -> Matched {
    yes(pattern.matches(name))
}

fn yes(holds: bool) -> Matched {
    if holds { Matched::Yes } else { Matched::Not }
}
