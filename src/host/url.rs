//! A documented URL without a port: scheme, host pattern, path.

use std::fmt;

use super::error::HostError;
use super::name::is_address;
use super::path::UrlPath;
use super::pattern::HostPattern;
use super::text::{as_text, quote, quote_char};

/// The scheme of a documented URL.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scheme {
    /// `http`
    Http,
    /// `https`
    Https,
}

impl Scheme {
    /// The scheme in lower case, without `://`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Http => "http",
            Self::Https => "https",
        }
    }

    fn parse(text: &str) -> Result<Self, UrlError> {
        [Self::Http, Self::Https]
            .into_iter()
            .find(|scheme| text.eq_ignore_ascii_case(scheme.as_str()))
            .ok_or_else(|| UrlError::UnknownScheme { scheme: text.to_owned() })
    }
}

impl fmt::Display for Scheme {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// A URL as requirement pages give it: `www.microsoft.com/pkiops`, `http://www.microsoft.com`, or a host pattern alone.
///
/// The port is the requirement's, never the URL's. A lone `/` is no path. Displays in canonical text.
///
/// ```
/// use portbook::host::UrlPattern;
///
/// let url = UrlPattern::parse("HTTP://www.Microsoft.com/pkiops")?;
/// assert_eq!(url.to_string(), "http://www.microsoft.com/pkiops");
/// assert_eq!(UrlPattern::parse("https://login.live.com/")?.path, None);
/// # Ok::<(), portbook::host::UrlError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UrlPattern {
    /// The scheme, if the text has one.
    pub scheme: Option<Scheme>,
    /// The host or hosts.
    pub host: HostPattern,
    /// The path that limits the requirement; none is the whole host.
    pub path: Option<UrlPath>,
}

as_text!(UrlPattern, UrlError);

impl UrlPattern {
    /// Reads `[http[s]://]host-pattern[/path]`.
    ///
    /// # Errors
    /// A [`UrlError`] for another scheme, a port, user information, a query, a fragment, a path that is not literal, or the host.
    pub fn parse(text: &str) -> Result<Self, UrlError> {
        let (scheme, rest) = match text.split_once("://") {
            Some((scheme, rest)) => (Some(Scheme::parse(scheme)?), rest),
            None => (None, text),
        };
        refuse_query(rest)?;
        let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
        refuse_port_and_user(authority)?;
        let by = text.len() - rest.len();
        let host = HostPattern::parse(authority).map_err(|error| error.within(text, by))?;
        let path = if matches!(path, "" | "/") { None } else { Some(UrlPath::parse(path)?) };
        Ok(Self { scheme, host, path })
    }

    /// Whether this is a host pattern and nothing else.
    pub fn is_host_only(&self) -> bool {
        self.scheme.is_none() && self.path.is_none()
    }
}

impl From<HostPattern> for UrlPattern {
    fn from(host: HostPattern) -> Self {
        Self { scheme: None, host, path: None }
    }
}

impl fmt::Display for UrlPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = self.scheme.map_or(String::new(), |scheme| format!("{scheme}://"));
        f.pad(&format!("{scheme}{}{}", self.host, self.path.as_ref().map_or("", UrlPath::as_str)))
    }
}

fn refuse_query(rest: &str) -> Result<(), UrlError> {
    match rest.find(['?', '#']).and_then(|at| rest.get(at..)) {
        Some(query) if query.starts_with('?') => Err(UrlError::Query { query: query.to_owned() }),
        Some(fragment) => Err(UrlError::Fragment { fragment: fragment.to_owned() }),
        None => Ok(()),
    }
}

fn refuse_port_and_user(authority: &str) -> Result<(), UrlError> {
    if authority.contains('@') {
        return Err(UrlError::UserInformation);
    }
    match authority.rsplit_once(':') {
        Some((host, port)) if is_port(port) && !is_address(authority) => {
            Err(UrlError::Port { host: host.to_owned(), port: port.to_owned() })
        }
        _ => Ok(()),
    }
}

fn is_port(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Why a text is not a URL pattern. Displays as one sentence; [`UrlError::help`] is the next step.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum UrlError {
    /// A scheme other than `http` and `https`.
    #[error("{} is neither http nor https", quote(.scheme))]
    UnknownScheme {
        /// What stands in front of `://`.
        scheme: String,
    },
    /// `host:8443`.
    #[error("the URL gives port {} for {}", quote(.port), quote(.host))]
    Port {
        /// What stands in front of the colon.
        host: String,
        /// The digits behind it.
        port: String,
    },
    /// `user@host`. The user is not repeated: it may hold a password.
    #[error("the URL holds user information in front of an `@`")]
    UserInformation,
    /// `?...`
    #[error("the URL holds a query, {}", quote(.query))]
    Query {
        /// The query with its `?`.
        query: String,
    },
    /// `#...`
    #[error("the URL holds a fragment, {}", quote(.fragment))]
    Fragment {
        /// The fragment with its `#`.
        fragment: String,
    },
    /// A path that is empty, `/` alone, or without a leading `/`.
    #[error("the path has nothing behind a leading `/`")]
    EmptyPath,
    /// A character that no path may hold, or a quote.
    #[error("{} at byte {at} of the path cannot stand in a path", quote_char(*.character))]
    PathCharacter {
        /// The first such character.
        character: char,
        /// Byte offset in the path.
        at: usize,
    },
    /// A `*` in the path.
    #[error("the path holds a wildcard at byte {at}")]
    PathWildcard {
        /// Byte offset in the path.
        at: usize,
    },
    /// A `%` without two hexadecimal digits.
    #[error("the `%` at byte {at} of the path is not followed by two hexadecimal digits")]
    PathEscape {
        /// Byte offset in the path.
        at: usize,
    },
    /// A segment `.` or `..`, escaped or not.
    #[error("the path {} has a `.` or `..` segment", quote(.path))]
    DotSegment {
        /// The path.
        path: String,
    },
    /// The host is wrong.
    #[error(transparent)]
    Host(#[from] HostError),
}

impl UrlError {
    /// The next step, where there is one to name.
    pub fn help(&self) -> Option<String> {
        let help = match self {
            Self::UnknownScheme { .. } => {
                "leave the scheme out, and give port and transport with the requirement"
            }
            Self::Port { .. } => "the port belongs to the requirement: leave it out of the URL",
            Self::UserInformation => "give the host only, and change any password that stood there",
            Self::Query { .. } | Self::Fragment { .. } => {
                "firewalls and proxies match hosts and paths: leave it out"
            }
            Self::EmptyPath => "leave the path out, or give one such as `/pkiops`",
            Self::PathCharacter { .. } => {
                "escape it as `%` and two hexadecimal digits (RFC 3986 section 2.1)"
            }
            Self::PathWildcard { .. } => "a path holds everything below it already",
            Self::PathEscape { .. } => "write a literal `%` as `%25`",
            Self::DotSegment { .. } => "give the path that it leads to",
            Self::Host(error) => return error.help(),
        };
        Some(help.to_owned())
    }
}
