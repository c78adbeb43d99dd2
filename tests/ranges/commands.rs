//! `portbook ranges` for programs; its text is in tests/cmd/ranges.trycmd.

use std::io::Write as _;
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::{fixture, portbook, stderr, stdout};

fn ranges(arguments: &[&str]) -> std::process::Output {
    portbook(&fixture(""), &[&["ranges"], arguments].concat())
}

fn with_input(arguments: &[&str], input: &[u8]) -> std::process::Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_portbook"))
        .current_dir(fixture(""))
        .arg("ranges")
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(input).unwrap();
    child.wait_with_output().unwrap()
}

#[test]
fn info_is_one_object_a_file_with_stable_keys() {
    let output =
        ranges(&["info", "ServiceTags_Public_20251103.json", "PublicIPs_20200824.xml", "--format", "json"]);
    let objects: Vec<Value> =
        serde_json::Deserializer::from_slice(&output.stdout).into_iter().collect::<Result<_, _>>().unwrap();
    assert_eq!(objects.len(), 2);
    let expected: [(&str, Value); 11] = [
        ("cloud", "Public".into()),
        ("change_number", 376.into()),
        ("tags", 5.into()),
        ("prefixes", 14.into()),
        ("unique_prefixes", 11.into()),
        ("ipv4_unique", 7.into()),
        ("ipv6_unique", 4.into()),
        ("ipv4_aggregated", 4.into()),
        ("ipv6_aggregated", 1.into()),
        ("ipv4_addresses", 328.into()),
        ("date", "2025-11-03".into()),
    ];
    for (key, value) in expected {
        assert_eq!(objects[0][key], value, "{key}: {:#}", objects[0]);
    }
    assert_eq!(objects[1]["cloud"], Value::Null);
    let header = |output: std::process::Output| stdout(&output).lines().next().unwrap().to_owned();
    let csv = header(ranges(&["info", "ServiceTags_Public_20251103.json", "--format", "csv"]));
    assert!(csv.contains("ipv4_aggregated") && csv.contains("sha256"), "{csv}");
}

#[test]
fn standard_input_is_a_file_like_any_other() {
    let file = std::fs::read(fixture("ServiceTags_Public_20251103.json")).unwrap();
    let output = with_input(&["aggregate", "--all", "--ranges", "-", "--family", "4"], &file);
    assert_eq!(stdout(&output), "192.0.2.0/26\n192.0.2.64/29\n198.51.100.0/25\n203.0.113.0/25\n");
    let output = with_input(&["info", "-"], &file[..50]);
    assert!(stderr(&output).contains("standard input is not a range file: EOF"), "{}", stderr(&output));
}

/// A device whose mask is its own takes lists that only look like ours: what is made from one is exact too.
#[test]
fn plain_lists_are_joined() {
    let output =
        with_input(&["aggregate", "--all", "--ranges", "-"], b"10.0.0.0/25\n10.0.0.128/25\n10.0.0.5\n");
    assert_eq!(stdout(&output), "10.0.0.0/24\n");
}

#[test]
fn an_empty_union_is_an_error_and_an_empty_tag_a_warning() {
    let file = "ServiceTags_Public_20251103.json";
    let output = ranges(&["aggregate", "AzureSignalR.FranceCentral", "--family", "4", "--ranges", file]);
    assert_eq!((output.status.code(), stdout(&output).as_str()), (Some(2), ""));
    assert!(
        stderr(&output).contains("error[empty-service-tag]: AzureSignalR.FranceCentral has no IPv4 address")
    );
    let both = ["aggregate", "ServiceBus", "AzureSignalR.FranceCentral", "--family", "4", "--ranges", file];
    let output = ranges(&both);
    assert_eq!(stdout(&output), "203.0.113.8/29\n203.0.113.64/27\n");
    assert!(stderr(&output).contains("warning[empty-service-tag]: AzureSignalR.FranceCentral has no IPv4"));
    let output = ranges(&["show", "AzureSignalR.FranceCentral", "--family", "4", "--ranges", file]);
    assert_eq!((output.status.code(), stdout(&output).as_str()), (Some(0), ""));
    assert!(stderr(&output).contains("warning[empty-service-tag]"));
}

#[test]
fn several_clouds_are_not_joined() {
    let files = [
        "--ranges",
        "ServiceTags_Public_20251103.json",
        "--ranges",
        "ServiceTags_AzureGovernment_20251103.json",
    ];
    let output = ranges(&[&["aggregate", "AzureActiveDirectory"], files.as_slice()].concat());
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("error[several-range-files]"), "{}", stderr(&output));
    let output = ranges(
        &[&["aggregate", "AzureActiveDirectory", "--cloud", "us-government"], files.as_slice()].concat(),
    );
    assert_eq!(stdout(&output), "192.0.2.128/26\n");
    let lookup = ranges(&[&["lookup", "192.0.2.129", "192.0.2.1", "--tags-only"], files.as_slice()].concat());
    assert!(
        stdout(&lookup).contains("AzureGovernment") && stdout(&lookup).contains("Public"),
        "{}",
        stdout(&lookup)
    );
}

