//! `portbook ranges show`: the prefixes of tags, as published.

use std::fmt::Write as _;

use clap::Args;
use serde_json::{Value, json};

use portbook::address::{Family, Prefix};
use portbook::finding::{Findings, Severity};
use portbook::ranges::{RangeFile, Tag};

use super::super::output::product;
use super::super::table::{pretty, to_csv};
use super::{Exit, FamilyArg, Format, Global, Input, Outcome, Talk, empty_tag};

/// The prefixes of service tags, as published
///
/// One prefix a line, in the order of the file. `portbook ranges aggregate` prints the fewest that hold the same.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  portbook ranges show AzureActiveDirectory --cloud public
  portbook ranges show ServiceBus AzureFrontDoor.Frontend --cloud us-government --format csv")]
pub(super) struct ShowArgs {
    /// Exact names of tags
    #[arg(value_name = "TAG", required = true)]
    tags: Vec<String>,
    /// Only addresses of this family
    #[arg(long, value_enum)]
    family: Option<FamilyArg>,
    #[command(flatten)]
    input: Input,
    /// How to print it
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

/// A tag with the prefixes that are wanted of it.
struct Shown<'f, 'a> {
    tag: &'f Tag<'a>,
    prefixes: Vec<Prefix>,
}

pub(super) fn run(args: &ShowArgs, global: &Global, talk: &Talk) -> Outcome {
    let loaded = args.input.load(talk)?;
    let file = args.input.open_one(&loaded, global, talk)?;
    let family = args.family.map(Family::from);
    let shown = shown(&args.tags, &file, family)?;
    for each in shown.iter().filter(|each| each.prefixes.is_empty()) {
        talk.finding(&empty_tag(&file, each.tag.name(), family).severity(Severity::Warning));
    }
    let bytes = match args.format {
        Format::Text => text(&shown).into_bytes(),
        Format::Json => pretty(&shown.iter().map(|each| object(&file, each)).collect())?,
        Format::Csv => csv(&shown)?,
    };
    product(&bytes)?;
    Ok(Exit::Fine)
}

fn shown<'f, 'a>(
    names: &[String],
    file: &'f RangeFile<'a>,
    family: Option<Family>,
) -> Result<Vec<Shown<'f, 'a>>, Findings> {
    let mut findings = Findings::new();
    let mut shown = Vec::new();
    for name in names {
        match file.named(name) {
            Ok(tag) => {
                let prefixes = file.prefixes(tag)?;
                let wanted =
                    prefixes.iter().filter(|prefix| family.is_none_or(|family| prefix.family() == family));
                shown.push(Shown { tag, prefixes: wanted.copied().collect() });
            }
            Err(finding) => findings.push(finding),
        }
    }
    findings.or_value(shown).map(|(shown, _)| shown)
}

/// Several tags are told apart by comments, as lists of prefixes have them.
fn text(shown: &[Shown<'_, '_>]) -> String {
    let mut text = String::new();
    for each in shown {
        if shown.len() > 1 {
            let _ = writeln!(text, "# {}", each.tag.name());
        }
        for prefix in &each.prefixes {
            let _ = writeln!(text, "{prefix}");
        }
    }
    text
}

fn object(file: &RangeFile<'_>, shown: &Shown<'_, '_>) -> Value {
    json!({
        "cloud": file.cloud(),
        "tag": shown.tag.name(),
        "service": shown.tag.service(),
        "region": shown.tag.region(),
        "change_number": shown.tag.change_number(),
        "prefixes": shown.prefixes,
    })
}

fn csv(shown: &[Shown<'_, '_>]) -> Result<Vec<u8>, super::super::Failure> {
    let rows = shown.iter().flat_map(|each| {
        each.prefixes.iter().map(|prefix| {
            vec![
                each.tag.name().to_owned(),
                prefix.to_string(),
                prefix.first().to_string(),
                prefix.last().to_string(),
            ]
        })
    });
    let rows: Vec<Vec<String>> = rows.collect();
    to_csv(["tag", "prefix", "first", "last"], rows.iter().map(Vec::as_slice))
}
