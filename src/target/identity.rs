//! Limiting a rule to the software that a document names.

use super::{Axis, Effect, Loss};
use crate::finding::Code;
use crate::rule::Software;

/// The mark of software by which a Windows firewall rule can be limited.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Identity {
    /// The path of a program.
    Program,
    /// The short name of a service.
    Service,
    /// An account with a fixed security identifier.
    Account,
}

impl Identity {
    /// The word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Program => "program",
            Self::Service => "service",
            Self::Account => "account",
        }
    }

    /// The values of this mark that a rule can hold, each once, sorted; security identifiers for accounts.
    pub fn values(self, software: &[Software]) -> Vec<String> {
        let mut values: Vec<String> = software.iter().filter_map(|one| self.value(one)).collect();
        values.sort();
        values.dedup();
        values
    }

    /// What limiting a rule to this mark of `software` loses: what has no such mark is missed, and where nothing has
    /// one there is no rule.
    pub fn loss(self, software: &[Software]) -> Loss {
        let values = self.values(software);
        let missed: Vec<&str> =
            software.iter().filter(|one| self.value(one).is_none()).map(Software::label).collect();
        let (effect, mut detail) = if values.is_empty() {
            (Effect::Refused, format!("no {} is documented that a rule could hold", self.as_str()))
        } else {
            (Effect::Narrower, format!("limited to {} {}", self.as_str(), values.join(", ")))
        };
        if !missed.is_empty() {
            detail.push_str("; missed: ");
            detail.push_str(&missed.join("; "));
        }
        Loss { code: Code::IdentityRestricted, axis: Axis::Identity, effect, detail }
    }

    fn value(self, software: &Software) -> Option<String> {
        match self {
            Self::Program => software.program.as_deref().filter(|path| is_program(path)).map(str::to_owned),
            Self::Service => software.service.as_deref().filter(|name| is_service(name)).map(str::to_owned),
            Self::Account => software.account.as_deref().and_then(sid).map(str::to_owned),
        }
    }
}

/// [MS-FASP] 2.2.37: `wszLocalApplication` is shorter than 260 characters and has none of `/ * ? " < > |`.
fn is_program(path: &str) -> bool {
    let allowed = |c: char| (c.is_ascii_graphic() || c == ' ') && !r#"/*?"<>|"#.contains(c);
    (1..260).contains(&path.len()) && path.chars().all(allowed)
}

/// [MS-FASP] 2.2.37: `wszLocalService` is shorter than 260 characters and has none of `/ \ |`. `*` would be every service.
fn is_service(name: &str) -> bool {
    let allowed = |c: char| c.is_ascii_graphic() && !r"/\|*".contains(c);
    (1..260).contains(&name.len()) && name.chars().all(allowed)
}

/// The identifiers that are the same on every computer ([MS-DTYP] 2.4.2.4). Other accounts, and accounts of services,
/// have one that only the host or the domain knows.
fn sid(account: &str) -> Option<&'static str> {
    let folded: String = account.to_ascii_lowercase().split_whitespace().collect();
    match folded.strip_prefix(r"ntauthority\").unwrap_or(&folded) {
        "networkservice" => Some("S-1-5-20"),
        "localservice" => Some("S-1-5-19"),
        "localsystem" | "system" => Some("S-1-5-18"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(service: Option<&str>, program: Option<&str>, account: Option<&str>) -> Software {
        let owned = |text: Option<&str>| text.map(str::to_owned);
        Software { service: owned(service), program: owned(program), account: owned(account), note: None }
    }

    #[test]
    fn what_has_no_such_mark_is_missed_out_loud() {
        let software = [
            of(Some("Agent"), Some(r"C:\Program Files\Agent\Agent.exe"), None),
            of(None, None, Some("network service")),
            of(None, None, Some(r"domain\agent$")),
        ];
        assert_eq!(Identity::Account.values(&software), ["S-1-5-20"]);
        let loss = Identity::Account.loss(&software);
        assert_eq!(
            (loss.effect, loss.detail.as_str()),
            (Effect::Narrower, r"limited to account S-1-5-20; missed: Agent; domain\agent$")
        );
        assert_eq!(Identity::Service.loss(&software[1..]).effect, Effect::Refused);
        assert_eq!(Identity::Program.loss(&[]).effect, Effect::Refused);
    }

    #[test]
    fn hostile_marks_are_none() {
        for program in ["", r"C:\a|b.exe", "C:\\a\nb.exe", r"C:\*.exe", "C:\\\u{2019}.exe"] {
            assert!(Identity::Program.values(&[of(None, Some(program), None)]).is_empty(), "{program:?}");
        }
        for service in ["", "*", "a b", "a|b", "a\\b"] {
            assert!(Identity::Service.values(&[of(Some(service), None, None)]).is_empty(), "{service:?}");
        }
    }
}
