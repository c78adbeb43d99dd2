//! `portbook diff`: what changed between two editions, two dates, two documents, two clouds or two scenarios.

use std::path::Path;

use clap::{Args, ValueEnum};

use portbook::diff::{Difference, SideOptions, render};
use portbook::finding::{Code, Finding};

use super::output::product;
use super::{Exit, Global, Outcome, Talk};

/// Tell what changed between two editions, or a scenario at two dates
///
/// Each side is DOCUMENT[@EDITION][:CLOUD] or SCENARIO[@DATE][:CLOUD]; the newest where nothing is said. Flows are
/// compared by their meaning: a name that a pattern still holds is not lost. Exit code 1 if something differs.
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
        (true, true) => files(args),
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

/// Files: range files, builds and sites. The one place where they come in.
fn files(args: &Diff) -> Outcome {
    let message = format!(
        "`{}` and `{}` are files, and files cannot be compared yet",
        shown(&args.old),
        shown(&args.new)
    );
    let help = "editions are DOCUMENT@EDITION, a scenario at a date is SCENARIO@DATE; neither holds `/` nor ends in .json, .yaml or .xml";
    Err(Finding::new(Code::InvalidValue, message).help(help).into())
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
