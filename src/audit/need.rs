//! What documents ask of a device at its place.

use std::sync::Arc;

use crate::address::{IntervalSet, PrefixSet, Transport};
use crate::host::HostPattern;
use crate::place::{Addresses, Leg, Party};
use crate::rule::Rule;
use crate::target::{
    Direction, FittedRule, Match, NameSupport, Settings, TargetSpec, Vantage, windows_limits as limits,
};

use super::region::{met, ports, whole};
use super::{Destination, NameSet, Region};

/// The ports on which proxies see plain requests; all others they tunnel.
const PLAIN: u32 = 80;

/// One flow of a rule as one device sees it.
#[derive(Debug, Clone)]
pub struct Need {
    /// The rule behind it, with its documents.
    pub rule: Arc<Rule>,
    /// `provisioning-agent -> login.live.com, TCP 443`.
    pub what: String,
    /// What has to pass.
    pub region: Region,
    /// Why its source is not known; then `region` has every address.
    pub no_source: Option<String>,
    /// Why its destination is not known; then nothing can be said of it.
    pub no_destination: Option<String>,
    /// Who opens the connection, in words, where its addresses are not known.
    pub from_words: Option<String>,
    /// Who answers, in words, where nothing else tells it; the URL where it is part of a host's.
    pub to_words: Option<String>,
    /// TCP or UDP.
    pub transport: Transport,
    /// Whether a proxy tunnels it; absent where the device is none.
    pub tunnelled: Option<bool>,
    /// Source ports, where a document limits them.
    pub source_ports: Option<IntervalSet<u32>>,
    /// The program, service or account to which Portbook limits its rule; absent where it does not, and where an audit asks.
    pub software: Option<String>,
    /// The host on whose firewall it is seen.
    pub host: Option<String>,
    /// Seen from that host.
    pub direction: Option<Direction>,
    /// The zone that it comes from.
    pub from_zone: Option<String>,
    /// The zone that it goes to.
    pub to_zone: Option<String>,
}

impl Need {
    /// What a rule asks of a device, whatever Portbook would write for it.
    pub(super) fn asked(fitted: &FittedRule, target: &TargetSpec, settings: &Settings) -> Vec<Self> {
        let from = if target.vantage == Vantage::Proxy { clients(&fitted.from) } else { source(fitted) };
        Self::of(fitted, target, settings, from)
    }

    /// What Portbook writes for a rule.
    pub(super) fn fitted(fitted: &FittedRule, target: &TargetSpec, settings: &Settings) -> Vec<Self> {
        let limits = limits(fitted, target, settings);
        let needs = Self::of(fitted, target, settings, source(fitted));
        let limited = |need: &Self| {
            let limits = limits.iter().cloned();
            limits.map(|software| Self { software, ..need.clone() }).collect::<Vec<_>>()
        };
        needs.iter().flat_map(limited).collect()
    }

    /// Whether these words are for who opens the connection, whether the addresses were given or not.
    pub(super) fn comes_from(&self, words: &str) -> bool {
        self.from_words.as_deref() == Some(words) || self.rule.flow.from.to_string() == words
    }

    /// Likewise for who answers.
    pub(super) fn goes_to(&self, words: &str) -> bool {
        self.to_words.as_deref() == Some(words) || self.rule.flow.to.to_string() == words
    }

    /// The needs of a rule: one, or two where a proxy treats some of its ports otherwise.
    fn of(
        fitted: &FittedRule,
        target: &TargetSpec,
        settings: &Settings,
        source: Side<PrefixSet>,
    ) -> Vec<Self> {
        let need = Self::whole(fitted, target, settings, source);
        if target.vantage != Vantage::Proxy {
            return vec![need];
        }
        let plain: IntervalSet<u32> = [(PLAIN, PLAIN)].into_iter().collect();
        let parts =
            [(false, need.region.ports.intersection(&plain)), (true, need.region.ports.difference(&plain))];
        let parts = parts.into_iter().filter(|(_, ports)| !ports.is_empty());
        parts
            .map(|(tunnelled, ports)| {
                let region = Region { ports, ..need.region.clone() };
                Self { region, tunnelled: Some(tunnelled), ..need.clone() }
            })
            .collect()
    }

