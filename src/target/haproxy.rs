//! HAProxy: frontends that read the server name of TLS and the Host of HTTP, and connect to the addresses of that name.
//!
//! The language: <https://docs.haproxy.org/2.6/configuration.html>. Where it leaves something open, HAProxy 2.6.12 was
//! asked; the answers are in docs/targets/haproxy.md.

mod frontend;
mod text;

use minijinja::value::{Serde, Value};
use serde::Serialize;

use super::{
    Capabilities, Enforces, Filter, Fitted, Lowered, NameSupport, Packed, PortSupport, SettingKind,
    SettingSpec, Settings, SourceSupport, TargetSpec, Templates, Vantage, back, comment,
};
use crate::address::PortRange;
use crate::artifact::Artifact;
use crate::finding::{Code, Finding, Findings};
use crate::site::{ProxyAddress, ProxyListener, SiteName};
use frontend::Frontend;

/// The row of the table.
pub(super) const SPEC: TargetSpec = TargetSpec {
    id: "haproxy",
    summary: "HAProxy: a filter by server name (TLS) and Host (HTTP) that connects to the addresses of that name itself",
    vantage: Vantage::Interception,
    enforces: Enforces::IfDefaultDeny("these networks reach each other only through this proxy"),
    settings: &[
        SettingSpec {
            id: "resolver",
            summary: "the DNS server that the proxy asks, by address; without it those of its /etc/resolv.conf",
            kind: SettingKind::HostPort,
            default: None,
        },
        SettingSpec {
            id: "prefer",
            summary: "the family to connect by where a name has addresses of both",
            kind: SettingKind::Choice(&["ipv4", "ipv6"]),
            default: Some("ipv4"),
        },
    ],
    capabilities,
    pack,
    back: |old, new| Ok(back::files(old, new, &BACK)),
};

const BACK: back::Words = back::Words {
    put: "Put {} back in place of the newer one.",
    gone: "Take {} out of the files that HAProxy is started with, then remove it.",
    then: "Run `haproxy -c` with all files that it is started with, which has to end in `Configuration file is valid`, then reload HAProxy.",
};

fn capabilities(_: &Settings) -> Capabilities {
    Capabilities {
        source: SourceSupport::Addresses,
        names: NameSupport::HttpOnly {
            http: Some(Code::NameAsStated),
            other_exact: None,
            other_wildcard: Code::CategoryNeedsHttp,
        },
        addresses: false,
        paths: false,
        ports: PortSupport::Exact,
        source_ports: false,
        words: false,
        identity: None,
    }
}

/// What the template sees; docs/targets/haproxy.md describes it.
#[derive(Debug, Serialize)]
struct Proxy {
    header: Vec<String>,
    name: String,
    resolver: Option<String>,
    prefer: String,
    tls: bool,
    http: bool,
    frontends: Vec<Frontend>,
}

fn pack(fitted: &Fitted, settings: &Settings) -> Packed {
    let name = own_name(&fitted.site);
    let frontends = frontend::frontends(fitted, &name)?;
    Ok(Box::new(Proxy {
        header: header(fitted),
        resolver: settings.get("resolver").map(resolver).transpose()?,
        prefer: settings.get("prefer").unwrap_or("ipv4").to_owned(),
        tls: frontends.iter().any(|frontend| frontend.tls),
        http: frontends.iter().any(|frontend| frontend.http),
        frontends,
        name,
    }))
}

/// `portbook`, or `portbook_SITE`.
fn own_name(site: &SiteName) -> String {
    if *site == SiteName::default() { "portbook".to_owned() } else { format!("portbook_{site}") }
}

/// `10.0.0.53:53`, `ipv6@2001:db8::53:53`: HAProxy looks up no name for a name server.
fn resolver(given: &str) -> Result<String, Findings> {
    let listener = ProxyListener::parse(given);
    let address = listener.as_ref().and_then(|listener| match listener.host {
        ProxyAddress::Ip(address) => Some((address, listener.port.single()?)),
        ProxyAddress::Name(_) => None,
    });
    match address {
        Some((address, port)) if address.is_ipv6() => Ok(format!("ipv6@{address}:{port}")),
        Some((address, port)) => Ok(format!("{address}:{port}")),
        None => Err(Finding::new(Code::InvalidValue, format!("haproxy: `resolver` cannot be `{given}`"))
            .help("the address of a DNS server and its port: resolver=10.0.0.53:53")
            .into()),
    }
}

/// Line 2 says what becomes of the rest; the last ones, what passes this proxy by.
fn header(fitted: &Fitted) -> Vec<String> {
    let mut lines = fitted.header.lines();
    let own = "Each frontend ends in a rejection: what comes to these ports and is not listed goes nowhere. What does not come to \
               them is not decided here.";
    lines.insert(1.min(lines.len()), own.to_owned());
    lines.push(
        "It connects to the addresses that it resolves for a listed name itself, whatever address the client dialled."
            .to_owned(),
    );
    lines.push(
        "Load one such file only: a second one listens on the same ports, and the system gives each connection to either."
            .to_owned(),
    );
    lines.push(
        "Drop UDP to these ports on the way past it: QUIC (HTTP/3) does not pass a proxy of TCP.".to_owned(),
    );
    lines.iter().flat_map(|line| comment::wrap(line)).collect()
}

/// `443`; the ports of what fits here are single ones.
fn single(ports: PortRange) -> Option<u16> {
    Some(ports.single()?.get())
}

impl Lowered for Proxy {
    fn render(&self, templates: &Templates) -> Result<Vec<Artifact>, Findings> {
        let text = templates.render("haproxy/portbook.cfg", self.context(), text::FILTERS)?;
        Ok(vec![Artifact::text("haproxy/portbook.cfg", text)])
    }

    fn context(&self) -> Value {
        Value::from(Serde(self))
    }

    fn filters(&self) -> &'static [Filter] {
        text::FILTERS
    }
}
