//! The documented facts: catalog files become checked types.
//!
//! Facts stand in edition files, one for each dated text of a document; what is made of a host text stands in
//! hosts.yaml. Editions are found by their file names and parsed when they are first looked at.

mod check;
mod document;
mod edition;
mod expression;
mod fact;
mod form;
mod layer;
mod lint;
mod prerequisite;
mod raw;
mod reading;
mod registry;
mod requirement;
#[cfg(test)]
pub(crate) mod schema;

pub use document::{About, Document, Life, Publisher};
pub use edition::{Edition, EditionError};
pub use expression::{Expression, ExpressionError, Truth};
pub use fact::{Demand, Direction, EditionFilter, Fact, FactFilter, Mark, Meaning, ReadEnd, facts};
pub use form::{Reformed, canonical};
pub use layer::Layer;
pub use lint::{Inspection, inspect};
pub use prerequisite::{
    DirectorySchema, DotnetVersion, IdleMinutes, Memory, MemoryMeasure, MemoryRow, Permission, Prerequisite,
    ProxyAuthentication, ProxyNeeds, Reading, RegistryValue, ServiceState, Statement, Support, Weight,
    WindowsServer, WindowsVersion,
};
pub use reading::{HostAddresses, HostReading, Readings, TagReading};
pub use registry::{
    Choice, Cloud, Condition, ConditionDefault, Gap, Parameter, ParameterKind, Registries, Role, Scenario,
    Software,
};
pub use requirement::{
    DateBasis, Denial, DocumentedFlow, DocumentedPorts, EditionText, End, EndKind, FlowReading, Identity,
    Negative, PortText, ReadDestination, Requirement,
};

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use crate::finding::{Code, Finding, Findings, Place, Source, unknown};
use crate::id::{CloudId, DocumentId, RoleId, ScenarioId};

/// All documented facts.
#[derive(Debug)]
pub struct Catalog {
    registries: Registries,
    documents: BTreeMap<DocumentId, Document>,
    hosts: Vec<Arc<Source>>,
    address_lists: Vec<Arc<Source>>,
    readings: OnceLock<Result<Readings, Findings>>,
}

impl Catalog {
    /// The catalog that comes with the program.
    ///
    /// # Errors
    /// Never for a released program: tests hold that the embedded catalog has no error.
    pub fn embedded() -> Result<Self, Findings> {
        Self::load(vec![Layer::embedded()])
    }

    /// Registries of all layers together; a later layer adds to an earlier one.
    ///
    /// # Errors
    /// All errors of the registries and of the file names. Editions are checked when they are used.
    pub fn load(layers: Vec<Layer>) -> Result<Self, Findings> {
        let (catalog, findings) = Self::open(layers);
        findings.or_value(catalog).map(|(catalog, _)| catalog)
    }

    /// What can be read of all layers, with all errors of the registries and of the file names.
    fn open(layers: Vec<Layer>) -> (Self, Findings) {
        let sources = |wanted: &str| -> Vec<Arc<Source>> {
            let files = layers.iter().flat_map(|layer| &layer.files);
            files.filter(|(path, ..)| path == wanted).map(|(_, name, text)| text.source(name)).collect()
        };
        let (registries, mut findings) = check::registries(sources);
        let hosts = sources("hosts.yaml");
        let address_lists = sources("address-lists.yaml");
        let documents = documents(layers, &mut findings);
        let ids = registries.scenarios.iter().map(|scenario| scenario.id.as_str());
        for id in ids.filter(|id| documents.contains_key(*id)) {
            findings.push(Finding::new(Code::DuplicateId, format!("`{id}` is a scenario and a document")));
        }
        let catalog = Self { registries, documents, hosts, address_lists, readings: OnceLock::new() };
        catalog.check_documents(&mut findings);
        catalog.check_scenarios(&mut findings);
        (catalog, findings)
    }

