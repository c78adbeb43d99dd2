//! The folder where fetched files lie, and the lock that says which of them counts.
//!
//! The lock names one file a cloud with its digest. A new file gets a name of its own, then the lock is replaced by a
//! rename, then the old file goes: whenever that is interrupted, the lock names a complete file that has its digest.

mod lock;
mod replace;

pub use lock::{LOCK_FILE, Lock, Locked};
pub use replace::{Guard, Incoming, replace};

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};

use crate::finding::{Code, Finding};
use crate::input;

/// The folder that is used where none is named.
pub const FOLDER: &str = "ranges";

/// A folder with its lock.
#[derive(Debug, Clone)]
pub struct Store {
    /// The folder.
    pub folder: PathBuf,
    /// Its lock; empty where there is none yet.
    pub lock: Lock,
}

impl Store {
    /// Opens a folder, which need not exist.
    ///
    /// # Errors
    /// `cannot-read`, `lock-unreadable`, `lock-newer-format`.
    pub fn open(folder: &Path) -> Result<Self, Finding> {
        Ok(Self { folder: folder.to_owned(), lock: Lock::read(folder)? })
    }

    /// Where a locked file is.
    pub fn path(&self, locked: &Locked) -> PathBuf {
        self.folder.join(&locked.file)
    }

    /// The bytes of a locked file, which are those that were checked when it was locked.
    ///
    /// # Errors
    /// `cannot-read`; `ranges-not-locked` where the file was changed since.
    pub fn read(&self, locked: &Locked) -> Result<Vec<u8>, Finding> {
        let path = self.path(locked);
        let again = "`portbook fetch` brings it back; --ranges FILE uses a file as it is";
        let bytes = input::read(&path).map_err(|finding| finding.help(again))?;
        if sha256(&bytes) == locked.sha256 {
            return Ok(bytes);
        }
        let message =
            format!("{} is not the file that {LOCK_FILE} names: its digest differs", path.display());
        Err(Finding::new(Code::RangesNotLocked, message)
            .note(format!("locked: sha256 {}", locked.sha256))
            .help(again))
    }
}

/// The digest that `sha256sum` prints.
pub fn sha256(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(64);
    for byte in Sha256::digest(bytes) {
        let _ = write!(text, "{byte:02x}");
    }
    text
}
