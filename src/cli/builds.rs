//! Builds as arguments: folders, manifests, site files, and these at a revision.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use rayon::iter::{IntoParallelRefIterator as _, IntoParallelRefMutIterator as _, ParallelIterator as _};

use portbook::build::{Look, build};
use portbook::diff::build::{BuildDifference, BuildFilter, SiteDifference};
use portbook::finding::{Code, Finding, Findings, unknown};
use portbook::input;
use portbook::manifest::{FILE, Manifest, sha256};

use super::inputs::{Given, with_inputs};
use super::range_files::RangeArgs;
use super::revision::Revision;
use super::{Failure, Global, Talk, site_file};

/// A build, not read yet.
pub(crate) struct Build {
    origin: Origin,
    /// Texts of manifests by their paths below the origin.
    texts: BTreeMap<String, Vec<u8>>,
    /// What was built in memory, by the folders of the sites.
    made: Vec<(String, Manifest)>,
}

/// Where a build comes from.
enum Origin {
    Disk(PathBuf),
    Git(Revision),
    Memory,
}

impl Build {
    /// A folder with manifests, or one of them.
    ///
    /// # Errors
    /// `cannot-read`, also where no manifest is.
    pub(crate) fn on_disk(path: &Path) -> Result<Self, Findings> {
        let (root, names) = if path.is_dir() {
            let mut names = Vec::new();
            find(path, "", &mut names).map_err(|error| Finding::unreadable(path, &error))?;
            (path.to_owned(), names)
        } else {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            (path.parent().unwrap_or(Path::new("")).to_owned(), vec![name])
        };
        if names.is_empty() {
            return Err(without_manifest(&path.display().to_string()).into());
        }
        let mut texts = BTreeMap::new();
        for name in names {
            let full = root.join(&name);
            let bytes = input::read(&full)?;
            texts.insert(name, bytes);
        }
        Ok(Self { origin: Origin::Disk(root), texts, made: Vec::new() })
    }

    /// The same at a revision.
    ///
    /// # Errors
    /// `revision-unreadable`, also where no manifest is.
    pub(crate) fn at(revision: Revision) -> Result<Self, Findings> {
        let is_file = Path::new(&revision.path).extension().is_some_and(|extension| extension == "json");
        let names: Vec<String> = if is_file {
            vec![revision.path.clone()]
        } else {
            let manifests = revision.list()?.into_iter();
            manifests.filter(|name| name.rsplit('/').next() == Some(FILE)).collect()
        };
        if names.is_empty() {
            let shown = format!("git:{}:{}", revision.revision, revision.path);
            return Err(without_manifest(&shown).into());
        }
        let root = if is_file { parent(&revision.path) } else { revision.path.as_str() };
        let root = if root.is_empty() { String::new() } else { format!("{root}/") };
        let mut texts = BTreeMap::new();
        for (name, bytes) in names.iter().zip(revision.read_all(&names)?) {
            let Some(bytes) = bytes else {
                // The plain way tells why.
                revision.read()?;
                continue;
            };
            texts.insert(name.strip_prefix(&root).unwrap_or(name).to_owned(), bytes);
        }
        let revision = Revision { path: root, ..revision };
        Ok(Self { origin: Origin::Git(revision), texts, made: Vec::new() })
    }

    /// What the sites of a site file come to, built in memory.
    ///
    /// # Errors
    /// Everything that stands in the way of a build.
    pub(crate) fn of_site_file(
        text: &str,
        ranges: &RangeArgs,
        global: &Global,
        talk: &Talk,
    ) -> Result<Self, Failure> {
        let given = Given { ranges, look: &Look::default(), strict: false };
        let read = || {
            let catalog = global.load_catalog()?;
            let file = site_file::read(Path::new(text), &catalog)?;
            Ok((catalog, file))
        };
        let built: Vec<_> = with_inputs(given, talk, read, |(_, file), inputs| {
            let made = |plan| build(plan, inputs).map(|built| (plan.folder.clone(), built.manifest));
            file.plans.par_iter().map(made).collect()
        })?;
        let mut findings = Findings::new();
        let mut made = Vec::new();
        for result in built {
            match result {
                Ok(manifest) => made.push(manifest),
                Err(errors) => findings.append(errors),
            }
        }
        let (made, _) = findings.or_value(made)?;
        Ok(Self { origin: Origin::Memory, texts: BTreeMap::new(), made })
    }

