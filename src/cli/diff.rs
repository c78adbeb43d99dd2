//! `portbook diff`: what changed between two editions, dates, documents, clouds or scenarios, two builds, or two range
//! files.

mod paths;

use std::path::Path;

use clap::{Args, ValueEnum};

use portbook::diff::{Difference, SideOptions, render};
use portbook::finding::{Code, Finding};

use super::output::product;
use super::range_files::RangeArgs;
use super::{Exit, Global, Outcome, Talk};

/// Tell what changed between two builds, two editions, or a scenario at two dates
///
/// Of documents each side is DOCUMENT[@EDITION][:CLOUD] or SCENARIO[@DATE][:CLOUD]; the newest where nothing is said. Flows are
/// compared by their meaning: a name that a pattern still holds is not lost. What texts ask of hosts follows the flows,
/// except in the change request. Of builds each side is a folder, a portbook.manifest.json, a site file, or one of them
/// as git:REVISION:PATH. Two range files are compared by address, as
/// `portbook ranges diff` does. Exit code 1 if something differs.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  portbook diff cloud-sync-prerequisites@2025-04-09 cloud-sync-prerequisites@2026-07-27
  portbook diff cloud-sync@2021-01-01 cloud-sync@2026-11-01 --cloud public
  portbook diff cloud-sync:public cloud-sync:us-government --format markdown
  portbook diff git:origin/main:portbook.manifest.json portbook.manifest.json")]
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
    /// Only these sites of two builds
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    site: Vec<String>,
    /// Only files and losses of these targets of two builds
    #[arg(long, value_name = "TARGET", value_delimiter = ',')]
    target: Vec<String>,
    /// Whether this site file lets two builds be merged without a human: exit code 0 if so, else 1 and the reasons
    #[arg(long, value_name = "SITE", conflicts_with_all = ["role", "site", "target"])]
    auto_merge: Option<String>,
    #[command(flatten)]
    ranges: RangeArgs,
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
    /// One page for a change board: picture, address map, search; of builds only
    Html,
}

pub(crate) fn run(args: &Diff, global: &Global, talk: &Talk) -> Outcome {
    // Beside a path, a name without a slash may be a folder too.
    let there = |text: &str| Path::new(text).exists();
    match (paths::is_path(&args.old), paths::is_path(&args.new)) {
        (true, true) => paths::run(args, global, talk),
        (false, false) => texts(args, global, talk),
        (true, false) if there(&args.new) => paths::run(args, global, talk),
        (false, true) if there(&args.old) => paths::run(args, global, talk),
        (old, _) => Err(paths::mixed(if old { &args.old } else { &args.new }).into()),
    }
}

/// Texts of the catalog.
fn texts(args: &Diff, global: &Global, talk: &Talk) -> Outcome {
    if !args.site.is_empty() || !args.target.is_empty() || args.auto_merge.is_some() {
        let message = "--site, --target and --auto-merge are about builds, and texts have neither";
        return Err(Finding::new(Code::InvalidValue, message).help("leave them out").into());
    }
    let catalog = global.load_catalog()?;
    let options = SideOptions { cloud: args.cloud.clone() };
    let difference = Difference::between(&catalog, &args.old, &args.new, &options, &args.role)?;
    talk.findings(&difference.findings);
    let bytes = match args.format {
        Format::Text => render::text(&difference).into_bytes(),
        Format::Markdown => render::markdown(&difference).into_bytes(),
        Format::Json => render::json(&difference)?.into_bytes(),
        Format::Csv => render::csv(&difference)?,
        Format::Html => {
            let message = "texts are compared as text, markdown, json or csv; a page is made of builds";
            return Err(Finding::new(Code::InvalidValue, message)
                .help("give one of these to --format")
                .into());
        }
    };
    product(&bytes)?;
    Ok(if difference.is_empty() { Exit::Fine } else { Exit::Different })
}
