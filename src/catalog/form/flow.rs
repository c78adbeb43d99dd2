//! Entries between brackets: they change places between the commas.

use std::ops::Range;

use super::tree::{self, Part};

/// The text with these entries in a new order.
///
/// # Errors
/// Why they cannot be moved.
pub(super) fn reordered(text: &str, items: &[Part], new_order: &[usize]) -> Result<String, &'static str> {
    let span = |item: &Part| Some(item.bytes().start..tree::end(text, item)?);
    let spans: Vec<Range<usize>> = items.iter().map(span).collect::<Option<_>>().ok_or(super::UNCLEAR)?;
    let (Some(first), Some(last)) = (spans.first(), spans.last()) else {
        return Ok(text.to_owned());
    };
    let mut gaps = Vec::new();
    for pair in spans.windows(2) {
        if let [before, after] = pair {
            gaps.push(between(text, before.end..after.start)?);
        }
    }
    gaps.push(text.get(last.end..).unwrap_or_default());
    let mut sorted = text.get(..first.start).unwrap_or_default().to_owned();
    for (from, gap) in new_order.iter().zip(gaps) {
        sorted.push_str(spans.get(*from).and_then(|span| text.get(span.clone())).ok_or(super::UNCLEAR)?);
        sorted.push_str(gap);
    }
    Ok(sorted)
}

/// A comma, and nothing else that would have to move.
fn between(text: &str, span: Range<usize>) -> Result<&str, &'static str> {
    let gap = text.get(span).ok_or(super::UNCLEAR)?;
    match gap.trim() {
        "," => Ok(gap),
        _ if gap.contains('#') => Err("not moved by --fix: a comment stands between the entries"),
        _ => Err(super::UNCLEAR),
    }
}
