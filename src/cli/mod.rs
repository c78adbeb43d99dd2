//! The command line: one file a subcommand. Only here are the environment, the terminal and the clock read.
//!
//! Standard output is the product, standard error the talk. Exit codes: 0 fine, 1 different or stale, 2 could not,
//! 3 refused (or lossy with `--strict`).

mod audit;
mod build;
mod builds;
mod check;
mod clock;
mod completions;
mod diff;
mod explain;
mod fetch;
mod generate;
mod init;
mod inputs;
mod list;
mod man;
mod output;
mod prerequisites;
mod range_files;
mod ranges;
mod revision;
mod selection;
mod show;
mod site;
mod site_file;
mod summary;
mod table;
mod target;
mod test;
mod validate;

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, ColorChoice, CommandFactory as _, FromArgMatches as _, Parser, Subcommand};

use portbook::catalog::{Catalog, Layer};
use portbook::finding::Findings;

pub(crate) use output::Talk;

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exit {
    /// Everything is fine.
    Fine = 0,
    /// Something differs or is stale.
    Different = 1,
    /// It could not be done.
    CouldNot = 2,
    /// A target cannot say something that was not accepted.
    Refused = 3,
}

/// Why a run could not be done.
#[derive(Debug)]
pub(crate) enum Failure {
    /// Findings, to be shown together.
    Findings(Findings),
    /// Anything else, with its causes.
    Other(anyhow::Error),
}

impl From<Findings> for Failure {
    fn from(findings: Findings) -> Self {
        Self::Findings(findings)
    }
}

impl From<portbook::finding::Finding> for Failure {
    fn from(finding: portbook::finding::Finding) -> Self {
        Self::Findings(finding.into())
    }
}

impl From<anyhow::Error> for Failure {
    fn from(error: anyhow::Error) -> Self {
        Self::Other(error)
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        Self::Other(error.into())
    }
}

/// What a subcommand gives back.
pub(crate) type Outcome = Result<Exit, Failure>;

/// Firewall and proxy rules for Microsoft hybrid identity, from the documented requirements.
#[derive(Debug, Parser)]
#[command(name = "portbook", version, about, max_term_width = 110, disable_help_subcommand = true)]
#[command(after_help = "Examples:
  portbook list scenarios
  portbook generate cloud-sync --cloud public --target squid --address provisioning-agent=10.20.0.11")]
struct Cli {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    command: Command,
}

/// Flags that every subcommand takes.
#[derive(Debug, Args)]
pub(crate) struct Global {
    /// When to use colours
    #[arg(long, global = true, value_enum, default_value_t = ColorChoice::Auto, value_name = "WHEN")]
    color: ColorChoice,
    /// Say less: no summary, no warnings
    #[arg(short, long, global = true)]
    quiet: bool,
    /// Say more: every note, every rule's losses
    #[arg(short, long, global = true, conflicts_with = "quiet")]
    verbose: bool,
    /// Use this catalog folder in place of the built-in one
    #[arg(long, global = true, value_name = "DIR", env = "PORTBOOK_CATALOG")]
    catalog: Option<PathBuf>,
    /// Add the catalog files of this folder to the built-in ones
    #[arg(long, global = true, value_name = "DIR", conflicts_with = "catalog")]
    catalog_add: Vec<PathBuf>,
}

impl Global {
    /// The catalog that the flags ask for.
    ///
    /// # Errors
    /// All errors of its registries.
    pub(crate) fn load_catalog(&self) -> Result<Catalog, Findings> {
        Catalog::load(self.layers()?)
    }

    /// The catalog files that the flags ask for.
    ///
    /// # Errors
    /// When a folder cannot be read.
    pub(crate) fn layers(&self) -> Result<Vec<Layer>, Findings> {
        let mut layers = match &self.catalog {
            Some(folder) => vec![Layer::folder(folder)?],
            None => vec![Layer::embedded()],
        };
        for folder in &self.catalog_add {
            layers.push(Layer::folder(folder)?);
        }
        Ok(layers)
    }
}

#[derive(Debug, Subcommand)]
enum Command {
    List(list::List),
    Show(show::Show),
    Explain(explain::Explain),
    Diff(diff::Diff),
    Fetch(Box<fetch::Fetch>),
    Generate(Box<generate::GenerateArgs>),
    Audit(Box<audit::AuditArgs>),
    Build(Box<build::BuildArgs>),
    Init(Box<init::InitArgs>),
    Test(Box<test::TestArgs>),
    Check(Box<check::CheckArgs>),
    Prerequisites(Box<prerequisites::PrerequisitesArgs>),
    Validate(validate::Validate),
    Completions(completions::Completions),
    Man(man::Man),
    Ranges(ranges::Ranges),
}

/// Runs the program with the arguments of the process.
pub(crate) fn main() -> ExitCode {
    run(std::env::args_os())
}

fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let parsed =
        Cli::command().try_get_matches_from(arguments).and_then(|matches| Cli::from_arg_matches(&matches));
    let cli = match parsed {
        Ok(cli) => cli,
        Err(error) => {
            // Help and version are products; clap prints them to standard output and the rest to standard error.
            let lost = error.print().is_err_and(|lost| lost.kind() != std::io::ErrorKind::BrokenPipe);
            let exit = if lost { 2 } else { error.exit_code() };
            return ExitCode::from(u8::try_from(exit).unwrap_or(2));
        }
    };
    let talk = Talk::new(&cli.global);
    let outcome = match &cli.command {
        Command::Audit(args) => audit::run(args, &cli.global, &talk),
        Command::Build(args) => build::run(args, &cli.global, &talk),
        Command::Check(args) => check::run(args, &cli.global, &talk),
        Command::Completions(args) => completions::run(args),
        Command::Diff(args) => diff::run(args, &cli.global, &talk),
        Command::Explain(args) => explain::run(args, &cli.global, &talk),
        Command::Fetch(args) => fetch::run(args, &cli.global, &talk),
        Command::Generate(args) => generate::run(args, &cli.global, &talk),
        Command::Init(args) => init::run(args, &cli.global, &talk),
        Command::List(args) => list::run(args, &cli.global, &talk),
        Command::Man(args) => man::run(args, &talk),
        Command::Ranges(args) => ranges::run(args, &cli.global, &talk),
        Command::Prerequisites(args) => prerequisites::run(args, &cli.global, &talk),
        Command::Show(args) => show::run(args, &cli.global, &talk),
        Command::Test(args) => test::run(args, &cli.global, &talk),
        Command::Validate(args) => validate::run(args, &cli.global, &talk),
    };
    ExitCode::from(talk.close(outcome) as u8)
}
