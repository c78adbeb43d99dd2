//! A pattern of host names, with one exact meaning.

use std::cmp::Ordering;
use std::fmt;

use super::error::HostError;
use super::name::{HostName, check, is_below, without_dot};
use super::text::as_text;

/// One host, or all hosts below a name.
///
/// `*` is only ever the whole left-most label, and holds one label or more: `*.x` is `a.x` and `a.b.x` but neither `x` nor `evilx`.
/// `[*.]x` is `*.x` and `x` itself, in the notation of [Chromium's content settings patterns][chromium].
///
/// Ordered by the text of the name, then the exact name before `*.name` before `[*.]name`; the order is for listing, it says nothing
/// about what holds what.
///
/// [chromium]: https://chromeenterprise.google/policies/url-patterns/
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum HostPattern {
    /// This name and no other.
    Exact(HostName),
    /// Every name below `suffix`, at any depth.
    Below {
        /// The name behind the wildcard.
        suffix: HostName,
        /// Whether `suffix` itself is held too.
        apex: bool,
    },
}

as_text!(HostPattern, HostError);

impl HostPattern {
    /// Reads `login.windows.net`, `*.windows.net` or `[*.]windows.net`, in any case, with or without one trailing dot.
    ///
    /// # Errors
    /// A [`HostError`]: those of [`HostName::parse`], one for each way to misplace a wildcard, and [`HostError::TooBroad`] for a
    /// wildcard on a single label (`*.com`).
    pub fn parse(text: &str) -> Result<Self, HostError> {
        if let Some(suffix) = text.strip_prefix("[*.]") {
            return below(text, suffix, true);
        }
        if let Some(suffix) = text.strip_prefix("*.") {
            return below(text, suffix, false);
        }
        if text.contains('*') {
            return Err(misplaced(text));
        }
        HostName::parse(text).map(Self::Exact)
    }

    /// Whether a host is held, in any case, one trailing dot ignored. Addresses and texts that are no name are never held.
    pub fn matches(&self, host: &str) -> bool {
        check(host).is_ok() && self.holds(without_dot(host))
    }

    /// Whether every name that `other` holds is held by this pattern.
    ///
    /// ```
    /// use portbook::host::HostPattern;
    ///
    /// let below = HostPattern::parse("*.x.net")?;
    /// assert!(below.covers(&HostPattern::parse("[*.]a.x.net")?));
    /// assert!(!below.covers(&HostPattern::parse("[*.]x.net")?));
    /// # Ok::<(), portbook::host::HostError>(())
    /// ```
    pub fn covers(&self, other: &Self) -> bool {
        match (self, other) {
            (_, Self::Exact(name)) => self.holds(name.as_str()),
            (Self::Exact(_), Self::Below { .. }) => false,
            (Self::Below { suffix, apex }, Self::Below { suffix: inner, apex: inner_apex }) => {
                inner.is_below(suffix) || (inner == suffix && (*apex || !inner_apex))
            }
        }
    }

    /// Whether some name is held by both.
    pub fn overlaps(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Exact(name), pattern) | (pattern, Self::Exact(name)) => pattern.holds(name.as_str()),
            (Self::Below { suffix: a, .. }, Self::Below { suffix: b, .. }) => {
                a == b || a.is_below(b) || b.is_below(a)
            }
        }
    }

    /// The exact name, or the name behind the wildcard.
    pub fn name(&self) -> &HostName {
        match self {
            Self::Exact(name) | Self::Below { suffix: name, .. } => name,
        }
    }

    /// The one name that this pattern holds, if it is no wildcard.
    pub fn exact(&self) -> Option<&HostName> {
        match self {
            Self::Exact(name) => Some(name),
            Self::Below { .. } => None,
        }
    }

    /// The name behind the wildcard, if there is a wildcard.
    pub fn suffix(&self) -> Option<&HostName> {
        match self {
            Self::Exact(_) => None,
            Self::Below { suffix, .. } => Some(suffix),
        }
    }

    /// Whether this pattern holds more than one name.
    pub fn is_wildcard(&self) -> bool {
        self.suffix().is_some()
    }

    /// The same wildcard with or without the name behind it; an exact name stays as it is.
    #[must_use]
    pub fn with_apex(self, apex: bool) -> Self {
        match self {
            Self::Exact(name) => Self::Exact(name),
            Self::Below { suffix, .. } => Self::Below { suffix, apex },
        }
    }

    /// [`HostPattern::matches`] for a text that is known to be a name without a trailing dot.
    fn holds(&self, name: &str) -> bool {
        match self {
            Self::Exact(exact) => name.eq_ignore_ascii_case(exact.as_str()),
            Self::Below { suffix, apex } => {
                is_below(name, suffix.as_str()) || (*apex && name.eq_ignore_ascii_case(suffix.as_str()))
            }
        }
    }

    fn rank(&self) -> u8 {
        match self {
            Self::Exact(_) => 0,
            Self::Below { apex: false, .. } => 1,
            Self::Below { apex: true, .. } => 2,
        }
    }
}

impl From<HostName> for HostPattern {
    fn from(name: HostName) -> Self {
        Self::Exact(name)
    }
}

impl Ord for HostPattern {
    fn cmp(&self, other: &Self) -> Ordering {
        (self.name(), self.rank()).cmp(&(other.name(), other.rank()))
    }
}

impl PartialOrd for HostPattern {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Display for HostPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mark = match self {
            Self::Exact(_) => "",
            Self::Below { apex: false, .. } => "*.",
            Self::Below { apex: true, .. } => "[*.]",
        };
        f.pad(&format!("{mark}{}", self.name()))
    }
}

fn below(text: &str, suffix: &str, apex: bool) -> Result<HostPattern, HostError> {
    if without_dot(suffix).is_empty() {
        return Err(HostError::BareWildcard { text: text.to_owned() });
    }
    if suffix.contains('*') {
        return Err(HostError::RepeatedWildcard { text: text.to_owned() });
    }
    let by = text.len() - suffix.len();
    let suffix = HostName::parse(suffix).map_err(|error| error.within(text, by))?;
    if suffix.labels().nth(1).is_none() {
        return Err(HostError::TooBroad { text: text.to_owned() });
    }
    Ok(HostPattern::Below { suffix, apex })
}

/// Names what is wrong with a text that has a `*` but does not start with `*.` or `[*.]`.
fn misplaced(text: &str) -> HostError {
    let whole = text.to_owned();
    if text == "*" {
        HostError::BareWildcard { text: whole }
    } else if text.starts_with("**") {
        HostError::DoubleWildcard { text: whole }
    } else if text.matches('*').count() > 1 {
        HostError::RepeatedWildcard { text: whole }
    } else if text.split('.').any(|label| label == "*") {
        HostError::WildcardNotFirst { text: whole }
    } else {
        HostError::PartialWildcard { text: whole }
    }
}
