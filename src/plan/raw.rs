//! A site file as it is written. Values stay text here; `check` gives them meaning.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{Error as _, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};

use crate::yaml::Spanned;

/// A text with its place.
pub(super) type Text = Spanned<String>;

/// A whole file: one site, or what all of its `sites` share.
#[derive(Debug, Clone, Default, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Site {
    /// Names groups and objects inside artifacts; unique in the file.
    pub(super) name: Option<Text>,
    /// Below the folder of this file; that of the file for one site, the name of the site where there are several.
    pub(super) folder: Option<Text>,
    /// The cloud of all scenarios; `clouds` for several.
    pub(super) cloud: Option<Text>,
    /// What is deployed; `portbook list scenarios` shows all.
    pub(super) scenarios: Option<Vec<Text>>,
    /// Scenarios by cloud, in place of `cloud` and `scenarios`.
    pub(super) clouds: Option<BTreeMap<String, Spanned<Vec<Text>>>>,
    /// Which of the documented needs are taken.
    #[serde(default)]
    pub(super) select: Select,
    /// Values that only you know, such as `federation-service-name: sts.contoso.com`.
    #[serde(default)]
    pub(super) parameters: BTreeMap<String, Spanned<Scalar>>,
    /// The zone of everything that is no host of the site; `internet` if absent.
    pub(super) outside: Option<Text>,
    /// Hosts, or groups of equal hosts, by their names.
    #[serde(default)]
    pub(super) hosts: BTreeMap<String, Spanned<Host>>,
    /// What is written.
    #[serde(default)]
    pub(super) targets: Vec<Spanned<Target>>,
    /// Addresses that may stand for names: `documented` or `tag`; none if absent.
    pub(super) ip_fallback: Option<Text>,
    /// Whether losses that are usually warnings refuse a target too.
    pub(super) strict: Option<bool>,
    /// Losses that are known and wanted.
    #[serde(default)]
    pub(super) accept: Vec<Spanned<Accept>>,
    /// What must hold, such as `allow agents -> login.microsoftonline.com:443`.
    #[serde(default)]
    pub(super) expect: Vec<Text>,
    /// What may be merged without a human; nothing if absent.
    pub(super) auto_merge: Option<AutoMerge>,
    /// Several sites; everything beside this key holds for each of them that does not say otherwise.
    pub(super) sites: Option<Vec<Spanned<Self>>>,
}

/// Which of the documented needs are taken, as the flags of `generate` of the same names say.
#[derive(Debug, Clone, Default, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Select {
    /// The documents as they were at this date.
    pub(super) as_of: Option<Text>,
    /// Exactly these editions: `DOCUMENT@EDITION`.
    pub(super) editions: Option<Vec<Text>>,
    /// Also these documents; `all` for every living one of Microsoft's that describes the scenarios.
    pub(super) also: Option<Spanned<Words>>,
    /// Also what is offered but not required.
    pub(super) optional: Option<bool>,
    /// Conditions that hold.
    pub(super) when: Option<Vec<Text>>,
    /// Conditions that do not hold.
    pub(super) unless: Option<Vec<Text>>,
    /// Which of documented alternatives: `GROUP: OPTION`.
    pub(super) choose: Option<BTreeMap<String, Text>>,
    /// Only what these phases need.
    pub(super) phases: Option<Vec<Text>>,
    /// Only flows of these roles.
    pub(super) roles: Option<Vec<Text>>,
    /// Also what no document states but a role cannot do without.
    pub(super) gaps: Option<bool>,
    /// Host names exactly as documented, with their typos.
    pub(super) verbatim: Option<bool>,
}

/// A host, or a group of equal hosts.
#[derive(Debug, Clone, Default, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Host {
    /// CIDR blocks or bare addresses.
    pub(super) addresses: Option<Vec<Text>>,
    /// `portbook list roles` shows all; `proxy` for a web proxy.
    pub(super) roles: Option<Vec<Text>>,
    /// Its network zone, as its firewall calls it.
    pub(super) zone: Option<Text>,
    /// A host with the role `proxy`, or HOST:PORT, that its HTTP and HTTPS goes through.
    pub(super) proxy: Option<Text>,
    /// The port on which a proxy listens.
    pub(super) listens: Option<Spanned<u32>>,
    /// The name by which clients reach a proxy; its only address if absent.
    pub(super) dns: Option<Text>,
    /// As which addresses others see it come, after address translation: a list, or lists by zone of the other side.
    pub(super) seen_as: Option<Spanned<Translated>>,
    /// At which addresses others reach it: those of a load balancer, published ones; a list, or lists by zone.
    pub(super) reached_at: Option<Spanned<Translated>>,
    /// The clouds that it talks to; all of the site if absent.
    pub(super) clouds: Option<Vec<Text>>,
}

