//! The Windows targets, from placed rules to bytes.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "helpers of tests are tests too"
)]

use std::collections::BTreeSet;
use std::sync::Arc;

use portbook::address::{PortRange, Prefix, PrefixSet, Transport};
use portbook::artifact::Artifact;
use portbook::finding::{Code, Findings};
use portbook::host::HostPattern;
use portbook::id::{DocumentId, RequirementId, RoleId, ScenarioId, StationId};
use portbook::place::{AddressSet, Addresses, Basis, Hop, Leg, Party, Placed};
use portbook::rule::{Citation, Endpoint, Flow, Need, Rule, RuleId, RuleSet, Scope, Software, TlsInspection};
use portbook::site::{ProxyAddress, ProxyListener, SiteName, Station};
use portbook::target::{self, Effect, Fitted, Focus, Heading, Settings, Templates};

fn role(id: &str) -> Endpoint {
    Endpoint::Role(RoleId::parse(id).unwrap())
}

fn host(pattern: &str) -> Endpoint {
    Endpoint::Host { pattern: HostPattern::parse(pattern).unwrap(), at: None }
}

fn ports(text: &str) -> PortRange {
    PortRange::parse(text).unwrap()
}

fn set(name: &str, prefixes: &[&str]) -> Addresses {
    let prefixes = prefixes.iter().map(|text| Prefix::parse(text).unwrap()).collect();
    let set =
        AddressSet { name: name.to_owned(), prefixes, basis: Basis::Site, range_file: None, cloud: None };
    Addresses::Known(Arc::new(set))
}

fn station(id: &str) -> Arc<Station> {
    Arc::new(Station {
        id: StationId::parse(id).unwrap(),
        roles: BTreeSet::from([RoleId::parse(id).unwrap()]),
        addresses: PrefixSet::default(),
        zone: None,
        proxy: None,
    })
}

/// A site of flows that test a target.
struct World {
    rules: RuleSet,
    hops: Vec<Hop>,
    software: Vec<Software>,
    purpose: String,
}

impl World {
    fn new() -> Self {
        Self {
            rules: RuleSet::default(),
            hops: Vec::new(),
            software: Vec::new(),
            purpose: "sign-in".to_owned(),
        }
    }

    fn rule(&self, flow: Flow) -> Rule {
        let citation = Citation {
            scenario: ScenarioId::parse("cloud-sync").unwrap(),
            document: DocumentId::parse("cloud-sync-prerequisites").unwrap(),
            edition: Some("2024-04-26".parse().unwrap()),
            requirement: RequirementId::parse("sign-in").unwrap(),
            purpose: self.purpose.clone(),
            documented_as: flow.to.to_string(),
            need: Need::Required,
            phases: BTreeSet::new(),
            interpreted: Vec::new(),
        };
        Rule {
            id: RuleId::of(&flow),
            flow,
            need: Need::Required,
            phases: BTreeSet::new(),
            tls_inspection: TlsInspection::NotStated,
            assumed: BTreeSet::new(),
            gap: false,
            doubt: None,
            software: self.software.clone(),
            ranges_offered: false,
            citations: vec![citation],
        }
    }

    fn hop(
        &mut self,
        from: Endpoint,
        to: Endpoint,
        service: &str,
        sides: [Addresses; 2],
        leg: Leg,
    ) -> RuleId {
        let (port, transport) = service.split_once('/').unwrap();
        let transport = Transport::parse(transport).unwrap();
        let scope = Scope::Network;
        let flow = Flow {
            from: from.clone(),
            to: to.clone(),
            transport,
            ports: ports(port),
            source_ports: None,
            scope,
        };
        let rule = self.rule(flow);
        let id = rule.id.clone();
        self.rules.add(rule.clone());
        let [left, right] = sides;
        let stand = |endpoint: &Endpoint| match endpoint {
            Endpoint::Role(id) => Some(station(id.as_str())),
            _ => None,
        };
        self.hops.push(Hop {
            rule: Arc::new(rule),
            from: Party { station: stand(&from), endpoint: from, addresses: left },
            to: Party { station: stand(&to), endpoint: to, addresses: right },
            ports: match &leg {
                Leg::ToProxy(proxy) => proxy.port,
                _ => ports(port),
            },
            transport,
            source_ports: None,
            scope,
            proxyable: true,
            leg,
        });
        id
    }

