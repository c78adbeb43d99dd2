//! What site files can say, and where it shows in what is built.

use std::path::Path;

use boon::{Compiler, Schemas};
use serde_json::Value;

use crate::Desk;
use crate::desk::{SMALL, SOUND};

/// Every key once.
const EVERY_KEY: &str = r#"
parameters: {federation-service-name: sts.contoso.com}
outside: untrust
ip-fallback: tag
strict: false
auto-merge: {additions-within-used-tags: 4096}
select:
  as-of: "2026-11-01"
  also: all
  optional: true
  when: [user-certificate-authentication]
  unless: [http-proxy]
  choose: {certificate-authentication-endpoint: certauth-host}
  phases: [operation, configuration, registration, installation]
  roles: [provisioning-agent, web-application-proxy, ad-fs-server]
  gaps: true
  verbatim: false
hosts:
  agents:
    addresses: [10.20.0.11, 10.20.0.12, 10.20.0.13]
    roles: [provisioning-agent]
    zone: tier0
    proxy: egress
    clouds: [public]
  adfs: {addresses: [10.1.0.1], roles: [ad-fs-server], zone: tier0, seen-as: 10.1.0.77}
  wap: {addresses: [10.2.0.1], roles: [web-application-proxy], zone: dmz, reached-at: {untrust: 198.51.100.9, tier0: [10.2.0.99]}}
  egress: {addresses: [10.30.0.5, 10.30.0.6], dns: proxy.contoso.com, listens: 8080, roles: [proxy], zone: dmz}
targets:
  - {target: squid, for: egress, output: squid/}
  - {target: palo-alto-set, from: tier0, to: [dmz], output: a.set, family: 4, settings: {position: top}, default: deny}
  - {target: palo-alto-set, between: [dmz, untrust], output: b.set}
accept:
  - {code: handshake-before-name, target: palo-alto-set, because: known, until: 2027-01-01}
  - {code: source-not-given, because: "no Connect server here"}
  - {code: name-needs-address, because: "the proxy by name"}
expect:
  - allow wap -> adfs:443
sites:
  - name: one
    folder: first
    clouds: {public: [cloud-sync, ad-fs], us-government: [cloud-sync]}
  - name: two
    cloud: public
    scenarios: [ad-fs]
    hosts: {adfs: {addresses: ["2001:db8::1"]}}
"#;

#[test]
fn every_key_is_taken() {
    let desk = Desk::with(EVERY_KEY);
    let run = desk.build();
    assert!(run.exit == 0 || run.exit == 3, "{}", run.talk);
    let manifest: Value = serde_json::from_str(&desk.read("first/portbook.manifest.json")).unwrap();
    assert_eq!(manifest["selected"]["us-government"][0], "cloud-sync");
    assert_eq!(manifest["targets"][1]["settings"]["family"], "4");
    assert_eq!(manifest["targets"][1]["settings"]["position"], "top");
    assert!(desk.read("two/portbook.manifest.json").contains("2001:db8::1"));
    assert!(!desk.read("first/portbook.manifest.json").contains("2001:db8::1"));
}

#[test]
fn what_sites_share_is_joined_key_by_key() {
    let site = "\
cloud: public
scenarios: [cloud-sync]
select: {optional: true, phases: [operation]}
hosts:
  agents: {addresses: [10.0.0.1, 10.0.0.2, 10.0.0.3], roles: [provisioning-agent], zone: shared}
targets:
  - {target: csv, output: shared.csv}
accept:
  - {code: path-dropped, because: shared}
sites:
  - name: one
  - name: two
    hosts:
      agents: {addresses: [10.9.0.1]}
      dcs: {addresses: [10.9.9.9], roles: [domain-controller]}
    targets: [{target: json, output: own.json}]
    accept: [{code: handshake-before-name, because: own}]
    select: {phases: [registration]}
  - name: three
    cloud: us-government
    scenarios: [connect-sync]
    hosts: {agents: {roles: [connect-server]}}
";
    let desk = Desk::with(site);
    desk.build();
    let manifest = |site: &str| -> Value {
        serde_json::from_str(&desk.read(&format!("{site}/portbook.manifest.json"))).unwrap()
    };
    let (one, two, three) = (manifest("one"), manifest("two"), manifest("three"));
    let addresses = |manifest: &Value| manifest["rules"]["address-sets"]["agents"]["prefixes"].to_string();
    assert!(addresses(&one).contains("10.0.0.1") && !addresses(&two).contains("10.0.0.1"));
    assert!(addresses(&two).contains("10.9.0.1") && addresses(&three).contains("10.0.0.1"));
    let targets = |manifest: &Value| manifest["targets"].as_array().unwrap().len();
    assert_eq!([targets(&one), targets(&two), targets(&three)], [1, 2, 1]);
    let accepted = |manifest: &Value| manifest["accepted"].as_array().unwrap().len();
    assert_eq!([accepted(&one), accepted(&two)], [1, 2]);
    // The zone of the shared host stays where only its addresses were given.
    assert!(two["rules"].to_string().contains("\"shared\""));
    assert!(three["selected"].get("us-government").is_some() && three["selected"].get("public").is_none());
    assert_ne!(
        one["rules"]["rules"].as_array().unwrap().len(),
        two["rules"]["rules"].as_array().unwrap().len()
    );
}

