//! Entries on lines of their own: they move with their comments, the lines between them stay.
//!
//! A comment right above an entry, as far left as its dash, is about that entry; one that stands further right belongs to
//! the entry above it. What could be about something else stays where it is, and so does the list.

use std::ops::Range;

use super::tree::{self, Part};

/// The text with these entries in a new order.
///
/// # Errors
/// Why they cannot be moved.
pub(super) fn reordered(text: &str, items: &[Part], new_order: &[usize]) -> Result<String, &'static str> {
    let lines = Lines(text.split_inclusive('\n').collect());
    let entries = lines.entries(text, items)?;
    let moved = || new_order.iter().enumerate().filter(|(to, from)| to != *from).map(|(to, _)| to);
    let (Some(first), Some(last)) = (moved().min(), moved().max()) else {
        return Ok(text.to_owned());
    };
    if first == 0 {
        lines.check_opening(entries.first())?;
    }
    if last + 1 == entries.len() {
        lines.check_end(entries.last())?;
    }
    let affected = entries.get(first..=last).ok_or(super::UNCLEAR)?;
    let mut gaps = Vec::new();
    for pair in affected.windows(2) {
        if let [before, after] = pair {
            gaps.push(lines.gap(before.lines.end..after.lines.start)?);
        }
    }
    let (Some(start), Some(end)) = (affected.first(), affected.last()) else {
        return Ok(text.to_owned());
    };
    gaps.push(lines.text(end.lines.end..lines.0.len()));
    let mut sorted = lines.text(0..start.lines.start);
    for (from, gap) in new_order.iter().skip(first).zip(gaps) {
        let entry = entries.get(*from).ok_or(super::UNCLEAR)?;
        sorted.push_str(&lines.text(entry.lines.clone()));
        sorted.push_str(&gap);
    }
    Ok(sorted)
}

/// An entry with the comments that are about it.
struct Entry {
    lines: Range<usize>,
    /// The line of its dash.
    dash: usize,
    /// How far the dash is indented.
    column: usize,
}

/// Lines with their ends.
struct Lines<'t>(Vec<&'t str>);

impl Lines<'_> {
    fn line(&self, number: usize) -> &str {
        self.0.get(number).copied().unwrap_or_default()
    }

    fn text(&self, lines: Range<usize>) -> String {
        self.0.get(lines).unwrap_or_default().concat()
    }

    fn is_blank(&self, number: usize) -> bool {
        self.line(number).trim().is_empty()
    }

    /// How far a line is indented, if it is a comment and nothing else.
    fn comment(&self, number: usize) -> Option<usize> {
        self.line(number).trim_start().starts_with('#').then(|| indentation(self.line(number)))
    }

    fn entries(&self, text: &str, items: &[Part]) -> Result<Vec<Entry>, &'static str> {
        let mut dashes = Vec::new();
        for item in items {
            let start = item.bytes().start;
            let end = tree::end(text, item).ok_or(super::UNCLEAR)?;
            let dash = line_of(text, start);
            let marked = self.line(dash).trim_start().starts_with(['-']);
            if !marked || dashes.last().is_some_and(|(before, _)| *before >= dash) {
                return Err(super::UNCLEAR);
            }
            dashes.push((dash, line_of(text, end.saturating_sub(1)).max(dash) + 1));
        }
        let mut entries: Vec<Entry> = Vec::new();
        for (index, (dash, end)) in dashes.iter().enumerate() {
            let limit = dashes.get(index + 1).map_or(self.0.len(), |(next, _)| *next);
            let column = indentation(self.line(*dash));
            if entries.last().is_some_and(|before| before.column != column) {
                return Err(super::UNCLEAR);
            }
            let floor = entries.last().map_or(0, |before| before.lines.end);
            let above = (floor..*dash).rev().take_while(|line| self.comment(*line) == Some(column)).count();
            let lines = dash - above..self.own_end(*end..limit, column);
            entries.push(Entry { lines, dash: *dash, column });
        }
        Ok(entries)
    }

    /// The end of an entry with the comments below it that stand further right than its dash.
    fn own_end(&self, below: Range<usize>, column: usize) -> usize {
        let start = below.start;
        let belongs = |line: &usize| self.is_blank(*line) || self.comment(*line).is_some();
        let comments =
            below.take_while(belongs).filter(|line| self.comment(*line).is_some_and(|at| at > column));
        comments.last().map_or(start, |line| line + 1)
    }

    /// Blank lines, and nothing else that would have to move.
    fn gap(&self, lines: Range<usize>) -> Result<String, &'static str> {
        if lines.clone().any(|line| self.comment(line).is_some()) {
            return Err(
                "not moved by --fix: a comment stands alone between the entries; put it right above its entry",
            );
        }
        if lines.clone().all(|line| self.is_blank(line)) { Ok(self.text(lines)) } else { Err(super::UNCLEAR) }
    }

    /// A comment at the very start of a list may be about all of it.
    fn check_opening(&self, entry: Option<&Entry>) -> Result<(), &'static str> {
        let Some(entry) = entry.filter(|entry| entry.lines.start < entry.dash) else {
            return Ok(());
        };
        match entry.lines.start.checked_sub(1) {
            Some(above) if self.is_blank(above) => Ok(()),
            _ => Err(
                "not moved by --fix: the comment above the first entry may be about all of them; put a blank line below it if it is, above it if not",
            ),
        }
    }

    /// A comment right below the last entry may be about it.
    fn check_end(&self, entry: Option<&Entry>) -> Result<(), &'static str> {
        match entry.and_then(|entry| self.comment(entry.lines.end)) {
            Some(_) => Err(
                "not moved by --fix: the comment below the last entry may be about it; put it above its entry, or a blank line between",
            ),
            None => Ok(()),
        }
    }
}

fn indentation(line: &str) -> usize {
    line.len() - line.trim_start().len()
}

fn line_of(text: &str, offset: usize) -> usize {
    text.as_bytes().iter().take(offset).filter(|byte| **byte == b'\n').count()
}