    fn whole(
        fitted: &FittedRule,
        target: &TargetSpec,
        settings: &Settings,
        (from, no_source): Side<PrefixSet>,
    ) -> Self {
        let inbound = fitted.direction == Direction::Inbound;
        // The firewall of a host is asked about the host itself, whatever its addresses are.
        let own = target.vantage == Vantage::Host && !inbound;
        let (from, no_source) = if own { (whole(), None) } else { (from, no_source) };
        let (to, no_destination) = match (inbound, &fitted.leg) {
            (true, _) => (Destination::any(), None),
            _ => destination(fitted, target, settings),
        };
        let (from_zone, to_zone) = fitted.zones();
        let zone = |zone: Option<&crate::id::ZoneId>, setting: &str| {
            let zone = zone.map(crate::id::ZoneId::as_str).or_else(|| settings.get(setting));
            zone.filter(|zone| *zone != "any").map(str::to_owned)
        };
        let service = format!("{} {}", fitted.transport.as_str().to_uppercase(), fitted.ports);
        Self {
            rule: Arc::clone(&fitted.rule),
            what: format!("{} -> {}, {service}", name(fitted, true), name(fitted, false)),
            region: Region { from, to, ports: ports([fitted.ports]) },
            no_source,
            no_destination,
            from_words: in_words(&fitted.source, fitted, true),
            to_words: in_words(&fitted.destination, fitted, false),
            transport: fitted.transport,
            tunnelled: None,
            source_ports: fitted.source_ports.map(|range| ports([range])),
            software: None,
            host: fitted.station.as_ref().map(|station| station.id.to_string()),
            direction: (target.vantage == Vantage::Host).then_some(fitted.direction),
            from_zone: zone(from_zone, "from-zone"),
            to_zone: zone(to_zone, "to-zone"),
        }
    }
}

/// Who takes part, as people call it.
fn name(fitted: &FittedRule, source: bool) -> String {
    match (&fitted.leg, source) {
        (Leg::FromProxy(proxy), true) => format!("{} by proxy {proxy}", fitted.from.endpoint),
        (Leg::ToProxy(proxy), false) => format!("proxy {proxy}"),
        (_, true) => fitted.from.endpoint.to_string(),
        (_, false) => fitted.to.endpoint.to_string(),
    }
}

/// A side in the words of documents; a proxy by its name.
fn in_words(side: &Match, fitted: &FittedRule, source: bool) -> Option<String> {
    match (side, &fitted.leg, source) {
        (Match::Words(_), Leg::FromProxy(proxy), true) | (Match::Words(_), Leg::ToProxy(proxy), false) => {
            Some(proxy.listener.host.to_string())
        }
        (Match::Words(words), ..) => Some(words.clone()),
        (Match::Url(host, path), ..) => Some(format!("{host}{path}")),
        _ => None,
    }
}

type Side<T> = (T, Option<String>);

fn source(fitted: &FittedRule) -> Side<PrefixSet> {
    match &fitted.source {
        Match::Any | Match::Itself => (whole(), None),
        Match::Addresses(set) => (met(&set.prefixes), None),
        Match::Words(words) => (whole(), Some(format!("the addresses of {words} were not given"))),
        Match::Name(pattern) | Match::Url(pattern, _) => {
            (whole(), Some(format!("{pattern} is a name, no address")))
        }
    }
}

/// A proxy knows its clients, not the one hop that leads to it.
fn clients(party: &Party) -> Side<PrefixSet> {
    match &party.addresses {
        Addresses::Any => (whole(), None),
        Addresses::Known(set) => (met(&set.prefixes), None),
        _ => (whole(), Some(format!("the addresses of {} were not given", party.endpoint))),
    }
}

fn destination(fitted: &FittedRule, target: &TargetSpec, settings: &Settings) -> Side<Destination> {
    match &fitted.destination {
        Match::Any | Match::Itself => (Destination::any(), None),
        Match::Addresses(set) => (Destination::addresses(met(&set.prefixes)), None),
        Match::Name(pattern) | Match::Url(pattern, _) => named(pattern, fitted, target, settings),
        Match::Words(words) => (Destination::any(), Some(format!("the addresses of {words} were not given"))),
    }
}

/// A name, or on a product that knows none the addresses that somebody asked for in its place.
fn named(
    pattern: &HostPattern,
    fitted: &FittedRule,
    target: &TargetSpec,
    settings: &Settings,
) -> Side<Destination> {
    let knows_names = (target.capabilities)(settings).names != NameSupport::None;
    match &fitted.to.addresses {
        Addresses::Known(set) if !knows_names => (Destination::addresses(met(&set.prefixes)), None),
        _ => (Destination::names(NameSet::from(pattern)), None),
    }
}
