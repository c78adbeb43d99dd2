//! A user's deployment: who stands where, with which addresses, behind which proxy.

mod name;
mod proxy;
mod station;

pub use name::SiteName;
pub use proxy::{Proxy, ProxyAddress, ProxyListener};
pub use station::{Station, Translated};

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::address::AddressError;
use crate::finding::{Code, Finding};
use crate::id::{CloudId, RoleId, StationId, ZoneId};

/// A whole deployment.
#[derive(Debug, Clone, Default)]
pub struct Site {
    /// Names groups and objects inside artifacts.
    pub name: SiteName,
    /// Its hosts.
    pub stations: Vec<Arc<Station>>,
    /// True when it was made from flags: roles that no flag mentions stand on stations of their own, without
    /// addresses, and a target that is a proxy stands in the path of everything that can pass it.
    pub anonymous: bool,
    /// The proxy of the stations that an anonymous site makes up.
    pub proxy: Option<Arc<Proxy>>,
    /// The zone of everything that is no host of the site; not known in an anonymous one.
    pub outside: Option<ZoneId>,
}

impl Site {
    /// The hosts that play a role for a cloud. An anonymous site makes one up where no flag gave any.
    pub fn stations_of(&self, role: &RoleId, cloud: &CloudId) -> Vec<Arc<Station>> {
        let plays = |station: &&Arc<Station>| {
            station.roles.contains(role) && (station.clouds.is_empty() || station.clouds.contains(cloud))
        };
        let given: Vec<Arc<Station>> = self.stations.iter().filter(plays).cloned().collect();
        if !given.is_empty() || !self.anonymous {
            return given;
        }
        let made_up = StationId::parse(role.as_str()).map(|id| Station {
            proxy: self.proxy.clone(),
            ..Station::new(id, BTreeSet::from([role.clone()]))
        });
        made_up.into_iter().map(Arc::new).collect()
    }
}

/// The finding for a text that is no prefix.
pub fn prefix_finding(error: &AddressError) -> Finding {
    let code = match error {
        AddressError::HostBitsSet { .. } => Code::HostBitsSet,
        _ => Code::InvalidPrefix,
    };
    Finding::new(code, error.to_string()).maybe_help(error.help())
}
