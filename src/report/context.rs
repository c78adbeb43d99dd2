//! The parts of a report as their templates see them: anchors, links and the attributes by which the script filters.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::{ArtifactRow, Citation, Entry, Report, RuleLoss, RuleRow, Section, Tone};
use crate::target::Effect;

/// Destinations that a row shows; the others are folded.
const DESTINATIONS: usize = 6;
/// Citations that a row shows.
const CITATIONS: usize = 4;

/// The targets of all reports, and by which token the script knows them.
pub(super) struct Targets<'a>(BTreeMap<&'a str, String>);

impl<'a> Targets<'a> {
    /// The targets that anything in the reports names.
    pub(super) fn of(reports: &'a [Report]) -> Self {
        let mut names = BTreeSet::new();
        for report in reports {
            let entries = report.changes.iter().flat_map(|section| &section.entries);
            names.extend(entries.flat_map(|entry| &entry.targets).map(String::as_str));
            names.extend(report.rules.rows.iter().flat_map(rule_targets));
            names.extend(report.artifacts.iter().map(|row| row.target.as_str()));
        }
        Self(names.into_iter().enumerate().map(|(at, name)| (name, format!("t{at}"))).collect())
    }

    /// Token and name of each, by name.
    pub(super) fn choices(&self) -> Vec<Choice> {
        self.0.iter().map(|(name, token)| Choice { token: token.clone(), name: (*name).to_owned() }).collect()
    }

    fn tokens<'t>(&self, names: impl IntoIterator<Item = &'t str>) -> Vec<String> {
        let names: BTreeSet<&str> = names.into_iter().collect();
        names.into_iter().filter_map(|name| self.0.get(name).cloned()).collect()
    }
}

fn rule_targets(row: &RuleRow) -> impl Iterator<Item = &str> {
    row.targets.iter().chain(row.losses.iter().map(|loss| &loss.target)).map(String::as_str)
}

/// Something to choose by.
#[derive(Debug, Serialize)]
pub(super) struct Choice {
    token: String,
    name: String,
}

impl Choice {
    pub(super) fn new(token: &str, name: &str) -> Self {
        Self { token: token.to_owned(), name: name.to_owned() }
    }
}

/// A list whose beginning is shown and whose rest is folded.
#[derive(Debug, Serialize)]
struct Folded<T> {
    head: Vec<T>,
    rest: Vec<T>,
    more: usize,
}

impl<T> Folded<T> {
    fn of(mut list: Vec<T>, limit: usize) -> Self {
        // Folding one away saves no line.
        let rest = if list.len() > limit + 1 { list.split_off(limit) } else { Vec::new() };
        Self { head: list, more: rest.len(), rest }
    }
}

/// A rule's id, and where in the page it stands.
#[derive(Debug, Serialize)]
pub(super) struct RuleLink {
    id: String,
    anchor: Option<String>,
}

/// Where the rules of a report stand, by id; the first of equal ones.
pub(super) struct Anchors(BTreeMap<String, String>);

impl Anchors {
    pub(super) fn of(report: &Report, prefix: &str) -> Self {
        let ids = report.rules.rows.iter().enumerate().rev();
        Self(ids.map(|(at, row)| (row.id.clone(), format!("{prefix}-rule-{at}"))).collect())
    }

    pub(super) fn links(&self, ids: &[String]) -> Vec<RuleLink> {
        ids.iter().map(|id| RuleLink { id: id.clone(), anchor: self.0.get(id).cloned() }).collect()
    }
}

/// Changes of one kind.
#[derive(Debug, Serialize)]
pub(super) struct Changes {
    title: String,
    tone: Tone,
    words: &'static str,
    count: usize,
    entries: Vec<Change>,
}

#[derive(Debug, Serialize)]
struct Change {
    sign: String,
    from: String,
    to: Folded<String>,
    service: String,
    remarks: Vec<String>,
    rules: Vec<RuleLink>,
    sources: Folded<Citation>,
    targets: Vec<String>,
    tokens: Vec<String>,
}

impl Changes {
    pub(super) fn of(section: &Section, targets: &Targets<'_>, anchors: &Anchors) -> Self {
        let change = |entry: &Entry| Change {
            sign: if entry.sign == "-" { Tone::Less.sign().to_owned() } else { entry.sign.clone() },
            from: entry.from.clone(),
            to: Folded::of(entry.to.clone(), DESTINATIONS),
            service: entry.service.clone(),
            remarks: entry.remarks.clone(),
            rules: anchors.links(&entry.rules),
            sources: Folded::of(entry.sources.clone(), CITATIONS),
            targets: entry.targets.clone(),
            tokens: targets.tokens(entry.targets.iter().map(String::as_str)),
        };
        Self {
            title: section.title.clone(),
            tone: section.tone,
            words: section.tone.words(),
            count: section.entries.len(),
            entries: section.entries.iter().map(change).collect(),
        }
    }
}

/// Rules under one heading.
#[derive(Debug, Serialize)]
pub(super) struct Group {
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
pub(super) fn groups(report: &Report, targets: &Targets<'_>, prefix: &str) -> Vec<Group> {
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

/// A generated file.
#[derive(Debug, Serialize)]
pub(super) struct Artifact<'a> {
    row: &'a ArtifactRow,
    tokens: Vec<String>,
}

/// The generated files, in the order given.
pub(super) fn artifacts<'a>(report: &'a Report, targets: &Targets<'_>) -> Vec<Artifact<'a>> {
    let artifact = |row: &'a ArtifactRow| Artifact { row, tokens: targets.tokens([row.target.as_str()]) };
    report.artifacts.iter().map(artifact).collect()
}
