//! Where a rule comes from.

use std::collections::BTreeSet;

use serde::Serialize;

use super::{Need, Phase};
use crate::catalog::Edition;
use crate::id::{DocumentId, RequirementId, ScenarioId};

/// What Portbook made of a text that does not say it in so many words.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Interpretation {
    /// What was read into the text: one of [`Interpretation::KINDS`].
    pub of: &'static str,
    /// Why.
    pub because: String,
}

impl Interpretation {
    /// Everything that can be read into a text; rule files name nothing else.
    pub const KINDS: [&'static str; 5] = ["ports", "transport", "destination", "apex", "typo"];
}

/// One documented requirement that asks for a flow.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Citation {
    /// For which scenario.
    pub scenario: ScenarioId,
    /// By which document; the catalog's own list of gaps for a need that no document states.
    pub document: DocumentId,
    /// In which text of it; absent for gaps.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub edition: Option<Edition>,
    /// The requirement in that document.
    pub requirement: RequirementId,
    /// What the flow is for, in the catalog's words.
    pub purpose: String,
    /// The destination as the document writes it.
    pub documented_as: String,
    /// Demanded or offered.
    pub need: Need,
    /// When; empty means always.
    pub phases: BTreeSet<Phase>,
    /// Readings that went into it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub interpreted: Vec<Interpretation>,
}

impl Citation {
    /// `document edition`, as headers and reports write it.
    pub fn source(&self) -> String {
        match self.edition {
            Some(edition) => format!("{} {edition}", self.document),
            None => self.document.to_string(),
        }
    }
}
