//! One CIDR block.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::{IpNet, Ipv4Net, Ipv6Net};

use super::bits::Bits;
use super::count::AddressCount;
use super::error::AddressError;
use super::family::Family;
use crate::host::text::as_text;

/// A CIDR block: a network address, whose host bits are zero, and a length. A single address is a prefix of full length.
///
/// Displays as `address/length`, IPv6 in the form of RFC 5952. Ordered by family, address, length: what holds comes before what is held.
///
/// ```
/// use portbook::address::Prefix;
///
/// assert_eq!(Prefix::parse("10.10.0.5")?.to_string(), "10.10.0.5/32");
/// let error = Prefix::parse("10.10.0.5/28").unwrap_err();
/// assert_eq!(error.help().unwrap(), "10.10.0.0/28 holds it; a single host is 10.10.0.5/32");
/// # Ok::<(), portbook::address::AddressError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Prefix(IpNet);

as_text!(Prefix, AddressError);

impl Prefix {
    /// Reads `address/length`, or an address alone, which is a single host.
    ///
    /// Refused are zones (`fe80::1%eth0`), leading zeros (`010.0.0.1`), netmasks, space, and host bits (which `ipnet` lets through).
    ///
    /// # Errors
    /// Any [`AddressError`].
    pub fn parse(text: &str) -> Result<Self, AddressError> {
        // Files have a hundred thousand of them, and all of them are right.
        if let Some(prefix) = Self::plain(text) {
            return Ok(prefix);
        }
        let (address, length) = match text.split_once('/') {
            Some((address, length)) => (address, Some(length)),
            None => (text, None),
        };
        let address: IpAddr =
            address.parse().map_err(|_| AddressError::NotAnAddress { text: text.to_owned() })?;
        match length {
            Some(length) => Self::checked(text, address, parse_length(length)?),
            None => Self::checked(text, address, full_length(address)),
        }
    }

    /// `address/length` without anything wrong; the slower way tells what is.
    fn plain(text: &str) -> Option<Self> {
        let (address, length) = text.split_once('/')?;
        let length = u8::try_from(parse_length(length).ok()?).ok()?;
        if address.contains(':') {
            let address: Ipv6Addr = address.parse().ok()?;
            let fits = length <= 128 && u128::from(address).checked_shl(length.into()).unwrap_or(0) == 0;
            (fits && address.to_ipv4_mapped().is_none()).then(|| Self::of_v6(address.into(), length))
        } else {
            let address: Ipv4Addr = address.parse().ok()?;
            let fits = length <= 32 && u32::from(address).checked_shl(length.into()).unwrap_or(0) == 0;
            fits.then(|| Self::of_v4(address.into(), length))
        }
    }

    /// The prefix of `length` bits at `address`.
    ///
    /// # Errors
    /// [`AddressError::LengthOutOfRange`], [`AddressError::HostBitsSet`] or [`AddressError::MappedAddress`].
    pub fn new(address: IpAddr, length: u8) -> Result<Self, AddressError> {
        Self::checked(&format!("{address}/{length}"), address, length.into())
    }

    /// All addresses of a family: `0.0.0.0/0` or `::/0`.
    pub fn whole(family: Family) -> Self {
        match family {
            Family::V4 => Self(IpNet::V4(Ipv4Net::default())),
            Family::V6 => Self(IpNet::V6(Ipv6Net::default())),
        }
    }

    /// The version of the addresses.
    pub fn family(self) -> Family {
        match self.0 {
            IpNet::V4(_) => Family::V4,
            IpNet::V6(_) => Family::V6,
        }
    }

    /// The first address, which is the network's.
    pub fn first(self) -> IpAddr {
        self.0.network()
    }

    /// The last address.
    pub fn last(self) -> IpAddr {
        self.0.broadcast()
    }

    /// The number of leading bits that all addresses share: 0 to 32, or 0 to 128.
    pub fn length(self) -> u8 {
        self.0.prefix_len()
    }

    /// Whether this is a single address.
    pub fn is_host(self) -> bool {
        self.length() == self.family().bits()
    }

    /// Whether this prefix holds an address; one of the other family never.
    pub fn contains(self, address: IpAddr) -> bool {
        self.0.contains(&address)
    }

    /// Whether this prefix holds every address of `other`.
    pub fn covers(self, other: Self) -> bool {
        self.0.contains(&other.0)
    }

