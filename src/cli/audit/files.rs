//! The files of an audit, and those that they name.

use std::path::{Path, PathBuf};

use glob::Pattern;

use portbook::audit::{Configuration, Policy, Reader};
use portbook::finding::{Finding, Findings};
use portbook::input;
use portbook::target::Settings;

/// Reads the files as one configuration.
///
/// # Errors
/// `cannot-read` for each file that the system does not give; those of the reader.
pub(super) fn read(reader: &Reader, paths: &[PathBuf], settings: &Settings) -> Result<Policy, Findings> {
    let mut findings = Findings::new();
    let mut files = Vec::new();
    for path in paths {
        match input::bytes(path) {
            Ok(bytes) => files.push(Configuration { name: path.display().to_string(), bytes }),
            Err(error) => findings.push(Finding::unreadable(path, &error)),
        }
    }
    let (files, _) = findings.or_value(files)?;
    (reader.read)(&files, settings, &beside)
}

/// Files that another one names: as they are named there, from the folder of that file on; a copy of a configuration has its
/// lists beside it, and the files of a pattern in a folder of the same name beside it.
fn beside(from: &str, named: &str) -> Vec<Configuration> {
    let folder = Path::new(from).parent().unwrap_or(Path::new(""));
    let parts: Vec<_> = Path::new(named).components().rev().take(2).collect();
    let bare: PathBuf = parts.iter().take(1).collect();
    let within: PathBuf = parts.iter().rev().collect();
    let places = [named.as_ref(), within.as_path(), bare.as_path()];
    let found = places.into_iter().map(|place| matching(folder, place)).find(|found| !found.is_empty());
    let read = |path: &PathBuf| {
        Some(Configuration { name: path.display().to_string(), bytes: input::bytes(path).ok()? })
    };
    // One that cannot be read is not passed over: what it says may decide everything.
    found.and_then(|found| found.iter().map(read).collect()).unwrap_or_default()
}

/// The files that a path below a folder means, in the order of their names; itself before what it means as a pattern.
fn matching(folder: &Path, named: &Path) -> Vec<PathBuf> {
    let path = folder.join(named);
    if path.is_file() {
        return vec![path];
    }
    // Only what is named may be a pattern, not the folder of the configuration.
    let pattern = if named.is_absolute() {
        named.display().to_string()
    } else {
        let folder = Pattern::escape(&folder.display().to_string());
        Path::new(&folder).join(named).display().to_string()
    };
    let found = glob::glob(&pattern).into_iter().flatten().flatten();
    found.filter(|path| path.is_file()).collect()
}
