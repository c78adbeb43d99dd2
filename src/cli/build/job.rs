//! Sites side by side: each is built, held against its folder, and written.

use std::collections::BTreeMap;

use rayon::iter::{IntoParallelRefIterator as _, ParallelIterator as _};

use portbook::build::{Built, Comparison, FileState, Inputs, Permit, Product, build};
use portbook::finding::Findings;
use portbook::manifest::Manifest;
use portbook::plan::Plan;

use super::super::site_file::SiteFile;
use super::BuildArgs;

/// One run of the command.
pub(super) struct Job<'a> {
    pub(super) args: &'a BuildArgs,
    pub(super) file: &'a SiteFile,
    pub(super) inputs: &'a Inputs<'a>,
}

/// What became of one site.
pub(super) struct Report<'p> {
    pub(super) plan: &'p Plan,
    /// How each target fared; none where the site could not be built.
    pub(super) targets: Vec<TargetReport>,
    /// Files that no target makes any more.
    pub(super) left: Vec<(String, FileState)>,
    /// Warnings and notes; what stands in the way comes last.
    pub(super) findings: Findings,
    /// The old and the new manifest, where they differ and are asked for.
    pub(super) manifests: Option<(Option<Manifest>, Manifest)>,
}

/// How a target fared.
pub(super) struct TargetReport {
    pub(super) product: Product,
    pub(super) files: Vec<(String, FileState)>,
}

impl Report<'_> {
    /// Whether something stood in the way.
    pub(super) fn failed(&self) -> bool {
        self.targets.is_empty() && self.findings.has_errors() || self.edited()
    }

    fn edited(&self) -> bool {
        use portbook::finding::{Code, Severity};
        // With `--check` it is a warning: a difference like others.
        let mut findings = self.findings.iter();
        findings.any(|finding| finding.code == Code::ArtifactEdited && finding.severity == Severity::Error)
    }

    /// Whether a target is not written.
    pub(super) fn refused(&self) -> bool {
        self.targets.iter().any(|target| !target.product.judgement.refused.is_empty())
    }

    /// Whether a file or the manifest differs from what was there.
    pub(super) fn changes(&self) -> bool {
        self.manifests.is_some() || self.files().any(|(_, state)| *state != FileState::Same)
    }

    /// Every file with what happened to it.
    pub(super) fn files(&self) -> impl Iterator<Item = &(String, FileState)> {
        self.targets.iter().flat_map(|target| &target.files).chain(&self.left)
    }
}

impl<'a> Job<'a> {
    /// Builds all sites.
    pub(super) fn run(&self) -> Vec<Report<'a>> {
        self.file.plans.par_iter().map(|plan| self.site(plan)).collect()
    }

    fn site(&self, plan: &'a Plan) -> Report<'a> {
        let built = match build(plan, self.inputs) {
            Ok(built) => built,
            Err(findings) => return failed(plan, findings),
        };
        let permit = Permit { force: self.args.force, outside: self.args.allow_outside };
        let folder = self.file.folder_of(plan);
        let compared = Comparison::of(&self.file.folder, &folder, &built, permit).and_then(|comparison| {
            if self.args.check { Ok(comparison) } else { comparison.apply(&built, permit) }
        });
        match compared {
            Ok(comparison) => self.report(built, comparison),
            Err(findings) => {
                let mut all = built.findings;
                all.append(findings);
                failed(plan, all)
            }
        }
    }

    fn report(&self, built: Built<'a>, mut comparison: Comparison) -> Report<'a> {
        let made = comparison.made(built.manifest);
        let mut states: BTreeMap<String, FileState> =
            comparison.files.into_iter().map(|file| (file.path, file.state)).collect();
        let mut targets = Vec::new();
        for mut product in built.products {
            let files = product.artifacts.iter();
            let files = files.filter_map(|artifact| states.remove_entry(&artifact.path)).collect();
            // Files are on disk by now; a thousand sites would not fit into memory.
            product.artifacts.iter_mut().for_each(|artifact| artifact.bytes = Vec::new());
            product.sets = Vec::new();
            product.verdicts = Vec::new();
            targets.push(TargetReport { product, files });
        }
        let mut findings = built.findings;
        if self.args.check {
            findings.append(edited(&targets, &self.file.folder_of(built.plan)));
        }
        let manifests = (comparison.manifest_changed && (self.args.check || self.args.report.is_some()))
            .then_some((comparison.old, made));
        Report { plan: built.plan, targets, left: states.into_iter().collect(), findings, manifests }
    }
}

/// With `--check` an edited file is a difference to be told, and the reason for a failure of the build to come.
fn edited(targets: &[TargetReport], folder: &std::path::Path) -> Findings {
    use portbook::finding::{Code, Finding, Severity};
    let files = targets.iter().flat_map(|target| &target.files);
    let edited = files.filter(|(_, state)| *state == FileState::Edited);
    edited
        .map(|(path, _)| {
            let message = format!("{} was changed by hand since it was built", folder.join(path).display());
            Finding::new(Code::ArtifactEdited, message)
                .severity(Severity::Warning)
                .help(Code::ArtifactEdited.spec().next)
        })
        .collect()
}

fn failed(plan: &Plan, findings: Findings) -> Report<'_> {
    Report { plan, targets: Vec::new(), left: Vec::new(), findings, manifests: None }
}
