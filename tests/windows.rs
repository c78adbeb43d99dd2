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
use portbook::target::{self, Effect, Fitted, Focus, Heading, Loaded, Settings, Templates};

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
        addresses: PrefixSet::default(),
        ..Station::new(StationId::parse(id).unwrap(), BTreeSet::from([RoleId::parse(id).unwrap()]))
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
            from: Party { station: stand(&from), endpoint: from, addresses: left, outside: None },
            to: Party { station: stand(&to), endpoint: to, addresses: right, outside: None },
            ports: match &leg {
                Leg::ToProxy(proxy) => proxy.listener.port,
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
    world.hop(role("agent"), host("login.example"), "443/tcp", sides, Leg::ToProxy(proxy.into()));
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
fn hosts_go_back_by_the_older_script_or_first_by_the_newer_one() {
    let world = everything();
    let mut less = everything();
    less.hops.pop();
    let script = |world: &World, options: &[(&str, &str)]| {
        let mut scripts = world.generate("windows-firewall", options).unwrap();
        scripts.retain(|script| script.path == "windows/agent.ps1");
        scripts
    };
    let back = |old: &[Artifact], new: &[Artifact]| {
        let [old, new] = [old, new].map(|files| Loaded { files, objects: None });
        target::back(target::find("windows-firewall").unwrap(), &old, &new).unwrap()
    };
    let (old, new) = (script(&less, &[]), script(&world, &[]));
    assert_eq!(back(&old, &new).files, old);
    // Local rules are not found by a script for a GPO, nor the other way round.
    let gpo = script(&world, &[("policy-store", "gpo"), ("os", "2022")]);
    for (old, new) in [(&old, &gpo), (&gpo, &old)] {
        let back = back(old, new);
        let paths: Vec<&str> = back.files.iter().map(|file| file.path.as_str()).collect();
        assert_eq!(paths, ["windows/agent.newer.ps1", "windows/agent.ps1"]);
        assert_eq!(back.files[0].bytes, new[0].bytes);
        // The script has the switch that the step names.
        assert!(
            back.steps[0].contains("-Remove") && text(new, "windows/agent.ps1").contains("[switch] $Remove")
        );
    }
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

// The way to a proxy

/// What one rule allows: direction, transport, ports here, ports there, another side, a program. An empty text is any.
type Allowed = [String; 6];

fn value(line: &str, key: &str) -> Option<String> {
    let text = line.strip_prefix("        ")?.strip_prefix(key)?.strip_prefix(" = '")?.strip_suffix('\'')?;
    Some(text.to_owned())
}

/// What each rule of a script allows, for each of its addresses.
fn allowed_by(script: &str) -> Vec<BTreeSet<Allowed>> {
    let list = script.split("$Rules = @(\r\n").nth(1).unwrap().split("\r\n)\r\n").next().unwrap();
    let rule = |text: &str| {
        let of = |key: &str| text.lines().find_map(|line| value(line, key)).unwrap_or_default();
        let entry = |line: &str| line.strip_prefix("            '")?.strip_suffix('\'').map(str::to_owned);
        let far = text.lines().filter_map(entry);
        let keys = ["Direction", "Protocol", "LocalPort", "RemotePort"].map(of);
        far.map(|far| {
            let [direction, transport, here, there] = keys.clone();
            [direction, transport, here, there, far, of("Program")]
        })
        .collect()
    };
    list.split("    @{\r\n").skip(1).map(rule).collect()
}

/// The same from the fitted rules that the agent opens, with `programs` told apart or not.
fn fitted_allow(fitted: &Fitted, programs: bool) -> BTreeSet<Allowed> {
    let mut allowed = BTreeSet::new();
    for rule in fitted.rules.iter().filter(|rule| rule.direction == target::Direction::Outbound) {
        let target::Match::Addresses(set) = &rule.destination else { panic!("not by address") };
        let software: Vec<String> =
            rule.rule.software.iter().filter_map(|software| software.program.clone()).collect();
        for program in if programs { software } else { vec![String::new()] } {
            for prefix in set.prefixes.prefixes() {
                allowed.insert([
                    "Outbound".to_owned(),
                    rule.transport.to_string().to_uppercase(),
                    rule.source_ports.map(|ports| ports.to_string()).unwrap_or_default(),
                    rule.ports.to_string(),
                    prefix.to_bare(),
                    program.clone(),
                ]);
            }
        }
    }
    allowed
}

/// A flow of the agent: where to, by which proxy (or straight), from which ports, by which software.
type Drawn = (usize, usize, usize, usize);

const PROXIES: [&str; 4] = ["10.30.0.5:8080", "10.30.0.5:8081", "10.30.0.6:8080", "[2001:db8::5]:8080"];

fn drawn(flows: &[Drawn]) -> World {
    let mut world = World::new();
    for (to, proxy, from_ports, software) in flows {
        let program =
            |name: &&str| Software { program: Some(format!(r"C:\{name}.exe")), ..Software::default() };
        // The straight way here is one rule: with one list of software, from any port.
        let (from_ports, software) = if *proxy < PROXIES.len() { (*from_ports, *software) } else { (0, 0) };
        world.software = [&["a"][..], &["b"], &["a", "b"]][software].iter().map(program).collect();
        match PROXIES.get(*proxy) {
            None => {
                world.outbound(role("dc"), "443/tcp", set("dc", &["10.10.0.1"]));
            }
            Some(proxy) => {
                let sides = [Addresses::NotGiven, Addresses::NotAsked];
                let leg = Leg::ToProxy(ProxyListener::parse(proxy).unwrap().into());
                world.hop(role("agent"), host(&format!("h{to}.example")), "443/tcp", sides, leg);
            }
        }
        let hop = world.hops.last_mut().unwrap();
        hop.source_ports = [None, Some(ports("53")), Some(ports("1024-2047"))][from_ports];
    }
    world
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig {
        cases: 96,
        failure_persistence: None,
        ..proptest::prelude::ProptestConfig::default()
    })]

    #[test]
    fn ways_to_a_proxy_are_written_once_and_allow_what_their_rules_allow(
        flows in proptest::collection::vec((0..12usize, 0..5usize, 0..3usize, 0..3usize), 1..40)
    ) {
        let world = drawn(&flows);
        for restrict in ["none", "program"] {
            let options = [("restrict", restrict)];
            let (fitted, _) = world.fit("windows-firewall", &options);
            let script = text(&world.generate("windows-firewall", &options).unwrap(), "windows/agent.ps1");
            let written = allowed_by(&script);
            let all: BTreeSet<Allowed> = written.iter().flatten().cloned().collect();
            assert_eq!(all, fitted_allow(&fitted, restrict == "program"));
            let ways: Vec<_> = written.iter().filter(|rule| rule.iter().any(|each| each[4] != "10.10.0.1")).collect();
            let different: BTreeSet<_> = ways.iter().collect();
            assert_eq!(ways.len(), different.len(), "a way is written twice");
            assert!(ways.iter().all(|way| way.len() == 1));
        }
    }
}

