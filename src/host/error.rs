//! What can be wrong with the text of a host name or pattern.

use super::text::{quote, quote_char};

/// Why a text is not a host name or not a host pattern. Displays as one sentence; [`HostError::help`] is the next step.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum HostError {
    /// No text, or a dot alone.
    #[error("the host name is empty")]
    Empty,
    /// More than 253 characters, the most that fit the 255 octets of RFC 1035 section 2.3.4.
    #[error("a host name of {length} bytes is too long: at most 253 are allowed")]
    TooLong {
        /// Bytes without the trailing dot.
        length: usize,
    },
    /// Two dots in a row, or a dot in front.
    #[error("{} has an empty label at byte {at}", quote(.text))]
    EmptyLabel {
        /// The whole text.
        text: String,
        /// Byte offset in `text`.
        at: usize,
    },
    /// A label of more than 63 bytes (RFC 1035 section 2.3.4).
    #[error("the label {} has {} bytes: at most 63 are allowed", quote(.label), .label.len())]
    LabelTooLong {
        /// The label.
        label: String,
    },
    /// A label with a hyphen at its start or end (RFC 1123 section 2.1, RFC 952).
    #[error("the label {} starts or ends with a hyphen", quote(.label))]
    HyphenAtEdge {
        /// The label.
        label: String,
    },
    /// Something other than an ASCII letter, a digit, `-`, `_` or a dot.
    #[error("{} at byte {at} of {} cannot stand in a host name", quote_char(*.character), quote(.text))]
    IllegalCharacter {
        /// The first such character.
        character: char,
        /// Byte offset in `text`.
        at: usize,
        /// The whole text.
        text: String,
    },
    /// An IPv4 or IPv6 address in any spelling, or a name that ends in a number and that programs take for an address.
    #[error("{} is an address, not a host name", quote(.text))]
    AddressLiteral {
        /// The whole text.
        text: String,
    },
    /// A pattern where one name is wanted.
    #[error("{} is a pattern, not one host name", quote(.text))]
    Wildcard {
        /// The whole text.
        text: String,
    },
    /// `*`, `*.` or `[*.]` without a name behind it.
    #[error("{} would hold every host there is", quote(.text))]
    BareWildcard {
        /// The whole text.
        text: String,
    },
    /// `**.x`.
    #[error("{} starts with a double wildcard", quote(.text))]
    DoubleWildcard {
        /// The whole text.
        text: String,
    },
    /// `*.*.x`.
    #[error("{} has more than one wildcard", quote(.text))]
    RepeatedWildcard {
        /// The whole text.
        text: String,
    },
    /// `*foo.x`, `foo*.x`.
    #[error("the wildcard of {} is not a whole label", quote(.text))]
    PartialWildcard {
        /// The whole text.
        text: String,
    },
    /// `a.*.x`.
    #[error("the wildcard of {} is not the left-most label", quote(.text))]
    WildcardNotFirst {
        /// The whole text.
        text: String,
    },
    /// `*.com`: everything below a top-level domain.
    #[error("{} is too broad: it would hold every name below a single label", quote(.text))]
    TooBroad {
        /// The whole text.
        text: String,
    },
}

impl HostError {
    /// The next step, where there is one to name.
    pub fn help(&self) -> Option<String> {
        let help = match self {
            Self::Empty => "give a name such as `login.windows.net`, or a pattern such as `*.windows.net`",
            Self::TooLong { .. } | Self::LabelTooLong { .. } => {
                "no DNS name can be this long; check for a missing separator"
            }
            Self::EmptyLabel { at: 0, .. } => {
                "a leading dot means different things to different products: \
                write `*.x` for the names below x, or `[*.]x` for x too"
            }
            Self::EmptyLabel { .. } => "take out the extra dot",
            Self::HyphenAtEdge { .. } => "take the hyphen out, or check for a list mark in front of the name",
            Self::IllegalCharacter { character, .. } => return Some(character_help(*character)),
            Self::AddressLiteral { .. } => {
                "addresses are given as prefixes, not as hosts; a single one is `192.0.2.1/32`"
            }
            Self::Wildcard { .. } => "give one name, without a wildcard",
            Self::BareWildcard { .. } => "name the domain: `*.windows.net`",
            Self::DoubleWildcard { .. } => "`*.x` holds the names below x at any depth already",
            Self::RepeatedWildcard { .. } => "one `*` holds any number of labels: `*.x`",
            Self::PartialWildcard { .. } => "use `*` as a whole label, `*.x`, or list the names one by one",
            Self::WildcardNotFirst { .. } => {
                "put `*` to the left of everything, `*.x`, or list the names one by one"
            }
            Self::TooBroad { .. } => "name at least two labels behind the wildcard: `*.windows.net`",
        };
        Some(help.to_owned())
    }

    /// The same error for a name that stood `by` bytes into `whole`, so that the offset fits what the user wrote.
    pub(super) fn within(self, whole: &str, by: usize) -> Self {
        let text = whole.to_owned();
        match self {
            Self::EmptyLabel { at, .. } => Self::EmptyLabel { text, at: at + by },
            Self::IllegalCharacter { character, at, .. } => {
                Self::IllegalCharacter { character, at: at + by, text }
            }
            Self::AddressLiteral { .. } => Self::AddressLiteral { text },
            other => other,
        }
    }
}

fn character_help(character: char) -> String {
    match character {
        ':' => "a port belongs to the requirement, and a scheme to a URL pattern".to_owned(),
        '/' => "a path belongs to a URL pattern".to_owned(),
        '{' | '}' => "a name with `{parameters}` is a host template".to_owned(),
        letter if letter.is_alphabetic() => {
            "give an international name in its ASCII form, label by label (`xn--...`, RFC 5890)".to_owned()
        }
        _ => {
            format!("take {} out: a name has ASCII letters, digits, `-`, `_` and dots", quote_char(character))
        }
    }
}
