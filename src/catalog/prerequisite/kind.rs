//! The kinds of prerequisites.

use serde::Serialize;

use super::{
    DirectorySchema, DotnetVersion, Memory, Permission, ProxyNeeds, RegistryValue, ServiceState, Support,
    WindowsServer, WindowsVersion,
};

/// What a prerequisite says, by kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", rename_all_fields = "kebab-case")]
pub enum Statement {
    /// The Windows Server of the host.
    WindowsServer(WindowsServer),
    /// Domain controllers of the domain.
    DomainControllers {
        /// How many at least.
        at_least: u16,
        /// With at least this version.
        minimum: WindowsVersion,
    },
    /// The Active Directory schema of the forest.
    DirectorySchema(DirectorySchema),
    /// An installation without desktop.
    ServerCore(Support),
    /// A host that is a domain controller too.
    OnDomainController(Support),
    /// The host is a member of a domain.
    DomainJoined,
    /// The tier of the administrative model that the host belongs to.
    AdministrativeTier(u8),
    /// The language in which Windows was installed, as a language tag: `en`.
    SystemLanguage(String),
    /// Memory of the host.
    Memory(Memory),
    /// The .NET Framework on the host, at least.
    DotnetFramework(DotnetVersion),
    /// Execution policies of PowerShell that the host may have.
    ExecutionPolicy(Vec<String>),
    /// The TLS version that must be enabled: `1.2`.
    Tls(String),
    /// Values of the registry.
    Registry {
        /// Which.
        values: Vec<RegistryValue>,
        /// Whether they count only after a restart.
        restart: bool,
    },
    /// NTLM is disabled.
    NtlmDisabled,
    /// A Windows service.
    Service {
        /// Its short name.
        name: String,
        /// What it must be.
        state: ServiceState,
    },
    /// The account that the role's service runs under.
    ServiceAccount {
        /// Its name.
        account: String,
        /// Whether it is a group managed service account.
        group_managed: bool,
    },
    /// Permissions of an account in the directory.
    Permissions {
        /// Whose.
        of: String,
        /// Which.
        allow: Vec<Permission>,
    },
    /// Credentials that a person needs.
    Credentials {
        /// One of these.
        one_of: Vec<String>,
        /// What for.
        to: String,
        /// What the account must not be.
        not: Vec<String>,
    },
    /// Software, and its version where the text names one.
    Software {
        /// Its name.
        name: String,
        /// At least this version.
        minimum: Option<String>,
    },
    /// How many agents run at the same time.
    ActiveAgents {
        /// At least.
        at_least: u16,
    },
    /// What a proxy must be able to do.
    Proxy(ProxyNeeds),
    /// TLS inspection between the host and the service is not supported.
    #[serde(rename = "tls-inspection-unsupported")]
    TlsInspectionUnsupported,
    /// A limit of the product.
    Limit {
        /// Of what.
        of: String,
        /// The largest number that works.
        at_most: u64,
        /// Of which things.
        unit: String,
    },
    /// Something that does not work, where no number tells it.
    Unsupported(String),
    /// Something to do beforehand.
    Preparation(String),
    /// Anything else that nothing can check.
    Remark(String),
}

impl Statement {
    /// The kind, by the key of edition files.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::WindowsServer(_) => "windows-server",
            Self::DomainControllers { .. } => "domain-controllers",
            Self::DirectorySchema(_) => "directory-schema",
            Self::ServerCore(_) => "server-core",
            Self::OnDomainController(_) => "on-domain-controller",
            Self::DomainJoined => "domain-joined",
            Self::AdministrativeTier(_) => "administrative-tier",
            Self::SystemLanguage(_) => "system-language",
            Self::Memory(_) => "memory",
            Self::DotnetFramework(_) => "dotnet-framework",
            Self::ExecutionPolicy(_) => "execution-policy",
            Self::Tls(_) => "tls",
            Self::Registry { .. } => "registry",
            Self::NtlmDisabled => "ntlm",
            Self::Service { .. } => "service",
            Self::ServiceAccount { .. } => "service-account",
            Self::Permissions { .. } => "permissions",
            Self::Credentials { .. } => "credentials",
            Self::Software { .. } => "software",
            Self::ActiveAgents { .. } => "active-agents",
            Self::Proxy(_) => "proxy",
            Self::TlsInspectionUnsupported => "tls-inspection",
            Self::Limit { .. } => "limit",
            Self::Unsupported(_) => "unsupported",
            Self::Preparation(_) => "preparation",
            Self::Remark(_) => "remark",
        }
    }
}
