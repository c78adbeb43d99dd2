//! What became of one connection.

use std::net::SocketAddr;
use std::time::Duration;

use super::verdict::Verdict;

/// What became of one connection, as far as it got.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// The result. Whether inspection is forbidden is not known here: see [`super::Report`].
    pub verdict: Verdict,
    /// What the other side or the system said; foreign text, for one line.
    pub detail: String,
    /// The address that was connected to: the host's, or the proxy's.
    pub address: Option<SocketAddr>,
    /// Whether the connection went through the proxy.
    pub proxied: bool,
    /// The status of an HTTP answer.
    pub status: Option<u16>,
    /// Which versions of TLS were answered how; none where no handshake was tried.
    pub tls: Option<TlsVersions>,
    /// The certificate, also one that does not hold.
    pub certificate: Option<Certificate>,
    /// How long all of it took.
    pub elapsed: Duration,
}

impl Outcome {
    /// A result without anything else.
    pub fn new(verdict: Verdict, detail: impl Into<String>) -> Self {
        Self {
            verdict,
            detail: detail.into(),
            address: None,
            proxied: false,
            status: None,
            tls: None,
            certificate: None,
            elapsed: Duration::ZERO,
        }
    }
}

/// How a host answered one version of TLS.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TlsAnswer {
    /// It takes it; its certificate was seen.
    Taken,
    /// It does not.
    Refused,
    /// It was not asked, or did not answer.
    Unknown,
}

impl TlsAnswer {
    /// The word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Taken => "taken",
            Self::Refused => "refused",
            Self::Unknown => "unknown",
        }
    }
}

/// How a host answered the versions of TLS, each in a connection of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TlsVersions {
    /// TLS 1.2 (RFC 5246), which the documents demand.
    pub v1_2: TlsAnswer,
    /// TLS 1.3 (RFC 8446).
    pub v1_3: TlsAnswer,
}

/// What a certificate says; foreign text, for one line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Certificate {
    /// Whom it is for.
    pub subject: String,
    /// Who vouches for it.
    pub issuer: String,
    /// From when on it counts.
    pub not_before: String,
    /// Until when it counts.
    pub not_after: String,
}
