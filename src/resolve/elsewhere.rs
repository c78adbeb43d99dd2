//! What living documents outside the selection state that the selected ones lack.

use crate::catalog::{Catalog, Edition, Scenario};
use crate::id::{DocumentId, ScenarioId};
use crate::rule::{Rule, RuleSet};

use super::gather::Gathering;
use super::{Selection, counts_as_also, selected_documents};

/// Needs of a document outside the selection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Elsewhere {
    /// Of which scenario.
    pub scenario: ScenarioId,
    /// That document.
    pub document: DocumentId,
    /// Its edition.
    pub edition: Edition,
    /// What it names more, such as `crl3.digicert.com:80`.
    pub names: Vec<String>,
}

/// Compares the rules with every living document of Microsoft that describes the scenarios and was not selected.
pub(super) fn elsewhere(
    catalog: &Catalog,
    selection: &Selection,
    scenarios: &[&Scenario],
    rules: &RuleSet,
) -> Vec<Elsewhere> {
    let mut found = Vec::new();
    for scenario in scenarios {
        let Ok(selected) = selected_documents(catalog, scenario, selection) else {
            continue;
        };
        for id in scenario.also.iter().filter(|id| !selected.contains(id)) {
            if counts_as_also(catalog, id).unwrap_or(false) {
                found.extend(missing(catalog, selection, scenario, id, rules));
            }
        }
    }
    found
}

fn missing(
    catalog: &Catalog,
    selection: &Selection,
    scenario: &Scenario,
    id: &DocumentId,
    rules: &RuleSet,
) -> Option<Elsewhere> {
    let document = catalog.document(id).ok()?;
    let edition = selection.edition_of(document)?;
    let mut gathering = Gathering::new(catalog, selection).ok()?;
    gathering.document(scenario, document, edition).ok()?;
    let theirs = gathering.finish().ok()?.rules;
    let names: Vec<String> = theirs
        .iter()
        .filter(|rule| !rules.iter().any(|ours| covers(ours, rule)))
        .map(|rule| format!("{}:{}", rule.flow.to, rule.flow.ports))
        .collect();
    (!names.is_empty()).then(|| Elsewhere {
        scenario: scenario.id.clone(),
        document: id.clone(),
        edition,
        names,
    })
}

/// Whether everything that `theirs` allows, `ours` allows too.
pub(crate) fn covers(ours: &Rule, theirs: &Rule) -> bool {
    let (ours, theirs) = (&ours.flow, &theirs.flow);
    let destination = match (ours.to.host(), theirs.to.host()) {
        (Some(wide), Some(narrow)) => {
            // A rule for some URLs of a host does not cover the host.
            wide.covers(narrow)
                && (!matches!(ours.to, crate::rule::Endpoint::Url { .. }) || ours.to == theirs.to)
        }
        _ => ours.to == theirs.to,
    };
    destination
        && ours.from == theirs.from
        && ours.transport == theirs.transport
        && ours.ports.covers(theirs.ports)
        && ours.scope == theirs.scope
        && ours
            .source_ports
            .is_none_or(|ports| theirs.source_ports.is_some_and(|narrow| ports.covers(narrow)))
}
