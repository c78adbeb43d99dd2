//! Proxies: where they listen, and where they stand.

use std::fmt;
use std::sync::Arc;

use crate::address::{Port, PortRange};
use crate::host::HostName;
use crate::id::ZoneId;

use super::Station;

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

/// A proxy, as the hosts behind it know it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proxy {
    /// Where it listens.
    pub listener: ProxyListener,
    /// The host of the site that it is; none where flags give a listener only.
    pub station: Option<Arc<Station>>,
}

impl Proxy {
    /// The zone of its host.
    pub fn zone(&self) -> Option<&ZoneId> {
        self.station.as_ref()?.zone.as_ref()
    }
}

impl From<ProxyListener> for Proxy {
    /// A proxy of which nothing else is known.
    fn from(listener: ProxyListener) -> Self {
        Self { listener, station: None }
    }
}

impl From<ProxyListener> for Arc<Proxy> {
    fn from(listener: ProxyListener) -> Self {
        Self::new(listener.into())
    }
}

impl fmt::Display for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.listener.fmt(f)
    }
}
