//! Sets that are too large for a cell: summed up in one file, listed in the other.

use std::collections::{BTreeMap, BTreeSet};

use crate::address::{Family, Prefix, PrefixSet};
use crate::finding::Finding;

use super::super::super::At;
use super::super::hop::{Sets, named_set};
use super::super::unreadable;
use super::section::{Row, Table};

/// A set as its list has it.
struct List {
    at: At,
    /// How many lines it has.
    lines: usize,
    prefixes: PrefixSet,
}

/// Lists, and what is said of them elsewhere.
#[derive(Default)]
pub(super) struct Lists {
    lists: BTreeMap<String, List>,
    /// Number of prefixes, of IPv4 and of IPv6 addresses.
    summaries: BTreeMap<String, (At, [String; 3])>,
}

impl Lists {
    /// Takes the list below a heading, from the code block at `block`.
    pub(super) fn list(&mut self, at: At, name: String, block: &At, lines: &str) -> Result<(), Finding> {
        let prefix = |(number, line): (usize, &str)| {
            Prefix::parse(line).map_err(|error| {
                let at = At { line: block.line + 1 + number, ..block.clone() };
                unreadable(&at, format!("no line of a list: {error}"))
            })
        };
        let prefixes = lines.lines().enumerate().map(prefix).collect::<Result<PrefixSet, _>>()?;
        if let Some(first) = self.lists.get(&name) {
            return Err(unreadable(&at, format!("{name} is listed a second time, after {}", first.at)));
        }
        self.lists.insert(name, List { at, lines: lines.lines().count(), prefixes });
        Ok(())
    }

    /// Takes a row of the table that sums them up.
    pub(super) fn summary(&mut self, table: &Table, row: &Row) -> Result<(), Finding> {
        let cell = |column: &str| table.text(row, column).map(str::to_owned);
        let counts = [cell("Prefixes")?, cell("IPv4 addresses")?, cell("IPv6 addresses")?];
        let name = cell("Set")?;
        match self.summaries.insert(name.clone(), (row.at.clone(), counts)) {
            Some((first, _)) => {
                Err(unreadable(&row.at, format!("{name} is summed up a second time, after {first}")))
            }
            None => Ok(()),
        }
    }

    /// The sets, each summed up as it is listed.
    pub(super) fn checked(self) -> Result<Listed, Finding> {
        for (name, (at, counts)) in &self.summaries {
            let list = self.lists.get(name).ok_or_else(|| missing(at, name))?;
            let [v4, v6] = [Family::V4, Family::V6].map(|family| list.prefixes.count(family).to_string());
            if *counts != [list.lines.to_string(), v4, v6] {
                let why =
                    format!("the list of {name} ({}) does not have as many prefixes and addresses", list.at);
                return Err(unreadable(at, why));
            }
        }
        if let Some((name, list)) = self.lists.iter().find(|(name, _)| !self.summaries.contains_key(*name)) {
            return Err(unreadable(
                &list.at,
                format!("a list of {name}, which is not summed up below `Addresses`"),
            ));
        }
        let places = self.lists.iter().map(|(name, list)| (name.clone(), (list.at.clone(), list.lines)));
        let places = places.collect();
        let sets = self.lists.into_iter().map(|(name, list)| (name, list.prefixes)).collect();
        Ok(Listed { sets, places })
    }
}

fn missing(at: &At, name: &str) -> Finding {
    let why =
        format!("the list of {name} is not among the files: name the .addresses.md beside this file, too");
    unreadable(at, why)
}

/// How many prefixes all rows together may have: each row has its sets by itself, and so a long list with many rows would
/// take gigabytes. The largest ranges of a cloud have a hundred thousand.
const MOST: usize = 20_000_000;

/// What rows name.
#[derive(Default)]
pub(super) struct Named {
    names: BTreeSet<String>,
    /// Counted for each row.
    prefixes: usize,
}

impl Named {
    fn count(&mut self, at: &At, prefixes: usize, rows: usize) -> Result<(), Finding> {
        self.prefixes = self.prefixes.saturating_add(prefixes.saturating_mul(rows));
        if self.prefixes > MOST {
            return Err(unreadable(at, format!("rows up to here have more than {MOST} prefixes in all")));
        }
        Ok(())
    }
}

/// Sets that are listed and summed up alike.
pub(super) struct Listed {
    pub(super) sets: Sets,
    places: BTreeMap<String, (At, usize)>,
}

impl Listed {
    /// Checks what the addresses of some rows say of a set, if they name one, and notes it.
    pub(super) fn check(&self, at: &At, cell: &str, rows: usize, named: &mut Named) -> Result<(), Finding> {
        let Some((name, said)) = named_set(cell) else {
            return named.count(at, cell.matches("; ").count(), rows);
        };
        let (_, lines) = self.places.get(name).ok_or_else(|| missing(at, name))?;
        if said != format!("{lines} prefixes: see Addresses") {
            return Err(unreadable(at, format!("{name} has {lines} prefixes, and `{said}` is said of it")));
        }
        named.names.insert(name.to_owned());
        named.count(at, *lines, rows)
    }

    /// Refuses a set that nothing names.
    pub(super) fn all_named(&self, named: &Named) -> Result<(), Finding> {
        match self.places.iter().find(|(name, _)| !named.names.contains(*name)) {
            Some((name, (at, _))) => Err(unreadable(at, format!("a list of {name}, which no rule names"))),
            None => Ok(()),
        }
    }
}
