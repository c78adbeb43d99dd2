//! What all sites of a site file are built from.

use std::collections::BTreeSet;
use std::sync::Arc;

use portbook::build::{Inputs, Look, Resolutions};
use portbook::catalog::Catalog;
use portbook::id::CloudId;
use portbook::manifest::sha256;
use portbook::plan::Plan;
use portbook::ranges::RangeFile;

use super::range_files::{self, Loaded, RangeArgs};
use super::{Failure, Talk, clock};

/// Flags and settings that concern every site.
#[derive(Clone, Copy)]
pub(crate) struct Given<'a> {
    pub(crate) catalog: &'a Catalog,
    pub(crate) ranges: &'a RangeArgs,
    pub(crate) look: &'a Look,
    pub(crate) strict: bool,
}

/// Opens the range files that some of `plans` look into, and does `work` with everything that they are built from.
///
/// # Errors
/// Those of range files.
pub(crate) fn with_inputs<T>(
    plans: &[Plan],
    given: Given<'_>,
    talk: &Talk,
    work: impl FnOnce(&Inputs<'_>) -> T,
) -> Result<T, Failure> {
    let Given { catalog, ranges, look, strict } = given;
    let resolutions = Resolutions::default();
    let named = ranges.given(talk)?;
    let sums = |loaded: &[Loaded]| loaded.iter().map(|each| sha256(&each.bytes)).collect::<Vec<_>>();
    // Reading a range file takes longer than everything else of a small build.
    let ((opened, mut bytes), needed) = rayon::join(
        || rayon::join(|| range_files::open_for_rules(&named, catalog), || sums(&named)),
        || clouds_needed(plans, catalog, &resolutions),
    );
    let mut files = opened?;
    let words = range_files::words_wanted(&needed, &files, catalog);
    let locked = if words.is_empty() { Vec::new() } else { ranges.locked(Some(&words), talk)? };
    files.extend(range_files::open_for_rules(&locked, catalog)?);
    bytes.extend(sums(&locked));
    let digests = files.iter().map(RangeFile::label).zip(bytes).collect();
    Ok(work(&Inputs {
        catalog,
        files: &files,
        digests: &digests,
        look,
        today: clock::today(),
        strict,
        resolutions: &resolutions,
    }))
}

/// The clouds whose range files some site looks into; what stands in the way is told when the site is built.
fn clouds_needed(plans: &[Plan], catalog: &Catalog, resolutions: &Resolutions) -> BTreeSet<CloudId> {
    let mut needed = BTreeSet::new();
    let mut asked = Vec::new();
    for plan in plans {
        let Ok(resolution) = resolutions.of(&plan.requests, catalog) else { continue };
        // A thousand branches ask for the same.
        let question = (Arc::as_ptr(&resolution), plan.fallback);
        if !asked.contains(&question) {
            asked.push(question);
            needed.extend(resolution.clouds_needed(plan.fallback, catalog).unwrap_or_default());
        }
    }
    needed
}
