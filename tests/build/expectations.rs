//! `portbook test`: whether what it answers is true on the devices.

use crate::desk::{SMALL, SOUND};
use crate::{Desk, Run};

fn judged(site: &str, expectation: &str) -> Run {
    let site = if site.contains("expect:") {
        site.to_owned()
    } else {
        format!("{site}expect:\n  - {expectation}\n")
    };
    Desk::with(&site).run(&["test", "-v"])
}

#[track_caller]
fn holds(site: &str, expectation: &str, reasons: &[&str]) {
    let run = judged(site, expectation).ended(0);
    reasons
        .iter()
        .for_each(|reason| assert!(run.product.contains(reason), "no `{reason}` in\n{}", run.product));
}

#[track_caller]
fn fails(site: &str, expectation: &str, reasons: &[&str]) {
    let run = judged(site, expectation).ended(1).says("expectation-failed").says("portbook.yaml:");
    reasons
        .iter()
        .for_each(|reason| assert!(run.product.contains(reason), "no `{reason}` in\n{}", run.product));
}

/// Agents that go straight to the internet, past a firewall that denies by default.
const DIRECT: &str = "\
name: d
cloud: public
scenarios: [cloud-sync]
hosts:
  agents: {addresses: [10.20.0.11, 10.20.0.12, 10.20.0.13], roles: [provisioning-agent], zone: tier0}
targets:
  - {target: palo-alto-set, between: [tier0, internet], output: edge.set, default: deny}
";

#[test]
fn a_direct_host() {
    holds(
        DIRECT,
        "allow agents -> login.microsoftonline.com:443",
        &["palo-alto-set between internet and tier0: allowed by r-"],
    );
    holds(DIRECT, "deny agents -> example.com:443", &["denied once the device sees its name; until then r-"]);
    // The same name on another port, and by another transport.
    holds(DIRECT, "deny agents -> login.microsoftonline.com:80", &["denied once the device sees its name"]);
    holds(DIRECT, "deny agents -> login.microsoftonline.com:443/udp", &["denied: no rule"]);
    // A pattern holds names below it, not the name above.
    holds(DIRECT, "allow agents -> x.y.servicebus.windows.net:443", &["allowed by"]);
    holds(DIRECT, "deny agents -> servicebus.windows.net:443", &["denied once the device sees its name"]);
    holds(
        DIRECT,
        "deny agents -> servicebus.windows.net.example.com:443",
        &["denied once the device sees its name"],
    );
    fails(DIRECT, "allow agents -> example.com:443", &["rules: no rule allows it"]);
    fails(DIRECT, "deny agents -> login.microsoftonline.com:443", &["allowed by"]);
    fails(
        &DIRECT.replace(", default: deny", ""),
        "deny agents -> example.com:443",
        &["denied only if the rulebase ends in a deny"],
    );
}

/// The firewall lets the handshake pass to any address, and any name of its categories at any address.
#[test]
fn an_address_where_the_device_matches_names() {
    fails(DIRECT, "allow agents -> 203.0.113.9:443", &["rules: no rule allows it"]);
    // Whoever says an allowed name in the handshake passes, to whatever address.
    fails(DIRECT, "deny agents -> 203.0.113.9:443", &["cannot be told: r-"]);
    holds(DIRECT, "deny agents -> 203.0.113.9:22", &["denied: no rule"]);
    holds(DIRECT, "deny agents -> [2001:db8::99]:22", &["denied: no rule"]);
}

#[test]
fn by_way_of_a_proxy() {
    let allow = "allow agents -> login.microsoftonline.com:443";
    holds(
        SOUND,
        allow,
        &[
            "windows-firewall for agents: passed on to the proxy",
            "squid: allowed by",
            "palo-alto-set between dmz and internet: allowed by",
        ],
    );
    fails(
        SOUND,
        "deny agents -> example.com:443",
        &[
            "squid: denied only if this proxy denies by default",
            "windows-firewall for agents: passed on to the proxy",
        ],
    );
    let standalone = SOUND
        .replace("output: agents.ps1", "output: agents.ps1, default: deny")
        .replace("output: squid/portbook.conf", "output: squid/portbook.conf, settings: {form: standalone}")
        .replace("output: palo-alto/edge.set", "output: palo-alto/edge.set, default: deny");
    holds(&standalone, "deny agents -> example.com:443", &["squid: denied: no rule"]);
    let pac = SOUND.replace(
        "target: squid, output: squid/portbook.conf",
        "target: pac, output: a.pac, settings: {others: direct}",
    );
    holds(&pac, allow, &["pac: not enforced here"]);
    fails(&pac, "deny agents -> example.com:443", &["pac: not enforced here"]);
}

