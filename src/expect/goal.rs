//! Who answers to the goal of an expectation.

use std::sync::Arc;

use crate::host::HostName;
use crate::place::{Hop, Placed};
use crate::plan::{Expectation, Goal, Plan, Wish};
use crate::resolve::Request;
use crate::rule::Endpoint;
use crate::site::Station;

/// Who answers to a goal.
pub(super) struct Destinations<'a> {
    /// Hosts of the site.
    pub(super) stations: Vec<&'a Arc<Station>>,
    /// Whether somebody outside may.
    pub(super) outside: bool,
    /// A name of the site's own of which no rule says which host answers to it.
    pub(super) homeless: Option<HostName>,
}

impl<'a> Destinations<'a> {
    /// What is to pass goes to whom the rules of its host mean; what is not to pass may go to whoever could answer.
    pub(super) fn of(
        expectation: &'a Expectation,
        from: &Station,
        plan: &'a Plan,
        placed: &'a Placed,
    ) -> Self {
        let site = &plan.site;
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
            Goal::Name(name) => {
                let mut found = Self::named(name, expectation.wish, from, placed);
                if found.stations.is_empty() && plan.requests.iter().any(|request| is_given(name, request)) {
                    found.homeless = Some(name.clone());
                }
                return found;
            }
        };
        let outside = stations.is_empty();
        Self { stations, outside, homeless: None }
    }

    /// Hosts that answer to a name because a rule gives it to their role, as it does to a federation service.
    fn named(name: &HostName, wish: Wish, from: &Station, placed: &'a Placed) -> Self {
        let is_own = |hop: &Hop| hop.from.station.as_ref().is_some_and(|station| station.id == from.id);
        let mut found = Self { stations: Vec::new(), outside: false, homeless: None };
        for hop in placed.hops.iter().filter(|hop| wish == Wish::Deny || is_own(hop)) {
            if !hop.to.endpoint.host().is_some_and(|pattern| pattern.matches(name.as_str())) {
                continue;
            }
            match (&hop.to.endpoint, &hop.to.station) {
                (_, Some(station)) => {
                    if !found.stations.iter().any(|other| other.id == station.id) {
                        found.stations.push(station);
                    }
                }
                (Endpoint::Host { at: Some(_), .. }, None) => found.homeless = Some(name.clone()),
                _ => found.outside = true,
            }
        }
        found.outside |= found.stations.is_empty();
        found
    }
}

/// Whether a name is a parameter of the site, such as that of its federation service, or below one. Hosts of the site
/// answer to such names as often as not, whatever the rules of its selection say.
fn is_given(name: &HostName, request: &Request) -> bool {
    let values = request.set.iter().filter_map(|parameter| parameter.split_once('='));
    values.map(|(_, value)| value.to_lowercase()).any(|value| {
        let above = name.as_str().strip_suffix(value.as_str());
        value.contains('.') && above.is_some_and(|above| above.is_empty() || above.ends_with('.'))
    })
}
