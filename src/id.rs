//! The kebab-case words that name things in the catalog and in a site.

use std::borrow::Borrow;
use std::fmt;
use std::sync::Arc;

use serde::{Serialize, Serializer};

/// Why a text cannot be an id.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IdError {
    /// There is no character in it.
    #[error("an id cannot be empty")]
    Empty,
    /// A character is not a lower-case ASCII letter, a digit, a dot or an inner hyphen.
    #[error("`{}` is not an id: lower-case letters, digits, dots and inner hyphens only", .text.escape_default())]
    Illegal {
        /// The text as given.
        text: String,
    },
    /// Longer than 64 characters, which no target can name.
    #[error("an id has at most 64 characters, this one has {length}")]
    TooLong {
        /// Its length in characters.
        length: usize,
    },
    /// A character that no product takes in the name of a zone, or a name that is empty or too long.
    #[error("`{}` is not the name of a zone: 1 to 63 letters, digits, dots, hyphens and underscores, a letter or digit first", .text.escape_default())]
    Zone {
        /// The text as given.
        text: String,
    },
}

/// Checks the shape that all ids share.
///
/// # Errors
/// [`IdError`] tells which part of the shape is missing.
pub fn check(text: &str) -> Result<(), IdError> {
    let inner = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '.';
    if text.is_empty() {
        return Err(IdError::Empty);
    }
    if text.len() > 64 {
        return Err(IdError::TooLong { length: text.chars().count() });
    }
    if !text.chars().all(inner) || text.starts_with(['-', '.']) || text.ends_with(['-', '.']) {
        return Err(IdError::Illegal { text: text.to_owned() });
    }
    Ok(())
}

/// Checks the name of a zone, which is the product's own: `Trust-L3` and `trust-l3` are two zones to PAN-OS, and both
/// occur, so case is kept where ids of the catalog have none.
///
/// # Errors
/// [`IdError::Zone`].
fn check_zone(text: &str) -> Result<(), IdError> {
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
    let fine = (1..=63).contains(&text.len())
        && text.chars().all(allowed)
        && text.starts_with(|c: char| c.is_ascii_alphanumeric());
    if fine { Ok(()) } else { Err(IdError::Zone { text: text.to_owned() }) }
}

macro_rules! ids {
    ($check:ident: $($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Arc<str>);

        impl $name {
            /// Checks the shape of `text` and takes it as an id.
            ///
            /// # Errors
            /// When it has not the shape of its kind; see [`IdError`].
            pub fn parse(text: &str) -> Result<Self, IdError> {
                $check(text).map(|()| Self(Arc::from(text)))
            }

            /// The id as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.0)
            }
        }

        impl Borrow<str> for $name {
            fn borrow(&self) -> &str {
                &self.0
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
            }
        }
    )*};
}

ids! {
    check:
    /// What a team deploys, such as `cloud-sync`.
    ScenarioId;
    /// One page of documentation, such as `connect-ports`.
    DocumentId;
    /// One documented need; unique in its document and carried over from edition to edition.
    RequirementId;
    /// One documented prerequisite of a host; unique in its document and carried over from edition to edition.
    PrerequisiteId;
    /// An actor, such as `provisioning-agent`.
    RoleId;
    /// A cloud, such as `us-government`.
    CloudId;
    /// An opaque condition, such as `http-proxy`.
    ConditionId;
    /// A group of documented alternatives, such as `service-bus-port`.
    ChoiceId;
    /// One alternative of a group.
    OptionId;
    /// A value that only the user knows, such as `federation-service-name`.
    ParameterId;
    /// A host or a group of hosts of the site.
    StationId;
}

ids! {
    check_zone:
    /// A network segment of the site, by the name that its firewall gives it.
    ZoneId;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_ids_never_parse() {
        for text in ["", "-a", "a-", "A", "a b", "a'b", "a\n", "a|b", "\u{202e}a", "..", "$(a)"] {
            assert!(RoleId::parse(text).is_err(), "{text:?}");
        }
        assert_eq!(RoleId::parse("ad-fs-server").map(|r| r.to_string()), Ok("ad-fs-server".to_owned()));
        assert!(ConditionId::parse("agent-2.4.18-or-later").is_ok());
    }

    #[test]
    fn a_zone_keeps_the_name_that_its_firewall_gives_it() {
        for text in ["Trust-L3", "DMZ", "tier0", "L3_Inside.2"] {
            assert_eq!(ZoneId::parse(text).map(|zone| zone.to_string()), Ok(text.to_owned()));
        }
        for text in ["", "-a", "_a", "a b", "a|b", "a\"b", "a'b", "a\nb", "$(a)", "\u{202e}a"] {
            assert!(ZoneId::parse(text).is_err(), "{text:?}");
        }
    }
}