#[test]
fn a_filter_of_names_in_the_way() {
    let site = DIRECT.replace("palo-alto-set", "haproxy").replace("edge.set", "haproxy.cfg");
    let decides = "haproxy between internet and tier0: ";
    holds(&site, "allow agents -> login.microsoftonline.com:443", &[&format!("{decides}allowed by r-")]);
    // Nothing but the filter knows the other end: it goes to the addresses of the name.
    holds(&site, "deny agents -> example.com:443", &[&format!("{decides}denied: no rule")]);
    holds(&site, "deny agents -> 203.0.113.9:443", &[&format!("{decides}denied: no rule")]);
    holds(&site, "deny agents -> servicebus.windows.net:443", &[&format!("{decides}denied: no rule")]);
    holds(&site, "deny agents -> login.microsoftonline.com:80", &[&format!("{decides}denied: no rule")]);
    // What is not HTTP or TLS does not come to it, and it denies nothing of that.
    for unseen in ["login.microsoftonline.com:443/udp", "example.com:25"] {
        let run = judged(&site, &format!("deny agents -> {unseen}")).ended(1).says("expectation-failed");
        assert!(!run.product.contains(decides), "{unseen}: {}", run.product);
    }
    let loose = site.replace(", default: deny", "");
    fails(
        &loose,
        "deny agents -> example.com:443",
        &["denied only if these networks reach each other only through"],
    );
}