    fn check_documents(&self, findings: &mut Findings) {
        for scenario in &self.registries.scenarios {
            for document in scenario.primary.iter().chain(&scenario.also) {
                if let Err(finding) = self.document(document) {
                    findings.push(finding.note(format!("scenario {} names it", scenario.id)));
                }
            }
        }
    }

    /// Scenarios that conditions follow or that serve others: an unknown one would make a condition false unsaid.
    fn check_scenarios(&self, findings: &mut Findings) {
        let known = || self.registries.scenarios.iter().map(|scenario| scenario.id.as_str());
        let mut unknown = |id: &ScenarioId, what: String, place: Option<&Place>| {
            if self.scenario(id.as_str()).is_err() {
                let message = format!("{what} scenario `{id}`, which the catalog does not have");
                let near = crate::finding::nearest(id.as_str(), known());
                let finding = Finding::new(Code::UnknownReference, message)
                    .maybe_help(near.map(|name| format!("did you mean `{name}`?")));
                findings.push(match place {
                    Some(place) => finding.at(place.clone()),
                    None => finding,
                });
            }
        };
        for condition in &self.registries.conditions {
            if let ConditionDefault::Scenario(id) = &condition.default {
                unknown(id, format!("condition {} follows", condition.id), Some(&condition.place));
            }
        }
        for scenario in &self.registries.scenarios {
            if let Some((by, _)) = &scenario.served_by {
                unknown(by, format!("scenario {} is served by", scenario.id), None);
            }
        }
    }

    /// Scenarios, roles, clouds, conditions, choices and parameters.
    pub fn registries(&self) -> &Registries {
        &self.registries
    }

    /// All documents, by id.
    pub fn documents(&self) -> impl Iterator<Item = &Document> {
        self.documents.values()
    }

    /// The document with this id.
    ///
    /// # Errors
    /// `unknown-document` with the nearest name.
    pub fn document(&self, id: &DocumentId) -> Result<&Document, Finding> {
        self.documents.get(id).ok_or_else(|| {
            let known = self.documents.keys().map(DocumentId::as_str);
            unknown(Code::UnknownDocument, "document", id.as_str(), known, "`portbook list documents`")
        })
    }

    /// Title, publisher and life of a document.
    ///
    /// # Errors
    /// All errors of its document.yaml.
    pub fn about<'a>(&'a self, document: &'a Document) -> Result<&'a About, Findings> {
        document.about(&self.registries)
    }

