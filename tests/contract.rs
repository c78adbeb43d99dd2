//! The contract of losses against `fit`: hops of every kind, through every target under every setting.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod proxy;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use portbook::address::{PortRange, Prefix, PrefixSet, Transport};
use portbook::host::{HostPattern, UrlPath};
use portbook::id::{CloudId, RoleId, StationId, ZoneId};
use portbook::place::{AddressSet, Addresses, Basis, Hop, Leg, Party, Placed};
use portbook::rule::{Endpoint, Flow, Need, Rule, RuleId, RuleSet, Scope, Software, TlsInspection};
use portbook::site::{SiteName, Station};
use portbook::target::contract::contract;
use portbook::target::{
    Axis, Crossing, Effect, FamilyChoice, Focus, Heading, SettingKind, Settings, TARGETS, TargetSpec, fit,
};

type Key = (Axis, &'static str, Effect);

#[test]
fn fit_gives_the_losses_of_the_contract_and_no_others() {
    let hops = hops();
    for spec in TARGETS {
        let promised: BTreeSet<Key> = contract()
            .into_iter()
            .filter(|row| row.target == spec.id)
            .map(|row| (row.axis, row.code.id(), row.effect))
            .collect();
        let met = met(spec, &hops);
        let beyond: Vec<&Key> = met.difference(&promised).collect();
        let never: Vec<&Key> = promised.difference(&met).collect();
        assert!(
            beyond.is_empty() && never.is_empty(),
            "{}: not promised {beyond:?}, never met {never:?}",
            spec.id
        );
    }
}

fn met(spec: &'static TargetSpec, hops: &[Hop]) -> BTreeSet<Key> {
    let zones = |id: &str| BTreeSet::from([ZoneId::parse(id).unwrap()]);
    let crossing = Some(Crossing { from: zones("tier0"), to: zones("internet") });
    let focuses = [
        Focus::default(),
        Focus { family: FamilyChoice::V4, ..Focus::default() },
        Focus { crossing, ..Focus::default() },
    ];
    let mut met = BTreeSet::new();
    for settings in every_capability(spec) {
        for hop in hops {
            for focus in &focuses {
                let fitted = fit_one(hop, spec, &settings, focus);
                met.extend(fitted.iter().map(|loss| (loss.axis, loss.code.id(), loss.effect)));
            }
        }
    }
    met
}

fn fit_one(hop: &Hop, spec: &TargetSpec, settings: &Settings, focus: &Focus) -> Vec<portbook::target::Loss> {
    let mut rules = RuleSet::default();
    rules.add(Rule::clone(&hop.rule));
    let anonymous = hop.leg == Leg::Direct;
    let placed = Placed { site: SiteName::default(), anonymous, hops: vec![hop.clone()] };
    let heading = Heading { title: String::new(), rule_set: rules.digest(), notes: Vec::new() };
    let fitted = fit(&rules, &placed, &heading, spec, settings, focus);
    fitted.verdicts.into_iter().flat_map(|verdict| verdict.losses).collect()
}

/// Every combination of choices, one of those that mean the same capabilities.
fn every_capability(spec: &'static TargetSpec) -> Vec<Settings> {
    let mut combinations: Vec<Vec<(String, String)>> = vec![Vec::new()];
    for setting in spec.settings {
        let values: &[&str] = match setting.kind {
            SettingKind::Choice(words) => words,
            SettingKind::Flag => &["yes", "no"],
            _ => continue,
        };
        let with = |combination: &Vec<(String, String)>, value: &str| {
            let mut longer = combination.clone();
            longer.push((setting.id.to_owned(), value.to_owned()));
            longer
        };
        let longer: Vec<_> =
            combinations.iter().flat_map(|each| values.iter().map(|value| with(each, value))).collect();
        combinations.extend(longer);
    }
    let different: BTreeMap<String, Settings> = combinations
        .iter()
        .map(|given| Settings::check(spec.id, spec.settings, given).unwrap())
        .map(|settings| (format!("{:?}", (spec.capabilities)(&settings)), settings))
        .collect();
    different.into_values().collect()
}

/// Hops that `place` could make: every kind of source, destination and leg, and what else `fit` looks at.
fn hops() -> Vec<Hop> {
    let mut hops = Vec::new();
    for from in sources() {
        for to in destinations() {
            for ports in ["443", "5671"] {
                for leg in legs() {
                    hops.extend(hop(&from, &to, ports, leg));
                }
            }
        }
    }
    let special: Vec<Hop> = hops.iter().filter(|hop| hop.leg == Leg::Direct).flat_map(specials).collect();
    hops.extend(special);
    hops
}

/// Source ports, no software, a flow on its own host.
fn specials(hop: &Hop) -> Vec<Hop> {
    let mut none = hop.clone();
    none.rule = Arc::new(Rule { software: Vec::new(), ..Rule::clone(&hop.rule) });
    let local = Hop { scope: Scope::Local, ..hop.clone() };
    let bound = Hop { source_ports: Some(PortRange::parse("53").unwrap()), ..hop.clone() };
    vec![none, local, bound]
}

fn legs() -> [Leg; 5] {
    let [by_address, by_name] = ["10.30.0.5:8080", "proxy.contoso.com:8080"].map(proxy::listener);
    [
        Leg::Direct,
        Leg::ToProxy(by_address.clone().into()),
        Leg::ToProxy(by_name.clone().into()),
        Leg::FromProxy(by_address.into()),
        Leg::FromProxy(by_name.into()),
    ]
}

fn hop(from: &Party, to: &Party, ports: &str, leg: Leg) -> Option<Hop> {
    let named = matches!(to.endpoint, Endpoint::Host { at: None, .. } | Endpoint::Url { .. });
    let proxyable = named && ports == "443" && matches!(from.endpoint, Endpoint::Role(_));
    if leg != Leg::Direct && !proxyable {
        return None;
    }
    let ports = PortRange::parse(ports).unwrap();
    let flow = Flow {
        from: from.endpoint.clone(),
        to: to.endpoint.clone(),
        transport: Transport::Tcp,
        ports,
        source_ports: None,
        scope: Scope::Network,
    };
    let software = Software { service: Some("Agent".to_owned()), ..Software::default() };
    let rule = Rule {
        id: RuleId::of(&flow),
        flow,
        need: Need::Required,
        phases: BTreeSet::new(),
        tls_inspection: TlsInspection::NotStated,
        assumed: BTreeSet::new(),
        gap: false,
        doubt: None,
        software: vec![software],
        ranges_offered: true,
        citations: Vec::new(),
    };
    Some(Hop {
        rule: Arc::new(rule),
        leg,
        from: from.clone(),
        to: to.clone(),
        ports,
        transport: Transport::Tcp,
        source_ports: None,
        scope: Scope::Network,
        proxyable,
    })
}

fn role(id: &str) -> Endpoint {
    Endpoint::Role(RoleId::parse(id).unwrap())
}

fn party(endpoint: Endpoint, addresses: Addresses) -> Party {
    Party { endpoint, station: None, addresses, outside: None }
}

/// A host of the site, with these addresses or none.
fn host(id: &str, addresses: &str) -> Party {
    let prefixes: PrefixSet = addresses.split_whitespace().map(|text| Prefix::parse(text).unwrap()).collect();
    let known = if prefixes.is_empty() { Addresses::NotGiven } else { set(Basis::Site, addresses) };
    let station = Station {
        addresses: prefixes,
        ..Station::new(StationId::parse(id).unwrap(), BTreeSet::from([RoleId::parse(id).unwrap()]))
    };
    Party { endpoint: role(id), station: Some(Arc::new(station)), addresses: known, outside: None }
}

fn set(basis: Basis, addresses: &str) -> Addresses {
    let prefixes = addresses.split_whitespace().map(|text| Prefix::parse(text).unwrap()).collect();
    Addresses::Known(Arc::new(AddressSet {
        name: "set".to_owned(),
        prefixes,
        basis,
        range_file: None,
        cloud: None,
    }))
}

const BOTH: &str = "10.0.0.1 2001:db8::1";

fn sources() -> Vec<Party> {
    let tag = || Endpoint::ServiceTag("AzureActiveDirectoryDomainServices".to_owned());
    let mut sources = vec![
        host("connect-server", ""),
        host("connect-server", "10.0.0.1"),
        host("connect-server", "2001:db8::1"),
        host("connect-server", BOTH),
        party(role("connect-server"), Addresses::NotGiven),
        party(Endpoint::Outside(RoleId::parse("external-client").unwrap()), Addresses::Any),
    ];
    sources.extend(of_ranges().into_iter().map(|addresses| party(tag(), addresses)));
    sources
}

/// What the addresses of a service tag can be.
fn of_ranges() -> [Addresses; 4] {
    [
        set(Basis::Tag { tag: "ServiceBus".to_owned(), documented: true }, BOTH),
        Addresses::NoRangeFile(CloudId::parse("public").unwrap()),
        Addresses::NoSuchTag("no such tag".to_owned()),
        Addresses::EmptyTag("an empty tag".to_owned()),
    ]
}

fn destinations() -> Vec<Party> {
    let mut destinations = vec![
        host("domain-controller", ""),
        host("domain-controller", "10.0.0.2"),
        host("domain-controller", BOTH),
        party(role("domain-controller"), Addresses::NotGiven),
    ];
    for addresses in of_ranges() {
        let cloud = CloudId::parse("public").unwrap();
        destinations.push(party(Endpoint::ServiceTag("ServiceBus".to_owned()), addresses.clone()));
        destinations.push(party(Endpoint::CloudRanges(cloud), addresses));
    }
    let mut of_names = vec![
        Addresses::NotAsked,
        Addresses::Unpublished("a certificate authority".to_owned()),
        set(Basis::WholeFile, BOTH),
    ];
    of_names.extend(of_ranges());
    for addresses in of_names {
        for text in ["login.windows.net", "*.servicebus.windows.net"] {
            let pattern = HostPattern::parse(text).unwrap();
            destinations.push(party(Endpoint::Host { pattern, at: None }, addresses.clone()));
        }
        let host = HostPattern::parse("www.microsoft.com").unwrap();
        let path = UrlPath::parse("/pkiops").unwrap();
        destinations.push(party(Endpoint::Url { host, path }, addresses));
    }
    destinations
}
