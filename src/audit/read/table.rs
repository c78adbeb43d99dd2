//! Change requests (`csv`) and rule files (`json`): one clause a row, or a hop.

use std::collections::BTreeMap;

use crate::address::{PortRange, PrefixSet, Transport};
use crate::finding::{Finding, Findings};
use crate::host::{HostPattern, UrlPattern};
use crate::target::Settings;
use crate::target::json::{HopRecord, MatchedBy, RuleFile, Via};

use super::super::region::ports;
use super::super::{Action, At, Clause, Destination, Fallthrough, NameSet, Policy, Reach};
use super::{Beside, Configuration, address::block, unreadable};

fn empty() -> Policy {
    let why = "no row asks for it; what a firewall does besides is not in this file".to_owned();
    Policy { in_words: true, ..Policy::new(Fallthrough::Unknown(why)) }
}

fn clause(reach: Reach, at: At, name: String) -> Clause {
    Clause { action: Action::Allow, reaches: vec![reach], host: None, direction: None, at, name }
}

/// Sets that are too large for a cell, by name.
type Sets = BTreeMap<String, PrefixSet>;

/// Reads change requests with the columns that Portbook writes, in any order, and the lists of addresses beside them.
pub(super) fn read_csv(files: &[Configuration], _: &Settings, _: Beside<'_>) -> Result<Policy, Findings> {
    let mut tables = Vec::new();
    let mut sets = Sets::new();
    for file in files {
        let rows = rows(file)?;
        if rows.first().is_some_and(|(_, row)| row.contains_key("prefix")) {
            for (at, row) in rows {
                let cell = |key: &str| row.get(key).map(String::as_str).unwrap_or_default();
                let block = block(cell("prefix")).ok_or_else(|| unreadable(&at, "no prefix"))?;
                let set = sets.entry(cell("set").to_owned()).or_default();
                *set = set.union(&block);
            }
        } else {
            tables.extend(rows);
        }
    }
    let mut policy = empty();
    for (at, row) in tables {
        let (reach, name) = of_row(&at, &row, &sets)?;
        policy.clauses.push(clause(reach, at, name));
    }
    Ok(policy)
}

/// Cells by column.
type Row = BTreeMap<String, String>;

/// The rows of a table, with their lines.
fn rows(file: &Configuration) -> Result<Vec<(At, Row)>, Finding> {
    let text = file.text()?;
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let refuse = |error: &csv::Error| {
        let line = error.position().map_or(1, csv::Position::line);
        unreadable(&file.at(usize::try_from(line).unwrap_or(1)), format!("no CSV: {error}"))
    };
    let columns = reader.headers().map_err(|error| refuse(&error))?.clone();
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|error| refuse(&error))?;
        let line = record.position().map_or(1, csv::Position::line);
        // The quote in front keeps a spreadsheet from reading a cell as something else.
        let cell = |text: &str| text.strip_prefix('\'').unwrap_or(text).to_owned();
        let row = columns.iter().map(str::to_owned).zip(record.iter().map(cell)).collect();
        rows.push((file.at(usize::try_from(line).unwrap_or(1)), row));
    }
    Ok(rows)
}

fn of_row(at: &At, row: &Row, sets: &Sets) -> Result<(Reach, String), Finding> {
    let cell = |key: &str| {
        row.get(key)
            .map(String::as_str)
            .ok_or_else(|| unreadable(at, format!("the table has no column `{key}`")))
    };
    let refuse = |error: &dyn std::fmt::Display| unreadable(at, error);
    if cell("action")? != "allow" {
        return Err(unreadable(at, "a row that does not allow"));
    }
    let mut reach = Reach::ports(ports([PortRange::parse(cell("port")?).map_err(|error| refuse(&error))?]));
    reach.transport = Some(Transport::parse(cell("protocol")?).map_err(|error| refuse(&error))?);
    if !cell("source_port")?.is_empty() {
        let range = PortRange::parse(cell("source_port")?).map_err(|error| refuse(&error))?;
        reach.source_ports = Some(ports([range]));
    }
    match addresses(at, cell("source_addresses")?, sets)? {
        Some(set) => reach.region.from = set,
        None => reach.from_words = Some(words(cell("source_type")?, cell("source")?)),
    }
    let (kind, name) = (cell("destination_type")?, cell("destination")?);
    match (addresses(at, cell("destination_addresses")?, sets)?, kind) {
        (Some(set), _) if set == super::super::region::whole() => {}
        (Some(set), _) => reach.region.to = Destination::addresses(set),
        (None, "exact" | "wildcard" | "wildcard-and-apex" | "proxy") => {
            let pattern = HostPattern::parse(name).map_err(|error| refuse(&error))?;
            reach.region.to = Destination::names(NameSet::from(&pattern));
        }
        (None, "url") => {
            let url = UrlPattern::parse(name).map_err(|error| refuse(&error))?;
            reach.region.to = Destination::names(NameSet::from(&url.host));
            reach.to_words = Some(name.to_owned());
        }
        (None, kind) => reach.to_words = Some(words(kind, name)),
    }
    let zone = |text: &str| (!text.is_empty()).then(|| [text.to_owned()].into());
    (reach.from_zones, reach.to_zones) = (zone(cell("source_zone")?), zone(cell("destination_zone")?));
    let what = format!("{} -> {name}, {} {}", cell("source")?, cell("protocol")?, cell("port")?);
    Ok((reach, what))
}

