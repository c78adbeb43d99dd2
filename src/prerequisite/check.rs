//! How prerequisites are checked on a host.

use serde::Serialize;

use crate::catalog::{Memory, MemoryMeasure, Statement, Support, Weight, WindowsServer};
use crate::id::RoleId;
use crate::resolve::CitedPrerequisite;
use crate::target::ascii_line;

/// One check of the preflight, as its template sees it.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Check {
    id: String,
    what: String,
    /// How it is checked; `manual` where a person must look.
    kind: &'static str,
    required: bool,
    source: String,
    /// Texts that the check needs: a name, a key.
    texts: Vec<Named<String>>,
    numbers: Vec<Named<u64>>,
    lists: Vec<Named<Vec<String>>>,
    /// Why nobody but a person can look.
    note: String,
}

/// A parameter of a check.
#[derive(Debug, Clone, Serialize)]
struct Named<T> {
    name: &'static str,
    value: T,
}

/// The checks of one prerequisite on a host of `role`: one for each registry value, else one; none for what demands nothing.
pub(super) fn checks(cited: &CitedPrerequisite<'_>, role: &RoleId) -> Vec<Check> {
    let says = cited.says;
    if says.weight == Weight::Stated {
        return Vec::new();
    }
    let check = Check {
        id: says.id.to_string(),
        what: ascii_line(&format!("{}: {}", says.statement.kind(), says.statement)),
        kind: "manual",
        required: says.weight == Weight::Required,
        source: cited.source(),
        texts: Vec::new(),
        numbers: Vec::new(),
        lists: Vec::new(),
        note: String::new(),
    };
    if says.role != *role {
        return vec![check.manual(&format!("look on {}", says.role))];
    }
    match &says.statement {
        Statement::Registry { values, .. } => values
            .iter()
            .map(|value| Check {
                kind: "registry",
                what: ascii_line(&format!("registry: {value}")),
                texts: vec![text("Key", &value.key), text("Name", &value.name)],
                numbers: vec![number("Number", u64::from(value.dword))],
                ..check.clone()
            })
            .collect(),
        statement => vec![check.of(statement)],
    }
}

fn text(name: &'static str, value: &str) -> Named<String> {
    Named { name, value: ascii_line(value) }
}

fn number(name: &'static str, value: u64) -> Named<u64> {
    Named { name, value }
}

impl Check {
    fn manual(self, note: &str) -> Self {
        Self { kind: "manual", note: ascii_line(note), ..self }
    }

    fn of(self, statement: &Statement) -> Self {
        match statement {
            Statement::WindowsServer(windows) => self.windows(windows),
            Statement::ServerCore(Support::Unsupported) => Self { kind: "server-core", ..self },
            Statement::DomainJoined => Self { kind: "domain-joined", ..self },
            Statement::SystemLanguage(tag) => {
                Self { kind: "system-language", texts: vec![text("Tag", tag)], ..self }
            }
            Statement::Memory(memory) => self.memory(memory),
            Statement::DotnetFramework(version) => Self {
                kind: "dotnet-framework",
                numbers: vec![number("Release", u64::from(version.release()))],
                ..self
            },
            Statement::ExecutionPolicy(policies) => Self {
                kind: "execution-policy",
                lists: vec![Named { name: "Policies", value: policies.clone() }],
                ..self
            },
            Statement::Tls(version) => Self { kind: "tls", texts: vec![text("Version", version)], ..self },
            Statement::NtlmDisabled => Self { kind: "ntlm", ..self },
            Statement::Service { name, state } => Self {
                kind: "service",
                texts: vec![text("Name", name), text("State", state.as_str())],
                ..self
            },
            Statement::Proxy(_) => Self { kind: "proxy", ..self },
            Statement::TlsInspectionUnsupported => {
                self.manual("compare the issuers that the TLS tests below name")
            }
            Statement::OnDomainController(Support::Unsupported) => {
                Self { kind: "no-domain-controller", ..self }
            }
            _ => self.manual("nothing on this host tells it"),
        }
    }

    fn windows(self, windows: &WindowsServer) -> Self {
        match windows {
            WindowsServer::Minimum(version) => Self {
                kind: "windows-server",
                numbers: vec![number("Minimum", u64::from(version.build()))],
                ..self
            },
            WindowsServer::OneOf(versions) => Self {
                kind: "windows-server",
                lists: vec![Named {
                    name: "Builds",
                    value: versions.iter().map(|version| version.build().to_string()).collect(),
                }],
                ..self
            },
        }
    }

    /// A table by organizational units is looked up with what the user gives; one by objects stays with its minimum, since
    /// the number of objects is the directory's.
    fn memory(self, memory: &Memory) -> Self {
        let units = memory.by == Some(MemoryMeasure::OrganizationalUnits);
        let rows = memory.rows.iter().filter(|_| units).map(|row| format!("{}={}", row.up_to, row.minimum));
        Self {
            kind: "memory",
            numbers: vec![number("Minimum", memory.minimum)],
            lists: vec![Named { name: "Rows", value: rows.collect() }],
            ..self
        }
    }
}
