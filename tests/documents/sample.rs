//! A small placed selection with every kind of end, leg and value, hostile texts included.

use std::collections::BTreeSet;
use std::sync::Arc;

use portbook::address::{PortRange, PrefixSet, Transport};
use portbook::artifact::Artifact;
use portbook::finding::Findings;
use portbook::host::{HostPattern, UrlPath};
use portbook::id::{CloudId, ConditionId, DocumentId, RequirementId, RoleId, ScenarioId, StationId, ZoneId};
use portbook::place::{AddressSet, Addresses, Basis, Hop, Leg, Party, Placed};
use portbook::rule::{
    Citation, Endpoint, Flow, Interpretation, Need, Phase, Rule, RuleId, RuleSet, Scope, TlsInspection,
};
use portbook::site::{ProxyAddress, ProxyListener, SiteName, Station};
use portbook::target::{Fitted, Focus, Heading, Lowered, Settings, Templates, find, fit};

/// Everything at once that could break out of a cell.
pub(crate) const HOSTILE: &str =
    "=cmd|' /C calc'!A0 `a` <b>[c](d)</b> \"q\", x\r\n# y | z\t\u{202e}$(w) @me *.x _y_";

/// The targets for readers.
pub(crate) const READERS: &[&str] = &["csv", "json", "markdown"];

pub(crate) fn role(id: &str) -> RoleId {
    RoleId::parse(id).unwrap()
}

pub(crate) fn host(pattern: &str) -> Endpoint {
    Endpoint::Host { pattern: HostPattern::parse(pattern).unwrap(), at: None }
}

pub(crate) fn station(id: &str, addresses: &[&str], zone: &str) -> Arc<Station> {
    Arc::new(Station {
        addresses: prefixes(addresses),
        zone: Some(ZoneId::parse(zone).unwrap()),
        ..Station::new(StationId::parse(id).unwrap(), BTreeSet::new())
    })
}

pub(crate) fn prefixes(texts: &[&str]) -> PrefixSet {
    texts.iter().map(|text| portbook::address::Prefix::parse(text).unwrap()).collect()
}

pub(crate) fn citation(requirement: &str, purpose: &str) -> Citation {
    Citation {
        scenario: ScenarioId::parse("cloud-sync").unwrap(),
        document: DocumentId::parse("cloud-sync-prerequisites").unwrap(),
        edition: Some("2026-07-27".parse().unwrap()),
        requirement: RequirementId::parse(requirement).unwrap(),
        purpose: purpose.to_owned(),
        documented_as: "*.MSAppProxy.net".to_owned(),
        need: Need::Required,
        phases: BTreeSet::new(),
        interpreted: vec![Interpretation { of: "ports", because: "port table: 443".to_owned() }],
    }
}

pub(crate) fn rule(from: Endpoint, to: Endpoint, transport: Transport, ports: &str) -> Rule {
    let ports = PortRange::parse(ports).unwrap();
    let flow = Flow { from, to, transport, ports, source_ports: None, scope: Scope::Network };
    Rule {
        id: RuleId::of(&flow),
        flow,
        need: Need::Required,
        phases: BTreeSet::new(),
        tls_inspection: TlsInspection::NotStated,
        assumed: BTreeSet::new(),
        gap: false,
        doubt: None,
        software: Vec::new(),
        ranges_offered: false,
        citations: vec![citation("agent-service", "agent traffic with the cloud service")],
    }
}

pub(crate) fn party(endpoint: &Endpoint, station: Option<&Arc<Station>>, addresses: Addresses) -> Party {
    Party { endpoint: endpoint.clone(), station: station.cloned(), addresses, outside: None }
}

pub(crate) fn site_set(station: &Station) -> Addresses {
    set(station.id.as_str(), station.addresses.clone(), Basis::Site, None)
}

pub(crate) fn set(name: &str, prefixes: PrefixSet, basis: Basis, file: Option<&str>) -> Addresses {
    let cloud = file.map(|_| CloudId::parse("public").unwrap());
    let range_file = file.map(str::to_owned);
    Addresses::Known(Arc::new(AddressSet { name: name.to_owned(), prefixes, basis, range_file, cloud }))
}

