//! Stretches of the space of connections: from whom, to whom, on which ports.

use crate::address::{Family, IntervalSet, PortRange, PrefixSet};

use super::NameSet;

/// Every address that a connection can have.
pub(super) fn whole() -> PrefixSet {
    met(&PrefixSet::new(IntervalSet::whole(), IntervalSet::whole()))
}

/// Addresses as connections have them: none has an IPv4 address inside an IPv6 one (RFC 4291 section 2.5.5.2).
pub(super) fn met(addresses: &PrefixSet) -> PrefixSet {
    let mapped: IntervalSet<u128> = [(0xffff_0000_0000, 0xffff_ffff_ffff)].into_iter().collect();
    addresses.difference(&PrefixSet::new(IntervalSet::default(), mapped))
}

/// Whether a list has half of the addresses of IPv4, or of the internet's IPv6 (RFC 4291 section 2.4), or more: it is meant for
/// the internet, or for anyone, such as all but private addresses.
pub(super) fn is_half_of_a_family(addresses: &PrefixSet) -> bool {
    let v4: IntervalSet<u32> = IntervalSet::whole();
    let v6: IntervalSet<u128> = [(0x2 << 124, (0x4 << 124) - 1)].into_iter().collect();
    let internet = PrefixSet::new(v4, v6);
    let met = addresses.intersection(&internet);
    Family::ALL.into_iter().any(|family| met.count(family).percent_of(internet.count(family)) >= 50.0)
}

/// Every port.
pub(super) fn all_ports() -> IntervalSet<u32> {
    ports([PortRange::ALL])
}

/// Ranges of ports as a set.
pub(super) fn ports(ranges: impl IntoIterator<Item = PortRange>) -> IntervalSet<u32> {
    ranges.into_iter().map(|range| (range.first().get().into(), range.last().get().into())).collect()
}

/// `443, 9350-9354`, or `any`.
pub(super) fn show_ports(ports: &IntervalSet<u32>) -> String {
    if *ports == all_ports() {
        return "any".to_owned();
    }
    let range = |(first, last)| if first == last { format!("{first}") } else { format!("{first}-{last}") };
    super::names::shown(&ports.iter().map(range).collect::<Vec<_>>())
}

/// `10.0.0.0/8, 192.0.2.1/32`, or `any address`.
pub(super) fn show_addresses(addresses: &PrefixSet) -> String {
    if *addresses == whole() {
        return "any address".to_owned();
    }
    super::names::shown(&addresses.prefixes().take(1000).map(|prefix| prefix.to_string()).collect::<Vec<_>>())
}

/// Whom connections go to: those that say a name by their names, the others by their addresses.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Destination {
    /// The names that are said.
    pub names: NameSet,
    /// The addresses of what says no name.
    pub addresses: PrefixSet,
}

impl Destination {
    /// Anything.
    pub fn any() -> Self {
        Self { names: NameSet::all(), addresses: whole() }
    }

    /// These names, and nothing that says none.
    pub fn names(names: NameSet) -> Self {
        Self { names, addresses: PrefixSet::default() }
    }

    /// These addresses, as long as no name is said.
    pub fn addresses(addresses: PrefixSet) -> Self {
        Self { names: NameSet::default(), addresses }
    }

    /// Whether anything is meant.
    pub(super) fn is_any(&self) -> bool {
        self.names.is_all() && self.addresses == whole()
    }

    /// Whether nothing is meant.
    pub fn is_empty(&self) -> bool {
        self.names.is_empty() && self.addresses.is_empty()
    }

    /// What both hold.
    #[must_use]
    pub fn intersection(&self, other: &Self) -> Self {
        Self {
            names: self.names.intersection(&other.names),
            addresses: self.addresses.intersection(&other.addresses),
        }
    }

    /// What this one holds and `other` does not.
    #[must_use]
    pub fn difference(&self, other: &Self) -> Self {
        Self {
            names: self.names.difference(&other.names),
            addresses: self.addresses.difference(&other.addresses),
        }
    }

    /// What one of both holds.
    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        Self { names: self.names.union(&other.names), addresses: self.addresses.union(&other.addresses) }
    }

    /// In words.
    pub(super) fn words(&self) -> String {
        match (self.names.is_empty(), self.addresses.is_empty()) {
            _ if self.is_any() => "any destination".to_owned(),
            (false, true) => self.names.to_string(),
            (true, _) => show_addresses(&self.addresses),
            (false, false) => format!("{}, {}", self.names, show_addresses(&self.addresses)),
        }
    }
}

/// A stretch: everything from one of `from` to one of `to` on one of `ports`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Region {
    /// Addresses that open connections.
    pub from: PrefixSet,
    /// Whom they go to.
    pub to: Destination,
    /// Destination ports.
    pub ports: IntervalSet<u32>,
}

