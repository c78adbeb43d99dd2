//! Values of a rule file that check themselves while they are read, so that an error has its line.

use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, Visitor};

use crate::address::{PortRange, Prefix, Transport};
use crate::catalog::Edition;
use crate::finding::Code;
use crate::host::{HostName, HostPattern};
use crate::id::{CloudId, ConditionId, DocumentId, RequirementId, RoleId, ScenarioId, StationId, ZoneId};
use crate::rule::{Digest, Interpretation, RuleId};
use crate::site::SiteName;

/// A value that a file holds as text.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Text<T>(pub(crate) T);

/// What has one text and is made from it.
pub(crate) trait FromText: Sized {
    /// Reads the text, or says in one sentence what is wrong with it.
    fn from_text(text: &str) -> Result<Self, String>;
}

impl<'de, T: FromText> Deserialize<'de> for Text<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        T::from_text(&text).map(Self).map_err(D::Error::custom)
    }
}

macro_rules! from_text {
    ($($type:ty),*) => {$(
        impl FromText for $type {
            fn from_text(text: &str) -> Result<Self, String> {
                <$type>::parse(text).map_err(|error| error.to_string())
            }
        }
    )*};
}

from_text!(
    CloudId,
    ConditionId,
    DocumentId,
    RequirementId,
    RoleId,
    ScenarioId,
    StationId,
    ZoneId,
    HostName,
    HostPattern,
    PortRange,
    Prefix,
    Transport
);

impl FromText for Edition {
    fn from_text(text: &str) -> Result<Self, String> {
        text.parse().map_err(|error: crate::catalog::EditionError| error.to_string())
    }
}

impl FromText for std::net::IpAddr {
    fn from_text(text: &str) -> Result<Self, String> {
        text.parse().map_err(|_| format!("`{}` is not an address", text.escape_debug()))
    }
}

impl FromText for SiteName {
    fn from_text(text: &str) -> Result<Self, String> {
        Self::parse(text).map_err(|finding| finding.message)
    }
}

impl FromText for RuleId {
    fn from_text(text: &str) -> Result<Self, String> {
        Self::parse(text).ok_or_else(|| format!("`{}` is not a rule id", text.escape_debug()))
    }
}

impl FromText for Digest {
    fn from_text(text: &str) -> Result<Self, String> {
        Self::parse(text).ok_or_else(|| format!("`{}` is not the digest of a rule set", text.escape_debug()))
    }
}

impl FromText for Code {
    fn from_text(text: &str) -> Result<Self, String> {
        Self::find(text).ok_or_else(|| format!("`{}` is not a finding code", text.escape_debug()))
    }
}

/// What an interpretation is of.
#[derive(Debug)]
pub(super) struct Reading(pub(super) &'static str);

impl FromText for Reading {
    fn from_text(text: &str) -> Result<Self, String> {
        let known = Interpretation::KINDS.into_iter().find(|kind| *kind == text);
        known.map(Self).ok_or_else(|| format!("nothing is read into `{}` of a text", text.escape_debug()))
    }
}

/// The exact name of a service tag, such as `AzureActiveDirectory` or `Storage.WestEurope`.
#[derive(Debug)]
pub(super) struct Tag(pub(super) String);

impl FromText for Tag {
    fn from_text(text: &str) -> Result<Self, String> {
        let fine = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
        if (1..=128).contains(&text.len()) && text.chars().all(fine) {
            return Ok(Self(text.to_owned()));
        }
        Err(format!("`{}` is not the name of a service tag", text.escape_debug()))
    }
}

/// A map in which no key stands twice; most readers silently keep the last.
#[derive(Debug)]
pub(crate) struct Once<T>(pub(crate) BTreeMap<String, T>);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Once<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(OnceVisitor(PhantomData))
    }
}

struct OnceVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for OnceVisitor<T> {
    type Value = Once<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Once<T>, A::Error> {
        let mut entries = BTreeMap::new();
        while let Some(key) = map.next_key::<String>()? {
            if entries.contains_key(&key) {
                return Err(A::Error::custom(format!("`{}` is given twice", key.escape_debug())));
            }
            entries.insert(key, map.next_value()?);
        }
        Ok(Once(entries))
    }
}
