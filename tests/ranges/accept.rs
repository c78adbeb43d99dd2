//! Whether a new file may take the place of the kept one.

use jiff::civil::date;
use portbook::finding::Code;
use portbook::ranges::RangeFile;
use portbook::ranges::accept::{Bounds, Dated, check, compare};

use crate::{bytes, made, parse};

fn codes(old: &[u8], new: &[u8], bounds: Bounds) -> Vec<Code> {
    let (old, new) = (parse("old.json", old), parse("new.json", new));
    let dated = |file| Dated { file, date: None };
    match compare(&dated(&old), &dated(&new), bounds) {
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
    let at = |file, day| Dated { file, date: Some(date(2020, 4, day)) };
    assert!(compare(&at(&old, 1), &at(&new, 27), Bounds::default()).is_ok());
    assert!(compare(&at(&old, 2), &at(&new, 1), Bounds::default()).is_err());
    assert!(compare(&at(&old, 1), &at(&new, 1), Bounds::default()).is_ok(), "published again on one day");
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
