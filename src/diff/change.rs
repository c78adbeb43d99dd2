//! One change.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::id::{CloudId, ScenarioId};

use super::{StatedFlow, Statement};

/// What a change does, in the order in which a reviewer reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Category {
    /// More may pass.
    Widened,
    /// Less may pass.
    Narrowed,
    /// A slip of a text is mended, or made: what is opened stays.
    Corrected,
    /// The same may pass, but it is needed at other times, under another condition, or more or less urgently.
    NeedChanged,
    /// It is said otherwise, and the same passes at the same times.
    SameInEffect,
    /// Purpose, TLS inspection, or the document's words for the destination or the ports.
    Wording,
}

impl Category {
    /// All of them, in that order.
    pub const ALL: [Self; 6] = [
        Self::Widened,
        Self::Narrowed,
        Self::Corrected,
        Self::NeedChanged,
        Self::SameInEffect,
        Self::Wording,
    ];

    /// The id that JSON and CSV have.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Widened => "widened",
            Self::Narrowed => "narrowed",
            Self::Corrected => "corrected",
            Self::NeedChanged => "need-changed",
            Self::SameInEffect => "same-in-effect",
            Self::Wording => "wording",
        }
    }

    /// The heading for people.
    pub fn title(self) -> &'static str {
        match self {
            Self::Widened => "Widened",
            Self::Narrowed => "Narrowed",
            Self::Corrected => "Corrected",
            Self::NeedChanged => "Need changed",
            Self::SameInEffect => "Same in effect",
            Self::Wording => "Wording",
        }
    }
}

/// A text that differs between the sides of a change.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Wording {
    /// `need`, `documented-as`, `documented-ports`, `tls-inspection`, `purpose`, or `stated-by` for the documents.
    pub of: &'static str,
    /// What the old side says; several texts are joined.
    pub old: String,
    /// What the new side says.
    pub new: String,
}

/// One flow that the two sides do not state alike.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// What it does.
    pub category: Category,
    /// The flow.
    pub flow: StatedFlow,
    /// What the old side says of exactly this flow; empty if nothing.
    pub old: Vec<Statement>,
    /// What the new side says of exactly this flow; empty if nothing.
    pub new: Vec<Statement>,
    /// What the side that does not name the flow has in its place.
    pub covered_by: Vec<Statement>,
    /// The words that differ, where both sides name the flow.
    pub wordings: Vec<Wording>,
    /// The scenarios in which it is so; empty where the sides are not compared scenario by scenario.
    pub scenarios: BTreeSet<ScenarioId>,
    /// The clouds in which it is so; empty where the texts name none.
    pub clouds: BTreeSet<CloudId>,
}

impl Change {
    /// Whether it is about a negative fact: something that must not be, and never becomes a rule.
    pub fn is_negative(&self) -> bool {
        self.old.iter().chain(&self.new).any(|statement| statement.demand.is_negative())
    }

    /// What either side says of the flow, the newer side if both do.
    pub fn said(&self) -> &[Statement] {
        if self.new.is_empty() { &self.old } else { &self.new }
    }
}
