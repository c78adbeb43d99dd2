//! What differs between two builds, by their manifests: flows by meaning, addresses, ways through the site, losses,
//! files.
//!
//! Flows are compared as documents are ([`super::compare`]); what a build adds to them, the site and its addresses, is
//! compared here. No catalog and no range file is needed.

mod losses;
mod merge;
pub mod render;
mod sets;
mod settings;
mod statements;
mod targets;
mod ways;

pub use losses::{LossChange, TargetName};
pub use merge::{Barrier, may_merge};
pub use sets::SetChange;
pub use settings::SettingChange;
pub use targets::TargetChange;
pub use ways::{Way, WayChange, WayEnd};

use std::collections::{BTreeMap, BTreeSet};

use crate::address::PrefixSet;
use crate::id::RoleId;
use crate::manifest::{AcceptedRecord, Manifest};
use crate::rule::RuleId;
use crate::site::SiteName;

use super::{Category, Difference};

/// What differs between two builds.
#[derive(Debug, Default)]
pub struct BuildDifference {
    /// Sites of both that differ, by name.
    pub sites: Vec<SiteDifference>,
    /// How many sites of both are the same.
    pub same: usize,
    /// Sites that only the new one has.
    pub added: Vec<Manifest>,
    /// Sites that only the old one has.
    pub removed: Vec<Manifest>,
}

/// What differs between two builds of one site.
#[derive(Debug)]
pub struct SiteDifference {
    /// The site.
    pub site: SiteName,
    /// Rules that came, went or are said otherwise.
    pub flows: Difference,
    /// Sets of addresses that gained or lost some, of rules that both builds have.
    pub sets: Vec<SetChange>,
    /// Rules of both builds that go other ways.
    pub ways: Vec<WayChange>,
    /// What targets lose now, or lost.
    pub losses: Vec<LossChange>,
    /// Targets that hold other rules, stand elsewhere, came, went, or are refused.
    pub targets: Vec<TargetChange>,
    /// Settings of targets that differ.
    pub settings: Vec<SettingChange>,
    /// Losses that the site accepts now, or accepted.
    pub accepted: Vec<AcceptedChange>,
    /// Files that came, went or changed.
    pub files: Vec<FileDifference>,
    /// How many files both builds have alike.
    pub same_files: usize,
    /// The older build.
    pub old: Manifest,
    /// The newer build.
    pub new: Manifest,
}

/// An acceptance that came or went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AcceptedChange {
    /// Whether it came.
    pub added: bool,
    /// What it says.
    pub record: AcceptedRecord,
}

/// A file that came, went or changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileDifference {
    /// The target that makes it.
    pub target: String,
    /// Below the folder of the manifest.
    pub path: String,
    /// What happened to it.
    pub change: FileChangeKind,
    /// How many lines came and went; not known where the texts are not at hand.
    pub lines: Option<usize>,
}

/// What happened to a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileChangeKind {
    /// Only the new build has it.
    Added,
    /// Only the old build has it.
    Removed,
    /// Its content differs.
    Changed,
}

impl FileChangeKind {
    /// The word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Removed => "removed",
            Self::Changed => "changed",
        }
    }
}

/// What of a difference is wanted; everything if empty.
#[derive(Debug, Clone, Default)]
pub struct BuildFilter {
    /// Only these sites.
    pub sites: Vec<String>,
    /// Only losses and files of these targets.
    pub targets: Vec<String>,
    /// Only rules of these roles.
    pub roles: BTreeSet<RoleId>,
}

impl BuildDifference {
    /// Compares the sites of two builds by name.
    pub fn of(old: Vec<Manifest>, new: Vec<Manifest>, filter: &BuildFilter) -> Self {
        let wanted = |manifest: &Manifest| {
            filter.sites.is_empty() || filter.sites.iter().any(|site| site == manifest.site.as_str())
        };
        let by_name = |manifests: Vec<Manifest>| -> BTreeMap<String, Manifest> {
            manifests.into_iter().filter(wanted).map(|each| (each.site.to_string(), each)).collect()
        };
        let (mut was, is) = (by_name(old), by_name(new));
        let mut difference = Self::default();
        for (name, new) in is {
            match was.remove(&name) {
                None => difference.added.push(new),
                Some(old) if old == new => difference.same += 1,
                Some(old) => difference.sites.push(SiteDifference::of(old, new, filter)),
            }
        }
        difference.removed = was.into_values().collect();
        difference
    }

    /// Whether nothing differs.
    pub fn is_empty(&self) -> bool {
        self.added.is_empty() && self.removed.is_empty() && self.sites.iter().all(SiteDifference::is_empty)
    }
}

