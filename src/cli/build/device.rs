//! `--since`, `--to` and `--rollback`: from one build to another on the devices.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use portbook::artifact::{Artifact, write};
use portbook::build::{Built, Inputs, build, rollback, since};
use portbook::finding::{Code, Finding, Findings};
use portbook::manifest::{Manifest, sha256};
use portbook::plan::{Plan, leaves};

use super::super::builds::{Build, parent, parse};
use super::super::revision::Revision;
use super::super::site_file::SiteFile;

/// A file that tells what to do, beside the files of a way back.
const STEPS: &str = "ROLLBACK.txt";

/// The build that the devices have.
pub(super) struct Former {
    build: Build,
    manifests: BTreeMap<String, (String, Manifest)>,
}

impl Former {
    /// Reads a manifest or a folder of them, on disk or at a revision.
    ///
    /// # Errors
    /// What cannot be read.
    pub(super) fn open(text: &str) -> Result<Self, Findings> {
        let build = match Revision::parse(text).transpose()? {
            Some(revision) => Build::at(revision)?,
            None => Build::on_disk(Path::new(text))?,
        };
        let manifests = parse(&build)?;
        let by_site = |(path, manifest): (String, Manifest)| (manifest.site.to_string(), (path, manifest));
        Ok(Self { manifests: manifests.into_iter().map(by_site).collect(), build })
    }

    /// Lets the targets of each site know what they put on their devices.
    ///
    /// # Errors
    /// Those of [`since`].
    pub(super) fn tell(&self, plans: &mut [Plan]) -> Result<(), Findings> {
        for plan in plans {
            if let Some((_, manifest)) = self.manifests.get(plan.site.name.as_str()) {
                since(plan, manifest)?;
            }
        }
        Ok(())
    }

    /// Whether the last build wrote just this file.
    fn has(&self, site: &str, artifact: &Artifact) -> bool {
        let manifest = self.manifests.get(site).map(|(_, manifest)| manifest);
        let digest = manifest.into_iter().flat_map(Manifest::files).find(|file| file.path == artifact.path);
        digest.is_some_and(|file| file.sha256 == sha256(&artifact.bytes))
    }

    /// The files of a site as they were written.
    fn files(&self, site: &str) -> Result<(&Manifest, BTreeMap<String, Vec<u8>>), Findings> {
        let Some((path, manifest)) = self.manifests.get(site) else {
            let message = format!("the last build has no site {site}: there is nothing to go back to");
            return Err(Finding::new(Code::UnknownSite, message).into());
        };
        let folder = parent(path);
        let full = |path: &str| if folder.is_empty() { path.to_owned() } else { format!("{folder}/{path}") };
        let records: Vec<_> = manifest.files().collect();
        let paths: Vec<String> = records.iter().map(|file| full(&file.path)).collect();
        let mut files = BTreeMap::new();
        let mut findings = Findings::new();
        for (record, bytes) in records.iter().zip(self.build.read(&paths)) {
            if let Some(bytes) = bytes.filter(|bytes| sha256(bytes) == record.sha256) {
                files.insert(record.path.clone(), bytes);
                continue;
            }
            let message = format!("{} is not there as the last build wrote it", record.path);
            let help = "give the build that the devices have: --since git:REVISION:PATH of its manifest";
            findings.push(Finding::new(Code::ArtifactEdited, message).help(help));
        }
        findings.or_value((manifest, files)).map(|(files, _)| files)
    }
}

/// Writes what takes the devices to these sites, from the build that `former` told them of: not the files that it wrote
/// already. `plain` holds the same sites, whom nobody told. Also gives the refusals: nothing is written for their
/// targets.
///
/// # Errors
/// Everything that stands in the way of a build, or of writing.
pub(super) fn forward(
    (file, plain): (&SiteFile, &SiteFile),
    inputs: &Inputs<'_>,
    former: &Former,
    folder: &Path,
) -> Result<(Vec<PathBuf>, Findings), Findings> {
    let (mut written, mut refused) = (Vec::new(), Findings::new());
    let mut findings = Findings::new();
    for (plan, plain) in file.plans.iter().zip(&plain.plans) {
        match build(plan, inputs).and_then(|told| Ok((told, build(plain, inputs)?))) {
            Ok((built, plain)) => {
                refused.extend(built.refused().flat_map(|product| product.judgement.refused.clone()));
                let site = plan.site.name.as_str();
                let loaded = plain.artifacts().filter(|artifact| former.has(site, artifact));
                let loaded: BTreeSet<&str> = loaded.map(|artifact| artifact.path.as_str()).collect();
                let news = built.artifacts().filter(|artifact| !loaded.contains(artifact.path.as_str()));
                let artifacts: Vec<Artifact> = news.cloned().collect();
                written.extend(below(folder, plan, &artifacts)?);
            }
            Err(errors) => findings.append(errors),
        }
    }
    findings.or_value((written, refused)).map(|(told, _)| told)
}

/// Writes the files of a site's way; none of them leaves the folder that was given for it.
fn below(folder: &Path, plan: &Plan, artifacts: &[Artifact]) -> Result<Vec<PathBuf>, Findings> {
    let mut outside = artifacts.iter().map(|artifact| artifact.path.as_str()).chain([plan.folder.as_str()]);
    if let Some(path) = outside.find(|path| leaves(path)) {
        let message = format!("{path} lies outside {}", folder.display());
        let finding = Finding::new(Code::OutputOutside, message).at(plan.place.clone());
        return Err(finding.help("give the target an output below the folder of its site").into());
    }
    let files = write(artifacts, &folder.join(&plan.folder))?;
    Ok(files.into_iter().map(|file| file.path).collect())
}

/// Writes what takes the devices back from these sites to the build that they have.
///
/// # Errors
/// Everything that stands in the way of a build, old files that are not there, or of writing.
pub(super) fn backward(
    file: &SiteFile,
    inputs: &Inputs<'_>,
    former: &Former,
    folder: &Path,
) -> Result<Vec<PathBuf>, Findings> {
    let mut written = Vec::new();
    let mut findings = Findings::new();
    for plan in &file.plans {
        let made = build(plan, inputs).and_then(|built| way_back(&built, former));
        match made {
            Ok(artifacts) if artifacts.is_empty() => {}
            Ok(artifacts) => {
                written.extend(below(folder, plan, &artifacts)?);
            }
            Err(errors) => findings.append(errors),
        }
    }
    findings.or_value(written).map(|(written, _)| written)
}

/// The files of a way back, and what to do with them in which order.
fn way_back(built: &Built<'_>, former: &Former) -> Result<Vec<Artifact>, Findings> {
    let (manifest, files) = former.files(built.plan.site.name.as_str())?;
    let backs = rollback(built, manifest, &files)?;
    if backs.is_empty() {
        return Ok(Vec::new());
    }
    let mut text = format!(
        "Back from this build of {} to the one before. Run from this folder, in this order.\n",
        manifest.site
    );
    let mut artifacts = Vec::new();
    let mut number = 0;
    for (target, back) in backs {
        let _ = writeln!(text, "\n{target}");
        for step in back.steps {
            number += 1;
            let _ = writeln!(text, "{number:3}. {step}");
        }
        artifacts.extend(back.files);
    }
    artifacts.push(Artifact::text(STEPS, text));
    Ok(artifacts)
}
