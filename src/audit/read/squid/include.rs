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

    /// A file with lines of the configuration; why it is not read.
    pub(super) fn configuration(&mut self, from: &str, path: &str) -> Result<Configuration, String> {
        if self.open.len() > DEEPEST {
            return Err(format!("Squid goes {DEEPEST} files deep at most"));
        }
        if path.contains(['*', '?', '[']) {
            return Err("give the files that the pattern means as FILE arguments, in their order".to_owned());
        }
        let file = self.read(from, path)?;
        if self.open.contains(&file.name) {
            return Err(format!("it includes itself, and Squid goes {DEEPEST} files deep at most"));
        }
        Ok(file)
    }

    /// The text of a list; why it is not read.
    pub(super) fn list(&mut self, from: &str, path: &str) -> Result<String, String> {
        let file = self.read(from, path).map_err(|why| format!("{path}: {why}"))?;
        file.text().map_err(|finding| finding.message)
    }

    fn read(&mut self, from: &str, path: &str) -> Result<Configuration, String> {
        if self.files == 0 {
            return Err(format!("more than {MOST} files are named, and no more are read"));
        }
        self.files -= 1;
        let file = (self.beside)(from, path).ok_or("the file is not there")?;
        let left = self.bytes.checked_sub(file.bytes.len());
        self.bytes = left.ok_or_else(|| format!("files that are named have more than {LARGEST} bytes"))?;
        Ok(file)
    }
}
