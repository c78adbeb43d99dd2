//! Prerequisites of hosts, as edition files write them.

use serde::Deserialize;

use super::Text;
use crate::yaml::Spanned;

/// What a host must be, have or do before a role runs on it.
#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Prerequisite {
    pub(crate) id: Text,
    pub(crate) role: Text,
    #[serde(default)]
    pub(crate) scenarios: Vec<Text>,
    pub(crate) clouds: Option<Spanned<Vec<Text>>>,
    pub(crate) need: Option<Text>,
    pub(crate) when: Option<Text>,
    pub(crate) states: Statement,
    pub(crate) note: Option<String>,
}

/// One kind of fact; the keys are the kinds.
#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "kebab-case", rename_all_fields = "kebab-case")]
pub(crate) enum Statement {
    WindowsServer {
        minimum: Option<Text>,
        #[serde(default)]
        one_of: Vec<Text>,
    },
    DomainControllers {
        at_least: u16,
        minimum: Text,
    },
    DirectorySchema {
        minimum: Text,
        attribute: Option<Text>,
    },
    ServerCore(Text),
    OnDomainController(Text),
    DomainJoined(Text),
    AdministrativeTier(u8),
    SystemLanguage(Text),
    Memory {
        minimum: Text,
        by: Option<Text>,
        #[serde(default)]
        rows: Vec<MemoryRow>,
    },
    DotnetFramework {
        minimum: Text,
    },
    ExecutionPolicy(Spanned<Vec<Text>>),
    Tls {
        minimum: Text,
    },
    Registry {
        values: Spanned<Vec<RegistryValue>>,
        restart: bool,
    },
    Ntlm(Text),
    Service {
        name: Text,
        state: Text,
    },
    ServiceAccount {
        account: Text,
        managed: Text,
    },
    Permissions {
        of: Text,
        allow: Spanned<Vec<Permission>>,
    },
    Credentials {
        one_of: Spanned<Vec<Text>>,
        to: Text,
        #[serde(default)]
        not: Vec<Text>,
    },
    Software {
        name: Text,
        minimum: Option<Text>,
    },
    ActiveAgents {
        at_least: u16,
    },
    Proxy(ProxyNeeds),
    TlsInspection(Text),
    Limit {
        of: Text,
        at_most: u64,
        unit: Text,
    },
    Unsupported(Text),
    Preparation(Text),
    Remark(Text),
}

#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct MemoryRow {
    pub(crate) up_to: Spanned<u64>,
    pub(crate) minimum: Text,
    #[serde(default)]
    pub(crate) or_more: bool,
}

#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct RegistryValue {
    pub(crate) key: Text,
    pub(crate) name: Text,
    pub(crate) dword: u32,
}

#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Permission {
    pub(crate) access: Text,
    pub(crate) applies_to: Text,
}

/// At least one of the keys is given, which `check` sees to.
#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct ProxyNeeds {
    pub(crate) http: Option<Text>,
    #[serde(default)]
    pub(crate) chunked_encoding: bool,
    pub(crate) authentication: Option<Text>,
    pub(crate) idle_minutes: Option<IdleMinutes>,
    pub(crate) settings_file: Option<Text>,
}

/// `{at-least: 6}`, or `{above: 5}` where the number itself is too short.
#[derive(Debug, Clone, Copy, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) enum IdleMinutes {
    AtLeast(u16),
    Above(u16),
}
