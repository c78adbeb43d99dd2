//! Plain text with one prefix a line; `#` starts a comment.

use std::borrow::Cow;

use crate::address::Prefix;
use crate::finding::{Finding, Findings, Place};

use super::file::{Prefixes, RangeFile, Shape, Tag};
use super::problem::{self, Broken};

/// Reads a list as one tag that is called `list`.
pub(super) fn open<'a>(name: &str, text: &'a str) -> Result<RangeFile<'a>, Findings> {
    let mut prefixes = Vec::new();
    let mut broken = Vec::new();
    for line in text.lines() {
        // Most lines are a prefix and nothing else.
        if let Ok(prefix) = Prefix::parse(line) {
            prefixes.push(prefix);
            continue;
        }
        let entry = line.split_once('#').map_or(line, |(entry, _)| entry).trim();
        if entry.is_empty() {
            continue;
        }
        match Prefix::parse(entry) {
            Ok(prefix) => prefixes.push(prefix),
            // Text that is no list at all needs no finding for each of its lines.
            Err(_) if prefixes.is_empty() && broken.is_empty() && !looks_like_prefix(entry) => {
                return Err(not_a_range_file(name, text, entry).into());
            }
            Err(error) => broken.push(Broken {
                tag: LIST.to_owned(),
                span: problem::span_of(text, entry).unwrap_or(0..0),
                error,
            }),
        }
    }
    if prefixes.is_empty() && broken.is_empty() {
        return Err(empty(name, text).into());
    }
    if !broken.is_empty() {
        return Err(problem::broken_prefixes(name, text, &broken));
    }
    let tag = Tag {
        name: Cow::Borrowed(LIST),
        service: Cow::Borrowed(""),
        region: Cow::Borrowed(""),
        change_number: None,
        prefixes: Prefixes::Read(prefixes),
    };
    Ok(RangeFile {
        union: std::sync::OnceLock::new(),
        name: name.to_owned(),
        text,
        shape: Shape::List,
        cloud: None,
        change_number: None,
        next_link: None,
        tags: vec![tag],
    })
}

const LIST: &str = "list";

fn looks_like_prefix(entry: &str) -> bool {
    entry.bytes().all(|byte| byte.is_ascii_hexdigit() || b".:/".contains(&byte))
}

fn not_a_range_file(name: &str, text: &str, entry: &str) -> Finding {
    let source = problem::source(name, text);
    let span = problem::span_of(text, entry).unwrap_or(0..0);
    // A file of one endless line would fill the terminal.
    let shown = span.start..span.end.min(span.start + 60);
    problem::unreadable(name, "it is neither JSON nor XML nor a list of prefixes")
        .at(Place::new(&source, shown))
        .help(problem::SHAPES)
}

fn empty(name: &str, text: &str) -> Finding {
    let source = problem::source(name, text);
    problem::unreadable(name, "there is nothing in it").at(Place::whole(&source)).help(problem::SHAPES)
}
