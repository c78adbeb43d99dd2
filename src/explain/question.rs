//! What is asked about.

use crate::address::Port;
use crate::finding::{Code, Finding};
use crate::host::HostPattern;

/// A host or pattern, perhaps with a port.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HostQuestion {
    /// The host as the user wrote it, without scheme, port and path.
    pub text: String,
    /// The same, checked.
    pub pattern: HostPattern,
    /// The port; all if none.
    pub port: Option<Port>,
}

impl HostQuestion {
    /// Reads `host`, `host:port` or a URL, of which host and port count.
    ///
    /// # Errors
    /// `invalid-host` or `invalid-port`.
    pub fn parse(text: &str) -> Result<Self, Finding> {
        let (scheme, rest) = match text.split_once("://") {
            Some((scheme, rest)) => (scheme.to_ascii_lowercase(), rest),
            None => (String::new(), text),
        };
        let authority = rest.split(['/', '?', '#']).next().unwrap_or(rest);
        let (host, port) = match authority.rsplit_once(':') {
            Some((host, port)) => (host, Some(port)),
            None => (authority, None),
        };
        let port = match (port, scheme.as_str()) {
            (Some(port), _) => Some(port),
            (None, "http") => Some("80"),
            (None, "https") => Some("443"),
            (None, _) => None,
        };
        let port = port
            .map(Port::parse)
            .transpose()
            .map_err(|error| Finding::new(Code::InvalidPort, error.to_string()).maybe_help(error.help()))?;
        // Documents write two asterisks for one.
        let pattern =
            HostPattern::parse(host.strip_prefix('*').filter(|rest| rest.starts_with("*.")).unwrap_or(host))
                .map_err(|error| {
                    Finding::new(Code::InvalidHost, error.to_string()).maybe_help(error.help())
                })?;
        Ok(Self { text: host.to_owned(), pattern, port })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_and_ports_are_read() {
        let ask =
            |text: &str| HostQuestion::parse(text).map(|q| (q.pattern.to_string(), q.port.map(Port::get)));
        assert_eq!(ask("Login.Windows.net"), Ok(("login.windows.net".to_owned(), None)));
        assert_eq!(ask("a.b.c:8080"), Ok(("a.b.c".to_owned(), Some(8080))));
        assert_eq!(ask("https://a.b.c/x?y"), Ok(("a.b.c".to_owned(), Some(443))));
        assert_eq!(ask("http://a.b.c"), Ok(("a.b.c".to_owned(), Some(80))));
        assert_eq!(ask("**.servicebus.windows.net"), Ok(("*.servicebus.windows.net".to_owned(), None)));
        assert!(
            ask("a.b.c:0").is_err() && ask("a b").is_err() && ask("").is_err() && ask("10.0.0.1").is_err()
        );
    }
}
