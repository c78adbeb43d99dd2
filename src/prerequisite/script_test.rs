//! Tests of endpoints as the template of the preflight sees them.

use serde::Serialize;

use crate::address::Transport;
use crate::rule::{Citation, Endpoint, Need, Rule};
use crate::target::ascii_line;

use super::endpoint::{EndpointTest, Hosts, Reach, Untestable, Way};
use super::once;
use super::sample::SampleHost;

/// One test of the preflight.
#[derive(Debug, Clone, Serialize)]
pub(super) struct ScriptTest {
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

impl ScriptTest {
    pub(super) fn of(test: &EndpointTest<'_>) -> Self {
        let rule = test.rule;
        match &test.reach {
            Reach::Hosts(hosts) => Self::connecting(rule, hosts),
            Reach::Domain { port, networks } => {
                Self { port: *port, note: networks_note(*networks), ..Self::bare(rule, "domain") }
            }
            Reach::Untestable(reason) => {
                let note = match reason {
                    Untestable::NoAddress(peer) => {
                        format!("no address is given: --address {peer}=ADDRESS when this is written")
                    }
                    other => other.to_string(),
                };
                Self { note: ascii_line(&note), ..Self::bare(rule, "manual") }
            }
        }
    }

    fn connecting(rule: &Rule, hosts: &Hosts) -> Self {
        let how = match hosts.way {
            Way::Tls => "tls",
            Way::Http => "http",
            Way::Tcp => "tcp",
        };
        let note = match &hosts.sample {
            Some(SampleHost { host, document, edition }) => {
                format!("sample: {host}, named by {document} {edition}")
            }
            None => networks_note(hosts.networks),
        };
        Self {
            hosts: hosts.hosts.clone(),
            port: hosts.port,
            path: hosts.path.clone(),
            proxied: hosts.proxied,
            note,
            ..Self::bare(rule, how)
        }
    }

    fn bare(rule: &Rule, how: &'static str) -> Self {
        Self {
            id: rule.id.to_string(),
            what: ascii_line(&what(rule)),
            how,
            hosts: Vec::new(),
            port: 0,
            path: "/".to_owned(),
            proxied: crate::place::proxyable(&rule.flow),
            note: String::new(),
            required: rule.need == Need::Required,
            source: once(rule.citations.iter().map(Citation::source)).join(", "),
        }
    }
}

fn networks_note(networks: usize) -> String {
    if networks == 0 {
        return String::new();
    }
    format!("given networks are not tested ({networks}): their hosts are not known")
}

/// `login.windows.net:443`, `domain-controller:53 UDP`.
fn what(rule: &Rule) -> String {
    let flow = &rule.flow;
    let udp = if flow.transport == Transport::Udp { " UDP" } else { "" };
    let end = if matches!(flow.from, Endpoint::Role(_)) { &flow.to } else { &flow.from };
    format!("{end}:{}{udp}", flow.ports)
}