/// AD FS with a published proxy.
const PUBLISHED: &str = "\
name: p
cloud: public
scenarios: [ad-fs]
parameters: {federation-service-name: sts.contoso.com}
select: {roles: [web-application-proxy, external-client]}
hosts:
  adfs: {addresses: [10.1.0.1, \"2001:db8:1::1\"], roles: [ad-fs-server], zone: inner, reached-at: {dmz: 10.1.0.100}}
  wap: {addresses: [10.2.0.1, \"2001:db8:2::1\"], roles: [web-application-proxy], zone: dmz, reached-at: {internet: 198.51.100.9}}
targets:
  - {target: palo-alto-set, between: [dmz, inner], output: inner.set, default: deny}
  - {target: windows-firewall, for: adfs, output: adfs.ps1, default: deny}
";

#[test]
fn between_hosts_of_the_site() {
    holds(
        PUBLISHED,
        "allow wap -> adfs:443",
        &["palo-alto-set between dmz and inner: allowed by", "windows-firewall for adfs: allowed by"],
    );
    // Of both families on one side and one on the other, the common one counts.
    holds(PUBLISHED, "deny wap -> adfs:22", &["denied: no rule"]);
    holds(PUBLISHED, "deny wap -> adfs:443/udp", &["denied: no rule"]);
    holds(PUBLISHED, "deny adfs -> wap:443", &["denied: no rule"]);
    holds(
        PUBLISHED,
        "allow wap -> 10.1.0.100:443",
        &["palo-alto-set between dmz and inner: allowed by", "windows-firewall for adfs: allowed by"],
    );
}

#[test]
fn a_refused_target_allows_nothing() {
    // The whole file of adfs is not written since the address of its other client is not known.
    let site = PUBLISHED.replace("select: {roles: [web-application-proxy, external-client]}\n", "");
    let run = Desk::with(&site).build().ended(3);
    assert!(run.product.contains("not written: source-not-given"), "{}", run.product);
    fails(&site, "allow wap -> adfs:443", &["windows-firewall for adfs: not written: source-not-given"]);
    fails(&site, "deny adfs -> wap:443", &["windows-firewall for adfs: not written: source-not-given"]);
    let accepted = format!("{site}accept: [{{code: source-not-given, because: no Connect server}}]\n");
    holds(&accepted, "allow wap -> adfs:443", &["windows-firewall for adfs: allowed by"]);
}

/// Addresses in place of names, from a small range file.
const BY_ADDRESS: &str = "\
name: b
cloud: public
scenarios: [cloud-sync]
ip-fallback: tag
accept:
  - {code: name-needs-address, because: no tag for them}
hosts:
  agents: {addresses: [10.20.0.11, 10.20.0.12, 10.20.0.13, \"2001:db8:1::11\"], roles: [provisioning-agent], zone: tier0}
targets:
  - {target: windows-registry, for: agents, output: a.reg, default: deny}
";

#[test]
fn addresses_in_place_of_names() {
    let desk = Desk::with(
        &(BY_ADDRESS.to_owned()
            + "expect:\n  - allow agents -> 192.0.2.1:443\n  - allow agents -> [2001:db8:a::1]:443\n  - allow agents -> login.windows.net:443\n  - deny agents -> 203.0.113.200:443\n  - deny agents -> 192.0.2.1:80\n"),
    );
    desk.write(
        "Example_Public.json",
        std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/ranges/Example_Public.json"))
            .unwrap(),
    );
    let run = desk.run(&["test", "-v", "--ranges", "Example_Public.json"]).ended(0);
    assert_eq!(run.product.matches("ok  ").count(), 5, "{}", run.product);
    // Names that only share addresses with an allowed one cannot be told.
    desk.write("portbook.yaml", BY_ADDRESS.to_owned() + "expect: [\"deny agents -> example.com:443\"]\n");
    desk.run(&["test", "-v", "--ranges", "Example_Public.json"]).ended(1).shows("cannot be told: r-");
    // And a name whose rule the target cannot hold does not pass.
    desk.write(
        "portbook.yaml",
        BY_ADDRESS.to_owned() + "expect: [\"allow agents -> login.microsoftonline.com:443\"]\n",
    );
    desk.run(&["test", "-v", "--ranges", "Example_Public.json"]).ended(1);
}

#[test]
fn junit_is_xml_with_every_answer() {
    let site = format!(
        "{DIRECT}expect:\n  - deny agents -> example.com:443\n  - allow agents -> example.com:443\n  - deny agents -> \"a&b\"\n"
    );
    Desk::with(&site).run(&["test"]).ended(2).says("not an expectation");
    let desk = Desk::with(&site.replace("  - deny agents -> \"a&b\"\n", ""));
    desk.run(&["test", "--junit", "results/junit.xml"]).ended(1).says("2 expectations, 1 failed");
    let xml = desk.read("results/junit.xml");
    let mut reader = quick_xml::Reader::from_str(&xml);
    let (mut cases, mut failures) = (0, 0);
    loop {
        match reader.read_event().unwrap() {
            quick_xml::events::Event::Eof => break,
            quick_xml::events::Event::Start(tag) | quick_xml::events::Event::Empty(tag) => {
                tag.attributes().for_each(|attribute| drop(attribute.unwrap()));
                cases += usize::from(tag.name().as_ref() == "testcase");
                failures += usize::from(tag.name().as_ref() == "failure");
            }
            _ => {}
        }
    }
    assert_eq!((cases, failures), (2, 1), "{xml}");
    assert!(xml.contains("name=\"deny agents -&gt; example.com:443\""), "{xml}");
}

#[test]
fn a_site_that_expects_nothing_says_so() {
    Desk::with(SMALL).run(&["test"]).ended(2).says("nothing-selected").says("expect:");
}

/// Agents whose firewall matches names, and domain controllers.
const NAMES_AND_HOSTS: &str = "\
name: s
cloud: public
scenarios: [cloud-sync]
hosts:
  agents: {addresses: [10.20.0.11, 10.20.0.12, 10.20.0.13], roles: [provisioning-agent], zone: tier0}
  dcs: {addresses: [10.10.0.0/28], roles: [domain-controller], zone: servers}
targets:
  - {target: palo-alto-set, between: [tier0, servers, internet], output: edge.set, default: deny}
";

#[test]
fn an_address_that_names_may_pass_to() {
    fails(NAMES_AND_HOSTS, "deny agents -> 203.0.113.9:443", &["cannot be told: r-"]);
    // A rule out to the internet lets nothing pass to the servers.
    holds(NAMES_AND_HOSTS, "deny agents -> 10.10.0.4:443", &["denied: no rule"]);
    // The firewall of Windows opens the addresses of its names to every name.
    let windows = NAMES_AND_HOSTS.replace(
        "target: palo-alto-set, between: [tier0, servers, internet], output: edge.set",
        "target: windows-firewall, for: agents, output: a.ps1, settings: {os: 2022}",
    );
    fails(&windows, "deny agents -> 203.0.113.9:443", &["windows-firewall for agents: cannot be told: r-"]);
    fails(
        &windows,
        "deny agents -> example.com:443",
        &["matches its name by addresses, which other names may share"],
    );
    holds(&windows, "deny agents -> example.com:8443", &["windows-firewall for agents: denied: no rule"]);
}

/// Agents in a network of which another host is a part, and servers that hold the domain controllers.
const OVERLAPPING: &str = "\
name: s
cloud: public
scenarios: [cloud-sync, connect-sync]
hosts:
  agents: {addresses: [10.20.0.0/24], roles: [provisioning-agent], zone: tier0}
  connect: {addresses: [10.20.0.21], roles: [connect-server], zone: tier0}
  dcs: {addresses: [10.10.0.4], roles: [domain-controller, dns-server], zone: servers}
  servers: {addresses: [10.10.0.0/28], roles: [ad-fs-server], zone: servers}
targets:
  - {target: palo-alto-set, between: [tier0, servers, internet], output: edge.set, default: deny}
";

#[test]
fn hosts_with_addresses_in_common() {
    let both = &["rules: allowed by r-", "palo-alto-set between internet, servers and tier0: allowed by r-"];
    fails(OVERLAPPING, "deny agents -> adminwebservice.microsoftonline.com:443", both);
    fails(OVERLAPPING, "deny connect -> servers:389", both);
    fails(OVERLAPPING, "deny agents -> 10.10.0.4:389", both);
    // What holds for a part of a host does not hold for all of it.
    fails(OVERLAPPING, "allow connect -> servers:389", &[]);
    holds(OVERLAPPING, "deny connect -> servers:3389", &["denied: no rule"]);
}

/// A managed domain that goes to tags past its proxy.
const PAST_PROXY: &str = "\
name: s
cloud: public
scenarios: [domain-services]
hosts:
  md: {addresses: [10.20.0.0/24], roles: [managed-domain], zone: tier0, proxy: e1}
  e1: {addresses: [10.30.0.5], listens: 8080, roles: [proxy], zone: dmz}
accept:
  - {code: source-not-given, because: x}
  - {code: unknown-service-tag, because: x}
targets:
  - {target: squid, for: e1, output: s.conf, settings: {form: standalone}}
";

#[test]
fn a_target_that_has_no_file_denies_nothing() {
    // Squid has nothing to allow, so there is no policy that ends in a denial.
    fails(
        PAST_PROXY,
        "deny md -> example.org:80",
        &["by the proxy: squid for e1: not written: nothing-selected"],
    );
    let word = PAST_PROXY.replace("settings: {form: standalone}", "default: deny");
    fails(
        &word,
        "deny md -> example.org:80",
        &["by the proxy: squid for e1: denied, by the site's word only"],
    );
}

#[test]
fn past_the_proxy() {
    // Squid denies, and nothing stands on the straight way.
    let squid = SOUND.replace("output: squid/portbook.conf", "output: squid/portbook.conf, default: deny");
    let squid = squid.replace("output: palo-alto/edge.set", "output: palo-alto/edge.set, default: deny");
    fails(
        &squid,
        "deny agents -> example.com:443",
        &["straight: windows-firewall for agents: denied only if"],
    );
    let none = squid.replace("  - {target: windows-firewall, for: agents, output: agents.ps1}\n", "");
    fails(&none, "deny agents -> example.com:443", &["straight: no target of the site stands on its way"]);
    // A tag may hold any name.
    fails(PAST_PROXY, "deny md -> evil.blob.core.windows.net:443", &["rules: cannot be told: r-"]);
}

#[test]
fn nothing_on_the_way_is_no_answer() {
    let bypassed = "\
name: s
cloud: public
scenarios: [cloud-sync]
hosts:
  agents: {addresses: [10.20.0.11, 10.20.0.12, 10.20.0.13], roles: [provisioning-agent], zone: tier0, proxy: egress}
  egress: {addresses: [10.30.0.5], listens: 8080, roles: [proxy], zone: dmz}
  dcs: {addresses: [10.10.0.0/28], roles: [domain-controller], zone: servers}
targets:
  - {target: palo-alto-set, between: [tier0, servers], output: edge.set, default: deny}
";
    let allow = "allow agents -> login.microsoftonline.com:443";
    fails(bypassed, allow, &["no target of the site stands on its way"]);
    // Documents stop nothing: there the rules are all there is, and the answer says so, asked for reasons or not.
    let site = format!("{SMALL}expect: [\"{allow}\"]\n");
    Desk::with(&site).run(&["test"]).ended(0).shows("by the rules alone");
    holds(SMALL, allow, &["by the rules alone"]);
    fails(SMALL, "deny agents -> example.com:443", &["no target of the site stands on its way"]);
}

#[test]
fn squid_for_its_clients() {
    let site = SOUND.replace("target: squid,", "target: squid, for: agents,");
    holds(&site, "allow agents -> login.microsoftonline.com:443", &["squid for agents: allowed by r-"]);
}

#[test]
fn lists_hold_no_ports() {
    let site = DIRECT.replace(
        "target: palo-alto-set, between: [tier0, internet], output: edge.set",
        "target: palo-alto-edl, output: edl/",
    ) + "accept: [{code: category-needs-http, because: x}]\n";
    fails(&site, "deny agents -> login.microsoftonline.com:8443", &["is a list: its ports and sources"]);
    holds(&site, "deny agents -> example.com:8443", &["denied"]);
    holds(&site, "allow agents -> login.microsoftonline.com:443", &["palo-alto-edl: allowed by"]);
}

/// AD FS behind a load balancer towards the dmz, and devices inside.
const ROLES_WITH_NAMES: &str = "\
name: s
cloud: public
scenarios: [ad-fs]
parameters: {federation-service-name: sts.contoso.com}
hosts:
  adfs: {roles: [ad-fs-server], addresses: [10.40.0.11], reached-at: {dmz: 10.40.0.10}, zone: servers}
  wap: {roles: [web-application-proxy], addresses: [10.30.0.21], reached-at: {internet: 203.0.113.20}, zone: dmz}
  clients: {roles: [user-device], addresses: [10.64.0.0/14], zone: clients}
accept:
  - {code: source-not-given, because: x}
  - {code: destination-not-given, because: x}
targets:
  - {target: palo-alto-set, between: [dmz, servers, clients], output: in.set, default: deny}
";

#[test]
fn a_name_that_hosts_of_the_site_answer_to() {
    // No rule of the scenario says who answers to the name that the site gives.
    fails(
        ROLES_WITH_NAMES,
        "deny wap -> sts.contoso.com:443",
        &["sts.contoso.com is a name of the site's own"],
    );
    fails(ROLES_WITH_NAMES, "deny clients -> www.sts.contoso.com:443", &["is a name of the site's own"]);
    // Nothing of the site bears this one.
    let run = judged(ROLES_WITH_NAMES, "deny wap -> mysts.contoso.com:443").ended(1);
    assert!(!run.product.contains("of the site's own"), "{}", run.product);
    // A document gives this one to the proxy of the farm: that is the way on which it is judged.
    let with_name = format!(
        "{ROLES_WITH_NAMES}select: {{when: [user-certificate-authentication], choose: {{certificate-authentication-endpoint: certauth-host}}}}\n"
    );
    holds(
        &with_name,
        "deny clients -> certauth.sts.contoso.com:443",
        &["palo-alto-set between clients, dmz and servers: denied"],
    );
    holds(
        ROLES_WITH_NAMES,
        "allow wap -> adfs:443",
        &["palo-alto-set between clients, dmz and servers: allowed by"],
    );
}

#[test]
fn the_address_that_a_host_has_towards_its_client() {
    holds(
        ROLES_WITH_NAMES,
        "allow wap -> 10.40.0.10:443",
        &["palo-alto-set between clients, dmz and servers: allowed"],
    );
    // Its own address, which the dmz does not know, is no address of the internet.
    let edge = format!(
        "{ROLES_WITH_NAMES}  - {{target: palo-alto-set, between: [dmz, internet], output: edge.set, default: deny}}\n"
    );
    let run = judged(&edge, "deny wap -> 10.40.0.11:3389").ended(0).shows("denied: no rule");
    assert!(!run.product.contains("between dmz and internet"), "{}", run.product);
}

#[test]
fn a_firewall_for_some_hosts_says_nothing_of_others() {
    let site = NAMES_AND_HOSTS
        .replace("[tier0, servers, internet], output", "[tier0, servers, internet], for: agents, output");
    fails(&site, "deny dcs -> example.com:443", &["no target of the site stands on its way"]);
    holds(&site, "deny agents -> example.com:443", &["denied once"]);
}

#[test]
fn what_cannot_be_built_is_not_judged() {
    let site = DIRECT.replace("output: edge.set", "output: edge.set, settings: {position: before}");
    Desk::with(&site).build().ended(2).says("setting-missing");
    judged(&site, "allow agents -> login.microsoftonline.com:443").ended(2).says("setting-missing");
}

/// Found by fuzzing: another spelling of a host of the site was a name of the internet, of which every `deny` holds.
#[test]
fn a_goal_is_never_another_host_by_its_spelling() {
    for goal in ["Agents", "AGENTS", "agents."] {
        let run = judged(SMALL, &format!("deny agents -> {goal}:443")).ended(1);
        run.shows("deny agents -> agents:443").shows("no rule allows it");
    }
    for (goal, meant) in [("agnets", "agents"), ("agent", "agents")] {
        let run = judged(SMALL, &format!("deny agents -> {goal}:443")).ended(2);
        run.says("error[unknown-host]").says(&format!("did you mean `{meant}`?")).says("portbook.yaml:9:");
    }
    // A name of one label that is nobody's misspelling stays a name.
    judged(SMALL, "deny agents -> sts:443").ended(1).shows("deny agents -> sts:443");
}
