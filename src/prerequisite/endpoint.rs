//! How the endpoints of a role are tested from its host, and which of them cannot be.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::net::IpAddr;

use crate::address::{Prefix, PrefixSet, Transport};
use crate::catalog::Catalog;
use crate::finding::Findings;
use crate::host::HostPattern;
use crate::id::RoleId;
use crate::place::proxyable;
use crate::resolve::Selection;
use crate::rule::{Endpoint, Rule, Scope};
use crate::site::Site;

use super::sample::{SampleHost, sample_host};

/// The test of one rule.
#[derive(Debug, Clone)]
pub struct EndpointTest<'a> {
    /// The rule.
    pub rule: &'a Rule,
    /// How it is tested.
    pub reach: Reach,
}

/// How a rule is tested.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reach {
    /// By connecting to hosts.
    Hosts(Hosts),
    /// By connecting to domain controllers of which no address is given: their domain knows them.
    Domain {
        /// The port.
        port: u16,
        /// Given networks, whose hosts are not known.
        networks: usize,
    },
    /// Not from here.
    Untestable(Untestable),
}

/// Hosts to connect to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hosts {
    /// What is looked at once the connection is there.
    pub way: Way,
    /// Names or bare addresses, at least one.
    pub hosts: Vec<String>,
    /// The port.
    pub port: u16,
    /// The path of an HTTP request.
    pub path: String,
    /// Whether a proxy would carry it.
    pub proxied: bool,
    /// The document that names the host, where it stands for a wildcard.
    pub sample: Option<SampleHost>,
    /// Given networks, whose hosts are not known.
    pub networks: usize,
}

/// What is looked at once a connection is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Way {
    /// A TLS handshake.
    Tls,
    /// The answer to a plain HTTP request.
    Http,
    /// Nothing more.
    Tcp,
}

/// Why an endpoint cannot be tested from here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Untestable {
    /// The other side opens it.
    Inbound(Endpoint),
    /// It never leaves the host.
    Local,
    /// Of a range of ports one answers at a time.
    PortRange,
    /// UDP.
    Udp,
    /// A wildcard with a path.
    WildcardPath,
    /// A wildcard of which no document names a host.
    NoSample,
    /// Addresses of many.
    NoSingleHost,
    /// Hosts of the site of which no address is given.
    NoAddress(RoleId),
}

impl Untestable {
    /// Its stable word.
    pub fn id(&self) -> &'static str {
        match self {
            Self::Inbound(_) => "inbound",
            Self::Local => "local",
            Self::PortRange => "port-range",
            Self::Udp => "udp",
            Self::WildcardPath => "wildcard-path",
            Self::NoSample => "no-sample-host",
            Self::NoSingleHost => "no-single-host",
            Self::NoAddress(_) => "no-address",
        }
    }
}

impl fmt::Display for Untestable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Inbound(from) => write!(f, "inbound: test it from {from}"),
            Self::Local => f.write_str("stays on the host, and answers only once the role runs"),
            Self::PortRange => f.write_str("a range of ports, of which one answers at a time"),
            Self::Udp => f.write_str("UDP gives no answer to wait for"),
            Self::WildcardPath => f.write_str("a wildcard with a path: no document names a host of it"),
            Self::NoSample => f.write_str("a wildcard of which no document names a host"),
            Self::NoSingleHost => f.write_str("no single host stands for it"),
            Self::NoAddress(role) => write!(f, "no address of {role} is given"),
        }
    }
}

/// Hosts that were named one by one. A set of addresses does not tell two neighbours from a network of two.
pub type NamedHosts = BTreeMap<RoleId, BTreeSet<IpAddr>>;

/// What is needed to plan tests.
#[derive(Debug)]
pub struct TestPlan<'a> {
    /// The catalog, for hosts that stand for wildcards.
    pub catalog: &'a Catalog,
    /// What was selected: its cloud and date decide which documents name a host.
    pub selection: &'a Selection,
    /// The addresses of hosts of the site.
    pub site: &'a Site,
    /// Hosts of the site that were named one by one.
    pub hosts: &'a NamedHosts,
    /// The roles of the host that tests.
    pub roles: &'a [RoleId],
}

