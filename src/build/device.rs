//! From one build to another on the devices: what a target must know of the last one, and what takes it back.

use std::collections::{BTreeMap, BTreeSet};

use crate::artifact::Artifact;
use crate::finding::Findings;
use crate::manifest::{Manifest, TargetRecord};
use crate::plan::{Plan, PlannedTarget};
use crate::target::{Back, Loaded, SettingKind, back, find};

use super::Built;

/// What tells the targets of a site apart: id, hosts, zones, and a number where these are the same.
type Key = (String, String, String, usize);

fn keys<'t, T>(targets: &'t [T], name: impl Fn(&'t T) -> (String, String, String)) -> Vec<Key> {
    let mut seen: BTreeMap<(String, String, String), usize> = BTreeMap::new();
    let numbered = targets.iter().map(|target| {
        let (id, hosts, crossing) = name(target);
        let count = seen.entry((id.clone(), hosts.clone(), crossing.clone())).or_default();
        *count += 1;
        (id, hosts, crossing, *count)
    });
    numbered.collect()
}

fn record_keys(records: &[TargetRecord]) -> Vec<Key> {
    keys(records, |record| {
        let hosts: Vec<&str> = record.hosts.iter().map(crate::id::StationId::as_str).collect();
        (record.target.clone(), hosts.join(","), record.crossing.clone().unwrap_or_default())
    })
}

fn plan_keys(targets: &[PlannedTarget]) -> Vec<Key> {
    keys(targets, |planned| {
        let hosts: Vec<&str> = planned.focus.stations.iter().map(crate::id::StationId::as_str).collect();
        let crossing = planned.focus.crossing.as_ref().map(ToString::to_string).unwrap_or_default();
        (planned.target.id.to_owned(), hosts.join(","), crossing)
    })
}

/// Lets every target that deletes on its device know what `old` put there. Returns how many of them do.
///
/// # Errors
/// `cannot-write`, which no manifest brings about.
pub fn since(plan: &mut Plan, old: &Manifest) -> Result<usize, Findings> {
    let records: BTreeMap<Key, &TargetRecord> =
        record_keys(&old.targets).into_iter().zip(&old.targets).collect();
    let mut told = 0;
    for (key, planned) in plan_keys(&plan.targets).into_iter().zip(&mut plan.targets) {
        let takes = planned.target.settings.iter().find(|spec| spec.kind == SettingKind::File);
        let objects = records.get(&key).and_then(|record| record.objects.as_ref());
        if let (Some(spec), Some(objects)) = (takes, objects) {
            let text = serde_json::to_string(objects).map_err(|error| {
                crate::finding::Finding::new(crate::finding::Code::CannotWrite, error.to_string())
            })?;
            planned.settings.set(spec, text);
            told += 1;
        }
    }
    Ok(told)
}

/// The manifest in which targets that are refused now keep the files that they had: their devices may still load them.
/// Nothing where there are none.
pub(super) fn carry(made: &Manifest, old: &Manifest) -> Option<Manifest> {
    if made.targets.iter().all(|target| target.refused.is_empty()) {
        return None;
    }
    let records: BTreeMap<Key, &TargetRecord> =
        record_keys(&old.targets).into_iter().zip(&old.targets).collect();
    let taken: BTreeSet<&str> = made.files().map(|file| file.path.as_str()).collect();
    let mut carried = made.clone();
    for (key, target) in record_keys(&made.targets).into_iter().zip(&mut carried.targets) {
        if let Some(record) = records.get(&key).filter(|_| !target.refused.is_empty()) {
            // Another target may write there by now.
            let kept = record.files.iter().filter(|file| !taken.contains(file.path.as_str()));
            target.files = kept.cloned().collect();
            target.objects.clone_from(&record.objects);
            target.rules.clone_from(&record.rules);
        }
    }
    Some(carried)
}

/// What takes the devices of a site back from `built` to `old`, target by target; targets that stay as they are are
/// left out. `files` gives the old files, as they were written.
///
/// # Errors
/// Those of [`back`].
pub fn rollback(
    built: &Built<'_>,
    old: &Manifest,
    files: &BTreeMap<String, Vec<u8>>,
) -> Result<Vec<(String, Back)>, Findings> {
    let mut olds: BTreeMap<Key, &TargetRecord> =
        record_keys(&old.targets).into_iter().zip(&old.targets).collect();
    let mut steps = Vec::new();
    let mut findings = Findings::new();
    for (key, product) in plan_keys(&built.plan.targets).into_iter().zip(&built.products) {
        let record = olds.remove(&key);
        // What is refused now left its files as they were: there is nothing to take back.
        if !product.judgement.refused.is_empty() {
            continue;
        }
        let before: Vec<Artifact> = record.map(|record| artifacts(record, files)).unwrap_or_default();
        let old = Loaded { files: &before, objects: record.and_then(|record| record.objects.as_ref()) };
        let new = Loaded { files: &product.artifacts, objects: product.objects.as_ref() };
        let Some(target) = find(product.target) else { continue };
        collect(target.id, back(target, &old, &new), &mut steps, &mut findings);
    }
    for record in olds.into_values() {
        let before = artifacts(record, files);
        let old = Loaded { files: &before, objects: record.objects.as_ref() };
        let Some(target) = find(&record.target) else { continue };
        collect(target.id, back(target, &old, &Loaded::default()), &mut steps, &mut findings);
    }
    findings.or_value(steps).map(|(steps, _)| steps)
}

fn collect(
    target: &str,
    back: Result<Back, Findings>,
    steps: &mut Vec<(String, Back)>,
    findings: &mut Findings,
) {
    match back {
        Ok(back) if back == Back::default() => {}
        Ok(back) => steps.push((target.to_owned(), back)),
        Err(errors) => findings.append(errors),
    }
}

fn artifacts(record: &TargetRecord, files: &BTreeMap<String, Vec<u8>>) -> Vec<Artifact> {
    let file = |file: &crate::manifest::FileRecord| {
        let bytes = files.get(&file.path)?.clone();
        Some(Artifact { path: file.path.clone(), bytes })
    };
    record.files.iter().filter_map(file).collect()
}
