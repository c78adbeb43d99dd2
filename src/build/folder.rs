//! The files of a site against the folder where they go: what changes, what was edited by hand, what goes away.
//!
//! Nothing of anybody else's is replaced: a file that is there must have the digest that the manifest gives it, or that
//! an interrupted build was about to give it.

use std::collections::BTreeSet;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rayon::iter::{IntoParallelRefIterator as _, ParallelIterator as _};

use crate::artifact::{Artifact, Staged};
use crate::finding::{Code, Finding, Findings};
use crate::input;
use crate::manifest::{FILE, Manifest, sha256};
use crate::plan::leaves;

use super::contained::{contained, links_out};
use super::pending::{self, Digests, Pending};
use super::{Built, device};

/// What a user allows beyond the usual.
#[derive(Debug, Clone, Copy, Default)]
pub struct Permit {
    /// Files that were edited by hand may be replaced.
    pub force: bool,
    /// Files may lie outside the folder of the site file.
    pub outside: bool,
}

/// What a build does to one file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum FileState {
    /// Nothing: it is there as it should be.
    Same,
    /// It is not there yet.
    New,
    /// Its content changes.
    Changed,
    /// It was changed by hand, or never came from a build.
    Edited,
    /// An earlier build wrote it, and this one makes it no more.
    Gone,
    /// The same, but it was changed by hand: it stays.
    Kept,
}

/// One file of a site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileChange {
    /// Below the folder of the site.
    pub path: String,
    /// What happens to it.
    pub state: FileState,
}

/// A site's files as built, against its folder.
#[derive(Debug)]
pub struct Comparison {
    folder: PathBuf,
    /// Every file, those of this build first.
    pub files: Vec<FileChange>,
    /// The manifest of the last build; none if there was none, or if this build's is the same.
    pub old: Option<Manifest>,
    /// Whether the manifest changes.
    pub manifest_changed: bool,
    manifest: Arc<str>,
    /// The manifest of the build as a text, whatever is carried over.
    built: Arc<str>,
    /// The manifest where targets that are refused now keep earlier files; else that of the build.
    carried: Option<Manifest>,
}

impl Comparison {
    /// Holds `built` against `folder`, its site's, which lies below `root`, that of the site file.
    ///
    /// # Errors
    /// `output-outside`; `manifest-newer`; `manifest-unreadable` without `force`; `cannot-read`.
    pub fn of(root: &Path, folder: &Path, built: &Built<'_>, permit: Permit) -> Result<Self, Findings> {
        contained(root, built, permit)?;
        Self::under(folder, built, built.manifest.to_text()?.into(), permit, &Pending::peek(folder))
    }

    /// `text` is the manifest of `built`: a folder is looked at twice, before and after it is locked.
    fn under(
        folder: &Path,
        built: &Built<'_>,
        text: Arc<str>,
        permit: Permit,
        pending: &Digests,
    ) -> Result<Self, Findings> {
        let mut manifest = Arc::clone(&text);
        let there = read(&folder.join(FILE))?;
        let is_there = |manifest: &str| there.as_deref() == Some(manifest.as_bytes());
        let mut old = match &there {
            Some(bytes) if !is_there(&manifest) => parse_old(folder, bytes, permit)?,
            _ => None,
        };
        if let Some(other) = old.as_ref().filter(|old| old.site != built.manifest.site && !permit.force) {
            return Err(taken(folder, other, built).into());
        }
        let carried = old.as_ref().and_then(|old| device::carry(&built.manifest, old));
        if let Some(carried) = &carried {
            manifest = carried.to_text()?.into();
        }
        let made = carried.as_ref().unwrap_or(&built.manifest);
        let manifest_changed = !is_there(&manifest);
        let known = known_digests(if manifest_changed { old.as_ref() } else { Some(made) }, pending);
        if !manifest_changed {
            old = None;
        }
        let mut files = Vec::new();
        let mut findings = Findings::new();
        for artifact in built.artifacts() {
            match state(folder, artifact, &known) {
                Ok(state) => files.push(FileChange { path: artifact.path.clone(), state }),
                Err(finding) => findings.push(finding),
            }
        }
        match gone(folder, &known, made, Path::new(&built.plan.place.source().name)) {
            Ok(gone) => files.extend(gone),
            Err(finding) => findings.push(finding),
        }
        let folder = folder.to_owned();
        let comparison = Self { folder, files, old, manifest_changed, manifest, built: text, carried };
        findings.or_value(comparison).map(|(comparison, _)| comparison)
    }

    /// What the folder's manifest says now.
    pub fn made(&mut self, built: Manifest) -> Manifest {
        self.carried.take().unwrap_or(built)
    }

    /// Whether the folder is as it should be.
    pub fn is_current(&self) -> bool {
        !self.manifest_changed && self.files.iter().all(|file| file.state == FileState::Same)
    }