/// AD FS behind a proxy that is published.
const PUBLISHED: &str = "\
name: p
cloud: public
scenarios: [ad-fs]
parameters: {federation-service-name: sts.contoso.com}
select: {roles: [web-application-proxy, external-client]}
accept: [{code: source-not-given, because: no Connect server here}]
hosts:
  adfs: {addresses: [10.1.0.1], roles: [ad-fs-server], zone: inner, reached-at: {dmz: 10.1.0.100}}
  wap: {addresses: [10.2.0.1], roles: [web-application-proxy], zone: dmz, reached-at: {internet: 198.51.100.9}, seen-as: [10.2.0.88]}
targets:
  - {target: palo-alto-set, between: [dmz, internet], output: edge.set}
  - {target: palo-alto-set, between: [dmz, inner], output: inner.set}
  - {target: windows-firewall, for: adfs, output: adfs.ps1}
  - {target: windows-firewall, for: wap, output: wap.ps1}
  - {target: windows-registry, for: adfs, output: adfs.reg}
";

#[test]
fn translated_addresses_stand_where_each_device_sees_them() {
    let desk = Desk::with(PUBLISHED);
    desk.build().ended(0);
    let [edge, inner, adfs, wap] =
        ["edge.set", "inner.set", "adfs.ps1", "wap.ps1"].map(|file| desk.read(file));
    let has = |text: &str, address: &str| text.contains(address);
    // From the internet the published address; never the host's own.
    assert!(has(&edge, "198.51.100.9") && !has(&edge, "10.2.0.1/32"), "{edge}");
    // Inside, the proxy comes from its translated address and asks for that of the load balancer.
    assert!(has(&inner, "10.2.0.88") && has(&inner, "10.1.0.100"), "{inner}");
    assert!(
        !has(&inner, "10.2.0.1/32") && !has(&inner, "10.1.0.1/32") && !has(&inner, "198.51.100.9"),
        "{inner}"
    );
    // The host itself sees its client as everybody does, and its own address as it is.
    assert!(has(&adfs, "10.2.0.88") && !has(&adfs, "'10.2.0.1'"), "{adfs}");
    assert!(has(&wap, "10.1.0.100") && !has(&wap, "'10.1.0.1'"), "{wap}");
    let utf16: Vec<u16> = std::fs::read(desk.path("adfs.reg"))
        .unwrap()
        .chunks(2)
        .map(|pair| u16::from_le_bytes([pair[0], pair[1]]))
        .collect();
    assert!(String::from_utf16_lossy(&utf16).contains("10.2.0.88"));
}

#[test]
fn a_squid_sees_its_clients_as_they_come() {
    let site = SOUND.replace(
        "zone: tier0, proxy",
        "zone: tier0, seen-as: {dmz: [10.20.9.9], internet: [198.51.100.1]}, proxy",
    );
    let desk = Desk::with(&site);
    desk.build().ended(0);
    let squid = desk.read("squid/portbook.conf");
    assert!(
        squid.contains("10.20.9.9") && !squid.contains("10.20.0.11") && !squid.contains("198.51.100.1"),
        "{squid}"
    );
}

