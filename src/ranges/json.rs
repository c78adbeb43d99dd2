//! Service tags as JSON: the weekly file, and what the Discovery API answers.
//!
//! File: `changeNumber` (a number), `cloud`, `values`. API: the numbers are texts, `name`, `id`, `type` and `nextLink`
//! come on top, and Microsoft's published examples wrap the answer in `responses`, by status, as `body`.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::address::Prefix;
use crate::finding::{Code, Finding, Findings, Place};

use super::file::{Prefixes, RangeFile, Shape, Tag};
use super::problem::{self, Broken};

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
    responses: Option<BTreeMap<String, RawResponse<'a>>>,
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

/// A list of prefixes that is skipped until somebody asks for it.
#[derive(Debug, Deserialize)]
pub(super) struct RawPrefixes<'a>(#[serde(borrow)] &'a RawValue);

/// A text that stays in the file's buffer; a bare `Cow` inside a list or an option would be copied.
#[derive(Deserialize)]
struct RawText<'a>(#[serde(borrow)] Cow<'a, str>);

/// A list that is none of texts.
pub(super) struct NotPrefixes<'a> {
    list: &'a str,
    error: serde_json::Error,
}

impl NotPrefixes<'_> {
    pub(super) fn finding(&self, name: &str, text: &str) -> Findings {
        let source = problem::source(name, text);
        let start = problem::span_of(text, self.list).map_or(0, |span| span.start);
        // serde_json counts from the start of the list.
        let before = self
            .list
            .split_inclusive('\n')
            .take(self.error.line().saturating_sub(1))
            .map(str::len)
            .sum::<usize>();
        let at = start + before + self.error.column().saturating_sub(1);
        problem::unreadable(name, &reason(&self.error))
            .at(Place::new(&source, at..at + 1))
            .help(problem::SHAPES)
            .into()
    }
}

impl<'a> RawPrefixes<'a> {
    /// Reads the list, which is part of `file`; texts that are no prefixes are added to `broken`.
    pub(super) fn read(
        &self,
        file: &str,
        tag: &str,
        broken: &mut Vec<Broken>,
    ) -> Result<Vec<Prefix>, NotPrefixes<'a>> {
        let list = self.0.get();
        let texts: Vec<RawText<'a>> =
            serde_json::from_str(list).map_err(|error| NotPrefixes { list, error })?;
        let mut prefixes = Vec::with_capacity(texts.len());
        for RawText(text) in &texts {
            match Prefix::parse(text) {
                Ok(prefix) => prefixes.push(prefix),
                Err(error) => {
                    // A text with escapes was copied: its list stands for it.
                    let span = problem::span(file, text).or_else(|| problem::span_of(file, list));
                    broken.push(Broken { tag: tag.to_owned(), span: span.unwrap_or(0..0), error });
                }
            }
        }
        Ok(prefixes)
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
    let file = RangeFile {
        name: name.to_owned(),
        text,
        shape,
        cloud: Some(cloud),
        change_number: Some(change_number),
        next_link: raw.next_link.map(|RawText(link)| link).filter(|link| !link.is_empty()),
        tags: values.into_iter().map(tag).collect(),
    };
    let doubled = duplicates(&file);
    if doubled.is_empty() { Ok(file) } else { Err(doubled) }
}

/// The body of an answer in its wrapping.
fn unwrapped(raw: RawFile<'_>) -> RawFile<'_> {
    let bodies = raw.responses.into_iter().flatten().filter_map(|(_, response)| response.body);
    let empty = RawFile { change_number: None, cloud: None, values: None, next_link: None, responses: None };
    bodies.map(|body| *body).next().unwrap_or(empty)
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

/// Tags that stand in the file twice: which of the two was meant cannot be told.
pub(super) fn duplicates(file: &RangeFile<'_>) -> Findings {
    let mut first: HashMap<&str, &Cow<'_, str>> = HashMap::with_capacity(file.tags.len());
    let mut twice = Vec::new();
    for tag in &file.tags {
        if let Some(before) = first.insert(&tag.name, &tag.name) {
            twice.push((before, &tag.name));
        }
    }
    if twice.is_empty() {
        return Findings::new();
    }
    let source = problem::source(&file.name, file.text);
    let place = |name: &Cow<'_, str>| Place::new(&source, problem::span(file.text, name).unwrap_or(0..0));
    let finding = |(before, again): &(&Cow<'_, str>, &Cow<'_, str>)| {
        Finding::new(
            Code::DuplicateServiceTag,
            format!("the tag `{}` stands in the file twice", again.escape_debug()),
        )
        .labelled(place(again), "again here")
        .labelled(place(before), "first here")
        .help("Microsoft's files have each tag once: download the file again")
    };
    twice.iter().map(finding).collect()
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
    problem::unreadable(name, &reason(error)).at(place).help(help).into()
}

/// The reason without its place, which is shown on its own.
fn reason(error: &serde_json::Error) -> String {
    let why = error.to_string();
    why.rsplit_once(" at line ").map_or(why.as_str(), |(why, _)| why).to_owned()
}
