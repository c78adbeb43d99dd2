//! Prerequisites: what a host must be, have or do before a role runs on it, as an edition states it.

mod kind;
mod value;
mod version;
mod words;

pub use kind::Statement;
pub use value::{
    DirectorySchema, IdleMinutes, Memory, MemoryMeasure, MemoryRow, Permission, ProxyAuthentication,
    ProxyNeeds, RegistryValue, ServiceState, Support, WindowsServer,
};
pub use version::{DotnetVersion, WindowsVersion};

use crate::finding::Place;
use crate::id::{CloudId, PrerequisiteId, RoleId, ScenarioId};

use super::Expression;

/// How much of an edition's text was read for prerequisites: what was not read is unknown, not absent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reading {
    /// Every sentence: what is not listed, the text does not say.
    Whole,
    /// Some sentences are known from elsewhere; the text may say more.
    Part,
    /// None.
    Not,
}

impl Reading {
    /// The word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Whole => "whole",
            Self::Part => "part",
            Self::Not => "not",
        }
    }
}

/// With what force a text says something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Weight {
    /// It must hold.
    Required,
    /// It should hold.
    Recommended,
    /// It holds where the user wants what it serves.
    Optional,
    /// The text states it and demands nothing: limits, what is supported.
    Stated,
}

impl Weight {
    /// The word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Required => "required",
            Self::Recommended => "recommended",
            Self::Optional => "optional",
            Self::Stated => "stated",
        }
    }
}

/// One documented prerequisite.
#[derive(Debug)]
pub struct Prerequisite {
    /// Unique among those of its edition, carried over from edition to edition.
    pub id: PrerequisiteId,
    /// Whose host it is about.
    pub role: RoleId,
    /// The scenarios that it belongs to; empty for every scenario of its document.
    pub scenarios: Vec<ScenarioId>,
    /// The clouds in which it holds; `None` is every cloud.
    pub clouds: Option<Vec<CloudId>>,
    /// With what force.
    pub weight: Weight,
    /// Under which conditions.
    pub when: Option<Expression>,
    /// What it says.
    pub statement: Statement,
    /// Ambiguities and suspected errors.
    pub note: Option<String>,
    /// Where it stands in the catalog.
    pub place: Place,
}

impl Prerequisite {
    /// Whether it holds in `cloud`.
    pub fn holds_in(&self, cloud: &CloudId) -> bool {
        self.clouds.as_ref().is_none_or(|clouds| clouds.contains(cloud))
    }

    /// Whether it is about `scenario`, which its document belongs to.
    pub fn is_about(&self, scenario: &ScenarioId) -> bool {
        self.scenarios.is_empty() || self.scenarios.contains(scenario)
    }
}
