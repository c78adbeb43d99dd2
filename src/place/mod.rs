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
use crate::site::{ProxyListener, SiteName, Station};

/// Which part of a flow's way a hop is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Leg {
    /// All of it.
    Direct,
    /// From the client to its proxy.
    ToProxy(ProxyListener),
    /// From the proxy to the destination, for that client.
    FromProxy(ProxyListener),
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
}

impl Party {
    /// The zone of its host.
    pub fn zone(&self) -> Option<&ZoneId> {
        self.station.as_ref()?.zone.as_ref()
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
    /// destination behind it, and its zone is not the proxy's.
    pub fn zones<'a>(&self, from: &'a Party, to: &'a Party) -> (Option<&'a ZoneId>, Option<&'a ZoneId>) {
        let from = from.zone().filter(|_| !matches!(self, Self::FromProxy(_)));
        let to = to.zone().filter(|_| !matches!(self, Self::ToProxy(_)));
        (from, to)
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