impl SiteDifference {
    /// Compares two builds of a site.
    pub fn of(old: Manifest, new: Manifest, filter: &BuildFilter) -> Self {
        let flows = statements::flows(&old, &new, &filter.roles);
        let wanted = wanted_rules(&old, &new, filter);
        let mut sets = sets::changes(&old, &new);
        let mut ways = ways::changes(&old, &new);
        if let Some(wanted) = &wanted {
            sets.retain(|set| set.rules.iter().any(|rule| wanted.contains(rule)));
            ways.retain(|way| way.rules.iter().any(|rule| wanted.contains(rule)));
        }
        let of_target = |id: &str| filter.targets.is_empty() || filter.targets.iter().any(|each| each == id);
        let mut losses = losses::changes(&old, &new);
        losses.retain(|loss| of_target(&loss.target.id));
        let mut targets = targets::changes(&old, &new);
        targets.retain(|change| of_target(&change.target.id));
        let mut settings = settings::changes(&old, &new);
        settings.retain(|setting| of_target(&setting.target.id));
        let (mut files, same_files) = files(&old, &new);
        files.retain(|file| of_target(&file.target));
        Self {
            site: new.site.clone(),
            flows,
            sets,
            ways,
            losses,
            targets,
            settings,
            accepted: accepted(&old, &new),
            files,
            same_files,
            old,
            new,
        }
    }

    /// Whether nothing differs that is wanted.
    pub fn is_empty(&self) -> bool {
        self.flows.is_empty()
            && self.sets.is_empty()
            && self.ways.is_empty()
            && self.losses.is_empty()
            && self.targets.is_empty()
            && self.settings.is_empty()
            && self.old.look == self.new.look
            && self.old.selected == self.new.selected
            && self.accepted.is_empty()
            && self.files.is_empty()
    }

    /// All addresses that came, and all that went: what moves from one set to another is neither.
    pub fn addresses(&self) -> (PrefixSet, PrefixSet) {
        let union = |side: fn(&SetChange) -> &PrefixSet| {
            self.sets.iter().fold(PrefixSet::default(), |all, set| all.union(side(set)))
        };
        let (added, removed) = (union(|set| &set.added), union(|set| &set.removed));
        (added.difference(&removed), removed.difference(&added))
    }

    /// How many entries widen what may pass.
    pub fn widened(&self) -> usize {
        self.flows.count(Category::Widened)
            + self.sets.iter().filter(|set| !set.added.is_empty()).count()
            + self.ways.iter().filter(|way| !way.added.is_empty()).count()
            + self.losses.iter().filter(|loss| loss.widens()).count()
            + self.targets.iter().filter(|target| !target.gained.is_empty()).count()
    }

    /// How many entries narrow it.
    pub fn narrowed(&self) -> usize {
        self.flows.count(Category::Narrowed)
            + self.sets.iter().filter(|set| !set.removed.is_empty()).count()
            + self.ways.iter().filter(|way| !way.removed.is_empty()).count()
            + self.losses.iter().filter(|loss| loss.narrows()).count()
            + self.targets.iter().filter(|target| !target.lost.is_empty()).count()
    }
}

/// The rules of the wanted roles; none where all are wanted.
fn wanted_rules(old: &Manifest, new: &Manifest, filter: &BuildFilter) -> Option<BTreeSet<RuleId>> {
    if filter.roles.is_empty() {
        return None;
    }
    let records = old.rules.rules.iter().chain(&new.rules.rules);
    let plays = |end: &crate::rule::Endpoint| end.role().is_some_and(|role| filter.roles.contains(role));
    let wanted = records.filter(|record| plays(&record.rule.flow.from) || plays(&record.rule.flow.to));
    Some(wanted.map(|record| record.rule.id.clone()).collect())
}

fn accepted(old: &Manifest, new: &Manifest) -> Vec<AcceptedChange> {
    let only = |side: &Manifest, other: &Manifest, added: bool| -> Vec<AcceptedChange> {
        let own = side.accepted.iter().filter(|record| !other.accepted.contains(record));
        own.map(|record| AcceptedChange { added, record: record.clone() }).collect()
    };
    only(new, old, true).into_iter().chain(only(old, new, false)).collect()
}

/// Files that differ, and how many do not.
fn files(old: &Manifest, new: &Manifest) -> (Vec<FileDifference>, usize) {
    let by_path = |manifest: &Manifest| -> BTreeMap<String, (String, String)> {
        let files = manifest.targets.iter().flat_map(|target| {
            target.files.iter().map(|file| (file.path.clone(), (target.target.clone(), file.sha256.clone())))
        });
        files.collect()
    };
    let (was, is) = (by_path(old), by_path(new));
    let paths: BTreeSet<&String> = was.keys().chain(is.keys()).collect();
    let mut files = Vec::new();
    let mut same = 0;
    for path in paths {
        let (target, change) = match (was.get(path), is.get(path)) {
            (None, Some((target, _))) => (target, FileChangeKind::Added),
            (Some((target, _)), None) => (target, FileChangeKind::Removed),
            (Some((_, old)), Some((target, new))) if old != new => (target, FileChangeKind::Changed),
            _ => {
                same += 1;
                continue;
            }
        };
        files.push(FileDifference { target: target.clone(), path: path.clone(), change, lines: None });
    }
    (files, same)
}
