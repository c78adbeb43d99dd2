//! What no program that reads a range file can go below: read it, and let `serde_json` parse it into borrowed structs.

use std::borrow::Cow;
use std::fs;
use std::hint::black_box;

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
#[expect(dead_code, reason = "parsed, not read")]
struct Properties<'a> {
    #[serde(borrow, rename = "addressPrefixes")]
    address_prefixes: Vec<Text<'a>>,
}

/// Borrowed: a bare `Cow` inside a list would be copied.
#[derive(Deserialize)]
#[expect(dead_code, reason = "parsed, not read")]
struct Text<'a>(#[serde(borrow)] Cow<'a, str>);

/// All that the floor's process does.
pub(crate) fn run(path: &str) {
    let bytes = fs::read(path).expect("readable");
    black_box(parse(&bytes));
}

/// The parse alone.
pub(crate) fn parse(bytes: &[u8]) -> File<'_> {
    serde_json::from_slice(bytes).expect("a range file")
}