pub(crate) fn hop(rule: &Rule, leg: Leg, from: Party, to: Party) -> Hop {
    let ports = match &leg {
        Leg::ToProxy(proxy) => proxy.listener.port,
        _ => rule.flow.ports,
    };
    Hop {
        rule: Arc::new(rule.clone()),
        leg,
        from,
        to,
        ports,
        transport: rule.flow.transport,
        source_ports: rule.flow.source_ports,
        scope: rule.flow.scope,
        proxyable: true,
    }
}

pub(crate) fn proxy(host: ProxyAddress) -> ProxyListener {
    ProxyListener { host, port: PortRange::parse("8080").unwrap() }
}

/// A selection under construction.
#[derive(Default)]
pub(crate) struct Sample {
    pub(crate) rules: RuleSet,
    pub(crate) hops: Vec<Hop>,
}

impl Sample {
    pub(crate) fn add(&mut self, rule: &Rule, leg: Leg, from: Party, to: Party) {
        self.rules.add(rule.clone());
        self.hops.push(hop(rule, leg, from, to));
    }

    pub(crate) fn fitted(&self, target: &str, focus: &Focus) -> Fitted {
        let spec = find(target).unwrap();
        let settings = Settings::check(target, spec.settings, &[]).unwrap();
        let placed = Placed { site: SiteName::default(), anonymous: false, hops: self.hops.clone() };
        let heading = Heading {
            title: "Microsoft Entra Cloud Sync, public cloud".to_owned(),
            rule_set: self.rules.digest(),
            notes: vec!["cloud-sync-troubleshooting 2026-08-21 names 9 more hosts (--also)".to_owned()],
        };
        fit(&self.rules, &placed, &heading, spec, &settings, focus)
    }

    pub(crate) fn pack(&self, target: &str, options: &[(&str, &str)]) -> Result<Box<dyn Lowered>, Findings> {
        pack(target, &self.fitted(target, &Focus::default()), options)
    }

    pub(crate) fn render(&self, target: &str, options: &[(&str, &str)]) -> Vec<Artifact> {
        self.pack(target, options).unwrap().render(&Templates::embedded()).unwrap()
    }
}

pub(crate) fn pack(
    target: &str,
    fitted: &Fitted,
    options: &[(&str, &str)],
) -> Result<Box<dyn Lowered>, Findings> {
    let spec = find(target).unwrap();
    let given: Vec<_> = options.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
    (spec.pack)(fitted, &Settings::check(target, spec.settings, &given)?)
}

pub(crate) fn text(artifact: &Artifact) -> String {
    String::from_utf8(artifact.bytes.clone()).unwrap()
}

/// Every kind of end, leg and value.
pub(crate) fn everything() -> Sample {
    let mut sample = Sample::default();
    let agents = station("agents", &["10.20.0.11", "10.20.0.12", "2001:db8::11"], "tier0");
    let agent = Endpoint::Role(role("provisioning-agent"));
    let from = || party(&agent, Some(&agents), site_set(&agents));
    let name = |end: &Endpoint| party(end, None, Addresses::NotAsked);
    through_proxies(&mut sample, &agents);

    let mut plain = rule(agent.clone(), host("*.msappproxy.net"), Transport::Tcp, "443");
    plain.tls_inspection = TlsInspection::Exclude;
    plain.assumed.insert(ConditionId::parse("agent-2.4.18-or-later").unwrap());
    sample.add(&plain, Leg::Direct, from(), name(&plain.flow.to));

    let path = UrlPath::parse("/pkiops").unwrap();
    let url = Endpoint::Url { host: HostPattern::parse("www.microsoft.com").unwrap(), path };
    let url = rule(agent.clone(), url, Transport::Tcp, "80");
    sample.add(&url, Leg::Direct, from(), name(&url.flow.to));

    let mut hostile = rule(agent.clone(), host("[*.]x.net"), Transport::Tcp, "1-12");
    hostile.doubt = Some(HOSTILE.to_owned());
    hostile.citations = vec![citation("hostile", HOSTILE)];
    HOSTILE.clone_into(&mut hostile.citations[0].documented_as);
    HOSTILE.clone_into(&mut hostile.citations[0].interpreted[0].because);
    sample.add(&hostile, Leg::Direct, from(), name(&hostile.flow.to));

    addressed(&mut sample, &agents);
    inside(&mut sample, &agents);
    sample
}

