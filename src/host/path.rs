//! The path of a URL pattern.

use std::fmt;
use std::sync::Arc;

use super::text::as_text;
use super::url::UrlError;

/// The path of a documented URL, literal, in one spelling: it starts with `/`, is more than `/`, and means itself and everything below
/// it. `www.microsoft.com/pkiops` is documented so: certificates are fetched from `/pkiops/certs/...`.
///
/// Characters are those of RFC 3986 section 3.3 (`pchar`) without the quotes `'` and `"` and without `*`, which several targets would
/// read as a wildcard. Escaped characters that need no escape are unescaped and the digits of the others are upper case
/// (RFC 3986 section 6.2.2); after that, no segment is `.` or `..`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UrlPath(Arc<str>);

as_text!(UrlPath, UrlError);

impl UrlPath {
    /// Reads a path that starts with `/`.
    ///
    /// # Errors
    /// [`UrlError::EmptyPath`] for nothing or `/` alone; [`UrlError::PathCharacter`], [`UrlError::PathWildcard`],
    /// [`UrlError::PathEscape`] or [`UrlError::DotSegment`].
    pub fn parse(text: &str) -> Result<Self, UrlError> {
        let Some(segments) = text.strip_prefix('/').filter(|segments| !segments.is_empty()) else {
            return Err(UrlError::EmptyPath);
        };
        let canonical = unescaped(segments)?;
        if canonical.split('/').any(|segment| matches!(segment, "." | "..")) {
            return Err(UrlError::DotSegment { path: text.to_owned() });
        }
        Ok(Self(format!("/{canonical}").into()))
    }

    /// The canonical text, with the leading `/`.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for UrlPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// Checks and normalizes a path without its leading `/`; offsets in errors count that `/`.
fn unescaped(segments: &str) -> Result<String, UrlError> {
    let mut canonical = String::with_capacity(segments.len());
    let mut rest = segments.char_indices();
    while let Some((before, character)) = rest.next() {
        let at = before + 1;
        match character {
            '*' => return Err(UrlError::PathWildcard { at }),
            '%' => push_octet(&mut canonical, rest.next(), rest.next()).ok_or(UrlError::PathEscape { at })?,
            _ if is_path_character(character) => canonical.push(character),
            _ => return Err(UrlError::PathCharacter { character, at }),
        }
    }
    Ok(canonical)
}

/// Adds the octet of the two hexadecimal digits behind a `%`; `None` if they are no such digits.
fn push_octet(canonical: &mut String, high: Option<(usize, char)>, low: Option<(usize, char)>) -> Option<()> {
    let ((_, high), (_, low)) = (high?, low?);
    let octet = high.to_digit(16)? * 16 + low.to_digit(16)?;
    match char::from_u32(octet).filter(|&character| is_unreserved(character)) {
        Some(character) => canonical.push(character),
        None => canonical.extend(['%', high.to_ascii_uppercase(), low.to_ascii_uppercase()]),
    }
    Some(())
}

fn is_unreserved(character: char) -> bool {
    character.is_ascii_alphanumeric() || matches!(character, '-' | '.' | '_' | '~')
}

fn is_path_character(character: char) -> bool {
    is_unreserved(character) || "/:@!$&()+,;=".contains(character)
}
