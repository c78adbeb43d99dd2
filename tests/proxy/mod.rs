//! Hand-made rules, fitted to a target as the program does it.

#![allow(dead_code, reason = "each test file uses a part")]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "only tests use it")]

use std::collections::BTreeSet;
use std::net::IpAddr;
use std::sync::Arc;

use portbook::address::{Port, PortRange, Prefix, PrefixSet, Transport};
use portbook::finding::Findings;
use portbook::host::{HostPattern, UrlPath};
use portbook::id::{DocumentId, RequirementId, RoleId, ScenarioId, StationId};
use portbook::place::{AddressSet, Addresses, Basis, Hop, Leg, Party, Placed};
use portbook::rule::{Citation, Endpoint, Flow, Need, Rule, RuleId, RuleSet, Scope, TlsInspection};
use portbook::site::{ProxyAddress, ProxyListener, SiteName, Station};
use portbook::target::{self, Fitted, Focus, Heading, Settings, Templates, fit};

/// One line of a fixture: `agent *.msappproxy.net 443`, and `exclude` behind it where TLS must not be inspected.
pub(crate) struct Wish {
    pub(crate) role: &'static str,
    pub(crate) host: &'static str,
    pub(crate) ports: &'static str,
    pub(crate) tls: TlsInspection,
}

/// Reads lines of a fixture.
pub(crate) fn wishes(text: &'static str) -> Vec<Wish> {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    lines
        .map(|line| {
            let words: Vec<&str> = line.split_whitespace().collect();
            let tls = match words.get(3) {
                Some(&"exclude") => TlsInspection::Exclude,
                _ => TlsInspection::NotStated,
            };
            Wish { role: words[0], host: words[1], ports: words[2], tls }
        })
        .collect()
}

/// A selection of rules and the site that they meet.
pub(crate) struct Fixture {
    pub(crate) wishes: Vec<Wish>,
    /// Addresses of roles; a role without is anyone.
    pub(crate) addresses: Vec<(&'static str, &'static str)>,
    pub(crate) site: SiteName,
    pub(crate) proxy: Option<&'static str>,
    pub(crate) purpose: String,
    pub(crate) notes: Vec<String>,
}

impl Fixture {
    pub(crate) fn new(wishes: Vec<Wish>) -> Self {
        let notes = vec!["cloud-sync-troubleshooting 2026-08-21 names more hosts (--also)".to_owned()];
        let purpose = "agent traffic with the cloud service".to_owned();
        Self { wishes, addresses: Vec::new(), site: SiteName::default(), proxy: None, purpose, notes }
    }

    pub(crate) fn rules(&self) -> RuleSet {
        let mut rules = RuleSet::default();
        for wish in &self.wishes {
            rules.add(rule(wish, &self.purpose));
        }
        rules
    }

    pub(crate) fn fitted(&self, target: &str, settings: &[(&str, &str)]) -> (Fitted, Settings) {
        let spec = target::find(target).unwrap();
        let given: Vec<(String, String)> =
            settings.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
        let settings = Settings::check(target, spec.settings, &given).unwrap();
        let rules = self.rules();
        let placed = Placed {
            site: self.site.clone(),
            anonymous: self.proxy.is_none(),
            hops: rules.iter().map(|rule| self.hop(rule)).collect(),
        };
        let heading = Heading {
            title: "Microsoft Entra Cloud Sync, public cloud".to_owned(),
            rule_set: rules.digest(),
            notes: self.notes.clone(),
        };
        (fit(&rules, &placed, &heading, spec, &settings, &Focus::default()), settings)
    }

    /// The one artifact of a target.
    pub(crate) fn text(&self, target: &str, settings: &[(&str, &str)]) -> Result<String, Findings> {
        let (fitted, settings) = self.fitted(target, settings);
        render(target, &fitted, &settings)
    }

    fn hop(&self, rule: &Rule) -> Hop {
        let leg = match self.proxy {
            None => Leg::Direct,
            Some(proxy) => Leg::FromProxy(listener(proxy).into()),
        };
        Hop {
            rule: Arc::new(rule.clone()),
            leg,
            from: self.party(rule),
            to: Party {
                endpoint: rule.flow.to.clone(),
                station: None,
                addresses: Addresses::NotAsked,
                outside: None,
            },
            ports: rule.flow.ports,
            transport: rule.flow.transport,
            source_ports: None,
            scope: Scope::Network,
            proxyable: true,
        }
    }

    fn party(&self, rule: &Rule) -> Party {
        let endpoint = rule.flow.from.clone();
        let name = endpoint.role().unwrap().clone();
        let Some(prefixes) = self.prefixes(name.as_str()) else {
            return Party { endpoint, station: None, addresses: Addresses::Any, outside: None };
        };
        let station = Station {
            addresses: prefixes.clone(),
            ..Station::new(StationId::parse(name.as_str()).unwrap(), BTreeSet::from([name.clone()]))
        };
        let addresses = Addresses::Known(Arc::new(address_set(name.as_str(), prefixes)));
        Party { endpoint, station: Some(Arc::new(station)), addresses, outside: None }
    }

    pub(crate) fn prefixes(&self, role: &str) -> Option<PrefixSet> {
        let (_, list) = self.addresses.iter().find(|(known, _)| *known == role)?;
        Some(list.split(' ').map(|text| Prefix::parse(text).unwrap()).collect())
    }

