//! document.yaml and the editions.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{Prerequisite, Retired, Text};
use crate::catalog::yaml::{OneOrMany, Spanned};

/// document.yaml.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Document {
    pub(crate) title: Text,
    pub(crate) publisher: Text,
    pub(crate) repository: Option<String>,
    pub(crate) life: Option<Life>,
    pub(crate) note: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) enum Life {
    SupersededBy(SupersededBy),
    Retired(Retired),
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SupersededBy {
    pub(crate) document: Text,
    pub(crate) because: Text,
}

/// An edition file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct EditionText {
    pub(crate) source: EditionSource,
    pub(crate) address_fallback: Option<String>,
    #[serde(default)]
    pub(crate) requirements: Vec<Spanned<Requirement>>,
    #[serde(default)]
    pub(crate) identities: Vec<Identity>,
    pub(crate) prerequisites_read: Option<Text>,
    pub(crate) prerequisites_unread: Option<Text>,
    #[serde(default)]
    pub(crate) prerequisites: Vec<Spanned<Prerequisite>>,
    #[serde(default)]
    pub(crate) not: Vec<Negative>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct EditionSource {
    pub(crate) texts: Spanned<Vec<SourceText>>,
    pub(crate) date: Text,
    pub(crate) note: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SourceText {
    pub(crate) at: String,
    pub(crate) written: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Requirement {
    pub(crate) id: Text,
    pub(crate) scenarios: Spanned<Vec<Text>>,
    pub(crate) clouds: Option<Spanned<Vec<Text>>>,
    pub(crate) from: OneOrMany<End>,
    pub(crate) need: Option<Text>,
    #[serde(default)]
    pub(crate) phases: Vec<Text>,
    pub(crate) when: Option<Text>,
    #[serde(default)]
    pub(crate) flows: Vec<Flow>,
    pub(crate) one_of: Option<OneOf>,
    pub(crate) purpose: Text,
    pub(crate) tls_inspection: Option<Text>,
    pub(crate) address_fallback: Option<String>,
    pub(crate) note: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct OneOf {
    pub(crate) group: Text,
    pub(crate) options: BTreeMap<String, Vec<Flow>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Flow {
    pub(crate) to: Vec<Spanned<End>>,
    pub(crate) ports: Spanned<Vec<Spanned<Port>>>,
    pub(crate) interpreted: Option<Interpreted>,
    #[serde(default)]
    pub(crate) local: bool,
    #[serde(default)]
    pub(crate) both_ways: bool,
    pub(crate) source_ports: Option<Text>,
}

/// One end; exactly one of the kinds is given, which `check` sees to.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct End {
    pub(crate) role: Option<Text>,
    pub(crate) host: Option<Text>,
    pub(crate) url: Option<Text>,
    pub(crate) template: Option<Text>,
    pub(crate) at: Option<Text>,
    pub(crate) service_tag: Option<Text>,
    pub(crate) cloud_ranges: Option<Text>,
    pub(crate) outside: Option<Text>,
    pub(crate) list: Option<List>,
    pub(crate) unstated: Option<Text>,
    /// The text of the document, where it is not the value itself.
    pub(crate) r#as: Option<String>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct List {
    pub(crate) document: Text,
    #[serde(default)]
    pub(crate) ports: Vec<u16>,
}

/// `443/tcp`, `5985`, or a range that a parameter may replace.
#[derive(Debug, Clone)]
pub(crate) enum Port {
    Text(String),
    Parameter(Box<ParameterPort>),
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ParameterPort {
    pub(crate) parameter: Text,
    pub(crate) default: Option<Text>,
    pub(crate) transport: Option<Text>,
}

impl<'de> Deserialize<'de> for Port {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Form;

        impl<'de> serde::de::Visitor<'de> for Form {
            type Value = Port;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a port such as 443/tcp, or {parameter: ..., default: ...}")
            }

            fn visit_str<E>(self, text: &str) -> Result<Port, E> {
                Ok(Port::Text(text.to_owned()))
            }

            fn visit_u64<E>(self, number: u64) -> Result<Port, E> {
                Ok(Port::Text(number.to_string()))
            }

            fn visit_i64<E>(self, number: i64) -> Result<Port, E> {
                Ok(Port::Text(number.to_string()))
            }

            fn visit_map<A: serde::de::MapAccess<'de>>(self, map: A) -> Result<Port, A::Error> {
                ParameterPort::deserialize(serde::de::value::MapAccessDeserializer::new(map))
                    .map(|port| Port::Parameter(Box::new(port)))
            }
        }

        deserializer.deserialize_any(Form)
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Interpreted {
    pub(crate) ports: Option<String>,
    pub(crate) transport: Option<BTreeMap<String, String>>,
    pub(crate) to: Option<InterpretedTo>,
    pub(crate) because: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct InterpretedTo {
    #[serde(default)]
    pub(crate) same_as: Vec<Text>,
    #[serde(default)]
    pub(crate) hosts_of: Vec<Text>,
    #[serde(default)]
    pub(crate) hosts: Vec<Text>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Identity {
    pub(crate) role: Text,
    pub(crate) account: String,
    pub(crate) words: String,
}

/// A negative fact: never an allow rule.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Negative {
    pub(crate) id: Text,
    #[serde(default)]
    pub(crate) scenarios: Vec<Text>,
    pub(crate) cloud: Option<Text>,
    pub(crate) says: Text,
    pub(crate) words: Option<String>,
    pub(crate) from: Option<OneOrMany<End>>,
    pub(crate) to: Option<OneOrMany<End>>,
    #[serde(default)]
    pub(crate) ports: Vec<Spanned<Port>>,
    #[serde(default)]
    pub(crate) with: Vec<Text>,
    pub(crate) note: Option<String>,
    #[serde(default)]
    pub(crate) local: bool,
}