    fn outbound(&mut self, to: Endpoint, service: &str, addresses: Addresses) -> RuleId {
        self.hop(role("agent"), to, service, [set("agent", &["10.20.0.1"]), addresses], Leg::Direct)
    }

    fn fit(&self, target: &str, options: &[(&str, &str)]) -> (Fitted, Settings) {
        let spec = target::find(target).unwrap();
        let given: Vec<_> =
            options.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
        let settings = Settings::check(target, spec.settings, &given).unwrap();
        let placed =
            Placed { site: SiteName::parse("hq").unwrap(), anonymous: false, hops: self.hops.clone() };
        let heading = Heading {
            title: "Microsoft Entra Cloud Sync, public cloud".to_owned(),
            rule_set: self.rules.digest(),
            notes: vec!["left out: 1 optional; \u{2018}x\u{2019} #> end\nRemove-Item".to_owned()],
        };
        (target::fit(&self.rules, &placed, &heading, spec, &settings, &Focus::default()), settings)
    }

    fn generate(&self, target: &str, options: &[(&str, &str)]) -> Result<Vec<Artifact>, Findings> {
        let (fitted, settings) = self.fit(target, options);
        let spec = target::find(target).unwrap();
        let artifacts = (spec.pack)(&fitted, &settings)?.render(&Templates::embedded())?;
        keep(&artifacts);
        Ok(artifacts)
    }
}

/// Keeps artifacts for real programs, if asked.
fn keep(artifacts: &[Artifact]) {
    let Some(folder) = std::env::var_os("PORTBOOK_KEEP_ARTIFACTS") else { return };
    let thread = std::thread::current();
    for artifact in artifacts {
        let path = std::path::Path::new(&folder)
            .join(thread.name().unwrap_or("x").replace(':', "_"))
            .join(&artifact.path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, &artifact.bytes).unwrap();
    }
}

fn text(artifacts: &[Artifact], path: &str) -> String {
    let artifact =
        artifacts.iter().find(|artifact| artifact.path == path).unwrap_or_else(|| panic!("no {path}"));
    if artifact.bytes.starts_with(&[0xff, 0xfe]) {
        let units: Vec<u16> =
            artifact.bytes[2..].chunks(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]])).collect();
        return String::from_utf16(&units).unwrap();
    }
    String::from_utf8(artifact.bytes.clone()).unwrap()
}

fn codes(findings: &Findings) -> Vec<Code> {
    findings.iter().map(|finding| finding.code).collect()
}

/// A name, a name with its apex, addresses, a proxy, both sides of a role, RPC, and users from outside.
fn everything() -> World {
    let mut world = World::new();
    world.outbound(host("*.msappproxy.net"), "443/tcp", Addresses::NotAsked);
    world.outbound(host("[*.]crl.example"), "80/tcp", Addresses::NotAsked);
    world.outbound(role("dc"), "389/udp", set("dc", &["10.10.0.0/28", "10.10.1.1", "2001:db8::/64"]));
    world.outbound(role("dc"), "49152-65535/tcp", set("dc", &["10.10.0.0/28"]));
    let proxy = ProxyListener { host: ProxyAddress::Ip("10.30.0.5".parse().unwrap()), port: ports("8080") };
    let sides = [Addresses::NotGiven, Addresses::NotAsked];
    world.hop(role("agent"), host("login.example"), "443/tcp", sides, Leg::ToProxy(proxy));
    let outside = Endpoint::Outside(RoleId::parse("external-client").unwrap());
    world.hop(outside, role("wap"), "443/tcp", [Addresses::Any, Addresses::NotGiven], Leg::Direct);
    world.hop(
        role("wap"),
        role("agent"),
        "443/tcp",
        [set("wap", &["10.40.0.1"]), set("agent", &["10.20.0.1"])],
        Leg::Direct,
    );
    world
}

