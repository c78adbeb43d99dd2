//! Rules and hops made by hand, and fitted by the program's own `fit`.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use portbook::address::{Family, PortRange, Prefix, PrefixSet, Transport};
use portbook::host::HostPattern;
use portbook::id::{DocumentId, RequirementId, RoleId, ScenarioId, StationId, ZoneId};
use portbook::place::{AddressSet, Addresses, Basis, Hop, Leg, Party, Placed};
use portbook::rule::{Citation, Endpoint, Flow, Need, Rule, RuleId, RuleSet, Scope, TlsInspection};
use portbook::site::{ProxyAddress, ProxyListener, SiteName, Station};
use portbook::target::{self, Fitted, Focus, Heading, Settings, fit};

/// A site in the making.
pub(crate) struct Network {
    stations: BTreeMap<String, Arc<Station>>,
    rules: RuleSet,
    hops: Vec<Hop>,
}

/// The hybrid agent of the examples: names on 443 and 80, two of them not to be inspected, addresses of a DC.
pub(crate) fn provisioning() -> Network {
    let mut network = Network::new();
    network.station("agents", "tier0", "10.20.0.11, 10.20.0.12, 2001:db8::11");
    network.station("dcs", "servers", "10.10.0.0/28");
    for name in ["*.msappproxy.net", "*.servicebus.windows.net"] {
        network.allow_tls("agents", party(name), "443/tcp", true);
    }
    for name in
        ["login.windows.net", "[*.]aadconnecthealth.azure.com", "*.microsoftonline.com", "login.live.com"]
    {
        network.allow("agents", party(name), "443/tcp");
    }
    for name in ["mscrl.microsoft.com", "crl3.digicert.com", "login.windows.net"] {
        network.allow("agents", party(name), "80/tcp");
    }
    for service in ["389/tcp", "636/tcp", "88/tcp", "88/udp", "49152-65535/tcp"] {
        network.allow_station("agents", "dcs", service, None);
    }
    network.allow_station("dcs", "agents", "123/udp", Some("123"));
    network
}

pub(crate) fn party(pattern: &str) -> Party {
    let pattern = HostPattern::parse(pattern).unwrap();
    Party {
        endpoint: Endpoint::Host { pattern, at: None },
        station: None,
        addresses: Addresses::NotAsked,
        outside: None,
    }
}

impl Network {
    pub(crate) fn new() -> Self {
        Self { stations: BTreeMap::new(), rules: RuleSet::default(), hops: Vec::new() }
    }

    pub(crate) fn len(&self) -> usize {
        self.rules.len()
    }

    pub(crate) fn station(&mut self, id: &str, zone: &str, addresses: &str) {
        let addresses = addresses.split(", ").map(|text| Prefix::parse(text).unwrap()).collect();
        let station = Station {
            addresses,
            zone: Some(ZoneId::parse(zone).unwrap()),
            ..Station::new(StationId::parse(id).unwrap(), BTreeSet::from([role(id)]))
        };
        self.stations.insert(id.to_owned(), Arc::new(station));
    }

    pub(crate) fn allow(&mut self, from: &str, to: Party, service: &str) {
        self.allow_tls(from, to, service, false);
    }

    pub(crate) fn allow_tls(&mut self, from: &str, to: Party, service: &str, exclude: bool) {
        let from = self.party(from);
        self.hop(from, to, service, None, exclude, Leg::Direct);
    }

    pub(crate) fn allow_station(&mut self, from: &str, to: &str, service: &str, source_ports: Option<&str>) {
        let (from, to) = (self.party(from), self.party(to));
        self.hop(from, to, service, source_ports, false, Leg::Direct);
    }

    pub(crate) fn allow_addresses(&mut self, from: &str, tag: &str, prefixes: &[&str], service: &str) {
        let set = AddressSet {
            name: tag.to_owned(),
            prefixes: prefixes.iter().map(|text| Prefix::parse(text).unwrap()).collect(),
            basis: Basis::Tag { tag: tag.to_owned(), documented: true },
            range_file: Some("ServiceTags_Public_20251103.json change 376".to_owned()),
            cloud: None,
        };
        let to = Party {
            outside: None,
            endpoint: Endpoint::ServiceTag(tag.to_owned()),
            station: None,
            addresses: Addresses::Known(Arc::new(set)),
        };
        self.allow(from, to, service);
    }

