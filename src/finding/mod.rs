//! What Portbook has to say: findings with a stable code, a place, a reason and a next step.

mod code;
mod json;
mod place;
mod text;

pub use code::{CODES, Code, CodeSpec};
pub use json::to_json;
pub use place::{Place, Source};
pub use text::{Style, printable, to_text};

use std::io;
use std::path::Path;

use serde::Serialize;

/// How much a finding weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Something worth knowing; nothing has to be done.
    Note,
    /// The result stands but differs from what one might expect.
    Warning,
    /// There is no result.
    Error,
}

/// A place with the words that explain its part in a finding.
#[derive(Debug, Clone, PartialEq)]
pub struct Label {
    /// Where.
    pub place: Place,
    /// What is there, such as `first here`; may be empty for the main place.
    pub text: String,
}

/// One message.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    /// Its stable kebab-case code.
    pub code: Code,
    /// Its weight; the code's usual one unless raised or lowered.
    pub severity: Severity,
    /// What is wrong, in one sentence without a full stop.
    pub message: String,
    /// Where, and further places that matter; the first is the main one.
    pub labels: Vec<Label>,
    /// Facts that explain it.
    pub notes: Vec<String>,
    /// Next steps that work when followed.
    pub help: Vec<String>,
}

impl Finding {
    /// A finding of `code` with its usual severity.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self {
            code,
            severity: code.spec().severity,
            message: message.into(),
            labels: Vec::new(),
            notes: Vec::new(),
            help: Vec::new(),
        }
    }

    /// `cannot-read`: a file that the system does not give, with the system's reason.
    pub fn unreadable(path: &Path, error: &io::Error) -> Self {
        let help = match error.kind() {
            io::ErrorKind::NotFound => {
                Some("a relative path starts at the current folder; check the spelling")
            }
            io::ErrorKind::InvalidData => {
                Some("the file must be UTF-8 text; is it compressed, or another file?")
            }
            io::ErrorKind::IsADirectory => Some("a file is expected here"),
            io::ErrorKind::FileTooLarge => {
                Some("is it the right file? range files and manifests have a few megabytes")
            }
            io::ErrorKind::TimedOut => Some("start the program that writes to it, or give a file"),
            _ => None,
        };
        Self::new(Code::CannotRead, format!("cannot read {}", path.display()))
            .note(error.to_string())
            .maybe_help(help.map(str::to_owned))
    }

    /// Adds a place; the first one added is the main one.
    #[must_use]
    pub fn at(self, place: Place) -> Self {
        self.labelled(place, "")
    }

    /// Adds a place with words.
    #[must_use]
    pub fn labelled(mut self, place: Place, text: impl Into<String>) -> Self {
        self.labels.push(Label { place, text: text.into() });
        self
    }

    /// Adds a fact.
    #[must_use]
    pub fn note(mut self, text: impl Into<String>) -> Self {
        self.notes.push(text.into());
        self
    }

    /// Adds a next step.
    #[must_use]
    pub fn help(mut self, text: impl Into<String>) -> Self {
        self.help.push(text.into());
        self
    }

    /// Adds a next step if there is one.
    #[must_use]
    pub fn maybe_help(self, text: Option<String>) -> Self {
        match text {
            Some(text) => self.help(text),
            None => self,
        }
    }

    /// Gives it another weight.
    #[must_use]
    pub fn severity(mut self, severity: Severity) -> Self {
        self.severity = severity;
        self
    }
}

/// Findings in the order in which they were made.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Findings(Vec<Finding>);

impl Findings {
    /// None yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds one.
    pub fn push(&mut self, finding: Finding) {
        self.0.push(finding);
    }

    /// Takes over all of `other`.
    pub fn append(&mut self, other: Self) {
        self.0.extend(other.0);
    }

    /// Whether one of them is an error.
    pub fn has_errors(&self) -> bool {
        self.0.iter().any(|finding| finding.severity == Severity::Error)
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// All of them.
    pub fn iter(&self) -> std::slice::Iter<'_, Finding> {
        self.0.iter()
    }

    /// `value` if there is no error; the findings otherwise.
    ///
    /// # Errors
    /// The findings themselves when one of them is an error.
    pub fn or_value<T>(self, value: T) -> Result<(T, Self), Self> {
        if self.has_errors() { Err(self) } else { Ok((value, self)) }
    }
}

impl From<Finding> for Findings {
    fn from(finding: Finding) -> Self {
        Self(vec![finding])
    }
}

impl FromIterator<Finding> for Findings {
    fn from_iter<I: IntoIterator<Item = Finding>>(findings: I) -> Self {
        Self(findings.into_iter().collect())
    }
}

impl Extend<Finding> for Findings {
    fn extend<I: IntoIterator<Item = Finding>>(&mut self, findings: I) {
        self.0.extend(findings);
    }
}

impl IntoIterator for Findings {
    type Item = Finding;
    type IntoIter = std::vec::IntoIter<Finding>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<'a> IntoIterator for &'a Findings {
    type Item = &'a Finding;
    type IntoIter = std::slice::Iter<'a, Finding>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}

/// The known name nearest to `given`, if it is near enough to be a typo.
pub fn nearest<'a>(given: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    known
        .into_iter()
        .map(|name| (strsim::jaro_winkler(&given.to_lowercase(), name), name))
        .filter(|(likeness, name)| *likeness > 0.8 || name.starts_with(given) && given.len() > 2)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, name)| name)
}

/// The finding for a name that is not known, with the nearest one as help.
pub fn unknown<'a>(
    code: Code,
    what: &str,
    given: &str,
    known: impl IntoIterator<Item = &'a str>,
    listing: &str,
) -> Finding {
    let known: Vec<&str> = known.into_iter().collect();
    let all = format!("{listing} shows all {}", known.len());
    let help = match nearest(given, known.iter().copied()) {
        Some(name) => format!("did you mean `{name}`? {all}"),
        None => all,
    };
    Finding::new(code, format!("unknown {what} `{}`", given.escape_debug())).help(help)
}
