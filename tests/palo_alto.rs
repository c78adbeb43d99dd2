//! What the PAN-OS targets write, read back and compared with what was to be said.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test fails by panicking"
)]

mod palo_alto {
    pub(crate) mod back;
    pub(crate) mod build;
    pub(crate) mod device;
    pub(crate) mod meaning;
    mod packing;
    pub(crate) mod read;
}

use std::collections::{BTreeMap, BTreeSet};

use palo_alto::build::{Network, party, provisioning};
use palo_alto::meaning::{meaning, wanted};
use palo_alto::read::{read_set, read_xml};
use portbook::artifact::Artifact;
use portbook::finding::{Code, Findings};
use portbook::target::{self, Effect, Fitted, Settings, Templates};

fn settings(target: &str, options: &[(&str, &str)]) -> Settings {
    let options: Vec<_> = options.iter().map(|(key, value)| (key.to_string(), value.to_string())).collect();
    Settings::check(target, target::find(target).unwrap().settings, &options).unwrap()
}

fn render(target: &str, network: &Network, options: &[(&str, &str)]) -> Result<Vec<Artifact>, Findings> {
    let settings = settings(target, options);
    render_fitted(target, &network.fit(target, &settings), &settings)
}

fn render_fitted(target: &str, fitted: &Fitted, settings: &Settings) -> Result<Vec<Artifact>, Findings> {
    let spec = target::find(target).unwrap();
    (spec.pack)(fitted, settings)?.render(&Templates::embedded())
}

fn text(artifact: &Artifact) -> String {
    String::from_utf8(artifact.bytes.clone()).unwrap()
}

fn set(network: &Network, options: &[(&str, &str)]) -> String {
    let artifacts = render("palo-alto-set", network, options).unwrap();
    assert_eq!(artifacts.len(), 1);
    assert_eq!(artifacts[0].path, "palo-alto/portbook.set");
    text(&artifacts[0])
}

fn xml(network: &Network, options: &[(&str, &str)]) -> String {
    text(&render("palo-alto-xml", network, options).unwrap()[0])
}

fn refused(target: &str, network: &Network, options: &[(&str, &str)]) -> Vec<Code> {
    let findings = render(target, network, options).unwrap_err();
    findings.iter().map(|finding| finding.code).collect()
}

#[test]
fn entries_end_in_a_slash_and_keep_the_apex_apart() {
    let read = read_set(&set(&provisioning(), &[]), "");
    let entries: Vec<&str> = read.categories.values().flatten().map(String::as_str).collect();
    assert!(entries.contains(&"*.msappproxy.net/") && !entries.contains(&"msappproxy.net/"));
    assert!(entries.contains(&"*.aadconnecthealth.azure.com/"));
    assert!(entries.contains(&"aadconnecthealth.azure.com/"));
    assert!(entries.iter().all(|entry| entry.ends_with('/')));
}

#[test]
fn rules_are_bundled_and_ports_stay_with_their_hosts() {
    let read = read_set(&set(&provisioning(), &[]), "");
    let rules = |service: &[&str]| -> Vec<&palo_alto::read::Rule> {
        read.rules.values().filter(|rule| rule.services == service && rule.category != "any").collect()
    };
    let http = rules(&["portbook-tcp-80"]);
    assert_eq!(http.len(), 1);
    assert_eq!(read.categories[&http[0].category], ["crl3.digicert.com/", "mscrl.microsoft.com/"]);
    let both = rules(&["portbook-tcp-80", "portbook-tcp-443"]);
    assert_eq!(read.categories[&both[0].category], ["login.windows.net/"]);
    // The excluded names have a category of their own, so that nothing else is kept from inspection.
    assert_eq!(rules(&["portbook-tcp-443"]).len(), 2);
    assert!(read.rules.len() < provisioning().len());
}

