//! Destinations that stand elsewhere: in other requirements of the text, or in other documents.

use std::fmt;

use crate::catalog::{Catalog, DocumentedFlow, DocumentedPorts, End, PortText, ReadDestination, Requirement};
use crate::finding::{Code, Finding, Findings, Severity};
use crate::id::{DocumentId, RequirementId};
use crate::rule::{Endpoint, Interpretation};

use super::destination::{Asked, Destination, Listed};
use super::gather::{Current, Gathering};
use super::left_out::words;
use super::port::one_port_words;

/// The references that led to where a list is being read.
#[derive(Debug, Default)]
pub(super) struct Way(Vec<Reference>);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Reference {
    Document(DocumentId),
    Requirement(DocumentId, RequirementId),
}

/// References may lead further; more than this is a circle that [`Way::enter`] missed.
const DEPTH: usize = 16;

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Document(id) => write!(f, "{id}"),
            Self::Requirement(_, id) => write!(f, "{id}"),
        }
    }
}

impl Way {
    fn enter(&mut self, next: Reference, to: &End) -> Result<(), Finding> {
        if self.0.contains(&next) || self.0.len() > DEPTH {
            let way: Vec<String> = self.0.iter().map(ToString::to_string).collect();
            let message = format!("references run in a circle: {} -> {next}", way.join(" -> "));
            return Err(Finding::new(Code::ListLoop, message).at(to.place.clone()));
        }
        self.0.push(next);
        Ok(())
    }

    fn leave(&mut self) {
        self.0.pop();
    }
}