impl Region {
    /// Everything.
    pub fn all() -> Self {
        Self { from: whole(), to: Destination::any(), ports: all_ports() }
    }

    /// Whether it is nothing.
    pub fn is_empty(&self) -> bool {
        self.from.is_empty() || self.to.is_empty() || self.ports.is_empty()
    }

    /// Whether no connection lies in it: none goes from IPv4 to IPv6 or back.
    pub(super) fn is_between_families(&self) -> bool {
        let (from, to) = (&self.from, &self.to.addresses);
        self.to.names.is_empty()
            && (from.v4().is_empty() || to.v4().is_empty())
            && (from.v6().is_empty() || to.v6().is_empty())
    }

    /// What lies in both; nothing if they do not meet.
    pub fn intersection(&self, other: &Self) -> Option<Self> {
        // The cheap sides first: most clauses of a policy are about something else.
        let ports = self.ports.intersection(&other.ports);
        if ports.is_empty() {
            return None;
        }
        let from = self.from.intersection(&other.from);
        if from.is_empty() {
            return None;
        }
        let to = self.to.intersection(&other.to);
        (!to.is_empty()).then_some(Self { from, to, ports })
    }

    /// What lies in this one and not in `other`, as stretches that do not overlap.
    pub fn difference(&self, other: &Self) -> Vec<Self> {
        let Some(common) = self.intersection(other) else { return vec![self.clone()] };
        let pieces = [
            Self { from: self.from.difference(&common.from), ..self.clone() },
            Self { from: common.from.clone(), to: self.to.difference(&common.to), ports: self.ports.clone() },
            Self { ports: self.ports.difference(&common.ports), ..common },
        ];
        pieces.into_iter().filter(|piece| !piece.is_empty()).collect()
    }
}

/// What is left of `regions` without `others`; nothing where it falls into more than `most` pieces.
pub(super) fn without<'r>(
    mut regions: Vec<Region>,
    others: impl IntoIterator<Item = &'r Region>,
    most: usize,
) -> Option<Vec<Region>> {
    for other in others {
        regions = regions.iter().flat_map(|region| region.difference(other)).collect();
        if regions.len() > most {
            return None;
        }
    }
    Some(regions)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::host::HostPattern;
    use proptest::prelude::*;

    fn region() -> impl Strategy<Value = Region> {
        let hosts = prop::collection::vec(
            prop::sample::select(vec!["x.net", "*.x.net", "[*.]a.x.net", "y.net"]),
            0..3,
        );
        let addresses = prop::collection::vec((0u32..40, 0u32..40), 0..3);
        let from = prop::collection::vec((0u32..40, 0u32..40), 1..3);
        let port = prop::collection::vec((1u32..20, 1u32..20), 1..3);
        (hosts, addresses, from, port).prop_map(|(hosts, addresses, from, port)| {
            let hosts: Vec<HostPattern> =
                hosts.into_iter().map(|text| HostPattern::parse(text).unwrap()).collect();
            let v4 =
                |list: Vec<(u32, u32)>| PrefixSet::new(list.into_iter().collect(), IntervalSet::default());
            Region {
                from: v4(from),
                to: Destination { names: hosts.iter().collect(), addresses: v4(addresses) },
                ports: port.into_iter().collect(),
            }
        })
    }

    /// How many points of a small space lie in a region.
    fn points(region: &Region) -> Vec<(u32, usize, u32)> {
        let names = ["x.net", "b.x.net", "a.x.net", "q.a.x.net", "y.net"];
        let names: Vec<NameSet> = names.map(|text| NameSet::from(&HostPattern::parse(text).unwrap())).into();
        let mut points = Vec::new();
        for from in (0..40).filter(|from| region.from.v4().contains(*from)) {
            for port in (1..20).filter(|port| region.ports.contains(*port)) {
                let all = names.iter().enumerate();
                let held = all.filter(|(_, name)| !name.intersection(&region.to.names).is_empty());
                points.extend(held.map(|(index, _)| (from, index, port)));
                let bare =
                    (0..40usize).filter(|to| region.to.addresses.v4().contains(u32::try_from(*to).unwrap()));
                points.extend(bare.map(|to| (from, 100 + to, port)));
            }
        }
        points.sort_unstable();
        points
    }

    proptest! {
        #[test]
        fn pieces_are_what_is_left_and_do_not_overlap(one in region(), two in region()) {
            let two_points = points(&two);
            let mut left: Vec<_> = points(&one);
            left.retain(|point| two_points.binary_search(point).is_err());
            let mut pieces: Vec<_> = one.difference(&two).iter().flat_map(points).collect();
            pieces.sort_unstable();
            prop_assert_eq!(pieces, left);
            let mut both = points(&one);
            both.retain(|point| two_points.binary_search(point).is_ok());
            prop_assert_eq!(one.intersection(&two).map(|region| points(&region)).unwrap_or_default(), both);
        }
    }
}
