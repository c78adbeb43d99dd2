//! Whether a difference may be merged without a human.
//!
//! A site may allow one thing: addresses that join tags which it uses already, up to a number. Everything else is for a
//! human, whatever the policy: less that passes, new hosts, tags, rules or ways, doubtful hosts, refusals, acceptances.

use std::fmt;

use crate::address::Family;
use crate::manifest::{Manifest, TargetRecord};
use crate::place::Basis;

use super::{BuildDifference, Category, SiteDifference};

/// Why a human is needed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Barrier {
    /// The site.
    pub site: String,
    /// Why.
    pub because: String,
}

impl fmt::Display for Barrier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.site, self.because)
    }
}

/// Judges a difference; `policy` tells how many addresses a site lets join used tags, if any.
///
/// # Errors
/// Every reason why a human is needed.
pub fn may_merge(
    difference: &BuildDifference,
    policy: impl Fn(&str) -> Option<u64>,
) -> Result<(), Vec<Barrier>> {
    let mut barriers = Vec::new();
    for (manifest, what) in difference
        .added
        .iter()
        .map(|manifest| (manifest, "the site is new"))
        .chain(difference.removed.iter().map(|manifest| (manifest, "the site is gone")))
    {
        barriers.push(Barrier { site: manifest.site.to_string(), because: what.to_owned() });
    }
    for site in &difference.sites {
        let reasons = match policy(site.site.as_str()) {
            None => vec!["its site file allows nothing to be merged without a human".to_owned()],
            Some(most) => reasons(site, most),
        };
        barriers.extend(reasons.into_iter().map(|because| Barrier { site: site.site.to_string(), because }));
    }
    if barriers.is_empty() { Ok(()) } else { Err(barriers) }
}

fn reasons(site: &SiteDifference, most: u64) -> Vec<String> {
    let mut reasons = Vec::new();
    for category in Category::ALL {
        let count = site.flows.count(category);
        if count > 0 && !matches!(category, Category::SameInEffect | Category::Wording) {
            reasons.push(format!("{count} flows are {}", category.as_str()));
        }
    }
    if !site.ways.is_empty() {
        reasons.push("rules take other ways".to_owned());
    }
    if !site.losses.is_empty() {
        reasons.push("targets lose something else of the rules".to_owned());
    }
    if !site.targets.is_empty() {
        reasons.push("targets hold other rules, stand elsewhere, or are refused".to_owned());
    }
    if site.old.look != site.new.look {
        reasons.push("other templates made the files".to_owned());
    }
    // The header of a file names its range file, which is another one every week.
    let same_ranges = site.old.range_files == site.new.range_files;
    if site.sets.is_empty() && same_ranges && !site.files.is_empty() {
        reasons.push("files change, and no address does".to_owned());
    }
    if !site.accepted.is_empty() {
        reasons.push("other losses are accepted".to_owned());
    }
    let files = site.files.iter().filter(|file| file.change != super::FileChangeKind::Changed);
    if files.count() > 0 {
        reasons.push("files come or go".to_owned());
    }
    let targets = |manifest: &Manifest| -> Vec<_> {
        let targets = manifest.targets.iter();
        let name = |target: &TargetRecord| {
            (target.target.clone(), target.hosts.clone(), target.crossing.clone(), target.settings.clone())
        };
        targets.map(name).collect()
    };
    if targets(&site.old) != targets(&site.new) {
        reasons.push("targets have other settings, or stand elsewhere".to_owned());
    }
    if site.old.selected != site.new.selected {
        reasons.push("other scenarios or clouds are selected".to_owned());
    }
    let refused = site.new.targets.iter().filter(|target| !target.refused.is_empty()).count();
    if refused > 0 {
        reasons.push(format!("{refused} targets are refused"));
    }
    reasons.extend(doubts(site));
    reasons.extend(addresses(site, most));
    reasons
}

/// Doubtful hosts that were none before, or for another reason.
fn doubts(site: &SiteDifference) -> Option<String> {
    let known = |rule: &crate::rule::Rule| {
        site.old.rules.rules.iter().any(|old| old.rule.id == rule.id && old.rule.doubt == rule.doubt)
    };
    let doubtful = site.new.rules.rules.iter().filter(|new| new.rule.doubt.is_some() && !known(&new.rule));
    let count = doubtful.count();
    (count > 0).then(|| format!("{count} hosts have become doubtful"))
}

fn addresses(site: &SiteDifference, most: u64) -> Vec<String> {
    let mut reasons = Vec::new();
    for set in &site.sets {
        if !matches!(set.basis, Basis::Tag { .. }) {
            reasons.push(format!("{} changes, which is no tag", set.label()));
        }
        if set.is_new {
            reasons.push(format!("{} is new for rules that are not", set.label()));
        }
        if !set.removed.is_empty() {
            reasons.push(format!("{} loses addresses", set.label()));
        }
    }
    let (added, _) = site.addresses();
    // IPv6 comes in networks: a /64 counts as one address.
    let v4 = added.count(Family::V4).get().and_then(|count| u64::try_from(count).ok()).unwrap_or(u64::MAX);
    let v6 = added.prefixes().filter(|prefix| prefix.family() == Family::V6).fold(0_u64, |sum, prefix| {
        let networks = 64_u32.saturating_sub(u32::from(prefix.length()));
        sum.saturating_add(1_u64.checked_shl(networks).unwrap_or(u64::MAX))
    });
    let total = v4.saturating_add(v6);
    if total > most {
        reasons.push(format!("{total} addresses join, and its site file allows {most}"));
    }
    reasons
}
