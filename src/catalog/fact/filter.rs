//! Which facts are wanted.

use std::collections::BTreeSet;

use jiff::civil::Date;

use crate::catalog::{Document, Edition, Requirement};
use crate::id::{CloudId, DocumentId, ScenarioId};

/// Which facts are wanted; the default is all of them.
#[derive(Debug, Clone, Default)]
pub struct FactFilter {
    /// Of these scenarios; all if empty.
    pub scenarios: BTreeSet<ScenarioId>,
    /// By these documents; all if empty.
    pub documents: BTreeSet<DocumentId>,
    /// Those that hold in this cloud.
    pub cloud: Option<CloudId>,
    /// In these texts.
    pub editions: EditionFilter,
}

/// Which texts of a document are wanted.
#[derive(Debug, Clone, Default)]
pub enum EditionFilter {
    /// Every one.
    #[default]
    All,
    /// The newest one, or the newest that is not after a date.
    Newest(Option<Date>),
    /// Those named, and no other document.
    Named(BTreeSet<(DocumentId, Edition)>),
}

impl FactFilter {
    /// Whether facts about a scenario are wanted.
    pub fn takes_scenario(&self, id: &ScenarioId) -> bool {
        self.scenarios.is_empty() || self.scenarios.contains(id)
    }

    /// The wanted texts of a document, oldest first.
    pub fn editions(&self, document: &Document) -> Vec<Edition> {
        if !self.documents.is_empty() && !self.documents.contains(document.id()) {
            return Vec::new();
        }
        match &self.editions {
            EditionFilter::All => document.editions().collect(),
            EditionFilter::Newest(as_of) => document
                .editions()
                .rev()
                .find(|edition| as_of.is_none_or(|date| edition.date() <= date))
                .into_iter()
                .collect(),
            EditionFilter::Named(named) => document
                .editions()
                .filter(|edition| named.contains(&(document.id().clone(), *edition)))
                .collect(),
        }
    }

    /// The wanted clouds of a requirement; `None` in the list where the text names none.
    pub(super) fn clouds<'a>(&self, requirement: &'a Requirement) -> Vec<Option<&'a CloudId>> {
        match &requirement.clouds {
            None => vec![None],
            Some(clouds) => clouds.iter().filter(|cloud| self.takes_cloud(Some(cloud))).map(Some).collect(),
        }
    }

    /// Whether facts about a cloud are wanted; those about none hold in each.
    pub(super) fn takes_cloud(&self, cloud: Option<&CloudId>) -> bool {
        match (&self.cloud, cloud) {
            (Some(wanted), Some(cloud)) => wanted == cloud,
            _ => true,
        }
    }
}
