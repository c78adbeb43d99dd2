//! Ports as a set of disjoint ranges.

use std::collections::BTreeSet;

use crate::address::PortRange;

/// Sorted ranges that hold the same ports and neither overlap nor touch: nft takes no overlapping ranges, and a multiport
/// match of iptables holds few.
pub(super) fn joined(ranges: impl Iterator<Item = PortRange>) -> Vec<PortRange> {
    let sorted: BTreeSet<PortRange> = ranges.collect();
    let mut joined: Vec<PortRange> = Vec::new();
    for range in sorted {
        match joined.last_mut() {
            Some(last) if u32::from(range.first().get()) <= u32::from(last.last().get()) + 1 => {
                let end = last.last().max(range.last());
                // The first port is the smaller one: ranges are sorted by it.
                *last = PortRange::new(last.first(), end).unwrap_or(*last);
            }
            _ => joined.push(range),
        }
    }
    joined
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_join_and_no_port_comes_or_goes() {
        let given = ["443", "80", "50-150", "100-200", "201", "49152-65535", "60000", "442"];
        let ranges: Vec<PortRange> = given.iter().map(|text| PortRange::parse(text).unwrap()).collect();
        let texts: Vec<String> = joined(ranges.into_iter()).iter().map(ToString::to_string).collect();
        assert_eq!(texts, ["50-201", "442-443", "49152-65535"]);
    }
}
