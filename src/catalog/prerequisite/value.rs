//! Values of the kinds of prerequisites.

use std::fmt;

use serde::Serialize;

use super::WindowsVersion;

/// The Windows Server that a host may have.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum WindowsServer {
    /// This version or a later one.
    Minimum(WindowsVersion),
    /// One of these.
    OneOf(Vec<WindowsVersion>),
}

/// A level of the directory schema.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct DirectorySchema {
    /// At least that of this version.
    pub minimum: WindowsVersion,
    /// The attribute that it is needed for, where the text names one.
    pub attribute: Option<String>,
}

/// Whether something is supported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Support {
    /// It is.
    Supported,
    /// It is not.
    Unsupported,
}

impl Support {
    /// The word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Supported => "supported",
            Self::Unsupported => "unsupported",
        }
    }
}

/// Memory of a host.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Memory {
    /// At least, in mebibytes.
    #[serde(rename = "minimum-mebibytes")]
    pub minimum: u64,
    /// A table by the size of the deployment, if the text has one.
    pub rows: Vec<MemoryRow>,
    /// What the table counts.
    pub by: Option<MemoryMeasure>,
}

/// What a table of memory counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum MemoryMeasure {
    /// Organizational units in the scoping filter.
    OrganizationalUnits,
    /// Objects in the directory.
    Objects,
}

impl MemoryMeasure {
    /// The words for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::OrganizationalUnits => "organizational units",
            Self::Objects => "objects",
        }
    }
}

/// A line of a table of memory.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct MemoryRow {
    /// The number that the line is for.
    pub up_to: u64,
    /// At least, in mebibytes.
    #[serde(rename = "minimum-mebibytes")]
    pub minimum: u64,
    /// Whether the text says that it may take more.
    pub or_more: bool,
}

/// A number in the registry (`REG_DWORD`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct RegistryValue {
    /// The key, from `HKEY_LOCAL_MACHINE` on; checked to be one line of printable ASCII without brackets.
    pub key: String,
    /// The value's name; checked likewise.
    pub name: String,
    /// The number.
    pub dword: u32,
}

/// What a service must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ServiceState {
    /// Its start type is not `Disabled`.
    NotDisabled,
    /// It runs.
    Running,
}

impl ServiceState {
    /// The word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NotDisabled => "not-disabled",
            Self::Running => "running",
        }
    }
}

/// A permission in the directory.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Permission {
    /// `Read all properties`.
    pub access: String,
    /// `Descendant User objects`.
    pub applies_to: String,
}

/// What a proxy must be able to do; at least one field says something.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct ProxyNeeds {
    /// The HTTP version, at least: `1.1`.
    pub http: Option<String>,
    /// Whether chunked transfer encoding must be on.
    pub chunked_encoding: bool,
    /// How the role can authenticate.
    pub authentication: Option<ProxyAuthentication>,
    /// How long an idle connection must stay open.
    pub idle_minutes: Option<IdleMinutes>,
    /// The file in which the role's proxy is set.
    pub settings_file: Option<String>,
}

/// A number of minutes, with or without the number itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum IdleMinutes {
    /// This many or more.
    AtLeast(u16),
    /// More than this many.
    Above(u16),
}

/// How a role can authenticate at a proxy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ProxyAuthentication {
    /// Not at all.
    Unsupported,
    /// With the credentials of its own account.
    DefaultCredentials,
    /// In some ways, but not HTTP Basic.
    NotBasic,
}

impl ProxyAuthentication {
    /// The word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Unsupported => "unsupported",
            Self::DefaultCredentials => "default-credentials",
            Self::NotBasic => "not-basic",
        }
    }
}

impl fmt::Display for RegistryValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, r"{}\{} = {}", self.key, self.name, self.dword)
    }
}
