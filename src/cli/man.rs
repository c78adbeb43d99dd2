//! `portbook man`: manual pages.

use std::path::PathBuf;

use clap::{Args, CommandFactory as _};
use clap_mangen::Man as Page;

use portbook::artifact::{Artifact, write};

use super::output::product;
use super::{Cli, Exit, Failure, Outcome, Talk};

/// Print the manual page, or write one for each subcommand into a folder
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  portbook man
  portbook man man1")]
pub(crate) struct Man {
    /// The folder; it is made if it is not there
    #[arg(value_name = "DIR")]
    folder: Option<PathBuf>,
}

pub(crate) fn run(args: &Man, talk: &Talk) -> Outcome {
    let mut command = Cli::command();
    command.build();
    let Some(folder) = &args.folder else {
        product(&page(command)?)?;
        return Ok(Exit::Fine);
    };
    let pages = pages(command)?;
    let written = write(&pages, folder)?;
    talk.line(&format!("{} pages in {}", written.len(), folder.display()));
    Ok(Exit::Fine)
}

/// `portbook.1`, then `portbook-list.1` and so on.
fn pages(command: clap::Command) -> Result<Vec<Artifact>, Failure> {
    let mut pages = Vec::new();
    for subcommand in command.get_subcommands() {
        let name = format!("portbook-{}", subcommand.get_name());
        pages.push(Artifact { path: format!("{name}.1"), bytes: page(subcommand.clone().name(name))? });
    }
    pages.insert(0, Artifact { path: "portbook.1".to_owned(), bytes: page(command)? });
    Ok(pages)
}

fn page(command: clap::Command) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    Page::new(command).render(&mut bytes)?;
    Ok(bytes)
}
