//! The small registries, and hosts.yaml.
#![allow(clippy::struct_field_names, reason = "the keys of the format")]

use serde::Deserialize;

#[cfg(test)]
use crate::catalog::{check, reading, schema};

use super::{End, Flow, Text};
use crate::yaml::OneOrMany;

/// An entry of scenarios.yaml.
#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Scenario {
    /// Shares one namespace with documents.
    #[cfg_attr(test, schemars(extend("pattern" = schema::ID)))]
    pub(crate) id: Text,
    pub(crate) title: Text,
    /// The primary one.
    pub(crate) role: Text,
    /// By which documents it is documented.
    pub(crate) documents: ScenarioDocuments,
    /// Where it is supported.
    #[cfg_attr(test, schemars(length(min = 1)))]
    pub(crate) clouds: Vec<Text>,
    /// The scenario whose rules serve it, where it has no endpoints of its own.
    pub(crate) served_by: Option<ServedBy>,
    /// Clouds where it is not.
    #[serde(default)]
    pub(crate) unsupported: Vec<Unsupported>,
    /// Needs that no document states and that the role cannot do without.
    #[serde(default)]
    pub(crate) gaps: Vec<Gap>,
}

#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct ScenarioDocuments {
    /// What it needs, in order.
    pub(crate) primary: Vec<Text>,
    /// Documents that describe it too; added by name.
    #[serde(default)]
    pub(crate) also: Vec<Text>,
    /// Why they are told apart so.
    pub(crate) because: Option<Text>,
}

#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct ServedBy {
    pub(crate) scenario: Text,
    pub(crate) because: Text,
}

#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct Unsupported {
    pub(crate) cloud: Text,
    pub(crate) because: Text,
}

#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct Gap {
    /// Unique in the scenario.
    #[cfg_attr(test, schemars(extend("pattern" = schema::ID)))]
    pub(crate) id: Text,
    pub(crate) from: OneOrMany<End>,
    pub(crate) flows: Vec<Flow>,
    /// Its evidence.
    pub(crate) because: Text,
}

/// An entry of roles.yaml.
#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct Role {
    /// Named by requirements and sites.
    #[cfg_attr(test, schemars(extend("pattern" = schema::ID)))]
    pub(crate) id: Text,
    pub(crate) title: Text,
    pub(crate) note: Option<String>,
    /// An actor outside the site.
    #[serde(default)]
    pub(crate) outside: bool,
    /// What is documented of the programs behind it.
    #[serde(default)]
    pub(crate) software: Vec<Software>,
}

#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
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
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Cloud {
    /// Named by --cloud.
    #[cfg_attr(test, schemars(extend("pattern" = schema::ID)))]
    pub(crate) id: Text,
    pub(crate) title: Text,
    /// The word in `ServiceTags_<word>_<date>.json`.
    pub(crate) file_word: Text,
    /// Other names for it.
    #[serde(default)]
    pub(crate) also_called: Vec<String>,
    pub(crate) retired: Option<Retired>,
    /// The number of the page that names the weekly file.
    pub(crate) download_page: Option<u32>,
}

#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct Retired {
    pub(crate) since: Option<Text>,
    pub(crate) because: Text,
}

/// An entry of conditions.yaml.
#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct Condition {
    /// Named by --when and --unless.
    #[cfg_attr(test, schemars(extend("pattern" = schema::ID)))]
    pub(crate) id: Text,
    /// A sentence that is true or not.
    pub(crate) text: Text,
    /// What counts until the user says otherwise.
    #[cfg_attr(test, schemars(regex(pattern = "^(true|false|assumed:(true|false)|follows:[a-z0-9.-]+)$")))]
    pub(crate) default: Text,
    /// Why.
    pub(crate) because: Text,
}

/// An entry of choices.yaml.
#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct Choice {
    /// Named by --choose.
    #[cfg_attr(test, schemars(extend("pattern" = schema::ID)))]
    pub(crate) id: Text,
    pub(crate) title: Text,
    /// An option; without it the user must choose.
    pub(crate) default: Option<Text>,
    /// Why.
    pub(crate) because: Text,
    pub(crate) options: Vec<ChoiceOption>,
}

#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct ChoiceOption {
    /// Named by --choose.
    #[cfg_attr(test, schemars(extend("pattern" = schema::ID)))]
    pub(crate) id: Text,
    pub(crate) text: Text,
}

/// An entry of parameters.yaml.
#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct Parameter {
    /// Named by --set.
    #[cfg_attr(test, schemars(extend("pattern" = schema::ID)))]
    pub(crate) id: Text,
    pub(crate) title: Text,
    /// `host`: one name; `ports`: ports and ranges, separated by commas.
    #[cfg_attr(test, schemars(extend("enum" = schema::words(&check::PARAMETER_KINDS))))]
    pub(crate) kind: Text,
    pub(crate) default: Option<Text>,
    pub(crate) note: Option<String>,
}

/// An entry of hosts.yaml.
#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Host {
    /// The text as editions have it.
    pub(crate) host: Text,
    /// The host pattern that it means, where the text is none.
    pub(crate) normalized: Option<Text>,
    /// Whether the name behind the wildcard is meant too; every wildcard decides it.
    pub(crate) apex: Option<Apex>,
    /// The text is never opened, the corrected host is, if another edition or document confirms it.
    pub(crate) typo_of: Option<TypoOf>,
    /// Why it looks like a slip that nothing confirms.
    pub(crate) doubtful: Option<String>,
    /// An id of address-lists.yaml.
    pub(crate) listed_in: Option<Text>,
    /// Where addresses for the name are published, or why none are.
    pub(crate) addresses: Option<Addresses>,
    /// Service tags for the name.
    #[serde(default)]
    pub(crate) tags: Vec<Tag>,
    /// Who else can create names below it.
    pub(crate) shared_suffix: Option<String>,
}

/// An entry of address-lists.yaml.
#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct AddressList {
    /// Named by `listed-in`.
    #[cfg_attr(test, schemars(extend("pattern" = schema::ID)))]
    pub(crate) id: Text,
    /// Which list of which document.
    pub(crate) list: String,
    pub(crate) addresses: Addresses,
    #[serde(default)]
    pub(crate) tags: Vec<Tag>,
    /// IPv4 and IPv6.
    #[cfg_attr(test, schemars(length(min = 1)))]
    pub(crate) prefixes: Vec<Text>,
}

#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct Apex {
    pub(crate) included: bool,
    pub(crate) because: String,
}

#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct TypoOf {
    pub(crate) host: Text,
    pub(crate) because: String,
}

#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Addresses {
    /// The cloud whose range file covers the name.
    pub(crate) hosted_in: Option<Text>,
    pub(crate) because: Option<String>,
    /// Why no address is published.
    pub(crate) none: Option<String>,
}

#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct Tag {
    /// A tag of the weekly range files.
    pub(crate) tag: Text,
    /// Whether a document gives it.
    #[cfg_attr(test, schemars(extend("enum" = schema::words(&reading::BASES))))]
    pub(crate) basis: Text,
    /// Why.
    pub(crate) because: String,
}