fn by_proxy(count: usize) -> World {
    drawn(&(0..count).map(|to| (to, 0, 0, 0)).collect::<Vec<_>>())
}

fn names(script: &str) -> Vec<String> {
    script.lines().filter_map(|line| value(line, "Name")).collect()
}

#[test]
fn a_way_keeps_its_name_whatever_lies_behind_the_proxy() {
    let few = text(&by_proxy(1).generate("windows-firewall", &[]).unwrap(), "windows/agent.ps1");
    let script = text(&by_proxy(89).generate("windows-firewall", &[]).unwrap(), "windows/agent.ps1");
    assert_eq!(names(&few), names(&script));
    let [name] = names(&script).try_into().unwrap();
    let digest = name.strip_prefix("portbook-hq-agent-proxy-").unwrap().strip_suffix("-out").unwrap();
    assert!(digest.len() == 8 && digest.chars().all(|c| matches!(c, 'a'..='z' | '2'..='7')), "{name}");
    assert!(script.contains("DisplayName = 'Portbook: agent to proxy 10.30.0.5:8080, TCP 8080'"));
    assert!(
        script.contains("Description = 'for 89 rules: r-") && few.contains("Description = 'for 1 rule: r-")
    );
    let (fitted, _) = by_proxy(89).fit("windows-firewall", &[]);
    assert_eq!((fitted.rules.len(), fitted.verdicts.len()), (89, 89));
    assert!(fitted.rules.iter().all(|rule| script.contains(rule.rule.id.as_str())));
    let registry = text(&by_proxy(89).generate("windows-registry", &[]).unwrap(), "windows/agent.reg");
    let [value] =
        registry.lines().filter(|line| line.starts_with('"')).collect::<Vec<_>>().try_into().unwrap();
    assert!(value.starts_with(&format!("\"{name}\"=")) && value.contains("|RPort=8080|RA4=10.30.0.5|"));
}

