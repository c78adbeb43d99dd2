//! A rule file as text.

use serde::ser::{Serialize, SerializeMap, SerializeStruct as _, Serializer};

use super::file::{End, HopRecord, MatchedBy, RuleFile, Via};
use crate::catalog::Edition;
use crate::finding::{Code, Finding, Findings};
use crate::id::DocumentId;
use crate::place::{AddressSet, Basis};
use crate::site::ProxyListener;

/// Name and version of the format. A change that an older reader would misread takes the next number.
pub(super) const FORMAT: &str = "portbook-rules/1";

impl RuleFile {
    /// The canonical text: two spaces of indent, one prefix a line, a line end at the end. What [`RuleFile::parse`] read from a text of
    /// this function comes out byte for byte.
    ///
    /// # Errors
    /// `cannot-write`, which no rule file brings about: all its keys are texts.
    pub fn to_text(&self) -> Result<String, Findings> {
        let mut text = serde_json::to_string_pretty(self).map_err(|error| {
            Finding::new(Code::CannotWrite, "the rules cannot be written as JSON").note(error.to_string())
        })?;
        text.push('\n');
        Ok(text)
    }
}

impl Serialize for RuleFile {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let documents: Vec<Source> = self.documents().into_iter().map(Source::from).collect();
        let sets: std::collections::BTreeMap<&str, SetView<'_>> =
            self.address_sets.iter().map(|(name, set)| (name.as_str(), SetView(set))).collect();
        let mut file = serializer.serialize_struct("RuleFile", 9)?;
        file.serialize_field("format", FORMAT)?;
        file.serialize_field("title", &self.title)?;
        file.serialize_field("site", self.site.as_str())?;
        file.serialize_field("rule-set", &self.rule_set)?;
        file.serialize_field("documents", &documents)?;
        file.serialize_field("notes", &self.notes)?;
        file.serialize_field("rules", &self.rules)?;
        file.serialize_field("left-out", &self.left_out)?;
        file.serialize_field("address-sets", &sets)?;
        file.end()
    }
}

/// A document in one of its editions; gaps have none.
#[derive(serde::Serialize)]
struct Source {
    document: DocumentId,
    #[serde(skip_serializing_if = "Option::is_none")]
    edition: Option<Edition>,
}

impl From<(DocumentId, Option<Edition>)> for Source {
    fn from((document, edition): (DocumentId, Option<Edition>)) -> Self {
        Self { document, edition }
    }
}

/// An address set as files hold it.
pub(crate) struct SetView<'a>(pub(crate) &'a AddressSet);

impl Serialize for SetView<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        let (basis, tag) = match &self.0.basis {
            Basis::Site => ("site", None),
            Basis::WholeFile => ("whole-file", None),
            Basis::Tag { tag, documented: true } => ("documented-tag", Some(tag)),
            Basis::Tag { tag, documented: false } => ("inferred-tag", Some(tag)),
        };
        map.serialize_entry("basis", basis)?;
        optional(&mut map, "tag", tag)?;
        optional(&mut map, "cloud", self.0.cloud.as_ref())?;
        optional(&mut map, "range-file", self.0.range_file.as_ref())?;
        map.serialize_entry("prefixes", &self.0.prefixes)?;
        map.end()
    }
}

fn optional<M: SerializeMap, T: Serialize>(map: &mut M, key: &str, value: Option<T>) -> Result<(), M::Error> {
    value.map_or(Ok(()), |value| map.serialize_entry(key, &value))
}

impl Serialize for HopRecord {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (via, proxy) = match &self.via {
            Via::Direct => ("direct", None),
            Via::ToProxy(proxy) => ("to-proxy", Some(proxy)),
            Via::FromProxy(proxy) => ("from-proxy", Some(proxy)),
        };
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("via", via)?;
        optional(&mut map, "proxy", proxy.map(ProxyView))?;
        map.serialize_entry("source", &self.source)?;
        map.serialize_entry("destination", &self.destination)?;
        map.serialize_entry("transport", &self.transport)?;
        map.serialize_entry("ports", &self.ports)?;
        optional(&mut map, "source-ports", self.source_ports)?;
        map.end()
    }
}

struct ProxyView<'a>(&'a ProxyListener);

impl Serialize for ProxyView<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use crate::site::ProxyAddress;
        let mut map = serializer.serialize_map(Some(2))?;
        match &self.0.host {
            ProxyAddress::Name(name) => map.serialize_entry("host", name)?,
            ProxyAddress::Ip(address) => map.serialize_entry("address", address)?,
        }
        map.serialize_entry("ports", &self.0.port)?;
        map.end()
    }
}

impl Serialize for End {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        match &self.by {
            MatchedBy::Any => map.serialize_entry("any", &true)?,
            MatchedBy::Host(pattern) => map.serialize_entry("host", pattern)?,
            MatchedBy::Url(host, path) => map.serialize_entry("url", &format!("{host}{path}"))?,
            MatchedBy::Addresses(set) => map.serialize_entry("addresses", set)?,
            MatchedBy::NotGiven => map.serialize_entry("not-given", &true)?,
        }
        optional(&mut map, "station", self.station.as_ref())?;
        optional(&mut map, "zone", self.zone.as_ref())?;
        map.end()
    }
}
