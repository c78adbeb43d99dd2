//! The files of an audit, and those that they name.

use std::cell::RefCell;
use std::path::{Component, Path, PathBuf};

use glob::{MatchOptions, Pattern};

use portbook::audit::{Configuration, Policy, Reader, Surroundings};
use portbook::finding::{Finding, Findings};
use portbook::input;
use portbook::target::Settings;

/// The most files that one pattern may mean.
const MOST: usize = 1000;

/// A configuration, and the files that were read because it names them, in the order in which it does.
pub(super) struct Whole {
    pub(super) policy: Policy,
    pub(super) named: Vec<String>,
}

/// Reads the files as one configuration.
///
/// # Errors
/// `cannot-read` for each file that the system does not give; those of the reader.
pub(super) fn read(reader: &Reader, paths: &[PathBuf], settings: &Settings) -> Result<Whole, Findings> {
    let mut findings = Findings::new();
    let mut files = Vec::new();
    for path in paths {
        match input::bytes(path) {
            Ok(bytes) => files.push(Configuration { name: path.display().to_string(), bytes }),
            Err(error) => findings.push(Finding::unreadable(path, &error)),
        }
    }
    let (files, _) = findings.or_value(files)?;
    let disk = Disk::default();
    let policy = (reader.read)(&files, settings, &disk)?;
    Ok(Whole { policy, named: disk.named.into_inner() })
}

/// The files of this machine: what a configuration names, where it stands.
#[derive(Default)]
struct Disk {
    /// What was read, each file once.
    named: RefCell<Vec<String>>,
}

impl Disk {
    /// Where a path may be meant, in the order in which it is looked for: a copy of a configuration has its folders beside
    /// it; only then is it a path of this machine.
    fn places(from: &str, path: &Path) -> Vec<PathBuf> {
        let folder = Path::new(from).parent().unwrap_or(Path::new(""));
        let mut parts: Vec<_> = path.components().rev().take(2).collect();
        parts.retain(|part| matches!(part, Component::Normal(_)));
        let within: PathBuf = parts.iter().rev().collect();
        // An absolute path takes the place of the folder.
        let own = folder.join(path);
        if path.is_absolute() { vec![folder.join(within), own] } else { vec![own, folder.join(within)] }
    }
}

impl Surroundings for Disk {
    fn file(&self, from: &str, path: &str) -> Result<String, String> {
        let mut places = Self::places(from, Path::new(path));
        places.extend(Path::new(path).file_name().map(|bare| Path::new(from).with_file_name(bare)));
        let found = places.into_iter().find(|place| place.is_file());
        found.map(|place| place.display().to_string()).ok_or_else(|| "the file is not there".to_owned())
    }

    fn matching(&self, from: &str, pattern: &str) -> Result<Vec<String>, String> {
        // What the crate takes otherwise than glob(3), which Squid calls.
        if ["**", "[^", "[[", "\\"].iter().any(|part| pattern.contains(part)) {
            return Err("a pattern of this form is not judged: give its files as FILE arguments".to_owned());
        }
        let (path, folder) = (Path::new(pattern), Path::new(from).parent().unwrap_or(Path::new("")));
        for place in Self::places(from, path) {
            // Only what is named may be a pattern, not the folder of the configuration.
            let named = place.strip_prefix(folder).ok().filter(|_| !folder.as_os_str().is_empty());
            let pattern = match named {
                Some(named) => Path::new(&Pattern::escape(&folder.display().to_string())).join(named),
                None => place,
            };
            let found = matches(&pattern.display().to_string())?;
            if !found.is_empty() {
                return Ok(found);
            }
        }
        Err("no file is there".to_owned())
    }

    fn read(&self, name: &str) -> Result<Vec<u8>, String> {
        let bytes = input::bytes(Path::new(name)).map_err(|error| format!("{name}: {error}"))?;
        let mut named = self.named.borrow_mut();
        if !named.iter().any(|known| known == name) {
            named.push(name.to_owned());
        }
        Ok(bytes)
    }
}

/// As glob(3) has them: none that is hidden, by the bytes of the whole path. One that cannot be looked at, or is no file, is
/// not passed over: what it says may decide everything.
fn matches(pattern: &str) -> Result<Vec<String>, String> {
    let options = MatchOptions {
        case_sensitive: true,
        require_literal_separator: true,
        require_literal_leading_dot: true,
    };
    let found = glob::glob_with(pattern, options).map_err(|error| error.to_string())?;
    let mut names = Vec::new();
    for path in found.take(MOST + 1) {
        let path = path.map_err(|error| error.to_string())?;
        if !path.is_file() {
            return Err(format!("{} is no file", path.display()));
        }
        names.push(path.display().to_string());
    }
    if names.len() > MOST {
        return Err(format!("the pattern means more than {MOST} files"));
    }
    names.sort();
    Ok(names)
}
