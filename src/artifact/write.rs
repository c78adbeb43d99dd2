//! Writing: only what changed, and all or nothing as far as a file system allows.
//!
//! Every file is staged beside its destination before the first rename, so that a full disk or a missing permission
//! leaves the old files as they are.

use std::fs::{self, Permissions};
use std::io::Write as _;
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use crate::finding::{Code, Finding};
use crate::input;

use super::Artifact;

/// What became of one artifact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// Where it is.
    pub path: PathBuf,
    /// Whether its content differs from what was there.
    pub changed: bool,
}

/// Writes artifacts below `folder`, which is made if it is missing.
///
/// # Errors
/// `cannot-write` with the system's reason. Nothing is renamed unless everything could be staged.
pub fn write(artifacts: &[Artifact], folder: &Path) -> Result<Vec<Written>, Finding> {
    let mut staged = Vec::new();
    let mut written = Vec::new();
    for artifact in artifacts {
        let path = folder.join(&artifact.path);
        // Found out by its rename only, others would have been replaced by then.
        in_the_way(&path).map_err(|error| refused(&path, &error))?;
        let changed = !input::holds(&path, &artifact.bytes);
        if changed {
            staged.push(Staged::new(&path, &artifact.bytes)?);
        }
        written.push(Written { path, changed });
    }
    for (before, file) in staged.into_iter().enumerate() {
        file.replace().map_err(|finding| if before == 0 { finding } else { halfway(finding, before) })?;
    }
    Ok(written)
}

/// A file beside its destination, with all its bytes.
#[derive(Debug)]
pub struct Staged {
    file: NamedTempFile,
    path: PathBuf,
}

/// The start of the names of staged files; six letters and digits follow.
const PREFIX: &str = ".portbook-";

impl Staged {
    /// Writes `bytes` beside `path`, whose folder is made if it is missing.
    ///
    /// # Errors
    /// `cannot-write` with the system's reason.
    pub fn new(path: &Path, bytes: &[u8]) -> Result<Self, Finding> {
        let file = stage(path, bytes).map_err(|error| refused(path, &error))?;
        Ok(Self { file, path: path.to_owned() })
    }

    /// Puts it in its place.
    ///
    /// # Errors
    /// `cannot-write` with the system's reason.
    pub fn replace(self) -> Result<(), Finding> {
        self.file.persist(&self.path).map(drop).map_err(|error| refused(&self.path, &error.error))
    }

    /// Removes what a killed program staged in `folder`; what cannot be removed stays.
    pub fn sweep(folder: &Path) {
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            let name = entry.file_name();
            let rest = name.to_str().and_then(|name| name.strip_prefix(PREFIX));
            let staged =
                |rest: &str| rest.len() == 6 && rest.bytes().all(|byte| byte.is_ascii_alphanumeric());
            if rest.is_some_and(staged) {
                drop(fs::remove_file(entry.path()));
            }
        }
    }
}

/// A folder cannot be replaced by a file; a device or a pipe can, and nobody wants that of /dev/null.
fn in_the_way(path: &Path) -> std::io::Result<()> {
    match fs::metadata(path) {
        Ok(there) if there.is_dir() => Err(std::io::ErrorKind::IsADirectory.into()),
        Ok(there) if !there.is_file() => Err(std::io::Error::other("what is there is no file")),
        _ => Ok(()),
    }
}

fn stage(path: &Path, bytes: &[u8]) -> std::io::Result<NamedTempFile> {
    // Found out by the rename, other files would already be new.
    in_the_way(path)?;
    let parent = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(parent)?;
    let mut builder = tempfile::Builder::new();
    builder.prefix(PREFIX);
    if let Some(permissions) = permissions(path) {
        builder.permissions(permissions);
    }
    let mut file = builder.tempfile_in(parent)?;
    file.write_all(bytes)?;
    file.flush()?;
    Ok(file)
}

/// Those of the file that is replaced; else what the umask leaves of read and write for all, as for any new file.
#[cfg_attr(unix, allow(clippy::unnecessary_wraps, reason = "other systems have no such default"))]
fn permissions(path: &Path) -> Option<Permissions> {
    if let Ok(present) = fs::metadata(path) {
        return Some(present.permissions());
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        Some(Permissions::from_mode(0o666))
    }
    #[cfg(not(unix))]
    None
}

/// A rename that failed after others: what is on disk is whole, but not all of one run.
fn halfway(mut finding: Finding, before: usize) -> Finding {
    let files = if before == 1 { "1 file is".to_owned() } else { format!("{before} files are") };
    finding.help = vec![format!(
        "{files} new already, the others are as they were; make this one writable and run it again"
    )];
    finding
}

fn refused(path: &Path, error: &std::io::Error) -> Finding {
    Finding::new(Code::CannotWrite, format!("cannot write {}", path.display()))
        .note(error.to_string())
        .help("the old files are as they were; give another folder with -o, or make this one writable")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_replaced_where_a_folder_is_in_the_way() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("a"), "old").unwrap();
        fs::create_dir(folder.path().join("b")).unwrap();
        let artifacts = ["a", "b"].map(|path| Artifact::text(path.to_owned(), "new".to_owned()));
        assert_eq!(write(&artifacts, folder.path()).unwrap_err().code, Code::CannotWrite);
        assert_eq!(fs::read_to_string(folder.path().join("a")).unwrap(), "old");
    }
}
