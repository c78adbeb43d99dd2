//! Reading names of objects back: only Portbook's own, each once, since what is read here is deleted from a device.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, Error, MapAccess, SeqAccess, Visitor};

use super::{entry, name};

/// A name that Portbook gives.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Own(String);

impl<'de> Deserialize<'de> for Own {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        if name::is_ours(&text) {
            return Ok(Self(text));
        }
        Err(D::Error::custom(format!("`{}` is no name that Portbook gives", text.escape_debug())))
    }
}

/// An entry of a URL list as Portbook writes it.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct UrlEntry(String);

impl<'de> Deserialize<'de> for UrlEntry {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        if entry::is_ours(&text) {
            return Ok(Self(text));
        }
        Err(D::Error::custom(format!("`{}` is no entry that Portbook writes", text.escape_debug())))
    }
}

/// A list in which nothing stands twice.
struct Distinct<T>(BTreeSet<T>);

impl<'de, T: Deserialize<'de> + Ord> Deserialize<'de> for Distinct<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct List<T>(std::marker::PhantomData<T>);
        impl<'de, T: Deserialize<'de> + Ord> Visitor<'de> for List<T> {
            type Value = BTreeSet<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list of names")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<BTreeSet<T>, A::Error> {
                let mut set = BTreeSet::new();
                while let Some(item) = list.next_element()? {
                    if !set.insert(item) {
                        return Err(Error::custom("a name stands twice in its list"));
                    }
                }
                Ok(set)
            }
        }
        deserializer.deserialize_seq(List(std::marker::PhantomData)).map(Self)
    }
}

/// Lists by name, no name twice: `serde_json` would keep the last one.
struct Lists<T>(BTreeMap<Own, Distinct<T>>);

impl<'de, T: Deserialize<'de> + Ord> Deserialize<'de> for Lists<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Map<T>(std::marker::PhantomData<T>);
        impl<'de, T: Deserialize<'de> + Ord> Visitor<'de> for Map<T> {
            type Value = BTreeMap<Own, Distinct<T>>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("lists by name")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut lists = BTreeMap::new();
                while let Some((name, list)) = map.next_entry()? {
                    if lists.insert(name, list).is_some() {
                        return Err(Error::custom("two lists have one name"));
                    }
                }
                Ok(lists)
            }
        }
        deserializer.deserialize_map(Map(std::marker::PhantomData)).map(Self)
    }
}

/// Names.
pub(super) fn names<'de, D: Deserializer<'de>>(deserializer: D) -> Result<BTreeSet<String>, D::Error> {
    Distinct::<Own>::deserialize(deserializer).map(|list| list.0.into_iter().map(|own| own.0).collect())
}

/// Groups with the names of their members.
pub(super) fn groups<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<BTreeMap<String, BTreeSet<String>>, D::Error> {
    Lists::<Own>::deserialize(deserializer).map(|lists| plain(lists, |own| own.0))
}

/// Categories with their entries.
pub(super) fn categories<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<BTreeMap<String, BTreeSet<String>>, D::Error> {
    Lists::<UrlEntry>::deserialize(deserializer).map(|lists| plain(lists, |entry| entry.0))
}

fn plain<T>(lists: Lists<T>, text: fn(T) -> String) -> BTreeMap<String, BTreeSet<String>> {
    lists.0.into_iter().map(|(name, list)| (name.0, list.0.into_iter().map(text).collect())).collect()
}
