//! The catalog as flat facts: one line per scenario, document, edition, cloud, destination and port.
//!
//! Nothing is selected and nothing is resolved here: conditions stand as documented, delegated lists as references,
//! and a port without a host stays one. [`crate::resolve`] turns the same texts into rules.

mod end;
mod expand;
mod filter;
mod mark;
mod meaning;

pub use expand::facts;
pub use filter::{EditionFilter, FactFilter};
pub use mark::Mark;
pub use meaning::{Meaning, ReadEnd};

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::sync::Arc;

use serde::Serialize;

use crate::address::PortRange;
use crate::host::HostPattern;
use crate::id::{CloudId, DocumentId, RequirementId, ScenarioId};
use crate::rule::Phase;

use super::{Denial, Edition};

/// How a fact is seen from its `from`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Direction {
    /// `from` opens the connection; the usual case.
    Outbound,
    /// `from` lies outside the site, so that the site sees the connection come in.
    Inbound,
    /// Either end opens connections.
    Both,
    /// It stays on its host.
    Local,
}

impl Direction {
    /// The word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Outbound => "outbound",
            Self::Inbound => "inbound",
            Self::Both => "both",
            Self::Local => "local",
        }
    }
}

/// What a document wants: the column `need`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Demand {
    /// The flow is demanded.
    Required,
    /// The flow is offered.
    Optional,
    /// The port must stay closed.
    DoNotOpen,
    /// The scenario does not exist in the cloud.
    Unsupported,
    /// The roles must not share a host.
    DoNotInstallWith,
}

impl Demand {
    /// The word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Required => "required",
            Self::Optional => "optional",
            Self::DoNotOpen => "do-not-open",
            Self::Unsupported => "unsupported",
            Self::DoNotInstallWith => "do-not-install-with",
        }
    }

    /// Whether it forbids or denies instead of asking for a flow.
    pub fn is_negative(self) -> bool {
        !matches!(self, Self::Required | Self::Optional)
    }
}

impl From<Denial> for Demand {
    fn from(denial: Denial) -> Self {
        match denial {
            Denial::Unsupported => Self::Unsupported,
            Denial::DoNotOpen => Self::DoNotOpen,
            Denial::DoNotInstallWith => Self::DoNotInstallWith,
        }
    }
}

/// One documented fact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    /// For which scenario.
    pub scenario: ScenarioId,
    /// By which document.
    pub document: DocumentId,
    /// In which text of it.
    pub edition: Edition,
    /// The requirement, or the negative fact, in that text.
    pub requirement: RequirementId,
    /// In which cloud; `None` where the text names none.
    pub cloud: Option<CloudId>,
    /// Who opens the connection, in canonical text; empty where a negative fact names nobody.
    pub from: String,
    /// Who answers, in canonical text, as read: a misspelt host is its right form here.
    pub to: String,
    /// The host patterns that `to`, or the reading of an unstated one, names.
    pub hosts: Vec<HostPattern>,
    /// The service tag that `to` is, if it is one.
    pub service_tag: Option<String>,
    /// `443`, `49152-65535`, or `{parameter}` where only the customer knows; empty where none is meant.
    pub port: String,
    /// The same as a range, where the text gives one.
    pub ports: Option<PortRange>,
    /// `tcp`, `udp`, `tcp+udp` or `unstated`; empty where no port is meant.
    pub protocol: String,
    /// As seen from `from`.
    pub direction: Direction,
    /// What the document wants.
    pub demand: Demand,
    /// When; empty is any phase.
    pub phases: BTreeSet<Phase>,
    /// Under which condition: an expression, with `choice:GROUP=OPTION` for one of several alternatives.
    pub condition: Option<String>,
    /// What for.
    pub purpose: String,
    /// The destination as the document writes it; for negative facts that name none, the document's words.
    pub documented_as: String,
    /// Where the text was read.
    pub source: Arc<str>,
    /// What a reader must know beside it.
    pub marks: Vec<Mark>,
    /// The same as types.
    pub meaning: Meaning,
}

impl Fact {
    /// The names of [`Fact::row`]'s columns.
    pub const COLUMNS: [&'static str; 15] = [
        "scenario",
        "document",
        "edition",
        "cloud",
        "from",
        "to",
        "port",
        "protocol",
        "direction",
        "need",
        "phase",
        "condition",
        "purpose",
        "documented_as",
        "source",
    ];

    /// The fact as text, column by column. Its marks stand in brackets behind the purpose: the columns are fixed,
    /// and a typo or a contradiction must not be lost on the way into a spreadsheet.
    pub fn row(&self) -> [String; 15] {
        let mut purpose = self.purpose.clone();
        for mark in &self.marks {
            let _ = write!(purpose, " [{mark}]");
        }
        [
            self.scenario.to_string(),
            self.document.to_string(),
            self.edition.to_string(),
            self.cloud_word().to_owned(),
            self.from.clone(),
            self.to.clone(),
            self.port.clone(),
            self.protocol.clone(),
            self.direction.as_str().to_owned(),
            self.demand.as_str().to_owned(),
            self.phase_words(),
            self.condition.clone().unwrap_or_default(),
            purpose,
            self.documented_as.clone(),
            self.source.to_string(),
        ]
    }

    /// The cloud's id, or `any`.
    pub fn cloud_word(&self) -> &str {
        self.cloud.as_ref().map_or("any", CloudId::as_str)
    }

    /// The phases, separated by spaces, or `any`.
    pub fn phase_words(&self) -> String {
        if self.phases.is_empty() {
            return "any".to_owned();
        }
        self.phases.iter().map(|phase| phase.as_str()).collect::<Vec<_>>().join(" ")
    }

    /// `443/tcp`, or the port alone where the transport is unstated; empty where no port is meant.
    pub fn service(&self) -> String {
        match self.protocol.as_str() {
            "" | "unstated" => self.port.clone(),
            protocol => format!("{}/{protocol}", self.port),
        }
    }
}
