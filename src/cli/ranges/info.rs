//! `portbook ranges info`: a file in numbers.

use std::path::PathBuf;

use clap::Args;
use serde_json::{Value, json};

use portbook::ranges::date::date_in_name;
use portbook::ranges::store::sha256;
use portbook::ranges::{Figures, RangeFile};

use super::super::output::product;
use super::super::range_files::{FolderArgs, Loaded, RangeArgs, read_all};
use super::super::table::{align, pretty, to_csv};
use super::{Exit, Format, Outcome, Talk, cloud_word, counted, grouped};

/// What a file is and holds, in numbers
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  portbook ranges info ServiceTags_Public_20251103.json
  portbook ranges info --format json | jq .ipv4_addresses")]
pub(super) struct InfoArgs {
    /// Range files; `-` is standard input; the fetched ones if none is named
    #[arg(value_name = "FILE")]
    files: Vec<PathBuf>,
    #[command(flatten)]
    folder: FolderArgs,
    /// How to print it: one JSON object, or one line of CSV, for each file
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

/// A file with its numbers.
struct Row<'f, 'a> {
    file: &'f RangeFile<'a>,
    bytes: &'f [u8],
    figures: Figures,
}

pub(super) fn run(args: &InfoArgs, talk: &Talk) -> Outcome {
    let kept = RangeArgs { ranges: args.files.clone(), folder: args.folder.clone() };
    let loaded = if args.files.is_empty() { kept.any(talk)? } else { read_all(&args.files)? };
    let files = super::open_all(&loaded, talk)?;
    let mut rows = Vec::new();
    for (file, Loaded { bytes, .. }) in files.iter().zip(&loaded) {
        rows.push(Row { file, bytes, figures: Figures::of(file)? });
    }
    let bytes = match args.format {
        Format::Text => rows.iter().map(text).collect::<Vec<_>>().join("\n").into_bytes(),
        Format::Json => rows.iter().map(|row| pretty(&object(row)?)).collect::<Result<Vec<_>, _>>()?.concat(),
        Format::Csv => csv(&rows)?,
    };
    product(&bytes)?;
    Ok(Exit::Fine)
}

fn text(row: &Row<'_, '_>) -> String {
    let Figures { tags, cloud_wide_tags, empty_tags, ipv6_only_tags, prefixes, .. } = row.figures;
    let figures = &row.figures;
    let date = date_in_name(row.file.name()).map_or_else(String::new, |date| format!(", {date}"));
    let mut lines = vec![
        ("cloud", format!("{}, {}{date}", cloud_word(row.file), row.file.shape().as_str())),
        ("tags", format!("{}, of them {} without a region", grouped(tags), grouped(cloud_wide_tags))),
        (
            "prefixes",
            format!("{}, of them {} different", grouped(prefixes), grouped(figures.unique_prefixes)),
        ),
        (
            "IPv4",
            format!(
                "{} different, {} aggregated, {} addresses",
                grouped(figures.ipv4_unique),
                grouped(figures.ipv4_aggregated),
                figures.ipv4_addresses
            ),
        ),
        (
            "IPv6",
            format!(
                "{} different, {} aggregated, {} addresses",
                grouped(figures.ipv6_unique),
                grouped(figures.ipv6_aggregated),
                figures.ipv6_addresses
            ),
        ),
        ("sha256", sha256(row.bytes)),
    ];
    if empty_tags + ipv6_only_tags > 0 {
        let without = format!(
            "{} without any address, {ipv6_only_tags} with IPv6 only: no IPv4 rule can be made from them",
            counted(empty_tags, "tag", "tags"),
        );
        lines.insert(2, ("", without));
    }
    let rows: Vec<Vec<String>> = lines.into_iter().map(|(word, text)| vec![word.to_owned(), text]).collect();
    format!("{}\n{}", row.file.label(), align(&rows, "  "))
}

/// One object a file; its keys are stable.
fn object(row: &Row<'_, '_>) -> Result<Value, anyhow::Error> {
    let mut object = json!({
        "file": row.file.name(),
        "shape": row.file.shape().as_str(),
        "cloud": row.file.cloud(),
        "change_number": row.file.change_number(),
        "date": date_in_name(row.file.name()).map(|date| date.to_string()),
        "bytes": row.bytes.len(),
        "sha256": sha256(row.bytes),
        "complete": row.file.next_link().is_none(),
    });
    let figures = serde_json::to_value(&row.figures)?;
    if let (Value::Object(object), Value::Object(figures)) = (&mut object, figures) {
        object.extend(figures);
    }
    Ok(object)
}

fn csv(rows: &[Row<'_, '_>]) -> Result<Vec<u8>, super::super::Failure> {
    let objects = rows.iter().map(object).collect::<Result<Vec<_>, _>>()?;
    let header: Vec<&String> =
        objects.first().and_then(Value::as_object).into_iter().flat_map(|object| object.keys()).collect();
    let cell = |value: &Value| {
        value
            .as_str()
            .map_or_else(|| if value.is_null() { String::new() } else { value.to_string() }, str::to_owned)
    };
    let lines: Vec<Vec<String>> =
        objects.iter().map(|object| header.iter().map(|key| cell(&object[key.as_str()])).collect()).collect();
    to_csv(header.iter().map(|key| key.as_str()), lines.iter().map(Vec::as_slice))
}
