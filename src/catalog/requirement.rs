//! What one edition of a document says.

use std::collections::BTreeSet;

use crate::address::{PortRange, Transport};
use crate::finding::Place;
use crate::host::{HostTemplate, UrlPattern};
use crate::id::{ChoiceId, CloudId, DocumentId, OptionId, ParameterId, RequirementId, RoleId, ScenarioId};
use crate::rule::{Need, Phase, Scope, TlsInspection};

use super::{Expression, Prerequisite, Reading};

/// One end of a documented flow.
#[derive(Debug, Clone)]
pub struct End {
    /// What it is.
    pub kind: EndKind,
    /// The document's own words for it.
    pub documented_as: String,
    /// Where it stands in the catalog.
    pub place: Place,
}

/// The kinds of ends that documents know.
#[derive(Debug, Clone)]
pub enum EndKind {
    /// Hosts of the site.
    Role(RoleId),
    /// Anyone outside the site.
    Outside(RoleId),
    /// A host text exactly as documented; hosts.yaml holds its reading.
    Host(String),
    /// A URL.
    Url(UrlPattern),
    /// A host name with a part that only the customer knows.
    Template {
        /// The name with its placeholder.
        template: HostTemplate,
        /// The role that answers to it.
        at: Option<RoleId>,
    },
    /// A service tag.
    ServiceTag(String),
    /// The range file of the selected cloud.
    CloudRanges,
    /// The destinations of another document, limited to some ports.
    List {
        /// That document.
        document: DocumentId,
        /// The ports; all if empty.
        ports: Vec<u16>,
    },
    /// The document does not say.
    Unstated,
}

/// The ports of a documented flow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocumentedPorts {
    /// Which.
    pub ports: PortText,
    /// Over which transports; empty where the document leaves it unstated.
    pub transports: Vec<Transport>,
}

impl DocumentedPorts {
    /// `tcp`, `tcp+udp` or `unstated`.
    pub fn transport_words(&self) -> String {
        if self.transports.is_empty() {
            return "unstated".to_owned();
        }
        self.transports.iter().map(|transport| transport.as_str()).collect::<Vec<_>>().join("+")
    }
}

/// Ports as a document gives them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PortText {
    /// A port or a range.
    Fixed(PortRange),
    /// A range that the customer may have changed.
    Parameter {
        /// Which parameter replaces it.
        id: ParameterId,
        /// The documented range.
        default: Option<PortRange>,
    },
}

/// What the catalog's authors read into a flow, each with a reason.
#[derive(Debug, Clone, Default)]
pub struct FlowReading {
    /// Why these ports.
    pub ports: Option<String>,
    /// The transport of ports that carry none.
    pub transport: Option<(Transport, String)>,
    /// The destination of an unstated one.
    pub to: Option<ReadDestination>,
}

/// The destination that a text without one is read as.
#[derive(Debug, Clone)]
pub struct ReadDestination {
    /// The destinations of these requirements of the same edition, in the selected cloud.
    pub same_as: Vec<RequirementId>,
    /// The destinations of these documents, on the same port, in the selected cloud.
    pub hosts_of: Vec<DocumentId>,
    /// These hosts.
    pub hosts: Vec<String>,
    /// Why.
    pub because: String,
}

/// One documented flow: every `to` on every port.
#[derive(Debug, Clone)]
pub struct DocumentedFlow {
    /// The option of the requirement's choice that it belongs to, if the document offers alternatives.
    pub option: Option<(ChoiceId, OptionId)>,
    /// Who answers.
    pub to: Vec<End>,
    /// On which ports.
    pub ports: Vec<DocumentedPorts>,
    /// Source ports, where limited.
    pub source_ports: Option<PortRange>,
    /// Whether it leaves the host.
    pub scope: Scope,
    /// Whether both ends open connections.
    pub both_ways: bool,
    /// What was read into it.
    pub reading: FlowReading,
}

