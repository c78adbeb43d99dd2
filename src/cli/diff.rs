//! `portbook diff`: what changed between two editions, two dates, two documents, two clouds or two scenarios.

use std::path::Path;

use clap::{Args, ValueEnum};

use portbook::diff::{Difference, SideOptions, render};
use portbook::finding::{Code, Finding};

use super::output::product;
use super::{Exit, Global, Outcome, Talk, ranges};

/// Tell what changed between two editions, or a scenario at two dates
///
/// Each side is DOCUMENT[@EDITION][:CLOUD] or SCENARIO[@DATE][:CLOUD]; the newest where nothing is said. Flows are
/// compared by their meaning: a name that a pattern still holds is not lost. What texts ask of hosts follows the flows,
/// except in the change request. Two range files are compared by address, as
/// `portbook ranges diff` does. Exit code 1 if something differs.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  portbook diff cloud-sync-prerequisites@2025-04-09 cloud-sync-prerequisites@2026-07-27
  portbook diff cloud-sync@2021-01-01 cloud-sync@2026-11-01 --cloud public
  portbook diff cloud-sync:public cloud-sync:us-government --format markdown")]
pub(crate) struct Diff {
    /// The older side, such as cloud-sync@2021-01-01
    #[arg(value_name = "OLD")]
    old: String,
    /// The newer side
    #[arg(value_name = "NEW")]
    new: String,
    /// The cloud of both sides; each side can name its own behind a colon. All clouds if none is named
    #[arg(long, value_name = "CLOUD")]
    cloud: Option<String>,
    /// Only flows of these roles
    #[arg(long, value_name = "ROLE", value_delimiter = ',')]
    role: Vec<String>,
    /// How to print it
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

/// How to print a difference.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For a terminal
    Text,
    /// Tables for a pull request
    Markdown,
    /// Both sides of every change in full
    Json,
    /// A firewall change request: flows to add, remove and modify
    Csv,
}

pub(crate) fn run(args: &Diff, global: &Global, talk: &Talk) -> Outcome {
    match (is_path(&args.old), is_path(&args.new)) {
        (true, true) => files(args, talk),
        (false, false) => texts(args, global, talk),
        (old, _) => Err(mixed(if old { &args.old } else { &args.new }).into()),
    }
}

/// Texts of the catalog.
fn texts(args: &Diff, global: &Global, talk: &Talk) -> Outcome {
    let catalog = global.load_catalog()?;
    let options = SideOptions { cloud: args.cloud.clone() };
    let difference = Difference::between(&catalog, &args.old, &args.new, &options, &args.role)?;
    talk.findings(&difference.findings);
    let bytes = match args.format {
        Format::Text => render::text(&difference).into_bytes(),
        Format::Markdown => render::markdown(&difference).into_bytes(),
        Format::Json => render::json(&difference)?.into_bytes(),
        Format::Csv => render::csv(&difference)?,
    };
    product(&bytes)?;
    Ok(if difference.is_empty() { Exit::Fine } else { Exit::Different })
}

/// Files: range files by address. The one place where other files come in.
fn files(args: &Diff, talk: &Talk) -> Outcome {
    let paths = [&args.old, &args.new];
    if let Some(other) = paths.into_iter().find(|path| !is_range_file(path)) {
        let message = format!("`{}` is neither a range file nor something of the catalog", shown(other));
        let help = "range files end in .json or .xml; editions are DOCUMENT@EDITION, a scenario at a date is SCENARIO@DATE";
        return Err(Finding::new(Code::InvalidValue, message).help(help).into());
    }
    if args.cloud.is_some() || !args.role.is_empty() {
        let message = "--cloud and --role choose among flows, and range files have none";
        return Err(Finding::new(Code::InvalidValue, message).help("leave them out").into());
    }
    let format = match args.format {
        Format::Text => ranges::Format::Text,
        Format::Json => ranges::Format::Json,
        Format::Csv => ranges::Format::Csv,
        Format::Markdown => {
            let message = "range files are compared as text, json or csv";
            return Err(Finding::new(Code::InvalidValue, message)
                .help("give one of these to --format")
                .into());
        }
    };
    ranges::diff::files(Path::new(&args.old), Path::new(&args.new), &[], format, talk)
}

/// By its ending: a revision of a repository and files of sites are none.
fn is_range_file(path: &str) -> bool {
    let extension = Path::new(path).extension().and_then(|extension| extension.to_str()).unwrap_or_default();
    !path.starts_with("git:") && ["json", "xml"].iter().any(|known| extension.eq_ignore_ascii_case(known))
}

fn mixed(path: &str) -> Finding {
    let message = format!("`{}` is a file and the other side is none", shown(path));
    Finding::new(Code::InvalidValue, message)
        .help("compare two files, or two of DOCUMENT@EDITION and SCENARIO@DATE")
}

fn shown(text: &str) -> String {
    text.escape_debug().to_string()
}

/// Whether an argument names a file or a revision of one, not something of the catalog.
fn is_path(text: &str) -> bool {
    let extension = Path::new(text).extension().and_then(|extension| extension.to_str());
    let known =
        |extension: &str| ["json", "yaml", "xml"].iter().any(|known| extension.eq_ignore_ascii_case(known));
    text.contains(['/', '\\']) || text.starts_with("git:") || extension.is_some_and(known)
}