impl Gathering<'_> {
    /// What a destination that a text leaves out is read as.
    pub(super) fn read(
        &mut self,
        asked: Asked<'_>,
        read: &ReadDestination,
        to: &End,
        way: &mut Way,
    ) -> Result<Vec<Destination>, Findings> {
        let mut found = Vec::new();
        for id in &read.same_as {
            found.extend(self.same_as(asked, id, to, way)?);
        }
        for id in &read.hosts_of {
            found.extend(self.delegated(asked, id, to, &read.because, way)?);
        }
        for host in &read.hosts {
            found.extend(self.host(host, to)?);
        }
        for destination in &mut found {
            destination.documented_as.clone_from(&to.documented_as);
            // A delegated one says it already, with the list and its edition.
            if !destination.interpreted.iter().any(|reading| reading.because.starts_with(&read.because)) {
                destination
                    .interpreted
                    .push(Interpretation { of: "destination", because: read.because.clone() });
            }
        }
        Ok(found)
    }

    /// The destinations of another requirement of the same text, whatever their ports. Whether that one is optional
    /// or of another phase says nothing about its hosts; where its condition does not hold, they are not in use.
    fn same_as(
        &mut self,
        asked: Asked<'_>,
        id: &RequirementId,
        to: &End,
        way: &mut Way,
    ) -> Result<Vec<Destination>, Findings> {
        let Some((document, edition)) = asked.edition else {
            return Ok(Vec::new());
        };
        let text = document.edition(edition, self.catalog.registries())?;
        let Some(requirement) = text.requirement(id) else {
            let message = format!("{} {edition} has no requirement `{id}`", document.id());
            return Err(Finding::new(Code::UnknownReference, message).at(to.place.clone()).into());
        };
        let truth = self.truth(requirement);
        if !truth.holds || !requirement.holds_in(&self.selection.cloud) {
            return Ok(Vec::new());
        }
        way.enter(Reference::Requirement(document.id().clone(), id.clone()), to)?;
        let mut found = self.all_destinations(asked, requirement, false, way)?;
        way.leave();
        for destination in &mut found {
            destination.assumed.extend(truth.assumed.iter().cloned());
        }
        Ok(found)
    }

    /// The destinations of another document on the port that is asked for, at the edition that the selection takes;
    /// before its first edition that one.
    pub(super) fn delegated(
        &mut self,
        asked: Asked<'_>,
        id: &DocumentId,
        to: &End,
        because: &str,
        way: &mut Way,
    ) -> Result<Vec<Destination>, Findings> {
        let document = self.catalog.document(id).map_err(|finding| finding.at(to.place.clone()))?;
        let taken = self.selection.edition_of(document);
        let Some(edition) = taken.or_else(|| document.editions().next()) else {
            return Ok(Vec::new());
        };
        let catalog: &Catalog = self.catalog;
        let text = catalog.edition(document, edition)?;
        way.enter(Reference::Document(id.clone()), to)?;
        self.out.referred.insert(id.clone());
        let asked = Asked { edition: Some((document, edition)), ..asked };
        let mut found = Vec::new();
        for requirement in text.requirements.iter().filter(|each| each.holds_in(&self.selection.cloud)) {
            let offered = text.address_fallback.is_some();
            found.extend(self.listed(asked, id, requirement, offered, way)?);
        }
        way.leave();
        if taken.is_none() && !found.is_empty() {
            self.warn_later(asked.current, id, &edition.to_string());
        }
        for destination in &mut found {
            let because = format!("{because}: {id} {edition}");
            destination.interpreted.push(Interpretation { of: "destination", because });
            destination.documented_as.clone_from(&to.documented_as);
        }
        Ok(found)
    }

    /// The destinations of one requirement of a list, unless it is left out; then it is listed like any other.
    fn listed(
        &mut self,
        asked: Asked<'_>,
        list: &DocumentId,
        requirement: &Requirement,
        offered: bool,
        way: &mut Way,
    ) -> Result<Vec<Destination>, Findings> {
        let truth = self.truth(requirement);
        let reasons = self.reasons(requirement, &truth);
        if !reasons.is_empty() {
            let here = |flow: &DocumentedFlow| flow.ports.iter().any(|ports| answers(asked, ports));
            if requirement.flows.iter().any(here) {
                self.leave_out(asked.current.scenario, list, requirement, words(requirement), reasons);
            }
            return Ok(Vec::new());
        }
        let mut found = self.all_destinations(asked, requirement, true, way)?;
        let says = Listed::of(requirement, offered);
        for destination in &mut found {
            destination.listed = says.within(&destination.listed);
            destination.assumed.extend(truth.assumed.iter().cloned());
        }
        Ok(found)
    }

    /// The destinations of a requirement as far as its alternatives are chosen, those on the asked port only if
    /// `same_port`.
    fn all_destinations(
        &mut self,
        asked: Asked<'_>,
        requirement: &Requirement,
        same_port: bool,
        way: &mut Way,
    ) -> Result<Vec<Destination>, Findings> {
        let mut found = Vec::new();
        for flow in &requirement.flows {
            if self.not_chosen(flow, requirement).is_some() {
                continue;
            }
            for ports in &flow.ports {
                // A range that the customer may have changed answers as the text gives it.
                let (PortText::Fixed(range) | PortText::Parameter { default: Some(range), .. }) = ports.ports
                else {
                    self.not_taken(asked, flow, ports);
                    continue;
                };
                if same_port && !answers(asked, ports) {
                    continue;
                }
                let asked = Asked { port: if same_port { asked.port } else { range }, ..asked };
                for to in &flow.to {
                    let (taken, own): (Vec<Destination>, Vec<Destination>) =
                        self.expand(asked, to, flow, way)?.into_iter().partition(is_of_a_list);
                    if !own.is_empty() {
                        self.not_taken(asked, flow, ports);
                    }
                    found.extend(taken);
                }
            }
        }
        Ok(found)
    }

    /// Ends of a list that stay behind are told: roles of another page are those of its own deployment, and a port that
    /// only the customer knows may be any.
    fn not_taken(&mut self, asked: Asked<'_>, flow: &DocumentedFlow, ports: &DocumentedPorts) {
        let Some((list, edition)) = asked.edition else {
            return;
        };
        let ends: Vec<&str> = flow.to.iter().map(|end| end.documented_as.as_str()).collect();
        let message = format!(
            "{}: {} {edition} names `{}` on {}, which its list does not bring in",
            asked.current.document,
            list.id(),
            ends.join("`, `"),
            one_port_words(ports)
        );
        let finding = Finding::new(Code::ListPartlyTaken, message);
        if !self.out.findings.iter().any(|present| *present == finding) {
            self.out.findings.push(finding);
        }
    }

    /// A list that is younger than the date of the selection was read all the same.
    fn warn_later(&mut self, current: &Current<'_>, list: &DocumentId, edition: &str) {
        let message = format!(
            "{} refers to {list}, whose first edition, {edition}, is later than the date",
            current.document
        );
        let finding = Finding::new(Code::NoEdition, message)
            .severity(Severity::Warning)
            .note("its hosts are taken from that edition: the catalog has no earlier one");
        if !self.out.findings.iter().any(|present| *present == finding) {
            self.out.findings.push(finding);
        }
    }
}

/// Whether a list brings a destination in: names, service tags and the ranges of the cloud are the same for everyone.
fn is_of_a_list(destination: &Destination) -> bool {
    let endpoint = &destination.endpoint;
    endpoint.host().is_some() || matches!(endpoint, Endpoint::ServiceTag(_) | Endpoint::CloudRanges(_))
}

/// Whether ports of a list hold what is asked for. The transport is the word of the text that refers to the list: it may
/// ask for UDP where the list names TCP alone.
fn answers(asked: Asked<'_>, ports: &DocumentedPorts) -> bool {
    let (PortText::Fixed(range) | PortText::Parameter { default: Some(range), .. }) = ports.ports else {
        return false;
    };
    range.covers(asked.port)
}