#[test]
fn look_ups_by_the_thousand() {
    let addresses: Vec<String> =
        (0..2_000).map(|number| format!("203.0.{}.{}", number / 256, number % 256)).collect();
    let addresses = addresses.join("\n");
    let file = "ServiceTags_Public_20251103.json";
    let output = with_input(&["lookup", "-", "--format", "csv", "--ranges", file], addresses.as_bytes());
    assert_eq!(output.status.code(), Some(1), "not all are held: {}", stderr(&output));
    let mut reader = csv::Reader::from_reader(output.stdout.as_slice());
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    let of = |query: &str| rows.iter().filter(|row| &row[0] == query).collect::<Vec<_>>();
    assert!(of("203.0.0.1")[0][4].eq("none") && of("203.0.7.100").len() == 1);
    let output = with_input(
        &["lookup", "-", "--format", "json", "--ranges", file],
        b"203.0.113.9\n# none\n\n192.0.2.1\n",
    );
    let lines: Vec<Value> = stdout(&output).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!((lines.len(), &lines[0]["tags"][0]["tag"]), (2, &"ServiceBus".into()));
    let uses = lines[0]["tags"][0]["requirements"].as_array().unwrap();
    assert!(
        uses.iter()
            .any(|each| each["scenario"] == "cloud-sync" && each["host"] == "*.servicebus.windows.net"),
        "{uses:?}"
    );
    let output = with_input(&["lookup", "-", "--ranges", file], b"203.0.113.9\n203.0.113.9/25\nx\n");
    assert_eq!(output.status.code(), Some(2));
    assert!(
        stderr(&output).contains("host-bits-set") && stderr(&output).contains("invalid-prefix"),
        "all at once"
    );
}

#[test]
fn a_difference_for_programs() {
    let files = ["ServiceTags_Public_20251028.json", "ServiceTags_Public_20251103.json"];
    let output = ranges(&["diff", files[0], files[1], "--format", "json"]);
    assert_eq!(output.status.code(), Some(1));
    let value: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(value["format"], "portbook-range-diff/1");
    assert_eq!(value["all_tags"]["ipv4_addresses_added"], 8);
    let tag =
        |name: &str| value["tags"].as_array().unwrap().iter().find(|tag| tag["tag"] == name).unwrap().clone();
    assert_eq!(tag("ServiceBus")["removed"], serde_json::json!(["203.0.113.96/27"]));
    assert_eq!(tag("Storage.FranceCentral")["change"], "regrouped");
    let output = ranges(&["diff", files[0], files[1], "--tag", "Storage.FranceCentral"]);
    assert_eq!(output.status.code(), Some(0), "regrouped prefixes are no difference");
    let output = ranges(&["diff", files[0], files[1], "--tag", "Storage.FranceCentrale"]);
    assert!(stderr(&output).contains("did you mean `Storage.FranceCentral`?"), "{}", stderr(&output));
    let output = ranges(&["diff", files[0], "ServiceTags_AzureGovernment_20251103.json"]);
    assert!(stderr(&output).contains("error[ranges-wrong-cloud]"), "{}", stderr(&output));
    let csv = stdout(&ranges(&["diff", files[0], files[1], "--format", "csv"]));
    assert!(csv.contains("ServiceBus,narrowed,removed,IPv4,203.0.113.96/27,32\n"), "{csv}");
}

/// A union that lacks a page would be taken for the whole; everything else says so.
#[test]
fn one_page_of_several() {
    let output = ranges(&["aggregate", "--all", "--ranges", "discovery-api.json"]);
    assert_eq!((output.status.code(), stdout(&output).as_str()), (Some(2), ""));
    assert!(stderr(&output).contains("error[ranges-incomplete]"), "{}", stderr(&output));
    for arguments in [&["tags"][..], &["show", "ServiceBus"], &["lookup", "203.0.113.9", "--tags-only"]] {
        let output = ranges(&[arguments, &["--ranges", "discovery-api.json"]].concat());
        assert!(output.status.success());
        assert!(stderr(&output).contains("warning[ranges-incomplete]"), "{}", stderr(&output));
    }
}

/// The old XML and lists name no cloud: no rule is made from them.
#[test]
fn rules_take_service_tags_only() {
    let open = tempfile::Builder::new().suffix(".json").tempfile().unwrap();
    let private = crate::made(1, &[("AzureCloud", vec!["0.0.0.0/0".to_owned()])]);
    std::fs::write(open.path(), private).unwrap();
    for file in ["PublicIPs_20200824.xml", "discovery-api.json", open.path().to_str().unwrap()] {
        let output = portbook(
            &fixture(""),
            &["generate", "cloud-sync", "--cloud", "public", "--target", "csv", "--ranges", file],
        );
        assert_eq!((output.status.code(), stdout(&output).as_str()), (Some(2), ""), "{file}");
        assert!(stderr(&output).contains("error[ranges-"), "{}", stderr(&output));
    }
}
