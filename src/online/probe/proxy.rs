//! The HTTP proxy: a tunnel for TLS, requests in its form for plain HTTP.

use std::fmt;
use std::io;

use base64::prelude::{BASE64_STANDARD, Engine as _};
use percent_encoding::percent_decode_str;
use reqwest::Url;

use crate::check::{Subject, Verdict};
use crate::finding::{Code, Finding};
use crate::host::HostName;

use super::deadline::Timed;
use super::fault::{Ends, Fault};
use super::http::{Head, Request, ask, authority};

/// A proxy that is reached over plain TCP.
#[derive(Clone, PartialEq, Eq)]
pub struct Proxy {
    pub(super) host: Subject,
    pub(super) port: u16,
    /// `user:password`, as Basic sends it; never shown.
    credentials: Option<Vec<u8>>,
}

/// Without user and password.
impl fmt::Display for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.host, self.port)
    }
}

impl fmt::Debug for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Proxy({self})")
    }
}

impl Proxy {
    /// Reads `http://[USER:PASSWORD@]HOST:PORT`, or `HOST:PORT`; reserved characters of user and password are percent-encoded.
    ///
    /// # Errors
    /// `invalid-value`, which does not repeat the text: it may hold a password. `from` names the flag or variable.
    pub fn parse(text: &str, from: &str) -> Result<Self, Finding> {
        let broken = |why: &str| {
            Finding::new(Code::InvalidValue, format!("{from} is no address of an HTTP proxy: {why}"))
                .help("give http://HOST:PORT or http://USER:PASSWORD@HOST:PORT, reserved characters percent-encoded")
        };
        let with_scheme = if text.contains("://") { text.to_owned() } else { format!("http://{text}") };
        let url = Url::parse(&with_scheme).map_err(|error| broken(&error.to_string()))?;
        if url.scheme() != "http" {
            return Err(broken("only http:// is spoken, not TLS or SOCKS to the proxy itself"));
        }
        if !matches!(url.path(), "" | "/") || url.query().is_some() || url.fragment().is_some() {
            return Err(broken("it has a path"));
        }
        let host = url.host_str().unwrap_or_default();
        let bare = host.trim_start_matches('[').trim_end_matches(']');
        let host = match bare.parse() {
            Ok(address) => Subject::Address(address),
            Err(_) => HostName::parse(bare).map(Subject::Name).map_err(|_| broken("its host is no name"))?,
        };
        Ok(Self { host, port: url.port_or_known_default().unwrap_or(80), credentials: credentials(&url) })
    }

    fn authorization(&self) -> Option<String> {
        Some(format!("Basic {}", BASE64_STANDARD.encode(self.credentials.as_ref()?)))
    }

    /// Asks the proxy; user and password only where it asks for them in the scheme that they can be given in. `connect` makes a
    /// new connection to it: after a 407 the first one may be closed.
    fn ask(
        &self,
        mut request: Request<'_>,
        connect: &dyn Fn() -> Result<Timed, Fault>,
    ) -> Result<(Head, Timed), Fault> {
        let mut stream = connect()?;
        let head = ask(&mut stream, &request).map_err(|error| fault(&error))?;
        if head.status != 407 || !offers_basic(&head) || self.credentials.is_none() {
            return Ok((head, stream));
        }
        request.authorization = self.authorization();
        let mut stream = connect()?;
        let head = ask(&mut stream, &request).map_err(|error| fault(&error))?;
        Ok((head, stream))
    }

    /// A tunnel to a host.
    pub(super) fn tunnel(
        &self,
        host: &Subject,
        port: u16,
        user_agent: &str,
        connect: &dyn Fn() -> Result<Timed, Fault>,
    ) -> Result<Timed, Fault> {
        // RFC 9110 section 9.3.6: the port is always written.
        let target = format!("{host}:{port}");
        let request =
            Request { method: "CONNECT", host: target.clone(), target, user_agent, authorization: None };
        let (head, stream) = self.ask(request, connect)?;
        match head.status {
            200..=299 => Ok(stream),
            _ => Err(self.refusal(&head)),
        }
    }

