//! Documents that had no edition at the date of a selection.

use crate::catalog::{Catalog, Document, Scenario};
use crate::finding::{Code, Finding, Severity};

use super::Selection;

/// A document that a selection asks for but that did not exist at its date.
pub(super) fn not_yet(
    catalog: &Catalog,
    document: &Document,
    scenario: &Scenario,
    selection: &Selection,
) -> Finding {
    let message = format!("{} has no edition of {} at that date", scenario.id, document.id());
    let first = document.editions().next().map(|first| format!("its first edition is of {first}"));
    Finding::new(Code::NoEdition, message)
        .severity(Severity::Warning)
        .note("the rules are those of the other documents")
        .maybe_help(first)
        .maybe_help(of_its_time(catalog, scenario, selection))
}

/// No document of a scenario existed at the date of the selection.
pub(super) fn no_edition(catalog: &Catalog, scenario: &Scenario, selection: &Selection) -> Finding {
    let first = scenario.primary.iter().filter_map(|id| catalog.document(id).ok()?.editions().next()).min();
    let date = selection.as_of.map_or_else(String::new, |date| format!(" at {date}"));
    let finding =
        Finding::new(Code::NoEdition, format!("no document of {} had an edition{date}", scenario.id));
    finding
        .maybe_help(first.map(|edition| format!("its first edition is of {edition}")))
        .maybe_help(of_its_time(catalog, scenario, selection))
}

/// The flags for documents that described the scenario at that date and are not selected, the newest edition first.
fn of_its_time(catalog: &Catalog, scenario: &Scenario, selection: &Selection) -> Option<String> {
    let mut found: Vec<_> = scenario
        .also
        .iter()
        .filter(|id| !selection.also.contains(*id))
        .filter_map(|id| Some((selection.edition_of(catalog.document(id).ok()?)?, id)))
        .collect();
    found.sort();
    let flags: Vec<String> =
        found.iter().rev().map(|(edition, id)| format!("--also={id} ({edition})")).collect();
    (!flags.is_empty()).then(|| format!("described then by {}", flags.join(", ")))
}