fn through_proxies(sample: &mut Sample, agents: &Arc<Station>) {
    let agent = Endpoint::Role(role("provisioning-agent"));
    let from = || party(&agent, Some(agents), site_set(agents));
    let mut sign_in = rule(agent.clone(), host("login.windows.net"), Transport::Tcp, "443");
    sign_in.phases.insert(Phase::Registration);
    sign_in.citations.push(citation("sign-in", "sign-in during the registration"));
    let to = party(&sign_in.flow.to, None, Addresses::NotAsked);
    let names = [
        ProxyAddress::Ip("10.30.0.5".parse().unwrap()),
        ProxyAddress::Ip("10.30.0.6".parse().unwrap()),
        ProxyAddress::Name(portbook::host::HostName::parse("proxy.corp.example").unwrap()),
    ];
    for address in names {
        sample.add(&sign_in, Leg::ToProxy(proxy(address.clone()).into()), from(), to.clone());
        sample.add(&sign_in, Leg::FromProxy(proxy(address).into()), from(), to.clone());
    }
}

/// Destinations by tag and by the whole range file, one small and one large.
fn addressed(sample: &mut Sample, agents: &Arc<Station>) {
    let agent = Endpoint::Role(role("provisioning-agent"));
    let from = || party(&agent, Some(agents), site_set(agents));
    let file = Some("ServiceTags_Public_20251103.json change 376");
    let tag = "AzureActiveDirectory".to_owned();
    let rule_of = |to: Endpoint| rule(agent.clone(), to, Transport::Tcp, "443");
    let large: Vec<String> = (0..40).map(|third| format!("20.20.{}.0/24", third * 2)).collect();
    let large: Vec<&str> = large.iter().map(String::as_str).collect();
    let tagged = rule_of(Endpoint::ServiceTag(tag.clone()));
    let basis = Basis::Tag { tag, documented: true };
    let known = set("AzureActiveDirectory", prefixes(&large), basis, file);
    sample.add(&tagged, Leg::Direct, from(), party(&tagged.flow.to, None, known));
    let ranges = rule_of(Endpoint::CloudRanges(CloudId::parse("public").unwrap()));
    let known = set("azure-public", prefixes(&["40.64.0.0/10", "2603:1000::/24"]), Basis::WholeFile, file);
    sample.add(&ranges, Leg::Direct, from(), party(&ranges.flow.to, None, known));
}

/// Roles on both sides, anyone outside, a gap, a local flow.
fn inside(sample: &mut Sample, agents: &Arc<Station>) {
    let agent = Endpoint::Role(role("provisioning-agent"));
    let controller = Endpoint::Role(role("domain-controller"));
    let from = || party(&agent, Some(agents), site_set(agents));
    let mut dns = rule(agent.clone(), controller.clone(), Transport::Udp, "53");
    dns.gap = true;
    dns.citations[0].edition = None;
    dns.need = Need::Optional;
    sample.add(&dns, Leg::Direct, from(), party(&controller, None, Addresses::NotGiven));
    let mut rpc = rule(agent.clone(), controller.clone(), Transport::Tcp, "49152-65535");
    rpc.flow.source_ports = Some(PortRange::parse("1024-65535").unwrap());
    rpc.id = RuleId::of(&rpc.flow);
    sample.add(&rpc, Leg::Direct, from(), party(&controller, None, Addresses::NotGiven));
    let mut local = rule(agent.clone(), agent.clone(), Transport::Tcp, "8081");
    local.flow.scope = Scope::Local;
    local.id = RuleId::of(&local.flow);
    sample.add(&local, Leg::Direct, from(), from());
    let wap = station("wap", &["10.40.0.1"], "dmz");
    let users = Endpoint::Outside(role("users"));
    let sts = HostPattern::parse("sts.contoso.com").unwrap();
    let sts = Endpoint::Host { pattern: sts, at: Some(role("web-application-proxy")) };
    for to in [Endpoint::Role(role("web-application-proxy")), sts] {
        let inbound = rule(users.clone(), to.clone(), Transport::Tcp, "49443");
        sample.add(
            &inbound,
            Leg::Direct,
            party(&users, None, Addresses::Any),
            party(&to, Some(&wap), site_set(&wap)),
        );
    }
}
