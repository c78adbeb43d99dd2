//! Lists of prefixes that are still text.

use std::borrow::Cow;
use std::fmt;

use serde::de::{DeserializeSeed, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

use crate::address::Prefix;
use crate::finding::{Findings, Place};

use super::problem::{self, Broken};

/// A list of prefixes that is skipped until somebody asks for it.
#[derive(Debug, Deserialize)]
pub(super) struct RawPrefixes<'a>(#[serde(borrow)] &'a RawValue);

/// A text that stays in the file's buffer; a bare `Cow` inside a list or an option would be copied.
#[derive(Deserialize)]
pub(super) struct RawText<'a>(#[serde(borrow)] pub(super) Cow<'a, str>);

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
        problem::unreadable(name, &problem::reason(&self.error))
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
        let prefixes = Vec::with_capacity(list.len() / ENTRY);
        let reading = Reading { file, list, tag, prefixes, broken };
        serde_json::Deserializer::from_str(list)
            .deserialize_seq(reading)
            .map_err(|error| NotPrefixes { list, error })
    }
}

/// About as many bytes as a prefix takes in a file: with indentation more, without it less.
const ENTRY: usize = 24;

/// A list on its way from text to prefixes: a hundred thousand texts are not kept beside it.
struct Reading<'r> {
    file: &'r str,
    list: &'r str,
    tag: &'r str,
    prefixes: Vec<Prefix>,
    broken: &'r mut Vec<Broken>,
}

impl<'de> Visitor<'de> for Reading<'_> {
    type Value = Vec<Prefix>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a sequence")
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut seq: A) -> Result<Vec<Prefix>, A::Error> {
        while let Some(()) = seq.next_element_seed(&mut self)? {}
        Ok(self.prefixes)
    }
}

/// One text of the list.
impl<'de> DeserializeSeed<'de> for &mut Reading<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_str(Entry(self))
    }
}

struct Entry<'e, 'r>(&'e mut Reading<'r>);

impl Visitor<'_> for Entry<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string")
    }

    fn visit_str<E>(self, text: &str) -> Result<(), E> {
        let Self(reading) = self;
        match Prefix::parse(text) {
            Ok(prefix) => reading.prefixes.push(prefix),
            Err(error) => {
                // A text with escapes was copied: its list stands for it.
                let span = problem::span_of(reading.file, text);
                let span = span.or_else(|| problem::span_of(reading.file, reading.list));
                let tag = reading.tag.to_owned();
                reading.broken.push(Broken { tag, span: span.unwrap_or(0..0), error });
            }
        }
        Ok(())
    }
}
