//! The flow picture of a build: hosts, proxies, the cloud and whoever is outside, with the ports between them.

use std::collections::{BTreeMap, BTreeSet};

use crate::address::{PortRange, Prefix, Transport};
use crate::diff::build::SiteDifference;
use crate::manifest::Manifest;
use crate::report::{Arrow, Node, NodeKind, Picture, Tone};
use crate::rule::{Endpoint, RuleId};
use crate::target::json::{End, HopRecord, MatchedBy, RuleRecord, Via};

/// The picture of `manifest`; with a difference, what came and went is marked, and what went is drawn too.
pub(super) fn picture(manifest: &Manifest, site: Option<&SiteDifference>) -> Picture {
    let mut drawing = Drawing::default();
    drawing.add(manifest);
    let now: BTreeSet<(String, String)> = drawing.arrows.keys().cloned().collect();
    if let Some(site) = site {
        let before = Drawing::of(&site.old);
        for (ends, arrow) in before.arrows {
            drawing.arrows.entry(ends).or_default().before = arrow.services;
        }
        for (id, node) in before.nodes {
            drawing.nodes.entry(id).or_insert(node);
        }
    }
    let moved = site.map(moved).unwrap_or_default();
    let arrows = drawing.arrows.iter().map(|((from, to), arrow)| {
        let change = site.and_then(|_| arrow.change(now.contains(&(from.clone(), to.clone())), &moved));
        Arrow {
            from: from.clone(),
            to: to.clone(),
            label: label(if arrow.services.is_empty() { &arrow.before } else { &arrow.services }),
            change,
            tooltip: arrow.tooltip(),
        }
    });
    Picture { arrows: arrows.collect(), nodes: drawing.nodes.into_values().collect() }
}

/// Rules whose addresses changed: the same ports, other ends.
fn moved(site: &SiteDifference) -> BTreeMap<RuleId, Tone> {
    let mut moved = BTreeMap::new();
    for set in &site.sets {
        let tone = if set.added.is_empty() { Tone::Less } else { Tone::More };
        moved.extend(set.rules.iter().map(|rule| (rule.clone(), tone)));
    }
    moved
}

type Service = (Transport, PortRange);

#[derive(Default)]
struct Line {
    services: BTreeSet<Service>,
    /// What it had in the older build.
    before: BTreeSet<Service>,
    rules: BTreeSet<RuleId>,
    names: BTreeSet<String>,
}

impl Line {
    fn change(&self, is_new: bool, moved: &BTreeMap<RuleId, Tone>) -> Option<Tone> {
        let came = self.services.difference(&self.before).next().is_some();
        let went = self.before.difference(&self.services).next().is_some();
        match (came, went) {
            (true, _) => Some(Tone::More),
            (false, true) => Some(Tone::Less),
            (false, false) if is_new => self.rules.iter().filter_map(|rule| moved.get(rule)).min().copied(),
            (false, false) => None,
        }
    }

    fn tooltip(&self) -> String {
        const NAMES: usize = 6;
        let shown: Vec<&str> = self.names.iter().take(NAMES).map(String::as_str).collect();
        let more = self.names.len().saturating_sub(NAMES);
        let rest = if more > 0 { format!(" and {more} more") } else { String::new() };
        let rules = self.rules.len();
        format!("{rules} rule{}: {}{rest}", if rules == 1 { "" } else { "s" }, shown.join(", "))
    }
}

/// `TCP 443, 80; UDP 53`.
fn label(services: &BTreeSet<Service>) -> String {
    let mut by_transport: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for (transport, ports) in services {
        by_transport.entry(transport.as_str()).or_default().push(ports.to_string());
    }
    let parts = by_transport
        .iter()
        .map(|(transport, ports)| format!("{} {}", transport.to_uppercase(), ports.join(", ")));
    parts.collect::<Vec<_>>().join("; ")
}

#[derive(Default)]
struct Drawing {
    nodes: BTreeMap<String, Node>,
    arrows: BTreeMap<(String, String), Line>,
}

impl Drawing {
    fn of(manifest: &Manifest) -> Self {
        let mut drawing = Self::default();
        drawing.add(manifest);
        drawing
    }

    fn add(&mut self, manifest: &Manifest) {
        for record in &manifest.rules.rules {
            for hop in &record.hops {
                let from = self.end(manifest, record, hop, true);
                let to = self.end(manifest, record, hop, false);
                let line = self.arrows.entry((from, to)).or_default();
                line.services.insert((hop.transport, hop.ports));
                line.rules.insert(record.rule.id.clone());
                line.names.insert(record.rule.flow.to.to_string());
            }
        }
    }

    /// The node at one end of a hop, made when it is met first.
    fn end(&mut self, manifest: &Manifest, record: &RuleRecord, hop: &HopRecord, is_source: bool) -> String {
        let (end, endpoint) = if is_source {
            (&hop.source, &record.rule.flow.from)
        } else {
            (&hop.destination, &record.rule.flow.to)
        };
        let proxy = match &hop.via {
            Via::FromProxy(proxy) if is_source => Some(proxy),
            Via::ToProxy(proxy) if !is_source => Some(proxy),
            _ => None,
        };
        let (id, label, kind) = match (&end.station, proxy, endpoint) {
            (Some(station), Some(_), _) => (station.to_string(), station.to_string(), NodeKind::Proxy),
            (Some(station), None, _) => (station.to_string(), station.to_string(), NodeKind::Host),
            (None, Some(proxy), _) => (proxy.to_string(), proxy.to_string(), NodeKind::Proxy),
            (None, None, Endpoint::Outside(role)) => {
                (format!("outside {role}"), role.to_string(), NodeKind::Outside)
            }
            (None, None, Endpoint::Role(role)) => {
                (format!("role {role}"), format!("{role} (no host)"), NodeKind::Host)
            }
            (None, None, _) => ("cloud".to_owned(), "Microsoft cloud".to_owned(), NodeKind::Cloud),
        };
        let zone = end.zone.as_ref().map(ToString::to_string);
        let node = self.nodes.entry(id.clone()).or_insert_with(|| Node {
            id: id.clone(),
            label,
            kind,
            zone,
            lines: Vec::new(),
        });
        // A proxy may be met first as a host that sends something itself.
        if kind == NodeKind::Proxy {
            node.kind = kind;
        }
        for line in lines(manifest, end, endpoint, kind) {
            if !node.lines.contains(&line) {
                node.lines.push(line);
            }
        }
        id
    }
}

/// The role and the addresses of a host; of the cloud nothing, since its names are in the arrows.
fn lines(manifest: &Manifest, end: &End, endpoint: &Endpoint, kind: NodeKind) -> Vec<String> {
    const PREFIXES: usize = 3;
    let mut lines = Vec::new();
    if kind == NodeKind::Host {
        lines.extend(endpoint.role().map(ToString::to_string));
    }
    if let (MatchedBy::Addresses(set), Some(_)) = (&end.by, &end.station)
        && let Some(set) = manifest.rules.address_sets.get(set)
    {
        let count = set.prefixes.prefixes().count();
        lines.extend(set.prefixes.prefixes().take(PREFIXES).map(Prefix::to_bare));
        lines.extend((count > PREFIXES).then(|| format!("and {} more", count - PREFIXES)));
    }
    lines
}
