//! Where the files of a site may lie: below the folder of the site file.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use crate::finding::{Code, Finding, Findings};
use crate::manifest::FILE;
use crate::plan::leaves;

use super::{Built, Permit};

/// The site's folder, and every file in it, lie below that of the site file, also by way of links, unless they may lie
/// outside.
///
/// # Errors
/// `output-outside` for each target that writes elsewhere.
pub(super) fn contained(root: &Path, built: &Built<'_>, permit: Permit) -> Result<(), Findings> {
    if permit.outside {
        return Ok(());
    }
    let mut findings = Findings::new();
    let folder = &built.plan.folder;
    let inner = |path: &str| if folder.is_empty() { path.to_owned() } else { format!("{folder}/{path}") };
    if leaves(folder) || links_out(root, &inner(FILE)) {
        let message = format!("the folder of the site, {folder}, lies outside that of the site file");
        let finding = Finding::new(Code::OutputOutside, message).at(built.plan.place.clone());
        return Err(finding.help(Code::OutputOutside.spec().next).into());
    }
    // Files of one folder share its answer: to follow links takes many questions to the system.
    let mut out: BTreeMap<&str, bool> = BTreeMap::new();
    for (planned, product) in built.plan.targets.iter().zip(&built.products) {
        for artifact in &product.artifacts {
            let parent = artifact.path.rsplit_once('/').map_or("", |(parent, _)| parent);
            let mut links_out =
                || *out.entry(parent).or_insert_with(|| links_out(root, &inner(&artifact.path)));
            if leaves(&artifact.path) || links_out() {
                let message = format!("{} lies outside the folder of its site", artifact.path);
                let finding = Finding::new(Code::OutputOutside, message).at(planned.place.clone());
                findings.push(finding.help(Code::OutputOutside.spec().next));
            }
        }
    }
    findings.or_value(()).map(drop)
}

/// Whether a link among the folders of a path leads out of `folder`.
pub(super) fn links_out(folder: &Path, path: &str) -> bool {
    let Ok(root) = fs::canonicalize(if folder.as_os_str().is_empty() { Path::new(".") } else { folder })
    else {
        // Not there yet: neither are links in it.
        return false;
    };
    let parents = Path::new(path).ancestors().skip(1);
    let present = parents.map(|parent| folder.join(parent)).find(|parent| parent.exists());
    let real = present.and_then(|parent| fs::canonicalize(parent).ok());
    real.is_some_and(|real| !real.starts_with(&root))
}
