//! Change requests (`csv`) and rule files (`json`): one clause a row, or a hop.

use std::collections::BTreeMap;

use crate::address::PrefixSet;
use crate::finding::{Finding, Findings};
use crate::target::Settings;
use crate::target::json::{HopRecord, MatchedBy, RuleFile, Via};

use super::super::region::ports;
use super::super::{At, Clause, Destination, NameSet, Policy, Reach};
use super::hop::{End, Hop, Sets, allowing, empty, together};
use super::{Beside, Configuration, address::block, unreadable};

/// Reads change requests with the columns that Portbook writes, in any order, and the lists of addresses beside them.
pub(super) fn read_csv(files: &[Configuration], _: &Settings, _: Beside<'_>) -> Result<Policy, Findings> {
    let mut tables = Vec::new();
    let mut lists: BTreeMap<String, Vec<PrefixSet>> = BTreeMap::new();
    for file in files {
        let rows = rows(file)?;
        if rows.first().is_some_and(|(_, row)| row.contains_key("prefix")) {
            for (at, row) in rows {
                let cell = |key: &str| row.get(key).map(String::as_str).unwrap_or_default();
                let block = block(cell("prefix")).ok_or_else(|| unreadable(&at, "no prefix"))?;
                lists.entry(cell("set").to_owned()).or_default().push(block);
            }
        } else {
            tables.extend(rows);
        }
    }
    let sets: Sets = lists.into_iter().map(|(name, blocks)| (name, together(&blocks))).collect();
    let mut policy = empty();
    for (at, row) in tables {
        policy.clauses.push(of_row(&at, &row, &sets)?);
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

fn of_row(at: &At, row: &Row, sets: &Sets) -> Result<Clause, Finding> {
    let cell = |key: &str| {
        row.get(key)
            .map(String::as_str)
            .ok_or_else(|| unreadable(at, format!("the table has no column `{key}`")))
    };
    let end = |kind: &str, name: &str, addresses: &str, zone: &str| {
        Ok(End { kind: cell(kind)?, name: cell(name)?, addresses: cell(addresses)?, zone: cell(zone)? })
    };
    if cell("action")? != "allow" {
        return Err(unreadable(at, "a row that does not allow"));
    }
    let hop = Hop {
        transport: cell("protocol")?,
        ports: cell("port")?,
        source_ports: cell("source_port")?,
        source: end("source_type", "source", "source_addresses", "source_zone")?,
        destination: end("destination_type", "destination", "destination_addresses", "destination_zone")?,
    };
    hop.clause(at.clone(), sets).map_err(|why| unreadable(at, why))
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
                policy.clauses.push(allowing(of_hop(hop, &record.rule.flow, &rules), file.at(line), name));
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
