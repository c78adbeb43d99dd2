//! One site: from its plan to its files and its manifest, in memory.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use rayon::iter::{IntoParallelRefIterator as _, ParallelIterator as _};

use crate::artifact::Artifact;
use crate::catalog::Catalog;
use crate::finding::{Code, Finding, Findings};
use crate::manifest::{FILE, Manifest};
use crate::place::Addressing;
use crate::plan::{Plan, PlannedTarget, lint};
use crate::ranges::RangeFile;
use crate::target::Fitted;

use super::judge::judge;
use super::pending::FILE as PENDING;
use super::{Asked, Look, Order, Policy, Product, Resolutions, Subject, produce, record};

/// What all sites of a build share.
#[derive(Debug)]
pub struct Inputs<'a> {
    /// The catalog.
    pub catalog: &'a Catalog,
    /// Range files, one for each cloud that is needed.
    pub files: &'a [RangeFile<'a>],
    /// SHA-256 of range files by their labels.
    pub digests: &'a BTreeMap<String, String>,
    /// How artifacts look.
    pub look: &'a Look,
    /// The day on which acceptances are judged.
    pub today: Date,
    /// Whether losses that are usually warnings refuse every target.
    pub strict: bool,
    /// What sites select alike is resolved once.
    pub resolutions: &'a Resolutions,
}

/// What a site came to.
#[derive(Debug)]
pub struct Built<'p> {
    /// Its plan.
    pub plan: &'p Plan,
    /// What each target came to, in the order of the plan.
    pub products: Vec<Product>,
    /// What the manifest says.
    pub manifest: Manifest,
    /// Warnings and notes.
    pub findings: Findings,
}

impl Built<'_> {
    /// Every file, its path below the folder of the site.
    pub fn artifacts(&self) -> impl Iterator<Item = &Artifact> {
        self.products.iter().flat_map(|product| &product.artifacts)
    }

    /// Targets for which nothing is written.
    pub fn refused(&self) -> impl Iterator<Item = &Product> {
        self.products.iter().filter(|product| !product.judgement.refused.is_empty())
    }
}

/// Builds one site in memory.
///
/// # Errors
/// Everything that stands in the way of its rules, addresses, settings or templates. A refusal is no error.
pub fn build<'p>(plan: &'p Plan, inputs: &Inputs<'_>) -> Result<Built<'p>, Findings> {
    let resolution = inputs.resolutions.of(&plan.requests, inputs.catalog)?;
    let addressing = Addressing { fallback: plan.fallback, files: inputs.files };
    let placed = resolution.place(&plan.site, &addressing, inputs.catalog)?;
    let mut findings: Findings = resolution.findings().cloned().collect();
    findings.append(lint(plan, &resolution.rules, &placed, inputs.catalog)?);
    let subject = Subject { rules: &resolution.rules, heading: &resolution.heading, placed: &placed };
    let policy = policy(plan, inputs);
    let mut errors = Findings::new();
    let mut products = Vec::new();
    let make = |planned| (planned, produce_planned(&subject, planned, &policy, inputs.look));
    let (produced, rules) =
        rayon::join(|| plan.targets.par_iter().map(make).collect::<Vec<_>>(), || record::neutral(&subject));
    for (planned, result) in produced {
        match result {
            Ok(product) => products.push(product),
            Err(found) => errors.extend(found.into_iter().map(|finding| at(finding, planned))),
        }
    }
    errors.append(twice(plan, &products));
    if errors.has_errors() {
        return Err(errors);
    }
    findings.append(idle_acceptances(plan, &products, inputs.today));
    let manifest = record::manifest(plan, &resolution, rules, &products, inputs);
    Ok(Built { plan, products, manifest, findings })
}

fn policy(plan: &Plan, inputs: &Inputs<'_>) -> Policy {
    let accepted = plan.accepted.iter().filter(|accepted| !accepted.expired(inputs.today));
    Policy {
        accepted: accepted.map(|accepted| accepted.acceptance.clone()).collect(),
        strict: plan.strict || inputs.strict,
        fallback: plan.fallback,
        asked: Asked::SiteFile,
    }
}

/// The first code for which a target is not written. One for which no rule can stand is no such: there nothing is to be
/// said, and the device does what it does by default.
pub(crate) fn refuses(
    plan: &Plan,
    planned: &PlannedTarget,
    fitted: &Fitted,
    inputs: &Inputs<'_>,
) -> Option<Code> {
    let judgement = judge(planned.target, &planned.settings, fitted, &policy(plan, inputs));
    let mut codes = judgement.refused.iter().map(|finding| finding.code);
    codes.find(|code| *code != Code::NothingSelected)
}

fn produce_planned(
    subject: &Subject<'_>,
    planned: &PlannedTarget,
    policy: &Policy,
    look: &Look,
) -> Result<Product, Findings> {
    let order =
        Order { target: planned.target, settings: planned.settings.clone(), focus: planned.focus.clone() };
    let mut product = produce(subject, &order, policy, look)?;
    let refused = std::mem::take(&mut product.judgement.refused);
    product.judgement.refused = refused.into_iter().map(|finding| at(finding, planned)).collect();
    if let Some(output) = planned.output.as_ref().filter(|_| !product.artifacts.is_empty()) {
        product.artifacts = output.place(&product.artifacts)?;
    }
    Ok(product)
}

fn at(finding: Finding, planned: &PlannedTarget) -> Finding {
    if finding.labels.is_empty() { finding.at(planned.place.clone()) } else { finding }
}

/// Two targets with one file; compared without regard to case, as some file systems do.
fn twice(plan: &Plan, products: &[Product]) -> Findings {
    let mut findings = Findings::new();
    let mut seen: BTreeMap<String, &PlannedTarget> = BTreeMap::new();
    let mut folders = BTreeSet::new();
    for (planned, product) in plan.targets.iter().zip(products) {
        for artifact in &product.artifacts {
            let key = artifact.path.to_lowercase();
            if let Some(what) = reserved(plan, &key) {
                let message = format!("{} is {what}; no target writes it", artifact.path);
                findings.push(Finding::new(Code::OutputTwice, message).at(planned.place.clone()));
            }
            let parents = key.match_indices('/').filter_map(|(index, _)| key.get(..index));
            folders.extend(parents.map(str::to_owned));
            if let Some(first) = seen.insert(key, planned) {
                let message = format!("two targets write {}", artifact.path);
                findings.push(
                    Finding::new(Code::OutputTwice, message)
                        .labelled(planned.place.clone(), "again here")
                        .labelled(first.place.clone(), "first here")
                        .help(Code::OutputTwice.spec().next),
                );
            }
        }
    }
    for (path, planned) in seen.iter().filter(|(path, _)| folders.contains(*path)) {
        let message = format!("{path} is a file of one target and a folder of another");
        findings.push(Finding::new(Code::OutputTwice, message).at(planned.place.clone()));
    }
    findings
}

/// What a path in lower case is, if no target may write it.
fn reserved(plan: &Plan, path: &str) -> Option<&'static str> {
    let name = &plan.place.source().name;
    let name = name.rsplit(['/', '\\']).next().unwrap_or(name);
    match path {
        FILE => Some("the manifest"),
        PENDING => Some("the list of what a build is about to write"),
        _ if plan.folder.is_empty() && path == name.to_lowercase() => Some("the site file"),
        _ => None,
    }
}

fn idle_acceptances(plan: &Plan, products: &[Product], today: Date) -> Findings {
    let verdicts = products
        .iter()
        .flat_map(|product| product.verdicts.iter().map(move |verdict| (product.target, verdict)));
    crate::plan::lint_acceptances(plan, verdicts, today)
}
