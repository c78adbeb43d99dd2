//! What both forms say: objects, categories and rules.

use std::collections::{BTreeMap, BTreeSet};

use crate::address::{PortRange, Prefix, Transport};
use crate::host::HostName;

use super::name;

/// An address object.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Address {
    /// A CIDR block.
    Netmask(Prefix),
    /// A name whose addresses the firewall looks up; no wildcard.
    Fqdn(HostName),
}

impl Address {
    /// `pb-10.20.0.11`, `pb-10.10.0.0_28`, `pb-2001-db8--_32`, `pb-fqdn-x.example`. No two prefixes share a name:
    /// a colon becomes a hyphen and the slash an underscore, and neither stands in an address otherwise.
    pub(super) fn name(&self) -> String {
        match self {
            Self::Netmask(prefix) => format!("pb-{}", prefix.to_bare().replace(':', "-").replace('/', "_")),
            Self::Fqdn(host) => name::fitted(&format!("pb-fqdn-{host}"), name::OBJECT),
        }
    }

    /// The word for its type in both forms.
    pub(super) fn kind(&self) -> &'static str {
        match self {
            Self::Netmask(_) => "ip-netmask",
            Self::Fqdn(_) => "fqdn",
        }
    }

    /// Its value in both forms; a host with its length too.
    pub(super) fn value(&self) -> String {
        match self {
            Self::Netmask(prefix) => prefix.to_string(),
            Self::Fqdn(host) => host.to_string(),
        }
    }
}

/// A service object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Service {
    /// TCP or UDP.
    pub(super) transport: Transport,
    /// Destination ports.
    pub(super) ports: PortRange,
    /// Source ports; any if absent.
    pub(super) source_ports: Option<PortRange>,
}

impl Service {
    /// `tcp-443`, `udp-123-from-123`.
    pub(super) fn label(&self) -> String {
        match self.source_ports {
            None => format!("{}-{}", self.transport, self.ports),
            Some(source) => format!("{}-{}-from-{source}", self.transport, self.ports),
        }
    }

    /// `portbook-tcp-443`.
    pub(super) fn name(&self) -> String {
        format!("portbook-{}", self.label())
    }
}

/// A security rule, or the decryption rule that excludes the same traffic from inspection. All of it but the
/// description follows from its name, so that a rule of the same name is the same rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Rule {
    /// Unique in its rulebase.
    pub(super) name: String,
    /// Source zone.
    pub(super) from: String,
    /// Destination zone.
    pub(super) to: String,
    /// An address group, or `any`.
    pub(super) source: String,
    /// An address group, or `any`.
    pub(super) destination: String,
    /// A custom URL category, or `any`.
    pub(super) category: String,
    /// Names of services, never none.
    pub(super) services: Vec<String>,
    /// Site, roles and rule ids.
    pub(super) description: String,
}

/// Everything, by name.
#[derive(Debug, Default)]
pub(super) struct Policy {
    /// Address objects.
    pub(super) addresses: BTreeSet<Address>,
    /// Static address groups, never empty.
    pub(super) groups: BTreeMap<String, Vec<Address>>,
    /// Service objects.
    pub(super) services: BTreeSet<Service>,
    /// Custom URL categories of type URL List, never empty.
    pub(super) categories: BTreeMap<String, Vec<String>>,
    /// Security rules, which allow.
    pub(super) rules: Vec<Rule>,
    /// Decryption rules, which exclude.
    pub(super) exclusions: Vec<Rule>,
}

impl Policy {
    /// Which kinds there are, in the order of [`Objects::present`](super::Objects::present).
    pub(super) fn present(&self) -> [bool; 6] {
        [
            !self.addresses.is_empty(),
            !self.groups.is_empty(),
            !self.services.is_empty(),
            !self.categories.is_empty(),
            !self.rules.is_empty(),
            !self.exclusions.is_empty(),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_that_look_alike_have_names_of_their_own() {
        let texts = ["2001:db8::", "2001:db8::/32", "2001:db8::32", "10.0.0.0", "10.0.0.0/8", "::1", "::/1"];
        let names: BTreeSet<String> =
            texts.iter().map(|text| Address::Netmask(Prefix::parse(text).unwrap()).name()).collect();
        assert_eq!(names.len(), texts.len(), "{names:?}");
        assert!(names.contains("pb-10.0.0.0_8") && names.contains("pb-2001-db8--_32"));
        assert!(names.iter().all(|name| name::is_ours(name)));
    }
}
