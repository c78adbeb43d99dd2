//! What a need accounts for, side by side: a reach that is wider or other on one of its sides is no doing of the need.

use std::collections::BTreeSet;

use super::super::region::{show_ports, whole};
use super::super::{Need, Reach};
use super::{Asked, Scope};
use crate::address::Transport;

/// One side: in words what the reach is there, where the need does not account for it.
type Side = fn(&Asked<'_>, &Need) -> Option<String>;

/// All of them; in the order in which they are told.
const SIDES: [Side; 8] =
    [transport, tunnel, from_zone, to_zone, source_words, destination_words, source_ports, software];

impl Asked<'_> {
    /// Whether a need can account for what the reach allows.
    pub(super) fn accounts(&self, need: &Need) -> bool {
        SIDES.iter().all(|side| side(self, need).is_none())
    }

    /// On which sides none of `needs` accounts for the reach; if each side has one, where it is not all of them.
    pub(super) fn differences(&self, needs: &[&Need]) -> Vec<String> {
        let of_all = |side: &Side| {
            let words: Option<Vec<String>> = needs.iter().map(|need| side(self, need)).collect();
            words?.into_iter().next()
        };
        let of_some = |side: &Side| needs.iter().find_map(|need| side(self, need));
        let words: Vec<String> = SIDES.iter().filter_map(of_all).collect();
        if words.is_empty() { SIDES.iter().filter_map(of_some).collect() } else { words }
    }
}

fn listed(zones: &BTreeSet<String>) -> String {
    zones.iter().cloned().collect::<Vec<_>>().join(", ")
}

/// Whether addresses or words say who connects.
fn is_limited(reach: &Reach) -> bool {
    reach.from_words.is_some() || reach.region.from != whole()
}

fn transport(asked: &Asked<'_>, need: &Need) -> Option<String> {
    let transport = asked.reach.transport.filter(|transport| *transport != need.transport)?;
    Some(over(transport))
}

/// `over UDP`.
pub(super) fn over(transport: Transport) -> String {
    format!("over {}", transport.as_str().to_uppercase())
}

/// What says nothing of tunnels is there for both: where it can reach a host, the ports say.
fn tunnel(asked: &Asked<'_>, need: &Need) -> Option<String> {
    match (asked.reach.tunnelled, need.tunnelled) {
        (Some(true), Some(false)) => Some("with CONNECT".to_owned()),
        (Some(false), Some(true)) => Some("without CONNECT".to_owned()),
        _ => None,
    }
}

/// Between any zones is more than what a need asks for that has them. In a file of others that is left to the addresses, as
/// long as they limit who connects: each is in its zone.
fn from_zone(asked: &Asked<'_>, need: &Need) -> Option<String> {
    let zone = need.from_zone.as_ref()?;
    let reach = asked.reach;
    match &reach.from_zones {
        Some(zones) if zones.contains(zone) => None,
        Some(zones) => Some(format!("from zone {}", listed(zones))),
        None => (asked.policy.knows_zones && !(asked.scope == Scope::SameHosts && is_limited(reach)))
            .then(|| "from any zone".to_owned()),
    }
}

/// In a file of others only where it is another one: a host is in its zone, whatever a rule has besides.
fn to_zone(asked: &Asked<'_>, need: &Need) -> Option<String> {
    let zone = need.to_zone.as_ref()?;
    match &asked.reach.to_zones {
        Some(zones) if zones.contains(zone) => None,
        Some(zones) => Some(format!("to zone {}", listed(zones))),
        None => (asked.scope == Scope::All && asked.policy.knows_zones).then(|| "to any zone".to_owned()),
    }
}

fn source_words(asked: &Asked<'_>, need: &Need) -> Option<String> {
    match (&asked.reach.from_words, &need.from_words) {
        (Some(words), other) if other.as_ref() != Some(words) => Some(format!("from {words}")),
        (None, Some(_)) if asked.policy.in_words && !is_limited(asked.reach) => {
            Some("from anyone".to_owned())
        }
        _ => None,
    }
}

fn destination_words(asked: &Asked<'_>, need: &Need) -> Option<String> {
    match (&asked.reach.to_words, &need.to_words) {
        (Some(words), other) if other.as_ref() != Some(words) => Some(format!("to {words}")),
        (None, Some(words)) if asked.policy.in_words => Some(format!("to more than {words}")),
        (None, _) if need.no_destination.is_some() => Some("to any destination".to_owned()),
        _ => None,
    }
}

/// From any source port is more than what a need asks for that limits them. Only our own files are held to that, since
/// others rarely say it at all; likewise to the software.
fn source_ports(asked: &Asked<'_>, need: &Need) -> Option<String> {
    let limit = need.source_ports.as_ref().filter(|_| asked.scope == Scope::All)?;
    match &asked.reach.source_ports {
        Some(ports) if ports.is_subset(limit) => None,
        Some(ports) => Some(format!("from source ports {}", show_ports(ports))),
        None => Some("from any source port".to_owned()),
    }
}

fn software(asked: &Asked<'_>, need: &Need) -> Option<String> {
    match (&asked.reach.software, &need.software) {
        (Some(one), Some(two)) if one != two => Some(format!("by {one}")),
        (None, Some(_)) if asked.scope == Scope::All => Some("by any program".to_owned()),
        _ => None,
    }
}