    /// The bytes of files below the origin; nothing for one that is not there.
    pub(crate) fn read(&self, paths: &[String]) -> Vec<Option<Vec<u8>>> {
        match &self.origin {
            Origin::Disk(root) => paths.iter().map(|path| input::bytes(&root.join(path)).ok()).collect(),
            Origin::Git(revision) => {
                let full: Vec<String> = paths.iter().map(|path| format!("{}{path}", revision.path)).collect();
                revision.read_all(&full).unwrap_or_else(|_| paths.iter().map(|_| None).collect())
            }
            Origin::Memory => paths.iter().map(|_| None).collect(),
        }
    }

    fn name(&self, path: &str) -> String {
        match &self.origin {
            Origin::Disk(root) => root.join(path).display().to_string(),
            Origin::Git(revision) => format!("git:{}:{}{path}", revision.revision, revision.path),
            Origin::Memory => path.to_owned(),
        }
    }
}

/// Every manifest below a folder, as git lists them too; only what version control keeps is not looked at.
fn find(folder: &Path, prefix: &str, names: &mut Vec<String>) -> std::io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        // Links are not followed: they may lead in a circle.
        if entry.file_type()?.is_dir() {
            if name != ".git" {
                find(&entry.path(), &format!("{prefix}{name}/"), names)?;
            }
        } else if name == FILE {
            names.push(format!("{prefix}{name}"));
        }
    }
    Ok(())
}

fn without_manifest(shown: &str) -> Finding {
    Finding::new(Code::CannotRead, format!("{shown} holds no {FILE}")).help(
        "`portbook build` writes one beside the files; name the folder of the site file, or the manifest",
    )
}

/// Compares two builds, and holds the files of the newer one against its manifests: of the sites that differ, or of all.
/// Also gives the files that are not as their manifest says.
///
/// # Errors
/// Everything that is wrong with the manifests of both.
pub(crate) fn compare_files(
    old: Build,
    new: Build,
    filter: &BuildFilter,
    all: bool,
) -> Result<(BuildDifference, Vec<String>), Findings> {
    let mut edited = Vec::new();
    // Those that are the same on both sides are not even read below.
    let looked_at = |path: &String, text: &Vec<u8>| all || old.texts.get(path) != Some(text);
    let texts = new.texts.iter().filter(|(path, text)| looked_at(path, text));
    let wanted: BTreeMap<String, Vec<u8>> = texts.map(|(path, text)| (path.clone(), text.clone())).collect();
    for (path, manifest) in parse_texts(&new, &wanted)? {
        let folder = parent(&path).to_owned();
        let full = |path: &str| if folder.is_empty() { path.to_owned() } else { format!("{folder}/{path}") };
        let paths: Vec<String> = manifest.files().map(|file| full(&file.path)).collect();
        let read = new.read(&paths).into_iter().zip(manifest.files()).zip(paths);
        let other = read.filter(|((bytes, file), _)| {
            bytes.as_ref().is_none_or(|bytes| {
                let turned = || sha256(String::from_utf8_lossy(bytes).replace("\r\n", "\n").as_bytes());
                sha256(bytes) != file.sha256 && turned() != file.sha256
            })
        });
        edited.extend(other.map(|(_, path)| new.name(&path)));
    }
    Ok((compare(old, new, filter)?, edited))
}

/// Compares two builds; manifests that are the same byte for byte are not even read.
///
/// # Errors
/// Everything that is wrong with the manifests of both.
fn compare(mut old: Build, mut new: Build, filter: &BuildFilter) -> Result<BuildDifference, Findings> {
    let same: Vec<String> = new
        .texts
        .iter()
        // Whoever names sites may name one that is nowhere: then all are read.
        .filter(|(path, text)| filter.sites.is_empty() && old.texts.get(*path) == Some(*text))
        .map(|(path, _)| path.clone())
        .collect();
    for path in &same {
        old.texts.remove(path);
        new.texts.remove(path);
    }
    let (was, is) = (parse(&old), parse(&new));
    let (mut made_old, mut made_new) = (std::mem::take(&mut old.made), std::mem::take(&mut new.made));
    let sites: BTreeSet<String> = [&was, &is]
        .into_iter()
        .flatten()
        .flatten()
        .map(|(_, manifest)| manifest.site.to_string())
        .chain(made_old.iter().chain(&made_new).map(|(_, manifest)| manifest.site.to_string()))
        .collect();
    if let Some(site) = filter.sites.iter().find(|site| !sites.contains(*site)) {
        let known = sites.iter().map(String::as_str);
        return Err(unknown(Code::UnknownSite, "site", site, known, "both sides").into());
    }
    let (was, is) = match (was, is) {
        (Ok(mut was), Ok(mut is)) => {
            was.append(&mut made_old);
            is.append(&mut made_new);
            (was, is)
        }
        (was, is) => {
            let mut findings = was.err().unwrap_or_default();
            findings.append(is.err().unwrap_or_default());
            return Err(findings);
        }
    };
    let mut findings = once(&was, &old);
    findings.append(once(&is, &new));
    findings.or_value(())?;
    let folders = |parsed: &[(String, Manifest)]| -> BTreeMap<String, String> {
        parsed.iter().map(|(path, manifest)| (manifest.site.to_string(), parent(path).to_owned())).collect()
    };
    let places = (folders(&was), folders(&is));
    let bare = |parsed: Vec<(String, Manifest)>| parsed.into_iter().map(|(_, manifest)| manifest).collect();
    let mut difference = BuildDifference::of(bare(was), bare(is), filter);
    difference.same += same.len();
    difference.sites.par_iter_mut().for_each(|site| count_lines(site, (&old, &places.0), (&new, &places.1)));
    Ok(difference)
}

