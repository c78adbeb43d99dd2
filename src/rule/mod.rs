//! The symbolic result: rules without addresses, each with its sources.
//!
//! A [`Rule`] is one [`Flow`] with all its [`Citation`]s. Equal flows of several requirements are one rule.

mod citation;
mod endpoint;
mod set;
mod software;

pub use citation::{Citation, Interpretation};
pub use endpoint::{Endpoint, Flow, Scope};
pub use set::{Digest, RuleSet};
pub use software::Software;

use std::collections::BTreeSet;
use std::fmt;

use serde::{Deserialize, Serialize, Serializer};
use sha2::{Digest as _, Sha256};

use crate::id::ConditionId;

/// Whether a document demands a flow or only offers it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Need {
    /// Offered or recommended.
    Optional,
    /// Demanded; stronger than optional.
    Required,
}

impl Need {
    /// The word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Optional => "optional",
            Self::Required => "required",
        }
    }
}

/// When in the life of a deployment a flow is needed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Phase {
    /// While software is installed.
    Installation,
    /// While an agent is registered; a new registration needs it again.
    Registration,
    /// While a feature is set up.
    Configuration,
    /// Always afterwards.
    Operation,
}

impl Phase {
    /// All phases in their order.
    pub const ALL: [Self; 4] = [Self::Installation, Self::Registration, Self::Configuration, Self::Operation];

    /// The word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Installation => "installation",
            Self::Registration => "registration",
            Self::Configuration => "configuration",
            Self::Operation => "operation",
        }
    }
}

/// What a document says about TLS inspection of a flow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TlsInspection {
    /// Nothing; this is not a permission to inspect.
    NotStated,
    /// Inspection is not required to be off.
    NotRequired,
    /// The page contradicts itself.
    Contradictory,
    /// A load balancer must pass TLS through.
    DoNotTerminate,
    /// The traffic must be excluded from inspection.
    Exclude,
}

impl TlsInspection {
    /// The word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NotStated => "not-stated",
            Self::NotRequired => "not-required",
            Self::Contradictory => "contradictory",
            Self::DoNotTerminate => "do-not-terminate",
            Self::Exclude => "exclude",
        }
    }
}

/// `r-` and the first 10 base32 characters of SHA-256 over the canonical text of a flow.
///
/// No edition, purpose, condition, cloud, site or prefix is in it: rewording and new weeks keep ids, so that
/// names inside artifacts are stable.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RuleId(String);

impl RuleId {
    /// The id of a flow.
    pub fn of(flow: &Flow) -> Self {
        let digest = Sha256::digest(flow.canonical().as_bytes());
        Self(format!("r-{}", base32(&digest, 10)))
    }

    /// Takes back a text that an id was written as; whether it is the id of a certain flow only [`RuleId::of`] tells.
    pub fn parse(text: &str) -> Option<Self> {
        let digest = text.strip_prefix("r-")?;
        is_base32(digest, 10).then(|| Self(text.to_owned()))
    }

    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for RuleId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl Serialize for RuleId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

/// Whether `text` is what [`base32`] writes at that length.
fn is_base32(text: &str, length: usize) -> bool {
    text.len() == length && text.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'2'..=b'7'))
}

/// The first `length` characters of `bytes` in base32 (RFC 4648, lower case: ids stand in names of files and
/// objects, some of which are compared without regard to case).
pub(crate) fn base32(bytes: &[u8], length: usize) -> String {
    const ALPHABET: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";
    (0..length)
        .map(|index| {
            let bits = (0..5).fold(0usize, |bits, offset| {
                let bit = index * 5 + offset;
                let byte = bytes.get(bit / 8).copied().unwrap_or_default();
                bits << 1 | usize::from(byte >> (7 - bit % 8) & 1)
            });
            ALPHABET.get(bits).copied().map_or('a', char::from)
        })
        .collect()
}

/// One flow with everything that was said about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Rule {
    /// Names the flow; see [`RuleId`].
    pub id: RuleId,
    /// What passes.
    #[serde(flatten)]
    pub flow: Flow,
    /// The strongest need of all citations.
    pub need: Need,
    /// When it is needed, over all citations; empty means always.
    pub phases: BTreeSet<Phase>,
    /// The strictest word on TLS inspection of all citations.
    pub tls_inspection: TlsInspection,
    /// Conditions that were assumed to hold, not known to.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub assumed: BTreeSet<ConditionId>,
    /// True when no document states it: a need that Portbook adds with `--gaps`.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub gap: bool,
    /// Why the destination is doubtful, where it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub doubt: Option<String>,
    /// The software that opens the connection, as far as the selected documents name it; for firewalls that can
    /// limit a rule to a program, service or account.
    /// Not part of the neutral rule set: it is a property of the role, told by the catalog.
    #[serde(skip)]
    pub software: Vec<Software>,
    /// Whether a document behind it offers the Azure datacenter IP ranges in place of names. Not part of the neutral
    /// rule set: it is a property of the documents.
    #[serde(skip)]
    pub ranges_offered: bool,
    /// The documented requirements behind it, at least one, in the order of the documents.
    pub citations: Vec<Citation>,
}

impl Rule {
    /// The purposes of all citations, each once.
    pub fn purposes(&self) -> Vec<&str> {
        let mut purposes: Vec<&str> = Vec::new();
        for citation in &self.citations {
            if !purposes.contains(&citation.purpose.as_str()) {
                purposes.push(&citation.purpose);
            }
        }
        purposes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base32_agrees_with_rfc_4648() {
        // RFC 4648 section 10: BASE32("foobar") = "MZXW6YTBOI======"
        assert_eq!(base32(b"foobar", 10), "mzxw6ytboi");
    }

    #[test]
    fn only_the_written_form_of_an_id_is_read_back() {
        assert_eq!(RuleId::parse("r-mzxw6ytboi").unwrap().as_str(), "r-mzxw6ytboi");
        for text in [
            "",
            "r-",
            "mzxw6ytboi",
            "r-mzxw6ytbo",
            "r-mzxw6ytboi1",
            "r-MZXW6YTBOI",
            "r-mzxw6ytbo1",
            "r-é2345678",
        ] {
            assert_eq!(RuleId::parse(text), None, "{text}");
        }
    }
}
