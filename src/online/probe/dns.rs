//! Names become addresses.

use std::io;
use std::net::{IpAddr, SocketAddr, ToSocketAddrs as _};
use std::sync::mpsc;
use std::thread;

use crate::check::{Subject, Verdict};
use crate::finding::{Code, Finding};
use crate::host::HostName;

use super::deadline::Deadline;
use super::fault::Fault;

/// `HOST[:PORT]=ADDRESS[:PORT]`: where connections to a host go in place of what its name resolves to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mapping {
    host: Subject,
    /// Only for this port; for every one if there is none.
    port: Option<u16>,
    address: IpAddr,
    /// To this port; to the same if there is none.
    to: Option<u16>,
}

impl Mapping {
    /// Reads a mapping; IPv6 addresses stand in brackets where a port follows.
    ///
    /// # Errors
    /// `invalid-value`.
    pub fn parse(text: &str) -> Result<Self, Finding> {
        let parsed = text.split_once('=').and_then(|(from, to)| {
            let (host, port) = with_port(from)?;
            let (address, to) = with_port(to)?;
            let Subject::Address(address) = address else { return None };
            Some(Self { host, port, address, to })
        });
        parsed.ok_or_else(|| {
            let message = format!("`{}` is not of the form HOST[:PORT]=ADDRESS[:PORT]", text.escape_debug());
            let help = "give --resolve login.microsoftonline.com=10.0.0.9, or :443=10.0.0.9:8443 with ports; IPv6 addresses in brackets";
            Finding::new(Code::InvalidValue, message).help(help)
        })
    }

    fn address_of(&self, host: &Subject, port: u16) -> Option<SocketAddr> {
        let meant = self.host == *host && self.port.is_none_or(|only| only == port);
        meant.then(|| SocketAddr::new(self.address, self.to.unwrap_or(port)))
    }
}

/// A host or address, and a port behind it.
fn with_port(text: &str) -> Option<(Subject, Option<u16>)> {
    if let Ok(address) = text.parse::<IpAddr>() {
        return Some((Subject::Address(address), None));
    }
    let (host, port) = match text.rsplit_once(':') {
        Some((host, port)) if !port.contains(']') => {
            (host, Some(crate::address::Port::parse(port).ok()?.get()))
        }
        _ => (text, None),
    };
    let bare = host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
    let subject = match bare {
        Some(v6) => Subject::Address(v6.parse::<std::net::Ipv6Addr>().ok()?.into()),
        None => match host.parse::<std::net::Ipv4Addr>() {
            Ok(v4) => Subject::Address(v4.into()),
            Err(_) => Subject::Name(HostName::parse(host).ok()?),
        },
    };
    Some((subject, port))
}

/// The addresses of a host, in the order of the resolver.
pub(super) fn addresses(
    host: &Subject,
    port: u16,
    mappings: &[Mapping],
    deadline: Deadline,
) -> Result<Vec<SocketAddr>, Fault> {
    let mapped: Vec<SocketAddr> =
        mappings.iter().filter_map(|mapping| mapping.address_of(host, port)).collect();
    match host {
        _ if !mapped.is_empty() => Ok(mapped),
        Subject::Address(address) => Ok(vec![SocketAddr::new(*address, port)]),
        Subject::Name(name) => look_up(name, port, deadline),
    }
}