    /// The status of a host over plain HTTP, in absolute form (RFC 9112 section 3.2.2). What proxies answer in place of a host
    /// is not taken for its answer.
    pub(super) fn get(
        &self,
        host: &Subject,
        port: u16,
        path: &str,
        user_agent: &str,
        connect: &dyn Fn() -> Result<Timed, Fault>,
    ) -> Result<u16, Fault> {
        let host = authority(host, port);
        let target = format!("http://{host}{path}");
        let request = Request { method: "GET", target, host, user_agent, authorization: None };
        let (head, _) = self.ask(request, connect)?;
        match head.status {
            403 | 407 | 502..=504 => Err(self.refusal(&head)),
            status => Ok(status),
        }
    }

    fn refusal(&self, head: &Head) -> Fault {
        let status = head.status;
        match status {
            407 => Fault::new(Verdict::ProxyAuthentication, self.authentication(head)),
            403 => Fault::new(Verdict::ProxyForbidden, format!("HTTP {status}")),
            502..=504 => Fault::new(Verdict::ProxyGateway, format!("HTTP {status}")),
            _ => Fault::new(Verdict::ProxyStatus, format!("HTTP {status}")),
        }
    }

    /// What a proxy that answers 407 takes, and what it got.
    fn authentication(&self, head: &Head) -> String {
        let offered: Vec<&str> = schemes(head).collect();
        let offered = if offered.is_empty() { "nothing".to_owned() } else { offered.join(", ") };
        let given = match (&self.credentials, offers_basic(head)) {
            (None, _) => "no user and password were given",
            (Some(_), true) => "it does not take the given user and password",
            (Some(_), false) => "user and password can only be given as Basic, and were not sent",
        };
        format!("HTTP 407: it offers {offered}; {given}")
    }
}

fn schemes(head: &Head) -> impl Iterator<Item = &str> {
    head.values("proxy-authenticate").filter_map(|value| value.split([' ', ',']).next())
}

fn offers_basic(head: &Head) -> bool {
    schemes(head).any(|scheme| scheme.eq_ignore_ascii_case("basic"))
}

fn credentials(url: &Url) -> Option<Vec<u8>> {
    if url.username().is_empty() && url.password().is_none() {
        return None;
    }
    let mut credentials: Vec<u8> = percent_decode_str(url.username()).collect();
    credentials.push(b':');
    credentials.extend(percent_decode_str(url.password().unwrap_or_default()));
    Some(credentials)
}

fn fault(error: &io::Error) -> Fault {
    let ends = Ends {
        timed_out: Verdict::ProxyTimedOut,
        closed: Verdict::ProxyClosed,
        garbage: Verdict::ProxyGarbage,
    };
    ends.fault(error)
}

/// What a fault of the way to the proxy is called.
pub(super) fn reaching(fault: Fault) -> Fault {
    let verdict = match fault.verdict {
        Verdict::NameUnknown | Verdict::ResolverFailed | Verdict::ResolverTimedOut => {
            Verdict::ProxyNameUnknown
        }
        Verdict::ConnectionRefused => Verdict::ProxyConnectionRefused,
        Verdict::ConnectTimedOut => Verdict::ProxyConnectTimedOut,
        _ => Verdict::ProxyUnreachable,
    };
    Fault { verdict, ..fault }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_proxies() {
        let parse = |text| Proxy::parse(text, "--proxy");
        let proxy = parse("http://us%40er:p%3Aw@Proxy.example:8080/").unwrap();
        assert_eq!(format!("{proxy} {proxy:?}"), "proxy.example:8080 Proxy(proxy.example:8080)");
        assert_eq!(proxy.credentials.as_deref(), Some(&b"us@er:p:w"[..]));
        assert_eq!(parse("10.30.0.5:8080").unwrap().to_string(), "10.30.0.5:8080");
        assert_eq!(parse("http://[2001:db8::5]:3128").unwrap().to_string(), "[2001:db8::5]:3128");
        for text in [
            "",
            "http://",
            "https://p:1",
            "socks5://p:1",
            "http://user:secret@p:x",
            "http://p:1/secret",
            "http://*:1",
        ] {
            let said = format!("{:?}", parse(text).unwrap_err());
            assert!(!said.contains("secret"), "{said}");
        }
    }
}
