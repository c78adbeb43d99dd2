//! What the rules of a site say of a connection, wherever targets stand.

use crate::place::Placed;
use crate::place::{Addresses, Hop, Leg, Party};
use crate::plan::{Goal, Wish};
use crate::rule::Endpoint;

use super::prefixes::{are_one, matches};
use super::ruling::{Doubt, Ruling};
use super::step::Connection;

/// What the rules say.
pub(super) fn by_rules(connection: &Connection<'_>, placed: &Placed) -> Ruling {
    let (mut part, mut undecided) = (None, None);
    for hop in placed.hops.iter().filter(|hop| opens(hop, connection)) {
        match reaches(hop, connection) {
            Reach::Whole => return Ruling::Allowed(hop.rule.id.clone()),
            Reach::Below(path) => part = Some(Ruling::AllowedInPart(hop.rule.id.clone(), path)),
            Reach::Unknown => undecided = Some(Ruling::Undecided(hop.rule.id.clone(), Doubt::NameOrAddress)),
            Reach::Not => {}
        }
    }
    let homeless = connection.destinations.homeless.clone().map(Ruling::Homeless);
    part.or(undecided).or(homeless).unwrap_or(Ruling::NoRule)
}

fn opens(hop: &Hop, connection: &Connection<'_>) -> bool {
    let is_from =
        hop.from.station.as_ref().is_some_and(|station| are_one(station, connection.from, connection.wish));
    let last = matches!(hop.leg, Leg::Direct | Leg::FromProxy(_));
    is_from && last && hop.transport == connection.transport && hop.ports.contains(connection.port)
}

/// How much of a goal a hop goes to.
enum Reach {
    Whole,
    /// Its URLs below a path.
    Below(String),
    /// Perhaps: its addresses may be those of the name.
    Unknown,
    Not,
}

fn whole(holds: bool) -> Reach {
    if holds { Reach::Whole } else { Reach::Not }
}

fn reaches(hop: &Hop, connection: &Connection<'_>) -> Reach {
    match connection.to {
        Goal::Station(_) => whole(is_station(&hop.to, connection)),
        Goal::Address(address) => match &hop.to.addresses {
            Addresses::Any => Reach::Whole,
            Addresses::Known(set) => whole(set.prefixes.contains(*address)),
            _ => Reach::Not,
        },
        Goal::Name(_) if is_station(&hop.to, connection) => Reach::Whole,
        Goal::Name(name) => match &hop.to.endpoint {
            Endpoint::Host { pattern, .. } => whole(pattern.matches(name.as_str())),
            Endpoint::Url { host, path } if host.matches(name.as_str()) => {
                Reach::Below(format!("{host}{path}"))
            }
            Endpoint::Outside(_) | Endpoint::ServiceTag(_) | Endpoint::CloudRanges(_) => Reach::Unknown,
            Endpoint::Url { .. } | Endpoint::Role(_) => Reach::Not,
        },
    }
}

/// Whether a hop goes to one of the hosts that the connection goes to.
fn is_station(to: &Party, connection: &Connection<'_>) -> bool {
    connection.destinations.stations.iter().any(|station| {
        let same = to.station.as_ref().is_some_and(|other| are_one(other, station, connection.wish));
        let reached = station.as_destination(connection.from.zone.as_ref()).1;
        let shared = |prefixes| matches(prefixes, reached, connection.to, Wish::Deny);
        let overlaps = match &to.addresses {
            Addresses::Any => true,
            Addresses::Known(set) => shared(&set.prefixes),
            _ => false,
        };
        same || connection.wish == Wish::Deny && overlaps
    })
}