#[test]
fn a_proxy_is_a_host_with_both_its_sides() {
    let site = SOUND.to_owned() + "  - {target: windows-firewall, for: egress, output: egress.ps1}\n";
    let desk = Desk::with(&site);
    desk.build().ended(0);
    let edge = desk.read("palo-alto/edge.set");
    assert!(
        edge.contains("from dmz to internet") && edge.contains("10.30.0.5") && !edge.contains("10.20.0.11"),
        "{edge}"
    );
    let egress = desk.read("egress.ps1");
    let rules: Vec<&str> = egress.split("Direction = ").skip(1).collect();
    let (inbound, outbound): (Vec<&str>, Vec<&str>) =
        rules.into_iter().partition(|rule| rule.starts_with("'Inbound'"));
    assert!(inbound.iter().all(|rule| rule.contains("LocalPort = '8080'") && rule.contains("'10.20.0.11'")));
    assert!(
        outbound.iter().all(|rule| !rule.contains("RemotePort = '8080'"))
            && !inbound.is_empty()
            && !outbound.is_empty()
    );
    let agents = desk.read("agents.ps1");
    assert!(
        agents.contains("10.30.0.5") && agents.contains("'8080'") && !agents.contains("microsoftonline.com'"),
        "{agents}"
    );
}

#[test]
fn a_proxy_need_not_be_a_host() {
    let with = |proxy: &str| {
        SMALL
            .replace("10.20.0.13]", "10.20.0.13, \"2001:db8::11\"]")
            .replace("zone: tier0", &format!("zone: tier0, proxy: \"{proxy}\""))
            + "  - {target: windows-firewall, output: a.ps1}\n"
    };
    for proxy in ["10.30.0.9:3128", "[2001:db8::5]:3128"] {
        let desk = Desk::with(&with(proxy));
        desk.build().ended(0);
        let script = desk.read("a.ps1");
        assert!(script.contains("'3128'"), "{script}");
        assert!(script.contains("10.30.0.9") || script.contains("2001:db8::5"), "{script}");
    }
    // By name a host firewall cannot hold it; the change request can.
    let desk = Desk::with(&with("proxy.contoso.com:3128"));
    desk.build();
    assert!(desk.read("out.csv").contains("proxy.contoso.com"));
}

#[test]
fn clouds_of_a_site_reach_only_the_hosts_that_talk_to_them() {
    let site = "\
name: two-clouds
clouds: {public: [cloud-sync], us-government: [cloud-sync]}
hosts:
  both: {addresses: [10.0.0.1], roles: [provisioning-agent]}
  public: {addresses: [10.0.0.2], roles: [provisioning-agent], clouds: [public]}
  gov: {addresses: [10.0.0.3], roles: [provisioning-agent], clouds: [us-government]}
targets:
  - {target: windows-firewall, output: hosts/}
  - {target: json, output: all.json}
";
    let desk = Desk::with(site);
    desk.build().ended(0);
    let script = |host: &str| {
        let path =
            desk.files().into_keys().find(|path| path.starts_with("hosts/") && path.contains(host)).unwrap();
        desk.read(&path)
    };
    let (both, public, gov) = (script("both"), script("public"), script("gov"));
    let (world, usa) = ("'*.msappproxy.net'", "'*.msappproxy.us'");
    assert!(both.contains(world) && both.contains(usa));
    assert!(public.contains(world) && !public.contains(".us'"));
    assert!(!gov.contains(world) && gov.contains(usa));
}

fn schema_says(text: &str) -> bool {
    let schema =
        std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/site.schema.json")).unwrap();
    let (mut compiler, mut schemas) = (Compiler::new(), Schemas::new());
    let at = "http://schema.example/site.json";
    compiler.add_resource(at, serde_json::from_str(&schema).unwrap()).unwrap();
    let index = compiler.compile(at, &mut schemas).unwrap();
    let value: Value = serde_saphyr::from_str(text).unwrap();
    schemas.validate(&value, index).is_ok()
}

#[test]
fn the_schema_takes_what_is_built_and_refuses_what_is_not() {
    for text in [EVERY_KEY, PUBLISHED, SOUND, SMALL] {
        assert!(schema_says(text), "{text}");
    }
    for (old, new) in [
        ("scenarios:", "scenarois:"),
        ("[10.20.0.11, 10.20.0.12, 10.20.0.13]", "10"),
        ("zone: tier0", "zones: tier0"),
        ("target: csv", "targt: csv"),
        ("output: out.csv", "output: out.csv, family: four"),
        ("output: out.csv", "output: out.csv, between: tier0"),
        ("output: out.csv}", "output: out.csv}\naccept: [{code: x}]"),
        ("output: out.csv}", "output: out.csv}\nselect: {optional: maybe}"),
        ("output: out.csv}", "output: out.csv}\nauto-merge: {}"),
    ] {
        let text = SMALL.replacen(old, new, 1);
        assert!(text != SMALL && !schema_says(&text), "{new}");
        Desk::with(&text).build().ended(2);
    }
}
