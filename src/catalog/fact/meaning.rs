//! What a fact means, as types: the text of its columns is for people.

use std::fmt;

use crate::address::{PortRange, Transport};
use crate::catalog::Expression;
use crate::host::HostTemplate;
use crate::id::{ChoiceId, DocumentId, OptionId, RoleId};
use crate::rule::{Endpoint, TlsInspection};

/// An end as it is read: misspellings are corrected and wildcards have their apex decided. Unlike the end of a rule it
/// may hold what only a selection can settle.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum ReadEnd {
    /// What a rule can have.
    Endpoint(Endpoint),
    /// A name with a part that only the customer knows; `at` is the role that answers to it.
    Template {
        /// The name with its placeholder.
        template: HostTemplate,
        /// The role.
        at: Option<RoleId>,
    },
    /// The range file of whatever cloud is selected.
    CloudRanges,
    /// The hosts of another document.
    List {
        /// That document.
        document: DocumentId,
        /// On these ports; all if empty.
        ports: Vec<u16>,
    },
    /// No text and no reading tells it.
    Unstated,
}

impl fmt::Display for ReadEnd {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Endpoint(end) => end.fmt(f),
            Self::Template { template, at: None } => template.fmt(f),
            Self::Template { template, at: Some(role) } => f.pad(&format!("{template}@{role}")),
            Self::CloudRanges => f.pad("ranges:selected"),
            Self::List { document, .. } => f.pad(&format!("list:{document}")),
            Self::Unstated => f.pad("unstated"),
        }
    }
}

/// The typed side of a fact.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Meaning {
    /// Who opens the connection; `None` where a negative fact names nobody.
    pub from: Option<ReadEnd>,
    /// Who answers: several where an unstated destination is read as several; empty where a negative fact names
    /// nobody.
    pub to: Vec<ReadEnd>,
    /// The transports, with the one that was read into a text without; empty where none is known or no port is meant.
    pub transports: Vec<Transport>,
    /// Source ports, where the text limits them.
    pub source_ports: Option<PortRange>,
    /// What the text says about TLS inspection; `None` for negative facts.
    pub tls_inspection: Option<TlsInspection>,
    /// The condition without the alternative.
    pub when: Option<Expression>,
    /// The alternative that it is part of.
    pub option: Option<(ChoiceId, OptionId)>,
}