    /// Brings the folder up to date; the comparison that it was done by is given back.
    ///
    /// # Errors
    /// `artifact-edited` without `force`; `cannot-write`. Until everything could be staged no file is replaced.
    pub fn apply(self, built: &Built<'_>, permit: Permit) -> Result<Self, Findings> {
        if self.is_current() && !Pending::is_left(&self.folder) {
            return Ok(self);
        }
        let mut pending = Pending::lock(&self.folder)?;
        let comparison = Self::under(&self.folder, built, self.built, permit, &pending.left)?;
        let refused = if permit.force { Findings::new() } else { comparison.edited() };
        if refused.has_errors() {
            // The list is only an interrupted build's, if there was one.
            if !pending.interrupted() {
                pending.done()?;
            }
            return Err(refused);
        }
        comparison.sweep(built, &pending);
        if comparison.is_current() {
            pending.done()?;
            return Ok(comparison);
        }
        let written = comparison.write(built, &mut pending);
        if written.is_ok() || !pending.interrupted() && written.as_ref().is_err_and(|(_, begun)| !begun) {
            pending.done()?;
        }
        written.map_err(|(finding, _)| finding)?;
        Ok(comparison)
    }

    /// One finding for each file that was edited by hand.
    pub fn edited(&self) -> Findings {
        let edited = self.files.iter().filter(|file| file.state == FileState::Edited);
        edited
            .map(|file| {
                let path = self.folder.join(&file.path);
                let message =
                    format!("{} was not written by the last build: somebody changed it", path.display());
                Finding::new(Code::ArtifactEdited, message).help(Code::ArtifactEdited.spec().next)
            })
            .collect()
    }

    /// Staged files of a killed build; the lock says that nobody else is writing.
    fn sweep(&self, built: &Built<'_>, pending: &Pending) {
        if !pending.found {
            return;
        }
        // Also where only the killed build was about to write; the list is a file like any other, and no way out.
        let listed = pending.left.keys().map(String::as_str);
        let listed: Vec<&str> =
            listed.filter(|path| !leaves(path) && !links_out(&self.folder, path)).collect();
        let made = built.artifacts().map(|artifact| artifact.path.as_str());
        let paths = made.chain([FILE]).chain(listed.iter().copied()).map(|path| self.folder.join(path));
        let folders: BTreeSet<PathBuf> = paths.filter_map(|path| Some(path.parent()?.to_owned())).collect();
        for folder in folders {
            Staged::sweep(&folder);
        }
        // It may have been killed between a file that it removed and the folder of that file.
        let former = self.old.iter().flat_map(Manifest::files).map(|file| file.path.as_str());
        let former = former.filter(|path| !leaves(path) && !links_out(&self.folder, path));
        for path in former.chain(listed) {
            prune(&self.folder, path);
        }
    }

    /// Writes what changes; on failure, whether the first file was replaced by then.
    fn write(&self, built: &Built<'_>, pending: &mut Pending) -> Result<(), (Finding, bool)> {
        let before = |finding| (finding, false);
        let after = |finding| (finding, true);
        let files: Vec<(&str, &str)> =
            built.manifest.files().map(|file| (file.path.as_str(), file.sha256.as_str())).collect();
        pending.list(files.into_iter()).map_err(before)?;
        let changed: Vec<&Artifact> = built
            .artifacts()
            .zip(&self.files)
            .filter(|(_, file)| file.state != FileState::Same)
            .map(|(artifact, _)| artifact)
            .collect();
        let stage = |artifact: &&Artifact| Staged::new(&self.folder.join(&artifact.path), &artifact.bytes);
        let staged: Vec<Staged> = changed.par_iter().map(stage).collect::<Result<_, _>>().map_err(before)?;
        let manifest = Staged::new(&self.folder.join(FILE), self.manifest.as_bytes()).map_err(before)?;
        for file in staged {
            file.replace().map_err(after)?;
        }
        for file in self.files.iter().filter(|file| file.state == FileState::Gone) {
            remove(&self.folder, &file.path).map_err(after)?;
        }
        manifest.replace().map_err(after)
    }
}

/// Removes a file that no build makes any more, and folders that are empty then.
fn remove(folder: &Path, path: &str) -> Result<(), Finding> {
    let full = folder.join(path);
    match fs::remove_file(&full) {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            return Err(Finding::new(Code::CannotWrite, format!("cannot remove {}", full.display()))
                .note(error.to_string())
                .help("no build makes it any more; remove it by hand, or make its folder writable"));
        }
        _ => {}
    }
    prune(folder, path);
    Ok(())
}

