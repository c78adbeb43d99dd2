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
        let names = if path.contains(['*', '?', '[', '\\']) {
            self.beside.matching(from, path)?
        } else {
            vec![self.beside.file(from, path)?]
        };
        if names.iter().any(|name| self.open.contains(name)) {
            return Err(format!("it includes itself, and Squid goes {DEEPEST} files deep at most"));
        }
        names.into_iter().map(|name| self.read(name)).collect()
    }

    /// The text of a list; why it is not read. Its name is no pattern.
    pub(super) fn list(&mut self, from: &str, path: &str) -> Result<String, String> {
        let name = self.beside.file(from, path).map_err(|why| format!("{path}: {why}"))?;
        let file = self.read(name).map_err(|why| format!("{path}: {why}"))?;
        file.text().map_err(|finding| finding.message)
    }

    fn read(&mut self, name: String) -> Result<Configuration, String> {
        if self.files == 0 {
            return Err(format!("more than {MOST} files are named, and no more are read"));
        }
        self.files -= 1;
        let bytes = self.beside.read(&name)?;
        let left = self.bytes.checked_sub(bytes.len());
        self.bytes = left.ok_or_else(|| format!("files that are named have more than {LARGEST} bytes"))?;
        Ok(Configuration { name, bytes })
    }
}
