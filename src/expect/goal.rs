//! Who answers to the goal of an expectation.

use std::sync::Arc;

use crate::place::{Hop, Placed};
use crate::plan::{Expectation, Goal, Wish};
use crate::rule::{Endpoint, RuleId};
use crate::site::{Site, Station};

/// Who answers to a goal.
pub(super) struct Destinations<'a> {
    /// Hosts of the site.
    pub(super) stations: Vec<&'a Arc<Station>>,
    /// Whether somebody outside may.
    pub(super) outside: bool,
    /// The rule by which a role of the site answers to the name, where no host plays that role.
    pub(super) nobody: Option<RuleId>,
}

impl<'a> Destinations<'a> {
    /// What is to pass goes to whom the rules of its host mean; what is not to pass may go to whoever could answer.
    pub(super) fn of(
        expectation: &'a Expectation,
        from: &Station,
        site: &'a Site,
        placed: &'a Placed,
    ) -> Self {
        let stations: Vec<&Arc<Station>> = match &expectation.to {
            Goal::Station(id) => site.stations.iter().filter(|station| station.id == *id).collect(),
            Goal::Address(address) => {
                // The address towards the client's zone, before one that others know or that nobody reaches.
                let reached =
                    |station: &&Arc<Station>| station.as_destination(from.zone.as_ref()).1.contains(*address);
                let own = |station: &&Arc<Station>| station.addresses.contains(*address);
                let all = site.stations.iter().filter(reached);
                let others = site.stations.iter().filter(|station| own(station) && !reached(station));
                let count = if expectation.wish == Wish::Allow { 1 } else { usize::MAX };
                all.chain(others).take(count).collect()
            }
            Goal::Name(name) => return Self::named(name.as_str(), expectation.wish, from, placed),
        };
        let outside = stations.is_empty();
        Self { stations, outside, nobody: None }
    }

    /// Hosts that answer to a name because a rule gives it to their role, as it does to a federation service.
    fn named(name: &str, wish: Wish, from: &Station, placed: &'a Placed) -> Self {
        let is_own = |hop: &Hop| hop.from.station.as_ref().is_some_and(|station| station.id == from.id);
        let mut found = Self { stations: Vec::new(), outside: false, nobody: None };
        for hop in placed.hops.iter().filter(|hop| wish == Wish::Deny || is_own(hop)) {
            if !hop.to.endpoint.host().is_some_and(|pattern| pattern.matches(name)) {
                continue;
            }
            match (&hop.to.endpoint, &hop.to.station) {
                (_, Some(station)) => {
                    if !found.stations.iter().any(|other| other.id == station.id) {
                        found.stations.push(station);
                    }
                }
                (Endpoint::Host { at: Some(_), .. }, None) => found.nobody = Some(hop.rule.id.clone()),
                _ => found.outside = true,
            }
        }
        found.outside |= found.stations.is_empty();
        found
    }
}
