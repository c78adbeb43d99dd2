//! The change request: what a firewall team has to add, remove and modify, connection by connection.

use std::collections::{BTreeMap, BTreeSet};

use crate::address::{Prefix, PrefixSet};
use crate::diff::build::{BuildDifference, SetChange};
use crate::finding::{Code, Finding};
use crate::manifest::Manifest;
use crate::target::json::{End, HopRecord, MatchedBy, RuleRecord, Via};
use crate::target::{flat, safe_cell};

const HEADER: [&str; 20] = [
    "site",
    "action",
    "rule",
    "via",
    "source",
    "source-zone",
    "source-addresses",
    "destination",
    "destination-zone",
    "destination-addresses",
    "transport",
    "ports",
    "source-ports",
    "need",
    "purpose",
    "documents",
    "added-addresses",
    "removed-addresses",
    "scenarios",
    "note",
];

/// One line for each connection that is added, removed or modified; RFC 4180 with CRLF, and no cell that a spreadsheet
/// takes for a formula.
///
/// # Errors
/// `cannot-write`, which only a full memory brings about.
pub fn csv(difference: &BuildDifference) -> Result<Vec<u8>, Finding> {
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    let failed = |error: &dyn std::fmt::Display| {
        Finding::new(Code::CannotWrite, "the change request cannot be written").note(error.to_string())
    };
    writer.write_record(HEADER).map_err(|error| failed(&error))?;
    for row in rows(difference) {
        writer
            .write_record(row.map(|cell| safe_cell(&flat(&cell)).into_owned()))
            .map_err(|error| failed(&error))?;
    }
    writer.into_inner().map_err(|error| failed(&error))
}

type Row = [String; HEADER.len()];

fn rows(difference: &BuildDifference) -> Vec<Row> {
    let mut rows = Vec::new();
    for manifest in &difference.added {
        rows.extend(Connections::of(manifest).0.values().map(|each| each.row(manifest, "add", None)));
    }
    for manifest in &difference.removed {
        rows.extend(Connections::of(manifest).0.values().map(|each| each.row(manifest, "remove", None)));
    }
    for site in &difference.sites {
        let (was, is) = (Connections::of(&site.old), Connections::of(&site.new));
        let keys: BTreeSet<&Key> = was.0.keys().chain(is.0.keys()).collect();
        for key in keys {
            match (was.0.get(key), is.0.get(key)) {
                (None, Some(new)) => rows.push(new.row(&site.new, "add", None)),
                (Some(old), None) => rows.push(old.row(&site.old, "remove", None)),
                (Some(old), Some(new)) if old.differs(new) => {
                    rows.push(new.row(&site.new, "modify", Some(old)));
                }
                _ => {}
            }
        }
        let stand_ins = site.sets.iter().filter(|set| site.new.stand_ins.contains_key(&set.name));
        rows.extend(stand_ins.map(|set| stand_in(set, &site.new)));
    }
    rows
}

/// What makes a connection the same one in both builds: rule, way and the hosts at its ends.
type Key = (String, String, String, String);

struct Connections<'m>(BTreeMap<Key, Connection<'m>>);

struct Connection<'m> {
    record: &'m RuleRecord,
    hop: &'m HopRecord,
    source: Option<&'m PrefixSet>,
    destination: Option<&'m PrefixSet>,
}

impl<'m> Connections<'m> {
    fn of(manifest: &'m Manifest) -> Self {
        let mut connections = BTreeMap::new();
        for record in &manifest.rules.rules {
            for hop in &record.hops {
                let station = |end: &End| end.station.as_ref().map(ToString::to_string).unwrap_or_default();
                let key = (
                    record.rule.id.to_string(),
                    via(&hop.via).to_owned(),
                    station(&hop.source),
                    station(&hop.destination),
                );
                let addresses = |end: &End| match &end.by {
                    MatchedBy::Addresses(set) => {
                        manifest.rules.address_sets.get(set).map(|set| &set.prefixes)
                    }
                    _ => None,
                };
                let (source, destination) = (addresses(&hop.source), addresses(&hop.destination));
                connections.insert(key, Connection { record, hop, source, destination });
            }
        }
        Self(connections)
    }
}

