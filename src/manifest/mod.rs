//! What a build made of a site: its rules, their addresses, what each target lost, and the digests of the files.
//!
//! A manifest stands beside the files that it tells of. Two of them can be compared without the program, the catalog
//! or the range files that made them. It is canonical, versioned, and read back strictly.

mod read;
mod write;

use std::collections::BTreeMap;

use sha2::{Digest as _, Sha256};

use crate::address::PrefixSet;
use crate::finding::Code;
use crate::id::{CloudId, ScenarioId, StationId};
use crate::place::AddressSet;
use crate::rule::RuleId;
use crate::site::SiteName;
use crate::target::json::RuleFile;
use crate::target::{Axis, Counts, DeviceObjects, Effect};

/// The name of the file, in the folder of a site.
pub const FILE: &str = "portbook.manifest.json";

/// What a build made of a site.
#[derive(Debug, Clone, PartialEq)]
pub struct Manifest {
    /// Its name.
    pub site: SiteName,
    /// Its clouds, and what was selected for each.
    pub selected: BTreeMap<CloudId, Vec<ScenarioId>>,
    /// Losses that the site accepted, and why.
    pub accepted: Vec<AcceptedRecord>,
    /// The range files behind addresses of it.
    pub range_files: Vec<RangeSource>,
    /// Ten characters that stand for the templates behind the files: whoever changes one changes what devices load.
    pub look: String,
    /// The rules with their sources, ways and addresses.
    pub rules: RuleFile,
    /// Addresses that stand for names in files of targets which hold no names, by the name of the set.
    pub stand_ins: BTreeMap<String, StandIn>,
    /// What was made for each target, in the order of the site file.
    pub targets: Vec<TargetRecord>,
}

/// Addresses in place of names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StandIn {
    /// The addresses and where they come from.
    pub set: AddressSet,
    /// The rules of which they are the destination.
    pub rules: Vec<RuleId>,
}

/// A loss that a site accepted.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct AcceptedRecord {
    /// `CODE[@TARGET][@RULE]`.
    pub loss: String,
    /// Why.
    pub because: String,
    /// The last day on which it counts.
    pub until: Option<String>,
}

/// A range file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct RangeSource {
    /// `ServiceTags_Public_20251103.json change 376`.
    pub label: String,
    /// SHA-256 of its bytes, in hexadecimal digits.
    pub sha256: String,
}

/// What was made for one target.
#[derive(Debug, Clone, PartialEq)]
pub struct TargetRecord {
    /// Its id.
    pub target: String,
    /// For which hosts; all if empty.
    pub hosts: Vec<StationId>,
    /// Between which zones, in words.
    pub crossing: Option<String>,
    /// Its settings that are no defaults, and `family` where one was asked for: what the files also depend on.
    pub settings: BTreeMap<String, String>,
    /// How the rules fared.
    pub counts: Counts,
    /// The rules that its files hold, exactly or not.
    pub rules: Vec<RuleId>,
    /// The codes for which nothing was written; empty where files were.
    pub refused: Vec<Code>,
    /// Every loss, each once with the rules that have it.
    pub losses: Vec<LossRecord>,
    /// Its files.
    pub files: Vec<FileRecord>,
    /// What a later file must delete on the device, where it must.
    pub objects: Option<DeviceObjects>,
}

/// A loss and the rules that have it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct LossRecord {
    /// Its code.
    pub code: Code,
    /// The part of the rules.
    pub axis: Axis,
    /// What it does.
    pub effect: Effect,
    /// What exactly.
    pub detail: String,
    /// The rules.
    pub rules: Vec<RuleId>,
}

/// A file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct FileRecord {
    /// Below the folder of the manifest, with `/` between the parts.
    pub path: String,
    /// SHA-256 of its bytes, in hexadecimal digits.
    pub sha256: String,
}

impl Manifest {
    /// Every file of the build.
    pub fn files(&self) -> impl Iterator<Item = &FileRecord> {
        self.targets.iter().flat_map(|target| &target.files)
    }

    /// Every set of addresses by its name: those of hosts and tags, and those that stand for names.
    pub fn address_sets(&self) -> impl Iterator<Item = (&str, &AddressSet)> {
        let own = self.rules.address_sets.iter().map(|(name, set)| (name.as_str(), set));
        own.chain(self.stand_ins.iter().map(|(name, stand_in)| (name.as_str(), &stand_in.set)))
    }

    /// The union of all addresses that come from range files.
    pub fn cloud_addresses(&self) -> PrefixSet {
        let of_files = self.address_sets().filter(|(_, set)| set.range_file.is_some());
        of_files.fold(PrefixSet::default(), |all, (_, set)| all.union(&set.prefixes))
    }
}

/// SHA-256 in hexadecimal digits, as `sha256sum` writes it.
pub fn sha256(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    let mut text = String::with_capacity(64);
    for byte in Sha256::digest(bytes) {
        let _ = write!(text, "{byte:02x}");
    }
    text
}
