//! `portbook build`: all files of the sites of a site file.

mod job;
mod text;

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use portbook::build::Look;
use portbook::finding::Findings;
use portbook::target::Templates;

use super::range_files::RangeArgs;
use super::site_file::SiteFileArgs;
use super::{Exit, Global, Outcome, Talk, output};

use job::Job;

/// Write all files of a site file, and what they mean
///
/// Replaces what an earlier build wrote, removes what no target makes any more, and writes portbook.manifest.json beside
/// the files. A file that somebody changed by hand stops the build of its site. A target that cannot say a rule is not
/// written (exit code 3); the others are.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  portbook build
  portbook build sites/portbook.yaml --check --site contoso-hq")]
pub(crate) struct BuildArgs {
    #[command(flatten)]
    site: SiteFileArgs,
    /// Write nothing: say what would change, by meaning, and exit with 1 if something would
    #[arg(long)]
    check: bool,
    /// Replace files that were changed by hand
    #[arg(long, conflicts_with = "check")]
    force: bool,
    /// Let outputs lie outside the folder of the site file
    #[arg(long)]
    allow_outside: bool,
    /// Refuse targets that allow more or less than the rules, too
    #[arg(long)]
    strict: bool,
    #[command(flatten)]
    ranges: RangeArgs,
    /// Templates that override the built-in ones, by their names
    #[arg(long, value_name = "DIR")]
    templates: Option<PathBuf>,
    /// How to print what was built
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
}

/// How to print what was built.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Aligned columns for a terminal
    Table,
    /// One object a file
    Json,
}

/// Runs the subcommand.
pub(crate) fn run(args: &BuildArgs, global: &Global, talk: &Talk) -> Outcome {
    let catalog = global.load_catalog()?;
    let file = args.site.read(&catalog)?;
    let look = look(args)?;
    let job = Job { args, catalog: &catalog, file: &file, look: &look };
    let reports = job.run(talk)?;
    output::product(&text::product(&reports, args.format, talk)?)?;
    let (told, errors) = text::findings(&reports);
    talk.findings(&told);
    talk.findings(&errors);
    text::summary(&reports, args.check, talk);
    Ok(exit(&reports, args.check))
}

/// What could not be done outweighs what was refused, and that what differs.
fn exit(reports: &[job::Report<'_>], check: bool) -> Exit {
    if reports.iter().any(|report| report.failed()) {
        Exit::CouldNot
    } else if reports.iter().any(|report| report.refused()) {
        Exit::Refused
    } else if check && reports.iter().any(|report| report.changes()) {
        Exit::Different
    } else {
        Exit::Fine
    }
}

fn look(args: &BuildArgs) -> Result<Look, Findings> {
    let templates = match &args.templates {
        Some(folder) => Templates::with_overrides(folder)?,
        None => Templates::embedded(),
    };
    Ok(Look { templates, custom: None })
}
