//! What became of a fetch.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use serde_json::{Value, json};

use portbook::finding::{Findings, printable};
use portbook::ranges::RangeFile;
use portbook::ranges::diff::{RangeDiff, TagChange, TagDiff};
use portbook::ranges::store::Locked;

use super::{Fetched, Format, Status};
use crate::cli::Failure;
use crate::cli::ranges::counted;
use crate::cli::ranges::diff::{Compared, Side, amounts_of, gains_and_losses, object, render as render_diff};
use crate::cli::table::pretty;

/// What a new file is and what it changes.
pub(super) struct Report {
    tags: usize,
    prefixes: usize,
    /// The file that was kept before.
    former: Option<Locked>,
    /// What changed, where the former file was there to compare.
    compared: Option<(Side, Side, RangeDiff)>,
}

impl Report {
    /// Looks at a new file.
    pub(super) fn new(
        file: &RangeFile<'_>,
        former: Option<Locked>,
        compared: Option<(Side, RangeDiff)>,
    ) -> Result<Self, Findings> {
        let counts = file.tags().iter().map(|tag| file.prefixes(tag).map(|prefixes| prefixes.len()));
        let prefixes = counts.sum::<Result<usize, Findings>>()?;
        let compared = compared.map(|(old, diff)| (old, Side::of(file), diff));
        Ok(Self { tags: file.tags().len(), prefixes, former, compared })
    }
}

pub(super) fn render(
    fetched: &Fetched,
    leaned: &BTreeSet<String>,
    format: Format,
    whole: bool,
) -> Result<Vec<u8>, Failure> {
    match format {
        Format::Text => Ok(text(fetched, leaned, whole).into_bytes()),
        Format::Json => pretty(&json_of(fetched, leaned)),
    }
}

fn text(fetched: &Fetched, known: &BTreeSet<String>, whole: bool) -> String {
    let Fetched { status, now, report } = fetched;
    let change = now.change_number.map_or_else(String::new, |number| format!("  change {number}"));
    let counts = report
        .as_ref()
        .map_or_else(String::new, |report| format!("  {}", counted(report.prefixes, "prefix", "prefixes")));
    let short = now.sha256.get(..12).unwrap_or(&now.sha256);
    let how = match (status, report.as_ref().and_then(|report| report.former.as_ref())) {
        (Status::Unchanged, _) => "unchanged".to_owned(),
        (Status::Restored, _) => "restored: the kept file was damaged".to_owned(),
        (_, Some(former)) => format!("replaces {}", former.file),
        (_, None) => "new".to_owned(),
    };
    let mut text = format!("{}{change}{counts}  sha256 {short}  {how}\n", now.file);
    if let Some((old, new, diff)) = report.as_ref().and_then(|report| report.compared.as_ref()) {
        let _ = writeln!(text, "  {}; {}", gains_and_losses(&diff.all), tags_words(diff));
        text.push_str(&catalog_words(diff, known));
        if whole {
            text.push_str(&render_diff(&Compared { old, new, diff, partly: false }, false));
        }
    }
    text
}

/// `66 tags touched, 2 new, 1 gone`.
fn tags_words(diff: &RangeDiff) -> String {
    let count = |change| diff.tags_of(change).count();
    let (new, gone, regrouped) =
        (count(TagChange::Added), count(TagChange::Removed), count(TagChange::Regrouped));
    let touched = diff.tags.len() - regrouped;
    let mut words = format!("{} touched", counted(touched, "tag", "tags"));
    for (count, word) in [(new, "new"), (gone, "gone")] {
        if count > 0 {
            let _ = write!(words, ", {count} {word}");
        }
    }
    words
}

/// The touched tags that the catalog leans on: only these can change rules made by tag.
fn catalog_words(diff: &RangeDiff, known: &BTreeSet<String>) -> String {
    let touched: Vec<String> = touched(diff, known)
        .map(|tag| match tag.change {
            TagChange::Removed => format!("{} is gone", printable(&tag.name)),
            _ => format!("{} {}", printable(&tag.name), amounts_of(&tag.addresses)),
        })
        .collect();
    if touched.is_empty() {
        return "  no tag of the catalog is touched\n".to_owned();
    }
    let words = counted(touched.len(), "tag of the catalog is touched", "tags of the catalog are touched");
    format!("  {words}: {}\n", touched.join("; "))
}

fn touched<'d>(diff: &'d RangeDiff, known: &'d BTreeSet<String>) -> impl Iterator<Item = &'d TagDiff> {
    diff.tags.iter().filter(|tag| tag.change != TagChange::Regrouped && known.contains(&tag.name))
}

fn json_of(fetched: &Fetched, known: &BTreeSet<String>) -> Value {
    let Fetched { status, now, report } = fetched;
    let word = match status {
        Status::New => "new",
        Status::Updated => "updated",
        Status::Restored => "restored",
        Status::Unchanged => "unchanged",
    };
    let mut value = json!({ "status": word, "locked": now });
    if let (Value::Object(value), Some(report)) = (&mut value, report) {
        value.insert("tags".to_owned(), json!(report.tags));
        value.insert("prefixes".to_owned(), json!(report.prefixes));
        value.insert("replaces".to_owned(), json!(report.former));
        if let Some((old, new, diff)) = &report.compared {
            let names: Vec<&str> = touched(diff, known).map(|tag| tag.name.as_str()).collect();
            value.insert("catalog_tags".to_owned(), json!(names));
            value.insert("diff".to_owned(), object(&Compared { old, new, diff, partly: false }));
        }
    }
    value
}
