//! Prefixes, sets, chunks and ports.

use std::collections::BTreeSet;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::num::NonZeroUsize;

use portbook::address::{
    AddressError, Chunk, Family, IntervalSet, PortError, PortRange, Prefix, PrefixSet, Transport,
};
use proptest::prelude::*;

use crate::canonical;

fn prefix(text: &str) -> Prefix {
    Prefix::parse(text).unwrap()
}

#[test]
fn prefixes_are_strict() {
    assert_eq!(canonical::<Prefix>("10.0.0.1"), "10.0.0.1/32");
    assert_eq!(canonical::<Prefix>("2603:1000:0:0::/40"), "2603:1000::/40");
    assert_eq!(
        (prefix("::1").to_bare(), prefix("10.0.0.0/31").to_bare()),
        ("::1".into(), "10.0.0.0/31".into())
    );
    let bad = [
        "",
        "/8",
        "10.0.0.0/",
        "10.0.0/8",
        "010.0.0.1",
        " 10.0.0.1",
        "10.0.0.0/8 ",
        "fe80::1%eth0",
        "10.0.0.0/+8",
        "10.0.0.0/08",
    ];
    let worse = [
        "10.0.0.0/33",
        "::/129",
        "10.0.0.0/99999999999",
        "10.0.0.0/8/8",
        "10.0.0.0/255.0.0.0",
        "10.0.0.1-10.0.0.9",
        "::ffff:10.0.0.1",
        "x.net",
    ];
    for text in bad.into_iter().chain(worse) {
        assert!(Prefix::parse(text).unwrap_err().help().is_some(), "{text}");
    }
    let error = Prefix::parse("::ffff:10.0.0.0/104").unwrap_err();
    assert_eq!(error.help().unwrap(), "write 10.0.0.0/8");
    assert_eq!(
        Prefix::parse("10.0.0.0/255.0.0.0").unwrap_err().help().unwrap(),
        "write the mask as its length: /8"
    );
    let error = Prefix::parse("10.10.0.5/28").unwrap_err();
    assert!(matches!(error, AddressError::HostBitsSet { .. }));
    assert_eq!(error.help().unwrap(), "10.10.0.0/28 holds it; a single host is 10.10.0.5/32");
}

#[test]
fn the_whole_space_does_not_overflow() {
    let all: PrefixSet = Family::ALL.map(Prefix::whole).into_iter().collect();
    assert_eq!(all.to_string(), "0.0.0.0/0, ::/0");
    assert_eq!(all.count(Family::V4).get(), Some(1 << 32));
    assert_eq!(all.count(Family::V6).to_string(), "2^128");
    assert!(all.covers(&prefix("::1")) && all.contains(IpAddr::V4(Ipv4Addr::BROADCAST)));
    let ends: PrefixSet = ["0.0.0.0", "255.255.255.255", "::", "ffff::/16"].map(prefix).into_iter().collect();
    let rest = all.difference(&ends);
    assert!(rest.is_disjoint(&ends) && rest.union(&ends) == all);
    assert_eq!(all.difference(&all), PrefixSet::default());
    assert_eq!(IntervalSet::<u128>::default().complement(), IntervalSet::whole());
    assert_eq!(
        serde_json::to_string(&ends.family(Family::V4)).unwrap(),
        r#"["0.0.0.0/32","255.255.255.255/32"]"#
    );
}

#[test]
fn ports() {
    assert_eq!(canonical::<PortRange>("443"), "443");
    assert_eq!(canonical::<PortRange>("49152-65535"), "49152-65535");
    assert_eq!(canonical::<Transport>("TCP"), "tcp");
    assert!(matches!(PortRange::parse("0"), Err(PortError::PortZero)));
    assert!(matches!(PortRange::parse("65536"), Err(PortError::PortTooLarge { .. })));
    assert_eq!(PortRange::parse("80-79").unwrap_err().help().unwrap(), "write 79-80");
    for text in ["", "-", "1-", "-1", "1-2-3", "+1", "080", " 80", "80 ", "any", "443/tcp", "\u{664}"] {
        assert!(matches!(PortRange::parse(text), Err(PortError::NotANumber { .. })), "{text}");
    }
    assert_eq!(PortRange::ALL.count(), 65_535);
    assert!(Transport::parse("sctp").unwrap_err().help().is_some());
}

/// Which addresses of a universe of 64, laid over either end of the IPv4 space, are in a set.
fn model(set: &IntervalSet<u32>, base: u32) -> BTreeSet<u32> {
    (0..64).map(|offset| base + offset).filter(|&address| set.contains(address)).collect()
}

fn bases() -> impl Strategy<Value = u32> {
    prop::sample::select(vec![0, 0x0a00_0000, u32::MAX - 63])
}

fn intervals() -> impl Strategy<Value = Vec<(u32, u32)>> {
    prop::collection::vec((0_u32..64, 0_u32..64), 0..10)
}

fn at(base: u32, intervals: &[(u32, u32)]) -> IntervalSet<u32> {
    intervals.iter().map(|&(first, last)| (base + first, base + last)).collect()
}

