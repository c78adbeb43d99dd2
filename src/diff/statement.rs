//! One flow as one text states it.

use std::collections::BTreeSet;
use std::fmt;

use serde::Serialize;

use crate::catalog::{Demand, Edition, Expression};
use crate::id::{ChoiceId, DocumentId, OptionId, RequirementId};
use crate::rule::{Phase, TlsInspection};

use super::StatedFlow;

/// Where a statement stands.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Source {
    /// The document.
    pub document: DocumentId,
    /// In which text of it; absent where no document states the need.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub edition: Option<Edition>,
    /// The requirement, or the negative fact.
    pub requirement: RequirementId,
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.edition {
            Some(edition) => write!(f, "{} {edition}", self.document),
            None => write!(f, "{}", self.document),
        }
    }
}

/// One flow as one text states it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// What passes, or must not.
    pub flow: StatedFlow,
    /// What the text wants.
    pub demand: Demand,
    /// When; empty is always.
    pub phases: BTreeSet<Phase>,
    /// Under which condition.
    pub when: Option<Expression>,
    /// As part of which alternative.
    pub option: Option<(ChoiceId, OptionId)>,
    /// What is said about TLS inspection; `None` for negative facts.
    pub tls_inspection: Option<TlsInspection>,
    /// What for.
    pub purpose: String,
    /// The destination as the text writes it.
    pub documented_as: String,
    /// The ports as the text writes them, such as `443/tcp+udp`.
    pub documented_ports: String,
    /// Why the destination is read otherwise than the text writes it, where the text misspells it.
    pub slip: Option<String>,
    /// What was read into the text.
    pub interpreted: Vec<String>,
    /// Where it stands.
    pub source: Source,
}

impl Statement {
    /// Condition and alternative in one text, as `show` writes them; empty if there is neither.
    pub fn condition(&self) -> String {
        let choice = self.option.as_ref().map(|(group, option)| format!("choice:{group}={option}"));
        match (&self.when, choice) {
            (Some(when), Some(choice)) => format!("all({when}, {choice})"),
            (Some(when), None) => when.to_string(),
            (None, choice) => choice.unwrap_or_default(),
        }
    }

    /// `always`, `registration only, optional, when http-proxy`.
    pub fn need_words(&self) -> String {
        let mut words = Vec::new();
        if !self.phases.is_empty() {
            let phases: Vec<&str> = self.phases.iter().map(|phase| phase.as_str()).collect();
            words.push(format!("{} only", phases.join(" and ")));
        }
        if self.demand != Demand::Required {
            words.push(self.demand.as_str().to_owned());
        }
        let condition = self.condition();
        if !condition.is_empty() {
            words.push(format!("when {condition}"));
        }
        if words.is_empty() { "always".to_owned() } else { words.join(", ") }
    }
}
