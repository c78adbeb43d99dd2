//! What of the catalog leans on a service tag.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::catalog::{Catalog, EditionFilter, Fact, FactFilter, HostAddresses, Life, facts};
use crate::finding::Findings;
use crate::id::CloudId;

/// A requirement that leans on a tag.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct TagUse {
    /// The scenario.
    pub scenario: String,
    /// The document, in its newest text.
    pub document: String,
    /// That text.
    pub edition: String,
    /// The requirement.
    pub requirement: String,
    /// The host whose addresses the tag holds; nothing where the document names the tag itself.
    pub host: Option<String>,
}

/// The catalog's requirements by the tags that they lean on.
#[derive(Debug)]
pub struct TagUses<'c> {
    catalog: &'c Catalog,
    facts: Vec<Fact>,
}

impl<'c> TagUses<'c> {
    /// Reads the newest text of every living document.
    ///
    /// # Errors
    /// All errors of the catalog's files.
    pub fn of(catalog: &'c Catalog) -> Result<Self, Findings> {
        let mut living = BTreeSet::new();
        for document in catalog.documents() {
            if matches!(catalog.about(document)?.life, Life::Living) {
                living.insert(document.id().clone());
            }
        }
        let editions = EditionFilter::Newest(None);
        let filter = FactFilter { documents: living, editions, ..FactFilter::default() };
        Ok(Self { catalog, facts: facts(catalog, &filter)? })
    }

    /// The requirements that lean on a tag in a cloud, sorted.
    ///
    /// # Errors
    /// All errors of hosts.yaml.
    pub fn of_tag(&self, tag: &str, cloud: Option<&CloudId>) -> Result<Vec<TagUse>, Findings> {
        let hosts = hosts(self.catalog, tag, cloud)?;
        let mut uses = BTreeSet::new();
        for fact in self.facts.iter().filter(|fact| !fact.demand.is_negative()) {
            let named = fact.service_tag.as_deref() == Some(tag) && fits(fact, cloud);
            let patterns = fact.hosts.iter().map(ToString::to_string);
            let through = patterns.filter(|pattern| hosts.contains(pattern)).map(Some);
            uses.extend(named.then_some(None).into_iter().chain(through).map(|host| TagUse {
                scenario: fact.scenario.to_string(),
                document: fact.document.to_string(),
                edition: fact.edition.to_string(),
                requirement: fact.requirement.to_string(),
                host,
            }));
        }
        Ok(uses.into_iter().collect())
    }
}

/// Every tag that the catalog leans on, in any cloud.
///
/// # Errors
/// All errors of the catalog's files.
pub fn tags_of_catalog(catalog: &Catalog) -> Result<BTreeSet<String>, Findings> {
    let readings = catalog.readings()?.iter().flat_map(|(_, reading)| &reading.tags);
    let mut tags: BTreeSet<String> = readings.map(|reading| reading.tag.clone()).collect();
    tags.extend(TagUses::of(catalog)?.facts.into_iter().filter_map(|fact| fact.service_tag));
    Ok(tags)
}

fn fits(fact: &Fact, cloud: Option<&CloudId>) -> bool {
    fact.cloud.is_none() || cloud.is_none() || fact.cloud.as_ref() == cloud
}

/// The documented hosts that a tag stands for in a cloud: each cloud has a tag of that name.
///
/// # Errors
/// All errors of hosts.yaml.
pub(super) fn hosts(
    catalog: &Catalog,
    tag: &str,
    cloud: Option<&CloudId>,
) -> Result<BTreeSet<String>, Findings> {
    let here = |addresses: &Option<HostAddresses>| match addresses {
        Some(HostAddresses::HostedIn { cloud: host, .. }) => Some(host) == cloud,
        Some(HostAddresses::None { .. }) | None => true,
    };
    let readings = catalog.readings()?.iter().map(|(_, reading)| reading);
    let leaning = readings.filter(|reading| reading.tags.iter().any(|each| each.tag == tag));
    Ok(leaning
        .filter(|reading| here(&reading.addresses))
        .map(|reading| reading.pattern.to_string())
        .collect())
}
