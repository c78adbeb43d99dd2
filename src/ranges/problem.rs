//! What can be wrong with a range file, and where.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

use crate::address::AddressError;
use crate::finding::{Code, Finding, Findings, Place, Source};
use crate::site::prefix_finding;

/// A text that is no prefix, with the tag that it stands in.
#[derive(Debug)]
pub(super) struct Broken {
    pub(super) tag: String,
    /// Its bytes in the file.
    pub(super) span: Range<usize>,
    pub(super) error: AddressError,
}

/// A file of unknown origin with thousands of broken prefixes says enough with the first ones.
pub(super) const SHOWN: usize = 20;

pub(super) fn broken_prefixes(name: &str, text: &str, broken: &[Broken]) -> Findings {
    let source = source(name, text);
    let findings = broken.iter().take(SHOWN).map(|each| {
        prefix_finding(&each.error)
            .at(Place::new(&source, each.span.clone()))
            .note(format!("in tag {}", printable(&each.tag)))
    });
    let mut findings: Findings = findings.collect();
    if let Some(more) = broken.len().checked_sub(SHOWN).filter(|more| *more > 0) {
        findings.push(
            unreadable(name, &format!("{more} more texts in it are no prefixes")).at(Place::whole(&source)),
        );
    }
    findings
}

/// The file as text, without its byte order mark.
pub(super) fn text<'a>(name: &str, bytes: &'a [u8]) -> Result<&'a str, Finding> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(text.strip_prefix('\u{feff}').unwrap_or(text)),
        Err(error) => {
            let valid = bytes.get(..error.valid_up_to()).unwrap_or_default();
            let source = Source::new(name, String::from_utf8_lossy(valid));
            let end = source.text.len();
            let finding =
                unreadable(name, "it is not UTF-8 text from here on").at(Place::new(&source, end..end));
            Err(finding.help("is it compressed, or UTF-16? Microsoft's files are plain ASCII"))
        }
    }
}

pub(super) fn source(name: &str, text: &str) -> Arc<Source> {
    Source::new(name, text)
}

/// `ranges-unreadable`, still without a place.
pub(super) fn unreadable(name: &str, why: &str) -> Finding {
    Finding::new(Code::RangesUnreadable, format!("{} is not a range file: {why}", printable(name)))
}

/// What to do about a file of no known shape.
pub(super) const SHAPES: &str = "range files are the JSON that Microsoft publishes each week (changeNumber, cloud, values), \
     an answer of the Service Tag Discovery API, the old XML of regions, or plain text with one prefix a line";

/// What to do about a file that ends too early.
pub(super) const TRUNCATED: &str = "the file ends too early: download it again";

/// What to do about a page in place of a file.
pub(super) const PAGE: &str =
    "this is an HTML page: the download site answers with one when it refuses; download the file again";

/// Where a borrowed slice stands in its text; nothing for one that was copied.
#[expect(clippy::ptr_arg, reason = "an owned text has no offset")]
pub(super) fn span(text: &str, slice: &Cow<'_, str>) -> Option<Range<usize>> {
    match slice {
        Cow::Borrowed(slice) => span_of(text, slice),
        Cow::Owned(_) => None,
    }
}

/// Where a part of a text stands in it.
pub(super) fn span_of(text: &str, part: &str) -> Option<Range<usize>> {
    let start = (part.as_ptr() as usize).checked_sub(text.as_ptr() as usize)?;
    (start + part.len() <= text.len()).then(|| start..start + part.len())
}

/// A file name may hold anything; headers and messages hold one line of printable ASCII.
pub(super) fn printable(name: &str) -> String {
    name.chars().map(|c| if c.is_ascii_graphic() || c == ' ' { c } else { '_' }).collect()
}

/// The reason without its place, which is shown on its own.
pub(super) fn reason(error: &serde_json::Error) -> String {
    let why = error.to_string();
    why.rsplit_once(" at line ").map_or(why.as_str(), |(why, _)| why).to_owned()
}
