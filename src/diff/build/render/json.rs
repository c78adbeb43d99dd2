//! For programs.

use serde_json::{Value, json};

use crate::address::PrefixSet;
use crate::diff::build::{BuildDifference, LossChange, SetChange, SiteDifference, Way};
use crate::diff::render;
use crate::finding::{Code, Finding};
use crate::manifest::Manifest;
use crate::place::Basis;

/// Name and version of the form. A change that an older reader would misread takes the next number.
pub const FORMAT: &str = "portbook-build-diff/1";

/// The difference in full; docs/diff.md tells the keys.
///
/// # Errors
/// `cannot-write`, which no difference brings about: all its keys are texts.
pub fn json(difference: &BuildDifference) -> Result<String, Finding> {
    let sites = difference.sites.iter().map(site).collect::<Result<Vec<Value>, Finding>>()?;
    let names = |manifests: &[Manifest]| -> Vec<String> {
        manifests.iter().map(|manifest| manifest.site.to_string()).collect()
    };
    let value = json!({
        "format": FORMAT,
        "same-sites": difference.same,
        "added-sites": names(&difference.added),
        "removed-sites": names(&difference.removed),
        "sites": sites,
    });
    serde_json::to_string_pretty(&value).map(|text| text + "\n").map_err(|error| failed(&error))
}

fn failed(error: &serde_json::Error) -> Finding {
    Finding::new(Code::CannotWrite, "the difference cannot be written as JSON").note(error.to_string())
}

fn site(site: &SiteDifference) -> Result<Value, Finding> {
    let flows: Value = serde_json::from_str(&render::json(&site.flows)?).map_err(|error| failed(&error))?;
    let ways = site.ways.iter().map(|change| {
        let ways = |ways: &[Way]| ways.iter().map(ToString::to_string).collect::<Vec<_>>();
        json!({"added": ways(&change.added), "removed": ways(&change.removed), "rules": change.rules})
    });
    let files = site.files.iter().map(|file| {
        let change = file.change.as_str();
        json!({"target": file.target, "path": file.path, "change": change, "lines": file.lines})
    });
    let targets = site.targets.iter().map(|change| {
        json!({"target": change.target.to_string(), "what": change.what, "gained": change.gained, "lost": change.lost})
    });
    let settings = site.settings.iter().map(|change| {
        json!({"target": change.target.to_string(), "key": change.key, "old": change.old, "new": change.new})
    });
    let accepted = site.accepted.iter().map(
        |change| json!({"added": change.added, "loss": change.record.loss, "because": change.record.because}),
    );
    Ok(json!({
        "site": site.site.as_str(),
        "widened": site.widened(),
        "narrowed": site.narrowed(),
        "flows": flows,
        "address-sets": site.sets.iter().map(set).collect::<Vec<_>>(),
        "ways": ways.collect::<Vec<_>>(),
        "losses": site.losses.iter().map(loss).collect::<Vec<_>>(),
        "targets": targets.collect::<Vec<_>>(),
        "settings": settings.collect::<Vec<_>>(),
        "accepted": accepted.collect::<Vec<_>>(),
        "files": files.collect::<Vec<_>>(),
        "same-files": site.same_files,
    }))
}

fn set(set: &SetChange) -> Value {
    let (basis, tag) = match &set.basis {
        Basis::Site => ("site", None),
        Basis::WholeFile => ("whole-file", None),
        Basis::Tag { tag, documented: true } => ("documented-tag", Some(tag)),
        Basis::Tag { tag, documented: false } => ("inferred-tag", Some(tag)),
    };
    json!({
        "name": set.name,
        "basis": basis,
        "tag": tag,
        "added": prefixes(&set.added),
        "removed": prefixes(&set.removed),
        "rules": set.rules,
    })
}

fn loss(loss: &LossChange) -> Value {
    json!({
        "target": loss.target.to_string(),
        "added": loss.added,
        "code": loss.code.spec().id,
        "effect": loss.effect,
        "details": loss.details,
        "rules": loss.rules,
    })
}

fn prefixes(set: &PrefixSet) -> Vec<String> {
    set.prefixes().map(|prefix| prefix.to_string()).collect()
}
