//! Where a request may go.

use std::fmt;
use std::net::IpAddr;

use reqwest::Url;
use reqwest::header::HeaderValue;

use crate::finding::{Code, Finding};

/// The address of a page or file: HTTPS, or HTTP to this machine, which nobody on the way can change.
#[derive(Clone, PartialEq, Eq)]
pub struct WebAddress(Url);

impl WebAddress {
    /// Reads an address.
    ///
    /// # Errors
    /// `invalid-value` for what is none, `fetch-elsewhere` for one that is not protected.
    pub fn parse(text: &str) -> Result<Self, Finding> {
        let url = Url::parse(text).map_err(|error| {
            // The text is not repeated: it may hold a password.
            Finding::new(Code::InvalidValue, format!("the web address cannot be read: {error}"))
                .help("give an address that starts with https://")
        })?;
        Self::checked(url)
    }

    fn checked(url: Url) -> Result<Self, Finding> {
        let address = Self(url);
        let protected =
            address.0.scheme() == "https" || address.0.scheme() == "http" && address.is_loopback();
        if protected && address.0.host().is_some() {
            return Ok(address);
        }
        let message = format!("{address} is not protected on its way: only https is taken");
        Err(Finding::new(Code::FetchElsewhere, message)
            .help("a file that was downloaded by hand goes with --from FILE"))
    }

    fn is_loopback(&self) -> bool {
        let host = self.0.host_str().unwrap_or_default();
        let bare = host.trim_start_matches('[').trim_end_matches(']');
        host == "localhost" || bare.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
    }

    /// Whether nothing protects it on its way, which only an address of this machine may be.
    pub(super) fn is_plain(&self) -> bool {
        self.0.scheme() == "http"
    }

    /// Whether the address says more than where: a lock keeps only that.
    pub fn has_query(&self) -> bool {
        self.0.query().is_some()
    }

    /// Host and port, which decide where a request goes.
    pub fn authority(&self) -> String {
        let host = self.0.host_str().unwrap_or_default();
        let port = self.0.port_or_known_default().unwrap_or_default();
        format!("{host}:{port}")
    }

    /// The last part of the path.
    pub fn file_name(&self) -> &str {
        self.0.path().rsplit('/').next().unwrap_or_default()
    }

    /// Where a redirection leads, if that is another address.
    ///
    /// # Errors
    /// As [`WebAddress::parse`].
    pub(super) fn redirected(&self, location: &HeaderValue) -> Result<Self, Finding> {
        let text = location.to_str().unwrap_or_default();
        let joined = self.0.join(text).map_err(|error| {
            Finding::new(Code::FetchFailed, format!("{self} redirects to no address: {error}"))
        })?;
        Self::checked(joined)
    }

    pub(super) fn url(&self) -> Url {
        self.0.clone()
    }
}

/// Without user, password, query and fragment: these may be secrets, and locks and messages are read by others.
impl fmt::Display for WebAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = self.0.clone();
        // Both fail only for addresses that can have neither.
        let _ = (shown.set_username(""), shown.set_password(None));
        shown.set_query(None);
        shown.set_fragment(None);
        f.pad(shown.as_str())
    }
}

impl fmt::Debug for WebAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "WebAddress({self})")
    }
}

/// The hosts that a request may go to, redirections included.
#[derive(Debug, Clone, Default)]
pub struct Allowed(Vec<String>);

impl Allowed {
    /// A host on the port of HTTPS.
    #[must_use]
    pub fn host(mut self, host: &str) -> Self {
        self.0.push(format!("{host}:443"));
        self
    }

    /// Host and port of an address.
    #[must_use]
    pub fn of(mut self, address: &WebAddress) -> Self {
        self.0.push(address.authority());
        self
    }

    /// Whether an address is at one of them.
    pub fn holds(&self, address: &WebAddress) -> bool {
        self.0.contains(&address.authority())
    }

    /// `fetch-elsewhere` for an address at none of them; `what` led there.
    pub fn refusal(&self, what: &str, address: &WebAddress) -> Finding {
        let message =
            format!("{what} leads to {}, which is not where the file is expected", address.authority());
        Finding::new(Code::FetchElsewhere, message)
            .note(format!("expected: {}", self.0.join(", ")))
            .help("the kept file stays; open the page in a browser and give the saved file with --from FILE, or name a mirror with --page-url")
    }
}
