//! Lists of prefixes that are still text.

use std::borrow::Cow;

use serde::Deserialize;
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
