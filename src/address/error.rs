//! What can be wrong with the text of a prefix.

use std::net::{Ipv4Addr, Ipv6Addr};

use super::family::Family;
use super::prefix::Prefix;
use crate::host::text::quote;

/// Why a text is not a prefix. Displays as one sentence; [`AddressError::help`] is the next step.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AddressError {
    /// What stands before the `/`, or the whole, is no IPv4 or IPv6 address.
    #[error("{} is not an IP address or prefix", quote(.text))]
    NotAnAddress {
        /// The whole text.
        text: String,
    },
    /// What stands behind the `/` is not a plain decimal number.
    #[error("{} is not a prefix length", quote(.length))]
    LengthNotANumber {
        /// What stands behind the `/`.
        length: String,
    },
    /// The prefix length is larger than the address has bits.
    #[error("the prefix length of {} is out of range: {family} has 0 to {}", quote(.text), .family.bits())]
    LengthOutOfRange {
        /// The whole text.
        text: String,
        /// The family of the address.
        family: Family,
    },
    /// Bits behind the prefix length are set, so that the text may mean a network or a host.
    #[error("{} is not a network: it has bits set behind its length", quote(.given))]
    HostBitsSet {
        /// The whole text.
        given: String,
        /// The network of that length which holds the address.
        network: Prefix,
        /// The address alone.
        host: Prefix,
    },
    /// An IPv4 address written as IPv6 (`::ffff:a.b.c.d`, RFC 4291 section 2.5.5.2), which is never seen on the wire and which
    /// firewalls read differently.
    #[error("{} is an IPv4 address written as IPv6", quote(.given))]
    MappedAddress {
        /// The whole text.
        given: String,
        /// The same as IPv4.
        v4: Prefix,
    },
}

impl AddressError {
    /// The next step, where there is one to name.
    pub fn help(&self) -> Option<String> {
        Some(match self {
            Self::NotAnAddress { text } => address_help(text).to_owned(),
            Self::LengthNotANumber { length } => length_help(length),
            Self::LengthOutOfRange { .. } => "a single address has no length, or the largest".to_owned(),
            Self::HostBitsSet { network, host, .. } => format!("{network} holds it; a single host is {host}"),
            Self::MappedAddress { v4, .. } => format!("write {v4}"),
        })
    }
}

fn address_help(text: &str) -> &'static str {
    let octets = || text.split(['.', '/']);
    if text.contains(char::is_whitespace) {
        "take the space out; give one prefix at a time"
    } else if text.contains('%') {
        "leave the zone behind `%` out: it means something on one machine only"
    } else if octets().count() >= 4 && octets().any(|octet| octet.len() > 1 && octet.starts_with('0')) {
        "write octets without leading zeros: some programs read those as octal numbers"
    } else if text
        .split('-')
        .filter(|end| end.parse::<Ipv4Addr>().is_ok() || end.parse::<Ipv6Addr>().is_ok())
        .count()
        == 2
    {
        "write the range as the prefixes that make it up"
    } else {
        "give an address such as 192.0.2.1 or 2001:db8::1, or a prefix such as 192.0.2.0/24"
    }
}

fn length_help(length: &str) -> String {
    let mask = length.parse::<Ipv4Addr>().ok().and_then(|mask| ipnet::ipv4_mask_to_prefix(mask).ok());
    match mask {
        Some(length) => format!("write the mask as its length: /{length}"),
        None => "give the number of leading bits in decimal, without leading zeros: 192.0.2.0/24".to_owned(),
    }
}
