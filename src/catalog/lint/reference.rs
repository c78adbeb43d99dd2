//! What one file says about another.

use std::collections::{BTreeMap, BTreeSet};

use crate::catalog::{Catalog, Document, Edition, EndKind, Life, Requirement};
use crate::finding::{Code, Finding, Findings, Place, Severity, nearest};
use crate::id::{DocumentId, RequirementId, ScenarioId};

use super::Text;

/// References between requirements, documents and scenarios.
pub(super) fn lint(catalog: &Catalog, texts: &[Text<'_>]) -> Findings {
    let mut findings = Findings::new();
    for text in texts {
        for requirement in &text.says.requirements {
            same_as(text, requirement, &mut findings);
            for (id, place) in delegated(requirement) {
                if let Err(finding) = catalog.document(id) {
                    findings.push(Finding { code: Code::UnknownReference, ..finding }.at(place.clone()));
                }
            }
            unlisted(catalog, text, &requirement.scenarios, &requirement.place, &mut findings);
        }
        for prerequisite in &text.says.prerequisites {
            unlisted(catalog, text, &prerequisite.scenarios, &prerequisite.place, &mut findings);
        }
    }
    for document in catalog.documents() {
        if let Ok(Life::SupersededBy { document: by, .. }) = catalog.about(document).map(|about| &about.life)
            && let Err(finding) = catalog.document(by)
        {
            let finding = Finding { code: Code::UnknownReference, ..finding };
            findings.push(finding.note(format!("{} is superseded by it", document.id())));
        }
    }
    scenarios(catalog, &mut findings);
    loops(catalog, texts, &mut findings);
    findings
}

/// `same-as` names requirements of the same edition.
fn same_as(text: &Text<'_>, requirement: &Requirement, findings: &mut Findings) {
    let read = requirement.flows.iter().filter_map(|flow| flow.reading.to.as_ref());
    for id in read.flat_map(|read| &read.same_as) {
        if text.says.requirement(id).is_none() {
            let known = text.says.requirements.iter().map(|each| each.id.as_str());
            let help = nearest(id.as_str(), known).map(|name| format!("did you mean `{name}`?"));
            let message = format!("{} has no requirement `{id}`", text.name());
            let finding = Finding::new(Code::UnknownReference, message).at(requirement.place.clone());
            findings.push(finding.maybe_help(help));
        }
    }
}

/// The documents whose hosts a requirement takes over, and where it says so.
fn delegated(requirement: &Requirement) -> impl Iterator<Item = (&DocumentId, &Place)> {
    requirement.flows.iter().flat_map(|flow| {
        let lists = flow.to.iter().filter_map(|end| match &end.kind {
            EndKind::List { document, .. } => Some((document, &end.place)),
            _ => None,
        });
        let read = flow.reading.to.iter().flat_map(|read| &read.hosts_of);
        lists.chain(read.map(|document| (document, &requirement.place)))
    })
}

/// A requirement or prerequisite of a scenario that never reads the document.
fn unlisted(
    catalog: &Catalog,
    text: &Text<'_>,
    scenarios: &[ScenarioId],
    place: &Place,
    findings: &mut Findings,
) {
    let listing: Vec<_> = catalog.scenarios_of(text.document.id()).collect();
    for scenario in scenarios.iter().filter(|scenario| !listing.contains(scenario)) {
        let message = format!("scenario {scenario} does not list {}", text.document.id());
        super::push_once(
            findings,
            Finding::new(Code::DocumentNotListed, message)
                .at(place.clone())
                .help("name the document in scenarios.yaml, under `primary` or `also`; an addition can bring a scenario of its own"),
        );
    }
}

/// Scenarios that nothing documents.
fn scenarios(catalog: &Catalog, findings: &mut Findings) {
    for scenario in &catalog.registries().scenarios {
        let documents = scenario.primary.iter().filter_map(|id| catalog.document(id).ok());
        if documents.flat_map(Document::editions).next().is_none() {
            let message = format!("no document of {} has an edition", scenario.id);
            findings.push(Finding::new(Code::NoEdition, message).severity(Severity::Warning));
        }
    }
}

/// Delegated lists that run in a circle at some date.
fn loops(catalog: &Catalog, texts: &[Text<'_>], findings: &mut Findings) {
    let dates: BTreeSet<Edition> = texts.iter().map(|text| text.edition).collect();
    let mut seen: BTreeSet<BTreeSet<&DocumentId>> = BTreeSet::new();
    for date in dates {
        let graph = graph(texts, date);
        for start in graph.keys() {
            let Some(way) = circle(&graph, start, &mut Vec::new()) else {
                continue;
            };
            if seen.insert(way.iter().copied().collect()) {
                let names: Vec<&str> = way.iter().map(|id| id.as_str()).collect();
                let message = format!("delegated lists run in a circle: {} -> {start}", names.join(" -> "));
                let note = format!("in the editions of {}", date.date());
                let finding = Finding::new(Code::ListLoop, message)
                    .note(note)
                    .help("one of them has to name its hosts itself");
                findings.push(match place(catalog, texts, date, start) {
                    Some((requirement, place)) => {
                        finding.labelled(place, format!("`{requirement}` starts it"))
                    }
                    None => finding,
                });
            }
        }
    }
}

type Graph<'a> = BTreeMap<&'a DocumentId, BTreeSet<&'a DocumentId>>;

/// Which document takes over hosts of which, in the editions that count at a date.
fn graph<'a>(texts: &[Text<'a>], date: Edition) -> Graph<'a> {
    let mut graph = Graph::new();
    for text in texts.iter().filter(|text| counts(texts, text, date)) {
        let says = text.says;
        let others = says.requirements.iter().flat_map(delegated).map(|(id, _)| id).collect();
        graph.insert(text.document.id(), others);
    }
    graph
}

/// Whether a text is the one of its document that counts at a date; before the first one that one does.
fn counts(texts: &[Text<'_>], text: &Text<'_>, date: Edition) -> bool {
    let own =
        || texts.iter().filter(|other| other.document.id() == text.document.id()).map(|other| other.edition);
    let newest = own().filter(|edition| *edition <= date).max().or_else(|| own().min());
    newest == Some(text.edition)
}

/// A way from `at` back to where it began.
fn circle<'a>(
    graph: &Graph<'a>,
    at: &'a DocumentId,
    way: &mut Vec<&'a DocumentId>,
) -> Option<Vec<&'a DocumentId>> {
    if way.first() == Some(&at) {
        return Some(way.clone());
    }
    if way.contains(&at) {
        return None;
    }
    way.push(at);
    let found = graph.get(at).into_iter().flatten().find_map(|next| circle(graph, next, way));
    way.pop();
    found
}

fn place(
    catalog: &Catalog,
    texts: &[Text<'_>],
    date: Edition,
    id: &DocumentId,
) -> Option<(RequirementId, Place)> {
    let document = catalog.document(id).ok()?;
    let text = texts.iter().find(|text| text.document.id() == document.id() && counts(texts, text, date))?;
    let requirement = text.says.requirements.iter().find(|each| delegated(each).next().is_some())?;
    Some((requirement.id.clone(), requirement.place.clone()))
}
