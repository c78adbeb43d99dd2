//! An address: which service tags hold it, and which documented hosts lean on them.

use std::collections::BTreeSet;
use std::net::IpAddr;

use serde::Serialize;

use crate::address::Prefix;
use crate::catalog::{Catalog, FactFilter, HostAddresses, HostReading, facts};
use crate::finding::Findings;
use crate::id::CloudId;
use crate::ranges::RangeFile;

/// What is known about an address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AddressExplanation {
    /// The address.
    pub address: IpAddr,
    /// Service tags that hold it, the closest prefix first.
    pub tags: Vec<Holder>,
    /// Lists of documents that publish it.
    pub listed: Vec<ListedIn>,
    /// How many documented hosts have no better address source than the whole range file of this cloud.
    pub hosted: Vec<(CloudId, usize)>,
}

/// A service tag that holds an address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Holder {
    /// The tag.
    pub tag: String,
    /// Its longest prefix that holds the address.
    pub prefix: Prefix,
    /// The range file.
    pub file: String,
    /// The file's own word for its cloud.
    pub cloud: String,
    /// Documented hosts whose addresses the tag stands for.
    pub hosts: Vec<String>,
    /// Scenarios whose documents name the tag itself.
    pub scenarios: BTreeSet<String>,
}

/// A document's list that publishes an address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ListedIn {
    /// The list.
    pub list: String,
    /// Its prefix.
    pub prefix: Prefix,
    /// The hosts for which it does.
    pub hosts: Vec<String>,
}

/// Looks an address up in range files and in the catalog.
///
/// # Errors
/// All errors of the catalog's files.
pub fn explain_address(
    catalog: &Catalog,
    address: IpAddr,
    files: &[RangeFile<'_>],
) -> Result<AddressExplanation, Findings> {
    let mut tags = Vec::new();
    let mut hosted = Vec::new();
    let facts = if files.is_empty() { Vec::new() } else { facts(catalog, &FactFilter::default())? };
    for file in files {
        for (tag, prefix) in file.holders(address) {
            let naming = facts.iter().filter(|fact| fact.service_tag.as_deref() == Some(tag));
            tags.push(Holder {
                tag: tag.to_owned(),
                prefix,
                file: file.label().to_owned(),
                cloud: file.cloud().to_owned(),
                hosts: leaning(catalog, tag, catalog.cloud_of_file_word(file.cloud()))?,
                scenarios: naming.map(|fact| fact.scenario.to_string()).collect(),
            });
        }
        if let Some(cloud) =
            catalog.cloud_of_file_word(file.cloud()).filter(|_| file.whole().contains(address))
        {
            hosted.push((cloud.clone(), hosted_in(catalog, cloud)?));
        }
    }
    Ok(AddressExplanation { address, tags, listed: listed(catalog, address)?, hosted })
}

/// The documented hosts that a tag stands for in the cloud of a file: each cloud has a tag of that name.
fn leaning(catalog: &Catalog, tag: &str, file: Option<&CloudId>) -> Result<Vec<String>, Findings> {
    let readings = catalog.readings()?.iter().map(|(_, reading)| reading);
    let leaning = readings.filter(|reading| reading.tags.iter().any(|each| each.tag == tag));
    let here = |reading: &&HostReading| match &reading.addresses {
        Some(HostAddresses::HostedIn { cloud, .. }) => Some(cloud) == file,
        Some(HostAddresses::None { .. }) | None => true,
    };
    Ok(leaning.filter(here).map(|reading| reading.pattern.to_string()).collect())
}

fn hosted_in(catalog: &Catalog, cloud: &CloudId) -> Result<usize, Findings> {
    let hosted = |reading: &&HostReading| matches!(&reading.addresses, Some(HostAddresses::HostedIn { cloud: host, .. }) if host == cloud);
    Ok(catalog.readings()?.iter().map(|(_, reading)| reading).filter(hosted).count())
}

/// Lists that publish the address, each with its hosts.
fn listed(catalog: &Catalog, address: IpAddr) -> Result<Vec<ListedIn>, Findings> {
    let mut listed: Vec<ListedIn> = Vec::new();
    for (_, reading) in catalog.readings()?.iter() {
        let Some((list, set)) = &reading.documented_ips else {
            continue;
        };
        let Some(prefix) = set.prefixes().find(|prefix| prefix.contains(address)) else {
            continue;
        };
        let host = reading.pattern.to_string();
        match listed.iter_mut().find(|present| present.list == *list && present.prefix == prefix) {
            Some(present) => present.hosts.push(host),
            None => listed.push(ListedIn { list: list.clone(), prefix, hosts: vec![host] }),
        }
    }
    Ok(listed)
}