/// One documented need.
#[derive(Debug)]
pub struct Requirement {
    /// Unique in its document, carried over from edition to edition.
    pub id: RequirementId,
    /// The scenarios that it belongs to.
    pub scenarios: Vec<ScenarioId>,
    /// The clouds in which it holds; `None` is every cloud.
    pub clouds: Option<Vec<CloudId>>,
    /// Who opens the connections.
    pub from: Vec<End>,
    /// Demanded or offered.
    pub need: Need,
    /// When; empty is always.
    pub phases: BTreeSet<Phase>,
    /// Under which conditions.
    pub when: Option<Expression>,
    /// What passes.
    pub flows: Vec<DocumentedFlow>,
    /// What for.
    pub purpose: String,
    /// What is said about TLS inspection.
    pub tls_inspection: TlsInspection,
    /// The words with which the text offers the Azure datacenter IP ranges in place of these names, if it does so for
    /// this need and not for all of its names.
    pub address_fallback: Option<String>,
    /// Ambiguities and suspected errors.
    pub note: Option<String>,
    /// Where it stands in the catalog.
    pub place: Place,
}

impl Requirement {
    /// Whether it holds in `cloud`.
    pub fn holds_in(&self, cloud: &CloudId) -> bool {
        self.clouds.as_ref().is_none_or(|clouds| clouds.contains(cloud))
    }
}

/// A negative fact.
#[derive(Debug)]
pub struct Negative {
    /// Unique in its document.
    pub id: RequirementId,
    /// The scenarios that it is about.
    pub scenarios: Vec<ScenarioId>,
    /// The cloud that it is about.
    pub cloud: Option<CloudId>,
    /// What it says.
    pub says: Denial,
    /// The document's words.
    pub words: Option<String>,
    /// Who, where a flow is meant.
    pub from: Vec<End>,
    /// To whom, where a flow is meant.
    pub to: Vec<End>,
    /// On which ports, where a flow is meant.
    pub ports: Vec<DocumentedPorts>,
    /// Whether the flow stays on its host.
    pub scope: Scope,
    /// The roles that it is about, for installations that exclude each other.
    pub with: Vec<RoleId>,
    /// A remark.
    pub note: Option<String>,
}

/// The kinds of negative facts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Denial {
    /// The scenario does not exist in the cloud.
    Unsupported,
    /// The port must stay closed.
    DoNotOpen,
    /// The roles must not share a host.
    DoNotInstallWith,
}

impl Denial {
    /// The word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Unsupported => "unsupported",
            Self::DoNotOpen => "do-not-open",
            Self::DoNotInstallWith => "do-not-install-with",
        }
    }
}

/// How sure the date of an edition is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DateBasis {
    /// The text carries it.
    Stated,
    /// The text carries it, but is newer.
    Stale,
    /// Several texts carry it.
    Shared,
    /// The text carries none.
    Estimated,
    /// The earliest of several dates.
    EarliestOfTexts,
}

/// An account that a document names for traffic.
#[derive(Debug)]
pub struct Identity {
    /// The role whose traffic it is.
    pub role: RoleId,
    /// The account.
    pub account: String,
    /// The document's words.
    pub words: String,
}

/// One dated text of a document.
#[derive(Debug)]
pub struct EditionText {
    /// Where the text was read, and the date as written in it.
    pub texts: Vec<(String, Option<String>)>,
    /// How sure its date is.
    pub date: DateBasis,
    /// A remark on the text.
    pub note: Option<String>,
    /// The words with which it offers the Azure datacenter IP ranges in place of names, if it does.
    pub address_fallback: Option<String>,
    /// Its needs, in the document's own order.
    pub requirements: Vec<Requirement>,
    /// Its negative facts.
    pub negatives: Vec<Negative>,
    /// The accounts that it names.
    pub identities: Vec<Identity>,
    /// How much of it was read for prerequisites.
    pub prerequisites_read: Reading,
    /// What was not read, where only a part was.
    pub prerequisites_unread: Option<String>,
    /// What it asks of hosts, in the document's own order.
    pub prerequisites: Vec<Prerequisite>,
}

impl EditionText {
    /// The requirement with this id.
    pub fn requirement(&self, id: &RequirementId) -> Option<&Requirement> {
        self.requirements.iter().find(|requirement| requirement.id == *id)
    }
}
