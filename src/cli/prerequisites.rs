//! `portbook prerequisites`: what hosts must be before a scenario runs on them.

mod file;
mod text;

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use portbook::catalog::Catalog;
use portbook::finding::{Code, Finding, Findings};
use portbook::prerequisite::NamedHosts;
use portbook::resolve::{Prerequisites, prerequisites};
use portbook::site::Site;

use super::output::product;
use super::selection::SelectionArgs;
use super::site::SiteArgs;
use super::{Exit, Global, Outcome, Talk};

/// Show what documents ask of hosts, or make a .reg file or a preflight of it
///
/// Each line carries its document and edition. What an edition was not read for is said: nothing is carried over from another
/// one. `reg` sets the documented registry values, `powershell` checks everything on the host and changes nothing.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  portbook prerequisites cloud-sync --cloud public
  portbook prerequisites cloud-sync --cloud us-government --format powershell")]
pub(crate) struct PrerequisitesArgs {
    #[command(flatten)]
    selection: SelectionArgs,
    /// Addresses of other roles, such as domain-controller=10.10.0.4, for the preflight
    #[arg(long, value_name = "ROLE=CIDR,...", help_heading = "Site")]
    address: Vec<String>,
    /// The proxy that the preflight takes unless it is told another one
    #[arg(long, value_name = "HOST:PORT", help_heading = "Site")]
    proxy: Option<String>,
    /// How to print it
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
    /// The .reg file that removes the values again
    #[arg(long, conflicts_with = "output")]
    undo: bool,
    /// Write the files of `reg` (with their undo) or `powershell` below this folder
    #[arg(short, long, value_name = "DIR")]
    output: Option<PathBuf>,
}

/// How to print prerequisites.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// One line each, for a terminal; -v shows what is to be noted
    Table,
    /// One object each, with typed values
    Json,
    /// A table for a wiki or a pull request
    Markdown,
    /// Comma-separated values with a header
    Csv,
    /// The documented registry values as a .reg file
    Reg,
    /// A preflight script for the role's host, which only reads and connects
    Powershell,
}

/// Runs the subcommand.
pub(crate) fn run(args: &PrerequisitesArgs, global: &Global, talk: &Talk) -> Outcome {
    let catalog = global.load_catalog()?;
    let site_args = SiteArgs::of(args.address.clone(), args.proxy.clone());
    let mut findings = args.misplaced();
    let site = site_args.check(&catalog).map_err(|errors| findings.append(errors)).unwrap_or_default();
    let selection = args.selection.check(&catalog, site_args.has_proxy());
    let Ok(selection) = selection.map_err(|errors| findings.append(errors)) else {
        return Err(findings.into());
    };
    findings.or_value(()).map(drop)?;
    let prerequisites = prerequisites(&catalog, &selection)?;
    talk.findings(&prerequisites.findings);
    let hosts = site_args.hosts();
    let asked = Asked { args, catalog: &catalog, selection: &selection, site: &site, hosts };
    match args.format {
        Format::Table => product(text::table(&catalog, &prerequisites, talk.is_verbose()).as_bytes())?,
        Format::Json => product(&text::json(&prerequisites)?)?,
        Format::Markdown => product(text::markdown(&prerequisites).as_bytes())?,
        Format::Csv => product(&text::csv(&prerequisites)?)?,
        Format::Reg => file::reg(&asked, &prerequisites, talk)?,
        Format::Powershell => file::powershell(&asked, &prerequisites, talk)?,
    }
    summary(&prerequisites, talk);
    Ok(Exit::Fine)
}

/// What was asked for, checked.
struct Asked<'a> {
    args: &'a PrerequisitesArgs,
    catalog: &'a Catalog,
    selection: &'a portbook::resolve::Selection,
    site: &'a Site,
    hosts: NamedHosts,
}

impl PrerequisitesArgs {
    /// Flags that the format does not take: whoever gives one expects something of it.
    fn misplaced(&self) -> Findings {
        let mut findings = Findings::new();
        let mut only = |given: bool, flag: &str, formats: &str| {
            if given {
                let message = format!("{flag} goes with --format {formats}");
                findings
                    .push(Finding::new(Code::InvalidValue, message).help("drop it, or choose that format"));
            }
        };
        only(self.undo && self.format != Format::Reg, "--undo", "reg");
        let files = matches!(self.format, Format::Reg | Format::Powershell);
        only(self.output.is_some() && !files, "--output", "reg or powershell");
        let script = self.format == Format::Powershell;
        only(!self.address.is_empty() && !script, "--address", "powershell");
        only(self.proxy.is_some() && !script, "--proxy", "powershell");
        findings
    }
}

/// How many there are, what is left out and how to get it, and which documents were not read.
fn summary(prerequisites: &Prerequisites<'_>, talk: &Talk) {
    let documents: Vec<String> = text::cited_documents(prerequisites);
    talk.line(&format!(
        "{}: {} prerequisites from {}",
        prerequisites.title,
        prerequisites.stated.len(),
        documents.join(", ")
    ));
    for left_out in &prerequisites.left_out {
        let says = left_out.prerequisite;
        talk.line(&format!(
            "  left out  {} of {} ({})",
            says.says.id,
            says.source(),
            left_out.flags.join(" ")
        ));
    }
    let unread = text::unread_documents(prerequisites);
    if !unread.is_empty() {
        talk.line(&format!("  not read for prerequisites  {}", unread.join(", ")));
    }
}
