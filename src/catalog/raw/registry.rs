//! The small registries, and hosts.yaml.
#![allow(clippy::struct_field_names, reason = "the keys of the format")]

use serde::Deserialize;

use super::{End, Flow, Text};
use crate::catalog::yaml::OneOrMany;

/// An entry of scenarios.yaml.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Scenario {
    pub(crate) id: Text,
    pub(crate) title: Text,
    pub(crate) role: Text,
    pub(crate) documents: ScenarioDocuments,
    pub(crate) clouds: Vec<Text>,
    pub(crate) served_by: Option<ServedBy>,
    #[serde(default)]
    pub(crate) unsupported: Vec<Unsupported>,
    #[serde(default)]
    pub(crate) gaps: Vec<Gap>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ScenarioDocuments {
    pub(crate) primary: Vec<Text>,
    #[serde(default)]
    pub(crate) also: Vec<Text>,
    pub(crate) because: Option<Text>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ServedBy {
    pub(crate) scenario: Text,
    pub(crate) because: Text,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Unsupported {
    pub(crate) cloud: Text,
    pub(crate) because: Text,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Gap {
    pub(crate) id: Text,
    pub(crate) from: OneOrMany<End>,
    pub(crate) flows: Vec<Flow>,
    pub(crate) because: Text,
}

/// An entry of roles.yaml.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Role {
    pub(crate) id: Text,
    pub(crate) title: Text,
    pub(crate) note: Option<String>,
    #[serde(default)]
    pub(crate) outside: bool,
    #[serde(default)]
    pub(crate) software: Vec<Software>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Software {
    pub(crate) service: Option<Text>,
    pub(crate) program: Option<Text>,
    pub(crate) account: Option<Text>,
    pub(crate) documents: Vec<Text>,
    pub(crate) from: Option<Text>,
    pub(crate) until: Option<Text>,
    pub(crate) note: Option<String>,
}

/// An entry of clouds.yaml.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Cloud {
    pub(crate) id: Text,
    pub(crate) title: Text,
    pub(crate) file_word: Text,
    #[serde(default)]
    pub(crate) also_called: Vec<String>,
    pub(crate) retired: Option<Retired>,
    pub(crate) download_page: Option<u32>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Retired {
    pub(crate) since: Option<Text>,
    pub(crate) because: Text,
}

/// An entry of conditions.yaml.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Condition {
    pub(crate) id: Text,
    pub(crate) text: Text,
    pub(crate) default: Text,
    pub(crate) because: Text,
}

/// An entry of choices.yaml.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Choice {
    pub(crate) id: Text,
    pub(crate) title: Text,
    pub(crate) default: Option<Text>,
    pub(crate) because: Text,
    pub(crate) options: Vec<ChoiceOption>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ChoiceOption {
    pub(crate) id: Text,
    pub(crate) text: Text,
}

/// An entry of parameters.yaml.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Parameter {
    pub(crate) id: Text,
    pub(crate) title: Text,
    pub(crate) kind: Text,
    pub(crate) default: Option<Text>,
    pub(crate) note: Option<String>,
}

/// An entry of hosts.yaml.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Host {
    pub(crate) host: Text,
    pub(crate) normalized: Option<Text>,
    pub(crate) apex: Option<Apex>,
    pub(crate) typo_of: Option<TypoOf>,
    pub(crate) doubtful: Option<String>,
    pub(crate) listed_in: Option<Text>,
    pub(crate) addresses: Option<Addresses>,
    #[serde(default)]
    pub(crate) tags: Vec<Tag>,
    pub(crate) shared_suffix: Option<String>,
}

/// An entry of address-lists.yaml.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct AddressList {
    pub(crate) id: Text,
    pub(crate) list: String,
    pub(crate) addresses: Addresses,
    #[serde(default)]
    pub(crate) tags: Vec<Tag>,
    pub(crate) prefixes: Vec<Text>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Apex {
    pub(crate) included: bool,
    pub(crate) because: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct TypoOf {
    pub(crate) host: Text,
    pub(crate) because: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Addresses {
    pub(crate) hosted_in: Option<Text>,
    pub(crate) because: Option<String>,
    pub(crate) none: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Tag {
    pub(crate) tag: Text,
    pub(crate) basis: Text,
    pub(crate) because: String,
}
