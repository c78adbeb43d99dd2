//! `portbook fetch`: the newest range file of a cloud, checked, compared and locked.

#[cfg_attr(
    not(feature = "online"),
    allow(dead_code, reason = "without the network, files are given by name only")
)]
mod options;
mod report;
#[cfg_attr(
    not(feature = "online"),
    allow(dead_code, reason = "without the network, files are given by name only")
)]
mod source;

use clap::{Args, ValueEnum};

use std::collections::BTreeSet;

use jiff::civil::Date;

use portbook::catalog::{Catalog, Cloud};
use portbook::explain::tags_of_catalog;
use portbook::finding::{Code, Finding, Findings, Severity};
use portbook::ranges::RangeFile;
use portbook::ranges::accept::{self, Age, Bounds};
use portbook::ranges::date::age_in_days;
use portbook::ranges::diff::RangeDiff;
use portbook::ranges::store::{Guard, Locked, Store, replace, sha256};

use super::clock::today;
use super::output::product;
use super::range_files::{AHEAD, FolderArgs, cloud_of};
use super::ranges::diff::Side;
use super::{Exit, Failure, Global, Outcome, Talk};
use options::NetworkArgs;
use report::Report;
use source::{Content, Found, Source, Wanted};

/// Fetch the newest range file of a cloud, and lock it
///
/// The file is checked whole and compared with the one that is kept. It replaces that one only if it is of the same
/// cloud, complete, not older, and not smaller beyond a bound; otherwise the kept file and its lock stay as they are.
/// `generate`, `explain` and `ranges` use the kept files by themselves.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  portbook fetch --cloud public,us-government
  portbook fetch --cloud public --from ServiceTags_Public_20251103.json")]
pub(crate) struct Fetch {
    /// Clouds; those that are kept already if none is named
    #[arg(long, value_name = "CLOUD,...", value_delimiter = ',')]
    cloud: Vec<String>,
    /// Take this file in place of the one that the download page names; `-` is standard input
    #[arg(long, value_name = "FILE|URL")]
    from: Option<String>,
    #[command(flatten)]
    folder: FolderArgs,
    #[command(flatten)]
    bounds: BoundArgs,
    /// Exit with code 1 if a file is new or was replaced
    #[arg(long)]
    exit_code: bool,
    #[command(flatten)]
    network: NetworkArgs,
    /// How to print it
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

/// What a new file may lack of the kept one, and have beyond it.
#[derive(Debug, Args)]
struct BoundArgs {
    /// Take a file that is older than the kept one, or of which that cannot be told
    #[arg(long)]
    accept_older: bool,
    /// Take a file whatever it lacks of the kept one
    #[arg(long)]
    accept_shrink: bool,
    /// Take a file however much larger than the kept one it is
    #[arg(long)]
    accept_growth: bool,
    /// How much of the tags, of the addresses, and of those of each tag that rules lean on, may be missing
    #[arg(long, value_name = "PERCENT", default_value_t = 5.0, value_parser = percent)]
    max_loss: f64,
}

impl BoundArgs {
    fn check(&self) -> Bounds {
        Bounds {
            loss_percent: self.max_loss,
            shrink: self.accept_shrink,
            growth: self.accept_growth,
            older: self.accept_older,
            ..Bounds::default()
        }
    }
}

/// How to print what became of a fetch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people
    Text,
    /// One object for each cloud
    Json,
}

fn percent(text: &str) -> Result<f64, String> {
    let number = text.trim_end_matches('%').parse::<f64>().ok();
    number
        .filter(|number| (0.0..=100.0).contains(number))
        .ok_or_else(|| "give a number from 0 to 100".to_owned())
}

