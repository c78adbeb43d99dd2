//! `portbook ranges aggregate`: the fewest prefixes that hold the addresses of tags.

use std::fmt::Write as _;

use clap::Args;
use serde_json::json;

use portbook::address::{Family, Prefix, PrefixSet};
use portbook::finding::{Findings, Severity};
use portbook::ranges::RangeFile;
use portbook::ranges::accept::incomplete;

use super::super::output::product;
use super::super::table::{pretty, to_csv};
use super::{Exit, FamilyArg, Format, Global, Input, Outcome, Talk, empty_tag};

/// The fewest prefixes that hold exactly the addresses of tags
///
/// No address is gained or lost. One prefix a line, IPv4 before IPv6, ascending. Also joins plain lists of prefixes.
#[derive(Debug, Args)]
#[command(override_usage = "portbook ranges aggregate <TAG>...|--all [OPTIONS]")]
#[command(after_help = "Examples:
  portbook ranges aggregate AzureActiveDirectory ServiceBus --cloud public
  portbook ranges aggregate --all --ranges ServiceTags_Public_20251103.json --family 4")]
pub(super) struct AggregateArgs {
    /// Exact names of tags
    #[arg(value_name = "TAG", required_unless_present = "all")]
    tags: Vec<String>,
    /// All tags of the file
    #[arg(long, conflicts_with = "tags")]
    all: bool,
    /// Only addresses of this family
    #[arg(long, value_enum)]
    family: Option<FamilyArg>,
    #[command(flatten)]
    input: Input,
    /// How to print it
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

pub(super) fn run(args: &AggregateArgs, global: &Global, talk: &Talk) -> Outcome {
    let loaded = args.input.load(talk)?;
    let file = args.input.open_one(&loaded, global, talk)?;
    // A union that lacks a page would be taken for the whole.
    if let Some(finding) = incomplete(&file) {
        return Err(finding.into());
    }
    let mut set = if args.all { file.whole()? } else { union(args, &file, talk)? };
    let family = args.family.map(Family::from);
    if let Some(family) = family {
        set = set.family(family);
    }
    if set.is_empty() {
        let what = if args.all { "the file".to_owned() } else { args.tags.join(", ") };
        return Err(empty_tag(&file, &what, family).into());
    }
    let prefixes: Vec<Prefix> = set.prefixes().collect();
    let bytes = match args.format {
        Format::Text => text(&prefixes).into_bytes(),
        Format::Json => pretty(&json!({
            "cloud": file.cloud(),
            "change_number": file.change_number(),
            "tags": if args.all { None } else { Some(&args.tags) },
            "prefixes": prefixes,
        }))?,
        Format::Csv => {
            let rows: Vec<Vec<String>> = prefixes
                .iter()
                .map(|prefix| vec![prefix.to_string(), prefix.first().to_string(), prefix.last().to_string()])
                .collect();
            to_csv(["prefix", "first", "last"], rows.iter().map(Vec::as_slice))?
        }
    };
    product(&bytes)?;
    Ok(Exit::Fine)
}

/// A tag that adds nothing is told: the union looks complete without it.
fn union(args: &AggregateArgs, file: &RangeFile<'_>, talk: &Talk) -> Result<PrefixSet, Findings> {
    let family = args.family.map(Family::from);
    let mut findings = Findings::new();
    let mut union = PrefixSet::default();
    for name in &args.tags {
        match file.named(name) {
            Ok(tag) => {
                let set = file.set(tag)?;
                let wanted = family.map_or_else(|| set.clone(), |family| set.family(family));
                if wanted.is_empty() && args.tags.len() > 1 {
                    talk.finding(&empty_tag(file, tag.name(), family).severity(Severity::Warning));
                }
                union = union.union(&wanted);
            }
            Err(finding) => findings.push(finding),
        }
    }
    findings.or_value(union).map(|(union, _)| union)
}

fn text(prefixes: &[Prefix]) -> String {
    let mut text = String::with_capacity(prefixes.len() * 20);
    for prefix in prefixes {
        let _ = writeln!(text, "{prefix}");
    }
    text
}
