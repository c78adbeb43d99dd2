//! Which clouds' range files placing will look into, so that no other file is read.

use std::collections::BTreeSet;

use crate::catalog::{Catalog, HostAddresses, HostReading, Readings};
use crate::finding::Findings;
use crate::host::HostPattern;
use crate::id::CloudId;
use crate::rule::{Endpoint, Rule, RuleSet};

use super::Fallback;

/// The clouds whose range files [`super::place`] asks for.
///
/// # Errors
/// All errors of hosts.yaml.
pub fn clouds_needed(
    rules: &RuleSet,
    cloud: &CloudId,
    fallback: Fallback,
    catalog: &Catalog,
) -> Result<BTreeSet<CloudId>, Findings> {
    let readings = catalog.readings()?;
    let mut needed = BTreeSet::new();
    for rule in rules.iter() {
        for end in [&rule.flow.from, &rule.flow.to] {
            needed.extend(match end {
                Endpoint::ServiceTag(_) => Some(cloud.clone()),
                Endpoint::CloudRanges(cloud) => Some(cloud.clone()),
                Endpoint::Host { pattern, .. } | Endpoint::Url { host: pattern, .. } => {
                    of_name(pattern, rule, cloud, fallback, readings)
                }
                Endpoint::Role(_) | Endpoint::Outside(_) => None,
            });
        }
    }
    Ok(needed)
}

fn of_name(
    pattern: &HostPattern,
    rule: &Rule,
    selected: &CloudId,
    fallback: Fallback,
    readings: &Readings,
) -> Option<CloudId> {
    let reading = readings.of(pattern)?;
    match fallback {
        Fallback::None => None,
        Fallback::Documented => hosted_in(reading).filter(|_| rule.ranges_offered),
        Fallback::Tag if reading.tags.is_empty() => None,
        Fallback::Tag => Some(hosted_in(reading).unwrap_or_else(|| selected.clone())),
    }
}

fn hosted_in(reading: &HostReading) -> Option<CloudId> {
    match &reading.addresses {
        Some(HostAddresses::HostedIn { cloud, .. }) => Some(cloud.clone()),
        Some(HostAddresses::None { .. }) | None => None,
    }
}
