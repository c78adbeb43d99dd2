//! `portbook ranges tags`: which service tags there are.

use clap::Args;
use serde_json::json;

use portbook::address::Family;
use portbook::finding::{Code, Findings, unknown};
use portbook::ranges::{RangeFile, Tag};

use super::super::output::product;
use super::super::table::{align, pretty, to_csv};
use super::{Exit, Format, Global, Input, Outcome, Talk};

/// Service tags, by service and region
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  portbook ranges tags --service AzureAD
  portbook ranges tags --cloud us-government --cloud-wide --format csv")]
pub(super) struct TagsArgs {
    /// Only tags of this service: the file's word for it, or the part of the name before its dot
    #[arg(long, value_name = "SERVICE")]
    service: Option<String>,
    /// Only tags of this region, in the file's spelling or that of the names (`centralfrance`, `FranceCentral`)
    #[arg(long, value_name = "REGION", conflicts_with = "cloud_wide")]
    region: Option<String>,
    /// Only tags without a region
    #[arg(long)]
    cloud_wide: bool,
    #[command(flatten)]
    input: Input,
    /// How to print it
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

/// A tag with the numbers of its prefixes.
struct Row<'f, 'a> {
    file: &'f RangeFile<'a>,
    tag: &'f Tag<'a>,
    v4: usize,
    v6: usize,
}

const HEADER: [&str; 7] =
    ["cloud", "tag", "service", "region", "ipv4_prefixes", "ipv6_prefixes", "change_number"];

pub(super) fn run(args: &TagsArgs, global: &Global, talk: &Talk) -> Outcome {
    let loaded = args.input.load(talk)?;
    let files = args.input.open(&loaded, global, talk)?;
    let mut rows = Vec::new();
    for file in &files {
        for tag in file.tags().iter().filter(|tag| args.takes(tag)) {
            rows.push(row(file, tag)?);
        }
    }
    if rows.is_empty() {
        return Err(args.nothing(&files).into());
    }
    let cells = |row: &Row<'_, '_>| {
        let number = row.tag.change_number().map_or_else(String::new, |number| number.to_string());
        let (cloud, tag) = (row.file.cloud().unwrap_or_default(), row.tag);
        [cloud, tag.name(), tag.service(), tag.region()]
            .map(str::to_owned)
            .into_iter()
            .chain([row.v4.to_string(), row.v6.to_string(), number])
            .collect::<Vec<_>>()
    };
    let cells: Vec<Vec<String>> = rows.iter().map(cells).collect();
    let bytes = match args.format {
        Format::Text => text(&cells, files.len() > 1).into_bytes(),
        Format::Json => pretty(&rows.iter().map(object).collect())?,
        Format::Csv => to_csv(HEADER, cells.iter().map(Vec::as_slice))?,
    };
    product(&bytes)?;
    Ok(Exit::Fine)
}

fn row<'f, 'a>(file: &'f RangeFile<'a>, tag: &'f Tag<'a>) -> Result<Row<'f, 'a>, Findings> {
    let prefixes = file.prefixes(tag)?;
    let v4 = prefixes.iter().filter(|prefix| prefix.family() == Family::V4).count();
    Ok(Row { file, tag, v4, v6: prefixes.len() - v4 })
}

fn object(row: &Row<'_, '_>) -> serde_json::Value {
    json!({
        "cloud": row.file.cloud(),
        "tag": row.tag.name(),
        "service": row.tag.service(),
        "region": row.tag.region(),
        "ipv4_prefixes": row.v4,
        "ipv6_prefixes": row.v6,
        "change_number": row.tag.change_number(),
    })
}

/// The cloud only where there are several.
fn text(rows: &[Vec<String>], with_cloud: bool) -> String {
    let line = |row: &Vec<String>| {
        let mut line: Vec<String> =
            row.iter().skip(usize::from(!with_cloud)).take(3 + usize::from(with_cloud)).cloned().collect();
        let number = |at: usize, word: &str| {
            row.get(at)
                .filter(|count| *count != "0")
                .map_or_else(String::new, |count| format!("{count} {word}"))
        };
        line.extend([number(4, "IPv4"), number(5, "IPv6")]);
        line
    };
    align(&rows.iter().map(line).collect::<Vec<_>>(), "")
}

impl TagsArgs {
    fn takes(&self, tag: &Tag<'_>) -> bool {
        let (base, suffix) = tag.name().split_once('.').unwrap_or((tag.name(), ""));
        let is = |wanted: &Option<String>, texts: [&str; 2]| {
            wanted.as_ref().is_none_or(|wanted| texts.iter().any(|text| text.eq_ignore_ascii_case(wanted)))
        };
        let regional = !tag.region().is_empty();
        // A suffix is a region only in a tag that has one: AzureFrontDoor.Frontend has none.
        is(&self.service, [tag.service(), base])
            && is(&self.region, [tag.region(), if regional { suffix } else { "" }])
            && !(self.cloud_wide && regional)
    }

    fn nothing(&self, files: &[RangeFile<'_>]) -> Findings {
        let tags = || files.iter().flat_map(RangeFile::tags);
        let (what, given, known): (_, _, Vec<&str>) = match (&self.service, &self.region) {
            (Some(service), None) => (
                "service",
                service,
                tags()
                    .flat_map(|tag| [tag.service(), tag.name().split('.').next().unwrap_or_default()])
                    .collect(),
            ),
            (None, Some(region)) => ("region", region, tags().map(Tag::region).collect()),
            _ => {
                let message = "no service tag of these files is as asked";
                return portbook::finding::Finding::new(Code::UnknownServiceTag, message)
                    .help("leave --service or --region out")
                    .into();
            }
        };
        let mut known = known;
        known.sort_unstable();
        known.dedup();
        known.retain(|name| !name.is_empty());
        unknown(Code::UnknownServiceTag, what, given, known, "`portbook ranges tags --format csv`").into()
    }
}
