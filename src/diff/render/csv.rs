//! A firewall change request: one flow a line that is to be added, removed or modified.

use std::collections::BTreeSet;

use csv::{QuoteStyle, Terminator, WriterBuilder};

use crate::catalog::{Demand, ReadEnd};
use crate::diff::{Category, Change, Difference, StatedFlow, Statement};
use crate::finding::{Code, Finding};
use crate::rule::{Endpoint, Scope};
use crate::target::{join, kind_and_name, safe_cell};

use super::words;

/// The columns; those that the target `csv` has too mean the same.
pub const COLUMNS: [&str; 26] = [
    "change",
    "category",
    "rule",
    "action",
    "direction",
    "source_role",
    "source_type",
    "source",
    "destination_type",
    "destination",
    "protocol",
    "port",
    "source_port",
    "need",
    "phase",
    "condition",
    "tls_inspection",
    "purpose",
    "scenarios",
    "clouds",
    "documents",
    "requirements",
    "documented_as",
    "interpreted",
    "was",
    "notes",
];

/// The change request. Applied to the flows of the old side it gives those of the new side, with their needs: wording is
/// left out, and so are negative facts, which never become a rule.
///
/// # Errors
/// `cannot-write`, which no difference brings about: all cells are texts.
pub fn csv(difference: &Difference) -> Result<Vec<u8>, Finding> {
    let mut writer = WriterBuilder::new()
        .terminator(Terminator::CRLF)
        .quote_style(QuoteStyle::Necessary)
        .from_writer(Vec::new());
    let cannot =
        |error: String| Finding::new(Code::CannotWrite, "the change request cannot be made").note(error);
    writer.write_record(COLUMNS).map_err(|error| cannot(error.to_string()))?;
    for change in difference.changes.iter().filter(|change| is_asked_for(change)) {
        let row = row(change, difference);
        let cells = row.iter().map(|cell| safe_cell(cell).into_owned());
        writer.write_record(cells).map_err(|error| cannot(error.to_string()))?;
    }
    writer.into_inner().map_err(|error| cannot(error.error().to_string()))
}

fn is_asked_for(change: &Change) -> bool {
    // A need that is said otherwise stands in the cells, even where it is asked for in the same cases.
    let need = change.wordings.iter().any(|wording| wording.of == "need");
    !change.is_negative() && (change.category != Category::Wording || need)
}

fn row(change: &Change, difference: &Difference) -> [String; 26] {
    let flow = &change.flow;
    let said = change.said();
    let each = |text: fn(&Statement) -> String| join(said.iter().map(text).collect::<BTreeSet<String>>());
    let (source_type, source) = kind(flow.from.as_ref());
    let (destination_type, destination) = kind(flow.to.as_ref());
    [
        verb(change).to_owned(),
        change.category.as_str().to_owned(),
        flow.rule().map(|rule| rule.to_string()).unwrap_or_default(),
        "allow".to_owned(),
        direction(flow).to_owned(),
        flow.from.as_ref().map(ToString::to_string).unwrap_or_default(),
        source_type.to_owned(),
        source,
        destination_type.to_owned(),
        destination,
        flow.transport.map(|transport| transport.to_string().to_uppercase()).unwrap_or_default(),
        flow.ports.to_string(),
        flow.source_ports.map(|ports| ports.to_string()).unwrap_or_default(),
        need(said).to_owned(),
        each(phases),
        each(Statement::condition),
        each(|statement| statement.tls_inspection.map_or_else(String::new, |word| word.as_str().to_owned())),
        each(|statement| statement.purpose.clone()),
        scenarios(change, difference),
        clouds(change, difference),
        words::documents(change, difference),
        each(|statement| statement.source.requirement.to_string()),
        each(|statement| statement.documented_as.clone()),
        join(said.iter().flat_map(|statement| &statement.interpreted)),
        was(change),
        notes(change),
    ]
}

fn verb(change: &Change) -> &'static str {
    match (change.old.is_empty(), change.new.is_empty()) {
        (true, _) => "add",
        (_, true) => "remove",
        _ => "modify",
    }
}

/// The kind and the name of an end, by the words of the target `csv`.
fn kind(end: Option<&ReadEnd>) -> (&'static str, String) {
    match end {
        None => ("", String::new()),
        Some(ReadEnd::Endpoint(endpoint)) => kind_and_name(endpoint),
        Some(ReadEnd::Template { template, .. }) => ("template", template.to_string()),
        Some(ReadEnd::CloudRanges) => ("ranges", "selected".to_owned()),
        Some(ReadEnd::List { document, .. }) => ("list", document.to_string()),
        Some(ReadEnd::Unstated) => ("unstated", String::new()),
    }
}

/// Which way the flow goes, seen from the site.
fn direction(flow: &StatedFlow) -> &'static str {
    let inside = |end: &Option<ReadEnd>| match end {
        Some(ReadEnd::Endpoint(endpoint)) => endpoint.role().is_some(),
        Some(ReadEnd::Template { at, .. }) => at.is_some(),
        _ => false,
    };
    match (flow.scope, inside(&flow.from), inside(&flow.to)) {
        (Scope::Local, ..) => "local",
        (Scope::Network, false, _) => "inbound",
        (Scope::Network, true, true) => "internal",
        (Scope::Network, true, false) => "outbound",
    }
}

/// The strongest need.
fn need(said: &[Statement]) -> &'static str {
    let required = said.iter().any(|statement| statement.demand == Demand::Required);
    if required { Demand::Required.as_str() } else { Demand::Optional.as_str() }
}

fn phases(statement: &Statement) -> String {
    if statement.phases.is_empty() {
        return "always".to_owned();
    }
    join(statement.phases.iter().map(|phase| phase.as_str()))
}

fn scenarios(change: &Change, difference: &Difference) -> String {
    if !change.scenarios.is_empty() {
        return join(change.scenarios.iter().map(ToString::to_string));
    }
    let side = if change.new.is_empty() { &difference.old } else { &difference.new };
    let other = if change.new.is_empty() { &difference.new } else { &difference.old };
    side.scenario.as_ref().or(other.scenario.as_ref()).map(ToString::to_string).unwrap_or_default()
}

fn clouds(change: &Change, difference: &Difference) -> String {
    if !change.clouds.is_empty() {
        return join(change.clouds.iter().map(ToString::to_string));
    }
    let side = if change.new.is_empty() { &difference.old } else { &difference.new };
    side.cloud.as_ref().map_or_else(|| "any".to_owned(), ToString::to_string)
}

/// What the old side says where it says it otherwise.
fn was(change: &Change) -> String {
    if verb(change) != "modify" {
        return String::new();
    }
    join(change.wordings.iter().map(|wording| format!("{}: {}", wording.of, wording.old)))
}

fn notes(change: &Change) -> String {
    let covered = !change.covered_by.is_empty() || change.category == Category::Corrected;
    let remark = covered.then(|| words::remark(change));
    let unstated = change.flow.to == Some(ReadEnd::Unstated);
    let unstated =
        unstated.then(|| "the text names no host: nothing can be opened by this line alone".to_owned());
    let template = matches!(change.flow.to, Some(ReadEnd::Template { .. }));
    let template = template.then(|| "fill in the part that only you know".to_owned());
    let at = match &change.flow.to {
        Some(
            ReadEnd::Endpoint(Endpoint::Host { at: Some(role), .. })
            | ReadEnd::Template { at: Some(role), .. },
        ) => Some(format!("answered by {role}")),
        _ => None,
    };
    join([remark, unstated, template, at].into_iter().flatten())
}