    /// How many addresses it holds.
    pub fn count(self) -> AddressCount {
        match self.0 {
            IpNet::V4(net) => ends_v4(net).0.count_to(ends_v4(net).1),
            IpNet::V6(net) => ends_v6(net).0.count_to(ends_v6(net).1),
        }
    }

    /// The text without the length of a single address: `10.0.0.1`, but `10.0.0.0/31`. For targets that want hosts bare.
    pub fn to_bare(self) -> String {
        if self.is_host() { self.first().to_string() } else { self.to_string() }
    }

    /// The same as a type of the `ipnet` crate.
    pub fn net(self) -> IpNet {
        self.0
    }

    /// The two prefixes of one bit more, the lower first; a single address has none.
    pub(super) fn halves(self) -> Option<(Self, Self)> {
        let mut halves = self.0.subnets(self.length() + 1).ok()?;
        Some((Self(halves.next()?), Self(halves.next()?)))
    }

    /// For blocks that an interval set made; their length and alignment are right by construction.
    pub(super) fn of_v4(first: u32, length: u8) -> Self {
        let address = Ipv4Addr::from(first);
        // No length above 32 comes here; were there one, a single host is the answer that opens least.
        Self(IpNet::V4(Ipv4Net::new(address, length).unwrap_or_else(|_| address.into())))
    }

    /// [`Prefix::of_v4`] for IPv6.
    pub(super) fn of_v6(first: u128, length: u8) -> Self {
        let address = Ipv6Addr::from(first);
        Self(IpNet::V6(Ipv6Net::new(address, length).unwrap_or_else(|_| address.into())))
    }

    /// The prefix from `first` to `last`, which are the ends of one.
    pub(crate) fn of_block_v4(first: u32, last: u32) -> Self {
        Self::of_v4(first, 32 - block_bits((last ^ first).count_ones()))
    }

    /// [`Prefix::of_block_v4`] for IPv6.
    pub(crate) fn of_block_v6(first: u128, last: u128) -> Self {
        Self::of_v6(first, 128 - block_bits((last ^ first).count_ones()))
    }

    fn checked(text: &str, address: IpAddr, length: u32) -> Result<Self, AddressError> {
        let net = u8::try_from(length).ok().and_then(|length| IpNet::new(address, length).ok());
        let Some(net) = net else {
            return Err(AddressError::LengthOutOfRange { text: text.to_owned(), family: family(address) });
        };
        if let Some(v4) = mapped(net) {
            return Err(AddressError::MappedAddress { given: text.to_owned(), v4 });
        }
        let network = Self(net.trunc());
        if net != network.0 {
            return Err(AddressError::HostBitsSet {
                given: text.to_owned(),
                network,
                host: Self(address.into()),
            });
        }
        Ok(network)
    }
}

impl fmt::Display for Prefix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0.to_string())
    }
}

/// First and last address as numbers. A prefix has no host bits, so that its address is the first one.
pub(super) fn ends_v4(net: Ipv4Net) -> (u32, u32) {
    let first = u32::from(net.addr());
    (first, first.block_last(32 - net.prefix_len()))
}

/// [`ends_v4`] for IPv6.
pub(super) fn ends_v6(net: Ipv6Net) -> (u128, u128) {
    let first = u128::from(net.addr());
    (first, first.block_last(128 - net.prefix_len()))
}

/// The host bits of a block are those in which its ends differ.
fn block_bits(differing: u32) -> u8 {
    u8::try_from(differing).unwrap_or(128)
}

fn family(address: IpAddr) -> Family {
    if address.is_ipv4() { Family::V4 } else { Family::V6 }
}

fn full_length(address: IpAddr) -> u32 {
    family(address).bits().into()
}

/// Digits only, no sign, no leading zero; a number too large for any type is out of range like any other.
fn parse_length(text: &str) -> Result<u32, AddressError> {
    let plain = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !plain || (text.len() > 1 && text.starts_with('0')) {
        return Err(AddressError::LengthNotANumber { length: text.to_owned() });
    }
    Ok(text.parse().unwrap_or(u32::MAX))
}

/// The IPv4 prefix that an IPv6 prefix within `::ffff:0:0/96` stands for, host bits cut off.
fn mapped(net: IpNet) -> Option<Prefix> {
    let IpNet::V6(net) = net else { return None };
    let address = net.addr().to_ipv4_mapped()?;
    let length = net.prefix_len().checked_sub(96)?;
    Some(Prefix(IpNet::V4(Ipv4Net::new(address, length).ok()?.trunc())))
}
