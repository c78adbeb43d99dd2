//! `portbook ranges diff`: two files compared by address.

mod json;
mod text;

pub(in crate::cli) use json::object;
pub(in crate::cli) use text::{amounts_of, gains_and_losses, render};

use std::path::{Path, PathBuf};

use clap::Args;

use portbook::finding::{Code, Finding, Findings, unknown};
use portbook::ranges::RangeFile;
use portbook::ranges::diff::{RangeDiff, TagDiff};

use super::super::output::product;
use super::super::range_files::read_all;
use super::super::table::{pretty, to_csv};
use super::{Exit, Format, Outcome, Talk};

/// What changed between two range files, by address
///
/// Prefixes that were split, merged or reordered are no change, and neither is another change number. Exit code 1 if
/// addresses or tags differ.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  portbook ranges diff ServiceTags_Public_20251028.json ServiceTags_Public_20251103.json
  portbook ranges diff old.json new.json --tag AzureActiveDirectory --format csv")]
pub(super) struct DiffArgs {
    /// The older file
    #[arg(value_name = "OLD")]
    old: PathBuf,
    /// The newer file; `-` is standard input
    #[arg(value_name = "NEW")]
    new: PathBuf,
    /// Only these tags, by exact name
    #[arg(long, value_name = "TAG,...", value_delimiter = ',')]
    tag: Vec<String>,
    /// How to print it
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

/// How a file is named.
#[derive(Debug, Clone)]
pub(in crate::cli) struct Side {
    label: String,
    file: String,
    cloud: Option<String>,
    change_number: Option<u64>,
}

impl Side {
    /// The names of a file.
    pub(in crate::cli) fn of(file: &RangeFile<'_>) -> Self {
        Self {
            label: file.label(),
            file: file.file_name().to_owned(),
            cloud: file.cloud().map(str::to_owned),
            change_number: file.change_number(),
        }
    }
}

/// Two files and what changed between them.
pub(in crate::cli) struct Compared<'d> {
    pub(in crate::cli) old: &'d Side,
    pub(in crate::cli) new: &'d Side,
    pub(in crate::cli) diff: &'d RangeDiff,
    /// Whether some tags only are looked at, so that a sum over all of them says nothing.
    pub(in crate::cli) partly: bool,
}

pub(super) fn run(args: &DiffArgs, talk: &Talk) -> Outcome {
    files(&args.old, &args.new, &args.tag, args.format, talk)
}

/// Compares two files; only these tags, if some are named.
pub(in crate::cli) fn files(old: &Path, new: &Path, tags: &[String], format: Format, talk: &Talk) -> Outcome {
    let loaded = read_all(&[old.to_owned(), new.to_owned()])?;
    let files = super::open_all(&loaded, talk)?;
    let [old, new] = files.as_slice() else { return Ok(Exit::Fine) };
    same_cloud(old, new)?;
    known(tags, [old, new])?;
    let mut diff = RangeDiff::of(old, new)?;
    if !tags.is_empty() {
        diff.retain(|name| tags.iter().any(|tag| tag == name));
    }
    let (old, new) = (Side::of(old), Side::of(new));
    let compared = Compared { old: &old, new: &new, diff: &diff, partly: !tags.is_empty() };
    let bytes = match format {
        Format::Text => render(&compared, talk.is_verbose()).into_bytes(),
        Format::Json => pretty(&object(&compared))?,
        Format::Csv => csv(&diff)?,
    };
    product(&bytes)?;
    Ok(if diff.differs() { Exit::Different } else { Exit::Fine })
}

fn same_cloud(old: &RangeFile<'_>, new: &RangeFile<'_>) -> Result<(), Finding> {
    match (old.cloud(), new.cloud()) {
        (Some(before), Some(now)) if before != now => {
            let message = format!("{} is of cloud {before}, {} of cloud {now}", old.label(), new.label());
            Err(Finding::new(Code::RangesWrongCloud, message)
                .at(new.cloud_place())
                .help("compare two files of one cloud"))
        }
        _ => Ok(()),
    }
}

fn known(tags: &[String], files: [&RangeFile<'_>; 2]) -> Result<(), Findings> {
    let absent = tags.iter().filter(|tag| files.iter().all(|file| file.find(tag).is_none()));
    let findings: Findings = absent
        .map(|tag| {
            let names = files.iter().flat_map(|file| file.tags()).map(portbook::ranges::Tag::name);
            let mut names: Vec<&str> = names.collect();
            names.sort_unstable();
            names.dedup();
            unknown(
                Code::UnknownServiceTag,
                "service tag of both files",
                tag,
                names,
                "`portbook ranges tags`",
            )
        })
        .collect();
    findings.or_value(()).map(|_| ())
}

/// One line a prefix that came or went.
fn csv(diff: &RangeDiff) -> Result<Vec<u8>, super::super::Failure> {
    let lines = |tag: &TagDiff| {
        let sides = [("added", &tag.addresses.added), ("removed", &tag.addresses.removed)];
        let mut lines = Vec::new();
        for (word, set) in sides {
            lines.extend(set.prefixes().map(|prefix| {
                [tag.name.as_str(), tag.change.as_str(), word]
                    .map(str::to_owned)
                    .into_iter()
                    .chain([
                        prefix.family().to_string(),
                        prefix.to_string(),
                        prefix
                            .count()
                            .get()
                            .map_or_else(|| prefix.count().to_string(), |count| count.to_string()),
                    ])
                    .collect::<Vec<String>>()
            }));
        }
        lines
    };
    let rows: Vec<Vec<String>> = diff.tags.iter().flat_map(lines).collect();
    to_csv(["tag", "change", "side", "family", "prefix", "addresses"], rows.iter().map(Vec::as_slice))
}
