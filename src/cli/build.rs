//! `portbook build`: all files of the sites of a site file.

mod device;
mod job;
mod text;

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use portbook::artifact::{Artifact, write};
use portbook::build::{Inputs, Look};
use portbook::catalog::Catalog;
use portbook::diff::build::render;
use portbook::finding::{Code, Finding, Findings};
use portbook::plan::Plan;
use portbook::target::Templates;

use super::inputs::{Given, Sites, with_inputs};
use super::range_files::RangeArgs;
use super::site_file::{SiteFile, SiteFileArgs};
use super::{Exit, Failure, Global, Outcome, Talk, output};

use device::Former;
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
#[allow(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
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
    /// The build that the devices have: its manifest, its folder, or one of them as git:REVISION:PATH
    #[arg(long, value_name = "MANIFEST", conflicts_with = "check")]
    since: Option<String>,
    /// With --since: write only what takes the devices from that build to this one, below this folder
    #[arg(long, value_name = "DIR", requires = "since", conflicts_with = "check")]
    to: Option<PathBuf>,
    /// Write what takes the devices back to the last build, or to that of --since, below this folder
    #[arg(long, value_name = "DIR", conflicts_with_all = ["check", "to"])]
    rollback: Option<PathBuf>,
    /// Read every file back before anything is written, and hold it against its rules: exit code 2 if it allows less or more
    #[arg(long)]
    verify: bool,
    /// Write what changes as one page for a change board
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
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

/// What is read before anything is made.
struct Read {
    catalog: Catalog,
    file: SiteFile,
    /// With `--since` and `--to`: the build that the devices have, of which the sites know; and sites that do not.
    former: Option<(Former, SiteFile)>,
}

impl Sites for Read {
    fn catalog(&self) -> &Catalog {
        &self.catalog
    }

    fn plans(&self) -> &[Plan] {
        &self.file.plans
    }
}

/// Runs the subcommand.
pub(crate) fn run(args: &BuildArgs, global: &Global, talk: &Talk) -> Outcome {
    if args.since.is_some() && args.to.is_none() && args.rollback.is_none() {
        let message = "--since says what the devices have, and nothing says where the files for them go";
        return Err(Finding::new(Code::InvalidValue, message)
            .help("--to DIR for the files that take them on, or --rollback DIR for those that take them back")
            .into());
    }
    let look = look(args)?;
    let given = Given { ranges: &args.ranges, look: &look, strict: args.strict };
    with_inputs(given, talk, || read(args, global), |read, inputs| made(args, read, inputs, talk))?
}

fn read(args: &BuildArgs, global: &Global) -> Result<Read, Failure> {
    let (catalog, mut file) = args.site.load(global)?;
    let former = match (&args.since, &args.to) {
        (Some(since), Some(_)) => {
            let former = Former::open(since)?;
            let plain = args.site.read(&catalog)?;
            former.tell(&mut file.plans)?;
            Some((former, plain))
        }
        _ => None,
    };
    Ok(Read { catalog, file, former })
}

fn made(args: &BuildArgs, read: &Read, inputs: &Inputs<'_>, talk: &Talk) -> Outcome {
    let file = &read.file;
    if let (Some((former, plain)), Some(folder)) = (&read.former, &args.to) {
        let (written, refused) = device::forward((file, plain), inputs, former, folder)?;
        return told(&written, &refused, talk);
    }
    if let Some(folder) = &args.rollback {
        let here = file.folder.display().to_string();
        let former = Former::open(args.since.as_deref().unwrap_or(&here))?;
        for path in device::backward(file, inputs, &former, folder)? {
            talk.line(&format!("the way back: {}", path.display()));
        }
    }
    let reports = Job { args, file, inputs }.run();
    output::product(&text::product(&reports, args.format, talk)?)?;
    if let Some(path) = &args.report {
        write_page(path, &reports, talk)?;
    }
    if args.check && args.format == Format::Table {
        output::product(text::meaning(&reports).as_bytes())?;
    }
    let (told, errors) = text::findings(&reports);
    talk.findings(&told);
    talk.findings(&file.left());
    talk.findings(&errors);
    text::summary(&reports, args.check, talk);
    Ok(exit(&reports, args.check))
}

/// What changes as one page; where nothing was built before, what is built.
fn write_page(path: &Path, reports: &[job::Report<'_>], talk: &Talk) -> Result<(), Failure> {
    let page = render::html(&text::difference(reports))?;
    write(&[Artifact::text(path.display().to_string(), page)], Path::new(""))?;
    talk.line(&format!("the report: {}", path.display()));
    Ok(())
}

/// The files of a way, one a line, and what is not among them.
fn told(written: &[PathBuf], refused: &Findings, talk: &Talk) -> Outcome {
    let lines = written.iter().map(|path| format!("{}\n", path.display())).collect::<Vec<_>>().concat();
    output::product(if lines.is_empty() { b"nothing to load\n" } else { lines.as_bytes() })?;
    talk.findings(refused);
    Ok(if refused.is_empty() { Exit::Fine } else { Exit::Refused })
}

/// What could not be done outweighs what was refused, and that what differs.
fn exit(reports: &[job::Report<'_>], check: bool) -> Exit {
    if reports.iter().any(job::Report::failed) {
        Exit::CouldNot
    } else if reports.iter().any(job::Report::refused) {
        Exit::Refused
    } else if check && reports.iter().any(job::Report::changes) {
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
    Ok(Look { templates, custom: None, verify: args.verify })
}
