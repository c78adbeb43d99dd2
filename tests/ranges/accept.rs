//! Whether a new file may take the place of the kept one.

use std::collections::BTreeSet;

use jiff::civil::date;
use portbook::finding::Code;
use portbook::ranges::RangeFile;
use portbook::ranges::accept::{Age, Bounds, check, compare, older, plausible};

use crate::{bytes, made, parse};

fn codes(old: &[u8], new: &[u8], bounds: Bounds) -> Vec<Code> {
    let (old, new) = (parse("old.json", old), parse("new.json", new));
    let leaned = BTreeSet::from(["Leaned".to_owned()]);
    match compare((&old, None), (&new, None), &leaned, bounds) {
        Ok(_) => Vec::new(),
        Err(findings) => findings.iter().map(|finding| finding.code).collect(),
    }
}

fn tags(count: u32, first: u32) -> Vec<u8> {
    let names: Vec<String> = (first..first + count).map(|number| format!("T{number}")).collect();
    let tags: Vec<(&str, Vec<String>)> =
        names.iter().map(|name| (name.as_str(), vec!["192.0.2.0/24".to_owned()])).collect();
    made(7, &tags)
}

#[test]
fn losses_up_to_the_bound() {
    let twenty = tags(20, 0);
    assert_eq!(codes(&twenty, &tags(19, 0), Bounds::default()), [], "5 % is not more than 5 %");
    assert_eq!(codes(&twenty, &tags(18, 0), Bounds::default()), [Code::RangesShrunk]);
    assert_eq!(
        codes(&twenty, &tags(20, 2), Bounds::default()),
        [Code::RangesShrunk],
        "new tags make up for none"
    );
    let wide = Bounds { loss_percent: 50.0, ..Bounds::default() };
    assert_eq!(codes(&twenty, &tags(11, 0), wide), []);
    assert_eq!(codes(&twenty, &tags(1, 0), Bounds { shrink: true, ..Bounds::default() }), []);
}

#[test]
fn lost_addresses_of_either_family() {
    let one = |prefixes: &[&str]| made(7, &[("A", prefixes.iter().map(|text| (*text).to_owned()).collect())]);
    let old = one(&["192.0.2.0/24", "2001:db8::/32"]);
    assert_eq!(
        codes(&old, &one(&["192.0.2.0/25", "192.0.2.128/25", "2001:db8::/32"]), Bounds::default()),
        []
    );
    assert_eq!(
        codes(&old, &one(&["192.0.2.0/25", "2001:db8::/32"]), Bounds::default()),
        [Code::RangesShrunk]
    );
    assert_eq!(
        codes(&old, &one(&["192.0.2.0/24", "2001:db8::/33"]), Bounds::default()),
        [Code::RangesShrunk]
    );
    assert_eq!(codes(&old, &one(&["192.0.2.0/24"]), Bounds::default()), [Code::RangesShrunk], "all of IPv6");
}

#[test]
fn older_by_date_or_by_number_where_a_date_is_missing() {
    let (seven, eight) = (
        made(7, &[("A", vec!["192.0.2.0/24".to_owned()])]),
        made(8, &[("A", vec!["192.0.2.0/24".to_owned()])]),
    );
    assert_eq!(codes(&eight, &seven, Bounds::default()), [Code::RangesOlder]);
    assert_eq!(codes(&eight, &seven, Bounds { older: true, ..Bounds::default() }), []);
    assert_eq!(codes(&seven, &eight, Bounds::default()), []);
    // Numbers were reused: dates win.
    let (old, new) = (parse("old.json", &eight), parse("new.json", &seven));
    let at = |file, day| Age::of(file, Some(date(2020, 4, day)));
    let older = |before: &Age, now: &Age| older(before, now, Bounds::default()).map(|finding| finding.code);
    assert_eq!(older(&at(&old, 1), &at(&new, 27)), None);
    assert_eq!(older(&at(&old, 2), &at(&new, 1)), Some(Code::RangesOlder));
    assert_eq!(older(&at(&old, 1), &at(&new, 1)), None, "published again on one day");
    // The Discovery API counts otherwise: whether its answer is older cannot be told.
    let api = bytes("discovery-api.json");
    let api = parse("api.json", &api);
    assert_eq!(older(&Age::of(&new, None), &Age::of(&api, None)), Some(Code::RangesOlder));
    assert_eq!(older(&at(&new, 1), &at(&api, 2)), None);
}