    /// Whether some rule lets `client` (anyone if `None`) reach `host` on `port`: asked of the rules, not of a target.
    pub(crate) fn allows(&self, client: Option<IpAddr>, host: &str, port: u16) -> bool {
        self.wishes.iter().any(|wish| {
            let pattern = HostPattern::parse(wish.host.split('/').next().unwrap()).unwrap();
            let ports = PortRange::parse(wish.ports).unwrap();
            let from =
                client.is_none_or(|client| self.prefixes(wish.role).is_none_or(|set| set.contains(client)));
            from && pattern.matches(host) && Port::new(port).is_some_and(|port| ports.contains(port))
        })
    }

    /// Names around every pattern: itself, below, beside, with things before and behind it.
    pub(crate) fn probes(&self) -> BTreeSet<String> {
        let mut probes = BTreeSet::new();
        for wish in &self.wishes {
            let pattern = HostPattern::parse(wish.host.split('/').next().unwrap()).unwrap();
            let name = pattern.name().to_string();
            for probe in [
                name.clone(),
                format!("a.{name}"),
                format!("a.b.{name}"),
                format!("evil{name}"),
                format!("evil-{name}"),
                format!("{name}.evil.com"),
                format!("a.{name}.evil.com"),
                name.to_uppercase(),
                format!("A.{}", name.to_uppercase()),
                format!("{name}."),
                format!("a.{name}."),
                name.split_once('.').map_or_else(|| "evil".to_owned(), |(_, parent)| parent.to_owned()),
            ] {
                probes.insert(probe);
            }
        }
        probes
    }
}

pub(crate) fn render(target: &str, fitted: &Fitted, settings: &Settings) -> Result<String, Findings> {
    let lowered = (target::find(target).unwrap().pack)(fitted, settings)?;
    let artifacts = lowered.render(&Templates::embedded())?;
    assert_eq!(artifacts.len(), 1);
    Ok(String::from_utf8(artifacts[0].bytes.clone()).unwrap())
}

pub(crate) fn listener(text: &str) -> ProxyListener {
    let (host, port) = text.rsplit_once(':').unwrap();
    let host = match host.parse() {
        Ok(address) => ProxyAddress::Ip(address),
        Err(_) => ProxyAddress::Name(portbook::host::HostName::parse(host).unwrap()),
    };
    ProxyListener { host, port: PortRange::parse(port).unwrap() }
}

pub(crate) fn address_set(name: &str, prefixes: PrefixSet) -> AddressSet {
    AddressSet { name: name.to_owned(), prefixes, basis: Basis::Site, range_file: None, cloud: None }
}

fn rule(wish: &Wish, purpose: &str) -> Rule {
    let to = match wish.host.split_once('/') {
        None => Endpoint::Host { pattern: HostPattern::parse(wish.host).unwrap(), at: None },
        Some((host, path)) => Endpoint::Url {
            host: HostPattern::parse(host).unwrap(),
            path: UrlPath::parse(&format!("/{path}")).unwrap(),
        },
    };
    let flow = Flow {
        from: Endpoint::Role(RoleId::parse(wish.role).unwrap()),
        to,
        transport: Transport::Tcp,
        ports: PortRange::parse(wish.ports).unwrap(),
        source_ports: None,
        scope: Scope::Network,
    };
    let citation = Citation {
        scenario: ScenarioId::parse("cloud-sync").unwrap(),
        document: DocumentId::parse("cloud-sync-prerequisites").unwrap(),
        edition: Some("2026-07-27".parse().unwrap()),
        requirement: RequirementId::parse("agent-service").unwrap(),
        purpose: purpose.to_owned(),
        documented_as: wish.host.to_owned(),
        need: Need::Required,
        phases: BTreeSet::new(),
        interpreted: Vec::new(),
    };
    Rule {
        id: RuleId::of(&flow),
        flow,
        need: Need::Required,
        phases: BTreeSet::new(),
        tls_inspection: wish.tls,
        assumed: BTreeSet::new(),
        gap: false,
        doubt: None,
        software: Vec::new(),
        ranges_offered: false,
        citations: vec![citation],
    }
}

/// Every kind of name: strict wildcards, with and without their apex elsewhere, nested, on one port and on two.
pub(crate) const KINDS: &str = "
    provisioning-agent *.msappproxy.net 443 exclude
    provisioning-agent *.servicebus.windows.net 443 exclude
    provisioning-agent login.windows.net 443
    provisioning-agent login.microsoftonline.com 443
    provisioning-agent *.microsoftonline.com 443
    provisioning-agent mscrl.microsoft.com 80
    provisioning-agent www.microsoft.com/pkiops 80
    provisioning-agent *.msftauth.net 443 exclude
    provisioning-agent msftauth.net 443
    provisioning-agent [*.]msauth.net 443
    provisioning-agent *.crl3.digicert.com 80
    provisioning-agent crl3.digicert.com 443
    provisioning-agent *.b.example.net 443
    provisioning-agent b.example.net 80
    provisioning-agent aadcdn.example.net 80
    provisioning-agent aadcdn.example.net 443
    connect-server *.blob.core.windows.net 443
    connect-server management.azure.com 443
    connect-server x.b.example.net 49152-65535
    anyone-else _underscore.example.org 8080
";
