//! The flow picture of facts: roles at one end, the cloud at the other.

use std::collections::{BTreeMap, BTreeSet};

use portbook::catalog::{Catalog, Demand, Direction, Fact, ReadEnd};
use portbook::finding::Findings;
use portbook::id::{CloudId, RoleId};
use portbook::report::{Arrow, Node, NodeKind, Picture};
use portbook::rule::Endpoint;

/// Names that the box of a cloud and a tooltip list.
const NAMES: usize = 12;

/// Where in the picture an end stands.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Spot {
    Role(RoleId),
    Cloud(Option<CloudId>),
    Outside(RoleId),
}

/// The flows from one spot to another that are all demanded, or all offered.
#[derive(Default)]
struct Flows {
    /// Ports by transport, in numeric order.
    ports: BTreeMap<String, BTreeSet<(u32, String)>>,
    names: BTreeSet<String>,
}

/// The picture. What is forbidden or stays on its host has no arrow.
pub(super) fn picture(
    catalog: &Catalog,
    facts: &[&Fact],
    cloud: Option<&CloudId>,
) -> Result<Picture, Findings> {
    let mut flows: BTreeMap<(Spot, Spot, Demand), Flows> = BTreeMap::new();
    let mut names: BTreeMap<Spot, BTreeSet<String>> = BTreeMap::new();
    for fact in facts.iter().filter(|fact| !fact.demand.is_negative() && fact.direction != Direction::Local) {
        let cloud = cloud.or(fact.cloud.as_ref());
        for (from, to) in pairs(fact) {
            let (start, end) = (spot(from, cloud), spot(to, cloud));
            names.entry(start.clone()).or_default().extend(name(from));
            names.entry(end.clone()).or_default().extend(name(to));
            let back = (fact.direction == Direction::Both && start != end)
                .then(|| (end.clone(), start.clone(), fact.demand));
            for key in std::iter::once((start, end, fact.demand)).chain(back) {
                flows.entry(key).or_default().add(fact, to);
            }
        }
    }
    let nodes = names.iter().map(|(spot, names)| node(catalog, spot, names));
    let arrows = flows.iter().map(|((from, to, demand), flows)| flows.arrow(from, to, *demand));
    Ok(Picture { nodes: nodes.collect::<Result<_, _>>()?, arrows: arrows.collect() })
}

fn pairs(fact: &Fact) -> impl Iterator<Item = (&ReadEnd, &ReadEnd)> {
    fact.meaning.from.iter().flat_map(|from| fact.meaning.to.iter().map(move |to| (from, to)))
}

fn spot(end: &ReadEnd, cloud: Option<&CloudId>) -> Spot {
    match end {
        ReadEnd::Endpoint(Endpoint::Role(role) | Endpoint::Host { at: Some(role), .. })
        | ReadEnd::Template { at: Some(role), .. } => Spot::Role(role.clone()),
        ReadEnd::Endpoint(Endpoint::Outside(role)) => Spot::Outside(role.clone()),
        _ => Spot::Cloud(cloud.cloned()),
    }
}

/// What an end is called beside the spot that it stands in.
fn name(end: &ReadEnd) -> Option<String> {
    match end {
        ReadEnd::Endpoint(Endpoint::Role(_) | Endpoint::Outside(_)) => None,
        ReadEnd::Unstated => Some("hosts that no document names".to_owned()),
        other => Some(other.to_string()),
    }
}

fn node(catalog: &Catalog, spot: &Spot, names: &BTreeSet<String>) -> Result<Node, Findings> {
    let (label, kind, id) = match spot {
        Spot::Role(role) => (catalog.role(role.as_str())?.title.clone(), NodeKind::Host, Some(role)),
        Spot::Outside(role) => (catalog.role(role.as_str())?.title.clone(), NodeKind::Outside, Some(role)),
        Spot::Cloud(Some(cloud)) => (catalog.cloud(cloud.as_str())?.title.clone(), NodeKind::Cloud, None),
        Spot::Cloud(None) => ("Any cloud".to_owned(), NodeKind::Cloud, None),
    };
    let lines = id.map(ToString::to_string).into_iter().chain(names.iter().cloned());
    Ok(Node { id: spot.id(), label, kind, zone: None, lines: lines.collect() })
}

impl Spot {
    fn id(&self) -> String {
        match self {
            Self::Role(role) => format!("role:{role}"),
            Self::Outside(role) => format!("outside:{role}"),
            Self::Cloud(cloud) => format!("cloud:{}", cloud.as_ref().map_or("any", CloudId::as_str)),
        }
    }
}

impl Flows {
    fn add(&mut self, fact: &Fact, to: &ReadEnd) {
        let first = fact.port.split('-').next().and_then(|port| port.parse().ok());
        let transport = match fact.protocol.as_str() {
            "" | "unstated" => "port",
            known => known,
        };
        for transport in transport.split('+').filter(|_| !fact.port.is_empty()) {
            let word = if transport == "port" { transport.to_owned() } else { transport.to_uppercase() };
            let port = (first.unwrap_or(u32::MAX), fact.port.clone());
            self.ports.entry(word).or_default().insert(port);
        }
        self.names.extend(name(to));
    }

    fn arrow(&self, from: &Spot, to: &Spot, demand: Demand) -> Arrow {
        let listed = |ports: &BTreeSet<(u32, String)>| {
            ports.iter().map(|(_, port)| port.as_str()).collect::<Vec<_>>().join(", ")
        };
        let parts: Vec<String> =
            self.ports.iter().map(|(transport, ports)| format!("{transport} {}", listed(ports))).collect();
        let optional = if demand == Demand::Optional { " (optional)" } else { "" };
        Arrow {
            from: from.id(),
            to: to.id(),
            label: format!("{}{optional}", parts.join("; ")),
            change: None,
            tooltip: some(&self.names),
        }
    }
}

fn some(names: &BTreeSet<String>) -> String {
    let shown: Vec<&str> = names.iter().take(NAMES).map(String::as_str).collect();
    match names.len().checked_sub(NAMES).filter(|rest| *rest > 0) {
        Some(rest) => format!("{} and {rest} more", shown.join(", ")),
        None => shown.join(", "),
    }
}
