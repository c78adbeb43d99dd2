//! One model for all shapes.

use portbook::ranges::{Figures, RangeFile, Shape};

use crate::{bytes, made, parse};

#[test]
fn a_weekly_file_with_either_line_end_and_with_a_byte_order_mark() {
    let plain = bytes("ServiceTags_Public_20251103.json");
    let crlf = String::from_utf8(plain.clone()).unwrap().replace('\n', "\r\n").into_bytes();
    let marked = [b"\xef\xbb\xbf".as_slice(), &plain].concat();
    let figures = Figures::of(&parse("f.json", &plain)).unwrap();
    assert_eq!((figures.tags, figures.prefixes, figures.ipv6_only_tags), (5, 14, 1));
    for other in [crlf, marked] {
        assert_eq!(Figures::of(&parse("f.json", &other)).unwrap(), figures);
    }
    let file = parse("x/ServiceTags_Public_20251103.json", &plain);
    assert_eq!(file.label(), "ServiceTags_Public_20251103.json change 376");
    assert_eq!((file.shape(), file.cloud(), file.next_link()), (Shape::ServiceTags, Some("Public"), None));
    let tag = file.find("Storage.FranceCentral").unwrap();
    assert_eq!(
        (tag.service(), tag.region(), tag.change_number()),
        ("AzureStorage", "centralfrance", Some(2))
    );
}

/// Files before August 2020 lack `regionId` and `networkFeatures`; both may be null or empty since.
#[test]
fn the_fields_of_every_year() {
    let properties = [
        r#"{"changeNumber": 1, "region": "", "platform": "Azure", "systemService": "", "addressPrefixes": []}"#,
        r#"{"changeNumber": 1, "region": "", "regionId": 0, "platform": "Azure", "systemService": "", "addressPrefixes": [], "networkFeatures": null}"#,
        r#"{"changeNumber": 1, "region": "x", "regionId": 5, "platform": "Azure", "systemService": "A", "addressPrefixes": [], "networkFeatures": ["", "NSG"]}"#,
    ];
    for properties in properties {
        let text = format!(
            r#"{{"changeNumber": 82, "cloud": "Public", "values": [{{"name": "A", "id": "A", "properties": {properties}}}]}}"#
        );
        let file = parse("f.json", text.as_bytes());
        assert!(file.tag("A").unwrap().unwrap().is_empty(), "an empty tag is legal data");
    }
}

#[test]
fn an_answer_of_the_discovery_api_bare_and_as_published() {
    let bare = bytes("discovery-api.json");
    let wrapped = format!(
        r#"{{"parameters": {{"location": "x"}}, "responses": {{"200": {{"body": {}}}}}}}"#,
        String::from_utf8(bare.clone()).unwrap()
    );
    for bytes in [bare.as_slice(), wrapped.as_bytes()] {
        let file = parse("answer.json", bytes);
        assert_eq!((file.shape(), file.change_number()), (Shape::DiscoveryApi, Some(63)));
        assert_eq!(file.next_link(), Some("https://management.example/page2"));
        assert_eq!(file.tag("ServiceBus").unwrap().unwrap().prefixes().count(), 2);
        assert_eq!(file.find("ServiceBus").unwrap().change_number(), Some(10));
    }
    let outer = r#"{"nextLink": "https://x", "responses": {"200": {"body": {"changeNumber": "1", "cloud": "Public", "values": []}}}}"#;
    assert_eq!(parse("answer.json", outer.as_bytes()).next_link(), Some("https://x"));
    let whole = String::from_utf8(bare).unwrap().replace("\"https://management.example/page2\"", "null");
    assert_eq!(parse("answer.json", whole.as_bytes()).next_link(), None);
}

#[test]
fn the_old_xml() {
    let xml = bytes("PublicIPs_20200824.xml");
    let file = parse("PublicIPs_20200824.xml", &xml);
    assert_eq!((file.shape(), file.cloud(), file.change_number()), (Shape::PublicIps, None, None));
    assert_eq!(file.label(), "PublicIPs_20200824.xml");
    assert_eq!(file.tag("australiac2").unwrap().unwrap().to_string(), "192.0.2.0/26");
    assert_eq!(file.whole().unwrap().to_string(), "192.0.2.0/26, 198.51.100.0/24");
    assert_eq!(file.find("europewest").unwrap().region(), "europewest");
}

#[test]
fn a_plain_list() {
    let text = b"# ours\n192.0.2.0/25\r\n192.0.2.128/25  # the other half\n\n2001:db8::1\n";
    let file = parse("list.txt", text);
    assert_eq!(file.shape(), Shape::List);
    assert_eq!(file.whole().unwrap().to_string(), "192.0.2.0/24, 2001:db8::1/128");
}

/// A locked file is read tag by tag; what is never asked for is never parsed.
#[test]
fn a_checked_file_is_read_where_it_is_asked() {
    let file = made(7, &[("A", vec!["192.0.2.0/24".to_owned()]), ("B", vec!["192.0.2.1/24".to_owned()])]);
    assert!(RangeFile::parse("f.json", &file).is_err());
    let open = RangeFile::open_checked("f.json", &file).unwrap();
    assert_eq!(open.tag("A").unwrap().unwrap().to_string(), "192.0.2.0/24");
    assert!(open.tag("B").is_err(), "a broken prefix is found when its tag is asked for");
    assert!(open.whole().is_err());
    assert!(open.tag("C").unwrap().is_none());
}
