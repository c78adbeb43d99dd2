//! Putting a new file in the place of an old one, so that an interruption leaves either.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::Path;

use jiff::civil::Date;
use tempfile::NamedTempFile;

use crate::finding::{Code, Finding};
use crate::input;

use super::lock::{LOCK_FILE, Locked, is_file_name};
use super::{Store, sha256};

/// The file on which fetches wait for each other.
const GUARD_FILE: &str = ".portbook.guard";
/// How names of half-written files start.
const STAGED: &str = ".portbook-staged-";

/// A new file that was checked, on its way into the folder.
#[derive(Debug)]
pub struct Incoming<'a> {
    /// All of it.
    pub bytes: &'a [u8],
    /// The file's own word for its cloud.
    pub cloud: &'a str,
    /// The name that it has where it comes from.
    pub name: &'a str,
    /// Where it came from, without user, password and query.
    pub url: Option<String>,
    /// The number that it gives itself.
    pub change_number: Option<u64>,
    /// Its date.
    pub date: Option<Date>,
    /// The server's tag of the content.
    pub etag: Option<String>,
    /// The server's date of the content.
    pub last_modified: Option<String>,
}

impl Incoming<'_> {
    /// The same, with what is known of the same content where this does not tell it.
    #[must_use]
    pub fn or(self, known: &Locked) -> Self {
        Self {
            url: self.url.or_else(|| known.url.clone()),
            date: self.date.or(known.date),
            etag: self.etag.or_else(|| known.etag.clone()),
            last_modified: self.last_modified.or_else(|| known.last_modified.clone()),
            ..self
        }
    }
}

/// The right to change a folder; one program at a time has it, and the system takes it back when the program ends.
#[derive(Debug)]
pub struct Guard(#[expect(dead_code, reason = "the lock is held as long as the file is open")] File);

impl Guard {
    /// Waits until no other fetch works in the folder, which is made if it is missing; `waiting` is called if it has to.
    ///
    /// # Errors
    /// `cannot-write` with the system's reason.
    pub fn take(folder: &Path, waiting: impl FnOnce()) -> Result<Self, Finding> {
        let path = folder.join(GUARD_FILE);
        let refused = |error: io::Error| refused(&path, &error);
        fs::create_dir_all(folder).map_err(refused)?;
        let file = File::options().create(true).write(true).truncate(false).open(&path).map_err(refused)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(fs::TryLockError::WouldBlock) => {
                waiting();
                file.lock().map_err(refused)?;
            }
            Err(fs::TryLockError::Error(error)) => return Err(refused(error)),
        }
        sweep(folder);
        Ok(Self(file))
    }
}

/// What an interrupted fetch left half-written. Nobody else writes while the guard is held.
fn sweep(folder: &Path) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        if entry.file_name().to_string_lossy().starts_with(STAGED) {
            let _ = fs::remove_file(entry.path());
        }
    }
}

/// Puts a new file and its lock in the place of the old ones, and removes the old file.
///
/// # Errors
/// `cannot-write` with the system's reason: the old file and lock are as they were.
pub fn replace(store: &mut Store, _guard: &Guard, incoming: Incoming<'_>) -> Result<Locked, Finding> {
    let digest = sha256(incoming.bytes);
    let former = store.lock.of(incoming.cloud).cloned();
    // A file that was damaged comes back under its name.
    let same = former.as_ref().filter(|former| former.sha256 == digest).map(|former| former.file.clone());
    let file = same.unwrap_or_else(|| free_name(&store.folder, &incoming, &digest));
    let locked = Locked {
        cloud: incoming.cloud.to_owned(),
        file,
        url: incoming.url,
        sha256: digest,
        bytes: u64::try_from(incoming.bytes.len()).unwrap_or(u64::MAX),
        change_number: incoming.change_number,
        date: incoming.date,
        etag: incoming.etag,
        last_modified: incoming.last_modified,
    };
    let mut lock = store.lock.clone();
    lock.set(locked.clone());
    let path = store.path(&locked);
    if !input::holds(&path, incoming.bytes) {
        write(&store.folder, &path, incoming.bytes)?;
    }
    if lock != store.lock {
        let lock_path = store.folder.join(LOCK_FILE);
        let text = lock.to_text().map_err(|error| refused(&lock_path, &error.into()))?;
        write(&store.folder, &lock_path, text.as_bytes())?;
        store.lock = lock;
    }
    if let Some(former) = former.filter(|former| former.file != locked.file) {
        remove(store, &former);
    }
    Ok(locked)
}

/// The file's own name; where another file has it already, with a part of the digest in it: an old file is never
/// overwritten, since the lock names it until it names the new one.
fn free_name(folder: &Path, incoming: &Incoming<'_>, digest: &str) -> String {
    let short = digest.get(..8).unwrap_or(digest);
    let own = incoming.name.rsplit(['/', '\\']).next().unwrap_or_default();
    let dated = |date: Date| format!("ServiceTags_{}_{}.json", incoming.cloud, date.strftime("%Y%m%d"));
    let own = match incoming.date {
        Some(date) => dated(date),
        None if own.starts_with("ServiceTags_") && is_file_name(own) => own.to_owned(),
        None => format!("ServiceTags_{}_{short}.json", incoming.cloud),
    };
    let path = folder.join(&own);
    if !path.exists() || input::holds(&path, incoming.bytes) {
        return own;
    }
    format!("{}.{short}.json", own.strip_suffix(".json").unwrap_or(&own))
}

/// Writes beside the destination, on the disk before the rename, and the rename too.
fn write(folder: &Path, path: &Path, bytes: &[u8]) -> Result<(), Finding> {
    let attempt = || -> io::Result<Option<File>> {
        // Opened while the old file is in its place: nothing but the disk itself can fail behind the rename.
        let synced = folder_to_sync(folder)?;
        let mut builder = tempfile::Builder::new();
        builder.prefix(STAGED);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            // What the umask leaves of read and write for all, as for any new file.
            builder.permissions(fs::Permissions::from_mode(0o666));
        }
        let mut staged: NamedTempFile = builder.tempfile_in(folder)?;
        staged.write_all(bytes)?;
        staged.as_file().sync_all()?;
        staged.persist(path).map_err(|error| error.error)?;
        Ok(synced)
    };
    let synced = attempt().map_err(|error| refused(path, &error))?;
    // Makes the rename last over a power cut.
    synced.map_or(Ok(()), |folder| folder.sync_all()).map_err(|error| not_lasting(path, &error))
}

/// The folder as a file; other systems open none as one.
fn folder_to_sync(folder: &Path) -> io::Result<Option<File>> {
    if cfg!(unix) { File::open(folder).map(Some) } else { Ok(None) }
}

fn not_lasting(path: &Path, error: &io::Error) -> Finding {
    Finding::new(Code::CannotWrite, format!("{} is new, but may not outlast a power cut", path.display()))
        .note(error.to_string())
        .help("the disk does not say that it keeps what it was given; look at it, then fetch again")
}

/// Removes a file that the lock no longer names, unless somebody changed it.
fn remove(store: &Store, former: &Locked) {
    if store.read(former).is_ok() {
        // A file that cannot be removed is a file too many, not a wrong one.
        let _ = fs::remove_file(store.path(former));
    }
}

fn refused(path: &Path, error: &io::Error) -> Finding {
    Finding::new(Code::CannotWrite, format!("cannot write {}", path.display()))
        .note(error.to_string())
        .help("the old file and lock are as they were; --ranges-dir names another folder")
}
