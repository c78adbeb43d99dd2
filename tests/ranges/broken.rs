//! What is wrong, where, and in which tag.

use std::fmt::Write as _;

use portbook::finding::{Style, to_text};
use portbook::ranges::RangeFile;

use crate::bytes;

/// Every way in which a file can be broken that has a message of its own.
fn cases() -> Vec<(&'static str, String)> {
    let whole = String::from_utf8(bytes("ServiceTags_Public_20251103.json")).unwrap();
    let xml = String::from_utf8(bytes("PublicIPs_20200824.xml")).unwrap();
    let with = |old: &str, new: &str| {
        assert!(whole.contains(old), "{old}");
        whole.replacen(old, new, 1)
    };
    vec![
        ("a page in place of the file", "<!DOCTYPE html>\n<html><body>Sorry</body></html>".to_owned()),
        ("nothing", String::new()),
        ("an empty object", "{}".to_owned()),
        ("a list", "[]".to_owned()),
        ("something else", "Hello, world".to_owned()),
        ("JSON of something else", r#"{"changeNumber": 1, "cloud": "Public", "prefixes": []}"#.to_owned()),
        ("cut in a text", whole[..whole.len() / 2].to_owned()),
        ("cut at the end", whole[..whole.len() - 1].to_owned()),
        ("more behind the end", format!("{whole} x")),
        ("no prefix", with("203.0.113.0/29", "azure")),
        ("host bits", with("203.0.113.0/29", "203.0.113.1/29")),
        ("length", with("203.0.113.0/29", "203.0.113.0/33")),
        ("IPv6 length", with("2001:db8:b:1::/64", "2001:db8:b:1::/129")),
        ("IPv4 written as IPv6", with("2001:db8:b:1::/64", "::ffff:192.0.2.0/120")),
        ("a prefix with an escape", with("203.0.113.0/29", "203.0.113.0\\/28x")),
        ("two of them", with("203.0.113.0/29", "x").replacen("2001:db8:b:1::/64", "y", 1)),
        ("a number among the prefixes", with("\"203.0.113.0/29\"", "7")),
        ("no list of prefixes", with("[\n          \"203.0.113.0/29\"\n        ]", "\"203.0.113.0/29\"")),
        ("a tag twice", with("\"name\": \"ServiceBus\"", "\"name\": \"AzureCloud\"")),
        ("a key twice", with("\"cloud\": \"Public\",", "\"cloud\": \"Public\",\n  \"cloud\": \"China\",")),
        ("a change number that is none", with("\"changeNumber\": 376", "\"changeNumber\": -1")),
        ("XML of something else", "<Ranges><Region/></Ranges>".to_owned()),
        ("XML that ends too early", xml[..xml.len() / 2].to_owned()),
        ("XML with a broken prefix", xml.replacen("192.0.2.32/27", "192.0.2.33/27", 1)),
        ("XML without a subnet", xml.replacen("Subnet=\"192.0.2.32/27\"", "", 1)),
        ("XML with a region twice", xml.replacen("europewest", "australiac2", 1)),
        ("XML with a text", xml.replacen("<Region", "text<Region", 1)),
        (
            "XML with an entity",
            format!(
                "<!DOCTYPE a [<!ENTITY b \"c\">]>{}",
                xml.replacen("<?xml version=\"1.0\" encoding=\"utf-8\"?>", "", 1)
            ),
        ),
        ("XML without a region", "<AzurePublicIpAddresses></AzurePublicIpAddresses>".to_owned()),
        ("a name with a line end", with("\"name\": \"ServiceBus\"", "\"name\": \"Service\\nBus\"")),
        ("an empty name", with("\"name\": \"ServiceBus\"", "\"name\": \"\"")),
        (
            "XML with an attribute twice",
            xml.replacen("Subnet=\"192.0.2.32/27\"", "Subnet=\"192.0.2.32/27\" Subnet=\"192.0.2.64/27\"", 1),
        ),
        ("XML with two roots", format!("{xml}<AzurePublicIpAddresses/>")),
        (
            "an answer that is none",
            r#"{"responses": {"404": {"body": {"changeNumber": "1", "cloud": "Public", "values": []}}}}"#
                .to_owned(),
        ),
        ("a list with a broken line", "192.0.2.0/24\n192.0.2.1/24\n".to_owned()),
    ]
}

#[test]
fn every_break_is_told_apart_with_its_place() {
    let mut told = String::new();
    for (name, text) in cases() {
        let _ = writeln!(told, "## {name}\n");
        let Err(findings) = RangeFile::parse("file", text.as_bytes()) else { panic!("{name} is taken") };
        assert!(!findings.is_empty());
        for finding in &findings {
            assert!(!finding.labels.is_empty(), "{name}: a place");
            told.push_str(&to_text(finding, Style::Plain));
        }
        told.push('\n');
    }
    insta::with_settings!({ snapshot_path => "../../snapshots/messages", prepend_module_to_snapshot => false }, {
        insta::assert_snapshot!("broken-range-files", told);
    });
}

#[test]
fn bytes_that_are_no_text_are_placed() {
    let mut file = bytes("ServiceTags_Public_20251103.json");
    let at = file.iter().position(|byte| *byte == b'\n').unwrap();
    file[at + 3] = 0xff;
    let findings = RangeFile::parse("file", &file).unwrap_err();
    let finding = findings.iter().next().unwrap();
    assert!(finding.message.contains("not UTF-8"), "{}", finding.message);
    assert_eq!(finding.labels[0].place.line_column(), (2, 3));
}

/// A file of another kind does not fill the terminal.
#[test]
fn thousands_of_broken_prefixes_are_counted() {
    let prefixes: Vec<String> = (0..5_000).map(|number| format!("x{number}")).collect();
    let findings = RangeFile::parse("file", &crate::made(1, &[("A", prefixes)])).unwrap_err();
    assert_eq!(findings.len(), 21);
    assert!(findings.iter().last().unwrap().message.contains("4980 more"));
}
