//! One DNS name.

use std::borrow::Borrow;
use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use super::error::HostError;
use super::text::as_text;

/// The longest name in text (RFC 1035 section 2.3.4: 255 octets on the wire, of which two are no text).
const NAME_MAX: usize = 253;
/// The longest label (RFC 1035 section 2.3.4).
const LABEL_MAX: usize = 63;

/// A DNS name in its one spelling: lower case, no trailing dot, never an IP address.
///
/// Labels have 1 to 63 ASCII letters, digits, `-` and `_`, with no hyphen at either end (a leading one would also read as an option in
/// several targets); the whole has at most 253 bytes. A name of one label (`localhost`) is a name. A last label that is a number is
/// refused, since programs take `127.1` and `0x7f000001` for addresses (WHATWG URL, "ends in a number checker").
///
/// Ordered by text. Cloning is cheap.
///
/// ```
/// use portbook::host::HostName;
///
/// let name = HostName::parse("Login.Windows.NET.")?;
/// assert_eq!(name.as_str(), "login.windows.net");
/// assert!(HostName::parse("10.0.0.1").is_err());
/// # Ok::<(), portbook::host::HostError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct HostName(Arc<str>);

as_text!(HostName, HostError);

impl HostName {
    /// Reads a name in any case, with or without one trailing dot.
    ///
    /// # Errors
    /// A [`HostError`] that names the first thing wrong: emptiness, length, an address, a wildcard, a character, a label.
    pub fn parse(text: &str) -> Result<Self, HostError> {
        check(text)?;
        Ok(Self(without_dot(text).to_ascii_lowercase().into()))
    }

    /// The canonical text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The labels from left to right.
    pub fn labels(&self) -> impl DoubleEndedIterator<Item = &str> {
        self.0.split('.')
    }

    /// Whether this name has `suffix` behind at least one more label: `a.b.x` and `b.x` are below `x`, `x` and `evilx` are not.
    pub fn is_below(&self, suffix: &Self) -> bool {
        is_below(&self.0, &suffix.0)
    }

    /// The names above this one, the nearest first: `b.x`, then `x`, for `a.b.x`.
    pub fn parents(&self) -> impl Iterator<Item = &str> {
        std::iter::successors(parent(&self.0), |name| parent(name))
    }
}

impl fmt::Display for HostName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl AsRef<str> for HostName {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

/// Lets sets and maps of names be asked with a text; sound, because the derived `Eq`, `Ord` and `Hash` are those of the text.
impl Borrow<str> for HostName {
    fn borrow(&self) -> &str {
        &self.0
    }
}

fn parent(name: &str) -> Option<&str> {
    name.split_once('.').map(|(_, parent)| parent)
}

/// A name is absolute with or without the dot of the root; only one dot is that.
pub(super) fn without_dot(text: &str) -> &str {
    text.strip_suffix('.').unwrap_or(text)
}

/// Whether `name` is strictly below `suffix`, in any case; both without the trailing dot.
pub(super) fn is_below(name: &str, suffix: &str) -> bool {
    let (name, suffix) = (name.as_bytes(), suffix.as_bytes());
    let Some(split) = name.len().checked_sub(suffix.len()) else { return false };
    name.split_at_checked(split).is_some_and(|(front, back)| {
        back.eq_ignore_ascii_case(suffix) && front.len() > 1 && front.ends_with(b".")
    })
}

/// Checks that a text in any case, with or without one trailing dot, is a name.
pub(super) fn check(text: &str) -> Result<(), HostError> {
    let name = without_dot(text);
    if name.is_empty() {
        return Err(HostError::Empty);
    }
    if name.len() > NAME_MAX {
        return Err(HostError::TooLong { length: name.len() });
    }
    if is_address(name) {
        return Err(HostError::AddressLiteral { text: text.to_owned() });
    }
    check_labels(text)
}

/// The part of [`check`] that also holds for the value of a template's parameter: characters and labels.
pub(super) fn check_labels(text: &str) -> Result<(), HostError> {
    check_characters(text)?;
    let mut at = 0;
    for label in without_dot(text).split('.') {
        check_label(label, text, at)?;
        at += label.len() + 1;
    }
    Ok(())
}

fn check_characters(text: &str) -> Result<(), HostError> {
    if text.contains('*') {
        return Err(HostError::Wildcard { text: text.to_owned() });
    }
    match text.char_indices().find(|&(_, character)| !is_name_character(character)) {
        None => Ok(()),
        Some((at, character)) => Err(HostError::IllegalCharacter { character, at, text: text.to_owned() }),
    }
}

fn check_label(label: &str, text: &str, at: usize) -> Result<(), HostError> {
    if label.is_empty() {
        return Err(HostError::EmptyLabel { text: text.to_owned(), at });
    }
    if label.len() > LABEL_MAX {
        return Err(HostError::LabelTooLong { label: label.to_owned() });
    }
    if label.starts_with('-') || label.ends_with('-') {
        return Err(HostError::HyphenAtEdge { label: label.to_owned() });
    }
    Ok(())
}

/// The underscore is in no host name of RFC 952 but in names that are deployed, so it is let through.
pub(super) fn is_name_character(character: char) -> bool {
    character.is_ascii_alphanumeric() || matches!(character, '-' | '_' | '.')
}

/// Whether a text is an address in any spelling: with brackets, a zone, a port or a prefix length, or short and hexadecimal forms.
pub(super) fn is_address(text: &str) -> bool {
    let bare = text.split(['/', '%']).next().unwrap_or(text).trim_matches(['[', ']']);
    bare.parse::<IpAddr>().is_ok() || text.parse::<SocketAddr>().is_ok() || ends_in_number(bare)
}

/// <https://url.spec.whatwg.org/#ends-in-a-number-checker>
fn ends_in_number(text: &str) -> bool {
    let last = text.rsplit('.').next().unwrap_or(text);
    let hexadecimal = last.strip_prefix("0x").or_else(|| last.strip_prefix("0X"));
    match hexadecimal {
        Some(digits) => digits.bytes().all(|byte| byte.is_ascii_hexdigit()),
        None => !last.is_empty() && last.bytes().all(|byte| byte.is_ascii_digit()),
    }
}
