//! How users ask for things: next steps name the flags or the keys of a site file that they have at hand.

use crate::finding::Code;

/// Where a user asks for things.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Asked {
    /// By flags of the command line.
    #[default]
    Flags,
    /// By keys of a site file.
    SiteFile,
}

impl Asked {
    /// Accepting a loss, everywhere or on one target.
    pub(super) fn accept(self, code: Code, target: Option<&str>) -> String {
        match (self, target) {
            (Self::Flags, None) => format!("--accept {code}"),
            (Self::Flags, Some(target)) => format!("--accept {code}@{target}"),
            (Self::SiteFile, None) => format!("accept: [{{code: {code}, because: ...}}]"),
            (Self::SiteFile, Some(target)) => {
                format!("accept: [{{code: {code}, target: {target}, because: ...}}]")
            }
        }
    }

    /// Giving addresses to roles; to any if none is named.
    pub(super) fn addresses(self, roles: &[&str]) -> String {
        match (self, roles) {
            (Self::Flags, []) => "--address ROLE=CIDR,...".to_owned(),
            (Self::Flags, roles) => {
                roles.iter().map(|role| format!("--address {role}=CIDR,...")).collect::<Vec<_>>().join(" ")
            }
            (Self::SiteFile, []) => "`addresses: [...]` at its host".to_owned(),
            (Self::SiteFile, roles) => {
                format!("`addresses: [...]` at a host with the role {}", roles.join(", "))
            }
        }
    }

    /// Giving a proxy's address in place of its name.
    pub(super) fn proxy_address(self) -> &'static str {
        match self {
            Self::Flags => "--proxy ADDRESS:PORT, the address in place of the name",
            Self::SiteFile => "`addresses: [...]` at the host of the proxy, or `proxy: ADDRESS:PORT`",
        }
    }

    /// Taking the addresses that documents offer, and the losses that go with it.
    pub(super) fn documented_fallback(self, codes: [Code; 2]) -> String {
        let [first, second] = codes;
        match self {
            Self::Flags => format!("--ip-fallback documented --accept {first},{second}"),
            Self::SiteFile => {
                format!("`ip-fallback: documented`, with {first} and {second} under `accept`,")
            }
        }
    }
}
