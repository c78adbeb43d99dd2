//! Hosts of a site.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::address::PrefixSet;
use crate::id::{CloudId, RoleId, StationId, ZoneId};

use super::Proxy;

/// A host, or a group of equal hosts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Station {
    /// Its name in the site; the role's id in a site made from flags.
    pub id: StationId,
    /// The roles that it plays.
    pub roles: BTreeSet<RoleId>,
    /// Its addresses; empty when they were not given.
    pub addresses: PrefixSet,
    /// Its network segment.
    pub zone: Option<ZoneId>,
    /// Where it sends HTTP, if it uses a proxy.
    pub proxy: Option<Arc<Proxy>>,
    /// As what others see it where it opens a connection.
    pub seen_as: Translated,
    /// At what others reach it where it answers.
    pub reached_at: Translated,
    /// The clouds that it talks to; every cloud of the site if empty.
    pub clouds: BTreeSet<CloudId>,
}

/// Addresses in place of a host's own, as address translation or a load balancer makes them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Translated {
    /// Towards every zone that is not named; empty where the own addresses hold.
    pub everywhere: PrefixSet,
    /// Towards hosts in these zones; never empty.
    pub towards: BTreeMap<ZoneId, PrefixSet>,
}

impl Translated {
    /// The addresses that stand for the own ones towards `zone`, with what tells them apart from others of the host.
    fn towards(&self, zone: Option<&ZoneId>) -> Option<(Option<&ZoneId>, &PrefixSet)> {
        if let Some((zone, prefixes)) = zone.and_then(|zone| self.towards.get_key_value(zone)) {
            return Some((Some(zone), prefixes));
        }
        (!self.everywhere.is_empty()).then_some((None, &self.everywhere))
    }
}

impl Station {
    /// A host with nothing but its name and roles.
    pub fn new(id: StationId, roles: BTreeSet<RoleId>) -> Self {
        Self {
            id,
            roles,
            addresses: PrefixSet::default(),
            zone: None,
            proxy: None,
            seen_as: Translated::default(),
            reached_at: Translated::default(),
            clouds: BTreeSet::new(),
        }
    }

    /// The addresses from which what stands in `zone` sees it come, and a name for them.
    pub fn as_source(&self, zone: Option<&ZoneId>) -> (String, &PrefixSet) {
        self.named(self.seen_as.towards(zone), "seen-as")
    }

    /// The addresses at which what stands in `zone` reaches it, and a name for them.
    pub fn as_destination(&self, zone: Option<&ZoneId>) -> (String, &PrefixSet) {
        self.named(self.reached_at.towards(zone), "reached-at")
    }

    fn named<'s>(
        &'s self,
        translated: Option<(Option<&ZoneId>, &'s PrefixSet)>,
        what: &str,
    ) -> (String, &'s PrefixSet) {
        match translated {
            None => (self.id.to_string(), &self.addresses),
            Some((None, prefixes)) => (format!("{}-{what}", self.id), prefixes),
            Some((Some(zone), prefixes)) => (format!("{}-{what}-{zone}", self.id), prefixes),
        }
    }
}
