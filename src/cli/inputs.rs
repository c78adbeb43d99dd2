//! What all sites of a site file are built from.

use std::collections::BTreeSet;
use std::sync::{Arc, OnceLock};

use portbook::build::{Inputs, Look, Resolutions};
use portbook::catalog::Catalog;
use portbook::finding::Findings;
use portbook::id::CloudId;
use portbook::manifest::sha256;
use portbook::plan::Plan;
use portbook::ranges::RangeFile;

use super::range_files::{self, Loaded, Opened, RangeArgs};
use super::site_file::SiteFile;
use super::{Failure, Talk, clock};

/// Flags and settings that concern every site.
#[derive(Clone, Copy)]
pub(crate) struct Given<'a> {
    pub(crate) ranges: &'a RangeArgs,
    pub(crate) look: &'a Look,
    pub(crate) strict: bool,
}

/// Sites, and the catalog that they are checked against.
pub(crate) trait Sites: Send {
    /// The catalog.
    fn catalog(&self) -> &Catalog;
    /// The sites.
    fn plans(&self) -> &[Plan];
}

impl Sites for (Catalog, SiteFile) {
    fn catalog(&self) -> &Catalog {
        &self.0
    }

    fn plans(&self) -> &[Plan] {
        &self.1.plans
    }
}

/// Reads sites beside the range files, opens those that some of them look into, and does `work` with everything that
/// they are built from.
///
/// # Errors
/// Those of `read` and of range files.
pub(crate) fn with_inputs<S: Sites, T>(
    given: Given<'_>,
    talk: &Talk,
    read: impl FnOnce() -> Result<S, Failure> + Send,
    work: impl FnOnce(&S, &Inputs<'_>) -> T,
) -> Result<T, Failure> {
    let Given { ranges, look, strict } = given;
    let resolutions = Resolutions::default();
    let named = OnceLock::new();
    let sums = |loaded: &[Loaded]| loaded.iter().map(|each| sha256(&each.bytes)).collect::<Vec<_>>();
    let read = || {
        let sites = read()?;
        let needed = clouds_needed(sites.plans(), sites.catalog(), &resolutions);
        Ok::<_, Failure>((sites, needed))
    };
    let ranges_named = || {
        let named = named.get_or_init(|| ranges.given(talk)).as_ref().map_err(Clone::clone)?;
        Ok::<_, Findings>(rayon::join(|| range_files::open(named), || sums(named)))
    };
    // Reading a range file takes longer than everything else of a small build.
    let (ranges_read, read) = rayon::join(ranges_named, read);
    let (sites, needed) = read.map_err(|failure| with_broken(failure, &ranges_read))?;
    let (opened, mut bytes) = ranges_read?;
    let catalog = sites.catalog();
    let mut files = range_files::for_rules(opened, catalog)?;
    let words = range_files::words_wanted(&needed, &files, catalog);
    let locked = if words.is_empty() { Vec::new() } else { ranges.locked(Some(&words), talk)? };
    files.extend(range_files::open_for_rules(&locked, catalog)?);
    bytes.extend(sums(&locked));
    let digests = files.iter().map(RangeFile::label).zip(bytes).collect();
    let inputs = Inputs {
        catalog,
        files: &files,
        digests: &digests,
        look,
        today: clock::today(),
        strict,
        resolutions: &resolutions,
    };
    let done = work(&sites, &inputs);
    // The process ends soon: the system takes a hundred thousand prefixes back faster than they are freed one by one.
    std::mem::forget(files);
    std::mem::forget(named);
    Ok(done)
}

/// Range files, opened, with their digests.
type Named<'a> = (Vec<Result<Opened<'a>, Findings>>, Vec<String>);

/// What stands in the way of the sites, and what is wrong in range files: all that can be told without a catalog.
fn with_broken(failure: Failure, named: &Result<Named<'_>, Findings>) -> Failure {
    let Failure::Findings(mut findings) = failure else { return failure };
    match named {
        Err(unreadable) => findings.append(unreadable.clone()),
        Ok((opened, _)) => {
            opened
                .iter()
                .filter_map(|each| each.as_ref().err())
                .for_each(|broken| findings.append(broken.clone()));
        }
    }
    findings.into()
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
