//! Files that a configuration names: no more of them, and no deeper, than is read in bounded time.

use super::super::{Beside, Configuration, LARGEST};

/// How deep includes may go (Squid's cf.data.pre).
const DEEPEST: usize = 16;
/// How many files are read, each time that one is named: three that name each other thrice would be millions.
const MOST: usize = 1000;

/// Files that are named, on their way.
pub(super) struct Included<'a> {
    beside: Beside<'a>,
    /// Those that are being read, each named by the one before.
    open: Vec<String>,
    /// How many more are read.
    files: usize,
    /// How many more bytes.
    bytes: usize,
}

impl<'a> Included<'a> {
    /// None yet.
    pub(super) fn new(beside: Beside<'a>) -> Self {
        Self { beside, open: Vec::new(), files: MOST, bytes: LARGEST }
    }

    /// A file is being read.
    pub(super) fn open(&mut self, name: &str) {
        self.open.push(name.to_owned());
    }

    /// The last one that was opened is read.
    pub(super) fn close(&mut self) {
        self.open.pop();
    }

    /// The files with lines of the configuration that a path or a pattern means; why they are not read.
    pub(super) fn configurations(&mut self, from: &str, path: &str) -> Result<Vec<Configuration>, String> {
        if self.open.len() > DEEPEST {
            return Err(format!("Squid goes {DEEPEST} files deep at most"));
        }
        let files = self.read(from, path)?;
        if files.iter().any(|file| self.open.contains(&file.name)) {
            return Err(format!("it includes itself, and Squid goes {DEEPEST} files deep at most"));
        }
        Ok(files)
    }

    /// The text of a list; why it is not read.
    pub(super) fn list(&mut self, from: &str, path: &str) -> Result<String, String> {
        if is_pattern(path) {
            return Err(format!("{path}: Squid takes no pattern for a list"));
        }
        let files = self.read(from, path).map_err(|why| format!("{path}: {why}"))?;
        let texts: Result<Vec<String>, _> = files.iter().map(Configuration::text).collect();
        texts.map(|texts| texts.concat()).map_err(|finding| finding.message)
    }

    fn read(&mut self, from: &str, path: &str) -> Result<Vec<Configuration>, String> {
        if self.files == 0 {
            return Err(format!("more than {MOST} files are named, and no more are read"));
        }
        let files = (self.beside)(from, path);
        if files.is_empty() {
            return Err(
                if is_pattern(path) { "no file is there" } else { "the file is not there" }.to_owned()
            );
        }
        self.files = self.files.saturating_sub(files.len());
        let bytes = files.iter().map(|file| file.bytes.len()).sum();
        let left = self.bytes.checked_sub(bytes);
        self.bytes = left.ok_or_else(|| format!("files that are named have more than {LARGEST} bytes"))?;
        Ok(files)
    }
}

/// Squid takes what `include` names for a pattern of the shell (glob(3) in src/cache_cf.cc).
fn is_pattern(path: &str) -> bool {
    path.contains(['*', '?', '['])
}
