//! What no program of this kind can go below: the same work with `serde_json`, `ipnet` and nothing else.

use std::borrow::Cow;
use std::fs;
use std::hint::black_box;
use std::io::Write as _;

use ipnet::IpNet;
use serde::Deserialize;

#[derive(Deserialize)]
#[expect(dead_code, reason = "parsed, not read")]
pub(crate) struct File<'a> {
    #[serde(rename = "changeNumber")]
    change_number: u64,
    #[serde(borrow)]
    cloud: Cow<'a, str>,
    #[serde(borrow)]
    values: Vec<Tag<'a>>,
}

#[derive(Deserialize)]
#[expect(dead_code, reason = "parsed, not read")]
struct Tag<'a> {
    #[serde(borrow)]
    name: Cow<'a, str>,
    #[serde(borrow)]
    properties: Properties<'a>,
}

#[derive(Deserialize)]
struct Properties<'a> {
    #[serde(borrow, rename = "addressPrefixes")]
    address_prefixes: Vec<Text<'a>>,
}

/// Borrowed: a bare `Cow` inside a list would be copied.
#[derive(Deserialize)]
struct Text<'a>(#[serde(borrow)] Cow<'a, str>);

/// What the process of a floor does: reads, parses into borrowed structs.
pub(crate) fn run(path: &str) {
    let bytes = fs::read(path).expect("readable");
    black_box(parse(&bytes));
}

/// The same, and every prefix.
pub(crate) fn run_prefixes(path: &str) {
    let bytes = fs::read(path).expect("readable");
    black_box(nets(&parse(&bytes)));
}

/// The same, and the union of all of them.
pub(crate) fn run_weekly_aggregate(path: &str) {
    let bytes = fs::read(path).expect("readable");
    print(&IpNet::aggregate(&nets(&parse(&bytes)).concat()));
}

/// A list of prefixes to the fewest of them.
pub(crate) fn run_aggregate(path: &str) {
    let text = fs::read_to_string(path).expect("readable");
    let nets: Vec<IpNet> = text.lines().map(|line| line.parse().expect("a prefix")).collect();
    print(&IpNet::aggregate(&nets));
}

fn print(nets: &[IpNet]) {
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    for net in nets {
        writeln!(out, "{net}").expect("written");
    }
}

fn nets(file: &File<'_>) -> Vec<Vec<IpNet>> {
    let tag = |tag: &Tag<'_>| {
        tag.properties.address_prefixes.iter().map(|text| text.0.parse().expect("a prefix")).collect()
    };
    file.values.iter().map(tag).collect()
}

/// All prefixes of a file, as texts.
pub(crate) fn texts(bytes: &[u8]) -> Vec<String> {
    let file = parse(bytes);
    file.values
        .iter()
        .flat_map(|tag| &tag.properties.address_prefixes)
        .map(|text| text.0.to_string())
        .collect()
}

/// The parse alone.
pub(crate) fn parse(bytes: &[u8]) -> File<'_> {
    serde_json::from_slice(bytes).expect("a range file")
}
