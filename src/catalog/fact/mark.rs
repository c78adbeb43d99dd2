//! What a reader must know beside a fact.

use std::fmt;

use serde::Serialize;

/// A remark on a fact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "mark")]
pub enum Mark {
    /// The document misspells the host; `to` holds the right form.
    Typo {
        /// Who confirms the right form.
        because: String,
    },
    /// Other documents contradict the host.
    Doubtful {
        /// What they give.
        because: String,
    },
    /// The wildcard stands for the name behind it too.
    Apex {
        /// Why.
        because: String,
    },
    /// The text does not say it in so many words.
    Interpreted {
        /// What was read into it: `ports`, `transport`, `destination`.
        of: &'static str,
        /// What it is read as.
        #[serde(skip_serializing_if = "String::is_empty")]
        value: String,
        /// Why.
        because: String,
    },
    /// The page contradicts itself on TLS inspection.
    Contradictory,
    /// The page is not Microsoft's.
    ThirdParty,
    /// An ambiguity or a suspected error, in the catalog's words.
    Note {
        /// The words.
        text: String,
    },
}

impl fmt::Display for Mark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Typo { because } => write!(f, "typo corrected: {because}"),
            Self::Doubtful { because } => write!(f, "doubtful: {because}"),
            Self::Apex { because } => write!(f, "with its apex: {because}"),
            Self::Interpreted { of, value, because } if value.is_empty() => {
                write!(f, "{of} interpreted: {because}")
            }
            Self::Interpreted { of, value, because } => {
                write!(f, "{of} interpreted as {value}: {because}")
            }
            Self::Contradictory => {
                f.write_str("contradictory: the page contradicts itself on TLS inspection")
            }
            Self::ThirdParty => f.write_str("third party"),
            Self::Note { text } => write!(f, "note: {text}"),
        }
    }
}
