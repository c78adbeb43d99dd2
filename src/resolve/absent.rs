//! Documents that had no edition at the date of a selection.

use crate::catalog::{Catalog, Document, Scenario};
use crate::finding::{Code, Finding, Severity};

use super::Selection;

/// A document that a selection asks for but that did not exist at its date.
pub(super) fn not_yet(document: &Document, scenario: &Scenario) -> Finding {
    let message = format!("{} has no edition of {} at that date", scenario.id, document.id());
    let first = document.editions().next().map(|first| format!("its first edition is of {first}"));
    Finding::new(Code::NoEdition, message)
        .severity(Severity::Warning)
        .note("the rules are those of the other documents")
        .maybe_help(first)
}

/// No document of a scenario existed at the date of the selection.
pub(super) fn no_edition(catalog: &Catalog, scenario: &Scenario, selection: &Selection) -> Finding {
    let first = scenario.primary.iter().filter_map(|id| catalog.document(id).ok()?.editions().next()).min();
    let date = selection.as_of.map_or_else(String::new, |date| format!(" at {date}"));
    let finding =
        Finding::new(Code::NoEdition, format!("no document of {} had an edition{date}", scenario.id));
    finding.maybe_help(first.map(|edition| format!("its first edition is of {edition}")))
}
