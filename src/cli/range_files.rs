//! Range files: those that flags name, and those that `portbook fetch` keeps.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use clap::Args;

use portbook::catalog::{Catalog, Cloud};
use portbook::finding::{Code, Finding, Findings, unknown};
use portbook::id::CloudId;
use portbook::input;
use portbook::ranges::accept::{self, incomplete};
use portbook::ranges::date::{age_in_days, date_in_name};
use portbook::ranges::store::{FOLDER, Locked, Store};
use portbook::ranges::{RangeFile, Shape};

use super::Talk;
use super::clock::today;

/// Where range files are.
#[derive(Debug, Args)]
pub(crate) struct RangeArgs {
    /// A range file in place of the fetched one of its cloud; `-` is standard input; repeatable
    #[arg(long, value_name = "FILE")]
    pub(crate) ranges: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) folder: FolderArgs,
}

/// The folder of fetched files.
#[derive(Debug, Clone, Args)]
pub(crate) struct FolderArgs {
    /// The folder of range files that `portbook fetch` keeps, with their lock
    #[arg(long, value_name = "DIR", env = "PORTBOOK_RANGES_DIR", default_value = FOLDER)]
    pub(crate) ranges_dir: PathBuf,
}

/// A file in memory.
#[derive(Debug)]
pub(crate) struct Loaded {
    pub(crate) name: String,
    pub(crate) bytes: Vec<u8>,
    /// For the locked one of a cloud, which was checked when it was fetched: the file's own word for that cloud.
    locked: Option<String>,
}

impl Loaded {
    /// Reads its structure, and all of it unless it was checked before.
    ///
    /// # Errors
    /// As [`RangeFile::parse`].
    pub(crate) fn open(&self) -> Result<RangeFile<'_>, Findings> {
        let Some(word) = &self.locked else { return RangeFile::parse(&self.name, &self.bytes) };
        let file = RangeFile::open_checked(&self.name, &self.bytes)?;
        // The lock may have been written by hand.
        accept::check(&file, word)?;
        Ok(file)
    }
}

impl RangeArgs {
    /// The files that `--ranges` names, with a warning about old ones.
    ///
    /// # Errors
    /// `cannot-read` for each that cannot be read.
    pub(crate) fn given(&self, talk: &Talk) -> Result<Vec<Loaded>, Findings> {
        let files = read_all(&self.ranges)?;
        for file in &files {
            let date = date_in_name(&file.name);
            talk.findings(&date.and_then(|date| too_old(&file.name, date)).into_iter().collect());
        }
        Ok(files)
    }

    /// The fetched files of the clouds with these words, of all clouds if none is named. What is not there is left out.
    ///
    /// # Errors
    /// `lock-unreadable`, `ranges-not-locked`, `cannot-read`.
    pub(crate) fn locked(
        &self,
        words: Option<&BTreeSet<String>>,
        talk: &Talk,
    ) -> Result<Vec<Loaded>, Findings> {
        let mut store = Store::open(&self.folder.ranges_dir)?;
        loop {
            let read = read_locked(&store, words, talk);
            // A fetch may have replaced the file between the two: then the lock is another one, and it is all well.
            let again = Store::open(&self.folder.ranges_dir)?;
            if read.is_ok() || again.lock == store.lock {
                return read;
            }
            store = again;
        }
    }

    /// The files that `--ranges` names, whatever their age, else all fetched ones.
    ///
    /// # Errors
    /// Those of either; `no-range-file` if there is none.
    pub(crate) fn any(&self, talk: &Talk) -> Result<Vec<Loaded>, Findings> {
        let files = if self.ranges.is_empty() { self.locked(None, talk)? } else { read_all(&self.ranges)? };
        if files.is_empty() { Err(self.none().into()) } else { Ok(files) }
    }

    /// `no-range-file`.
    pub(crate) fn none(&self) -> Finding {
        let message = format!("no range file is given, and {} has none", self.folder.ranges_dir.display());
        Finding::new(Code::NoRangeFile, message)
            .help("`portbook fetch --cloud public` fetches one; --ranges FILE names one")
    }
}

fn read_locked(
    store: &Store,
    words: Option<&BTreeSet<String>>,
    talk: &Talk,
) -> Result<Vec<Loaded>, Findings> {
    let mut findings = Findings::new();
    let mut files = Vec::new();
    for locked in store.lock.iter().filter(|each| words.is_none_or(|words| words.contains(&each.cloud))) {
        match store.read(locked) {
            Ok(bytes) => {
                talk.findings(&stale(locked).into_iter().collect());
                let name = store.path(locked).display().to_string();
                files.push(Loaded { name, bytes, locked: Some(locked.cloud.clone()) });
            }
            Err(finding) => findings.push(finding),
        }
    }
    findings.or_value(files).map(|(files, _)| files)
}

/// Reads files that the user names; `-` is standard input.
///
/// # Errors
/// `cannot-read` for each that cannot be read.
pub(crate) fn read_all(paths: &[PathBuf]) -> Result<Vec<Loaded>, Findings> {
    let mut findings = Findings::new();
    let mut files = Vec::new();
    for path in paths {
        match read(path) {
            Ok(loaded) => files.push(loaded),
            Err(finding) => findings.push(finding),
        }
    }
    findings.or_value(files).map(|(files, _)| files)
}

fn read(path: &Path) -> Result<Loaded, Finding> {
    let (name, bytes) = if path == Path::new("-") {
        ("standard input".to_owned(), input::all(std::io::stdin().lock()))
    } else {
        (path.display().to_string(), input::bytes(path))
    };
    let bytes = bytes.map_err(|error| Finding::unreadable(path, &error))?;
    Ok(Loaded { name, bytes, locked: None })
}

