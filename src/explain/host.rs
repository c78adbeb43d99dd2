//! A host: who needs it, since when, by which document.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::address::Port;
use crate::catalog::{Catalog, Fact, FactFilter, facts};
use crate::finding::Findings;

use super::reading::{misspellings, readings};
use super::span::spans;
use super::{HostQuestion, Misspelling, NeedSpan, PatternReading};

/// What the catalog knows about a host.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HostExplanation {
    /// The host as asked.
    pub host: String,
    /// The port as asked.
    pub port: Option<u16>,
    /// Who needs it, on that port if one was asked.
    pub needs: Vec<NeedSpan>,
    /// Ports on which it is documented, where none of them is the one asked.
    pub other_ports: BTreeSet<String>,
    /// What is made of its text.
    pub readings: Vec<PatternReading>,
    /// Misspellings of it.
    pub misspellings: Vec<Misspelling>,
    /// Documented names that look like it, where it is not documented.
    pub nearest: Vec<String>,
}

impl HostExplanation {
    /// Whether any document speaks of the host, on the port if one was asked.
    pub fn is_documented(&self) -> bool {
        !self.needs.is_empty()
    }
}

/// Looks a host up in all editions of all documents.
///
/// # Errors
/// All errors of the catalog's files.
pub fn explain_host(catalog: &Catalog, question: &HostQuestion) -> Result<HostExplanation, Findings> {
    let facts = facts(catalog, &FactFilter::default())?;
    let on_port: Vec<Fact> = facts.iter().filter(|fact| on_port(question.port, fact)).cloned().collect();
    let needs = spans(catalog, question, &on_port);
    let other_ports: BTreeSet<String> = if needs.is_empty() {
        spans(catalog, question, &facts).into_iter().flat_map(|span| span.ports).collect()
    } else {
        BTreeSet::new()
    };
    let documented = !needs.is_empty() || !other_ports.is_empty();
    Ok(HostExplanation {
        host: question.pattern.to_string(),
        port: question.port.map(Port::get),
        needs,
        other_ports,
        readings: readings(catalog.readings()?, question),
        misspellings: misspellings(catalog.readings()?, question),
        nearest: if documented { Vec::new() } else { nearest(question, &facts) },
    })
}

fn on_port(port: Option<Port>, fact: &Fact) -> bool {
    port.is_none_or(|port| fact.ports.is_some_and(|ports| ports.contains(port)))
}

/// How many similar names are worth showing.
const NEAREST: usize = 3;

fn nearest(question: &HostQuestion, facts: &[Fact]) -> Vec<String> {
    let names: BTreeSet<String> =
        facts.iter().flat_map(|fact| &fact.hosts).map(ToString::to_string).collect();
    let asked = question.pattern.to_string();
    let mut scored: Vec<(f64, String)> = names
        .into_iter()
        .map(|name| (strsim::jaro_winkler(&asked, &name), name))
        .filter(|(likeness, _)| *likeness > 0.85)
        .collect();
    scored.sort_by(|a, b| b.0.total_cmp(&a.0));
    scored.into_iter().take(NEAREST).map(|(_, name)| name).collect()
}
