//! Who passes where: rules meet the site.
//!
//! Only this stage knows the site. It turns each rule into hops: one when the flow goes straight, two when it goes
//! through a proxy, and gives both ends their addresses.

mod address;
mod needed;
mod placing;

pub use address::{AddressSet, Addresses, Basis};
pub use needed::clouds_needed;
pub(crate) use placing::proxyable;
pub use placing::{Addressing, Fallback, place};

use std::sync::Arc;

use crate::address::{PortRange, Transport};
use crate::id::ZoneId;
use crate::rule::{Endpoint, Rule, Scope};
use crate::site::{Proxy, SiteName, Station};

/// Which part of a flow's way a hop is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Leg {
    /// All of it.
    Direct,
    /// From the client to its proxy.
    ToProxy(Arc<Proxy>),
    /// From the proxy to the destination, for that client.
    FromProxy(Arc<Proxy>),
}

/// One side of a hop.
#[derive(Debug, Clone)]
pub struct Party {
    /// Who it is in the rule.
    pub endpoint: Endpoint,
    /// The host of the site, if it is one.
    pub station: Option<Arc<Station>>,
    /// Its addresses, as far as they are known.
    pub addresses: Addresses,
    /// The zone of everything that is no host of the site, where the site tells it.
    pub outside: Option<ZoneId>,
}

impl Party {
    /// The zone of its host; that of the outside for what is none. A role that no host plays stands nowhere.
    pub fn zone(&self) -> Option<&ZoneId> {
        match (&self.station, &self.endpoint) {
            (Some(station), _) => station.zone.as_ref(),
            (None, Endpoint::Role(_)) => None,
            (None, _) => self.outside.as_ref(),
        }
    }
}

/// One connection across the network that a rule asks for.
#[derive(Debug, Clone)]
pub struct Hop {
    /// The rule behind it.
    pub rule: Arc<Rule>,
    /// Which part of the way it is.
    pub leg: Leg,
    /// Who opens the connection. On the way from a proxy this stays the client: [`Leg`] names the proxy.
    pub from: Party,
    /// Who answers. On the way to a proxy this stays the destination: [`Leg`] names the proxy.
    pub to: Party,
    /// Destination ports of this hop: the proxy's on the way to it.
    pub ports: PortRange,
    /// TCP or UDP.
    pub transport: Transport,
    /// Source ports, where a document limits them.
    pub source_ports: Option<PortRange>,
    /// Whether it leaves the host.
    pub scope: Scope,
    /// Whether a proxy could carry the flow: HTTP or HTTPS to a name.
    pub proxyable: bool,
}

impl Leg {
    /// The zones that this part of the way crosses. Where one side is the proxy, the party is still the client or the
    /// destination behind it, and the zone is the proxy's.
    pub fn zones<'a>(&'a self, from: &'a Party, to: &'a Party) -> (Option<&'a ZoneId>, Option<&'a ZoneId>) {
        match self {
            Self::Direct => (from.zone(), to.zone()),
            Self::ToProxy(proxy) => (from.zone(), proxy.zone()),
            Self::FromProxy(proxy) => (proxy.zone(), to.zone()),
        }
    }

    /// The hosts of the site at the two ends of this part of the way.
    pub fn stations<'a>(&'a self, from: &'a Party, to: &'a Party) -> [Option<&'a Arc<Station>>; 2] {
        match self {
            Self::Direct => [from.station.as_ref(), to.station.as_ref()],
            Self::ToProxy(proxy) => [from.station.as_ref(), proxy.station.as_ref()],
            Self::FromProxy(proxy) => [proxy.station.as_ref(), to.station.as_ref()],
        }
    }
}

/// Rules that know where they pass.
#[derive(Debug, Clone)]
pub struct Placed {
    /// The site's name.
    pub site: SiteName,
    /// Whether the site was made from flags; see [`crate::site::Site::anonymous`].
    pub anonymous: bool,
    /// In the order of the rules.
    pub hops: Vec<Hop>,
}
