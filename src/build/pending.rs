//! What an interrupted build was about to write: a list beside the manifest, which is also the lock of the folder.
//!
//! Each line is the digest and the path of a file, as `sha256sum` writes them; it is appended before the first file is
//! replaced, and the list goes away with the last. A build that was killed leaves it behind: what it had replaced by
//! then is in the list, and nobody takes it for changed by hand. A line that was cut off by the kill says nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File, TryLockError};
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};

use crate::finding::{Code, Finding};
use crate::input;

/// The name of the list, in the folder of a site.
pub(super) const FILE: &str = "portbook.manifest.pending";

/// Digests by path that an interrupted build may have left.
pub(super) type Digests = BTreeMap<String, BTreeSet<String>>;

/// The list, locked.
pub(super) struct Pending {
    path: PathBuf,
    file: File,
    /// What earlier builds left in it.
    pub(super) left: Digests,
    /// Whether an earlier build left it: one that was killed early leaves an empty one, and staged files.
    pub(super) found: bool,
}

impl Pending {
    /// The digests that are listed, without a lock; none where no list is.
    pub(super) fn peek(folder: &Path) -> Digests {
        input::text(&folder.join(FILE)).map(|text| digests(&text)).unwrap_or_default()
    }

    /// Whether a build is writing, or was killed while it did.
    pub(super) fn is_left(folder: &Path) -> bool {
        folder.join(FILE).exists()
    }

    /// Makes the list, or takes over that of an interrupted build.
    ///
    /// # Errors
    /// `cannot-write`, also while another build writes here.
    pub(super) fn lock(folder: &Path) -> Result<Self, Finding> {
        let path = folder.join(FILE);
        fs::create_dir_all(folder).map_err(|error| refused(&path, &error))?;
        loop {
            let found = fs::symlink_metadata(&path);
            // Through a link, lines would be appended to somebody's file.
            if found.as_ref().is_ok_and(|found| !found.is_file()) {
                return Err(refused(&path, &std::io::Error::other("it is a link, or no file")));
            }
            let found = found.is_ok();
            let open = File::options().create(!found).create_new(!found).read(true).append(true).open(&path);
            if open.as_ref().is_err_and(|error| error.kind() == std::io::ErrorKind::AlreadyExists) {
                continue;
            }
            let mut file = open.map_err(|error| refused(&path, &error))?;
            match file.try_lock() {
                Ok(()) => {}
                Err(TryLockError::WouldBlock) => return Err(busy(folder)),
                Err(TryLockError::Error(error)) => return Err(refused(&path, &error)),
            }
            // Whoever held it may have removed it in between: then the lock is on a file that nobody sees.
            if is_at(&file, &path) {
                let mut text = String::new();
                file.read_to_string(&mut text).map_err(|error| refused(&path, &error))?;
                return Ok(Self { path, file, left: digests(&text), found });
            }
        }
    }

    /// Whether a build was interrupted before this one.
    pub(super) fn interrupted(&self) -> bool {
        !self.left.is_empty()
    }

    /// Lists what is about to be written.
    pub(super) fn list<'f>(
        &mut self,
        files: impl Iterator<Item = (&'f str, &'f str)>,
    ) -> Result<(), Finding> {
        // A line of a killed build may lack its end.
        let mut text = String::from("\n");
        for (path, sha256) in files {
            text.push_str(sha256);
            text.push_str("  ");
            text.push_str(path);
            text.push('\n');
        }
        let written = self.file.write_all(text.as_bytes()).and_then(|()| self.file.flush());
        written.map_err(|error| refused(&self.path, &error))
    }

    /// Removes the list: everything that it names is there.
    pub(super) fn done(self) -> Result<(), Finding> {
        fs::remove_file(&self.path).map_err(|error| refused(&self.path, &error))
    }
}

/// Whether an open file is still the one at its path, and not one that somebody made there since.
#[cfg(unix)]
fn is_at(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    match (file.metadata(), fs::metadata(path)) {
        (Ok(open), Ok(there)) => (open.dev(), open.ino()) == (there.dev(), there.ino()),
        _ => false,
    }
}

/// Other systems do not let an open file be removed.
#[cfg(not(unix))]
fn is_at(_: &File, path: &Path) -> bool {
    path.exists()
}

fn digests(text: &str) -> Digests {
    let mut digests = Digests::new();
    let whole = text.rsplit_once('\n').map_or("", |(whole, _)| whole);
    for (sha256, path) in whole.lines().filter_map(|line| line.split_once("  ")) {
        if sha256.len() == 64 {
            digests.entry(path.to_owned()).or_default().insert(sha256.to_owned());
        }
    }
    digests
}

fn busy(folder: &Path) -> Finding {
    let message = format!("another build is writing to {}", shown(folder));
    Finding::new(Code::CannotWrite, message)
        .help("wait until it ends; one build at a time writes to a folder")
}

fn refused(path: &Path, error: &std::io::Error) -> Finding {
    Finding::new(Code::CannotWrite, format!("cannot write {}", path.display()))
        .note(error.to_string())
        .help("builds list there what they are about to write; make the folder writable")
}

fn shown(folder: &Path) -> String {
    if folder.as_os_str().is_empty() { "this folder".to_owned() } else { folder.display().to_string() }
}