pub(crate) fn run(args: &Fetch, global: &Global, talk: &Talk) -> Outcome {
    let catalog = global.load_catalog()?;
    let network = args.network.check()?;
    // Before the folder is made: a typo leaves nothing behind.
    let clouds = args.clouds(&catalog, &Store::open(&args.folder.ranges_dir)?)?;
    if args.from.is_some() && clouds.len() > 1 {
        let message = "--from names one file, and several clouds are asked for";
        return Err(Finding::new(Code::InvalidValue, message)
            .help("give --cloud the cloud of the file")
            .into());
    }
    let guard = Guard::take(&args.folder.ranges_dir, || {
        talk.line(&format!("another fetch works in {}: waiting for it", args.folder.ranges_dir.display()));
    })?;
    let mut store = Store::open(&args.folder.ranges_dir)?;
    let source = Source { from: args.from.as_deref(), network: &network, talk };
    let leaned = tags_of_catalog(&catalog)?;
    let mut findings = Findings::new();
    let mut updated = false;
    for cloud in clouds {
        // One cloud that cannot be had is no reason to leave the others stale.
        match args.fetch(cloud, &source, &leaned, &mut store, &guard) {
            Ok(fetched) => {
                updated |= fetched.status != Status::Unchanged;
                product(&report::render(&fetched, &leaned, args.format, talk.is_verbose())?)?;
            }
            Err(Failure::Findings(errors)) => findings.append(errors),
            Err(other) => return Err(other),
        }
    }
    if !findings.is_empty() {
        return Err(findings.into());
    }
    Ok(if updated && args.exit_code { Exit::Different } else { Exit::Fine })
}

/// What became of the file of a cloud.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Status {
    /// There was none.
    New,
    /// The kept one was replaced.
    Updated,
    /// The kept one was damaged or gone, and is back as it was.
    Restored,
    /// The kept one is the newest.
    Unchanged,
}

/// The locked file of a cloud, and its bytes or why they are not there.
struct Kept {
    locked: Locked,
    bytes: Result<Vec<u8>, Finding>,
}

impl Kept {
    fn unchanged(&self) -> Fetched {
        Fetched { status: Status::Unchanged, now: self.locked.clone(), report: None }
    }
}

/// New content for a cloud, beside what is kept.
#[derive(Clone, Copy)]
struct Arrival<'a> {
    word: &'a str,
    content: &'a Content,
    kept: Option<&'a Kept>,
}

/// `ranges-ahead`: a file of a day to come would be the newest until then.
fn not_ahead(file: &RangeFile<'_>, date: Option<Date>) -> Result<(), Finding> {
    let Some(date) = date.filter(|date| age_in_days(*date, today()) < -AHEAD) else { return Ok(()) };
    Err(Finding::new(Code::RangesAhead, format!("{} is dated {date}, which is in the future", file.label()))
        .help("the kept file stays; if the name is wrong, rename the file and give it with --from"))
}

/// The end of a fetch.
struct Fetched {
    status: Status,
    now: Locked,
    report: Option<Report>,
}