/// The system's resolver cannot be told a time: it works in a thread that is given up.
fn look_up(name: &HostName, port: u16, deadline: Deadline) -> Result<Vec<SocketAddr>, Fault> {
    // RFC 6761 section 6.4: names below `invalid` have no address, and nobody is asked.
    if name.as_str() == "invalid" || name.as_str().ends_with(".invalid") {
        return Err(Fault::new(Verdict::NameUnknown, "names below .invalid have no address (RFC 6761)"));
    }
    let (sender, receiver) = mpsc::sync_channel(1);
    // As services ask: with the file of hosts and the search list of this machine.
    let text = name.to_string();
    let looking = thread::Builder::new().name("look-up".to_owned()).spawn(move || {
        let answer = (text.as_str(), port).to_socket_addrs().map(Iterator::collect::<Vec<_>>);
        // Whoever asked may have given up.
        let _ = sender.send(answer);
    });
    let failed = |error: &io::Error| Fault::new(Verdict::ResolverFailed, error.to_string());
    looking.map_err(|error| failed(&error))?;
    match receiver.recv_timeout(deadline.left().unwrap_or_default()) {
        Ok(Ok(found)) if found.is_empty() => Err(Fault::new(Verdict::NameUnknown, "")),
        Ok(Ok(found)) => Ok(found),
        Ok(Err(error)) => Err(Fault::new(verdict(&error), error.to_string())),
        Err(_) => Err(Fault::new(Verdict::ResolverTimedOut, "")),
    }
}

/// What the texts of `gai_strerror` for `EAI_NONAME` and `EAI_NODATA` have in them: glibc, musl, macOS and the BSDs. std hands
/// out no number of them.
const UNKNOWN_NAMES: [&str; 6] = [
    "name or service not known",
    "no address associated with hostname",
    "name does not resolve",
    "name has no usable address",
    "nodename nor servname provided",
    "hostname nor servname provided",
];

/// `WSAHOST_NOT_FOUND` and `WSANO_DATA` of Windows Sockets.
const UNKNOWN_NAME_ERRORS: [i32; 2] = [11_001, 11_004];

fn verdict(error: &io::Error) -> Verdict {
    let text = error.to_string().to_lowercase();
    let unknown = error.raw_os_error().is_some_and(|number| UNKNOWN_NAME_ERRORS.contains(&number))
        || UNKNOWN_NAMES.iter().any(|known| text.contains(known));
    if unknown { Verdict::NameUnknown } else { Verdict::ResolverFailed }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mappings_are_of_hosts_and_addresses_with_and_without_ports() {
        let address = |mapping: &str, host: &str, port| {
            let host = with_port(host).unwrap().0;
            Mapping::parse(mapping).unwrap().address_of(&host, port).map(|address| address.to_string())
        };
        assert_eq!(address("a.example=10.0.0.9", "A.example", 443).as_deref(), Some("10.0.0.9:443"));
        assert_eq!(
            address("a.example:443=10.0.0.9:8443", "a.example", 443).as_deref(),
            Some("10.0.0.9:8443")
        );
        assert_eq!(address("a.example:443=10.0.0.9:8443", "a.example", 80), None);
        assert_eq!(address("a.example=[::1]:8443", "a.example", 443).as_deref(), Some("[::1]:8443"));
        assert_eq!(
            address("[2001:db8::5]:389=127.0.0.1:1", "2001:db8::5", 389).as_deref(),
            Some("127.0.0.1:1")
        );
        assert_eq!(address("10.0.0.1=::1", "10.0.0.1", 389).as_deref(), Some("[::1]:389"));
        for text in [
            "",
            "a.example",
            "a.example=",
            "=10.0.0.1",
            "a.example=b.example",
            "a:x=10.0.0.1",
            "*.a=10.0.0.1",
            "a=10.0.0.1:0",
        ] {
            assert!(Mapping::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn errors_of_resolvers_are_told_apart() {
        let of =
            |text: &str| verdict(&io::Error::other(format!("failed to lookup address information: {text}")));
        assert_eq!(of("Name or service not known"), Verdict::NameUnknown);
        assert_eq!(of("nodename nor servname provided, or not known"), Verdict::NameUnknown);
        assert_eq!(of("Temporary failure in name resolution"), Verdict::ResolverFailed);
        assert_eq!(of("Non-recoverable failure in name resolution"), Verdict::ResolverFailed);
        assert_eq!(verdict(&io::Error::from_raw_os_error(11_001)), Verdict::NameUnknown);
    }
}
