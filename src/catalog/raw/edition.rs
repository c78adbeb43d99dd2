//! document.yaml and the editions.

use std::collections::BTreeMap;

use serde::Deserialize;

#[cfg(test)]
use crate::catalog::{check, document, schema};

use super::{Prerequisite, Retired, Text};
use crate::yaml::{OneOrMany, Spanned};

/// document.yaml.
#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct Document {
    /// The page's own.
    pub(crate) title: Text,
    /// Documents of a third party are only selected by name.
    #[cfg_attr(test, schemars(extend("enum" = schema::words(&document::PUBLISHERS))))]
    pub(crate) publisher: Text,
    /// Where its text is kept: OWNER/REPOSITORY:PATH.
    pub(crate) repository: Option<String>,
    /// Absent for a living page.
    pub(crate) life: Option<Life>,
    /// Free text.
    pub(crate) note: Option<String>,
}

#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) enum Life {
    SupersededBy(SupersededBy),
    Retired(Retired),
}

#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct SupersededBy {
    /// The document that took its place.
    pub(crate) document: Text,
    /// How that is known.
    pub(crate) because: Text,
}

/// An edition file.
#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct EditionText {
    /// Which texts were read.
    pub(crate) source: EditionSource,
    /// The sentence with which the text offers the Azure datacenter IP ranges in place of names.
    pub(crate) address_fallback: Option<String>,
    /// The needs, in the document's own order.
    #[serde(default)]
    pub(crate) requirements: Vec<Spanned<Requirement>>,
    /// Accounts under which the text says traffic runs.
    #[serde(default)]
    pub(crate) identities: Vec<Identity>,
    /// How much of the text was read for prerequisites: whole, part or not. What was not read is unknown, not absent.
    pub(crate) prerequisites_read: Option<Text>,
    /// With `part`: what was not read, in words.
    pub(crate) prerequisites_unread: Option<Text>,
    /// What the text asks of hosts, in its order.
    #[serde(default)]
    pub(crate) prerequisites: Vec<Spanned<Prerequisite>>,
    /// Negative facts; never a rule.
    #[serde(default)]
    pub(crate) not: Vec<Negative>,
}

#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct EditionSource {
    /// At least one.
    #[cfg_attr(test, schemars(length(min = 1)))]
    pub(crate) texts: Spanned<Vec<SourceText>>,
    /// How the date of the edition is known.
    #[cfg_attr(test, schemars(extend("enum" = schema::words(&check::DATES))))]
    pub(crate) date: Text,
    /// Free text.
    pub(crate) note: Option<String>,
}

#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct SourceText {
    /// OWNER/REPOSITORY:PATH@COMMIT, or words.
    #[cfg_attr(test, schemars(regex(pattern = "\\S")))]
    pub(crate) at: String,
    /// The date as the text writes it.
    pub(crate) written: Option<String>,
}

#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[cfg_attr(test, schemars(transform = schema::some_flow))]
pub(crate) struct Requirement {
    /// Unique in the edition, carried over from edition to edition, never reused.
    #[cfg_attr(test, schemars(extend("pattern" = schema::ID)))]
    pub(crate) id: Text,
    /// Which scenarios need it.
    #[cfg_attr(test, schemars(length(min = 1)))]
    pub(crate) scenarios: Spanned<Vec<Text>>,
    /// In which clouds; absent: in each cloud of its scenarios.
    #[cfg_attr(test, schemars(length(min = 1)))]
    pub(crate) clouds: Option<Spanned<Vec<Text>>>,
    /// Who opens the connection.
    pub(crate) from: OneOrMany<End>,
    /// `required` if absent.
    #[cfg_attr(test, schemars(extend("enum" = schema::words(&check::NEEDS))))]
    pub(crate) need: Option<Text>,
    /// When in a deployment; absent: always.
    #[cfg_attr(test, schemars(transform = schema::phases))]
    #[serde(default)]
    pub(crate) phases: Vec<Text>,
    /// A condition id, phase:NAME, any(...), all(...) or not(...); absent: always.
    pub(crate) when: Option<Text>,
    /// What passes.
    #[serde(default)]
    pub(crate) flows: Vec<Flow>,
    /// Alternatives, of which the user chooses one.
    pub(crate) one_of: Option<OneOf>,
    /// What the flow is for, in a few words.
    pub(crate) purpose: Text,
    /// What the text says about it.
    #[cfg_attr(test, schemars(extend("enum" = schema::words(&check::TLS_INSPECTION))))]
    pub(crate) tls_inspection: Option<Text>,
    /// The sentence with which the text offers the Azure datacenter IP ranges in place of these names.
    pub(crate) address_fallback: Option<String>,
    /// Free text.
    pub(crate) note: Option<String>,
}