fn stale(locked: &Locked) -> Option<Finding> {
    let Some(date) = locked.date else {
        let message = format!("how old {} is cannot be told: it has no date", locked.file);
        return Some(Finding::new(Code::RangesStale, message).help(FETCH));
    };
    too_old(&locked.file, date)
}

/// More days than this are a warning: the files are weekly.
const WEEK: i32 = 7;
const FETCH: &str = "`portbook fetch` brings the newest; Microsoft publishes one a week";

fn too_old(name: &str, date: jiff::civil::Date) -> Option<Finding> {
    let file = name.rsplit(['/', '\\']).next().unwrap_or(name);
    let message = match age_in_days(date, today()) {
        age if age > WEEK => format!("{file} is {age} days old"),
        age if age < -AHEAD => format!("{file} is dated in the future"),
        _ => return None,
    };
    Some(Finding::new(Code::RangesStale, message).help(FETCH))
}

/// Days by which a date may lie ahead: clocks and time zones differ.
pub(crate) const AHEAD: i32 = 2;

/// A file that is open; whether rules may be made from it is for the catalog to say.
pub(crate) struct Opened<'a> {
    file: RangeFile<'a>,
    /// What is not believable about one that was not checked when it was fetched.
    doubts: Findings,
}

/// Opens files. Takes longer than everything else of a small build, and needs nothing of it.
pub(crate) fn open(loaded: &[Loaded]) -> Vec<Result<Opened<'_>, Findings>> {
    loaded
        .iter()
        .map(|each| {
            let file = each.open()?;
            let doubts = if each.locked.is_none() { accept::plausible(&file).err() } else { None };
            Ok(Opened { file, doubts: doubts.unwrap_or_default() })
        })
        .collect()
}

/// Files as ones that rules are made from: service tags, complete, of known clouds, one of each.
///
/// # Errors
/// One finding for each file that is none, or is of an unknown cloud, or of one that another file has.
pub(crate) fn for_rules<'a>(
    opened: Vec<Result<Opened<'a>, Findings>>,
    catalog: &Catalog,
) -> Result<Vec<RangeFile<'a>>, Findings> {
    let mut findings = Findings::new();
    let mut files: Vec<RangeFile<'a>> = Vec::new();
    for each in opened {
        match each {
            Ok(Opened { file, doubts }) => match unfit(&file, &files, catalog) {
                None => {
                    findings.append(doubts);
                    files.push(file);
                }
                Some(finding) => findings.push(finding),
            },
            Err(errors) => findings.append(errors),
        }
    }
    findings.or_value(files).map(|(files, _)| files)
}

/// [`open`], then [`for_rules`].
///
/// # Errors
/// Those of [`for_rules`].
pub(crate) fn open_for_rules<'a>(
    loaded: &'a [Loaded],
    catalog: &Catalog,
) -> Result<Vec<RangeFile<'a>>, Findings> {
    for_rules(open(loaded), catalog)
}

/// Why a file cannot stand beside those that were opened before.
fn unfit(file: &RangeFile<'_>, before: &[RangeFile<'_>], catalog: &Catalog) -> Option<Finding> {
    let Some(word) = file.cloud() else { return Some(nameless(file)) };
    if catalog.cloud_of_file_word(word).is_none() {
        return Some(foreign(file, word, catalog));
    }
    if let Some(first) = before.iter().find(|known| known.cloud() == Some(word)) {
        let message = format!("{} and {} are both of cloud {word}", first.name(), file.name());
        return Some(
            Finding::new(Code::RangesWrongCloud, message).help("give one range file for each cloud"),
        );
    }
    incomplete(file)
}

/// The old XML and plain lists: nothing says to which cloud they belong.
fn nameless(file: &RangeFile<'_>) -> Finding {
    let what = match file.shape() {
        Shape::PublicIps => "the old XML, which names no cloud and was retired in 2020",
        _ => "a plain list, which names no cloud",
    };
    Finding::new(Code::RangesWrongCloud, format!("{} is {what}", file.name()))
        .help("rules are made from the weekly JSON files: `portbook fetch` brings them")
}

fn foreign(file: &RangeFile<'_>, word: &str, catalog: &Catalog) -> Finding {
    let known: Vec<&str> = catalog.registries().clouds.iter().map(|cloud| cloud.file_word.as_str()).collect();
    let message = format!("{} is of cloud `{}`, which is not known", file.name(), word.escape_debug());
    Finding::new(Code::RangesWrongCloud, message)
        .at(file.cloud_place())
        .help(format!("files name their cloud: {}", known.join(", ")))
}

/// A cloud, which may be given as its id or as the files' own word for it.
///
/// # Errors
/// `unknown-cloud` with the nearest name.
pub(crate) fn cloud_of<'c>(cloud: &str, catalog: &'c Catalog) -> Result<&'c Cloud, Finding> {
    let clouds = &catalog.registries().clouds;
    let meant = |each: &&Cloud| each.id.as_str() == cloud || each.file_word.eq_ignore_ascii_case(cloud);
    clouds.iter().find(meant).ok_or_else(|| {
        let known = clouds.iter().map(|each| each.id.as_str());
        unknown(Code::UnknownCloud, "cloud", cloud, known, "`portbook list clouds`")
    })
}

/// The words of clouds that no opened file has.
pub(crate) fn words_wanted(
    clouds: &BTreeSet<CloudId>,
    files: &[RangeFile<'_>],
    catalog: &Catalog,
) -> BTreeSet<String> {
    let words = catalog.registries().clouds.iter().filter(|cloud| clouds.contains(&cloud.id));
    let words = words.map(|cloud| cloud.file_word.clone());
    words.filter(|word| !files.iter().any(|file| file.cloud() == Some(word.as_str()))).collect()
}
