//! The software behind a role, as far as documents name it.

use serde::Serialize;

/// One program or service that plays a role. Documents name some of its marks and leave out others, and they name
/// different ones in different editions; what is absent here is not documented.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Software {
    /// The short name of its service: `AADConnectProvisioningAgent`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub service: Option<String>,
    /// The full path of its program.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub program: Option<String>,
    /// The account under which it runs, as documented: `Network Service`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
    /// What else the catalog says about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

impl Software {
    /// Its first mark, or the note, for messages.
    pub fn label(&self) -> &str {
        [&self.service, &self.program, &self.account, &self.note]
            .into_iter()
            .find_map(Option::as_deref)
            .unwrap_or("software without a documented name")
    }
}
