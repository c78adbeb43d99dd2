//! The one table of results: the words of every form of output, and docs/check.md come from it.

/// What a result means for the rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// The endpoint answers as its rule needs it.
    Reachable,
    /// It does not.
    Unreachable,
    /// Nothing was tried.
    NotTestable,
}

/// Where a test ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Before anything was tried.
    Plan,
    /// While its name, or that of the proxy, was looked up.
    Name,
    /// While the connection to the host was made.
    Connect,
    /// At the proxy.
    Proxy,
    /// In the TLS handshake, before the certificate was seen.
    Tls,
    /// At the certificate.
    Certificate,
    /// At the answer to an HTTP request.
    Http,
}

impl Step {
    /// The word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Plan => "plan",
            Self::Name => "name",
            Self::Connect => "connect",
            Self::Proxy => "proxy",
            Self::Tls => "tls",
            Self::Certificate => "certificate",
            Self::Http => "http",
        }
    }
}

/// What a result means and what to do about it.
#[derive(Debug)]
pub struct VerdictSpec {
    /// The stable word.
    pub id: &'static str,
    /// What it means for the rule.
    pub standing: Standing,
    /// Where the test ended.
    pub step: Step,
    /// One line.
    pub meaning: &'static str,
    /// What to do; empty where nothing has to be done.
    pub next: &'static str,
}

macro_rules! verdicts {
    ($($name:ident $id:literal $standing:ident $step:ident $meaning:literal, $next:literal;)*) => {
        /// The result of a test.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Verdict {
            $(#[doc = $meaning] $name,)*
        }

        /// Every result, in the order of the documentation.
        pub const VERDICTS: &[(Verdict, VerdictSpec)] = &[
            $((Verdict::$name, VerdictSpec {
                id: $id,
                standing: Standing::$standing,
                step: Step::$step,
                meaning: $meaning,
                next: $next,
            }),)*
        ];

        impl Verdict {
            /// Its meaning.
            pub fn spec(self) -> &'static VerdictSpec {
                match self {
                    $(Self::$name => {
                        const SPEC: VerdictSpec = VerdictSpec {
                            id: $id,
                            standing: Standing::$standing,
                            step: Step::$step,
                            meaning: $meaning,
                            next: $next,
                        };
                        &SPEC
                    })*
                }
            }
        }
    };
}

