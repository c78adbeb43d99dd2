//! `portbook.lock`: which file of each cloud counts.

use std::io;
use std::path::Path;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::finding::{Code, Finding, Place, Source};
use crate::input;

/// The name of the lock in its folder.
pub const LOCK_FILE: &str = "portbook.lock";

const FORMAT: &str = "portbook-lock/1";

/// Which file of each cloud counts, sorted by the cloud's word.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Lock(Vec<Locked>);

/// One file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Locked {
    /// The file's own word for its cloud: `Public`, `AzureGovernment`.
    pub cloud: String,
    /// Its name in the folder of the lock.
    pub file: String,
    /// Where it came from, without user, password and query; nothing for a file of this machine.
    pub url: Option<String>,
    /// The digest of its bytes.
    pub sha256: String,
    /// Its size.
    pub bytes: u64,
    /// The number that it gives itself.
    pub change_number: Option<u64>,
    /// Its date, where its name or its server told one.
    pub date: Option<Date>,
    /// The server's tag of the content, for asking whether it changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub etag: Option<String>,
    /// The server's date of the content, in its own words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_modified: Option<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawLock {
    format: String,
    ranges: Vec<Locked>,
}

/// The format alone, which tells whether the rest can be understood.
#[derive(Deserialize)]
struct Format {
    format: String,
}

impl Lock {
    /// Reads the lock of a folder; an absent one is empty.
    ///
    /// # Errors
    /// `cannot-read`, `lock-unreadable`, `lock-newer-format`.
    pub fn read(folder: &Path) -> Result<Self, Finding> {
        let path = folder.join(LOCK_FILE);
        match input::text(&path) {
            Ok(text) => Self::parse(&path.display().to_string(), &text),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Self::default()),
            Err(error) => Err(Finding::unreadable(&path, &error)),
        }
    }

    /// Reads the text of a lock; `name` is how the user knows it.
    ///
    /// # Errors
    /// `lock-unreadable`, `lock-newer-format`.
    pub fn parse(name: &str, text: &str) -> Result<Self, Finding> {
        let source = Source::new(name, text);
        let unreadable = |error: &serde_json::Error| {
            let why = error.to_string();
            let why = why.rsplit_once(" at line ").map_or(why.as_str(), |(why, _)| why);
            not_a_lock(name, why).at(Place::at(&source, error.line(), error.column()))
        };
        let Format { format } = serde_json::from_str(text).map_err(|error| unreadable(&error))?;
        if format != FORMAT {
            let message =
                format!("{name} has the format `{}`; this program knows {FORMAT}", format.escape_debug());
            return Err(Finding::new(Code::LockNewerFormat, message).at(Place::whole(&source)));
        }
        let raw: RawLock = serde_json::from_str(text).map_err(|error| unreadable(&error))?;
        let mut lock = Self::default();
        for locked in raw.ranges {
            if !is_file_name(&locked.file) {
                let why = format!("`{}` is no name of a file in its folder", locked.file.escape_debug());
                return Err(not_a_lock(name, &why).at(Place::whole(&source)));
            }
            if lock.of(&locked.cloud).is_some() {
                let why = format!("it names two files of cloud `{}`", locked.cloud.escape_debug());
                return Err(not_a_lock(name, &why).at(Place::whole(&source)));
            }
            lock.set(locked);
        }
        Ok(lock)
    }

    /// The text of the lock.
    ///
    /// # Errors
    /// Those of `serde_json`, which this form has none of.
    pub fn to_text(&self) -> Result<String, serde_json::Error> {
        let raw = RawLock { format: FORMAT.to_owned(), ranges: self.0.clone() };
        Ok(serde_json::to_string_pretty(&raw)? + "\n")
    }

    /// The file of a cloud, by the file's own word for it.
    pub fn of(&self, word: &str) -> Option<&Locked> {
        self.0.iter().find(|locked| locked.cloud == word)
    }

    /// All files.
    pub fn iter(&self) -> impl Iterator<Item = &Locked> {
        self.0.iter()
    }

    /// Whether no file is locked.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Puts a file in the place of the one of its cloud.
    pub fn set(&mut self, locked: Locked) {
        self.0.retain(|present| present.cloud != locked.cloud);
        self.0.push(locked);
        self.0.sort_by(|a, b| a.cloud.cmp(&b.cloud));
    }
}

fn not_a_lock(name: &str, why: &str) -> Finding {
    Finding::new(Code::LockUnreadable, format!("{name} is not a lock that Portbook wrote: {why}"))
}

/// A lock from elsewhere must not lead out of its folder.
pub(super) fn is_file_name(name: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
    !name.is_empty() && !name.starts_with('.') && name != LOCK_FILE && name.chars().all(plain)
}
