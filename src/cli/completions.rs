//! `portbook completions`: completion scripts.

use clap::{Args, CommandFactory as _};
use clap_complete::Shell;

use super::output::product;
use super::{Cli, Exit, Outcome};

/// Print a completion script for a shell
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  portbook completions bash
  portbook completions powershell")]
pub(crate) struct Completions {
    /// The shell
    #[arg(value_enum)]
    shell: Shell,
}

pub(crate) fn run(args: &Completions) -> Outcome {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "portbook", &mut script);
    product(&script)?;
    Ok(Exit::Fine)
}