/// Prefixes crowded into two /26 and the like, so that they touch, nest and merge.
fn prefixes() -> impl Strategy<Value = Prefix> {
    (any::<bool>(), prop::sample::select(vec![0_u32, 0xffff_ffc0]), 0_u32..64, 0_u32..7).prop_map(
        |(v6, base, offset, host_bits)| {
            let low = base | (offset >> host_bits << host_bits);
            let host_bits = u8::try_from(host_bits).unwrap();
            let (address, length) = if v6 {
                (Ipv6Addr::from((0x2603_u128 << 112) | u128::from(low)).into(), 128 - host_bits)
            } else {
                (Ipv4Addr::from(low).into(), 32 - host_bits)
            };
            Prefix::new(address, length).unwrap()
        },
    )
}

fn prefix_lists() -> impl Strategy<Value = Vec<Prefix>> {
    prop::collection::vec(prefixes(), 0..40)
}

/// The fewest blocks for the part of `set` in `size` addresses from `first`: one if all are in, else others of both halves.
fn fewest(set: &BTreeSet<u32>, first: u32, size: u32) -> usize {
    match set.range(first..=first + (size - 1)).count() {
        0 => 0,
        held if held == size as usize => 1,
        _ => fewest(set, first, size / 2) + fewest(set, first + size / 2, size / 2),
    }
}

fn only_in<'a>(these: &'a [Chunk], others: &[Chunk]) -> Vec<&'a Chunk> {
    these.iter().filter(|chunk| !others.contains(chunk)).collect()
}

proptest! {
    #[test]
    fn set_algebra_is_that_of_sets(base in bases(), a in intervals(), b in intervals()) {
        let (a, b) = (at(base, &a), at(base, &b));
        let (ma, mb) = (model(&a, base), model(&b, base));
        prop_assert_eq!(model(&a.union(&b), base), &ma | &mb);
        prop_assert_eq!(model(&a.intersection(&b), base), &ma & &mb);
        prop_assert_eq!(model(&a.difference(&b), base), &ma - &mb);
        prop_assert_eq!(a.is_subset(&b), ma.is_subset(&mb));
        prop_assert_eq!(a == b, ma == mb);
        prop_assert_eq!(a.count().get(), Some(ma.len() as u128));
        prop_assert_eq!(a.complement().complement(), a.clone());
        prop_assert_eq!(a.cidrs().count(), fewest(&ma, base, 64));
        prop_assert_eq!(a.cidrs().map(|cidr| (cidr.first, cidr.last)).collect::<IntervalSet<u32>>(), a);
    }

    #[test]
    fn prefixes_come_out_sorted_and_read_back(list in prefix_lists()) {
        let set: PrefixSet = list.iter().collect();
        let out: Vec<_> = set.prefixes().collect();
        prop_assert!(out.is_sorted() && out.len() <= list.len());
        prop_assert_eq!(&out.iter().map(|p| prefix(&canonical::<Prefix>(&p.to_bare()))).collect::<PrefixSet>(), &set);
        prop_assert_eq!(set.family(Family::V4).union(&set.family(Family::V6)), set.clone());
        prop_assert!(list.iter().all(|p| set.covers(p) && set.contains(p.first()) && set.contains(p.last())));
    }

    #[test]
    fn chunks_cut_the_set_and_keep_the_limit(list in prefix_lists(), limit in 1_usize..6) {
        let set: PrefixSet = list.iter().collect();
        let chunks = set.chunks(NonZeroUsize::new(limit).unwrap());
        prop_assert_eq!(chunks.iter().flat_map(|chunk| chunk.prefixes.clone()).collect::<Vec<_>>(), set.prefixes().collect::<Vec<_>>());
        for (at, chunk) in chunks.iter().enumerate() {
            prop_assert!((1..=limit).contains(&chunk.prefixes.len()));
            prop_assert!(chunk.prefixes.iter().all(|&p| chunk.cover.covers(p)));
            prop_assert!(chunks[..at].iter().all(|other| !other.cover.covers(chunk.cover) && !chunk.cover.covers(other.cover)));
        }
    }

    #[test]
    fn one_prefix_touches_one_chunk(list in prefix_lists(), changed in prefixes(), limit in 1_usize..6) {
        let limit = NonZeroUsize::new(limit).unwrap();
        let with: PrefixSet = list.iter().chain([&changed]).collect();
        let without = with.difference(&changed.into());
        let (with, without) = (with.chunks(limit), without.chunks(limit));
        let (gained, lost) = (only_in(&with, &without), only_in(&without, &with));
        // One chunk changes; or it splits, or several join, and then one holds all that differ.
        let (few, many) = if gained.len() <= lost.len() { (gained, lost) } else { (lost, gained) };
        prop_assert!(few.len() <= 1, "{:?} {:?}", few, many);
        prop_assert!(few.is_empty() && many.len() == 1 || few.iter().all(|one| many.iter().all(|part| one.cover.covers(part.cover))));
    }
}

proptest! {
    /// Right texts take a shorter way through the parser than wrong ones: both say the same.
    #[test]
    fn the_short_way_takes_what_the_long_one_takes(
        v4 in any::<u32>(), v6 in any::<u128>(), length in 0_u8..140, zeros in 0_u32..128, six in any::<bool>(),
    ) {
        let text = if six {
            format!("{}/{length}", Ipv6Addr::from(v6.checked_shl(zeros).unwrap_or(0)))
        } else {
            format!("{}/{length}", Ipv4Addr::from(v4.checked_shl(zeros % 33).unwrap_or(0)))
        };
        let (address, _) = text.split_once('/').unwrap();
        // Built from its parts, it never takes the short way.
        let long = Prefix::new(address.parse().unwrap(), length);
        prop_assert_eq!(Prefix::parse(&text).ok(), long.ok(), "{}", text);
    }
}
