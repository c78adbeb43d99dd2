//! Properties of packing, on random rules.

use proptest::prelude::*;

use super::back::check_set;
use super::build::{Network, party};
use super::meaning::{meaning, resolved, wanted};
use super::read::{Read, read_set, read_xml};
use crate::{set, settings, xml};
use portbook::target::{self, Fitted};

const GOALS: &[&str] =
    &["*.a.net", "a.net", "[*.]b.net", "x.b.net", "x.a.net", "c.net", "*.x.a.net", "d.example.org"];
const SERVICES: &[&str] = &["443/tcp", "80/tcp", "5671/tcp", "8080/tcp", "53/udp", "9350-9354/tcp"];
const SOURCES: &[&str] = &["agents", "dcs", "six"];
const SETS: &[(&str, &[&str])] = &[
    ("TagOne", &["10.1.0.0/16", "20.190.128.0/18", "2603:1006:2000::/48"]),
    ("TagTwo", &["10.1.0.0/24", "192.0.2.1"]),
    ("TagSix", &["2001:db8:1::/48"]),
];

type Draw = (usize, usize, usize, bool);

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    /// No bundle widens or drops: (source, zones, service) with its names and addresses are those of the rules.
    #[test]
    fn is_exact(draws in prop::collection::vec((0..3_usize, 0..11_usize, 0..6_usize, any::<bool>()), 1..40), all in any::<bool>()) {
        let network = network(&draws);
        let options: &[(&str, &str)] = if all { &[("no-decrypt", "yes"), ("to-zone", "internet")] } else { &[] };
        let fitted = network.fit("palo-alto-set", &settings("palo-alto-set", options));
        prop_assume!(!fitted.rules.is_empty());
        let set = read_set(&set(&network, options), "");
        prop_assert_eq!(&set, &read_xml(&xml(&network, options)));
        prop_assert_eq!(meaning(&set, &set.rules), wanted(&fitted, options));
        check_exclusions(&set, &fitted, options, all);
        prop_assert!(set.references_hold());
        prop_assert!(set.categories.keys().all(|name| name.len() <= 31));
    }

    /// A file that knows the earlier one leaves the firewall as if only the new one had ever been loaded.
    #[test]
    fn since_leaves_no_trace(
        old in prop::collection::vec((0..3_usize, 0..11_usize, 0..6_usize, any::<bool>()), 1..20),
        new in prop::collection::vec((0..3_usize, 0..11_usize, 0..6_usize, any::<bool>()), 1..20),
    ) {
        let (old, new) = (network(&old), network(&new));
        prop_assume!(old.says_something() && new.says_something());
        let before = set(&old, &[]);
        let after = set(&new, &[("since", &before)]);
        let mut state: Vec<&str> = before.lines().filter(|line| line.starts_with("set ")).collect();
        for deletion in after.lines().filter(|line| line.starts_with("delete ")) {
            let path = deletion.replacen("delete ", "set ", 1);
            state.retain(|line| *line != path && !line.starts_with(&format!("{path} ")));
        }
        state.extend(after.lines().filter(|line| line.starts_with("set ")));
        prop_assert_eq!(read_set(&state.join("\n"), ""), read_set(&set(&new, &[]), ""));
    }

    /// Whatever was loaded after it, the way back leads to what the older file set.
    #[test]
    fn the_way_back_leads_back(
        old in prop::collection::vec((0..3_usize, 0..11_usize, 0..6_usize, any::<bool>()), 1..20),
        new in prop::collection::vec((0..3_usize, 0..11_usize, 0..6_usize, any::<bool>()), 1..20),
    ) {
        let (old, new) = (network(&old), network(&new));
        prop_assume!(old.says_something() && new.says_something());
        check_set(&old, &new, &[], "");
    }
}

fn network(draws: &[Draw]) -> Network {
    let mut network = Network::new();
    network.station("agents", "tier0", "10.20.0.11, 10.20.0.12, 2001:db8::11");
    network.station("dcs", "servers", "10.10.0.0/28");
    network.station("six", "tier0", "2001:db8::5");
    for &(source, goal, service, exclude) in draws {
        let service = SERVICES[service];
        if let Some(pattern) = GOALS.get(goal) {
            network.allow_tls(SOURCES[source], party(pattern), service, exclude);
        } else {
            let (name, prefixes) = SETS[goal - GOALS.len()];
            network.allow_addresses(SOURCES[source], name, prefixes, service);
        }
    }
    network
}

fn check_exclusions(set: &Read, fitted: &Fitted, options: &[(&str, &str)], all: bool) {
    let mut demanded = fitted.clone();
    demanded.rules.retain(|rule| {
        rule.rule.tls_inspection == portbook::rule::TlsInspection::Exclude
            || all && matches!(rule.destination, target::Match::Name(_)) && !resolved(rule)
    });
    assert_eq!(meaning(set, &set.exclusions), wanted(&demanded, options));
}
