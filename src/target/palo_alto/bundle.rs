//! Which rules share an object: what goes the same way, on the same services, stands in one security rule.
//!
//! First the services of each destination are collected, then the destinations with the same services. So ports never
//! leak: a host needed on 443 alone never stands beside one that is needed on 80 too.

use std::collections::{BTreeMap, BTreeSet};

use super::policy::Service;
use crate::host::{HostName, HostPattern};
use crate::rule::RuleId;

/// From where, to where, and whether a document forbids inspection.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Crossing {
    /// An address group, or `any`.
    pub(super) source: String,
    /// Source zone.
    pub(super) from: String,
    /// Destination zone.
    pub(super) to: String,
    /// Whether a document demands to exclude the traffic from TLS inspection.
    pub(super) exclude: bool,
}

/// One destination.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Goal {
    /// A name that HTTP or TLS shows.
    Web(HostPattern),
    /// A name on another port.
    Name(HostName),
    /// Addresses, by their group.
    Group(String),
    /// Any address, because the document says so.
    Any,
}

/// Destinations of one security rule.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    /// A category.
    Web,
    /// A group of FQDN objects.
    Names,
    /// An address group.
    Group(String),
    /// Any address.
    Any,
}

/// Who asks for something.
#[derive(Debug, Clone, Default)]
pub(super) struct Origin {
    /// The ends that open the connections, as labels.
    pub(super) sources: BTreeSet<String>,
    /// Rule ids.
    pub(super) rules: BTreeSet<RuleId>,
}

impl Origin {
    fn extend(&mut self, other: &Self) {
        self.sources.extend(other.sources.iter().cloned());
        self.rules.extend(other.rules.iter().cloned());
    }
}

/// What makes a security rule; its name follows from it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Key {
    /// From where to where.
    pub(super) crossing: Crossing,
    /// What kind of destinations.
    pub(super) kind: Kind,
    /// All of these.
    pub(super) services: BTreeSet<Service>,
}

/// One security rule in the making.
#[derive(Debug, Default)]
pub(super) struct Bundle {
    /// Names for a category.
    pub(super) patterns: Vec<HostPattern>,
    /// Names for FQDN objects.
    pub(super) names: Vec<HostName>,
    /// Who asks for it.
    pub(super) origin: Origin,
}

/// What is wanted, before it is bundled.
#[derive(Debug, Default)]
pub(super) struct Wanted(BTreeMap<(Crossing, Goal), (BTreeSet<Service>, Origin)>);

impl Wanted {
    /// Adds one flow.
    pub(super) fn add(
        &mut self,
        crossing: Crossing,
        goal: Goal,
        service: Service,
        source: String,
        rule: RuleId,
    ) {
        let (services, origin) = self.0.entry((crossing, goal)).or_default();
        services.insert(service);
        origin.sources.insert(source);
        origin.rules.insert(rule);
    }

    /// One bundle for each security rule.
    pub(super) fn bundles(self) -> BTreeMap<Key, Bundle> {
        let mut bundles: BTreeMap<Key, Bundle> = BTreeMap::new();
        for ((crossing, goal), (services, origin)) in self.0 {
            let kind = match &goal {
                Goal::Web(_) => Kind::Web,
                Goal::Name(_) => Kind::Names,
                Goal::Group(group) => Kind::Group(group.clone()),
                Goal::Any => Kind::Any,
            };
            let bundle = bundles.entry(Key { crossing, kind, services }).or_default();
            match goal {
                Goal::Web(pattern) => bundle.patterns.push(pattern),
                Goal::Name(name) => bundle.names.push(name),
                Goal::Group(_) | Goal::Any => {}
            }
            bundle.origin.extend(&origin);
        }
        bundles
    }
}
