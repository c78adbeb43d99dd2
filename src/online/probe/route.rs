//! Which way a connection takes: straight, or through which proxy.

use std::net::IpAddr;

use ipnet::IpNet;

use crate::check::{Probe, Subject};
use crate::prerequisite::Way;

use super::proxy::Proxy;

/// The proxies, and what goes past them.
#[derive(Debug, Clone, Default)]
pub struct Route {
    /// For plain HTTP.
    pub http: Option<Proxy>,
    /// For TLS.
    pub https: Option<Proxy>,
    /// What goes past them.
    pub bypass: Bypass,
}

impl Route {
    /// Whether there is a proxy at all.
    pub fn is_any(&self) -> bool {
        self.http.is_some() || self.https.is_some()
    }

    /// The proxy that a connection takes.
    pub(super) fn proxy(&self, probe: &Probe) -> Option<&Proxy> {
        let proxy = if probe.way == Way::Tls { self.https.as_ref() } else { self.http.as_ref() };
        proxy.filter(|_| probe.proxied && !self.bypass.holds(&probe.host, probe.port))
    }
}

/// A list as `NO_PROXY` has it: names stand for themselves and everything below them, `.x` and `*.x` mean the same, addresses
/// and networks for themselves, `*` for everything; a port may follow a name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Bypass(Vec<Entry>);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Entry {
    Everything,
    Network(IpNet),
    Name(String, Option<u16>),
}

impl Bypass {
    /// Reads a list with commas or spaces between its entries.
    pub fn parse(text: &str) -> Self {
        let entries = text.split([',', ' ']).map(str::trim).filter(|entry| !entry.is_empty());
        Self(entries.map(Entry::parse).collect())
    }

    fn holds(&self, host: &Subject, port: u16) -> bool {
        self.0.iter().any(|entry| match (entry, host) {
            (Entry::Everything, _) => true,
            (Entry::Network(network), Subject::Address(address)) => network.contains(address),
            (Entry::Name(name, only), Subject::Name(host)) => {
                let (host, below) = (host.as_str(), format!(".{name}"));
                (host == name || host.ends_with(&below)) && only.is_none_or(|only| only == port)
            }
            _ => false,
        })
    }
}

impl Entry {
    fn parse(text: &str) -> Self {
        if text == "*" {
            return Self::Everything;
        }
        let bare = text.trim_start_matches('[').trim_end_matches(']');
        if let Ok(network) = bare.parse().or_else(|_| bare.parse::<IpAddr>().map(IpNet::from)) {
            return Self::Network(network);
        }
        let (name, port) = match text.rsplit_once(':') {
            Some((name, port)) => (name, port.parse().ok()),
            None => (text, None),
        };
        let name = name.trim_start_matches('*').trim_start_matches('.').trim_end_matches('.');
        Self::Name(name.to_ascii_lowercase(), port)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::HostName;

    #[test]
    fn what_goes_past_a_proxy() {
        let holds = |list: &str, host: &str, port| {
            let address = host.parse().map(Subject::Address);
            let host = address.unwrap_or_else(|_| Subject::Name(HostName::parse(host).unwrap()));
            Bypass::parse(list).holds(&host, port)
        };
        for list in ["*", "example.com", ".example.com", "*.Example.com", "x, a.example.com:443"] {
            assert!(holds(list, "a.example.com", 443), "{list}");
        }
        for list in ["", "ample.com", "b.example.com", "a.example.com:80", "10.0.0.0/8", ".com.example"] {
            assert!(!holds(list, "a.example.com", 443), "{list}");
        }
        assert!(holds("example.com", "example.com", 443));
        assert!(
            holds("10.0.0.0/8", "10.1.2.3", 389)
                && holds("[::1]", "::1", 389)
                && !holds("10.0.0.1", "10.0.0.2", 389)
        );
    }
}