#[test]
fn scripts_hold_both_directions_and_never_a_rule_for_everyone_by_accident() {
    let world = everything();
    let artifacts = world.generate("windows-firewall", &[]).unwrap();
    let paths: Vec<&str> = artifacts.iter().map(|artifact| artifact.path.as_str()).collect();
    assert_eq!(paths, ["windows/agent.ps1", "windows/dc.ps1", "windows/wap.ps1"]);
    let agent = text(&artifacts, "windows/agent.ps1");
    assert!(agent.is_ascii() && !agent.replace("\r\n", "").contains(['\r', '\n']));
    let rules = agent.matches("        Action = 'Allow'\r\n").count();
    let directions = agent.matches("        Direction = 'Outbound'\r\n").count()
        + agent.matches("        Direction = 'Inbound'\r\n").count();
    let remotes = agent.matches("        RemoteAddress = @(\r\n            '").count()
        + agent.matches("        RemoteDynamicKeywordAddresses = @(\r\n            '{").count();
    assert_eq!((rules, directions, remotes), (7, 7, 7));
    assert!(agent.contains("Keyword = '*.crl.example' }") && agent.contains("Keyword = 'crl.example' }"));
    assert!(agent.contains("LocalPort = '443'") && agent.contains("RemotePort = '49152-65535'"));
    assert!(agent.contains("RemotePort = '8080'") && agent.contains("'10.30.0.5'"));
    assert!(!agent.contains("RemoteAddress = 'Any'"));
    // A rule that lost its keywords would allow every address: the script looks after each update.
    let updated = agent.find("Set-NetFirewallRule @Target").unwrap();
    let looked = agent.find("$after[$_.Name] = $_").unwrap();
    assert!(updated < looked && looked < agent.find("$stale = @(").unwrap());
    let wap = text(&artifacts, "windows/wap.ps1");
    assert_eq!(wap.matches("RemoteAddress = 'Any'").count(), 1);
    assert!(wap.contains("-in-any'"));
}

#[test]
fn old_windows_refuses_names_with_a_way_out() {
    let world = everything();
    for options in
        [&[("os", "2019")][..], &[("os", "2016"), ("names", "keywords")], &[("names", "addresses")]]
    {
        let (fitted, _) = world.fit("windows-firewall", options);
        let refused = fitted.verdicts.iter().filter(|verdict| verdict.worst() == Some(Effect::Refused));
        assert_eq!(refused.count(), 2, "{options:?}");
    }
    let findings = world.generate("windows-firewall", &[("os", "2016"), ("names", "keywords")]).unwrap_err();
    assert_eq!(codes(&findings), [Code::InvalidValue]);
    let kept = world.generate("windows-firewall", &[("os", "2019")]).unwrap();
    assert!(!text(&kept, "windows/agent.ps1").contains("RemoteDynamicKeywordAddresses = @("));
}

#[test]
fn a_gpo_needs_its_windows_and_a_script_for_keywords() {
    let world = everything();
    let findings = world.generate("windows-firewall", &[("policy-store", "gpo")]).unwrap_err();
    assert_eq!(codes(&findings), [Code::SettingMissing]);
    let artifacts = world.generate("windows-firewall", &[("policy-store", "gpo"), ("os", "2022")]).unwrap();
    let rules = text(&artifacts, "windows/agent.ps1");
    assert!(rules.contains("Open-NetGPO") && rules.contains("Save-NetGPO"));
    // What a session holds may not be on the domain controller that another query asks.
    assert!(!rules.contains("Get-NetFirewallRule -PolicyStore $PolicyStore"));
    let opened = rules.find("$Target = @{ GPOSession").unwrap();
    assert!(opened < rules.find("Get-NetFirewallRule @Target").unwrap());
    assert!(!rules.contains("-AutoResolve $true"));
    let keywords = text(&artifacts, "windows/agent.keywords.ps1");
    assert!(keywords.contains("-AutoResolve $true") && !keywords.contains("New-NetFirewallRule @"));
    assert!(artifacts.iter().all(|artifact| artifact.path != "windows/wap.keywords.ps1"));
    let addresses = [("policy-store", "gpo"), ("names", "addresses")];
    assert_eq!(world.generate("windows-firewall", &addresses).unwrap().len(), 3);
}