#[test]
fn other_protocols_never_pass_through_a_category() {
    let mut network = provisioning();
    network.allow("agents", party("amqp.example.net"), "5671/tcp");
    network.allow("agents", party("other.example.net"), "5671/tcp");
    let read = read_set(&set(&network, &[]), "");
    let rule = read.rules.values().find(|rule| rule.services == ["portbook-tcp-5671"]).unwrap();
    assert_eq!(rule.category, "any");
    let members = &read.groups[&rule.destination];
    let values: Vec<&str> = members.iter().map(|member| read.addresses[member].1.as_str()).collect();
    assert_eq!(values, ["amqp.example.net", "other.example.net"]);
    assert!(read.categories.values().flatten().all(|entry| !entry.contains("amqp")));

    network.allow("agents", party("*.servicebus.windows.net"), "5671/tcp");
    let settings = settings("palo-alto-set", &[]);
    let verdicts = network.fit("palo-alto-set", &settings).verdicts;
    let losses: Vec<_> = verdicts.iter().flat_map(|verdict| &verdict.losses).collect();
    assert!(losses.iter().any(|loss| loss.code == Code::CategoryNeedsHttp && loss.effect == Effect::Refused));
}

#[test]
fn both_forms_say_the_same_and_mean_what_was_fitted() {
    let network = provisioning();
    for options in [&[][..], &[("from-zone", "trust"), ("to-zone", "untrust"), ("no-decrypt", "yes")]] {
        let (set, xml) = (read_set(&set(&network, options), ""), read_xml(&xml(&network, options)));
        assert_eq!(set, xml);
        let fitted = network.fit("palo-alto-set", &settings("palo-alto-set", options));
        assert_eq!(meaning(&set, &set.rules), wanted(&fitted, options));
    }
}

#[test]
fn only_what_documents_demand_is_kept_from_inspection() {
    let network = provisioning();
    let read = read_set(&set(&network, &[]), "");
    assert_eq!(read.exclusions.len(), 1);
    let exclusion = read.exclusions.values().next().unwrap();
    assert_eq!(read.categories[&exclusion.category], ["*.msappproxy.net/", "*.servicebus.windows.net/"]);
    let all = read_set(&set(&network, &[("no-decrypt", "yes")]), "");
    let categories: Vec<_> = all.exclusions.values().map(|rule| &rule.category).collect();
    assert_eq!(categories.len(), all.categories.len());
}

#[test]
fn places_and_positions() {
    let network = provisioning();
    let plain = set(&network, &[]);
    for (options, location) in
        [([("device-group", "Edge")], "device-group Edge "), ([("vsys", "vsys2")], "vsys vsys2 ")]
    {
        let placed = set(&network, &options);
        assert_eq!(read_set(&placed, location), read_set(&plain, ""));
        assert_eq!(read_xml(&xml(&network, &options)), read_set(&plain, ""));
    }
    assert!(
        set(&network, &[("device-group", "Edge")])
            .contains("\nset device-group Edge pre-rulebase security rules ")
    );
    let order = |options: &[(&str, &str)]| -> Vec<String> {
        let lines = set(&network, options);
        lines.lines().filter(|line| line.starts_with("move rulebase security")).map(str::to_owned).collect()
    };
    let bottom = order(&[]);
    let mut top = order(&[("position", "top")]);
    top.reverse();
    let stripped = |moves: &[String], end: &str| -> Vec<String> {
        moves.iter().map(|line| line.strip_suffix(end).unwrap().to_owned()).collect()
    };
    assert_eq!(stripped(&bottom, " bottom"), stripped(&top, " top"));
    let before = order(&[("position", "before"), ("anchor", "deny-all")]);
    assert_eq!(stripped(&before, " before deny-all"), stripped(&bottom, " bottom"));
    assert!(plain.lines().any(|line| line.starts_with("move rulebase decryption") && line.ends_with(" top")));

    assert_eq!(refused("palo-alto-set", &network, &[("position", "before")]), [Code::SettingMissing]);
    assert_eq!(refused("palo-alto-set", &network, &[("anchor", "x")]), [Code::InvalidValue]);
    let both = [("vsys", "vsys1"), ("device-group", "x")];
    assert_eq!(refused("palo-alto-set", &network, &both), [Code::InvalidValue]);
}