/// Ports of names on which TLS starts with the connection: HTTPS and AMQP with TLS (IANA).
const TLS_PORTS: [u16; 2] = [443, 5671];

impl TestPlan<'_> {
    /// The test for one rule; none if it is not about the roles.
    ///
    /// # Errors
    /// All errors of the files that had to be read.
    pub fn test<'r>(&self, rule: &'r Rule) -> Result<Option<EndpointTest<'r>>, Findings> {
        let plays = |end: &Endpoint| end.role().is_some_and(|role| self.roles.contains(role));
        let reach = if plays(&rule.flow.from) {
            self.outbound(rule)?
        } else if plays(&rule.flow.to) {
            Reach::Untestable(Untestable::Inbound(rule.flow.from.clone()))
        } else {
            return Ok(None);
        };
        Ok(Some(EndpointTest { rule, reach }))
    }

    fn outbound(&self, rule: &Rule) -> Result<Reach, Findings> {
        let flow = &rule.flow;
        if flow.scope == Scope::Local {
            return Ok(Reach::Untestable(Untestable::Local));
        }
        let Some(port) = flow.ports.single() else {
            return Ok(Reach::Untestable(Untestable::PortRange));
        };
        if flow.transport == Transport::Udp {
            return Ok(Reach::Untestable(Untestable::Udp));
        }
        let hosts = Hosts::on(port.get(), proxyable(flow));
        Ok(match &flow.to {
            Endpoint::Host { pattern, .. } => match pattern.exact() {
                Some(name) => Reach::Hosts(Hosts { hosts: vec![name.to_string()], ..hosts }),
                None => self.wildcard(rule, pattern, hosts)?,
            },
            Endpoint::Url { host, path } => match host.exact() {
                Some(name) => {
                    Reach::Hosts(Hosts { hosts: vec![name.to_string()], path: path.to_string(), ..hosts })
                }
                None => Reach::Untestable(Untestable::WildcardPath),
            },
            Endpoint::Role(peer) => self.internal(peer, hosts),
            Endpoint::Outside(_) | Endpoint::ServiceTag(_) | Endpoint::CloudRanges(_) => {
                Reach::Untestable(Untestable::NoSingleHost)
            }
        })
    }

    fn wildcard(&self, rule: &Rule, pattern: &HostPattern, hosts: Hosts) -> Result<Reach, Findings> {
        let sample = sample_host(self.catalog, self.selection, pattern, rule.flow.ports)?;
        Ok(match sample {
            Some(sample) => {
                Reach::Hosts(Hosts { hosts: vec![sample.host.to_string()], sample: Some(sample), ..hosts })
            }
            None => Reach::Untestable(Untestable::NoSample),
        })
    }

    /// Hosts of the site: at the addresses that were given; domain controllers can be found by their domain.
    fn internal(&self, peer: &RoleId, hosts: Hosts) -> Reach {
        let given: Vec<String> = self.hosts.get(peer).into_iter().flatten().map(IpAddr::to_string).collect();
        let named: PrefixSet = given.iter().filter_map(|host| Prefix::parse(host).ok()).collect();
        let stations = self.site.stations_of(peer, self.selection.cloud());
        let networks =
            stations.iter().map(|station| station.addresses.difference(&named).prefixes().count()).sum();
        // Nothing between hosts of a site is asked about certificates: only whether the port is open.
        match (given.is_empty(), peer.as_str()) {
            (false, _) => Reach::Hosts(Hosts { way: Way::Tcp, hosts: given, networks, ..hosts }),
            (true, "domain-controller") => Reach::Domain { port: hosts.port, networks },
            (true, _) => Reach::Untestable(Untestable::NoAddress(peer.clone())),
        }
    }
}

impl Hosts {
    /// Hosts that are still to be named.
    fn on(port: u16, proxied: bool) -> Self {
        let way = match port {
            80 => Way::Http,
            port if TLS_PORTS.contains(&port) => Way::Tls,
            _ => Way::Tcp,
        };
        Self { way, hosts: Vec::new(), port, path: "/".to_owned(), proxied, sample: None, networks: 0 }
    }
}