/// Removes the folders of a path below `folder` that are empty.
fn prune(folder: &Path, path: &str) {
    let mut parent = Path::new(path).parent();
    while let Some(inner) = parent.filter(|inner| !inner.as_os_str().is_empty()) {
        // Not empty: somebody else has files there.
        if fs::remove_dir(folder.join(inner)).is_err() {
            break;
        }
        parent = inner.parent();
    }
}

fn read(path: &Path) -> Result<Option<Vec<u8>>, Finding> {
    match input::bytes(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        // A part of the path is a file: what would be below it is not there either; writing says so.
        Err(error) if error.kind() == ErrorKind::NotADirectory => Ok(None),
        Err(error) => Err(Finding::unreadable(path, &error)),
    }
}

fn parse_old(folder: &Path, bytes: &[u8], permit: Permit) -> Result<Option<Manifest>, Findings> {
    let path = folder.join(FILE);
    let name = path.display().to_string();
    let parsed = match std::str::from_utf8(bytes) {
        Ok(text) => Manifest::parse(&name, text).and_then(|manifest| as_written(&name, text, manifest)),
        Err(_) => Err(Finding::new(Code::ManifestUnreadable, format!("{name} is no text")).into()),
    };
    match parsed {
        Ok(manifest) => Ok(Some(manifest)),
        Err(findings)
            if permit.force && findings.iter().all(|finding| finding.code == Code::ManifestUnreadable) =>
        {
            Ok(None)
        }
        Err(findings) => Err(findings),
    }
}

/// A manifest decides what may be replaced and removed: one that somebody edited decides nothing.
fn as_written(name: &str, text: &str, manifest: Manifest) -> Result<Manifest, Findings> {
    // Repositories may turn line ends.
    if manifest.to_text()? == text.replace("\r\n", "\n") {
        return Ok(manifest);
    }
    let message = format!("{name} is not as a build wrote it: somebody changed it");
    Err(Finding::new(Code::ManifestUnreadable, message).help(Code::ManifestUnreadable.spec().next).into())
}

/// The files of another site are not this one's to remove.
fn taken(folder: &Path, other: &Manifest, built: &Built<'_>) -> Finding {
    let (there, here) = (&other.site, &built.manifest.site);
    let shown = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let message =
        format!("{} holds the files of the site {there}, and {here} would remove them", shown.display());
    Finding::new(Code::OutputTwice, message)
        .at(built.plan.place.clone())
        .help(format!("give {here} a `folder` of its own; if {there} was renamed, build with --force"))
}

fn known_digests(manifest: Option<&Manifest>, pending: &Digests) -> Digests {
    let mut known = pending.clone();
    for file in manifest.into_iter().flat_map(Manifest::files) {
        known.entry(file.path.clone()).or_default().insert(file.sha256.clone());
    }
    known
}

fn state(folder: &Path, artifact: &Artifact, known: &Digests) -> Result<FileState, Finding> {
    let there = read(&folder.join(&artifact.path))?;
    Ok(match there {
        None => FileState::New,
        Some(bytes) if bytes == artifact.bytes => FileState::Same,
        Some(bytes) if is_ours(&bytes, known.get(&artifact.path)) => FileState::Changed,
        Some(_) => FileState::Edited,
    })
}

fn is_ours(bytes: &[u8], known: Option<&BTreeSet<String>>) -> bool {
    known.is_some_and(|known| known.contains(&sha256(bytes)))
}

/// What earlier builds wrote and this one does not; a file that is gone already is no matter.
///
/// # Errors
/// `cannot-read` for one that is there: passed over, it would stay, and the next manifest would not know it.
fn gone(
    folder: &Path,
    known: &Digests,
    made: &Manifest,
    site_file: &Path,
) -> Result<Vec<FileChange>, Finding> {
    let made: BTreeSet<&str> = made.files().map(|file| file.path.as_str()).collect();
    let lost = known
        .iter()
        .filter(|(path, _)| !made.contains(path.as_str()) && !leaves(path) && !links_out(folder, path))
        .filter(|(path, _)| !is_kept(folder, path, site_file));
    let mut gone = Vec::new();
    for (path, digests) in lost {
        let full = folder.join(path);
        // A folder of that name is somebody else's.
        let there = if full.is_dir() { None } else { read(&full)? };
        if let Some(bytes) = there {
            let state = if is_ours(&bytes, Some(digests)) { FileState::Gone } else { FileState::Kept };
            gone.push(FileChange { path: path.clone(), state });
        }
    }
    Ok(gone)
}

/// What no build ever wrote, whatever a manifest or a list of pending files from elsewhere says: the site file, and what
/// version control keeps.
fn is_kept(folder: &Path, path: &str, site_file: &Path) -> bool {
    let git = path.split('/').any(|part| part.eq_ignore_ascii_case(".git"));
    let real = |path: &Path| fs::canonicalize(path).ok();
    git || [FILE, pending::FILE].contains(&path) || real(&folder.join(path)) == real(site_file)
}