#[test]
fn an_earlier_file_gives_the_deletions() {
    let mut old = provisioning();
    old.allow("agents", party("gone.example.net"), "443/tcp");
    old.allow("agents", party("amqp.example.net"), "5671/tcp");
    old.allow("dcs", party("only.example.net"), "443/tcp");
    let before = set(&old, &[]);
    let network = provisioning();
    let after = set(&network, &[("since", &before)]);
    let deletions: Vec<&str> = after.lines().filter(|line| line.starts_with("delete ")).collect();
    // Firewall state: what the earlier file set, less the deletions, plus what the new one sets.
    let mut state: BTreeSet<&str> = before.lines().filter(|line| line.starts_with("set ")).collect();
    for deletion in &deletions {
        let path = deletion.replacen("delete ", "set ", 1);
        let count = state.len();
        state.retain(|line| !(*line == path || line.starts_with(&format!("{path} "))));
        assert!(state.len() < count, "{deletion} deletes nothing");
        // Nothing that is left refers to what has just been deleted.
        if let [.., "address" | "address-group" | "service" | "custom-url-category", name] =
            path.split(' ').collect::<Vec<_>>()[..]
        {
            assert!(
                !state.iter().any(|line| line.split(' ').any(|word| word == name)),
                "{deletion} leaves {name} dangling"
            );
        }
    }
    let first_set = after.lines().position(|line| line.starts_with("set ")).unwrap();
    assert!(!after.lines().skip(first_set).any(|line| line.starts_with("delete ")));
    state.extend(after.lines().filter(|line| line.starts_with("set ")));
    let state: Vec<&str> = state.into_iter().collect();
    assert_eq!(read_set(&state.join("\n"), ""), read_set(&set(&network, &[]), ""));
    assert!(after.contains("deletions since the earlier file stand first"));
    assert!(before.contains("Nothing is removed"));

    let again = set(&network, &[("since", &after)]);
    assert!(!again.lines().any(|line| line.starts_with("delete ")));
    let codes = refused(
        "palo-alto-set",
        &network,
        &[("since", "delete address corp\nset address corp ip-netmask 10.0.0.1/32")],
    );
    assert_eq!(codes, [Code::InvalidValue]);
    assert_eq!(
        refused("palo-alto-set", &network, &[("since", &before), ("vsys", "vsys2")])[0],
        Code::InvalidValue
    );
}

#[test]
fn a_proxy_has_its_own_address_and_no_foreign_zone() {
    let mut network = provisioning();
    network.through_proxy("agents", "10.30.0.5:8080", "www.example.net", "443/tcp");
    let read = read_set(&set(&network, &[]), "");
    let to_proxy = read.rules.values().find(|rule| rule.services == ["portbook-tcp-8080"]).unwrap();
    assert_eq!((to_proxy.from.as_str(), to_proxy.to.as_str()), ("tier0", "any"));
    assert_eq!(read.groups[&to_proxy.destination], ["pb-10.30.0.5"]);
    let from_proxy = read
        .rules
        .values()
        .find(|rule| read.groups.get(&rule.source).is_some_and(|members| members[..] == ["pb-10.30.0.5"]))
        .unwrap();
    assert_eq!(from_proxy.from, "any");
    assert_eq!(read.categories[&from_proxy.category], ["www.example.net/"]);

    // Two proxies are two groups although both sets are called the same.
    network.through_proxy("dcs", "10.30.0.6:8080", "www.example.net", "443/tcp");
    let read = read_set(&set(&network, &[]), "");
    let proxies: Vec<_> = read.groups.iter().filter(|(name, _)| name.contains("-proxy-")).collect();
    assert_eq!(proxies.len(), 2, "{proxies:?}");
}

#[test]
fn nothing_is_written_from_nothing() {
    let network = Network::new();
    for target in ["palo-alto-set", "palo-alto-xml", "palo-alto-edl"] {
        assert_eq!(refused(target, &network, &[]), [Code::NothingSelected], "{target}");
    }
    let mut network = Network::new();
    network.station("everywhere", "t", "::/0");
    network.allow("everywhere", party("x.example.net"), "443/tcp");
    assert_eq!(refused("palo-alto-set", &network, &[]), [Code::InvalidPrefix]);
    let mut fitted = provisioning().fit("palo-alto-set", &settings("palo-alto-set", &[]));
    for rule in &mut fitted.rules {
        rule.source = target::Match::Any;
        rule.destination = target::Match::Any;
    }
    assert!(render_fitted("palo-alto-set", &fitted, &settings("palo-alto-set", &[])).is_err());
    for rule in &mut fitted.rules {
        rule.destination = target::Match::Words("anything".to_owned());
    }
    assert!(render_fitted("palo-alto-xml", &fitted, &settings("palo-alto-xml", &[])).is_err());
    assert!(render_fitted("palo-alto-edl", &fitted, &settings("palo-alto-edl", &[])).is_err());
}

