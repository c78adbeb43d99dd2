//! What a file holds, in numbers.

use serde::Serialize;

use crate::address::{AddressCount, Family, Prefix, PrefixSet};
use crate::finding::Findings;

use super::file::RangeFile;

/// The numbers of one file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Figures {
    /// Tags.
    pub tags: usize,
    /// Tags without a region.
    pub cloud_wide_tags: usize,
    /// Tags without any prefix; no rule can be made from them.
    pub empty_tags: usize,
    /// Tags with IPv6 prefixes only; an IPv4 rule cannot be made from them.
    pub ipv6_only_tags: usize,
    /// Prefixes, summed over the tags: most stand in several.
    pub prefixes: usize,
    /// Different prefixes.
    pub unique_prefixes: usize,
    /// Different IPv4 prefixes.
    pub ipv4_unique: usize,
    /// Different IPv6 prefixes.
    pub ipv6_unique: usize,
    /// The fewest IPv4 prefixes that hold the addresses of all tags.
    pub ipv4_aggregated: usize,
    /// The fewest IPv6 prefixes that hold the addresses of all tags.
    pub ipv6_aggregated: usize,
    /// The fewest prefixes that hold the addresses of each tag, summed over the tags.
    pub aggregated_by_tag: usize,
    /// IPv4 addresses of all tags.
    #[serde(serialize_with = "number")]
    pub ipv4_addresses: AddressCount,
    /// IPv6 addresses of all tags, as a text: JSON readers round numbers of this size.
    #[serde(serialize_with = "digits")]
    pub ipv6_addresses: AddressCount,
}

/// Below 2^33, so that every reader of JSON has it exactly.
fn number<S: serde::Serializer>(count: &AddressCount, serializer: S) -> Result<S::Ok, S::Error> {
    match count.get().and_then(|count| u64::try_from(count).ok()) {
        Some(count) => serializer.serialize_u64(count),
        None => digits(count, serializer),
    }
}

fn digits<S: serde::Serializer>(count: &AddressCount, serializer: S) -> Result<S::Ok, S::Error> {
    match count.get() {
        Some(count) => serializer.collect_str(&count),
        None => serializer.collect_str(count),
    }
}

impl Figures {
    /// Counts a file.
    ///
    /// # Errors
    /// As [`RangeFile::prefixes`].
    pub fn of(file: &RangeFile<'_>) -> Result<Self, Findings> {
        let mut all: Vec<Prefix> = Vec::new();
        let (mut empty, mut v6_only, mut by_tag) = (0, 0, 0);
        for tag in file.tags() {
            let prefixes = file.prefixes(tag)?;
            empty += usize::from(prefixes.is_empty());
            let v6 = !prefixes.is_empty() && prefixes.iter().all(|prefix| prefix.family() == Family::V6);
            v6_only += usize::from(v6);
            by_tag += prefixes.iter().collect::<PrefixSet>().prefixes().count();
            all.extend_from_slice(&prefixes);
        }
        let prefixes = all.len();
        all.sort_unstable();
        all.dedup();
        let v4 = all.iter().filter(|prefix| prefix.family() == Family::V4).count();
        let set: PrefixSet = all.iter().collect();
        Ok(Self {
            tags: file.tags().len(),
            cloud_wide_tags: file.tags().iter().filter(|tag| tag.region().is_empty()).count(),
            empty_tags: empty,
            ipv6_only_tags: v6_only,
            prefixes,
            unique_prefixes: all.len(),
            ipv4_unique: v4,
            ipv6_unique: all.len() - v4,
            ipv4_aggregated: set.v4().cidrs().count(),
            ipv6_aggregated: set.v6().cidrs().count(),
            aggregated_by_tag: by_tag,
            ipv4_addresses: set.count(Family::V4),
            ipv6_addresses: set.count(Family::V6),
        })
    }
}
