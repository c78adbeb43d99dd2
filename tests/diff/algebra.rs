//! What holds for all sides.

use std::collections::{BTreeMap, BTreeSet};

use portbook::address::{PortRange, Transport};
use portbook::catalog::{Catalog, Demand, Expression, ReadEnd};
use portbook::diff::{
    Category, Change, Difference, Side, SideOptions, Source, StatedFlow, StatedPorts, Statement, compare,
    render,
};
use portbook::host::HostPattern;
use portbook::id::{ChoiceId, DocumentId, OptionId, RequirementId, RoleId};
use portbook::rule::{Endpoint, Phase, Scope, TlsInspection};
use proptest::prelude::*;

const HOSTS: [&str; 7] =
    ["a.x.net", "b.a.x.net", "x.net", "*.x.net", "[*.]x.net", "*.a.x.net", "other.example.com"];
const PORTS: [&str; 5] = ["443", "80", "80-90", "80-85", "86-90"];
const CONDITIONS: [&str; 6] = ["", "a", "b", "any(a, b)", "any(b, a)", "all(a, not(b))"];

fn statement() -> impl Strategy<Value = Statement> {
    let flow = (0..HOSTS.len(), 0..PORTS.len(), any::<bool>(), any::<bool>());
    let need = (any::<bool>(), 0u8..4, 0..CONDITIONS.len(), 0u8..4);
    (flow, need, 0u8..2, any::<bool>())
        .prop_map(|(flow, need, purpose, slip)| made(flow, need, purpose, slip))
}

fn made(
    (host, port, udp, local): (usize, usize, bool, bool),
    (optional, phases, condition, option): (bool, u8, usize, u8),
    purpose: u8,
    slip: bool,
) -> Statement {
    let pattern = HostPattern::parse(HOSTS[host]).unwrap();
    let all = Phase::ALL.into_iter().enumerate();
    Statement {
        flow: StatedFlow {
            from: Some(ReadEnd::Endpoint(Endpoint::Role(RoleId::parse("agent").unwrap()))),
            to: Some(ReadEnd::Endpoint(Endpoint::Host { pattern, at: None })),
            transport: Some(if udp { Transport::Udp } else { Transport::Tcp }),
            ports: StatedPorts::Range(PortRange::parse(PORTS[port]).unwrap()),
            source_ports: None,
            scope: if local { Scope::Local } else { Scope::Network },
        },
        demand: if optional { Demand::Optional } else { Demand::Required },
        phases: all.filter(|(index, _)| phases & (1 << index) != 0).map(|(_, phase)| phase).collect(),
        when: CONDITIONS[condition].parse::<Expression>().ok(),
        option: (option < 2).then(|| {
            (ChoiceId::parse("group").unwrap(), OptionId::parse(&format!("option-{option}")).unwrap())
        }),
        tls_inspection: Some(TlsInspection::NotStated),
        purpose: format!("purpose {purpose}"),
        documented_as: HOSTS[host].to_owned(),
        documented_ports: format!("{}/tcp", PORTS[port]),
        slip: slip.then(|| "misspelt".to_owned()),
        interpreted: Vec::new(),
        source: Source {
            document: DocumentId::parse("document").unwrap(),
            edition: None,
            requirement: RequirementId::parse("requirement").unwrap(),
        },
    }
}

fn side() -> impl Strategy<Value = Vec<Statement>> {
    prop::collection::vec(statement(), 0..8)
}

fn swapped(category: Category) -> Category {
    match category {
        Category::Widened => Category::Narrowed,
        Category::Narrowed => Category::Widened,
        other => other,
    }
}

type Told = (Category, StatedFlow, Vec<Statement>, Vec<Statement>, Vec<Statement>);

fn told(change: &Change) -> Told {
    let Change { category, flow, old, new, covered_by, .. } = change.clone();
    (category, flow, old, new, covered_by)
}

/// By flow: need, phase and condition, as a change request has them.
type Table = BTreeMap<Vec<String>, Vec<String>>;

const KEY: [&str; 7] =
    ["source_role", "direction", "destination_type", "destination", "protocol", "port", "source_port"];
const NEED: [&str; 3] = ["need", "phase", "condition"];

/// The rows of a change request, each with its verb.
fn rows(difference: &Difference) -> Vec<(String, Vec<String>, Vec<String>)> {
    let bytes = render::csv(difference).unwrap();
    let mut reader = csv::Reader::from_reader(bytes.as_slice());
    let rows: Vec<BTreeMap<String, String>> = reader.deserialize().map(Result::unwrap).collect();
    let cells = |row: &BTreeMap<String, String>, names: &[&str]| {
        names.iter().map(|name| row[*name].clone()).collect()
    };
    rows.iter().map(|row| (row["change"].clone(), cells(row, &KEY), cells(row, &NEED))).collect()
}

/// A side as the change request that makes it from nothing.
fn table(statements: &[Statement]) -> Table {
    let from_nothing = Difference::of(Side::of("nothing", Vec::new()), Side::of("all", statements.to_vec()));
    rows(&from_nothing).into_iter().map(|(_, key, need)| (key, need)).collect()
}