#[test]
fn hostile_headers_stay_comments() {
    let network = provisioning();
    for target in ["palo-alto-set", "palo-alto-xml", "palo-alto-edl"] {
        let settings = settings(target, &[]);
        let mut fitted = network.fit(target, &settings);
        let plain = render_fitted(target, &fitted, &settings).unwrap();
        fitted.header.title = "x\ncommit\n--><config>\u{202e}]]>".to_owned();
        fitted.header.notes = vec!["\rrequest restart system".to_owned()];
        let hostile = render_fitted(target, &fitted, &settings).unwrap();
        for (plain, hostile) in plain.iter().zip(&hostile) {
            let body = |artifact: &Artifact| -> Vec<String> {
                let text = text(artifact);
                let text = if target == "palo-alto-xml" { format!("{:?}", read_xml(&text)) } else { text };
                text.lines().filter(|line| !line.starts_with('#')).map(str::to_owned).collect()
            };
            assert_eq!(body(plain), body(hostile), "{target}");
            assert!(text(hostile).is_ascii());
        }
    }
}

#[test]
fn lists_have_one_type_one_service_and_no_comments() {
    let mut network = provisioning();
    network.allow_addresses(
        "agents",
        "AzureActiveDirectory",
        &["10.1.0.0/16", "172.16.0.0/12", "192.0.2.0/24"],
        "443/tcp",
    );
    network.station("six", "t", "2001:db8::5");
    network.allow_addresses("six", "Six", &["2001:db8:1::/48"], "443/tcp");
    let artifacts = render("palo-alto-edl", &network, &[("entries", "2")]).unwrap_err();
    assert_eq!(artifacts.iter().next().unwrap().code, Code::InvalidValue);
    let artifacts = render("palo-alto-edl", &network, &[("entries", "7")]).unwrap();
    let files: BTreeMap<&str, String> = artifacts
        .iter()
        .map(|artifact| (artifact.path.strip_prefix("palo-alto/edl/").unwrap(), text(artifact)))
        .collect();
    assert_eq!(
        files["provisioning-agent-tcp-80.urls.txt"],
        "crl3.digicert.com/\nlogin.windows.net/\nmscrl.microsoft.com/\n"
    );
    assert_eq!(files["provisioning-agent-tcp-443.ips-v4.txt"], "10.1.0.0/16\n172.16.0.0/12\n192.0.2.0/24\n");
    assert_eq!(files["six-tcp-443.ips-v6.txt"], "2001:db8:1::/48\n");
    for (file, text) in &files {
        if *file != "index.txt" {
            assert!(!text.contains(['#', ' ']) && files["index.txt"].contains(file), "{file}");
            assert!(file.len() - file.find('.').unwrap() < file.len() && file.find('.').unwrap() <= 31);
        }
    }
    assert!(
        files["index.txt"]
            .contains("provisioning-agent-tcp-80.urls.txt, url, 3, provisioning-agent, tcp 80\n")
    );

    let mut network = Network::new();
    network.station("a", "t", "10.0.0.1");
    network.allow_addresses("a", "Tag", &["10.1.0.0/16", "172.16.0.0/12", "192.0.2.0/24"], "443/tcp");
    let artifacts = render("palo-alto-edl", &network, &[("entries", "2")]).unwrap();
    let files: Vec<&str> = artifacts.iter().map(|artifact| artifact.path.as_str()).collect();
    assert_eq!(
        files,
        [
            "palo-alto/edl/a-tcp-443.ips-0.0.0.0_1.txt",
            "palo-alto/edl/a-tcp-443.ips-128.0.0.0_1.txt",
            "palo-alto/edl/index.txt"
        ]
    );
}
