//! The way of a connection through a site.

use std::sync::Arc;

use crate::address::{Port, Transport};
use crate::id::ZoneId;
use crate::plan::{Expectation, Goal, PlannedTarget};
use crate::site::{Proxy, Site, Station};
use crate::target::Vantage;

/// A connection that somebody expects something of.
pub(super) struct Connection<'a> {
    /// The host that opens it.
    pub(super) from: &'a Arc<Station>,
    /// Whom it goes to.
    pub(super) to: &'a Goal,
    /// To which port.
    pub(super) port: Port,
    /// TCP or UDP.
    pub(super) transport: Transport,
    /// Its steps: one, or two by way of a proxy.
    pub(super) steps: Vec<Step<'a>>,
}

/// Who takes part in a step.
#[derive(Clone, Copy)]
pub(super) enum Party<'a> {
    /// A host of the site.
    Station(&'a Arc<Station>),
    /// A proxy that is no host of the site.
    Proxy,
    /// Something outside.
    Outside,
}

/// One step of a connection.
pub(super) struct Step<'a> {
    pub(super) from: Party<'a>,
    pub(super) to: Party<'a>,
    /// The proxy that it ends at, or starts from.
    pub(super) proxy: Option<(&'a Arc<Proxy>, Side)>,
    from_zone: Option<&'a ZoneId>,
    to_zone: Option<&'a ZoneId>,
}

/// On which side of its proxy a step is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    /// The client's.
    Before,
    /// The destination's.
    Behind,
}

impl<'a> Connection<'a> {
    /// The connection of an expectation: by the proxy of its host, if a proxy could carry it; none where the site has
    /// not that host, which its check has refused.
    pub(super) fn of(expectation: &'a Expectation, site: &'a Site) -> Option<Self> {
        let stations = &site.stations;
        let find = |id: &crate::id::StationId| stations.iter().find(|station| station.id == *id);
        let from = find(&expectation.from)?;
        let (to, to_zone) = match &expectation.to {
            Goal::Station(id) => {
                let station = find(id);
                let zone = station.and_then(|station| station.zone.as_ref());
                (station.map_or(Party::Outside, Party::Station), zone)
            }
            Goal::Name(_) => (Party::Outside, site.outside.as_ref()),
            Goal::Address(address) => {
                let holds =
                    |station: &&Arc<Station>| station.as_destination(from.zone.as_ref()).1.contains(*address);
                let station = stations.iter().find(holds);
                let zone = station.map_or(site.outside.as_ref(), |station| station.zone.as_ref());
                (station.map_or(Party::Outside, Party::Station), zone)
            }
        };
        let proxied = matches!(expectation.to, Goal::Name(_))
            && expectation.transport == Transport::Tcp
            && matches!(expectation.port.get(), 80 | 443 | 8080);
        let start = (Party::Station(from), from.zone.as_ref());
        let steps = match from.proxy.as_ref().filter(|_| proxied) {
            None => vec![Step::new(start, (to, to_zone), None)],
            Some(proxy) => {
                let middle = (proxy.station.as_ref().map_or(Party::Proxy, Party::Station), proxy.zone());
                vec![
                    Step::new(start, middle, Some((proxy, Side::Before))),
                    Step::new(middle, (to, to_zone), Some((proxy, Side::Behind))),
                ]
            }
        };
        let Expectation { to, port, transport, .. } = expectation;
        Some(Self { from, to, port: *port, transport: *transport, steps })
    }
}

impl<'a> Step<'a> {
    fn new(
        (from, from_zone): (Party<'a>, Option<&'a ZoneId>),
        (to, to_zone): (Party<'a>, Option<&'a ZoneId>),
        proxy: Option<(&'a Arc<Proxy>, Side)>,
    ) -> Self {
        Self { from, to, proxy, from_zone, to_zone }
    }

    /// Whether a target stands where it sees this step.
    pub(super) fn is_seen_by(&self, planned: &PlannedTarget) -> bool {
        let wanted = &planned.focus.stations;
        let is_wanted = |party: &Party<'_>| match party {
            Party::Station(station) => wanted.is_empty() || wanted.contains(&station.id),
            Party::Proxy | Party::Outside => false,
        };
        match planned.target.vantage {
            Vantage::Document => false,
            Vantage::Host => is_wanted(&self.from) || is_wanted(&self.to),
            // A proxy is asked on its side of the destination: there it knows both ends.
            Vantage::Proxy => {
                let behind = self.proxy.is_some_and(|(_, side)| side == Side::Behind);
                behind && (wanted.is_empty() || is_wanted(&self.from))
            }
            Vantage::Network => match &planned.focus.crossing {
                None => true,
                Some(crossing) => crossing.holds(self.from_zone, self.to_zone),
            },
        }
    }
}
