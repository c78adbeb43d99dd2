//! What must hold of a site: `allow agents -> login.microsoftonline.com:443`.

use std::fmt;
use std::net::IpAddr;

use crate::address::{Port, Transport};
use crate::finding::{Code, Finding, Place, nearest, unknown};
use crate::host::HostName;
use crate::id::StationId;
use crate::site::Site;

/// Whether a connection must pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wish {
    /// It must pass.
    Allow,
    /// It must not.
    Deny,
}

/// Whom a connection goes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Goal {
    /// A host of the site.
    Station(StationId),
    /// A name.
    Name(HostName),
    /// An address.
    Address(IpAddr),
}

/// A connection, and whether it must pass.
#[derive(Debug, Clone, PartialEq)]
pub struct Expectation {
    /// Whether it must pass.
    pub wish: Wish,
    /// The host of the site that opens it.
    pub from: StationId,
    /// Whom it goes to.
    pub to: Goal,
    /// To which port.
    pub port: Port,
    /// TCP unless it says otherwise.
    pub transport: Transport,
    /// Where it stands in the file.
    pub place: Place,
}

const FORM: &str = "write `allow HOST -> NAME:PORT` or `deny HOST -> ADDRESS:PORT`; HOST is a host of the site, PORT may end in /udp";

impl Expectation {
    /// Reads `allow HOST -> GOAL:PORT[/udp]`.
    ///
    /// # Errors
    /// `invalid-value`, or `unknown-host` with the nearest name.
    pub fn parse(text: &str, site: &Site, place: Place) -> Result<Self, Finding> {
        let wrong = || {
            let message = format!("`{}` is not an expectation", text.escape_debug());
            Finding::new(Code::InvalidValue, message).help(FORM)
        };
        let (wish, rest) = text.trim().split_once(' ').ok_or_else(wrong)?;
        let wish = match wish {
            "allow" => Wish::Allow,
            "deny" => Wish::Deny,
            _ => return Err(wrong()),
        };
        let (from, goal) = rest.split_once("->").ok_or_else(wrong)?;
        let (goal, service) = goal.trim().rsplit_once(':').ok_or_else(wrong)?;
        let (port, transport) = match service.split_once('/') {
            None => (service, Transport::Tcp),
            Some((port, transport)) => (port, Transport::parse(transport).map_err(|_| wrong())?),
        };
        let port = Port::parse(port)
            .map_err(|error| Finding::new(Code::InvalidValue, error.to_string()).help(FORM))?;
        let from = from.trim();
        let station = site.stations.iter().find(|station| station.id.as_str() == from).ok_or_else(|| {
            let known = site.stations.iter().map(|station| station.id.as_str());
            unknown(Code::UnknownHost, "host", from, known, "`hosts` of the site")
        })?;
        Ok(Self {
            wish,
            from: station.id.clone(),
            to: goal_of(goal, site)?.ok_or_else(wrong)?,
            port,
            transport,
            place,
        })
    }
}

/// Nothing for a text that is neither a host, a name nor an address.
///
/// # Errors
/// `unknown-host` for a word that looks like a host of the site and is none: taken for a name of the internet, a `deny` of it
/// would hold whatever the rules say.
fn goal_of(text: &str, site: &Site) -> Result<Option<Goal>, Finding> {
    let bare = text.strip_prefix('[').and_then(|text| text.strip_suffix(']'));
    if let Ok(address) = bare.unwrap_or(text).parse::<IpAddr>() {
        return Ok((bare.is_some() == address.is_ipv6()).then_some(Goal::Address(address)));
    }
    let stations = || site.stations.iter().map(|station| &station.id);
    if let Some(id) = stations().find(|id| id.as_str() == text) {
        return Ok(Some(Goal::Station(id.clone())));
    }
    let Ok(name) = HostName::parse(text) else { return Ok(None) };
    // `Agents` and `agents.` are the same name as `agents`, and so the same host.
    if let Some(id) = stations().find(|id| id.as_str() == name.as_str()) {
        return Ok(Some(Goal::Station(id.clone())));
    }
    let known = || stations().map(StationId::as_str);
    if name.labels().nth(1).is_none() && nearest(name.as_str(), known()).is_some() {
        return Err(unknown(Code::UnknownHost, "host", text, known(), "`hosts` of the site"));
    }
    Ok(Some(Goal::Name(name)))
}

impl fmt::Display for Expectation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let wish = match self.wish {
            Wish::Allow => "allow",
            Wish::Deny => "deny",
        };
        let transport = if self.transport == Transport::Udp { "/udp" } else { "" };
        match &self.to {
            Goal::Station(id) => write!(f, "{wish} {} -> {id}:{}{transport}", self.from, self.port),
            Goal::Name(name) => write!(f, "{wish} {} -> {name}:{}{transport}", self.from, self.port),
            Goal::Address(IpAddr::V6(address)) => {
                write!(f, "{wish} {} -> [{address}]:{}{transport}", self.from, self.port)
            }
            Goal::Address(address) => write!(f, "{wish} {} -> {address}:{}{transport}", self.from, self.port),
        }
    }
}
