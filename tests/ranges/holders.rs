//! Look-ups against a naive model.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use portbook::address::{Prefix, PrefixSet};
use portbook::ranges::{Extent, HolderIndex};
use proptest::prelude::*;

use crate::{bytes, made, parse};

#[test]
fn the_closest_prefix_comes_first_and_the_smaller_tag_of_equal_ones() {
    let file = bytes("ServiceTags_Public_20251103.json");
    let file = parse("f.json", &file);
    let index = HolderIndex::new(&file).unwrap();
    let names = |text: &str| -> Vec<String> {
        index
            .address(text.parse().unwrap())
            .iter()
            .map(|held| format!("{} {:?}", held.tag.name(), held.extent))
            .collect()
    };
    assert_eq!(names("203.0.113.1").len(), 2);
    assert!(names("203.0.113.1")[0].starts_with("Storage.FranceCentral"), "{:?}", names("203.0.113.1"));
    assert!(names("2001:db8:b:1::7")[0].starts_with("AzureSignalR.FranceCentral"));
    assert_eq!(names("8.8.8.8"), [""; 0]);
    assert!(index.holds("203.0.113.1".parse().unwrap()) && !index.holds("8.8.8.8".parse().unwrap()));
}

#[test]
fn a_prefix_is_held_whole_in_pieces_or_in_part() {
    let prefixes = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
    let tags = [
        ("Whole", prefixes(&["192.0.2.0/24"])),
        ("Pieces", prefixes(&["192.0.2.0/26", "192.0.2.64/26", "192.0.2.128/25"])),
        ("Part", prefixes(&["192.0.2.16/28", "192.0.2.32/32"])),
        ("Beside", prefixes(&["192.0.3.0/24"])),
    ];
    let file = made(1, &tags);
    let file = parse("f.json", &file);
    let index = HolderIndex::new(&file).unwrap();
    let held = index.prefix(Prefix::parse("192.0.2.0/24").unwrap());
    let told: Vec<_> = held.iter().map(|held| (held.tag.name(), held.extent)).collect();
    assert_eq!(told[0], ("Whole", Extent::Within(Prefix::parse("192.0.2.0/24").unwrap())));
    assert_eq!(told[1], ("Pieces", Extent::Pieces(3)));
    assert_eq!(told[2], ("Part", Extent::Part(17.into())));
    assert_eq!(told.len(), 3);
}

/// Prefixes crowded into 64 addresses at either end of the space, so that they nest.
fn prefix() -> impl Strategy<Value = Prefix> {
    (any::<bool>(), any::<bool>(), 0_u32..64, 0_u8..7).prop_map(|(v6, high, offset, host_bits)| {
        let base = if high { 0xffff_ffc0 } else { 0 };
        let low = base | (offset >> host_bits << host_bits);
        let address: IpAddr = if v6 {
            Ipv6Addr::from(if high {
                u128::MAX - 63 + u128::from(low & 63)
            } else {
                u128::from(low) | 0x2001 << 112
            })
            .into()
        } else {
            Ipv4Addr::from(low).into()
        };
        Prefix::new(address, if v6 { 128 } else { 32 } - host_bits).unwrap()
    })
}

proptest! {
    #[test]
    fn an_index_answers_as_looking_at_every_prefix_does(
        tags in prop::collection::vec(prop::collection::vec(prefix(), 0..6), 1..6),
        query in prefix(),
    ) {
        let names: Vec<String> = (0..tags.len()).map(|number| format!("T{number}")).collect();
        let texts: Vec<(&str, Vec<String>)> = names.iter().zip(&tags)
            .map(|(name, prefixes)| (name.as_str(), prefixes.iter().map(ToString::to_string).collect())).collect();
        let file = made(1, &texts);
        let file = parse("f.json", &file);
        let index = HolderIndex::new(&file).unwrap();
        let mut by_address: Vec<&str> = index.address(query.first()).iter().map(|held| held.tag.name()).collect();
        by_address.sort_unstable();
        let naive: Vec<&str> = names.iter().zip(&tags)
            .filter(|(_, prefixes)| prefixes.iter().any(|prefix| prefix.contains(query.first())))
            .map(|(name, _)| name.as_str()).collect();
        prop_assert_eq!(&by_address, &naive);
        prop_assert_eq!(index.holds(query.first()), !naive.is_empty());

        let wanted = PrefixSet::from(query);
        let held = index.prefix(query);
        for (name, prefixes) in names.iter().zip(&tags) {
            let own: PrefixSet = prefixes.iter().collect();
            let common = own.intersection(&wanted);
            let found = held.iter().find(|held| held.tag.name() == name).map(|held| held.extent);
            match found {
                None => prop_assert!(common.is_empty()),
                Some(Extent::Within(prefix)) => {
                    prop_assert!(prefixes.contains(&prefix) && prefix.covers(query));
                    let closest = prefixes.iter().filter(|prefix| prefix.covers(query)).map(|prefix| prefix.length()).max();
                    prop_assert_eq!(Some(prefix.length()), closest);
                }
                Some(Extent::Pieces(_)) => prop_assert!(own.covers(&query) && !prefixes.iter().any(|prefix| prefix.covers(query))),
                Some(Extent::Part(count)) => {
                    prop_assert_eq!(count, common.count(query.family()));
                    prop_assert!(!own.covers(&query) && !common.is_empty());
                }
            }
        }
    }
}
