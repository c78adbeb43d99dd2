//! The parts of a report as their templates see them: anchors, links and the attributes by which the script filters.

mod address;
mod change;
mod rule;

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::{ArtifactRow, Report, RuleRow};

pub(super) use address::addresses;
pub(super) use change::Changes;
pub(super) use rule::groups;

/// Destinations that a row shows; the others are folded.
const DESTINATIONS: usize = 6;
/// Citations that a row shows.
const CITATIONS: usize = 4;

/// The targets of all reports, and by which token the script knows them.
pub(super) struct Targets<'a>(BTreeMap<&'a str, String>);

impl<'a> Targets<'a> {
    /// The targets that anything in the reports names.
    pub(super) fn of(reports: &'a [Report]) -> Self {
        let mut names = BTreeSet::new();
        for report in reports {
            let entries = report.changes.iter().flat_map(|section| &section.entries);
            names.extend(entries.flat_map(|entry| &entry.targets).map(String::as_str));
            names.extend(report.rules.rows.iter().flat_map(rule_targets));
            names.extend(report.artifacts.iter().map(|row| row.target.as_str()));
        }
        Self(names.into_iter().enumerate().map(|(at, name)| (name, format!("t{at}"))).collect())
    }

    /// Token and name of each, by name.
    pub(super) fn choices(&self) -> Vec<Choice> {
        self.0.iter().map(|(name, token)| Choice { token: token.clone(), name: (*name).to_owned() }).collect()
    }

    fn tokens<'t>(&self, names: impl IntoIterator<Item = &'t str>) -> Vec<String> {
        let names: BTreeSet<&str> = names.into_iter().collect();
        names.into_iter().filter_map(|name| self.0.get(name).cloned()).collect()
    }
}

fn rule_targets(row: &RuleRow) -> impl Iterator<Item = &str> {
    row.targets.iter().chain(row.losses.iter().map(|loss| &loss.target)).map(String::as_str)
}

/// Something to choose by.
#[derive(Debug, Serialize)]
pub(super) struct Choice {
    token: String,
    name: String,
}

impl Choice {
    pub(super) fn new(token: &str, name: &str) -> Self {
        Self { token: token.to_owned(), name: name.to_owned() }
    }
}

/// A list whose beginning is shown and whose rest is folded.
#[derive(Debug, Serialize)]
struct Folded<T> {
    head: Vec<T>,
    rest: Vec<T>,
    more: usize,
}

impl<T> Folded<T> {
    fn of(mut list: Vec<T>, limit: usize) -> Self {
        // Folding one away saves no line.
        let rest = if list.len() > limit + 1 { list.split_off(limit) } else { Vec::new() };
        Self { head: list, more: rest.len(), rest }
    }
}

/// A rule's id, and where in the page it stands.
#[derive(Debug, Serialize)]
pub(super) struct RuleLink {
    id: String,
    anchor: Option<String>,
}

/// Where the rules of a report stand, by id; the first of equal ones.
pub(super) struct Anchors(BTreeMap<String, String>);

impl Anchors {
    pub(super) fn of(report: &Report, prefix: &str) -> Self {
        let ids = report.rules.rows.iter().enumerate().rev();
        Self(ids.map(|(at, row)| (row.id.clone(), format!("{prefix}-rule-{at}"))).collect())
    }

    pub(super) fn links(&self, ids: &[String]) -> Vec<RuleLink> {
        ids.iter().map(|id| RuleLink { id: id.clone(), anchor: self.0.get(id).cloned() }).collect()
    }
}

/// A generated file.
#[derive(Debug, Serialize)]
pub(super) struct Artifact<'a> {
    row: &'a ArtifactRow,
    tokens: Vec<String>,
}

/// The generated files, in the order given.
pub(super) fn artifacts<'a>(report: &'a Report, targets: &Targets<'_>) -> Vec<Artifact<'a>> {
    let artifact = |row: &'a ArtifactRow| Artifact { row, tokens: targets.tokens([row.target.as_str()]) };
    report.artifacts.iter().map(artifact).collect()
}