verdicts! {
    Reachable "reachable" Reachable Connect "the endpoint answers as its way asks: TLS with a certificate that holds, HTTP with any status, else an open port", "";
    Inspected "inspected" Reachable Certificate "TLS ends at an authority of --ca-file: something on the way opens the traffic, and no document of the rule forbids it", "Make sure that the host of the role trusts that authority too.";
    InspectionForbidden "inspection-forbidden" Unreachable Certificate "TLS ends at an authority of --ca-file, and a document of the rule demands that the traffic is left alone", "Exclude the host from TLS inspection.";

    NameUnknown "name-unknown" Unreachable Name "the resolver knows no address of the name", "Check the resolver of this machine, and split DNS; where names are resolved by a proxy only, give --proxy.";
    ResolverFailed "resolver-failed" Unreachable Name "the resolver gave an error, not an answer", "Check that the resolver of this machine works and may be reached (53/udp and 53/tcp).";
    ResolverTimedOut "resolver-timed-out" Unreachable Name "the resolver did not answer in time", "Check that the resolver of this machine may be reached (53/udp and 53/tcp); --timeout gives it longer.";

    ConnectionRefused "connection-refused" Unreachable Connect "the address answers that the port is closed", "The host is there: start the service, or look for a firewall that rejects.";
    ConnectTimedOut "connect-timed-out" Unreachable Connect "nothing answers: a firewall that drops looks like this", "Open the port to this host on the way; the citation names the document to show.";
    Unreachable "unreachable" Unreachable Connect "no route leads to the address", "Check routing and address family of this machine.";
    NotPermitted "not-permitted" Unreachable Connect "this machine itself does not let the connection out", "Look at the firewall of this machine.";
    ConnectFailed "connect-failed" Unreachable Connect "the connection failed in another way", "The detail has the reason of the system.";

    ProxyNameUnknown "proxy-name-unknown" Unreachable Proxy "the name of the proxy has no address, or the resolver gives none", "Check --proxy and the resolver of this machine.";
    ProxyConnectionRefused "proxy-connection-refused" Unreachable Proxy "the proxy's address answers that the port is closed", "Check the port of --proxy.";
    ProxyConnectTimedOut "proxy-connect-timed-out" Unreachable Proxy "the proxy's address does not answer", "Open the way from this machine to the proxy.";
    ProxyUnreachable "proxy-unreachable" Unreachable Proxy "no connection to the proxy comes about", "The detail has the reason of the system.";
    ProxyAuthentication "proxy-authentication" Unreachable Proxy "the proxy wants to know who asks (407), or does not take the user and password", "Give --proxy http://USER:PASSWORD@HOST:PORT for Basic; agents that cannot authenticate need the hosts let through before authentication.";
    ProxyForbidden "proxy-forbidden" Unreachable Proxy "the proxy answers 403: it is not allowed to open the way", "Allow the host and port at the proxy; for port 80 the host itself may have answered so: look at it through the proxy with a browser.";
    ProxyGateway "proxy-gateway" Unreachable Proxy "the proxy answers 502, 503 or 504: it does not reach the host itself", "Open the way from the proxy to the host, and check the proxy's resolver.";
    ProxyStatus "proxy-status" Unreachable Proxy "the proxy answers with another status and opens no way", "The detail has the status.";
    ProxyGarbage "proxy-garbage" Unreachable Proxy "what answers at the proxy's address does not speak HTTP", "Check host and port of --proxy: it must be an HTTP proxy, without TLS to the proxy itself.";
    ProxyClosed "proxy-closed" Unreachable Proxy "the proxy closes the connection without an answer", "Check that the proxy takes connections of this machine.";
    ProxyTimedOut "proxy-timed-out" Unreachable Proxy "the proxy takes the connection and does not answer in time", "The proxy may wait for the host: open the way from the proxy; --timeout gives it longer.";

    TlsRefused "tls-refused" Unreachable Tls "the host refuses TLS 1.2 and TLS 1.3", "Look for something on the way that answers in place of the host; the host may also ask for older TLS.";
    TlsClosed "tls-closed" Unreachable Tls "the connection is cut in the handshake: firewalls that filter by server name look like this", "Allow the name, not only the address; the citation names the document to show.";
    TlsTimedOut "tls-timed-out" Unreachable Tls "the connection comes about and the handshake gets no answer", "A firewall that waits for the name, or inspects, may drop what follows: allow the name there; --timeout gives it longer.";
    NotTls "not-tls" Unreachable Tls "what answers does not speak TLS", "Something on the way answers in place of the host: a captive portal, or a page that blocks.";

    CertificateExpired "certificate-expired" Unreachable Certificate "the certificate has expired", "Check the clock of this machine; the issuer tells whether the host or something on the way showed it.";
    CertificateNotYetValid "certificate-not-yet-valid" Unreachable Certificate "the certificate is not valid yet", "Check the clock of this machine; the issuer tells whether the host or something on the way showed it.";
    CertificateOtherName "certificate-other-name" Unreachable Certificate "the certificate is for another name", "Something on the way answers in place of the host, or --resolve leads to the wrong one.";
    CertificateSelfSigned "certificate-self-signed" Unreachable Certificate "the certificate vouches for itself", "Something on the way answers in place of the host; for a host of your own give its authority with --ca-file.";
    CertificateUnknownAuthority "certificate-unknown-authority" Unreachable Certificate "nobody that this machine trusts vouches for the certificate: TLS inspection looks like this", "The issuer names who opens the traffic: exclude the host from inspection, or give that authority with --ca-file to see what else holds.";
    CertificateRevoked "certificate-revoked" Unreachable Certificate "the certificate has been revoked", "Something on the way may answer in place of the host; look at the issuer.";
    CertificateInvalid "certificate-invalid" Unreachable Certificate "the certificate does not hold in another way", "The detail has the reason.";

    HttpClosed "http-closed" Unreachable Http "the connection is closed without an answer to the request: filters look like this", "Allow plain HTTP to the host on the way.";
    HttpTimedOut "http-timed-out" Unreachable Http "the connection comes about and the request gets no answer in time", "Allow plain HTTP to the host on the way; --timeout gives it longer.";
    NotHttp "not-http" Unreachable Http "what answers does not speak HTTP", "Something on the way answers in place of the host.";

    NotFinished "not-finished" Unreachable Plan "the time of the whole check ended before the test did", "--max-time gives it longer, --jobs tests more at a time.";
    NotTestable "not-testable" NotTestable Plan "it cannot be tested from here; the reason says why", "";
}

impl Verdict {
    /// The stable word.
    pub fn id(self) -> &'static str {
        self.spec().id
    }

    /// Whether more time could change it.
    pub fn is_of_time(self) -> bool {
        matches!(
            self,
            Self::ResolverTimedOut
                | Self::ConnectTimedOut
                | Self::ProxyConnectTimedOut
                | Self::ProxyTimedOut
                | Self::TlsTimedOut
                | Self::HttpTimedOut
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_unique_kebab_case_and_tell_what_to_do() {
        let mut seen = std::collections::BTreeSet::new();
        for (verdict, spec) in VERDICTS {
            assert!(seen.insert(spec.id), "{} twice", spec.id);
            assert!(crate::id::check(spec.id).is_ok(), "{}", spec.id);
            assert_eq!(verdict.id(), spec.id);
            assert!(spec.standing != Standing::Unreachable || spec.next.ends_with('.'), "{}", spec.id);
        }
    }
}
