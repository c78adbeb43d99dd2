//! The losses of the reference cases are in the contract, whatever the settings, the addresses and the fallback.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use portbook::address::{Prefix, PrefixSet};
use portbook::catalog::Catalog;
use portbook::id::{RoleId, StationId};
use portbook::place::{Addressing, Fallback, place};
use portbook::ranges::RangeFile;
use portbook::resolve::{Request, Selection, resolve};
use portbook::site::{ProxyListener, Site, Station};
use portbook::target::contract::contract;
use portbook::target::{Axis, Effect, FamilyChoice, Focus, SettingKind, Settings, TARGETS, TargetSpec, fit};

use super::cases::{CASES, Case};
use super::snapshot::project;

type Key = (&'static str, Axis, &'static str, Effect);

#[test]
fn the_losses_of_the_cases_are_in_the_contract() {
    let known: BTreeSet<Key> =
        contract().into_iter().map(|row| (row.target, row.axis, row.code.id(), row.effect)).collect();
    let catalog = Catalog::embedded().unwrap();
    let mut met = BTreeSet::new();
    for case in CASES {
        for given in [true, false] {
            for proxy in [None, Some("10.30.0.5:8080"), Some("proxy.contoso.com:8080")] {
                met.extend(losses(&catalog, case, given, proxy));
            }
        }
    }
    let beyond: Vec<&Key> = met.difference(&known).collect();
    assert!(beyond.is_empty(), "not in the contract: {beyond:?}");
    assert!(met.len() > 30, "only {} losses were met", met.len());
}

fn losses(catalog: &Catalog, case: &Case, given: bool, proxy: Option<&str>) -> BTreeSet<Key> {
    let request = Request {
        scenarios: vec![case.scenario.to_owned()],
        cloud: case.cloud.to_owned(),
        gaps: true,
        proxy: proxy.is_some(),
        ..Request::default()
    };
    let selection = Selection::check(&request, catalog).unwrap();
    let resolved = resolve(catalog, &selection).unwrap();
    let heading = portbook::build::heading(&resolved);
    let site = site(case, given, proxy);
    let text = std::fs::read_to_string(project().join("tests/fixtures/ranges/Example_Public.json")).unwrap();
    let mut met = BTreeSet::new();
    for fallback in [Fallback::None, Fallback::Documented, Fallback::Tag] {
        let addressing =
            Addressing { fallback, files: &[RangeFile::parse("f.json", text.as_bytes()).unwrap()] };
        let placed = place(&resolved.rules, &site, selection.cloud(), &addressing, catalog).unwrap();
        for spec in TARGETS {
            for settings in every_capability(spec) {
                let focus = Focus { family: FamilyChoice::V4, ..Focus::default() };
                let fitted = fit(&resolved.rules, &placed, &heading, spec, &settings, &focus);
                let losses = fitted.verdicts.iter().flat_map(|verdict| &verdict.losses);
                met.extend(losses.map(|loss| (spec.id, loss.axis, loss.code.id(), loss.effect)));
            }
        }
    }
    met
}

/// Settings of a target, one for each of its different capabilities: the defaults, and one choice at a time.
fn every_capability(spec: &'static TargetSpec) -> Vec<Settings> {
    let mut all = vec![Settings::defaults(spec.settings)];
    for setting in spec.settings {
        if let SettingKind::Choice(words) = setting.kind {
            all.extend(words.iter().map(|word| {
                let given = [(setting.id.to_owned(), (*word).to_owned())];
                Settings::check(spec.id, spec.settings, &given).unwrap()
            }));
        }
    }
    let different: BTreeMap<String, Settings> =
        all.into_iter().map(|settings| (format!("{:?}", (spec.capabilities)(&settings)), settings)).collect();
    different.into_values().collect()
}

fn site(case: &Case, given: bool, proxy: Option<&str>) -> Site {
    let proxy = proxy.map(|text| ProxyListener::parse(text).unwrap().into());
    let stations = case.site.iter().filter(|_| given).map(|(role, addresses, _)| {
        let prefixes: PrefixSet = addresses.split(',').map(prefix).collect();
        Arc::new(Station {
            addresses: prefixes,
            proxy: proxy.clone(),
            ..Station::new(StationId::parse(role).unwrap(), BTreeSet::from([RoleId::parse(role).unwrap()]))
        })
    });
    let stations = stations.collect();
    Site { stations, anonymous: true, proxy, ..Site::default() }
}

fn prefix(text: &str) -> Prefix {
    Prefix::parse(text).unwrap()
}
