//! What a build made, as its manifest tells it.

use std::collections::BTreeMap;
use std::sync::Arc;

use rayon::iter::{IndexedParallelIterator as _, IntoParallelRefIterator as _, ParallelIterator as _};

use crate::manifest::{
    AcceptedRecord, FileRecord, LossRecord, Manifest, RangeSource, StandIn, TargetRecord, sha256,
};
use crate::place::{AddressSet, Basis};
use crate::plan::{Accepted, Plan, PlannedTarget};
use crate::rule::RuleId;
use crate::target::json::RuleFile;
use crate::target::{Effect, FamilyChoice, Focus, Loss, Settings, fit};

use super::{Inputs, Product, Resolution, Subject};

/// The manifest of a site; `rules` are its [`neutral`] ones.
pub(super) fn manifest(
    plan: &Plan,
    resolution: &Resolution,
    rules: RuleFile,
    products: &[Product],
    inputs: &Inputs<'_>,
) -> Manifest {
    let targets = plan.targets.par_iter().zip(products).map(|(planned, product)| target(planned, product));
    let targets = targets.collect();
    let stand_ins = stand_ins(products, &rules);
    let mut accepted: Vec<AcceptedRecord> = plan.accepted.iter().map(accepted_record).collect();
    accepted.sort();
    accepted.dedup();
    let mut manifest = Manifest {
        site: plan.site.name.clone(),
        selected: resolution.selected().collect(),
        accepted,
        range_files: Vec::new(),
        look: inputs.look.templates.digest().to_owned(),
        rules,
        stand_ins,
        targets,
    };
    manifest.range_files = range_files(&manifest, inputs);
    manifest
}

/// All rules as a text sees them, wherever the targets stand.
pub(super) fn neutral(subject: &Subject<'_>) -> RuleFile {
    let spec = &crate::target::json::SPEC;
    let settings = Settings::defaults(spec.settings);
    let fitted = fit(subject.rules, subject.placed, subject.heading, spec, &settings, &Focus::default());
    RuleFile::of(&fitted)
}

fn accepted_record(accepted: &Accepted) -> AcceptedRecord {
    AcceptedRecord {
        loss: accepted.acceptance.to_string(),
        because: accepted.because.clone(),
        until: accepted.until.map(|date| date.to_string()),
    }
}

/// The sets of range files that artifacts have beside those of the rules themselves.
fn stand_ins(products: &[Product], rules: &RuleFile) -> BTreeMap<String, StandIn> {
    let mut sets: Vec<(&Arc<AddressSet>, Vec<RuleId>)> = Vec::new();
    for (set, rule) in products.iter().flat_map(|product| &product.sets) {
        let of_rules = rules.address_sets.get(&set.name).is_some_and(|own| **set == *own);
        if set.basis == Basis::Site || of_rules {
            continue;
        }
        match sets.iter_mut().find(|(known, _)| Arc::ptr_eq(known, set) || **known == *set) {
            Some((_, rules)) => rules.push(rule.clone()),
            None => sets.push((set, vec![rule.clone()])),
        }
    }
    let mut stand_ins = BTreeMap::new();
    for (set, mut rules) in sets {
        rules.sort();
        rules.dedup();
        let mut name = set.name.clone();
        // Two contents under one name: those of two families, of which one was cut out of the other.
        while stand_ins.contains_key(&name) {
            name.push_str("-more");
        }
        let set = AddressSet { name: name.clone(), ..AddressSet::clone(set) };
        stand_ins.insert(name, StandIn { set, rules });
    }
    stand_ins
}

fn range_files(manifest: &Manifest, inputs: &Inputs<'_>) -> Vec<RangeSource> {
    let labels = manifest.address_sets().filter_map(|(_, set)| set.range_file.clone());
    let mut sources: Vec<RangeSource> = labels
        .map(|label| {
            let sha256 = inputs.digests.get(&label).cloned().unwrap_or_default();
            RangeSource { label, sha256 }
        })
        .collect();
    sources.sort();
    sources.dedup();
    sources
}

fn target(planned: &PlannedTarget, product: &Product) -> TargetRecord {
    let file = |artifact: &crate::artifact::Artifact| FileRecord {
        path: artifact.path.clone(),
        sha256: sha256(&artifact.bytes),
    };
    let mut refused: Vec<_> = product.judgement.refused.iter().map(|finding| finding.code).collect();
    refused.sort();
    refused.dedup();
    TargetRecord {
        target: product.target.to_owned(),
        hosts: planned.focus.stations.clone(),
        crossing: planned.focus.crossing.as_ref().map(ToString::to_string),
        settings: settings(planned),
        counts: product.counts,
        rules: if product.judgement.refused.is_empty() { written(product) } else { Vec::new() },
        refused,
        losses: losses(product),
        files: product.artifacts.iter().map(file).collect(),
        objects: product.objects.clone(),
    }
}

fn settings(planned: &PlannedTarget) -> BTreeMap<String, String> {
    let family = match planned.focus.family {
        FamilyChoice::V4 => Some("4"),
        FamilyChoice::V6 => Some("6"),
        FamilyChoice::Both => None,
    };
    let family = family.map(|family| ("family".to_owned(), family.to_owned()));
    planned.settings.chosen(planned.target.settings).into_iter().chain(family).collect()
}

fn written(product: &Product) -> Vec<RuleId> {
    let written = product.verdicts.iter().filter(|verdict| verdict.written);
    let mut rules: Vec<RuleId> = written.map(|verdict| verdict.rule.clone()).collect();
    rules.sort();
    rules
}

/// Each loss once, with its rules. What is no concern of a target is counted, and not told rule by rule.
fn losses(product: &Product) -> Vec<LossRecord> {
    let mut losses: BTreeMap<&Loss, Vec<RuleId>> = BTreeMap::new();
    for verdict in &product.verdicts {
        for loss in verdict.losses.iter().filter(|loss| loss.effect != Effect::NotApplicable) {
            losses.entry(loss).or_default().push(verdict.rule.clone());
        }
    }
    let record = |(loss, rules): (&Loss, Vec<RuleId>)| LossRecord {
        code: loss.code,
        axis: loss.axis,
        effect: loss.effect,
        detail: loss.detail.clone(),
        rules,
    };
    losses.into_iter().map(record).collect()
}
