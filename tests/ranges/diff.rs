//! Differences by address.

use portbook::address::Family;
use portbook::ranges::Tag;
use portbook::ranges::diff::{RangeDiff, TagChange};
use proptest::prelude::*;

use crate::{bytes, made, parse};

#[test]
fn splitting_merging_and_numbers_are_no_change() {
    let (old, new) = (bytes("ServiceTags_Public_20251028.json"), bytes("ServiceTags_Public_20251103.json"));
    let (old, new) = (parse("old.json", &old), parse("new.json", &new));
    let diff = RangeDiff::of(&old, &new).unwrap();
    let told: Vec<(&str, TagChange)> = diff.tags.iter().map(|tag| (tag.name.as_str(), tag.change)).collect();
    assert_eq!(
        told,
        [
            ("AzureActiveDirectory", TagChange::Widened),
            ("ServiceBus", TagChange::Narrowed),
            ("Storage.FranceCentral", TagChange::Regrouped),
            ("AzureSignalR.FranceCentral", TagChange::Added),
            ("AzureCloud", TagChange::Widened),
            ("GatewayManager.FranceSouth", TagChange::Removed),
        ]
    );
    assert_eq!(diff.same, 0);
    assert_eq!(diff.all.added.to_string(), "192.0.2.64/29");
    assert!(diff.all.removed.is_empty(), "what ServiceBus lost is still in AzureCloud");
    assert_eq!(diff.tags[1].addresses.removed.to_string(), "203.0.113.96/27");
    assert!(diff.differs());
    let same = RangeDiff::of(&new, &new).unwrap();
    assert!(!same.differs() && same.tags.is_empty() && same.same == 5);
}

/// Prefixes of eight addresses, in a few tags.
fn tags() -> impl Strategy<Value = Vec<Vec<String>>> {
    let prefix = (0_u8..8, 0_u8..4)
        .prop_map(|(offset, bits)| format!("192.0.2.{}/{}", offset >> bits << bits, 32 - bits));
    prop::collection::vec(prop::collection::vec(prefix, 0..4), 1..5)
}

fn file(tags: &[Vec<String>]) -> Vec<u8> {
    let names: Vec<String> = (0..tags.len()).map(|number| format!("T{number}")).collect();
    let tags: Vec<(&str, Vec<String>)> = names.iter().map(String::as_str).zip(tags.iter().cloned()).collect();
    made(1, &tags)
}

proptest! {
    #[test]
    fn a_difference_leads_from_one_file_to_the_other(old in tags(), new in tags()) {
        let (old, new) = (file(&old), file(&new));
        let (old, new) = (parse("old", &old), parse("new", &new));
        let there = RangeDiff::of(&old, &new).unwrap();
        let back = RangeDiff::of(&new, &old).unwrap();
        prop_assert_eq!(there.differs(), back.differs());
        prop_assert_eq!(&there.all.added, &back.all.removed);
        prop_assert_eq!(&there.all.removed, &back.all.added);
        prop_assert_eq!(old.whole().unwrap().union(&there.all.added).difference(&there.all.removed), new.whole().unwrap());
        for tag in &there.tags {
            let before = old.tag(&tag.name).unwrap();
            let after = new.tag(&tag.name).unwrap();
            prop_assert_eq!(tag.change == TagChange::Added, before.is_none());
            prop_assert_eq!(tag.change == TagChange::Removed, after.is_none());
            let (before, after) = (before.unwrap_or_default(), after.unwrap_or_default());
            prop_assert_eq!(before.union(&tag.addresses.added).difference(&tag.addresses.removed), after);
            prop_assert!(tag.addresses.added.is_disjoint(&tag.addresses.removed));
            prop_assert!(tag.addresses.gained(Family::V6).is_zero());
        }
        let told = there.tags.len();
        let all = old.tags().iter().chain(new.tags()).map(Tag::name).collect::<std::collections::BTreeSet<_>>().len();
        prop_assert_eq!(told + there.same, all);
    }
}
