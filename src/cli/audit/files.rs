//! The files of an audit, and those that they name.

use std::path::{Path, PathBuf};

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

/// A file that another one names: as it is named there, from the folder of that file on; a copy of a configuration has its
/// lists beside it.
fn beside(from: &str, named: &str) -> Option<Configuration> {
    let folder = Path::new(from).parent().unwrap_or(Path::new(""));
    let bare = Path::new(named).file_name()?;
    let found = [folder.join(named), folder.join(bare)].into_iter().find(|path| path.is_file())?;
    let bytes = input::bytes(&found).ok()?;
    Some(Configuration { name: found.display().to_string(), bytes })
}
