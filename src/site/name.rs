//! Names of sites.

use std::fmt;

use crate::finding::{Code, Finding};

/// The name of a site, safe in scripts, configuration files, paths and XML.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SiteName(String);

impl SiteName {
    /// Takes `text` as a name: letters, digits, dots, hyphens and underscores, 1 to 31 of them, a letter or digit
    /// first. 31 leaves room for what targets append to it in names of 63 characters.
    ///
    /// # Errors
    /// The finding `invalid-name`.
    pub fn parse(text: &str) -> Result<Self, Finding> {
        let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
        let fine = (1..=31).contains(&text.len())
            && text.chars().all(allowed)
            && text.starts_with(|c: char| c.is_ascii_alphanumeric());
        if fine {
            return Ok(Self(text.to_owned()));
        }
        let message = format!("`{}` cannot be the name of a site", text.escape_debug());
        Err(Finding::new(Code::InvalidName, message)
            .help("use 1 to 31 letters, digits, dots, hyphens and underscores, a letter or digit first"))
    }

    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Default for SiteName {
    /// The name of a site that was given by flags only.
    fn default() -> Self {
        Self("default".to_owned())
    }
}

impl fmt::Display for SiteName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}
