//! Flows and their ends.

use std::fmt::{self, Write as _};

use serde::{Deserialize, Serialize, Serializer};

use crate::address::{PortRange, Transport};
use crate::host::{HostPattern, UrlPath};
use crate::id::{CloudId, RoleId};

/// Either end of a rule: who, without addresses.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Endpoint {
    /// Hosts of the site that play a role.
    Role(RoleId),
    /// Anyone outside the site, named by the role that a document gives them.
    Outside(RoleId),
    /// A name or pattern; `at` says which role of the site answers to it, if one does.
    Host {
        /// The name or pattern.
        pattern: HostPattern,
        /// The role that answers, for names of the customer's own servers.
        at: Option<RoleId>,
    },
    /// Part of a host's URLs.
    Url {
        /// The host.
        host: HostPattern,
        /// The path below which it holds.
        path: UrlPath,
    },
    /// A service tag of the weekly files, by its exact name.
    ServiceTag(String),
    /// The whole range file of a cloud: what documents call the Azure datacenter IP ranges.
    CloudRanges(CloudId),
}

impl Endpoint {
    /// The host pattern of an end that has one.
    pub fn host(&self) -> Option<&HostPattern> {
        match self {
            Self::Host { pattern, .. } => Some(pattern),
            Self::Url { host, .. } => Some(host),
            _ => None,
        }
    }

    /// The role of an end that has one inside the site.
    pub fn role(&self) -> Option<&RoleId> {
        match self {
            Self::Role(role) => Some(role),
            Self::Host { at, .. } => at.as_ref(),
            _ => None,
        }
    }
}

/// The canonical text, which rule ids hash and people read.
impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = match self {
            Self::Role(role) => role.to_string(),
            Self::Outside(role) => format!("outside:{role}"),
            Self::Host { pattern, at: None } => pattern.to_string(),
            Self::Host { pattern, at: Some(role) } => format!("{pattern}@{role}"),
            Self::Url { host, path } => format!("{host}{path}"),
            Self::ServiceTag(tag) => format!("tag:{tag}"),
            Self::CloudRanges(cloud) => format!("ranges:{cloud}"),
        };
        f.pad(&text)
    }
}

impl Serialize for Endpoint {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeMap as _;
        let mut map = serializer.serialize_map(None)?;
        match self {
            Self::Role(role) => map.serialize_entry("role", role)?,
            Self::Outside(role) => map.serialize_entry("outside", role)?,
            Self::Host { pattern, at } => {
                map.serialize_entry("host", &pattern.to_string())?;
                if let Some(role) = at {
                    map.serialize_entry("at", role)?;
                }
            }
            Self::Url { host, path } => map.serialize_entry("url", &format!("{host}{path}"))?,
            Self::ServiceTag(tag) => map.serialize_entry("service-tag", tag)?,
            Self::CloudRanges(cloud) => map.serialize_entry("cloud-ranges", cloud)?,
        }
        map.end()
    }
}

/// Whether a flow leaves its host.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Scope {
    /// It crosses a network.
    Network,
    /// It stays on the host.
    Local,
}

/// One `from`, one `to`, one transport, one range of ports: what a rule allows. `from` opens the connection.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Flow {
    /// Who opens the connection.
    pub from: Endpoint,
    /// Who answers.
    pub to: Endpoint,
    /// TCP or UDP.
    pub transport: Transport,
    /// Destination ports.
    pub ports: PortRange,
    /// Source ports, where a document limits them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source_ports: Option<PortRange>,
    /// Whether it leaves the host.
    pub scope: Scope,
}

impl Flow {
    /// The text that rule ids hash. A part that most flows lack is appended only where it is there, so that ids
    /// of older flows stay.
    pub fn canonical(&self) -> String {
        let mut text = format!("v1|{}|{}|{}|{}", self.from, self.to, self.transport, self.ports);
        if let Some(ports) = self.source_ports {
            let _ = write!(text, "|source-ports:{ports}");
        }
        if self.scope == Scope::Local {
            text.push_str("|local");
        }
        text
    }

    /// `TCP 443`, as people write it.
    pub fn service(&self) -> String {
        format!("{} {}", self.transport.to_string().to_uppercase(), self.ports)
    }
}
