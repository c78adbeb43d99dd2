//! An address: which service tags hold it, and which documented hosts lean on them.

use std::collections::BTreeSet;
use std::net::IpAddr;

use serde::Serialize;

use crate::address::Prefix;
use crate::catalog::{Catalog, HostAddresses, HostReading};
use crate::finding::Findings;
use crate::id::CloudId;
use crate::ranges::{Extent, HolderIndex, RangeFile};

use super::tag::{TagUses, hosts};

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
    /// The file's own word for its cloud, where it names one.
    pub cloud: Option<String>,
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
    let uses = if files.is_empty() { None } else { Some(TagUses::of(catalog)?) };
    for file in files {
        let cloud = file.cloud().and_then(|word| catalog.cloud_of_file_word(word));
        let index = HolderIndex::of(file, |prefix| prefix.contains(address))?;
        for held in index.address(address) {
            let Extent::Within(prefix) = held.extent else { continue };
            let tag = held.tag.name();
            let uses = uses.as_ref().map(|uses| uses.of_tag(tag, cloud)).transpose()?.unwrap_or_default();
            let naming = uses.into_iter().filter(|each| each.host.is_none());
            tags.push(Holder {
                tag: tag.to_owned(),
                prefix,
                file: file.label(),
                cloud: file.cloud().map(str::to_owned),
                hosts: hosts(catalog, tag, cloud)?.into_iter().collect(),
                scenarios: naming.map(|each| each.scenario).collect(),
            });
        }
        if let Some(cloud) = cloud.filter(|_| index.holds(address)) {
            hosted.push((cloud.clone(), hosted_in(catalog, cloud)?));
        }
    }
    Ok(AddressExplanation { address, tags, listed: listed(catalog, address)?, hosted })
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