    pub(crate) fn through_proxy(&mut self, from: &str, proxy: &str, name: &str, service: &str) {
        let (host, port) = proxy.rsplit_once(':').unwrap();
        let host = ProxyAddress::Ip(host.parse().unwrap());
        let listener = ProxyListener { host, port: PortRange::parse(port).unwrap() };
        let from = self.party(from);
        self.hop(from.clone(), party(name), service, None, false, Leg::ToProxy(listener.clone().into()));
        self.hop(from, party(name), service, None, false, Leg::FromProxy(listener.into()));
    }

    fn party(&self, station: &str) -> Party {
        let station = Arc::clone(&self.stations[station]);
        let set = AddressSet {
            name: station.id.to_string(),
            prefixes: station.addresses.clone(),
            basis: Basis::Site,
            range_file: None,
            cloud: None,
        };
        let role = station.roles.first().unwrap().clone();
        Party {
            outside: None,
            endpoint: Endpoint::Role(role),
            station: Some(station),
            addresses: Addresses::Known(Arc::new(set)),
        }
    }

    fn hop(
        &mut self,
        from: Party,
        to: Party,
        service: &str,
        source_ports: Option<&str>,
        exclude: bool,
        leg: Leg,
    ) {
        let (ports, transport) = service.split_once('/').unwrap();
        let flow = Flow {
            from: from.endpoint.clone(),
            to: to.endpoint.clone(),
            transport: Transport::parse(transport).unwrap(),
            ports: PortRange::parse(ports).unwrap(),
            source_ports: source_ports.map(|text| PortRange::parse(text).unwrap()),
            scope: Scope::Network,
        };
        let rule = rule(flow, exclude);
        // Equal flows are one rule: as the resolver does, before anything is placed.
        if self.hops.iter().any(|hop| hop.rule.id == rule.id && hop.leg == leg) {
            return;
        }
        let proxyable = rule.flow.transport == Transport::Tcp
            && ["443", "80"].contains(&ports)
            && rule.flow.to.host().is_some();
        let ports = match &leg {
            Leg::ToProxy(proxy) => proxy.listener.port,
            Leg::Direct | Leg::FromProxy(_) => rule.flow.ports,
        };
        self.rules.add(rule.clone());
        self.hops.push(Hop {
            transport: rule.flow.transport,
            source_ports: rule.flow.source_ports,
            scope: Scope::Network,
            rule: Arc::new(rule),
            leg,
            from,
            to,
            ports,
            proxyable,
        });
    }

    pub(crate) fn fit(&self, target: &str, settings: &Settings) -> Fitted {
        let site = SiteName::parse("hq").unwrap();
        let placed = Placed { site, anonymous: true, hops: self.hops.clone() };
        let heading = Heading {
            title: "Microsoft Entra Cloud Sync, public cloud".to_owned(),
            rule_set: self.rules.digest(),
            notes: vec![],
        };
        fit(&self.rules, &placed, &heading, target::find(target).unwrap(), settings, &Focus::default())
    }

    pub(crate) fn says_something(&self) -> bool {
        let spec = target::find("palo-alto-set").unwrap();
        let settings = Settings::check(spec.id, spec.settings, &[]).unwrap();
        !self.fit(spec.id, &settings).rules.is_empty()
    }
}

fn role(id: &str) -> RoleId {
    RoleId::parse(if id == "agents" { "provisioning-agent" } else { id }).unwrap()
}

fn rule(flow: Flow, exclude: bool) -> Rule {
    let citation = Citation {
        scenario: ScenarioId::parse("cloud-sync").unwrap(),
        document: DocumentId::parse("cloud-sync-prerequisites").unwrap(),
        edition: Some("2026-07-27".parse().unwrap()),
        requirement: RequirementId::parse("agent-service").unwrap(),
        purpose: "agent traffic".to_owned(),
        documented_as: flow.to.to_string(),
        need: Need::Required,
        phases: BTreeSet::new(),
        interpreted: vec![],
    };
    Rule {
        id: RuleId::of(&flow),
        flow,
        need: Need::Required,
        phases: BTreeSet::new(),
        tls_inspection: if exclude { TlsInspection::Exclude } else { TlsInspection::NotStated },
        assumed: BTreeSet::new(),
        gap: false,
        doubt: None,
        software: Vec::new(),
        ranges_offered: false,
        citations: vec![citation],
    }
}

/// Both families, for readers of sets.
pub(crate) fn text(set: &PrefixSet) -> String {
    let families: Vec<String> = Family::ALL.iter().map(|family| set.family(*family).to_string()).collect();
    families.join(" ")
}
