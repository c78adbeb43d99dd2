//! The site file that a command reads, and which of its sites are meant.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::Arc;

use clap::Args;

use portbook::catalog::Catalog;
use portbook::finding::{Code, Finding, Findings, Source, unknown};
use portbook::input;
use portbook::manifest;
use portbook::plan::{FILE, Plan, PlanFile};

use super::revision::Revision;
use super::{Failure, Global};

/// A site file.
#[derive(Debug, Args)]
pub(crate) struct SiteFileArgs {
    /// The site file, or the folder with its portbook.yaml
    #[arg(value_name = "SITE", default_value = FILE)]
    file: PathBuf,
    /// Only these sites of the file
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    site: Vec<String>,
    /// Only the Kth of N equal parts of the sites, for jobs side by side
    #[arg(long, value_name = "K/N", conflicts_with = "site")]
    shard: Option<Shard>,
}

/// One of several equal parts.
#[derive(Debug, Clone, Copy)]
struct Shard {
    part: usize,
    of: usize,
}

impl FromStr for Shard {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let pair = text.split_once('/').and_then(|(part, of)| Some((part.parse().ok()?, of.parse().ok()?)));
        match pair {
            Some((part, of)) if 0 < part && part <= of => Ok(Self { part, of }),
            _ => Err("give K/N with K from 1 to N, such as 3/16".to_owned()),
        }
    }
}

/// The sites that are meant, and the folder below which their files go.
pub(crate) struct SiteFile {
    pub(crate) plans: Vec<Plan>,
    pub(crate) folder: PathBuf,
    /// Whether only some of the sites of the file are meant.
    partial: bool,
}

impl SiteFileArgs {
    /// The flags of a command that names its site file in its own way.
    pub(crate) fn of(file: PathBuf, site: Vec<String>) -> Self {
        Self { file, site, shard: None }
    }

    /// The catalog, and the sites as [`Self::read`] gives them.
    ///
    /// # Errors
    /// Those of both.
    pub(crate) fn load(&self, global: &Global) -> Result<(Catalog, SiteFile), Failure> {
        let catalog = global.load_catalog()?;
        let file = self.read(&catalog)?;
        Ok((catalog, file))
    }

    /// Reads and checks the file, all of it, and chooses among its sites.
    ///
    /// # Errors
    /// `cannot-read`, everything that is wrong with it, `unknown-site`.
    pub(crate) fn read(&self, catalog: &Catalog) -> Result<SiteFile, Findings> {
        let path = if self.file.is_dir() { self.file.join(FILE) } else { self.file.clone() };
        let mut file = read(&path, catalog)?;
        file.partial = !self.site.is_empty() || self.shard.is_some();
        if !self.site.is_empty() {
            file.plans = chosen(file.plans, &self.site)?;
        }
        if let Some(shard) = self.shard {
            // Round the table, so that large sites beside each other go to different jobs.
            let plans = file.plans.into_iter().enumerate();
            file.plans =
                plans.filter(|(index, _)| index % shard.of + 1 == shard.part).map(|(_, plan)| plan).collect();
        }
        Ok(file)
    }
}

/// The text of a site file: a path, or git:REVISION:PATH.
///
/// # Errors
/// `cannot-read`, `revision-unreadable`.
pub(crate) fn source(text: &str) -> Result<Arc<Source>, Finding> {
    if let Some(revision) = Revision::parse(text).transpose()? {
        let bytes = revision.read()?;
        return Ok(Source::new(text, String::from_utf8_lossy(&bytes)));
    }
    let path = Path::new(text);
    let read = input::text(path).map_err(|error| {
        let finding = Finding::unreadable(path, &error);
        let missing = error.kind() == std::io::ErrorKind::NotFound;
        if missing { finding.help("`portbook init` writes one to start from") } else { finding }
    })?;
    Ok(Source::new(text, read))
}

/// Reads and checks a site file.
///
/// # Errors
/// `cannot-read`, and everything that is wrong with it.
pub(crate) fn read(path: &Path, catalog: &Catalog) -> Result<SiteFile, Findings> {
    let source = source(&path.display().to_string())?;
    let plans = PlanFile::read(&source, catalog)?.sites;
    let folder = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    Ok(SiteFile { plans, folder: folder.to_owned(), partial: false })
}

fn chosen(plans: Vec<Plan>, names: &[String]) -> Result<Vec<Plan>, Findings> {
    let mut findings = Findings::new();
    for name in names {
        if !plans.iter().any(|plan| plan.site.name.as_str() == name) {
            let known = plans.iter().map(|plan| plan.site.name.as_str());
            findings.push(unknown(Code::UnknownSite, "site", name, known, "the site file"));
        }
    }
    let meant = |plan: &Plan| names.iter().any(|name| name == plan.site.name.as_str());
    findings.or_value(plans.into_iter().filter(meant).collect()).map(|(plans, _)| plans)
}

impl SiteFile {
    /// Folders beside those of the sites that hold a build of another one.
    pub(crate) fn left(&self) -> Findings {
        if self.partial || self.plans.iter().any(|plan| plan.folder.is_empty()) {
            return Findings::new();
        }
        let folders: Vec<PathBuf> = self.plans.iter().map(|plan| self.folder.join(&plan.folder)).collect();
        let held: BTreeSet<&Path> = folders.iter().flat_map(|folder| folder.ancestors()).collect();
        let mut left: Vec<PathBuf> = std::fs::read_dir(&self.folder)
            .into_iter()
            .flatten()
            .flatten()
            .map(|entry| entry.path())
            .filter(|path| !held.contains(path.as_path()))
            .filter(|path| path.join(manifest::FILE).is_file())
            .collect();
        left.sort();
        left.into_iter()
            .map(|path| {
                let message = format!("{} holds a build of a site that is not in the file", path.display());
                Finding::new(Code::SiteLeft, message).help(Code::SiteLeft.spec().next)
            })
            .collect()
    }

    /// The folder of a site, as a path from here.
    pub(crate) fn folder_of(&self, plan: &Plan) -> PathBuf {
        let folder = if self.folder == Path::new(".") { PathBuf::new() } else { self.folder.clone() };
        match (plan.folder.as_str(), folder.as_os_str().is_empty()) {
            ("", true) => PathBuf::from("."),
            (inner, _) => folder.join(inner),
        }
    }
}
