//! What `validate` looks at beyond single files: what is legal but suspicious.

mod history;
mod hosts;
mod order;
mod reference;

use std::collections::BTreeSet;

use crate::finding::{Code, Finding, Findings};

use super::requirement::{EditionText, Requirement};
use super::{Catalog, Document, Edition, End, EndKind, Layer};

/// What a look at everything found.
#[derive(Debug)]
pub struct Inspection {
    /// How many documents there are.
    pub documents: usize,
    /// How many editions.
    pub editions: usize,
    /// How many requirements and negative facts in all editions.
    pub requirements: usize,
    /// How many prerequisites in all editions.
    pub prerequisites: usize,
    /// How many different host texts.
    pub hosts: usize,
    /// Everything that is wrong or suspicious.
    pub findings: Findings,
}

/// Reads every file of a catalog and looks for what is wrong in it, or legal but suspicious.
pub fn inspect(layers: &[Layer]) -> Inspection {
    let (catalog, mut findings) = Catalog::open(layers.to_vec());
    let broken = findings.has_errors();
    let (texts, errors) = read_all(&catalog);
    let complete = errors.is_empty();
    // With a registry missing, every reference to it would be reported once more.
    findings
        .append(errors.into_iter().filter(|each| !broken || each.code != Code::UnknownReference).collect());
    findings.append(hosts::check(&catalog, layers));
    findings.append(order::lint(layers));
    if !broken {
        findings.append(reference::lint(&catalog, &texts));
        findings.append(hosts::lint(&catalog, &texts, complete));
        findings.append(history::lint(&texts));
    }
    Inspection {
        documents: catalog.documents().count(),
        editions: catalog.documents().map(|document| document.editions().count()).sum(),
        requirements: texts.iter().map(|text| text.says.requirements.len() + text.says.negatives.len()).sum(),
        prerequisites: texts.iter().map(|text| text.says.prerequisites.len()).sum(),
        hosts: texts.iter().flat_map(Text::host_texts).collect::<BTreeSet<_>>().len(),
        findings,
    }
}

/// One edition that could be read.
struct Text<'a> {
    document: &'a Document,
    edition: Edition,
    says: &'a EditionText,
}

impl<'a> Text<'a> {
    /// The ends that the text names as destinations, with the requirement of each.
    fn destinations(&self) -> impl Iterator<Item = (&'a Requirement, &'a End)> {
        let says = self.says;
        says.requirements.iter().flat_map(|requirement| {
            let flows = requirement.flows.iter();
            flows.flat_map(|flow| &flow.to).map(move |end| (requirement, end))
        })
    }

    /// The documented host texts.
    fn host_texts(&self) -> impl Iterator<Item = &'a str> {
        self.destinations().filter_map(|(_, end)| match &end.kind {
            EndKind::Host(text) => Some(text.as_str()),
            _ => None,
        })
    }

    fn name(&self) -> String {
        format!("{} {}", self.document.id(), self.edition)
    }
}

/// Every document.yaml, hosts.yaml and every edition, by document, oldest first.
fn read_all(catalog: &Catalog) -> (Vec<Text<'_>>, Findings) {
    let mut texts = Vec::new();
    let mut findings = Findings::new();
    findings.append(catalog.readings().err().unwrap_or_default());
    for document in catalog.documents() {
        findings.append(catalog.about(document).err().unwrap_or_default());
        for edition in document.editions() {
            match catalog.edition(document, edition) {
                Ok(says) => texts.push(Text { document, edition, says }),
                Err(errors) => findings.append(errors),
            }
        }
    }
    (texts, findings)
}

/// Adds a finding once, however many editions repeat its cause.
fn push_once(findings: &mut Findings, finding: Finding) {
    if !findings.iter().any(|present| present.message == finding.message) {
        findings.push(finding);
    }
}
