//! What is lost between a rule and an artifact is said, whichever addresses a site has.
#![allow(clippy::expect_used, clippy::unwrap_used, clippy::indexing_slicing, reason = "helpers of tests")]

use std::collections::BTreeSet;
use std::sync::Arc;

use portbook::address::{Prefix, PrefixSet};
use portbook::build::{Look, Order, Policy, Product, Subject, heading, produce};
use portbook::catalog::Catalog;
use portbook::finding::{Code, Finding};
use portbook::id::{RoleId, StationId};
use portbook::place::{Addressing, place};
use portbook::resolve::{Request, Selection, resolve};
use portbook::site::{ProxyListener, Site, Station};
use portbook::target::{Acceptance, Effect, FamilyChoice, Focus, Settings, find};

fn station(role: &str, addresses: &[&str]) -> Arc<Station> {
    let prefixes: Vec<Prefix> = addresses.iter().map(|text| Prefix::parse(text).unwrap()).collect();
    Arc::new(Station {
        addresses: prefixes.iter().collect::<PrefixSet>(),
        ..Station::new(StationId::parse(role).unwrap(), BTreeSet::from([RoleId::parse(role).unwrap()]))
    })
}

/// A federation farm: the addresses of the Connect server, the farm and the proxies in front of it.
fn farm(connect: &[&str], servers: &[&str], proxies: &[&str]) -> Site {
    let stations = vec![
        station("connect-server", connect),
        station("ad-fs-server", servers),
        station("web-application-proxy", proxies),
    ];
    Site { stations, anonymous: true, ..Site::default() }
}

fn product(scenario: &str, site: &Site, target: &str, family: FamilyChoice, policy: &Policy) -> Product {
    let catalog = Catalog::embedded().unwrap();
    let request =
        Request { scenarios: vec![scenario.to_owned()], cloud: "public".to_owned(), ..Request::default() };
    let selection = Selection::check(&request, &catalog).unwrap();
    let resolved = resolve(&catalog, &selection).unwrap();
    let placed = place(&resolved.rules, site, selection.cloud(), &Addressing::default(), &catalog).unwrap();
    let target = find(target).unwrap();
    let settings = Settings::check(target.id, target.settings, &[]).unwrap();
    let order = Order { target, settings, focus: Focus { family, ..Focus::default() } };
    let heading = heading(&resolved);
    let subject = Subject { rules: &resolved.rules, heading: &heading, placed: &placed };
    produce(&subject, &order, policy, &Look::default()).unwrap()
}

fn codes(findings: &[Finding]) -> Vec<Code> {
    findings.iter().map(|finding| finding.code).collect()
}

#[test]
fn a_rule_whose_sides_share_no_family_is_refused_and_not_silently_gone() {
    let site = farm(&["10.0.0.1"], &["2001:db8::1"], &["10.0.0.3", "2001:db8::3"]);
    for target in ["palo-alto-set", "csv"] {
        let refused = product("ad-fs", &site, target, FamilyChoice::Both, &Policy::default());
        assert_eq!(codes(&refused.judgement.refused), [Code::NoV6Source], "{target}");
        assert!(refused.artifacts.is_empty());
        // Accepted, the rules between those two are left out and counted as that.
        let policy =
            Policy { accepted: vec![Acceptance::parse("no-v6-source").unwrap()], ..Policy::default() };
        let written = product("ad-fs", &site, target, FamilyChoice::Both, &policy);
        assert_eq!(written.counts.refused, 3, "{target}: {}", written.counts.words());
        assert_eq!(written.counts.not_applicable, 0);
    }
    // Asked for one family, what is left out is as asked.
    let site = farm(&["10.0.0.1"], &["10.0.0.2", "2001:db8::2"], &["10.0.0.3"]);
    let asked = product("ad-fs", &site, "csv", FamilyChoice::V6, &Policy::default());
    assert!(asked.judgement.groups.iter().all(|group| group.effect != Effect::Refused));
}

#[test]
fn addresses_that_are_left_out_for_their_family_are_told_in_the_header() {
    let site = farm(&["10.0.0.1"], &["10.0.0.2", "2001:db8::2"], &["10.0.0.3"]);
    let product = product("ad-fs", &site, "palo-alto-set", FamilyChoice::Both, &Policy::default());
    let told = "no-v6-source: 4 rules: ad-fs-server: 1 IPv6 prefix left out";
    assert_eq!(product.judgement.left_out_addresses(), [told]);
    let text = String::from_utf8(product.artifacts[0].bytes.clone()).unwrap();
    assert!(text.contains(told), "{text}");
}

#[test]
fn a_refused_loss_is_told_once_with_a_step_that_works() {
    let site = Site {
        proxy: ProxyListener::parse("proxy.corp.example:8080").map(Into::into),
        stations: vec![Arc::new(Station {
            proxy: ProxyListener::parse("proxy.corp.example:8080").map(Into::into),
            ..Station::clone(&station("provisioning-agent", &["10.0.0.1"]))
        })],
        anonymous: true,
        ..Site::default()
    };
    let strict = Policy { strict: true, ..Policy::default() };
    let product = product("cloud-sync", &site, "palo-alto-set", FamilyChoice::Both, &strict);
    let refused = codes(&product.judgement.refused);
    assert!(refused.contains(&Code::HandshakeBeforeName), "{refused:?}");
    assert_eq!(product.judgement.warned().count(), 0);
    let source = product.judgement.refused.iter().find(|finding| finding.code == Code::SourceNotGiven);
    assert_eq!(source.unwrap().help[0], "--proxy ADDRESS:PORT, the address in place of the name");
}

#[test]
fn a_rule_that_one_end_refuses_is_not_called_left_out_where_it_stands() {
    let accepted = |text: &str| vec![Acceptance::parse(text).unwrap()];
    let site = Site {
        stations: vec![station("domain-controller", &["10.0.0.9"])],
        anonymous: true,
        ..Site::default()
    };
    let policy = Policy { accepted: accepted("source-not-given"), ..Policy::default() };
    let product = product("connect-sync", &site, "windows-firewall", FamilyChoice::Both, &policy);
    let text = String::from_utf8(product.artifacts[0].bytes.clone()).unwrap();
    assert!(text.contains("source-not-given: 8 rules left out in part, at one of their ends"), "{text}");
}
