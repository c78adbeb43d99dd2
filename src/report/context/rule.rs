//! Rules as their template sees them.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{CITATIONS, DESTINATIONS, Folded, Targets, rule_targets};
use crate::report::{Citation, Report, RuleLoss, RuleRow, Tone};
use crate::target::Effect;

/// Rules under one heading.
#[derive(Debug, Serialize)]
pub(in crate::report) struct Group {
    title: Option<String>,
    count: usize,
    rules: Vec<Rule>,
}

#[derive(Debug, Serialize)]
struct Rule {
    anchor: String,
    id: String,
    from: String,
    to: Folded<String>,
    service: String,
    need: String,
    way: Option<String>,
    purposes: Vec<String>,
    notes: Vec<String>,
    citations: Folded<Citation>,
    losses: Vec<Loss>,
    loss_words: Vec<Word>,
    tokens: Vec<String>,
    change: Option<Tag>,
    lossy: bool,
}

/// A word with a tone.
#[derive(Debug, Serialize)]
struct Word {
    tone: Tone,
    text: String,
}

#[derive(Debug, Serialize)]
struct Tag {
    tone: Tone,
    sign: &'static str,
    words: &'static str,
}

#[derive(Debug, Serialize)]
struct Loss {
    target: String,
    code: String,
    detail: String,
    tone: Tone,
    word: &'static str,
}

/// The rules by their headings.
pub(in crate::report) fn groups(report: &Report, targets: &Targets<'_>, prefix: &str) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for (at, row) in report.rules.rows.iter().enumerate() {
        let rule = rule(row, targets, format!("{prefix}-rule-{at}"));
        match groups.last_mut() {
            Some(group) if group.title == row.group => {
                group.rules.push(rule);
                group.count += 1;
            }
            _ => groups.push(Group { title: row.group.clone(), count: 1, rules: vec![rule] }),
        }
    }
    groups
}

fn rule(row: &RuleRow, targets: &Targets<'_>, anchor: String) -> Rule {
    Rule {
        anchor,
        id: row.id.clone(),
        from: row.from.clone(),
        to: Folded::of(row.to.clone(), DESTINATIONS),
        service: row.service.clone(),
        need: row.need.clone(),
        way: row.way.clone(),
        purposes: row.purposes.clone(),
        notes: row.notes.clone(),
        citations: Folded::of(row.citations.clone(), CITATIONS),
        losses: row.losses.iter().map(loss).collect(),
        loss_words: loss_words(&row.losses),
        tokens: targets.tokens(rule_targets(row)),
        change: row.changed.map(|tone| Tag { tone, sign: tone.sign(), words: tone.words() }),
        lossy: row.losses.iter().any(|loss| loss.effect != Effect::NotApplicable),
    }
}

fn loss(loss: &RuleLoss) -> Loss {
    Loss {
        target: loss.target.clone(),
        code: loss.code.clone(),
        detail: loss.detail.clone(),
        tone: tone(loss.effect),
        word: word(loss.effect),
    }
}

/// `refused 1`, `wider 2`: a target counts once, at its worst.
fn loss_words(losses: &[RuleLoss]) -> Vec<Word> {
    let mut worst: BTreeMap<&str, Effect> = BTreeMap::new();
    for loss in losses {
        let effect = worst.entry(&loss.target).or_insert(loss.effect);
        *effect = loss.effect.max(*effect);
    }
    let word = |effect: Effect| {
        let count = worst.values().filter(|each| **each == effect).count();
        let text = format!("{} {count}", word(effect));
        (count > 0).then_some(Word { tone: tone(effect), text })
    };
    [Effect::Refused, Effect::Wider, Effect::Narrower, Effect::NotApplicable]
        .into_iter()
        .filter_map(word)
        .collect()
}

fn tone(effect: Effect) -> Tone {
    match effect {
        Effect::Refused => Tone::Bad,
        Effect::Wider => Tone::More,
        Effect::Narrower => Tone::Less,
        Effect::NotApplicable => Tone::Neutral,
    }
}

fn word(effect: Effect) -> &'static str {
    match effect {
        Effect::NotApplicable => "not applicable",
        other => other.as_str(),
    }
}
