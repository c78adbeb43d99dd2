//! What living documents outside the selection state that the selected ones lack.

use crate::address::Transport;
use crate::catalog::{Catalog, Edition, Scenario};
use crate::finding::{Code, Finding, Findings};
use crate::id::{DocumentId, ScenarioId};
use crate::rule::{Flow, Rule, RuleSet};

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
    /// Why the documents of the selection are the primary ones of the scenario, as scenarios.yaml says.
    pub because: Option<String>,
}

/// Compares the rules with every living document of Microsoft that describes the scenarios and was not selected.
pub(super) fn elsewhere(
    catalog: &Catalog,
    selection: &Selection,
    scenarios: &[&Scenario],
    rules: &RuleSet,
    findings: &mut Findings,
) -> Vec<Elsewhere> {
    let mut found = Vec::new();
    for scenario in scenarios {
        let Ok(selected) = selected_documents(catalog, scenario, selection) else {
            continue;
        };
        for id in scenario.also.iter().filter(|id| !selected.contains(id)) {
            if counts_as_also(catalog, id).unwrap_or(false) {
                match missing(catalog, selection, scenario, id, rules) {
                    Ok(missing) => found.extend(missing),
                    Err(errors) => findings.push(uncompared(id, &errors)),
                }
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
) -> Result<Option<Elsewhere>, Findings> {
    let document = catalog.document(id)?;
    let Some(edition) = selection.edition_of(document) else {
        return Ok(None);
    };
    let mut gathering = Gathering::new(catalog, selection)?;
    gathering.document(scenario, document, edition)?;
    let theirs = gathering.finish()?.rules;
    let names: Vec<String> = theirs
        .iter()
        .filter(|rule| !rules.iter().any(|ours| covers(ours, rule)))
        .map(|rule| name(&rule.flow))
        .collect();
    let because = scenario.because.clone();
    let found = Elsewhere { scenario: scenario.id.clone(), document: id.clone(), edition, names, because };
    Ok((!found.names.is_empty()).then_some(found))
}

/// `crl3.digicert.com:80`; a transport other than TCP is what may be told apart.
fn name(flow: &Flow) -> String {
    let name = format!("{}:{}", flow.to, flow.ports);
    if flow.transport == Transport::Tcp { name } else { format!("{name}/{}", flow.transport) }
}

/// Silence would look as if the document said nothing more.
fn uncompared(id: &DocumentId, errors: &Findings) -> Finding {
    let finding = Finding::new(
        Code::DocumentedElsewhere,
        format!("{id} was not compared: it cannot be resolved as selected"),
    );
    errors.iter().fold(finding, |finding, error| finding.note(error.message.clone()))
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