impl Connection<'_> {
    fn differs(&self, other: &Self) -> bool {
        let zones = |each: &Self| (each.hop.source.zone.clone(), each.hop.destination.zone.clone());
        (self.source, self.destination, self.hop.ports) != (other.source, other.destination, other.hop.ports)
            || zones(self) != zones(other)
            || self.hop.via != other.hop.via
    }

    fn row(&self, manifest: &Manifest, action: &str, before: Option<&Self>) -> Row {
        let rule = &self.record.rule;
        let gained = |side: fn(&Self) -> Option<&PrefixSet>, from: &Self, to: &Self| -> String {
            match (side(from), side(to)) {
                (Some(from), Some(to)) => join(to.difference(from).prefixes().map(Prefix::to_bare)),
                _ => String::new(),
            }
        };
        let both = |from: &Self, to: &Self| {
            let sides: [fn(&Self) -> Option<&PrefixSet>; 2] = [|each| each.source, |each| each.destination];
            join(sides.map(|side| gained(side, from, to)))
        };
        let note = before.map_or_else(String::new, |old| moved(old, self));
        [
            manifest.site.to_string(),
            action.to_owned(),
            rule.id.to_string(),
            via(&self.hop.via).to_owned(),
            name(&self.hop.source, &self.hop.via, &rule.flow.from.to_string(), Side::Source),
            self.hop.source.zone.as_ref().map(ToString::to_string).unwrap_or_default(),
            cell(self.source, &self.hop.source),
            name(&self.hop.destination, &self.hop.via, &rule.flow.to.to_string(), Side::Destination),
            self.hop.destination.zone.as_ref().map(ToString::to_string).unwrap_or_default(),
            cell(self.destination, &self.hop.destination),
            self.hop.transport.as_str().to_uppercase(),
            self.hop.ports.to_string(),
            self.hop.source_ports.map(|ports| ports.to_string()).unwrap_or_default(),
            rule.need.as_str().to_owned(),
            join(rule.purposes().into_iter().map(str::to_owned)),
            join(rule.citations.iter().map(crate::rule::Citation::source)),
            before.map_or_else(String::new, |old| both(old, self)),
            before.map_or_else(String::new, |old| both(self, old)),
            join(rule.citations.iter().map(|citation| citation.scenario.to_string())),
            note,
        ]
    }
}

/// Addresses that stand for names, once for all rules that have them.
fn stand_in(set: &SetChange, manifest: &Manifest) -> Row {
    let mut row: Row = Default::default();
    let list = |prefixes: &PrefixSet| join(prefixes.prefixes().map(Prefix::to_bare));
    let rules = join(set.rules.iter().map(ToString::to_string));
    let cells = [
        (0, manifest.site.to_string()),
        (1, "modify".to_owned()),
        (2, rules),
        (7, set.label()),
        (16, list(&set.added)),
        (17, list(&set.removed)),
        (19, "addresses in place of the names of these rules".to_owned()),
    ];
    for (column, text) in cells {
        if let Some(cell) = row.get_mut(column) {
            *cell = text;
        }
    }
    row
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Source,
    Destination,
}

/// The host at an end, or what the rule says of it.
fn name(end: &End, way: &Via, flow: &str, side: Side) -> String {
    match (way, side, &end.station) {
        (_, _, Some(station)) => station.to_string(),
        (Via::ToProxy(proxy), Side::Destination, None) | (Via::FromProxy(proxy), Side::Source, None) => {
            proxy.to_string()
        }
        _ => flow.to_owned(),
    }
}

fn cell(addresses: Option<&PrefixSet>, end: &End) -> String {
    match (addresses, &end.by) {
        (Some(prefixes), _) => join(prefixes.prefixes().map(Prefix::to_bare)),
        (None, MatchedBy::Any) => "any".to_owned(),
        (None, _) => String::new(),
    }
}

/// What changed of a connection beside its addresses.
fn moved(old: &Connection<'_>, new: &Connection<'_>) -> String {
    let mut notes = Vec::new();
    let zone = |end: &End| end.zone.as_ref().map_or_else(|| "no zone".to_owned(), ToString::to_string);
    for (what, old, new) in [
        ("source", &old.hop.source, &new.hop.source),
        ("destination", &old.hop.destination, &new.hop.destination),
    ] {
        if old.zone != new.zone {
            notes.push(format!("{what} moved from {} to {}", zone(old), zone(new)));
        }
    }
    if old.hop.ports != new.hop.ports {
        notes.push(format!("ports were {}", old.hop.ports));
    }
    if old.hop.via != new.hop.via
        && let (Via::ToProxy(old) | Via::FromProxy(old), Via::ToProxy(new) | Via::FromProxy(new)) =
            (&old.hop.via, &new.hop.via)
    {
        notes.push(format!("the proxy was {old}, and is {new}"));
    }
    join(notes)
}

fn via(way: &Via) -> &'static str {
    match way {
        Via::Direct => "direct",
        Via::ToProxy(_) => "to-proxy",
        Via::FromProxy(_) => "from-proxy",
    }
}

/// Texts with semicolons between, each once.
fn join(texts: impl IntoIterator<Item = String>) -> String {
    let mut once: Vec<String> = Vec::new();
    for text in texts {
        if !text.is_empty() && !once.contains(&text) {
            once.push(text);
        }
    }
    once.join("; ")
}
