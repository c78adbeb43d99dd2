//! Every rule of a build as a table of a page.

use std::collections::BTreeMap;

use crate::diff::Category;
use crate::diff::build::SiteDifference;
use crate::manifest::Manifest;
use crate::report::{Citation, RuleLoss, RuleRow, RuleTable, Tone};
use crate::rule::{Rule, RuleId};
use crate::target::json::{RuleRecord, Via};

/// The rules of `manifest`; with a difference what changed of each, else all of them are `tone`.
pub(super) fn table(manifest: &Manifest, site: Option<&SiteDifference>, tone: Option<Tone>) -> RuleTable {
    let losses = losses(manifest);
    let tones = site.map(tones).unwrap_or_default();
    let rows = manifest.rules.rules.iter().map(|record| RuleRow {
        losses: losses.get(&record.rule.id).cloned().unwrap_or_default(),
        changed: tones.get(&record.rule.id).copied().or(tone),
        ..row(record)
    });
    RuleTable { title: "Rules".to_owned(), ids: "Rule".to_owned(), rows: rows.collect() }
}

fn row(record: &RuleRecord) -> RuleRow {
    let rule = &record.rule;
    RuleRow {
        id: rule.id.to_string(),
        from: rule.flow.from.to_string(),
        to: vec![rule.flow.to.to_string()],
        service: rule.flow.service(),
        need: need(rule),
        way: Some(way(record)),
        purposes: rule.purposes().into_iter().map(str::to_owned).collect(),
        notes: notes(rule),
        citations: rule.citations.iter().map(citation).collect(),
        ..RuleRow::default()
    }
}

fn need(rule: &Rule) -> String {
    let phases: Vec<&str> = rule.phases.iter().map(|phase| phase.as_str()).collect();
    if phases.is_empty() {
        return rule.need.as_str().to_owned();
    }
    format!("{}, {} only", rule.need.as_str(), phases.join(" and "))
}

fn way(record: &RuleRecord) -> String {
    let mut ways: Vec<String> = Vec::new();
    for hop in &record.hops {
        let end = |end: &crate::target::json::End| end.station.as_ref().map(ToString::to_string);
        let way = match &hop.via {
            Via::Direct => match (end(&hop.source), end(&hop.destination)) {
                (Some(from), Some(to)) => format!("{from} to {to}, direct"),
                (Some(from), None) => format!("{from}, direct"),
                (None, Some(to)) => format!("to {to}, direct"),
                (None, None) => "direct".to_owned(),
            },
            Via::ToProxy(proxy) => {
                let proxy = end(&hop.destination).unwrap_or_else(|| proxy.to_string());
                format!("{}, through {proxy}", end(&hop.source).unwrap_or_default())
            }
            Via::FromProxy(_) => continue,
        };
        if !ways.contains(&way) {
            ways.push(way);
        }
    }
    ways.join("; ")
}

fn notes(rule: &Rule) -> Vec<String> {
    let mut notes = Vec::new();
    notes.extend(rule.doubt.iter().map(|doubt| format!("doubtful: {doubt}")));
    notes.extend(rule.gap.then(|| "no document states it".to_owned()));
    notes.extend(rule.assumed.iter().map(|condition| format!("assumed: {condition}")));
    for citation in &rule.citations {
        for reading in &citation.interpreted {
            let note = format!("read: {}: {}", reading.of, reading.because);
            if !notes.contains(&note) {
                notes.push(note);
            }
        }
    }
    notes
}

fn citation(citation: &crate::rule::Citation) -> Citation {
    Citation {
        document: citation.document.to_string(),
        edition: citation.edition.map(|edition| edition.to_string()).unwrap_or_default(),
        requirement: citation.requirement.to_string(),
        documented_as: Some(citation.documented_as.clone()).filter(|text| !text.is_empty()),
    }
}

fn losses(manifest: &Manifest) -> BTreeMap<RuleId, Vec<RuleLoss>> {
    let mut losses: BTreeMap<RuleId, Vec<RuleLoss>> = BTreeMap::new();
    for target in &manifest.targets {
        for loss in &target.losses {
            for rule in &loss.rules {
                losses.entry(rule.clone()).or_default().push(RuleLoss {
                    target: target.target.clone(),
                    code: loss.code.spec().id.to_owned(),
                    effect: loss.effect,
                    detail: loss.detail.clone(),
                });
            }
        }
    }
    losses
}

/// What changed of each rule, by its weightiest change.
fn tones(site: &SiteDifference) -> BTreeMap<RuleId, Tone> {
    let mut tones: BTreeMap<RuleId, Tone> = BTreeMap::new();
    let mut add = |rule: RuleId, tone: Tone| {
        let known = tones.entry(rule).or_insert(tone);
        *known = (*known).min(tone);
    };
    for change in &site.flows.changes {
        let tone = match change.category {
            Category::Widened => Tone::More,
            Category::Narrowed => Tone::Less,
            _ => Tone::Neutral,
        };
        change.flow.rule().into_iter().for_each(|rule| add(rule, tone));
    }
    for set in &site.sets {
        let tone = if set.added.is_empty() { Tone::Less } else { Tone::More };
        set.rules.iter().for_each(|rule| add(rule.clone(), tone));
    }
    for way in &site.ways {
        let tone = if way.added.is_empty() { Tone::Less } else { Tone::More };
        way.rules.iter().for_each(|rule| add(rule.clone(), tone));
    }
    for loss in &site.losses {
        let tone = if loss.widens() { Tone::More } else { Tone::Less };
        loss.rules.iter().for_each(|rule| add(rule.clone(), tone));
    }
    tones
}
