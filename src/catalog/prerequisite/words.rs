//! The canonical text of a statement: one line, equal exactly when the facts are equal.

use std::fmt;

use super::{IdleMinutes, Memory, ProxyNeeds, Statement, WindowsServer};

/// Mebibytes as documents give them: `5.5 GB`.
fn gigabytes(mebibytes: u64) -> String {
    let (whole, rest) = (mebibytes / 1024, mebibytes % 1024);
    match rest * 10 / 1024 {
        0 if rest == 0 => format!("{whole} GB"),
        tenths if tenths * 1024 == rest * 10 => format!("{whole}.{tenths} GB"),
        _ => format!("{mebibytes} MB"),
    }
}

impl fmt::Display for Statement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.text())
    }
}

impl Statement {
    /// The canonical text in the parts that lists make: one for each registry value or permission; else one.
    pub fn parts(&self) -> Vec<String> {
        match self {
            Self::Registry { values, restart } => {
                let restart = restart.then(|| "then restart".to_owned());
                values.iter().map(ToString::to_string).chain(restart).collect()
            }
            Self::Permissions { of, allow } => {
                allow.iter().map(|each| format!("{of}: {} on {}", each.access, each.applies_to)).collect()
            }
            other => vec![other.text()],
        }
    }

    fn text(&self) -> String {
        match self {
            Self::WindowsServer(windows) => windows.to_string(),
            Self::DomainControllers { at_least, minimum } => {
                format!("at least {at_least} with Windows Server {minimum} or later")
            }
            Self::DirectorySchema(schema) => {
                let attribute = schema.attribute.as_ref().map(|name| format!(", for {name}"));
                format!("of Windows Server {} or later{}", schema.minimum, attribute.unwrap_or_default())
            }
            Self::ServerCore(support) | Self::OnDomainController(support) => support.as_str().to_owned(),
            Self::DomainJoined => "required".to_owned(),
            Self::AdministrativeTier(tier) => tier.to_string(),
            Self::Memory(memory) => memory.to_string(),
            Self::DotnetFramework(version) => format!("{version} or later"),
            Self::ExecutionPolicy(policies) => policies.join(" or "),
            Self::Tls(version) => format!("{version} enabled"),
            Self::Registry { .. } | Self::Permissions { .. } => self.parts().join("; "),
            Self::NtlmDisabled => "disabled".to_owned(),
            Self::Service { name, state } => format!("{name} {}", state.as_str()),
            Self::ServiceAccount { account, group_managed: true } => {
                format!("{account} (group managed service account)")
            }
            Self::ServiceAccount { account, group_managed: false } => account.clone(),
            Self::Credentials { one_of, to, not } => {
                let not = if not.is_empty() { String::new() } else { format!(", no {}", not.join(", no ")) };
                format!("{} to {to}{not}", one_of.join(" or "))
            }
            Self::Software { name, minimum: Some(minimum) } => format!("{name} {minimum} or later"),
            Self::ActiveAgents { at_least } => format!("at least {at_least}"),
            Self::Proxy(needs) => needs.to_string(),
            Self::TlsInspectionUnsupported => "unsupported".to_owned(),
            Self::Limit { of, at_most, unit } => format!("{of}: at most {at_most} {unit}"),
            Self::Software { name: text, minimum: None }
            | Self::SystemLanguage(text)
            | Self::Unsupported(text)
            | Self::Preparation(text)
            | Self::Remark(text) => text.clone(),
        }
    }
}

impl fmt::Display for WindowsServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Minimum(version) => write!(f, "{version} or later"),
            Self::OneOf(versions) => {
                let names: Vec<String> = versions.iter().map(ToString::to_string).collect();
                f.write_str(&names.join(" or "))
            }
        }
    }
}

impl fmt::Display for Memory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "at least {}", gigabytes(self.minimum))?;
        for row in &self.rows {
            let measure = self.by.map_or("", |by| by.as_str());
            let more = if row.or_more { " or more" } else { "" };
            write!(f, "; {} {measure}: {}{more}", row.up_to, gigabytes(row.minimum))?;
        }
        Ok(())
    }
}

impl fmt::Display for ProxyNeeds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut parts = Vec::new();
        parts.extend(self.http.as_ref().map(|version| format!("HTTP {version} or later")));
        parts.extend(self.chunked_encoding.then(|| "chunked encoding on".to_owned()));
        parts.extend(self.authentication.map(|how| format!("authentication {}", how.as_str())));
        parts.extend(self.idle_minutes.map(|minutes| match minutes {
            IdleMinutes::AtLeast(minutes) => format!("idle connections kept for at least {minutes} minutes"),
            IdleMinutes::Above(minutes) => format!("idle connections kept for more than {minutes} minutes"),
        }));
        parts.extend(self.settings_file.as_ref().map(|file| format!("set in {file}")));
        f.write_str(&parts.join("; "))
    }
}

#[cfg(test)]
mod tests {
    use super::gigabytes;

    #[test]
    fn memory_reads_as_documents_write_it() {
        assert_eq!(
            [4096, 5632, 10240, 512, 4097].map(gigabytes),
            ["4 GB", "5.5 GB", "10 GB", "0.5 GB", "4097 MB"]
        );
    }
}