/// Prefixes with semicolons between, `any`, or a set by name; nothing for an empty cell.
fn addresses(at: &At, cell: &str, sets: &Sets) -> Result<Option<PrefixSet>, Finding> {
    if cell.is_empty() {
        return Ok(None);
    }
    if cell == "any" {
        return Ok(Some(super::super::region::whole()));
    }
    if let Some((name, _)) = cell.split_once(" (") {
        let set = sets
            .get(name)
            .ok_or_else(|| unreadable(at, format!("the list of {name} is not among the files")))?;
        return Ok(Some(set.clone()));
    }
    let blocks = cell
        .split("; ")
        .map(|text| block(text).ok_or_else(|| unreadable(at, format!("`{text}` is no prefix"))));
    blocks.into_iter().try_fold(PrefixSet::default(), |all, block| Ok(all.union(&block?))).map(Some)
}

/// An end in words, as rules write it.
fn words(kind: &str, name: &str) -> String {
    match kind {
        "outside" => format!("outside:{name}"),
        "service-tag" => format!("tag:{name}"),
        "ranges" => format!("ranges:{name}"),
        _ => name.to_owned(),
    }
}

/// Reads rule files of this version; each must be consistent in itself.
pub(super) fn read_json(files: &[Configuration], _: &Settings, _: Beside<'_>) -> Result<Policy, Findings> {
    let mut policy = empty();
    for file in files {
        let text = file.text()?;
        let rules = RuleFile::parse_named(&file.name, &text)?;
        for record in &rules.rules {
            // Ids stand once as the id of a rule.
            let needle = format!("\"id\": \"{}\"", record.rule.id);
            let line = text
                .find(&needle)
                .map_or(1, |at| text.get(..at).unwrap_or_default().matches('\n').count() + 1);
            for hop in &record.hops {
                let name = format!("rule {}", record.rule.id);
                policy.clauses.push(clause(of_hop(hop, &record.rule.flow, &rules), file.at(line), name));
            }
        }
    }
    Ok(policy)
}

fn of_hop(hop: &HopRecord, flow: &crate::rule::Flow, rules: &RuleFile) -> Reach {
    let mut reach = Reach { transport: Some(hop.transport), ..Reach::ports(ports([hop.ports])) };
    reach.source_ports = hop.source_ports.map(|range| ports([range]));
    let set = |name: &str| rules.address_sets.get(name).map(|set| set.prefixes.clone()).unwrap_or_default();
    match &hop.source.by {
        MatchedBy::Addresses(name) => reach.region.from = set(name),
        MatchedBy::Any => {}
        MatchedBy::Host(_) | MatchedBy::Url(..) | MatchedBy::NotGiven => {
            reach.from_words = Some(match &hop.via {
                Via::FromProxy(proxy) => proxy.host.to_string(),
                _ => flow.from.to_string(),
            });
        }
    }
    match &hop.destination.by {
        MatchedBy::Addresses(name) => reach.region.to = Destination::addresses(set(name)),
        MatchedBy::Any => {}
        MatchedBy::Host(pattern) => reach.region.to = Destination::names(NameSet::from(pattern)),
        MatchedBy::Url(host, path) => {
            reach.region.to = Destination::names(NameSet::from(host));
            reach.to_words = Some(format!("{host}{path}"));
        }
        MatchedBy::NotGiven => {
            reach.to_words = Some(match &hop.via {
                Via::ToProxy(proxy) => proxy.host.to_string(),
                _ => flow.to.to_string(),
            });
        }
    }
    let zone = |zone: &Option<crate::id::ZoneId>| zone.as_ref().map(|zone| [zone.to_string()].into());
    (reach.from_zones, reach.to_zones) = (zone(&hop.source.zone), zone(&hop.destination.zone));
    reach
}