#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct OneOf {
    /// An id of choices.yaml.
    pub(crate) group: Text,
    /// Each option with its flows.
    pub(crate) options: BTreeMap<String, Vec<Flow>>,
}

#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Flow {
    /// Who answers.
    #[cfg_attr(test, schemars(length(min = 1)))]
    pub(crate) to: Vec<Spanned<End>>,
    /// Destination ports.
    #[cfg_attr(test, schemars(length(min = 1)))]
    pub(crate) ports: Spanned<Vec<Spanned<Port>>>,
    /// What was read into the text, each with its reason.
    pub(crate) interpreted: Option<Interpreted>,
    /// It stays on the host.
    #[serde(default)]
    pub(crate) local: bool,
    /// Either side may open it.
    #[serde(default)]
    pub(crate) both_ways: bool,
    /// Where the text limits them: 49152-65535.
    pub(crate) source_ports: Option<Text>,
}

/// One end; exactly one of the kinds is given, which `check` sees to.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[cfg_attr(test, schemars(transform = schema::one_kind))]
pub(crate) struct End {
    /// Hosts of the site that play a role.
    pub(crate) role: Option<Text>,
    /// A host text exactly as the page has it, typos included.
    pub(crate) host: Option<Text>,
    /// A host and a path.
    pub(crate) url: Option<Text>,
    /// A name with a part that only the customer knows: certauth.{federation-service-name}.
    pub(crate) template: Option<Text>,
    /// With `template`: the role that answers to it.
    pub(crate) at: Option<Text>,
    /// A tag of the weekly range files.
    pub(crate) service_tag: Option<Text>,
    /// The whole range file of the selected cloud: `selected`.
    pub(crate) cloud_ranges: Option<Text>,
    /// Anyone outside the site.
    pub(crate) outside: Option<Text>,
    /// The destinations of another document as of the same date.
    pub(crate) list: Option<List>,
    /// The page names no destination: its words, or ours in brackets.
    pub(crate) unstated: Option<Text>,
    /// The text of the document, where it is not the value itself.
    pub(crate) r#as: Option<String>,
}

#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct List {
    /// The other document.
    pub(crate) document: Text,
    /// On these ports; all, if none.
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
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct ParameterPort {
    /// An id of parameters.yaml.
    pub(crate) parameter: Text,
    /// What counts until the customer says otherwise.
    pub(crate) default: Option<Text>,
    /// `tcp`, `udp` or `tcp+udp`.
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
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct Interpreted {
    /// Why these ports.
    pub(crate) ports: Option<String>,
    /// The transport that the text leaves unstated, and why.
    pub(crate) transport: Option<BTreeMap<String, String>>,
    /// The destination of an unstated end.
    pub(crate) to: Option<InterpretedTo>,
    /// Why, for `to`.
    pub(crate) because: Option<String>,
}

#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct InterpretedTo {
    /// Requirements of this edition.
    #[serde(default)]
    pub(crate) same_as: Vec<Text>,
    /// Documents.
    #[serde(default)]
    pub(crate) hosts_of: Vec<Text>,
    /// Hosts.
    #[serde(default)]
    pub(crate) hosts: Vec<Text>,
}

#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct Identity {
    /// Whose host.
    pub(crate) role: Text,
    /// The account.
    pub(crate) account: String,
    /// The sentence.
    pub(crate) words: String,
}

/// A negative fact: never an allow rule.
#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct Negative {
    /// Unique in the edition.
    #[cfg_attr(test, schemars(extend("pattern" = schema::ID)))]
    pub(crate) id: Text,
    #[serde(default)]
    pub(crate) scenarios: Vec<Text>,
    pub(crate) cloud: Option<Text>,
    /// What it denies.
    #[cfg_attr(test, schemars(extend("enum" = schema::words(&check::DENIALS))))]
    pub(crate) says: Text,
    /// The sentence.
    pub(crate) words: Option<String>,
    pub(crate) from: Option<OneOrMany<End>>,
    pub(crate) to: Option<OneOrMany<End>>,
    #[serde(default)]
    pub(crate) ports: Vec<Spanned<Port>>,
    /// Roles that must not share the host.
    #[serde(default)]
    pub(crate) with: Vec<Text>,
    pub(crate) note: Option<String>,
    /// It is about traffic on the host itself.
    #[serde(default)]
    pub(crate) local: bool,
}
