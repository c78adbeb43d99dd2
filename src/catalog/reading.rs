//! hosts.yaml: what is made of a documented host text, once for all editions.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::address::{Prefix, PrefixSet};
use crate::finding::{Code, Finding, Findings, Place, Source};
use crate::host::{HostError, HostPattern};
use crate::id::CloudId;

use super::check::{Checker, Defined};
use super::registry::Registries;
use super::{raw, yaml};

/// The reading of one documented host text.
#[derive(Debug)]
pub struct HostReading {
    /// The pattern that it stands for, with or without its apex.
    pub pattern: HostPattern,
    /// Whether the pattern differs from the text.
    pub normalized: bool,
    /// Why the apex is part of it or not; wildcards only.
    pub apex_because: Option<String>,
    /// The text that was meant, and who confirms it.
    pub typo_of: Option<(String, String)>,
    /// Why the text is doubtful, with what other documents give.
    pub doubtful: Option<String>,
    /// Where its addresses are published.
    pub addresses: Option<HostAddresses>,
    /// Service tags that hold its addresses.
    pub tags: Vec<TagReading>,
    /// Addresses that a document publishes for it: the list that does, and the prefixes.
    pub documented_ips: Option<(String, PrefixSet)>,
    /// Why names under it may belong to others.
    pub shared_suffix: Option<String>,
    /// Where the reading stands.
    pub place: Place,
}

/// Where the addresses of a name are published.
#[derive(Debug)]
pub enum HostAddresses {
    /// The service runs in an Azure cloud, so that its range file covers the name.
    HostedIn {
        /// Which cloud.
        cloud: CloudId,
        /// Why that is believed.
        because: String,
    },
    /// Nowhere.
    None {
        /// Why not.
        because: String,
    },
}

/// A service tag that stands for a name.
#[derive(Debug)]
pub struct TagReading {
    /// The tag.
    pub tag: String,
    /// Whether a document names it; else it is inferred.
    pub documented: bool,
    /// From what.
    pub because: String,
}

/// All readings, by documented text.
#[derive(Debug, Default)]
pub struct Readings(BTreeMap<String, HostReading>);

impl Readings {
    /// The reading of a documented text, if it needs one.
    pub fn get(&self, text: &str) -> Option<&HostReading> {
        self.0.get(text)
    }

    /// The reading that stands for a pattern; typos stand for nothing.
    pub fn of(&self, pattern: &HostPattern) -> Option<&HostReading> {
        self.0.values().find(|reading| reading.pattern == *pattern && reading.typo_of.is_none())
    }

    /// All of them, by text.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &HostReading)> {
        self.0.iter().map(|(text, reading)| (text.as_str(), reading))
    }

    /// The pattern that a documented text stands for.
    ///
    /// # Errors
    /// When the text has no reading and is no host name or pattern itself.
    pub fn pattern(&self, text: &str) -> Result<HostPattern, HostError> {
        self.get(text).map_or_else(|| HostPattern::parse(text), |reading| Ok(reading.pattern.clone()))
    }
}

/// Reads and checks the files of hosts.yaml over all layers.
pub(super) fn readings(files: &[Arc<Source>], registries: &Registries) -> Result<Readings, Findings> {
    let mut readings = BTreeMap::new();
    let mut defined = Defined::default();
    let mut findings = Findings::new();
    for source in files {
        let rows: Vec<raw::Host> = yaml::parse(source)?;
        let mut checker = Checker::new(source, registries);
        checker.unique(rows.iter().map(|row| &row.host), "host");
        defined.add(&mut checker, rows.iter().map(|row| &row.host), "host");
        for row in &rows {
            if let Some(reading) = checker.host(row) {
                readings.insert(row.host.value.clone(), reading);
            }
        }
        findings.append(checker.findings);
    }
    findings.or_value(Readings(readings)).map(|(readings, _)| readings)
}

impl Checker<'_> {
    fn host(&mut self, raw: &raw::Host) -> Option<HostReading> {
        let place = yaml::place(self.source, &raw.host);
        let written = raw.normalized.as_ref().unwrap_or(&raw.host);
        let pattern = HostPattern::parse(&written.value).map_err(|error| {
            let place = yaml::place(self.source, written);
            self.findings
                .push(Finding::new(Code::InvalidHost, error.to_string()).at(place).maybe_help(error.help()));
        });
        let pattern = pattern.ok()?;
        let apex = raw.apex.as_ref();
        if pattern.is_wildcard() && apex.is_none() {
            let message = format!("`{}` has no decision about its apex", raw.host.value);
            let help = "add `apex: {included: false, because: ...}`, or true where the documents mean the name itself too";
            self.findings.push(Finding::new(Code::ReadingMissing, message).at(place.clone()).help(help));
        }
        Some(HostReading {
            pattern: pattern.with_apex(apex.is_some_and(|apex| apex.included)),
            normalized: raw.normalized.is_some(),
            apex_because: apex.map(|apex| apex.because.clone()),
            typo_of: raw.typo_of.as_ref().map(|typo| (typo.host.value.clone(), typo.because.clone())),
            doubtful: raw.doubtful.clone(),
            addresses: raw.addresses.as_ref().and_then(|addresses| self.host_addresses(addresses, &place)),
            tags: raw.tags.iter().filter_map(|tag| self.tag(tag)).collect(),
            documented_ips: raw
                .documented_ips
                .as_ref()
                .map(|ips| (ips.list.clone(), self.prefixes(&ips.prefixes))),
            shared_suffix: raw.shared_suffix.clone(),
            place,
        })
    }

    fn host_addresses(&mut self, raw: &raw::Addresses, place: &Place) -> Option<HostAddresses> {
        match (&raw.hosted_in, &raw.because, &raw.none) {
            (Some(cloud), Some(because), None) => {
                Some(HostAddresses::HostedIn { cloud: self.cloud(cloud)?, because: because.clone() })
            }
            (None, None, Some(because)) => Some(HostAddresses::None { because: because.clone() }),
            _ => {
                let message = "`addresses` is `{hosted-in: CLOUD, because: ...}` or `{none: ...}`";
                self.findings.push(Finding::new(Code::InvalidValue, message).at(place.clone()));
                None
            }
        }
    }

    fn tag(&mut self, raw: &raw::Tag) -> Option<TagReading> {
        let documented = self.word(&raw.basis, "basis", &[("documented", true), ("inferred", false)])?;
        Some(TagReading { tag: raw.tag.value.clone(), documented, because: raw.because.clone() })
    }

    fn prefixes(&mut self, texts: &[raw::Text]) -> PrefixSet {
        let parsed = texts.iter().filter_map(|text| {
            Prefix::parse(&text.value)
                .map_err(|error| {
                    let place = yaml::place(self.source, text);
                    self.findings.push(crate::site::prefix_finding(&error).at(place));
                })
                .ok()
        });
        parsed.collect()
    }
}
