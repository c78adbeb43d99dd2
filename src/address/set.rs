//! A set of addresses of both families.

use std::fmt;
use std::net::IpAddr;

use ipnet::IpNet;
use serde::{Serialize, Serializer};

use super::count::AddressCount;
use super::family::Family;
use super::interval::IntervalSet;
use super::prefix::{Prefix, ends_v4, ends_v6};

/// A set of addresses, compared by address: how it was split into prefixes, and in what order, leaves no trace.
///
/// Displays as a list of prefixes with commas; serializes as a list of CIDR texts.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct PrefixSet {
    v4: IntervalSet<u32>,
    v6: IntervalSet<u128>,
}

impl PrefixSet {
    /// The set of these IPv4 and IPv6 intervals.
    pub fn new(v4: IntervalSet<u32>, v6: IntervalSet<u128>) -> Self {
        Self { v4, v6 }
    }

    /// The IPv4 part as intervals.
    pub fn v4(&self) -> &IntervalSet<u32> {
        &self.v4
    }

    /// The IPv6 part as intervals.
    pub fn v6(&self) -> &IntervalSet<u128> {
        &self.v6
    }

    /// The part of one family, as a set.
    #[must_use]
    pub fn family(&self, family: Family) -> Self {
        match family {
            Family::V4 => Self { v4: self.v4.clone(), ..Self::default() },
            Family::V6 => Self { v6: self.v6.clone(), ..Self::default() },
        }
    }

    /// Whether the set holds no address.
    pub fn is_empty(&self) -> bool {
        self.v4.is_empty() && self.v6.is_empty()
    }

    /// How many addresses of a family the set holds.
    pub fn count(&self, family: Family) -> AddressCount {
        match family {
            Family::V4 => self.v4.count(),
            Family::V6 => self.v6.count(),
        }
    }

    /// Whether the set holds an address. O(log n).
    pub fn contains(&self, address: IpAddr) -> bool {
        match address {
            IpAddr::V4(address) => self.v4.contains(address.into()),
            IpAddr::V6(address) => self.v6.contains(address.into()),
        }
    }

    /// Whether the set holds every address of a prefix. O(log n).
    pub fn covers(&self, prefix: &Prefix) -> bool {
        match prefix.net() {
            IpNet::V4(net) => self.v4.covers(ends_v4(net).0, ends_v4(net).1),
            IpNet::V6(net) => self.v6.covers(ends_v6(net).0, ends_v6(net).1),
        }
    }

    /// Whether every address of this set is in `other`.
    pub fn is_subset(&self, other: &Self) -> bool {
        self.v4.is_subset(&other.v4) && self.v6.is_subset(&other.v6)
    }

    /// Whether no address is in both sets.
    pub fn is_disjoint(&self, other: &Self) -> bool {
        self.v4.is_disjoint(&other.v4) && self.v6.is_disjoint(&other.v6)
    }

    /// The addresses that are in either set.
    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        Self { v4: self.v4.union(&other.v4), v6: self.v6.union(&other.v6) }
    }

    /// The addresses that are in both sets.
    #[must_use]
    pub fn intersection(&self, other: &Self) -> Self {
        Self { v4: self.v4.intersection(&other.v4), v6: self.v6.intersection(&other.v6) }
    }

    /// The addresses of this set that are not in `other`.
    #[must_use]
    pub fn difference(&self, other: &Self) -> Self {
        Self { v4: self.v4.difference(&other.v4), v6: self.v6.difference(&other.v6) }
    }

    /// The fewest prefixes that make up the set: IPv4 ascending, then IPv6 ascending.
    ///
    /// Every one of them parses again, save those that a difference or a complement leaves inside `::ffff:0:0/96`.
    pub fn prefixes(&self) -> impl Iterator<Item = Prefix> {
        let v4 = self.v4.cidrs().map(|cidr| Prefix::of_v4(cidr.first, cidr.length));
        v4.chain(self.v6.cidrs().map(|cidr| Prefix::of_v6(cidr.first, cidr.length)))
    }
}

impl FromIterator<Prefix> for PrefixSet {
    fn from_iter<I: IntoIterator<Item = Prefix>>(prefixes: I) -> Self {
        let prefixes = prefixes.into_iter();
        // Most prefixes are of IPv4: growing step by step costs a quarter of the whole.
        let (mut v4, mut v6) = (Vec::with_capacity(prefixes.size_hint().0), Vec::new());
        for prefix in prefixes {
            match prefix.net() {
                IpNet::V4(net) => v4.push(ends_v4(net)),
                IpNet::V6(net) => v6.push(ends_v6(net)),
            }
        }
        Self { v4: IntervalSet::of_blocks(v4), v6: IntervalSet::of_blocks(v6) }
    }
}

impl<'a> FromIterator<&'a Prefix> for PrefixSet {
    fn from_iter<I: IntoIterator<Item = &'a Prefix>>(prefixes: I) -> Self {
        prefixes.into_iter().copied().collect()
    }
}

impl From<Prefix> for PrefixSet {
    fn from(prefix: Prefix) -> Self {
        std::iter::once(prefix).collect()
    }
}

impl fmt::Display for PrefixSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.prefixes().enumerate().try_for_each(|(at, prefix)| {
            let separator = if at == 0 { "" } else { ", " };
            write!(f, "{separator}{prefix}")
        })
    }
}

impl Serialize for PrefixSet {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.prefixes())
    }
}