#[test]
fn limits_name_what_they_miss_or_refuse() {
    let mut world = World::new();
    world.software = vec![
        Software { program: Some(r"C:\Program Files\Agent\Agent.exe".to_owned()), ..Software::default() },
        Software { program: Some(r"C:\Program Files\Updater\Updater.exe".to_owned()), ..Software::default() },
        Software { account: Some("Network Service".to_owned()), ..Software::default() },
    ];
    world.outbound(host("login.example"), "443/tcp", Addresses::NotAsked);
    let programs =
        text(&world.generate("windows-firewall", &[("restrict", "program")]).unwrap(), "windows/agent.ps1");
    assert_eq!(programs.matches("        Program = 'C:").count(), 2);
    let account =
        text(&world.generate("windows-firewall", &[("restrict", "account")]).unwrap(), "windows/agent.ps1");
    assert!(account.contains("LocalUser = 'D:(A;;CC;;;S-1-5-20)'"));
    let (fitted, _) = world.fit("windows-firewall", &[("restrict", "program")]);
    assert!(
        fitted.verdicts[0]
            .losses
            .iter()
            .any(|loss| loss.effect == Effect::Narrower && loss.detail.ends_with("missed: Network Service"))
    );
    let (fitted, settings) = world.fit("windows-firewall", &[("restrict", "service")]);
    assert_eq!(fitted.verdicts[0].worst(), Some(Effect::Refused));
    assert!(
        fitted.rules.is_empty()
            && (target::find("windows-firewall").unwrap().pack)(&fitted, &settings).is_ok()
    );
}

#[test]
fn chunks_keep_within_a_thousand_and_lose_nothing() {
    let mut world = World::new();
    let prefixes: Vec<String> =
        (0..3_000u32).map(|n| format!("20.{}.{}.{}/31", n >> 12, (n >> 4) & 255, (n & 15) * 4)).collect();
    let prefixes: Vec<&str> = prefixes.iter().map(String::as_str).collect();
    world.outbound(role("dc"), "443/tcp", set("dc", &prefixes));
    let script = text(&world.generate("windows-firewall", &[]).unwrap(), "windows/agent.ps1");
    let sizes: Vec<usize> = script
        .split("RemoteAddress = @(")
        .skip(1)
        .map(|rule| rule.split(" )").next().unwrap().matches("            '").count())
        .collect();
    assert_eq!(sizes.iter().sum::<usize>(), 3_000);
    assert!(sizes.len() > 2 && sizes.iter().all(|size| *size <= 1_000));
    let registry = text(&world.generate("windows-registry", &[]).unwrap(), "windows/agent.reg");
    assert_eq!(registry.matches("|RA4=").count(), 3_000);
    assert_eq!(registry.lines().filter(|line| line.starts_with('"')).count(), sizes.len());
}

#[test]
fn equal_rules_of_several_hosts_are_one_and_whole_families_are_halves() {
    let mut world = World::new();
    world.outbound(role("dc"), "88/tcp", set("dc-1", &["10.10.0.1"]));
    world.outbound(role("dc"), "88/tcp", set("dc-2", &["10.10.0.2"]));
    world.outbound(role("all"), "53/udp", set("all", &["0.0.0.0/0", "::/0"]));
    let script = text(&world.generate("windows-firewall", &[]).unwrap(), "windows/agent.ps1");
    assert_eq!(script.matches("        Action = 'Allow'").count(), 3);
    for prefix in ["'10.10.0.1'", "'10.10.0.2'", "'0.0.0.0/1'", "'128.0.0.0/1'", "'::/1'", "'8000::/1'"] {
        assert!(script.contains(prefix), "{prefix}");
    }
    assert!(!script.contains("/0'"));
}