fn applied(mut table: Table, difference: &Difference) -> Table {
    for (verb, key, need) in rows(difference) {
        let was = match verb.as_str() {
            "remove" => table.remove(&key),
            _ => table.insert(key.clone(), need),
        };
        assert_eq!(was.is_some(), verb != "add", "{verb} {key:?}");
    }
    table
}

fn difference(old: &[Statement], new: &[Statement]) -> Difference {
    Difference::of(Side::of("old", old.to_vec()), Side::of("new", new.to_vec()))
}

proptest! {
    #[test]
    fn nothing_differs_from_itself(mut side in side()) {
        let same = side.clone();
        side.reverse();
        prop_assert!(compare(&side, &same).is_empty(), "{:?}", compare(&side, &same));
    }

    #[test]
    fn swapping_sides_swaps_widened_and_narrowed(old in side(), new in side()) {
        let there: BTreeSet<String> = compare(&old, &new).iter().map(|change| {
            let (category, flow, old, new, by) = told(change);
            format!("{:?}", (swapped(category), flow, new, old, by))
        }).collect();
        let back: BTreeSet<String> = compare(&new, &old).iter().map(|change| format!("{:?}", told(change))).collect();
        prop_assert_eq!(there, back);
    }

    #[test]
    fn a_change_request_leads_from_the_old_side_to_the_new(old in side(), new in side()) {
        prop_assert_eq!(applied(table(&old), &difference(&old, &new)), table(&new));
    }

    #[test]
    fn what_is_not_widened_passed_before(old in side(), new in side()) {
        let widened: Vec<StatedFlow> = compare(&old, &new)
            .into_iter()
            .filter(|change| change.category == Category::Widened)
            .map(|change| change.flow)
            .collect();
        for (host, port) in samples() {
            let passes = |side: &[Statement]| side.iter().any(|each| holds(&each.flow, host, port));
            let opened = widened.iter().any(|flow| holds(flow, host, port));
            prop_assert!(!passes(&new) || passes(&old) || opened, "{} {}", host, port);
        }
        // And nothing is called widened that one statement of the old side let pass.
        for flow in &widened {
            prop_assert!(!old.iter().any(|each| lets_all_pass(&each.flow, flow)), "{:?}", flow);
        }
    }
}

fn lets_all_pass(wide: &StatedFlow, narrow: &StatedFlow) -> bool {
    let ends = |flow: &StatedFlow| match (&flow.to, &flow.ports) {
        (Some(ReadEnd::Endpoint(Endpoint::Host { pattern, .. })), StatedPorts::Range(range)) => {
            (pattern.clone(), *range)
        }
        _ => panic!("only such flows are made"),
    };
    let ((wide_host, wide_ports), (host, ports)) = (ends(wide), ends(narrow));
    wide_host.covers(&host)
        && wide_ports.covers(ports)
        && (wide.transport, wide.scope) == (narrow.transport, narrow.scope)
}

fn samples() -> impl Iterator<Item = (&'static str, u16)> {
    let hosts = ["x.net", "a.x.net", "b.a.x.net", "c.x.net", "other.example.com"];
    hosts.into_iter().flat_map(|host| [80, 84, 86, 90, 443].into_iter().map(move |port| (host, port)))
}

/// Whether a flow lets TCP from the network through to a host and port.
fn holds(flow: &StatedFlow, host: &str, port: u16) -> bool {
    let (Some(ReadEnd::Endpoint(Endpoint::Host { pattern, .. })), StatedPorts::Range(range)) =
        (&flow.to, &flow.ports)
    else {
        panic!("only such flows are made");
    };
    let port = portbook::address::Port::new(port).unwrap();
    flow.transport == Some(Transport::Tcp)
        && flow.scope == Scope::Network
        && pattern.matches(host)
        && range.contains(port)
}

/// The same for what the catalog has: every pair of neighbours, in each cloud, back and forth.
#[test]
fn neighbours_obey_the_algebra() {
    let catalog = Catalog::embedded().unwrap();
    let mut compared = 0;
    for document in catalog.documents() {
        let editions: Vec<String> =
            document.editions().map(|edition| format!("{}@{edition}", document.id())).collect();
        let clouds = catalog.registries().clouds.iter().map(|cloud| Some(cloud.id.to_string())).chain([None]);
        for cloud in clouds {
            let options = SideOptions { cloud };
            let between =
                |old: &String, new: &String| Difference::between(&catalog, old, new, &options, &[]).ok();
            for pair in editions.windows(2) {
                let Some(there) = between(&pair[0], &pair[1]) else { continue };
                let back = between(&pair[1], &pair[0]).unwrap();
                let count = |difference: &Difference, category: Category| {
                    difference.changes.iter().filter(|change| change.category == category).count()
                };
                for category in Category::ALL {
                    assert_eq!(
                        count(&there, category),
                        count(&back, swapped(category)),
                        "{pair:?} {category:?}"
                    );
                }
                let (old, new) = (there.old.statements(), there.new.statements());
                let plain = difference(&old, &new);
                assert_eq!(applied(table(&old), &plain), table(&new), "{pair:?}");
                compared += 1;
            }
            for edition in &editions {
                let same = between(edition, edition);
                assert!(same.is_none_or(|same| same.is_empty()), "{edition}");
            }
        }
    }
    assert!(compared > 30, "{compared}");
}
