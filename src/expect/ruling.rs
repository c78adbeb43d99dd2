//! What may be said of a connection at one place.

use std::fmt;

use crate::finding::Code;
use crate::host::HostName;
use crate::rule::RuleId;

/// An answer, with its reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ruling {
    /// It passes by this rule.
    Allowed(RuleId),
    /// It passes by this rule below a path only.
    AllowedInPart(RuleId, String),
    /// No rule lets it pass, and the device stops what no rule allows.
    Denied,
    /// No rule lets it pass, and the device stops it once it has seen the name; until then this rule lets it pass.
    DeniedOnceNamed(RuleId),
    /// Nothing is written for this place, and the site says that the device stops what no rule allows.
    DeniedByWord,
    /// No rule lets it pass; the device stops it only under this condition.
    DeniedIf(String),
    /// This target stops nothing.
    NotEnforced,
    /// A proxy decides: the target lets everything pass to it.
    ByProxy(RuleId),
    /// A proxy decides: the target lets the proxy pass by this rule, which is there for another of its clients.
    OfProxy(RuleId),
    /// No rule lets it pass.
    NoRule,
    /// For this the target is refused: its device has not what the rules say.
    NotWritten(Code),
    /// The name is one of the site's own, and no rule says which of its hosts answers to it.
    Homeless(HostName),
    /// This rule may let it pass or not.
    Undecided(RuleId, Doubt),
}

/// Why nobody can tell whether a rule lets something pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Doubt {
    /// Rules decide by addresses, and nobody knows those of the name; or by names, and anybody can say one at any address.
    NameOrAddress,
    /// The device matches a name by the addresses that it resolved to, which other names may share.
    SharedAddresses,
    /// The ports, or the sources, are in a rule of the user's own.
    RuleElsewhere,
    /// The addresses of the host were not given.
    NoAddresses,
    /// The zone that the connection crosses was not given.
    NoZone,
}

impl Ruling {
    /// Whether the connection passes.
    pub fn allows(&self) -> bool {
        matches!(self, Self::Allowed(_) | Self::AllowedInPart(..))
    }

    /// Whether a device stops the connection for certain.
    pub fn denies(&self) -> bool {
        matches!(self, Self::Denied | Self::DeniedOnceNamed(_) | Self::DeniedByWord)
    }

    /// Whether another device decides.
    pub fn is_elsewhere(&self) -> bool {
        matches!(self, Self::NotEnforced | Self::ByProxy(_) | Self::OfProxy(_))
    }
}

impl fmt::Display for Ruling {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Allowed(rule) => write!(f, "allowed by {rule}"),
            Self::AllowedInPart(rule, path) => write!(f, "allowed by {rule} below {path} only"),
            Self::Denied => f.write_str("denied: no rule allows it, and the device denies by default"),
            Self::DeniedOnceNamed(rule) => write!(
                f,
                "denied once the device sees its name; until then {rule} lets the TCP handshake pass"
            ),
            Self::DeniedByWord => f.write_str(
                "denied, by the site's word only: nothing is written here, and it says `default: deny`",
            ),
            Self::DeniedIf(clause) => write!(f, "denied only if {clause}"),
            Self::NotEnforced => f.write_str("not enforced here: it routes, it never denies"),
            Self::ByProxy(rule) => write!(f, "passed on to the proxy by {rule}, which decides"),
            Self::OfProxy(rule) => {
                write!(
                    f,
                    "allowed to the proxy by {rule}, for another of its clients; the proxy tells them apart"
                )
            }
            Self::NoRule => f.write_str("no rule allows it"),
            Self::NotWritten(code) => write!(f, "not written: {code}, as `portbook build` tells"),
            Self::Homeless(name) => write!(
                f,
                "cannot be told: {name} is a name of the site's own, and no rule says which host answers to it; name the host"
            ),
            Self::Undecided(rule, doubt) => write!(f, "cannot be told: {rule} {doubt}"),
        }
    }
}

/// Said of a rule.
impl fmt::Display for Doubt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NameOrAddress => "decides by name or by address, and only the other is given",
            Self::SharedAddresses => "matches its name by addresses, which other names may share",
            Self::RuleElsewhere => "is a list: its ports and sources stand in a rule of your own",
            Self::NoAddresses => "decides by addresses, and the host has none here",
            Self::NoZone => "stands between zones, and an end of the connection has none",
        })
    }
}
