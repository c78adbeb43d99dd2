//! Needs over the editions of a document: since when, until when.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::catalog::{Catalog, Demand, Edition, Fact, Life};
use crate::host::HostPattern;
use crate::id::{CloudId, DocumentId, RequirementId, ScenarioId};
use crate::rule::Phase;

use super::HostQuestion;

/// How a fact holds a host.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case", tag = "how")]
pub enum Held {
    /// The document names it.
    Named,
    /// The document misspells it.
    Misspelt {
        /// As it writes it.
        documented_as: String,
    },
    /// A wildcard of the document covers it.
    Covered {
        /// The wildcard.
        by: String,
    },
    /// The document names a port without a host, which is read as this one.
    Read {
        /// The document's words.
        documented_as: String,
    },
}

/// A need of one document, over a run of editions in which it stays the same.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NeedSpan {
    /// For which scenario.
    pub scenario: ScenarioId,
    /// By which document.
    pub document: DocumentId,
    /// Which requirement of it.
    pub requirement: RequirementId,
    /// How it holds the host.
    #[serde(flatten)]
    pub held: Held,
    /// Who connects.
    pub from: String,
    /// In which clouds; empty where the text names none.
    pub clouds: BTreeSet<CloudId>,
    /// On which ports, such as `443/tcp`.
    pub ports: Vec<String>,
    /// Demanded or offered.
    pub need: Demand,
    /// When; empty is always.
    pub phases: BTreeSet<Phase>,
    /// Under which condition.
    pub condition: Option<String>,
    /// What for, in the newest of the editions.
    pub purpose: String,
    /// The first edition of the run.
    pub first: Edition,
    /// The last one.
    pub last: Edition,
    /// The edition that no longer has it; `None` if the newest one has it.
    pub ended: Option<Edition>,
    /// The same, unless another need of the document holds the host from that edition on.
    pub gone: Option<Edition>,
    /// The document that took the place of this one, if one did: then nothing of it counts any more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub superseded_by: Option<DocumentId>,
}

/// The needs behind some facts, in the order of the facts.
pub(super) fn spans(catalog: &Catalog, question: &HostQuestion, facts: &[Fact]) -> Vec<NeedSpan> {
    let mut spans: Vec<NeedSpan> = Vec::new();
    for fact in facts {
        let Some(held) = held(question, fact) else {
            continue;
        };
        match spans.iter_mut().find(|span| span.goes_on(&held, fact, catalog)) {
            Some(span) => span.add(fact),
            None => spans.push(NeedSpan::new(held, fact)),
        }
    }
    for span in &mut spans {
        span.ended = next(catalog, &span.document, span.last);
        span.superseded_by = superseded_by(catalog, &span.document);
    }
    let starts: Vec<_> =
        spans.iter().map(|span| (span.scenario.clone(), span.document.clone(), span.first)).collect();
    for span in &mut spans {
        // Another need of that document takes over: the host is not gone.
        let taken_over = |ended| starts.contains(&(span.scenario.clone(), span.document.clone(), ended));
        span.gone = span.ended.filter(|ended| !taken_over(*ended));
    }
    spans
}

/// How a fact holds the host that is asked about; `None` if it does not.
pub(super) fn held(question: &HostQuestion, fact: &Fact) -> Option<Held> {
    if fact.demand.is_negative() {
        return None;
    }
    let documented_as = || fact.documented_as.clone();
    let misspelt = fact.documented_as.eq_ignore_ascii_case(&question.text);
    let holding = |pattern: &&HostPattern| pattern.covers(&question.pattern);
    let Some(pattern) = fact.hosts.iter().find(holding) else {
        return misspelt.then(|| Held::Misspelt { documented_as: documented_as() });
    };
    Some(if fact.to == "unstated" {
        Held::Read { documented_as: documented_as() }
    } else if pattern.name() != question.pattern.name() {
        Held::Covered { by: pattern.to_string() }
    } else if HostPattern::parse(&fact.documented_as)
        .is_ok_and(|documented| documented.name() != pattern.name())
    {
        Held::Misspelt { documented_as: documented_as() }
    } else if pattern.is_wildcard() && !question.pattern.is_wildcard() {
        Held::Covered { by: pattern.to_string() }
    } else {
        Held::Named
    })
}

impl NeedSpan {
    fn new(held: Held, fact: &Fact) -> Self {
        Self {
            scenario: fact.scenario.clone(),
            document: fact.document.clone(),
            requirement: fact.requirement.clone(),
            held,
            from: fact.from.clone(),
            clouds: fact.cloud.iter().cloned().collect(),
            ports: vec![fact.service()],
            need: fact.demand,
            phases: fact.phases.clone(),
            condition: fact.condition.clone(),
            purpose: fact.purpose.clone(),
            first: fact.edition,
            last: fact.edition,
            ended: None,
            gone: None,
            superseded_by: None,
        }
    }

    /// Whether a fact says the same again, in the same edition or in the next one.
    fn goes_on(&self, held: &Held, fact: &Fact, catalog: &Catalog) -> bool {
        let same = (&self.scenario, &self.document, &self.requirement, &self.held, &self.from)
            == (&fact.scenario, &fact.document, &fact.requirement, held, &fact.from)
            && (self.need, &self.phases, &self.condition) == (fact.demand, &fact.phases, &fact.condition);
        same && (self.last == fact.edition || next(catalog, &self.document, self.last) == Some(fact.edition))
    }

    fn add(&mut self, fact: &Fact) {
        self.clouds.extend(fact.cloud.clone());
        if !self.ports.contains(&fact.service()) {
            self.ports.push(fact.service());
        }
        self.purpose.clone_from(&fact.purpose);
        self.last = fact.edition;
    }
}

/// The document that took the place of another one.
fn superseded_by(catalog: &Catalog, document: &DocumentId) -> Option<DocumentId> {
    match &catalog.about(catalog.document(document).ok()?).ok()?.life {
        Life::SupersededBy { document, .. } => Some(document.clone()),
        Life::Living | Life::Retired { .. } => None,
    }
}

/// The edition behind `edition`.
fn next(catalog: &Catalog, document: &DocumentId, edition: Edition) -> Option<Edition> {
    catalog.document(document).ok()?.editions().find(|each| *each > edition)
}
