//! The ways of a connection through a site.

use std::sync::Arc;

use crate::address::{Port, Transport};
use crate::id::ZoneId;
use crate::place::Placed;
use crate::plan::{Expectation, Goal, Plan, PlannedTarget, Wish};
use crate::site::{Proxy, Station};
use crate::target::Vantage;

use super::goal::Destinations;

/// A connection that somebody expects something of.
pub(super) struct Connection<'a> {
    /// Whether it must pass.
    pub(super) wish: Wish,
    /// The host that opens it.
    pub(super) from: &'a Arc<Station>,
    /// Whom it goes to.
    pub(super) to: &'a Goal,
    /// Who that is.
    pub(super) destinations: Destinations<'a>,
    /// To which port.
    pub(super) port: Port,
    /// TCP or UDP.
    pub(super) transport: Transport,
    /// The ways that it can go. What is to pass goes one for each destination; what is not to pass could go any.
    pub(super) ways: Vec<Way<'a>>,
}

/// One way of a connection: one step, or two by way of a proxy.
pub(super) struct Way<'a> {
    /// What tells it from the others: `straight`, `by the proxy`, `to adfs`.
    pub(super) name: String,
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
    pub(super) from_zone: Option<&'a ZoneId>,
    pub(super) to_zone: Option<&'a ZoneId>,
}

/// On which side of its proxy a step is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    /// The client's.
    Before,
    /// The destination's.
    Behind,
}

type End<'a> = (Party<'a>, Option<&'a ZoneId>);

impl<'a> Connection<'a> {
    /// The connection of an expectation; none where the site has not that host, which its check has refused.
    pub(super) fn of(expectation: &'a Expectation, plan: &'a Plan, placed: &'a Placed) -> Option<Self> {
        let site = &plan.site;
        let from = site.stations.iter().find(|station| station.id == expectation.from)?;
        let destinations = Destinations::of(expectation, from, plan, placed);
        let mut ways = Vec::new();
        for station in &destinations.stations {
            let end = (Party::Station(station), station.zone.as_ref());
            ways.push(Way::straight(format!("to {}", station.id), from, end));
        }
        if destinations.outside {
            let end = (Party::Outside, site.outside.as_ref());
            let proxy = from.proxy.as_ref().filter(|_| can_be_proxied(expectation));
            ways.extend(proxy.map(|proxy| Way::by_proxy(proxy, from, end)));
            // Nothing keeps a host from going past its proxy but the devices on that way.
            if proxy.is_none() || expectation.wish == Wish::Deny {
                ways.push(Way::straight("straight".to_owned(), from, end));
            }
        }
        let Expectation { wish, to, port, transport, .. } = expectation;
        Some(Self { wish: *wish, from, to, destinations, port: *port, transport: *transport, ways })
    }

    /// Whether it is HTTP or TLS by its port.
    fn is_of_web(&self) -> bool {
        is_of_web(self.transport, self.port)
    }
}

/// HTTP and HTTPS to names go by the proxy of a host.
fn can_be_proxied(expectation: &Expectation) -> bool {
    matches!(expectation.to, Goal::Name(_)) && is_of_web(expectation.transport, expectation.port)
}

fn is_of_web(transport: Transport, port: Port) -> bool {
    transport == Transport::Tcp && matches!(port.get(), 80 | 443 | 8080)
}

impl<'a> Way<'a> {
    fn straight(name: String, from: &'a Arc<Station>, end: End<'a>) -> Self {
        let start = (Party::Station(from), from.zone.as_ref());
        Self { name, steps: vec![Step::new(start, end, None)] }
    }

    fn by_proxy(proxy: &'a Arc<Proxy>, from: &'a Arc<Station>, end: End<'a>) -> Self {
        let start = (Party::Station(from), from.zone.as_ref());
        let middle = (proxy.station.as_ref().map_or(Party::Proxy, Party::Station), proxy.zone());
        let steps = vec![
            Step::new(start, middle, Some((proxy, Side::Before))),
            Step::new(middle, end, Some((proxy, Side::Behind))),
        ];
        Self { name: "by the proxy".to_owned(), steps }
    }
}

impl<'a> Step<'a> {
    fn new(
        (from, from_zone): End<'a>,
        (to, to_zone): End<'a>,
        proxy: Option<(&'a Arc<Proxy>, Side)>,
    ) -> Self {
        Self { from, to, proxy, from_zone, to_zone }
    }

    /// Whether a target stands where it sees this step of a connection.
    pub(super) fn is_seen_by(&self, planned: &PlannedTarget, connection: &Connection<'_>) -> bool {
        let wanted = &planned.focus.stations;
        let is_wanted = |party: &Party<'_>| match party {
            Party::Station(station) => wanted.is_empty() || wanted.contains(&station.id),
            Party::Proxy | Party::Outside => false,
        };
        // As rules are chosen: those of whoever takes part in the connection, on whichever step.
        let proxy = self.proxy.and_then(|(proxy, _)| proxy.station.as_ref());
        let parties = [
            Some(self.from),
            Some(self.to),
            Some(Party::Station(connection.from)),
            proxy.map(Party::Station),
        ];
        let takes_part = wanted.is_empty() || parties.iter().flatten().any(is_wanted);
        match planned.target.vantage {
            Vantage::Document => false,
            Vantage::Host => is_wanted(&self.from) || is_wanted(&self.to),
            // A proxy is asked on its side of the destination: there it knows both ends.
            Vantage::Proxy => takes_part && self.proxy.is_some_and(|(_, side)| side == Side::Behind),
            Vantage::Network => takes_part && self.crosses(planned),
            // What goes to another proxy is asked of that one.
            Vantage::Interception => {
                let before = self.proxy.is_some_and(|(_, side)| side == Side::Before);
                let outside = matches!(self.to, Party::Outside);
                takes_part && outside && !before && connection.is_of_web() && self.crosses(planned)
            }
        }
    }

    fn crosses(&self, planned: &PlannedTarget) -> bool {
        let crossing = planned.focus.crossing.as_ref();
        crossing.is_none_or(|crossing| crossing.holds(self.from_zone, self.to_zone))
    }
}