/// One finding for each site that a build has twice, such as in a copy of its folder: only one would be compared.
fn once(parsed: &[(String, Manifest)], build: &Build) -> Findings {
    let mut seen: BTreeMap<&str, &str> = BTreeMap::new();
    let mut findings = Findings::new();
    for (path, manifest) in parsed {
        if let Some(first) = seen.insert(manifest.site.as_str(), path) {
            let message = format!(
                "{} and {} are both of the site {}",
                build.name(first),
                build.name(path),
                manifest.site
            );
            findings
                .push(Finding::new(Code::InvalidValue, message).help("name the folder that has one of them"));
        }
    }
    findings
}

/// The folder of a path; empty for one without folders.
pub(crate) fn parent(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(parent, _)| parent)
}

/// The manifests of a build, each with its path below the origin.
///
/// # Errors
/// Everything that is wrong with them.
pub(crate) fn parse(build: &Build) -> Result<Vec<(String, Manifest)>, Findings> {
    parse_texts(build, &build.texts)
}

fn parse_texts(
    build: &Build,
    texts: &BTreeMap<String, Vec<u8>>,
) -> Result<Vec<(String, Manifest)>, Findings> {
    let entries: Vec<(&String, &Vec<u8>)> = texts.iter().collect();
    let parsed: Vec<Result<(String, Manifest), Findings>> = entries
        .par_iter()
        .map(|(path, bytes)| {
            let name = build.name(path);
            let text = std::str::from_utf8(bytes)
                .map_err(|_| Finding::new(Code::ManifestUnreadable, format!("{name} is no text")))?;
            Ok(((*path).clone(), Manifest::parse(&name, text)?))
        })
        .collect();
    let mut findings = Findings::new();
    let mut manifests = Vec::new();
    for result in parsed {
        match result {
            Ok(manifest) => manifests.push(manifest),
            Err(errors) => findings.append(errors),
        }
    }
    findings.or_value(manifests).map(|(manifests, _)| manifests)
}

/// More files than these are not read for their lines.
const COUNTED: usize = 200;

/// Lines that came and went in files that are at hand and are those of the manifests.
fn count_lines(
    site: &mut SiteDifference,
    (old, old_folders): (&Build, &BTreeMap<String, String>),
    (new, new_folders): (&Build, &BTreeMap<String, String>),
) {
    if site.files.len() > COUNTED {
        return;
    }
    let name = site.site.to_string();
    let texts = |build: &Build, folders: &BTreeMap<String, String>, manifest: &Manifest| {
        let folder = folders.get(&name).map_or("", String::as_str);
        let full = |path: &str| if folder.is_empty() { path.to_owned() } else { format!("{folder}/{path}") };
        let paths: Vec<String> = site.files.iter().map(|file| full(&file.path)).collect();
        let digests: BTreeMap<&str, &str> =
            manifest.files().map(|file| (file.path.as_str(), file.sha256.as_str())).collect();
        let read = build.read(&paths).into_iter().zip(&site.files);
        read.map(|(bytes, file)| match digests.get(file.path.as_str()) {
            // Not of this build: nothing came from there.
            None => Some(Vec::new()),
            Some(digest) => bytes.filter(|bytes| sha256(bytes) == *digest),
        })
        .collect::<Vec<_>>()
    };
    let was = texts(old, old_folders, &site.old);
    let is = texts(new, new_folders, &site.new);
    for ((file, old), new) in site.files.iter_mut().zip(was).zip(is) {
        file.lines = old.zip(new).map(|(old, new)| changed_lines(&old, &new));
    }
}

/// Lines that only one side has, each as often as it does.
fn changed_lines(old: &[u8], new: &[u8]) -> usize {
    let mut counts: BTreeMap<&[u8], isize> = BTreeMap::new();
    for (text, step) in [(old, -1), (new, 1)] {
        for line in text.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
            *counts.entry(line).or_default() += step;
        }
    }
    counts.values().map(|count| count.unsigned_abs()).sum()
}
