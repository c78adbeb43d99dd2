//! Prerequisites of hosts.

mod registry;
mod value;

use crate::catalog::prerequisite::{
    DirectorySchema, IdleMinutes, Permission, Prerequisite, ProxyAuthentication, ProxyNeeds, Reading,
    ServiceState, Statement, Support, Weight,
};
use crate::catalog::raw;
use crate::finding::{Code, Finding, Place};
use crate::id::PrerequisiteId;
use crate::yaml::Spanned;

use super::Checker;

impl Checker<'_> {
    /// All of an edition, and how much of its text they stand for.
    pub(super) fn prerequisites(&mut self, raw: &raw::EditionText) -> (Reading, Vec<Prerequisite>) {
        let words = [("whole", Reading::Whole), ("part", Reading::Part), ("not", Reading::Not)];
        let read = raw.prerequisites_read.as_ref();
        let reading =
            read.and_then(|text| self.word(text, "prerequisites-read", &words)).unwrap_or(Reading::Not);
        if let (Reading::Not, Some(first)) = (reading, raw.prerequisites.first()) {
            let message = "prerequisites stand here, and `prerequisites-read` does not say how much was read";
            let finding = Finding::new(Code::InvalidValue, message).at(self.place(first));
            self.push(finding.help("`whole` if every sentence of the text was, else `part`"));
        }
        if let (true, Some(unread)) = (reading != Reading::Part, &raw.prerequisites_unread) {
            let message = "`prerequisites-unread` goes with `prerequisites-read: part`";
            let finding = Finding::new(Code::InvalidValue, message).at(self.place(unread));
            self.push(finding);
        }
        self.unique(raw.prerequisites.iter().map(|each| &each.value.id), "prerequisite");
        let checked = raw.prerequisites.iter().filter_map(|each| self.prerequisite(&each.value)).collect();
        (reading, checked)
    }

    fn prerequisite(&mut self, raw: &raw::Prerequisite) -> Option<Prerequisite> {
        let place = self.place(&raw.id);
        let id = self.id(&raw.id, PrerequisiteId::parse);
        let role = self.role(&raw.role);
        let scenarios = self.scenarios(&raw.scenarios);
        let clouds = raw.clouds.as_ref().map(|clouds| {
            self.not_empty(&clouds.value, "clouds", &place);
            clouds.value.iter().filter_map(|cloud| self.cloud(cloud)).collect()
        });
        let needs = [
            ("required", Weight::Required),
            ("recommended", Weight::Recommended),
            ("optional", Weight::Optional),
            ("stated", Weight::Stated),
        ];
        let weight = raw.need.as_ref().and_then(|text| self.word(text, "need", &needs));
        let when = raw.when.as_ref().and_then(|when| self.expression(when));
        let statement = self.statement(&raw.states, &place)?;
        Some(Prerequisite {
            id: id?,
            role: role?,
            scenarios,
            clouds,
            weight: weight.unwrap_or_else(|| usual_weight(&statement)),
            when,
            statement,
            note: raw.note.clone(),
            place,
        })
    }

    /// Kinds that a look at the host or its directory settles; [`Checker::told`] has the others.
    fn statement(&mut self, raw: &raw::Statement, place: &Place) -> Option<Statement> {
        use raw::Statement as Raw;
        Some(match raw {
            Raw::WindowsServer { minimum, one_of } => {
                Statement::WindowsServer(self.windows_server(minimum.as_ref(), one_of, place)?)
            }
            Raw::DomainControllers { at_least, minimum } => {
                Statement::DomainControllers { at_least: *at_least, minimum: self.windows(minimum)? }
            }
            Raw::DirectorySchema { minimum, attribute } => Statement::DirectorySchema(DirectorySchema {
                minimum: self.windows(minimum)?,
                attribute: attribute.as_ref().map(|text| text.value.clone()),
            }),
            Raw::ServerCore(text) => Statement::ServerCore(self.support(text)?),
            Raw::OnDomainController(text) => Statement::OnDomainController(self.support(text)?),
            Raw::DomainJoined(text) => {
                self.word(text, "domain-joined", &[("required", Statement::DomainJoined)])?
            }
            Raw::AdministrativeTier(tier) => Statement::AdministrativeTier(*tier),
            Raw::SystemLanguage(text) => Statement::SystemLanguage(self.language(text)?),
            Raw::Memory { minimum, by, rows } => {
                Statement::Memory(self.memory_table(minimum, by.as_ref(), rows)?)
            }
            Raw::DotnetFramework { minimum } => Statement::DotnetFramework(self.dotnet(minimum)?),
            Raw::ExecutionPolicy(policies) => Statement::ExecutionPolicy(self.policies(policies)?),
            Raw::Tls { minimum } => {
                let versions = [("1.2", "1.2"), ("1.3", "1.3")];
                Statement::Tls(self.word(minimum, "TLS version", &versions)?.to_owned())
            }
            Raw::Registry { values, restart } => {
                Statement::Registry { values: self.registry(values)?, restart: *restart }
            }
            Raw::Ntlm(text) => self.word(text, "ntlm", &[("disabled", Statement::NtlmDisabled)])?,
            Raw::Service { name, state } => self.service(name, state)?,
            _ => return self.told(raw),
        })
    }

    /// Kinds that people must look at.
    fn told(&mut self, raw: &raw::Statement) -> Option<Statement> {
        use raw::Statement as Raw;
        Some(match raw {
            Raw::ServiceAccount { account, managed } => Statement::ServiceAccount {
                account: self.line(account, "account")?,
                group_managed: self.word(managed, "managed", &[("group", true), ("no", false)])?,
            },
            Raw::Permissions { of, allow } => self.permissions(of, allow)?,
            Raw::Credentials { one_of, to, not } => {
                let place = self.place(one_of);
                self.not_empty(&one_of.value, "one-of", &place);
                Statement::Credentials { one_of: texts(&one_of.value), to: to.value.clone(), not: texts(not) }
            }
            Raw::Software { name, minimum } => Statement::Software {
                name: self.line(name, "name")?,
                minimum: minimum.as_ref().map(|text| text.value.clone()),
            },
            Raw::ActiveAgents { at_least } => Statement::ActiveAgents { at_least: *at_least },
            Raw::Proxy(needs) => Statement::Proxy(self.proxy_needs(needs)),
            Raw::TlsInspection(text) => {
                self.word(text, "tls-inspection", &[("unsupported", Statement::TlsInspectionUnsupported)])?
            }
            Raw::Limit { of, at_most, unit } => Statement::Limit {
                of: self.line(of, "of")?,
                at_most: *at_most,
                unit: self.line(unit, "unit")?,
            },
            Raw::Unsupported(text) => Statement::Unsupported(self.line(text, "unsupported")?),
            Raw::Preparation(text) => Statement::Preparation(self.line(text, "preparation")?),
            Raw::Remark(text) => Statement::Remark(self.line(text, "remark")?),
            _ => return None,
        })
    }

    /// A finding about a value, with the values that it may have.
    fn no_value<T>(&mut self, text: &raw::Text, what: &str, help: String) -> Option<T> {
        let message = format!("`{}` is no {what}", text.value.escape_debug());
        let finding = Finding::new(Code::InvalidValue, message).at(self.place(text)).help(help);
        self.push(finding);
        None
    }

    fn service(&mut self, name: &raw::Text, state: &raw::Text) -> Option<Statement> {
        let states = [("not-disabled", ServiceState::NotDisabled), ("running", ServiceState::Running)];
        let state = self.word(state, "state of a service", &states);
        let fine = !name.value.is_empty()
            && name.value.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.'));
        if !fine {
            let help = "give the short name, such as VaultSvc: letters, digits, `_`, `-` and `.`".to_owned();
            return self.no_value(name, "short name of a service", help);
        }
        Some(Statement::Service { name: name.value.clone(), state: state? })
    }

    fn permissions(&mut self, of: &raw::Text, allow: &Spanned<Vec<raw::Permission>>) -> Option<Statement> {
        let place = self.place(allow);
        self.not_empty(&allow.value, "allow", &place);
        let of = self.line(of, "of")?;
        let allow = allow.value.iter().map(|each| {
            let access = self.line(&each.access, "access")?;
            Some(Permission { access, applies_to: self.line(&each.applies_to, "applies-to")? })
        });
        let allow = allow.collect::<Option<Vec<_>>>()?;
        Some(Statement::Permissions { of, allow })
    }

    fn proxy_needs(&mut self, raw: &raw::ProxyNeeds) -> ProxyNeeds {
        let ways = [
            ("unsupported", ProxyAuthentication::Unsupported),
            ("default-credentials", ProxyAuthentication::DefaultCredentials),
            ("not-basic", ProxyAuthentication::NotBasic),
        ];
        let http = raw.http.as_ref();
        ProxyNeeds {
            http: http
                .and_then(|text| self.word(text, "HTTP version", &[("1.1", "1.1"), ("2", "2")]))
                .map(str::to_owned),
            chunked_encoding: raw.chunked_encoding,
            authentication: raw
                .authentication
                .as_ref()
                .and_then(|text| self.word(text, "authentication", &ways)),
            idle_minutes: raw.idle_minutes.map(|minutes| match minutes {
                raw::IdleMinutes::AtLeast(minutes) => IdleMinutes::AtLeast(minutes),
                raw::IdleMinutes::Above(minutes) => IdleMinutes::Above(minutes),
            }),
            settings_file: raw.settings_file.as_ref().and_then(|text| self.line(text, "settings-file")),
        }
    }

    /// Text that says something, in one line.
    fn line(&mut self, text: &raw::Text, what: &str) -> Option<String> {
        if !text.value.trim().is_empty() && !text.value.contains(char::is_control) {
            return Some(text.value.clone());
        }
        self.no_value(text, "text", format!("`{what}` is one line, and not empty"))
    }
}

/// Limits and what is supported demand nothing; everything else does unless the edition says otherwise.
fn usual_weight(statement: &Statement) -> Weight {
    match statement {
        Statement::Limit { .. }
        | Statement::Unsupported(_)
        | Statement::Remark(_)
        | Statement::OnDomainController(Support::Supported)
        | Statement::ServerCore(Support::Supported)
        | Statement::ServiceAccount { .. } => Weight::Stated,
        _ => Weight::Required,
    }
}

fn texts(list: &[raw::Text]) -> Vec<String> {
    list.iter().map(|text| text.value.clone()).collect()
}