    /// One edition, parsed on first use.
    ///
    /// # Errors
    /// All errors of its file.
    pub fn edition<'a>(
        &'a self,
        document: &'a Document,
        edition: Edition,
    ) -> Result<&'a EditionText, Findings> {
        document.edition(edition, &self.registries)
    }

    /// The readings of host texts.
    ///
    /// # Errors
    /// All errors of hosts.yaml.
    pub fn readings(&self) -> Result<&Readings, Findings> {
        let read = || reading::readings(&self.hosts, &self.address_lists, &self.registries);
        let readings = self.readings.get_or_init(read);
        readings.as_ref().map_err(Clone::clone)
    }

    /// Whether a document of Microsoft names this host text. Editions are parsed until one does, the newest first:
    /// only a misspelling asks.
    ///
    /// # Errors
    /// All errors of the files that had to be read.
    pub fn confirms(&self, host: &str) -> Result<bool, Findings> {
        for document in self.documents() {
            if self.about(document)?.publisher != Publisher::Microsoft {
                continue;
            }
            for edition in document.editions().rev() {
                let requirements = &self.edition(document, edition)?.requirements;
                let mut ends = requirements.iter().flat_map(|each| &each.flows).flat_map(|flow| &flow.to);
                if ends.any(|end| matches!(&end.kind, EndKind::Host(text) if text == host)) {
                    return Ok(true);
                }
            }
        }
        Ok(false)
    }

    /// The scenario with this id.
    ///
    /// # Errors
    /// `unknown-scenario` with the nearest name.
    pub fn scenario(&self, id: &str) -> Result<&Scenario, Finding> {
        let known = &self.registries.scenarios;
        known.iter().find(|scenario| scenario.id.as_str() == id).ok_or_else(|| {
            let known = known.iter().map(|scenario| scenario.id.as_str());
            unknown(Code::UnknownScenario, "scenario", id, known, "`portbook list scenarios`")
        })
    }

    /// The cloud with this id.
    ///
    /// # Errors
    /// `unknown-cloud` with the nearest name.
    pub fn cloud(&self, id: &str) -> Result<&Cloud, Finding> {
        let known = &self.registries.clouds;
        known.iter().find(|cloud| cloud.id.as_str() == id).ok_or_else(|| {
            let known = known.iter().map(|cloud| cloud.id.as_str());
            unknown(Code::UnknownCloud, "cloud", id, known, "`portbook list clouds`")
        })
    }

    /// The role with this id.
    ///
    /// # Errors
    /// `unknown-role` with the nearest name.
    pub fn role(&self, id: &str) -> Result<&Role, Finding> {
        let known = &self.registries.roles;
        known.iter().find(|role| role.id.as_str() == id).ok_or_else(|| {
            let known = known.iter().map(|role| role.id.as_str());
            unknown(Code::UnknownRole, "role", id, known, "`portbook list roles`")
        })
    }

    /// The title of a role; its id if it has none.
    pub fn role_title<'a>(&'a self, id: &'a RoleId) -> &'a str {
        self.registries
            .roles
            .iter()
            .find(|role| role.id == *id)
            .map_or(id.as_str(), |role| role.title.as_str())
    }

    /// Whether a role lies outside every site.
    pub fn is_outside(&self, id: &RoleId) -> bool {
        self.registries.roles.iter().any(|role| role.id == *id && role.outside)
    }

    /// The cloud whose range files carry this word.
    pub fn cloud_of_file_word(&self, word: &str) -> Option<&CloudId> {
        self.registries.clouds.iter().find(|cloud| cloud.file_word == word).map(|cloud| &cloud.id)
    }

    /// The scenarios that a document belongs to.
    pub fn scenarios_of<'a>(&'a self, document: &'a DocumentId) -> impl Iterator<Item = &'a ScenarioId> {
        self.registries
            .scenarios
            .iter()
            .filter(move |scenario| scenario.primary.contains(document) || scenario.also.contains(document))
            .map(|scenario| &scenario.id)
    }
}

fn documents(layers: Vec<Layer>, findings: &mut Findings) -> BTreeMap<DocumentId, Document> {
    let mut documents: BTreeMap<DocumentId, Document> = BTreeMap::new();
    for (path, name, text) in layers.into_iter().flat_map(|layer| layer.files) {
        let Some(path) = path.strip_prefix("documents/") else {
            continue;
        };
        let parts =
            path.split_once('/').and_then(|(folder, file)| Some((folder, file.strip_suffix(".yaml")?)));
        let Some((folder, file)) = parts else {
            let help = "files are documents/<document>/document.yaml and documents/<document>/<edition>.yaml";
            findings.push(
                Finding::new(Code::InvalidId, format!("{name} is no document and no edition")).help(help),
            );
            continue;
        };
        let id = match DocumentId::parse(folder) {
            Ok(id) => id,
            Err(error) => {
                findings.push(Finding::new(Code::InvalidId, format!("{name}: {error}")));
                continue;
            }
        };
        let document = documents.entry(id.clone()).or_insert_with(|| Document::new(id));
        let fresh = if file == "document" {
            document.set_about(name.clone(), text)
        } else {
            match file.parse::<Edition>() {
                Ok(edition) => document.add_edition(edition, name.clone(), text),
                Err(error) => {
                    findings.push(Finding::new(Code::InvalidDate, format!("{name}: {error}")));
                    continue;
                }
            }
        };
        if !fresh {
            findings
                .push(Finding::new(Code::DuplicateId, format!("{name} is there in an earlier layer too")));
        }
    }
    documents
}