#[test]
fn only_whole_files_of_the_cloud_are_kept() {
    let code = |bytes: &[u8], word: &str| -> Vec<Code> {
        let file: RangeFile<'_> = parse("f", bytes);
        check(&file, word).err().into_iter().flatten().map(|finding| finding.code).collect()
    };
    let weekly = bytes("ServiceTags_Public_20251103.json");
    assert_eq!(code(&weekly, "Public"), []);
    assert_eq!(code(&weekly, "China"), [Code::RangesWrongCloud]);
    assert_eq!(code(&bytes("discovery-api.json"), "Public"), [Code::RangesIncomplete]);
    assert_eq!(code(&bytes("PublicIPs_20200824.xml"), "Public"), [Code::RangesUnreadable]);
    assert_eq!(code(b"192.0.2.0/24", "Public"), [Code::RangesUnreadable]);
    assert_eq!(
        code(br#"{"changeNumber": 1, "cloud": "Public", "values": []}"#, "Public"),
        [Code::RangesUnreadable]
    );
}

/// One tag is small in the whole and cuts a service off.
#[test]
fn the_loss_of_a_tag_that_rules_lean_on() {
    let large = || ("Large", vec!["192.0.0.0/16".to_owned(), "2001:db8::/32".to_owned()]);
    let with = |prefixes: &[&str]| {
        made(7, &[large(), ("Leaned", prefixes.iter().map(|text| (*text).to_owned()).collect())])
    };
    let old = with(&["192.0.2.0/25", "192.0.2.128/28"]);
    assert_eq!(
        codes(&old, &with(&["192.0.2.0/25", "192.0.2.128/28", "192.0.3.0/24"]), Bounds::default()),
        []
    );
    assert_eq!(codes(&old, &with(&["192.0.2.0/25"]), Bounds::default()), [Code::RangesShrunk]);
    assert_eq!(codes(&old, &with(&[]), Bounds::default()), [Code::RangesShrunk], "emptied");
    let twenty: Vec<String> = (0..30).map(|number| format!("T{number}")).collect();
    let many = |leaned: bool| {
        let mut tags = vec![large()];
        tags.extend(twenty.iter().map(|name| (name.as_str(), vec!["192.0.2.0/24".to_owned()])));
        tags.extend(leaned.then(|| ("Leaned", vec!["192.0.2.0/24".to_owned()])));
        made(7, &tags)
    };
    assert_eq!(codes(&many(true), &many(false), Bounds::default()), [Code::RangesShrunk], "gone");
}

#[test]
fn growth_beyond_the_bound() {
    let of = |prefix: &str| made(7, &[("A", vec!["192.0.2.0/24".to_owned(), prefix.to_owned()])]);
    let old = of("192.0.2.0/24");
    assert_eq!(
        codes(&old, &of("192.0.3.0/26"), Bounds::default()),
        [],
        "a quarter is not more than a quarter"
    );
    assert_eq!(codes(&old, &of("192.0.3.0/25"), Bounds::default()), [Code::RangesGrown]);
    assert_eq!(codes(&old, &of("192.0.3.0/25"), Bounds { growth: true, ..Bounds::default() }), []);
}

/// Space that is nobody's on the Internet never reaches a rule.
#[test]
fn implausible_space() {
    for prefix in [
        "0.0.0.0/0",
        "::/0",
        "10.1.0.0/16",
        "172.0.0.0/8",
        "127.0.0.1/32",
        "224.0.0.0/24",
        "255.255.255.255/32",
        "fd00::/16",
        "fe80::1/128",
        "ff02::1/128",
        "::1/128",
    ] {
        let file = made(7, &[("A", vec!["192.0.2.0/24".to_owned()]), ("B", vec![prefix.to_owned()])]);
        let findings = plausible(&parse("f.json", &file)).unwrap_err();
        let messages: Vec<&str> = findings.iter().map(|finding| finding.message.as_str()).collect();
        assert_eq!(messages, [format!("f.json change 7 has {prefix} in tag B")]);
    }
    assert!(plausible(&parse("f.json", &bytes("ServiceTags_Public_20251103.json"))).is_ok());
}
