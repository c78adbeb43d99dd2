//! Portbook's own review texts, as a renderer of GitHub Flavored Markdown shows them: a table of rules below each heading with
//! its source, and lists of addresses. Other texts are free; a table, heading or list that is not understood is refused.

mod block;
mod bounds;
mod row;
mod section;
mod sets;

use std::collections::BTreeSet;

use crate::finding::{Finding, Findings};
use crate::target::Settings;

use super::super::{At, Policy};
use super::hop::empty;
use super::{Beside, Configuration, unreadable};
use row::Rules;
use section::{Body, Section, Table, sections};
use sets::{Lists, Named};

/// The columns that say what is allowed.
const DECIDE: [&str; 2] = ["Destination", "Addresses"];
/// The columns that a table of rules may have besides.
const BESIDES: [&str; 9] =
    ["Zone", "For", "Need", "When", "TLS inspection", "Purpose", "Source", "Notes", "Rule"];
/// The columns of the table that sums up large sets, and the heading above it.
const SUMMARY: ([&str; 5], &str) =
    (["Set", "Basis", "Prefixes", "IPv4 addresses", "IPv6 addresses"], "Addresses");
/// The columns of the table of rules without a line, and the heading above it.
const LEFT_OUT: ([&str; 2], &str) = (["Rule", "Why"], "Not written");

/// Reads review texts and the lists of addresses beside them. What is not understood could be anything to a reader, so no
/// part of such a file is judged.
pub(super) fn read(files: &[Configuration], _: &Settings, _: Beside<'_>) -> Result<Policy, Findings> {
    let mut parts = Parts::default();
    for file in files {
        for section in sections(file)? {
            parts.add(section)?;
        }
    }
    if parts.rules.is_empty() {
        let at = files.first().map_or_else(|| At { file: "-".into(), line: 1 }, |file| file.at(1));
        let why =
            "there is no table of rules; the file that has one is named without .addresses in front of .md";
        return Err(unreadable(&at, why).into());
    }
    Ok(parts.policy()?)
}

/// What the files have, whatever their order.
#[derive(Default)]
struct Parts {
    rules: Vec<Rules>,
    lists: Lists,
}

impl Parts {
    fn add(&mut self, section: Section) -> Result<(), Finding> {
        let Section { at, heading, source, body } = section;
        match body {
            Some(Body::Table(table)) if table.kind()? == Kind::Rules => {
                let source =
                    source.ok_or_else(|| unreadable(&at, "no `Source:` stands between heading and table"))?;
                self.rules.push(Rules::of(&at, &heading, &source, table)?);
                Ok(())
            }
            None => Err(unreadable(&at, format!("neither a table nor a list stands below `{heading}`"))),
            Some(_) if let Some((at, _)) = source => {
                Err(unreadable(&at, "a source of what is no table of rules"))
            }
            Some(Body::List(block, lines)) => self.lists.list(at, heading, &block, &lines),
            Some(Body::Table(table)) if table.kind()? == Kind::Summary => {
                below(&at, &heading, SUMMARY.1)?;
                table.rows.iter().try_for_each(|row| self.lists.summary(&table, row))
            }
            Some(Body::Table(_)) => below(&at, &heading, LEFT_OUT.1),
        }
    }

    /// The clauses, with every set in its place.
    fn policy(self) -> Result<Policy, Finding> {
        let sets = self.lists.checked()?;
        let mut named = Named::default();
        let mut policy = empty();
        for rules in &self.rules {
            policy.clauses.extend(rules.clauses(&sets, &mut named)?);
        }
        sets.all_named(&named)?;
        Ok(policy)
    }
}

fn below(at: &At, heading: &str, wanted: &str) -> Result<(), Finding> {
    if heading == wanted {
        return Ok(());
    }
    Err(unreadable(at, format!("`{heading}` stands above a table that Portbook puts below `{wanted}`")))
}

/// What a table is, by the names of its columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Rules,
    Summary,
    LeftOut,
}

impl Table {
    fn kind(&self) -> Result<Kind, Finding> {
        let columns: BTreeSet<&str> = self.columns.iter().map(String::as_str).collect();
        let refuse = |why: String| Err(unreadable(&self.at, why));
        if columns.len() < self.columns.len() {
            return refuse("two columns of the table have one name".to_owned());
        }
        if columns == BTreeSet::from(SUMMARY.0) {
            return Ok(Kind::Summary);
        }
        if columns == BTreeSet::from(LEFT_OUT.0) {
            return Ok(Kind::LeftOut);
        }
        if let Some(missing) = DECIDE.iter().find(|column| !columns.contains(*column)) {
            return refuse(format!("the table has no column `{missing}`"));
        }
        let known = |column: &&&str| DECIDE.contains(*column) || BESIDES.contains(*column);
        match columns.iter().find(|column| !known(column)) {
            Some(other) => refuse(format!("a column `{other}`, which Portbook does not write")),
            None => Ok(Kind::Rules),
        }
    }
}
