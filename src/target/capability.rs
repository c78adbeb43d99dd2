//! What a target can say, axis by axis.
//!
//! Each support that is less than exact names the code of its loss, so that `fit` needs no target's name and the table
//! in docs/findings.md is made from these values.

use super::Identity;
use crate::finding::Code;

/// How a target limits who opens the connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SourceSupport {
    /// The artifact stands on the source itself, or is loaded by it.
    Itself,
    /// By addresses; without them there is no rule. Behind a proxy that is the proxy's.
    Addresses,
    /// By the addresses of clients, as a proxy sees them; without them there is no rule.
    Clients,
    /// Not at all here; whatever uses the artifact must. The code says so.
    Elsewhere(Code),
    /// In words: everything can be written down.
    Words,
}

/// How a target matches a destination that a rule names by host.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NameSupport {
    /// Not at all: names need addresses.
    None,
    /// By name, with strict wildcards, on any port.
    Exact,
    /// By name on any port, but really by the addresses that it resolved to.
    ByAddress(Code),
    /// By name where the traffic is HTTP or TLS, with the loss given; on other ports exact names by `other_exact`
    /// and wildcards not at all (`other_wildcard`).
    HttpOnly {
        /// Loss of a match by HTTP or TLS name; `None` when it is exact.
        http: Option<Code>,
        /// Loss of an exact name on another port; `None` when it cannot be said either.
        other_exact: Option<Code>,
        /// The refusal of a wildcard (or of any name) on another port.
        other_wildcard: Code,
    },
}

/// How a target limits destination ports.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PortSupport {
    /// Each rule has its ports.
    Exact,
    /// Not at all here; whatever uses the artifact must. The code says so.
    Elsewhere(Code),
}

/// What a target can say under its settings.
#[allow(clippy::struct_excessive_bools, reason = "one yes or no for each axis that has no degrees")]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Capabilities {
    /// Who opens the connection.
    pub source: SourceSupport,
    /// Destinations by name.
    pub names: NameSupport,
    /// Destinations by address.
    pub addresses: bool,
    /// URL paths.
    pub paths: bool,
    /// Destination ports.
    pub ports: PortSupport,
    /// Source ports.
    pub source_ports: bool,
    /// Destinations that are roles without given addresses, and ranges without a file, may be written in words.
    pub words: bool,
    /// A setting limits rules to programs, services or accounts.
    pub identity: Option<Identity>,
}