#[test]
fn ways_that_differ_in_anything_are_told_apart() {
    let base: Drawn = (0, 0, 0, 0);
    for other in [(1, 1, 0, 0), (1, 2, 0, 0), (1, 3, 0, 0), (1, 0, 1, 0)] {
        let artifacts = drawn(&[base, other]).generate("windows-firewall", &[]).unwrap();
        let names = names(&text(&artifacts, "windows/agent.ps1"));
        assert!(names.len() == 2 && names[0] != names[1], "{other:?}: {names:?}");
    }
    // A rule with the software of another one and more shares only what they have in common.
    let world = drawn(&[base, (1, 0, 0, 2)]);
    let script =
        text(&world.generate("windows-firewall", &[("restrict", "program")]).unwrap(), "windows/agent.ps1");
    assert!(names(&script).len() == 2 && script.contains("for 2 rules: ") && script.contains("for 1 rule: "));
    // Other legs, transports, ports and destinations, which no way to a proxy has today.
    let (fitted, settings) = drawn(&[base, (1, 0, 0, 0)]).fit("windows-firewall", &[]);
    let changes: [fn(&mut target::FittedRule); 5] = [
        |rule| rule.transport = Transport::Udp,
        |rule| rule.ports = ports("8443"),
        |rule| rule.leg = Leg::Direct,
        |rule| rule.destination = target::Match::Name(HostPattern::parse("proxy.example").unwrap()),
        |rule| {
            let Addresses::Known(set) = set("proxy", &["10.30.0.9"]) else { return };
            rule.destination = target::Match::Addresses(set);
        },
    ];
    for change in changes {
        let mut fitted = fitted.clone();
        change(&mut fitted.rules[1]);
        let lowered = (target::find("windows-firewall").unwrap().pack)(&fitted, &settings).unwrap();
        let artifacts = lowered.render(&Templates::embedded()).unwrap();
        assert_eq!(names(&text(&artifacts, "windows/agent.ps1")).len(), 2);
    }
}

#[test]
fn descriptions_of_many_rules_keep_within_what_windows_takes() {
    let world = by_proxy(1_500);
    let script = text(&world.generate("windows-firewall", &[]).unwrap(), "windows/agent.ps1");
    let description = script.lines().find_map(|line| value(line, "Description")).unwrap();
    assert!(description.len() < 10_000 && description.starts_with("for 1500 rules: r-"));
    assert!(description.ends_with(" and 1300 more") && description.matches(" r-").count() == 200);
    let registry = text(&world.generate("windows-registry", &[]).unwrap(), "windows/agent.reg");
    assert!(registry.contains(&format!("|Desc={description}|")));
}