#[test]
fn hostile_texts_stay_texts() {
    let mut world = World::new();
    world.purpose =
        "it's \"x\" \u{2018}; Remove-Item C:\\ ;\u{2019} `$(calc)` |Action=Block| \\\r\n\"x\"=- \u{202e}"
            .to_owned();
    world.outbound(role("dc"), "88/tcp", set("dc", &["10.10.0.1"]));
    let script = text(&world.generate("windows-firewall", &[]).unwrap(), "windows/agent.ps1");
    assert!(script.is_ascii());
    assert!(script.contains(r#"Description = 'it''s "x" \u{2018}; Remove-Item C:\ ;\u{2019} `$(calc)` \u{7c}Action=Block\u{7c} \\u{d}\u{a}"x"=- \u{202e}'"#));
    let registry = text(&world.generate("windows-registry", &[]).unwrap(), "windows/agent.reg");
    let value = registry.lines().find(|line| line.starts_with("\"portbook-")).unwrap();
    assert!(
        value.contains(r#"Desc=it's \"x\" \\u{2018}; Remove-Item C:\\ ;"#)
            && value.matches("Action=").count() == 2
    );
    assert_eq!(value.matches("|Action=").count(), 1);
    assert!(registry.lines().all(|line| line.is_empty()
        || line.starts_with([';', '[', '"'])
        || line.starts_with("Windows Registry")));
}

#[test]
fn registry_values_obey_the_grammar_and_the_undo_file_names_them_all() {
    let mut world = everything();
    world.hops.retain(|hop| hop.to.endpoint.host().is_none() || hop.leg != Leg::Direct);
    let artifacts = world.generate("windows-registry", &[("profile", "domain-private")]).unwrap();
    let paths: Vec<&str> = artifacts.iter().map(|artifact| artifact.path.as_str()).collect();
    assert_eq!(paths.len(), 6);
    let rules = text(&artifacts, "windows/agent.reg");
    let undo = text(&artifacts, "windows/agent.undo.reg");
    for line in rules.lines().filter(|line| line.starts_with('"')) {
        let name = line.split_inclusive('"').take(2).collect::<String>();
        assert!(undo.contains(&format!("\r\n{name}=-\r\n")), "{name}");
        assert!(line.contains("|Active=TRUE|") && line.contains("|Profile=Domain|Profile=Private|"));
        assert!(line.contains("|RA4=") != line.contains("|RA6="));
        assert!(!line.contains("/32|") && !line.contains("/128|"));
        assert!(line.find("Protocol=") < line.find("Port"));
    }
    assert!(
        rules.contains("|Protocol=17|")
            && rules.contains("|RPort2_10=49152-65535|")
            && rules.contains("|LPort=443|")
    );
    assert_eq!(rules.lines().count() - 2, undo.lines().count() - 2);
    assert!(
        !text(&artifacts, "windows/wap.reg")
            .lines()
            .find(|line| line.contains("-in-any"))
            .unwrap()
            .contains("RA")
    );
}

#[test]
fn loopback_cannot_be_stored() {
    let mut world = World::new();
    world.outbound(role("dc"), "88/tcp", set("dc", &["::1"]));
    assert_eq!(codes(&world.generate("windows-registry", &[]).unwrap_err()), [Code::InvalidValue]);
}

#[test]
fn an_empty_set_never_becomes_a_rule() {
    let mut world = World::new();
    world.outbound(role("dc"), "88/tcp", set("dc", &["10.0.0.1"]));
    for target in ["windows-firewall", "windows-registry"] {
        let (mut fitted, settings) = world.fit(target, &[]);
        for hostile in [
            target::Match::Addresses(Arc::new(AddressSet {
                name: "none".to_owned(),
                prefixes: PrefixSet::default(),
                basis: Basis::Site,
                range_file: None,
                cloud: None,
            })),
            target::Match::Itself,
            target::Match::Words("dc".to_owned()),
        ] {
            fitted.rules[0].destination = hostile;
            assert!((target::find(target).unwrap().pack)(&fitted, &settings).is_err());
        }
    }
}
