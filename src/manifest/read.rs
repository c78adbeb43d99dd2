//! A manifest from text. It comes from disk or a repository: every claim of it is checked.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::write::FORMAT;
use super::{AcceptedRecord, FileRecord, LossRecord, Manifest, RangeSource, StandIn, TargetRecord};
use crate::finding::{Code, Finding, Findings, Place, Source};
use crate::id::{CloudId, ScenarioId, StationId};
use crate::plan::leaves;
use crate::rule::RuleId;
use crate::site::SiteName;
use crate::target::json::{Once, RawSet, RuleFile, Text};
use crate::target::{Axis, Counts, DeviceObjects, Effect, find};

impl Manifest {
    /// Reads and checks a manifest; `name` is how findings call it.
    ///
    /// # Errors
    /// `manifest-newer` for a version after 1; `manifest-unreadable` for anything else, with its line and column.
    pub fn parse(name: &str, text: &str) -> Result<Self, Findings> {
        check_format(name, text)?;
        let raw: RawManifest = serde_json::from_str(text).map_err(|error| located(name, text, &error))?;
        raw.check().map_err(|message| unreadable(&format!("{name}: {message}")).into())
    }
}

#[derive(Deserialize)]
struct Versioned {
    format: String,
}

fn check_format(name: &str, text: &str) -> Result<(), Findings> {
    let versioned: Versioned = serde_json::from_str(text).map_err(|error| located(name, text, &error))?;
    if versioned.format == FORMAT {
        return Ok(());
    }
    let shown = versioned.format.escape_debug();
    let number = versioned.format.strip_prefix("portbook-manifest/");
    Err(match number.and_then(|number| number.parse::<u32>().ok()) {
        Some(2..) => Finding::new(Code::ManifestNewer, format!("{name} has the format {shown}"))
            .note(format!("this program reads {FORMAT}"))
            .help(Code::ManifestNewer.spec().next)
            .into(),
        _ => unreadable(&format!("{name} has the format `{shown}`, not {FORMAT}")).into(),
    })
}

fn unreadable(message: &str) -> Finding {
    Finding::new(Code::ManifestUnreadable, message).help(Code::ManifestUnreadable.spec().next)
}

fn located(name: &str, text: &str, error: &serde_json::Error) -> Findings {
    let message = error.to_string();
    let position = format!(" at line {} column {}", error.line(), error.column());
    let message = message.strip_suffix(&position).unwrap_or(&message);
    let source = Source::new(name, text);
    let place = Place::at(&source, error.line(), error.column());
    unreadable(&format!("{name} is not a manifest: {message}")).at(place).into()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct RawManifest {
    #[serde(rename = "format")]
    _format: String,
    site: Text<SiteName>,
    selected: Once<Vec<Text<ScenarioId>>>,
    accepted: Vec<RawAccepted>,
    range_files: Vec<RawRangeSource>,
    look: String,
    targets: Vec<RawTarget>,
    rules: RuleFile,
    stand_ins: Once<RawStandIn>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawAccepted {
    loss: String,
    because: String,
    until: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawRangeSource {
    file: String,
    sha256: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawStandIn {
    rules: Vec<Text<RuleId>>,
    set: RawSet,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct RawTarget {
    target: String,
    hosts: Vec<Text<StationId>>,
    crossing: Option<String>,
    #[serde(default)]
    settings: Settings,
    counts: Counts,
    rules: Vec<Text<RuleId>>,
    refused: Vec<Text<Code>>,
    losses: Vec<RawLoss>,
    files: Vec<RawFile>,
    objects: Option<DeviceObjects>,
}

/// Settings by their names.
#[derive(Deserialize)]
struct Settings(Once<String>);

impl Default for Settings {
    fn default() -> Self {
        Self(Once(BTreeMap::new()))
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawLoss {
    code: Text<Code>,
    axis: Axis,
    effect: Effect,
    detail: String,
    rules: Vec<Text<RuleId>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawFile {
    path: String,
    sha256: String,
}

impl RawManifest {
    fn check(self) -> Result<Manifest, String> {
        let mut selected = BTreeMap::new();
        for (cloud, scenarios) in self.selected.0 {
            let cloud = CloudId::parse(&cloud).map_err(|error| error.to_string())?;
            selected.insert(cloud, scenarios.into_iter().map(|scenario| scenario.0).collect());
        }
        let stand_ins = self.stand_ins.0.into_iter().map(|(name, raw)| {
            let set = raw.set.check(name.clone())?;
            Ok((name, StandIn { set, rules: raw.rules.into_iter().map(|rule| rule.0).collect() }))
        });
        let accepted = self.accepted.into_iter();
        let manifest = Manifest {
            site: self.site.0,
            selected,
            accepted: accepted
                .map(|raw| AcceptedRecord { loss: raw.loss, because: raw.because, until: raw.until })
                .collect(),
            range_files: self.range_files.into_iter().map(RawRangeSource::check).collect::<Result<_, _>>()?,
            look: self.look,
            rules: self.rules,
            stand_ins: stand_ins.collect::<Result<_, String>>()?,
            targets: self.targets.into_iter().map(RawTarget::check).collect::<Result<_, _>>()?,
        };
        if manifest.site != manifest.rules.site {
            return Err(format!("it is of {}, and its rules of {}", manifest.site, manifest.rules.site));
        }
        Ok(manifest)
    }
}

impl RawRangeSource {
    fn check(self) -> Result<RangeSource, String> {
        Ok(RangeSource { label: self.file, sha256: digest(self.sha256)? })
    }
}

impl RawTarget {
    fn check(self) -> Result<TargetRecord, String> {
        if find(&self.target).is_none() {
            return Err(format!("`{}` is no target", self.target.escape_debug()));
        }
        Ok(TargetRecord {
            target: self.target,
            hosts: self.hosts.into_iter().map(|host| host.0).collect(),
            crossing: self.crossing,
            settings: self.settings.0.0,
            counts: self.counts,
            rules: self.rules.into_iter().map(|rule| rule.0).collect(),
            refused: self.refused.into_iter().map(|code| code.0).collect(),
            losses: self.losses.into_iter().map(LossRecord::from).collect(),
            files: self.files.into_iter().map(RawFile::check).collect::<Result<_, _>>()?,
            objects: self.objects,
        })
    }
}

impl From<RawLoss> for LossRecord {
    fn from(raw: RawLoss) -> Self {
        Self {
            code: raw.code.0,
            axis: raw.axis,
            effect: raw.effect,
            detail: raw.detail,
            rules: raw.rules.into_iter().map(|rule| rule.0).collect(),
        }
    }
}

impl RawFile {
    /// A manifest tells which files a build may remove: none outside its folder unless the build may go there too,
    /// which the path shows.
    fn check(self) -> Result<FileRecord, String> {
        let plain = !self.path.is_empty()
            && !self.path.contains(['\\', '\0'])
            && (leaves(&self.path) || self.path.split('/').all(|part| !part.is_empty() && part != "."));
        // A manifest from elsewhere may name anything: what belongs to version control is never a build's.
        let git = self.path.split('/').any(|part| part.eq_ignore_ascii_case(".git"));
        if !plain || git {
            return Err(format!("`{}` is no path of a file", self.path.escape_debug()));
        }
        Ok(FileRecord { path: self.path, sha256: digest(self.sha256)? })
    }
}

fn digest(text: String) -> Result<String, String> {
    let fine = text.len() == 64 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    if fine { Ok(text) } else { Err(format!("`{}` is not a SHA-256", text.escape_debug())) }
}
