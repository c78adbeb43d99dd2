//! One hop in words.

use std::sync::Arc;

use super::Sets;
use crate::address::PrefixSet;
use crate::host::HostPattern;
use crate::place::{AddressSet, Leg, Party};
use crate::rule::{Endpoint, Rule, Scope};
use crate::site::Proxy;
use crate::target::{FittedRule, Match};

/// A set of more prefixes than this is named in a cell and listed elsewhere.
const PREFIXES_IN_A_CELL: usize = 16;

/// One side of a hop in words.
#[derive(Debug)]
pub(in crate::target) struct SideWords {
    /// `exact`, `wildcard`, `wildcard-and-apex`, `url`, `role`, `service-tag`, `ranges`, `outside` or `proxy`.
    pub(in crate::target) kind: &'static str,
    /// A name, a URL, a tag, a role.
    pub(in crate::target) name: String,
    /// Prefixes, `any`, a set by name, or nothing where the name decides or no address was given.
    pub(in crate::target) addresses: String,
    /// The zone, if one is known.
    pub(in crate::target) zone: String,
    /// The set, where it is too large for a cell.
    pub(in crate::target) listed: Option<String>,
}

/// One hop in words.
#[derive(Debug)]
pub(in crate::target) struct HopWords {
    /// `direct`, `to-proxy` or `from-proxy`.
    pub(in crate::target) via: &'static str,
    /// Of the whole flow, seen from the site: `outbound`, `inbound`, `internal` or `local`.
    pub(in crate::target) direction: &'static str,
    /// Who opens the connection of this hop.
    pub(in crate::target) source: SideWords,
    /// Who answers it.
    pub(in crate::target) destination: SideWords,
}

impl HopWords {
    /// The words for `hop`; `list` names the place where sets stand that are too large for a cell.
    pub(in crate::target) fn of(hop: &FittedRule, sets: &Sets, list: &str) -> Self {
        let (via, from_proxy, to_proxy) = match &hop.leg {
            Leg::Direct => ("direct", None, None),
            Leg::ToProxy(proxy) => ("to-proxy", None, Some(Arc::clone(proxy))),
            Leg::FromProxy(proxy) => ("from-proxy", Some(Arc::clone(proxy)), None),
        };
        let side = |party: &Party, matched: &Match, proxy: Option<Arc<Proxy>>| {
            // The party stays the flow's own end, also where the hop ends at the proxy.
            let zone = proxy.as_ref().map_or_else(|| party.zone(), |proxy| proxy.zone());
            let zone = zone.map(ToString::to_string).unwrap_or_default();
            let (kind, name) = proxy.as_ref().map_or_else(
                || kind_and_name(&party.endpoint),
                |proxy| ("proxy", proxy.listener.host.to_string()),
            );
            let (addresses, listed) = addresses(matched, sets, list);
            SideWords { kind, name, addresses, zone, listed }
        };
        Self {
            via,
            direction: direction(&hop.rule),
            source: side(&hop.from, &hop.source, from_proxy),
            destination: side(&hop.to, &hop.destination, to_proxy),
        }
    }
}

/// Which way the whole flow goes, seen from the site; its hops by way of a proxy go the same way.
fn direction(rule: &Rule) -> &'static str {
    let flow = &rule.flow;
    if flow.scope == Scope::Local {
        return "local";
    }
    match (flow.from.role(), flow.to.role()) {
        (None, _) => "inbound",
        (Some(_), Some(_)) => "internal",
        (Some(_), None) => "outbound",
    }
}

/// The kind of an end, by the words of [`SideWords::kind`], and its name.
pub(crate) fn kind_and_name(end: &Endpoint) -> (&'static str, String) {
    match end {
        Endpoint::Role(role) => ("role", role.to_string()),
        Endpoint::Outside(role) => ("outside", role.to_string()),
        Endpoint::Host { pattern, .. } => (pattern_kind(pattern), pattern.to_string()),
        Endpoint::Url { host, path } => ("url", format!("{host}{path}")),
        Endpoint::ServiceTag(tag) => ("service-tag", tag.clone()),
        Endpoint::CloudRanges(cloud) => ("ranges", cloud.to_string()),
    }
}

fn pattern_kind(pattern: &HostPattern) -> &'static str {
    match pattern {
        HostPattern::Exact(_) => "exact",
        HostPattern::Below { apex: false, .. } => "wildcard",
        HostPattern::Below { apex: true, .. } => "wildcard-and-apex",
    }
}

/// Addresses as a cell holds them, and the set that has to be listed elsewhere, if it has.
fn addresses(matched: &Match, sets: &Sets, list: &str) -> (String, Option<String>) {
    match matched {
        Match::Any => ("any".to_owned(), None),
        Match::Addresses(set) => set_words(set, &sets.name_of(set), list),
        // A name decides by itself, and where there are words nobody gave addresses.
        Match::Itself | Match::Name(_) | Match::Url(..) | Match::Words(_) => (String::new(), None),
    }
}

fn set_words(set: &AddressSet, name: &str, list: &str) -> (String, Option<String>) {
    match in_a_cell(&set.prefixes) {
        Ok(text) => (text, None),
        Err(count) => (format!("{name} ({count} prefixes: {list})"), Some(name.to_owned())),
    }
}

/// The prefixes of a small set in one line; the number of prefixes of a large one.
pub(in crate::target) fn in_a_cell(prefixes: &PrefixSet) -> Result<String, usize> {
    let count = prefixes.prefixes().count();
    if count > PREFIXES_IN_A_CELL {
        return Err(count);
    }
    let texts: Vec<String> = prefixes.prefixes().map(crate::address::Prefix::to_bare).collect();
    Ok(texts.join("; "))
}