impl Fetch {
    /// The wanted clouds.
    fn clouds<'c>(&self, catalog: &'c Catalog, store: &Store) -> Result<Vec<&'c Cloud>, Findings> {
        if self.cloud.is_empty() {
            let known = catalog.registries().clouds.iter();
            let kept: Vec<&Cloud> = known.filter(|cloud| store.lock.of(&cloud.file_word).is_some()).collect();
            if !kept.is_empty() {
                return Ok(kept);
            }
            let clouds = catalog.registries().clouds.iter().filter(|cloud| cloud.retired.is_none());
            let clouds: Vec<&str> = clouds.map(|cloud| cloud.id.as_str()).collect();
            let message = format!("{} keeps no file yet, so a cloud must be named", store.folder.display());
            return Err(Finding::new(Code::NoRangeFile, message)
                .help(format!("--cloud takes {}", clouds.join(", ")))
                .into());
        }
        let mut findings = Findings::new();
        let mut clouds: Vec<&Cloud> = Vec::new();
        for given in &self.cloud {
            match cloud_of(given, catalog) {
                Ok(cloud) if clouds.iter().any(|known| known.id == cloud.id) => {}
                Ok(cloud) => clouds.push(cloud),
                Err(finding) => findings.push(finding),
            }
        }
        findings.or_value(clouds).map(|(clouds, _)| clouds)
    }

    /// Gets the file of a cloud and, if it is another one than the kept, puts it in place.
    fn fetch(
        &self,
        cloud: &Cloud,
        source: &Source<'_>,
        leaned: &BTreeSet<String>,
        store: &mut Store,
        guard: &Guard,
    ) -> Result<Fetched, Failure> {
        let word = cloud.file_word.as_str();
        let kept = store.lock.of(word).cloned().map(|locked| Kept { bytes: store.read(&locked), locked });
        let wanted = Wanted {
            word,
            page: cloud.download_page,
            // What the server may answer "the same" about is only a file that is really here.
            kept: kept.as_ref().filter(|kept| kept.bytes.is_ok()).map(|kept| &kept.locked),
        };
        match (source.content(&wanted)?, kept) {
            (Found::Content(content), kept) => {
                let arrival = Arrival { word, content: &content, kept: kept.as_ref() };
                self.accept(&arrival, leaned, store, guard, source.talk)
            }
            (Found::Unchanged, Some(kept)) => Ok(kept.unchanged()),
            (Found::Unchanged, None) => {
                Err(Finding::new(Code::FetchFailed, "the server says that nothing changed, of nothing")
                    .help("the server is not well: try again later")
                    .into())
            }
        }
    }

    /// Checks new content, compares it and puts it in place.
    fn accept(
        &self,
        arrival: &Arrival<'_>,
        leaned: &BTreeSet<String>,
        store: &mut Store,
        guard: &Guard,
        talk: &Talk,
    ) -> Result<Fetched, Failure> {
        let Arrival { word, content, kept } = *arrival;
        let file = RangeFile::parse(&content.name, &content.bytes)?;
        accept::check(&file, word)?;
        accept::plausible(&file)?;
        let date = content.date();
        not_ahead(&file, date)?;
        if let Some(kept) = kept.filter(|kept| kept.locked.sha256 == sha256(&content.bytes)) {
            // The same content may have a newer date or another address.
            let known = &kept.locked;
            let incoming = content.incoming(word, &file, date.max(known.date)).or(known);
            let now = replace(store, guard, incoming)?;
            let status = if kept.bytes.is_ok() { Status::Unchanged } else { Status::Restored };
            return Ok(Fetched { status, now, report: None });
        }
        let compared = match kept {
            Some(kept) => self.compare(kept, &file, date, leaned, talk)?,
            None => None,
        };
        let report = Report::new(&file, kept.map(|kept| kept.locked.clone()), compared)?;
        let now = replace(store, guard, content.incoming(word, &file, date))?;
        let status = if kept.is_some() { Status::Updated } else { Status::New };
        Ok(Fetched { status, now, report: Some(report) })
    }

    /// Whether a new file may take the place of the kept one.
    fn compare(
        &self,
        kept: &Kept,
        new: &RangeFile<'_>,
        date: Option<Date>,
        leaned: &BTreeSet<String>,
        talk: &Talk,
    ) -> Result<Option<(Side, RangeDiff)>, Findings> {
        let bounds = self.bounds.check();
        let locked = &kept.locked;
        match &kept.bytes {
            Ok(bytes) => {
                let former = RangeFile::open_checked(&locked.file, bytes)?;
                accept::check(&former, &locked.cloud)?;
                let diff = accept::compare((&former, locked.date), (new, date), leaned, bounds)?;
                Ok(Some((Side::of(&former), diff)))
            }
            // The lock still tells its age, but not what would be lost.
            Err(damage) => {
                talk.finding(&damage.clone().severity(Severity::Warning));
                let before = Age {
                    label: locked.file.clone(),
                    date: locked.date,
                    change_number: locked.change_number,
                    shape: None,
                };
                let mut findings = Findings::new();
                findings.extend(accept::older(&before, &Age::of(new, date), bounds));
                findings.extend((!bounds.shrink).then(|| accept::unbounded(&locked.file)));
                findings.or_value(None).map(|(none, _)| none)
            }
        }
    }
}
