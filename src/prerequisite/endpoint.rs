//! How the endpoints of a role are tested from its host.

use serde::Serialize;

use crate::address::Transport;
use crate::catalog::Catalog;
use crate::finding::Findings;
use crate::host::HostPattern;
use crate::id::RoleId;
use crate::place::proxyable;
use crate::resolve::Selection;
use crate::rule::{Citation, Endpoint, Need, Rule, Scope};
use crate::site::Site;
use crate::target::ascii_line;

use super::once;
use super::sample::{SampleHost, sample_host};

/// One test of the preflight, as its template sees it.
#[derive(Debug, Clone, Serialize)]
pub(super) struct EndpointTest {
    /// The rule's id.
    id: String,
    /// What it is about: `login.windows.net:443`.
    what: String,
    /// `tls`, `http`, `tcp`, `domain`, or `manual`.
    pub(super) how: &'static str,
    /// Hosts or addresses to connect to; none for `domain`, which the host itself knows, and for `manual`.
    hosts: Vec<String>,
    port: u16,
    /// The path of an HTTP request.
    path: String,
    /// Whether a proxy would carry it.
    proxied: bool,
    /// Why it cannot be tested, or what stands for it.
    note: String,
    required: bool,
    source: String,
}

/// What is needed to plan tests.
pub(super) struct Plan<'a> {
    pub(super) catalog: &'a Catalog,
    pub(super) selection: &'a Selection,
    pub(super) site: &'a Site,
    pub(super) role: &'a RoleId,
}

/// Ports of names on which TLS starts with the connection: HTTPS and AMQP with TLS (IANA).
const TLS_PORTS: [u16; 2] = [443, 5671];

impl Plan<'_> {
    /// The test for one rule; none if it is not about the role.
    pub(super) fn test(&self, rule: &Rule) -> Result<Option<EndpointTest>, Findings> {
        let plays = |end: &Endpoint| end.role() == Some(self.role);
        if !plays(&rule.flow.from) {
            let inbound = plays(&rule.flow.to);
            let note = format!("inbound: test it from {}", rule.flow.from);
            return Ok(inbound.then(|| manual(rule, &note)));
        }
        let flow = &rule.flow;
        if flow.scope == Scope::Local {
            return Ok(Some(manual(rule, "stays on the host, and answers only once the role runs")));
        }
        let Some(port) = flow.ports.single() else {
            return Ok(Some(manual(rule, "a range of ports, of which one answers at a time")));
        };
        if flow.transport == Transport::Udp {
            return Ok(Some(manual(rule, "UDP gives no answer to wait for")));
        }
        self.outbound(rule, automatic(rule, port.get())).map(Some)
    }

    fn outbound(&self, rule: &Rule, test: EndpointTest) -> Result<EndpointTest, Findings> {
        Ok(match &rule.flow.to {
            Endpoint::Host { pattern, .. } => match pattern.exact() {
                Some(name) => EndpointTest { hosts: vec![name.to_string()], ..test },
                None => self.wildcard(rule, pattern, test)?,
            },
            Endpoint::Url { host, path } => match host.exact() {
                Some(name) => EndpointTest { hosts: vec![name.to_string()], path: path.to_string(), ..test },
                None => manual(rule, "a wildcard with a path: no document names a host of it"),
            },
            Endpoint::Role(peer) => self.internal(rule, peer, test),
            Endpoint::Outside(_) | Endpoint::ServiceTag(_) | Endpoint::CloudRanges(_) => {
                manual(rule, "no single host stands for it")
            }
        })
    }

    fn wildcard(
        &self,
        rule: &Rule,
        pattern: &HostPattern,
        test: EndpointTest,
    ) -> Result<EndpointTest, Findings> {
        let sample = sample_host(self.catalog, self.selection, pattern, rule.flow.ports)?;
        Ok(match sample {
            Some(SampleHost { host, document, edition }) => EndpointTest {
                hosts: vec![host.to_string()],
                note: format!("sample: {host}, named by {document} {edition}"),
                ..test
            },
            None => manual(rule, "a wildcard of which no document names a host"),
        })
    }

    /// Hosts of the site: at the addresses that were given; domain controllers can be found by their domain.
    fn internal(&self, rule: &Rule, peer: &RoleId, test: EndpointTest) -> EndpointTest {
        let stations = self.site.stations_of(peer);
        let prefixes: Vec<_> = stations.iter().flat_map(|station| station.addresses.prefixes()).collect();
        let hosts: Vec<String> =
            prefixes.iter().filter(|prefix| prefix.is_host()).map(|prefix| prefix.to_bare()).collect();
        let networks = prefixes.len() - hosts.len();
        let note = if networks > 0 {
            format!("given networks are not tested ({networks}): their hosts are not known")
        } else {
            String::new()
        };
        // Nothing between hosts of a site is asked about certificates: only whether the port is open.
        match (hosts.is_empty(), peer.as_str()) {
            (false, _) => EndpointTest { how: "tcp", hosts, note, ..test },
            (true, "domain-controller") => EndpointTest { how: "domain", note, ..test },
            (true, _) => {
                let note = format!("no address is given: --address {peer}=ADDRESS when this is written");
                manual(rule, &note)
            }
        }
    }
}

/// The test of an endpoint whose hosts are still to be named.
fn automatic(rule: &Rule, port: u16) -> EndpointTest {
    let how = match port {
        80 => "http",
        port if TLS_PORTS.contains(&port) => "tls",
        _ => "tcp",
    };
    EndpointTest {
        id: rule.id.to_string(),
        what: ascii_line(&what(rule)),
        how,
        hosts: Vec::new(),
        port,
        path: "/".to_owned(),
        proxied: proxyable(&rule.flow),
        note: String::new(),
        required: rule.need == Need::Required,
        source: once(rule.citations.iter().map(Citation::source)).join(", "),
    }
}

fn manual(rule: &Rule, note: &str) -> EndpointTest {
    EndpointTest { how: "manual", note: ascii_line(note), ..automatic(rule, 0) }
}

/// `login.windows.net:443`, `domain-controller:53 UDP`.
fn what(rule: &Rule) -> String {
    let flow = &rule.flow;
    let udp = if flow.transport == Transport::Udp { " UDP" } else { "" };
    let end = if matches!(flow.from, Endpoint::Role(_)) { &flow.to } else { &flow.from };
    format!("{end}:{}{udp}", flow.ports)
}
