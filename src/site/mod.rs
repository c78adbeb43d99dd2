//! A user's deployment: who stands where, with which addresses, behind which proxy.

use std::fmt;
use std::sync::Arc;

use std::collections::BTreeSet;

use crate::address::{AddressError, Port, PortRange, PrefixSet};
use crate::finding::{Code, Finding};
use crate::host::HostName;
use crate::id::{RoleId, StationId, ZoneId};

/// The name of a site, safe in scripts, configuration files, paths and XML.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SiteName(String);

impl SiteName {
    /// Takes `text` as a name: letters, digits, dots, hyphens and underscores, 1 to 31 of them, a letter or digit
    /// first. 31 leaves room for what targets append to it in names of 63 characters.
    ///
    /// # Errors
    /// The finding `invalid-name`.
    pub fn parse(text: &str) -> Result<Self, Finding> {
        let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
        let fine = (1..=31).contains(&text.len())
            && text.chars().all(allowed)
            && text.starts_with(|c: char| c.is_ascii_alphanumeric());
        if fine {
            return Ok(Self(text.to_owned()));
        }
        let message = format!("`{}` cannot be the name of a site", text.escape_debug());
        Err(Finding::new(Code::InvalidName, message)
            .help("use 1 to 31 letters, digits, dots, hyphens and underscores, a letter or digit first"))
    }

    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Default for SiteName {
    /// The name of a site that was given by flags only.
    fn default() -> Self {
        Self("default".to_owned())
    }
}

impl fmt::Display for SiteName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// How clients reach a proxy.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum ProxyAddress {
    /// By name.
    Name(HostName),
    /// By address.
    Ip(std::net::IpAddr),
}

impl fmt::Display for ProxyAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name(name) => write!(f, "{name}"),
            Self::Ip(std::net::IpAddr::V6(address)) => write!(f, "[{address}]"),
            Self::Ip(address) => write!(f, "{address}"),
        }
    }
}

/// Where a proxy listens: `proxy.corp.example:8080`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProxyListener {
    /// Its name or address.
    pub host: ProxyAddress,
    /// Its port.
    pub port: PortRange,
}

impl ProxyListener {
    /// Reads `proxy.contoso.com:8080`, `10.30.0.5:8080` or `[2001:db8::5]:8080`; nothing for any other text.
    pub fn parse(text: &str) -> Option<Self> {
        let (host, port) = text.rsplit_once(':')?;
        let port = PortRange::from(Port::parse(port).ok()?);
        let bare = host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
        let host = match (bare, host.parse::<std::net::Ipv4Addr>()) {
            (Some(v6), _) => ProxyAddress::Ip(v6.parse::<std::net::Ipv6Addr>().ok()?.into()),
            (None, Ok(v4)) => ProxyAddress::Ip(v4.into()),
            (None, Err(_)) => ProxyAddress::Name(HostName::parse(host).ok()?),
        };
        Some(Self { host, port })
    }
}

impl fmt::Display for ProxyListener {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.host, self.port)
    }
}

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
    pub proxy: Option<ProxyListener>,
}

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
    pub proxy: Option<ProxyListener>,
}

impl Site {
    /// The hosts that play a role. An anonymous site makes one up where no flag gave any.
    pub fn stations_of(&self, role: &RoleId) -> Vec<Arc<Station>> {
        let given: Vec<Arc<Station>> =
            self.stations.iter().filter(|station| station.roles.contains(role)).cloned().collect();
        if !given.is_empty() || !self.anonymous {
            return given;
        }
        let made_up = StationId::parse(role.as_str()).map(|id| Station {
            id,
            roles: BTreeSet::from([role.clone()]),
            addresses: PrefixSet::default(),
            zone: None,
            proxy: self.proxy.clone(),
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
