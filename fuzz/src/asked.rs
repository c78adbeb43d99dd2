//! A few requirements to hold configurations against: a name, all names below one, plain requests, an address, both transports,
//! a role whose addresses nobody gave.

use std::collections::BTreeSet;
use std::sync::Arc;

use portbook::address::{PortRange, Prefix, PrefixSet, Transport};
use portbook::audit::{Destination, NameSet, Need, Region};
use portbook::host::HostPattern;
use portbook::id::RoleId;
use portbook::rule::{Endpoint, Flow, Rule, RuleId, Scope, TlsInspection};

/// The requirements, as a device at the place of a target has them.
pub fn needs() -> Vec<Need> {
    let name = |text: &str| Destination::names(NameSet::from(&HostPattern::parse(text).expect("a pattern")));
    let addresses = |text: &str| Destination::addresses(prefixes(text));
    let asked = [
        (name("login.live.com"), 443, Transport::Tcp, Some("10.20.0.11/32")),
        (name("*.msappproxy.net"), 443, Transport::Tcp, Some("10.20.0.11/32")),
        (name("crl.microsoft.com"), 80, Transport::Tcp, None),
        (addresses("10.10.0.0/28"), 389, Transport::Tcp, Some("2001:db8:20::11/128")),
        (addresses("10.10.0.0/28"), 389, Transport::Udp, Some("10.20.0.11/32")),
    ];
    asked.into_iter().map(|(to, port, transport, from)| need(to, port, transport, from)).collect()
}

fn prefixes(text: &str) -> PrefixSet {
    [Prefix::parse(text).expect("a prefix")].iter().collect()
}

fn need(to: Destination, port: u32, transport: Transport, from: Option<&str>) -> Need {
    let flow = Flow {
        from: Endpoint::Role(RoleId::parse("provisioning-agent").expect("a role")),
        to: Endpoint::Host { pattern: HostPattern::parse("login.live.com").expect("a pattern"), at: None },
        transport,
        ports: PortRange::ALL,
        source_ports: None,
        scope: Scope::Network,
    };
    let rule = Rule {
        id: RuleId::of(&flow),
        flow,
        need: portbook::rule::Need::Required,
        phases: BTreeSet::new(),
        tls_inspection: TlsInspection::NotStated,
        assumed: BTreeSet::new(),
        gap: false,
        doubt: None,
        software: Vec::new(),
        ranges_offered: false,
        citations: Vec::new(),
    };
    let whole = Region::all().from;
    Need {
        rule: Arc::new(rule),
        what: format!("port {port}"),
        region: Region {
            from: from.map_or(whole, prefixes),
            to,
            ports: [(port, port)].into_iter().collect(),
        },
        no_source: from.is_none().then(|| "its addresses were not given".to_owned()),
        no_destination: None,
        from_words: None,
        to_words: None,
        transport,
        tunnelled: Some(port != 80),
        source_ports: None,
        software: None,
        host: None,
        direction: None,
        from_zone: from.map(|_| "trust".to_owned()),
        to_zone: Some("untrust".to_owned()),
    }
}
