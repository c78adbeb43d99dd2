//! hosts.yaml and address-lists.yaml: what is made of a documented host text, once for all editions.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::address::{Prefix, PrefixSet};
use crate::finding::{Code, Finding, Findings, Place, Source};
use crate::host::{HostError, HostPattern};
use crate::id::CloudId;

use super::check::{Checker, Defined};
use super::raw;
use super::registry::Registries;
use crate::yaml;

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
#[derive(Debug, Clone)]
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
#[derive(Debug, Clone)]
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

    /// The reading that stands for a pattern: that of the plain text, if another spelling of it has one too. Typos stand
    /// for nothing.
    pub fn of(&self, pattern: &HostPattern) -> Option<&HostReading> {
        let same = |reading: &&HostReading| reading.pattern == *pattern && reading.typo_of.is_none();
        self.0.values().filter(same).min_by_key(|reading| reading.normalized)
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

/// Reads and checks the files of hosts.yaml and address-lists.yaml over all layers.
pub(super) fn readings(
    files: &[Arc<Source>],
    lists: &[Arc<Source>],
    registries: &Registries,
) -> Result<Readings, Findings> {
    let (lists, mut findings) = address_lists(lists, registries)?;
    let mut readings = BTreeMap::new();
    let mut defined = Defined::default();
    for source in files {
        let rows: Vec<raw::Host> = yaml::parse(source)?;
        let mut checker = Checker::new(source, registries);
        checker.unique(rows.iter().map(|row| &row.host), "host");
        defined.add(&mut checker, rows.iter().map(|row| &row.host), "host");
        for row in &rows {
            if let Some(reading) = checker.host(row, &lists) {
                readings.insert(row.host.value.clone(), reading);
            }
        }
        findings.append(checker.findings);
    }
    findings.or_value(Readings(readings)).map(|(readings, _)| readings)
}

/// A published list of addresses that stands for several names.
struct AddressList {
    list: String,
    addresses: Option<HostAddresses>,
    tags: Vec<TagReading>,
    prefixes: PrefixSet,
}

/// Published lists by their ids.
type AddressLists = BTreeMap<String, AddressList>;

/// Reads and checks the files of address-lists.yaml over all layers.
fn address_lists(
    files: &[Arc<Source>],
    registries: &Registries,
) -> Result<(AddressLists, Findings), Findings> {
    let mut lists = AddressLists::new();
    let mut defined = Defined::default();
    let mut findings = Findings::new();
    for source in files {
        let rows: Vec<raw::AddressList> = yaml::parse(source)?;
        let mut checker = Checker::new(source, registries);
        checker.unique(rows.iter().map(|row| &row.id), "address list");
        defined.add(&mut checker, rows.iter().map(|row| &row.id), "address list");
        for row in &rows {
            lists.insert(row.id.value.clone(), checker.address_list(row));
        }
        findings.append(checker.findings);
    }
    Ok((lists, findings))
}

/// The words of `basis`: whether a document gives the tag.
pub(super) const BASES: [(&str, bool); 2] = [("documented", true), ("inferred", false)];

impl Checker<'_> {
    fn address_list(&mut self, raw: &raw::AddressList) -> AddressList {
        let place = self.place(&raw.id);
        self.not_empty(&raw.prefixes, "prefixes", &place);
        AddressList {
            list: raw.list.clone(),
            addresses: self.host_addresses(&raw.addresses, &place),
            tags: raw.tags.iter().filter_map(|tag| self.tag(tag)).collect(),
            prefixes: self.prefixes(&raw.prefixes),
        }
    }

    /// The list that a host names; its addresses are the list's.
    fn listed_in<'l>(&mut self, raw: &raw::Host, lists: &'l AddressLists) -> Option<&'l AddressList> {
        let id = raw.listed_in.as_ref()?;
        if raw.addresses.is_some() {
            let finding =
                Finding::new(Code::InvalidValue, "`listed-in` and `addresses` both tell the addresses")
                    .at(self.place(id))
                    .help("keep one: a list of address-lists.yaml has `addresses` of its own");
            self.push(finding);
        }
        if !lists.contains_key(&id.value) {
            let message = format!("unknown address list `{}`", id.value.escape_debug());
            let near = crate::finding::nearest(&id.value, lists.keys().map(String::as_str));
            let finding = Finding::new(Code::UnknownReference, message)
                .at(self.place(id))
                .maybe_help(near.map(|name| format!("did you mean `{name}`?")));
            self.push(finding);
        }
        lists.get(&id.value)
    }

    fn host(&mut self, raw: &raw::Host, lists: &AddressLists) -> Option<HostReading> {
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
        let list = self.listed_in(raw, lists);
        let own = raw.addresses.as_ref().and_then(|addresses| self.host_addresses(addresses, &place));
        let of_list = list.map(|list| list.tags.clone()).unwrap_or_default();
        let tags = raw.tags.iter().filter_map(|tag| self.tag(tag)).chain(of_list).collect();
        Some(HostReading {
            pattern: pattern.with_apex(apex.is_some_and(|apex| apex.included)),
            normalized: raw.normalized.is_some(),
            apex_because: apex.map(|apex| apex.because.clone()),
            typo_of: raw.typo_of.as_ref().map(|typo| (typo.host.value.clone(), typo.because.clone())),
            doubtful: raw.doubtful.clone(),
            addresses: own.or_else(|| list.and_then(|list| list.addresses.clone())),
            tags,
            documented_ips: list.map(|list| (list.list.clone(), list.prefixes.clone())),
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
        let documented = self.word(&raw.basis, "basis", &BASES)?;
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