/// One target.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[allow(clippy::struct_field_names, reason = "the key of the format")]
pub(super) struct Target {
    /// `portbook list targets` shows all.
    pub(super) target: Text,
    /// Only for these hosts; all if absent.
    #[serde(rename = "for")]
    pub(super) hosts: Option<Spanned<Words>>,
    /// The zones that it separates, two or more: what crosses from any to any other.
    pub(super) between: Option<Vec<Text>>,
    /// Only what comes from these zones.
    pub(super) from: Option<Spanned<Words>>,
    /// Only what goes to these zones.
    pub(super) to: Option<Spanned<Words>>,
    /// A file, or a folder that ends in /; below the folder of the site.
    pub(super) output: Option<Text>,
    /// Its settings.
    #[serde(default)]
    pub(super) settings: BTreeMap<String, Spanned<Scalar>>,
    /// Addresses of one family only: 4 or 6.
    pub(super) family: Option<Spanned<u32>>,
    /// `deny` states that this device denies by default; `portbook test` takes your word for it.
    pub(super) default: Option<Text>,
}

/// A loss that somebody accepts.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Accept {
    /// The code of the loss.
    pub(super) code: Text,
    /// On this target only.
    pub(super) target: Option<Text>,
    /// Of this rule only.
    pub(super) rule: Option<Text>,
    /// Why.
    pub(super) because: Text,
    /// Until the end of this day: YYYY-MM-DD.
    pub(super) until: Option<Text>,
}

/// What may be merged without a human.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct AutoMerge {
    /// Addresses that join service tags which the site uses already, at most this many.
    pub(super) additions_within_used_tags: Spanned<u64>,
}

/// A text or a list of texts.
#[derive(Debug, Clone, Default)]
pub(super) struct Words(pub(super) Vec<String>);

impl<'de> Deserialize<'de> for Words {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Either;

        impl<'de> Visitor<'de> for Either {
            type Value = Words;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a word or a list of words")
            }

            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Words, E> {
                Ok(Words(vec![text.to_owned()]))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Words, A::Error> {
                let mut words = Vec::new();
                while let Some(word) = list.next_element()? {
                    words.push(word);
                }
                if words.is_empty() {
                    return Err(A::Error::custom("an empty list: leave the key out if all are meant"));
                }
                Ok(Words(words))
            }
        }

        deserializer.deserialize_any(Either)
    }
}

/// A list of addresses, or one for each zone of the other side.
#[derive(Debug, Clone, Default)]
pub(super) struct Translated {
    pub(super) everywhere: Vec<String>,
    pub(super) towards: BTreeMap<String, Words>,
}

impl<'de> Deserialize<'de> for Translated {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Either;

        impl<'de> Visitor<'de> for Either {
            type Value = Translated;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("addresses, or addresses by zone")
            }

            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Translated, E> {
                Ok(Translated { everywhere: vec![text.to_owned()], ..Translated::default() })
            }

            fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<Translated, A::Error> {
                let words = Words::deserialize(serde::de::value::SeqAccessDeserializer::new(list))?;
                Ok(Translated { everywhere: words.0, ..Translated::default() })
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Translated, A::Error> {
                let towards = BTreeMap::deserialize(serde::de::value::MapAccessDeserializer::new(map))?;
                Ok(Translated { towards, ..Translated::default() })
            }
        }

        deserializer.deserialize_any(Either)
    }
}

/// A word, a number or a yes or no, as text.
#[derive(Debug, Clone)]
pub(super) struct Scalar(pub(super) String);

impl<'de> Deserialize<'de> for Scalar {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Any;

        impl Visitor<'_> for Any {
            type Value = Scalar;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a word or a number")
            }

            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Scalar, E> {
                Ok(Scalar(text.to_owned()))
            }

            fn visit_bool<E: serde::de::Error>(self, yes: bool) -> Result<Scalar, E> {
                Ok(Scalar(if yes { "yes" } else { "no" }.to_owned()))
            }

            fn visit_i64<E: serde::de::Error>(self, number: i64) -> Result<Scalar, E> {
                Ok(Scalar(number.to_string()))
            }

            fn visit_u64<E: serde::de::Error>(self, number: u64) -> Result<Scalar, E> {
                Ok(Scalar(number.to_string()))
            }
        }

        deserializer.deserialize_any(Any)
    }
}
