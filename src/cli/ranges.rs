//! `portbook ranges`: what the weekly files hold.

mod aggregate;
pub(super) mod diff;
mod info;
mod lookup;
mod show;
mod tags;

use clap::{Args, Subcommand, ValueEnum};

use portbook::address::{AddressCount, Family};
use portbook::finding::{Code, Finding, Findings, Severity};
use portbook::ranges::RangeFile;
use portbook::ranges::accept::incomplete;

use super::range_files::{Loaded, RangeArgs, cloud_of};
use super::{Exit, Global, Outcome, Talk};

/// Look into the weekly Azure IP range files
///
/// Also reads answers of the Service Tag Discovery API, the old XML of regions, and plain lists with one prefix a line.
/// Without --ranges, the files that `portbook fetch` keeps are read. Addresses are compared and joined as sets: how they
/// are split into prefixes makes no difference.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  portbook ranges lookup 20.190.131.7
  portbook ranges aggregate AzureActiveDirectory --cloud public --family 4")]
pub(crate) struct Ranges {
    #[command(subcommand)]
    command: Question,
}

#[derive(Debug, Subcommand)]
enum Question {
    Info(info::InfoArgs),
    Tags(tags::TagsArgs),
    Show(show::ShowArgs),
    Aggregate(aggregate::AggregateArgs),
    Lookup(lookup::LookupArgs),
    Diff(diff::DiffArgs),
}

/// How to print it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// For people and for other programs that read lines
    Text,
    /// JSON
    Json,
    /// Comma-separated values with a header
    Csv,
}

/// Which files are meant.
#[derive(Debug, Args)]
struct Input {
    #[command(flatten)]
    files: RangeArgs,
    /// Only the file of this cloud: its id, or the file's own word
    #[arg(long, value_name = "CLOUD")]
    cloud: Option<String>,
}

/// One family of addresses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum FamilyArg {
    #[value(name = "4")]
    V4,
    #[value(name = "6")]
    V6,
}

impl From<FamilyArg> for Family {
    fn from(family: FamilyArg) -> Self {
        match family {
            FamilyArg::V4 => Self::V4,
            FamilyArg::V6 => Self::V6,
        }
    }
}

pub(crate) fn run(args: &Ranges, global: &Global, talk: &Talk) -> Outcome {
    match &args.command {
        Question::Info(args) => info::run(args, talk),
        Question::Tags(args) => tags::run(args, global, talk),
        Question::Show(args) => show::run(args, global, talk),
        Question::Aggregate(args) => aggregate::run(args, global, talk),
        Question::Lookup(args) => lookup::run(args, global, talk),
        Question::Diff(args) => diff::run(args, talk),
    }
}

impl Input {
    fn load(&self, talk: &Talk) -> Result<Vec<Loaded>, Findings> {
        self.files.any(talk)
    }

    /// Opens the files that are meant.
    fn open<'a>(
        &self,
        loaded: &'a [Loaded],
        global: &Global,
        talk: &Talk,
    ) -> Result<Vec<RangeFile<'a>>, Findings> {
        let files = open_all(loaded, talk)?;
        let Some(cloud) = &self.cloud else { return Ok(files) };
        let word = cloud_of(cloud, &global.load_catalog()?)?.file_word.clone();
        let (wanted, others): (Vec<_>, Vec<_>) =
            files.into_iter().partition(|file| file.cloud() == Some(word.as_str()));
        if wanted.is_empty() {
            let message = format!("no range file of cloud {word} is at hand");
            let there: Vec<String> = others.iter().map(RangeFile::label).collect();
            return Err(Finding::new(Code::NoRangeFile, message)
                .note(format!("there is {}", there.join(", ")))
                .help(format!("`portbook fetch --cloud {cloud}` fetches it"))
                .into());
        }
        Ok(wanted)
    }

    /// Opens the one file that is meant.
    fn open_one<'a>(
        &self,
        loaded: &'a [Loaded],
        global: &Global,
        talk: &Talk,
    ) -> Result<RangeFile<'a>, Findings> {
        let mut files = self.open(loaded, global, talk)?;
        match (files.pop(), files.as_slice()) {
            (Some(file), []) => Ok(file),
            (Some(last), _) => {
                let names: Vec<String> = files.iter().chain([&last]).map(RangeFile::label).collect();
                let message = format!("{} range files are at hand: {}", names.len(), names.join(", "));
                Err(Finding::new(Code::SeveralRangeFiles, message)
                    .help("choose one with --cloud CLOUD or --ranges FILE")
                    .into())
            }
            (None, _) => Err(self.files.none().into()),
        }
    }
}

/// Opens all of them; all errors of all files. One page of several is told: what it lacks looks like what is not there.
fn open_all<'a>(loaded: &'a [Loaded], talk: &Talk) -> Result<Vec<RangeFile<'a>>, Findings> {
    let mut findings = Findings::new();
    let mut files = Vec::new();
    for each in loaded {
        match each.open() {
            Ok(file) => {
                if let Some(finding) = incomplete(&file) {
                    talk.finding(&finding.severity(Severity::Warning));
                }
                files.push(file);
            }
            Err(errors) => findings.append(errors),
        }
    }
    findings.or_value(files).map(|(files, _)| files)
}

/// The word of a file's cloud, for people.
pub(super) fn cloud_word<'f>(file: &'f RangeFile<'_>) -> &'f str {
    file.cloud().unwrap_or("no cloud")
}

/// `1 prefix`, `2,104 prefixes`.
pub(super) fn counted(count: usize, one: &str, several: &str) -> String {
    if count == 1 { format!("1 {one}") } else { format!("{} {several}", grouped(count)) }
}

/// With a comma before each group of three digits.
fn grouped(count: usize) -> AddressCount {
    u128::try_from(count).unwrap_or(u128::MAX).into()
}

/// Warnings about tags that are legal and that no rule can be made from.
fn empty_tag(file: &RangeFile<'_>, tag: &str, family: Option<Family>) -> Finding {
    let what = family.map_or_else(|| "address".to_owned(), |family| format!("{family} address"));
    let message = format!("{tag} has no {what} in {}", file.label());
    Finding::new(Code::EmptyServiceTag, message)
        .help("an empty list means `any address` to several products: make no rule from it")
}
