//! Service tags as JSON: the weekly file, and what the Discovery API answers.
//!
//! File: `changeNumber` (a number), `cloud`, `values`. API: the numbers are texts, `name`, `id`, `type` and `nextLink`
//! come on top, and Microsoft's published examples wrap the answer in `responses`, by status, as `body`.

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::finding::{Findings, Place};

use super::file::{Prefixes, RangeFile, Shape, Tag};
use super::problem;
use super::unread::{RawPrefixes, RawText};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawFile<'a> {
    #[serde(default, borrow)]
    change_number: Option<RawNumber<'a>>,
    #[serde(default, borrow)]
    cloud: Option<RawText<'a>>,
    #[serde(default, borrow)]
    values: Option<Vec<RawTag<'a>>>,
    #[serde(default, borrow)]
    next_link: Option<RawText<'a>>,
    #[serde(default, borrow)]
    responses: Option<RawResponses<'a>>,
}

/// Answers by status; only the good one counts.
#[derive(Deserialize)]
struct RawResponses<'a> {
    #[serde(default, borrow, rename = "200")]
    good: Option<RawResponse<'a>>,
}

#[derive(Deserialize)]
struct RawResponse<'a> {
    #[serde(default, borrow)]
    body: Option<Box<RawFile<'a>>>,
}

#[derive(Deserialize)]
struct RawTag<'a> {
    #[serde(borrow)]
    name: Cow<'a, str>,
    #[serde(borrow)]
    properties: RawProperties<'a>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawProperties<'a> {
    #[serde(default, borrow)]
    change_number: Option<RawNumber<'a>>,
    #[serde(default, borrow)]
    region: Cow<'a, str>,
    #[serde(default, borrow)]
    system_service: Cow<'a, str>,
    #[serde(borrow)]
    address_prefixes: RawPrefixes<'a>,
}

/// A number, which the API writes as a text.
#[derive(Deserialize)]
struct RawNumber<'a>(#[serde(borrow)] &'a RawValue);

impl RawNumber<'_> {
    fn get(&self) -> Option<u64> {
        self.0.get().trim_matches('"').parse().ok()
    }

    fn is_text(&self) -> bool {
        self.0.get().starts_with('"')
    }
}

/// Reads everything but the prefixes.
pub(super) fn open<'a>(name: &str, text: &'a str) -> Result<RangeFile<'a>, Findings> {
    let raw: RawFile<'a> = serde_json::from_str(text).map_err(|error| unreadable(name, text, &error))?;
    let wrapped = raw.values.is_none() && raw.responses.is_some();
    let raw = if wrapped { unwrapped(raw) } else { raw };
    let lacking = |what: &str| -> Findings {
        let source = problem::source(name, text);
        let why = format!("it has no `{what}` at its top");
        problem::unreadable(name, &why).at(Place::new(&source, 0..1)).help(problem::SHAPES).into()
    };
    let number = raw.change_number.ok_or_else(|| lacking("changeNumber"))?;
    let change_number = number.get().ok_or_else(|| not_a_number(name, text, &number))?;
    let RawText(cloud) = raw.cloud.ok_or_else(|| lacking("cloud"))?;
    let values = raw.values.ok_or_else(|| lacking("values"))?;
    let shape = if wrapped || number.is_text() { Shape::DiscoveryApi } else { Shape::ServiceTags };
    Ok(RangeFile {
        union: std::sync::OnceLock::new(),
        name: name.to_owned(),
        text,
        shape,
        cloud: Some(cloud),
        change_number: Some(change_number),
        next_link: raw.next_link.map(|RawText(link)| link).filter(|link| !link.is_empty()),
        tags: values.into_iter().map(tag).collect(),
    })
}

/// The body of an answer in its wrapping; that more follows may be told by either.
fn unwrapped(raw: RawFile<'_>) -> RawFile<'_> {
    let body = raw.responses.and_then(|responses| responses.good).and_then(|good| good.body);
    let empty = RawFile { change_number: None, cloud: None, values: None, next_link: None, responses: None };
    let body = body.map_or(empty, |body| *body);
    RawFile { next_link: body.next_link.or(raw.next_link), ..body }
}

fn tag(raw: RawTag<'_>) -> Tag<'_> {
    let properties = raw.properties;
    Tag {
        name: raw.name,
        service: properties.system_service,
        region: properties.region,
        change_number: properties.change_number.and_then(|number| number.get()),
        prefixes: Prefixes::Unread(properties.address_prefixes),
    }
}

fn not_a_number(name: &str, text: &str, number: &RawNumber<'_>) -> Findings {
    let source = problem::source(name, text);
    let span = problem::span_of(text, number.0.get()).unwrap_or(0..0);
    let why = "its changeNumber is not a whole number";
    problem::unreadable(name, why).at(Place::new(&source, span)).help(problem::SHAPES).into()
}

fn unreadable(name: &str, text: &str, error: &serde_json::Error) -> Findings {
    let source = problem::source(name, text);
    let help = if error.is_eof() { problem::TRUNCATED } else { problem::SHAPES };
    let place = Place::at(&source, error.line(), error.column());
    problem::unreadable(name, &problem::reason(error)).at(place).help(help).into()
}
