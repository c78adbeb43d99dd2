//! A change in words, as all forms for people have them.

use std::collections::BTreeSet;

use crate::catalog::{Edition, ReadEnd};
use crate::diff::{Category, Change, Difference, SayingChange, Side, Statement, Wording};
use crate::id::{CloudId, DocumentId, ScenarioId};
use crate::target::{flat, join};

/// An end for people.
pub(super) fn end(end: Option<&ReadEnd>) -> String {
    match end {
        None => String::new(),
        Some(ReadEnd::List { document, .. }) => format!("hosts of {document}"),
        Some(ReadEnd::CloudRanges) => "ranges of the selected cloud".to_owned(),
        Some(ReadEnd::Unstated) => "(no host stated)".to_owned(),
        Some(end) => end.to_string(),
    }
}

/// `+`, `-`, `~` or `=`.
pub(super) fn sign(category: Category) -> char {
    match category {
        Category::Widened => '+',
        Category::Narrowed => '-',
        Category::Corrected | Category::NeedChanged => '~',
        Category::SameInEffect | Category::Wording => '=',
    }
}

/// What there is to say beside the flow: its need, or what differs. Empty for a flow that comes or goes and is needed
/// always.
pub(super) fn remark(change: &Change) -> String {
    let remark = match (change.category, change.old.is_empty() || change.new.is_empty()) {
        (Category::Widened | Category::Narrowed, _) => one_sided(change),
        (Category::NeedChanged | Category::SameInEffect, true) => covered(change),
        (Category::Corrected, _) => corrected(change),
        (Category::SameInEffect, false) => format!("{}; it makes no difference", differing(change)),
        (Category::NeedChanged | Category::Wording, _) => differing(change),
    };
    flat(&remark)
}

/// The need of a flow that comes or goes.
fn one_sided(change: &Change) -> String {
    let said = change.said();
    let need = if change.is_negative() { denial(said) } else { need(said) };
    let always = need == "always";
    let read = said.iter().filter(|statement| is_read(statement));
    let read = join(read.map(|statement| format!("read into \"{}\"", statement.documented_as)));
    match (always, read.is_empty()) {
        (true, _) => read,
        (false, true) => need,
        (false, false) => format!("{need}; {read}"),
    }
}

/// The text names no destination of its own, or only points to one.
fn is_read(statement: &Statement) -> bool {
    let read = statement.interpreted.iter();
    read.clone().any(|reading| reading.starts_with("destination") || reading.starts_with("listed in"))
}

/// What a negative fact says.
fn denial(said: &[Statement]) -> String {
    join(said.iter().map(|statement| {
        let (word, words) = (statement.demand.as_str(), statement.purpose.as_str());
        if words == word { word.to_owned() } else { format!("{word}: {words}") }
    }))
}

/// `registration only`; several needs of one flow are told one after the other.
fn need(said: &[Statement]) -> String {
    let needs: BTreeSet<String> = said.iter().map(Statement::need_words).collect();
    // What is needed always is needed always, whatever else asks for it.
    if needs.contains("always") { "always".to_owned() } else { join(needs) }
}

/// A flow that one side does not name, with the pattern that answers for it.
fn covered(change: &Change) -> String {
    let by: BTreeSet<String> = change.covered_by.iter().map(|each| end(each.flow.to.as_ref())).collect();
    let by = join(by);
    let (own, cover) = (need(change.said()), need(&change.covered_by));
    let gone = change.new.is_empty();
    match (change.category, gone) {
        (Category::SameInEffect, true) => format!("no longer named, still covered by {by}"),
        (Category::SameInEffect, false) => format!("now named, was covered by {by}"),
        (_, true) => format!("{own} -> {cover}, now covered by {by}"),
        (_, false) => format!("{cover} -> {own}, was covered by {by}"),
    }
}

fn corrected(change: &Change) -> String {
    let newer = change.new.iter().find_map(|statement| statement.slip.as_deref());
    let older = change.old.iter().find_map(|statement| statement.slip.as_deref());
    let written = change.wordings.iter().find(|wording| wording.of == "documented-as");
    let written = written.map(|wording| format!("{} -> {}, ", wording.old, wording.new)).unwrap_or_default();
    match (older, newer) {
        (Some(because), None) => format!("{written}a slip of the older text: {because}"),
        (None, Some(because)) => format!("{written}a slip of the newer text: {because}"),
        _ => format!("{written}a misplaced wildcard in one of the texts"),
    }
}

/// `purpose "a" -> "b"`; the need stands without quotes.
fn differing(change: &Change) -> String {
    let words = |wording: &Wording| match wording.of {
        "need" => needs(change, wording),
        of => format!("{} \"{}\" -> \"{}\"", of.replace('-', " "), wording.old, wording.new),
    };
    let wanted = |wording: &&Wording| change.category == Category::Wording || wording.of == "need";
    join(change.wordings.iter().filter(wanted).map(words))
}

/// Both needs in short, unless only the long form tells them apart.
fn needs(change: &Change, wording: &Wording) -> String {
    let (old, new) = (need(&change.old), need(&change.new));
    if old == new { format!("{} -> {}", wording.old, wording.new) } else { format!("{old} -> {new}") }
}

/// The documents of a change, each with the editions of both sides.
pub(super) fn documents(change: &Change, difference: &Difference) -> String {
    let (old, new) = (&difference.old, &difference.new);
    if let ([was], [is]) = (old.documents.as_slice(), new.documents.as_slice()) {
        return from_to(was, is);
    }
    let said = change.old.iter().chain(&change.new).chain(&change.covered_by);
    let ids: BTreeSet<&DocumentId> = said.map(|statement| &statement.source.document).collect();
    let edition = |side: &Side, id: &DocumentId| {
        side.documents.iter().find(|(document, _)| document == id).map(|(_, edition)| *edition)
    };
    join(ids.into_iter().map(|id| match (edition(old, id), edition(new, id)) {
        (Some(was), Some(is)) => from_to(&(id.clone(), was), &(id.clone(), is)),
        (Some(was), None) => format!("{id} {was}, only on the old side"),
        (None, Some(is)) => format!("{id} {is}, only on the new side"),
        (None, None) => id.to_string(),
    }))
}

/// `document 2024-04-26 -> 2025-04-09`, or both documents where they differ.
pub(super) fn from_to((old, was): &(DocumentId, Edition), (new, is): &(DocumentId, Edition)) -> String {
    if (old, was) == (new, is) {
        format!("{old} {was}")
    } else if old == new {
        format!("{old} {was} -> {is}")
    } else {
        format!("{old} {was} -> {new} {is}")
    }
}

/// The requirements of a change.
pub(super) fn requirements(change: &Change) -> BTreeSet<String> {
    let said = change.old.iter().chain(&change.new);
    said.map(|statement| statement.source.requirement.to_string()).collect()
}

/// The scenarios and clouds of a change, where it does not hold in all that were compared.
pub(super) fn scope(change: &Change, difference: &Difference) -> String {
    let mut words = Vec::new();
    if change.scenarios != difference.scenarios {
        words.extend(change.scenarios.iter().map(ToString::to_string));
    }
    if change.clouds != difference.clouds {
        words.extend(change.clouds.iter().map(ToString::to_string));
    }
    words.join(", ")
}

/// `cloud-sync at 2021-01-01 -> cloud-sync at 2026-11-01, public`.
pub(super) fn title(difference: &Difference) -> String {
    let (old, new) = (&difference.old, &difference.new);
    let sides = match (old.documents.as_slice(), new.documents.as_slice()) {
        ([was], [is]) if old.scenario.is_none() && new.scenario.is_none() => from_to(was, is),
        _ => format!("{} -> {}", old.title, new.title),
    };
    match (&old.cloud, &new.cloud) {
        (Some(was), Some(is)) if was == is => format!("{sides}, {is}"),
        (Some(was), Some(is)) => format!("{sides}, {was} -> {is}"),
        _ => sides,
    }
}

/// What was compared one by one and what was not, a sentence each.
pub(super) fn compared(difference: &Difference) -> Vec<String> {
    let list = |ids: Vec<&str>| ids.join(", ");
    let clouds: Vec<&str> = difference.clouds.iter().map(CloudId::as_str).collect();
    let scenarios: Vec<&str> = difference.scenarios.iter().map(ScenarioId::as_str).collect();
    let several = [scenarios, clouds].into_iter().filter(|ids| ids.len() > 1).map(list);
    let several = several.collect::<Vec<_>>().join("; ");
    let mut lines = Vec::new();
    if !several.is_empty() {
        lines.push(format!("compared one by one: {several}"));
    }
    if !difference.not_compared.is_empty() {
        let others = list(difference.not_compared.iter().map(ScenarioId::as_str).collect());
        lines.push(format!("not compared: {others}, which only one of them describes"));
    }
    lines
}

/// The texts of both sides, or the one that says something.
pub(super) fn texts(documents: &[(DocumentId, Edition)]) -> String {
    match documents {
        [was, is] => from_to(was, is),
        others => join(others.iter().map(|(id, edition)| format!("{id} {edition}"))),
    }
}

/// Something beside the flows: `account of provisioning-agent: "a" -> "b"`.
pub(super) fn saying(change: &SayingChange) -> String {
    let requirement = change.requirement.as_ref().map_or_else(String::new, |id| format!(" for {id}"));
    let whose = change.role.as_ref().map_or_else(String::new, |role| format!(" of {role}"));
    let quoted = |text: &Option<String>| {
        text.as_ref().map_or_else(|| "not said".to_owned(), |text| format!("\"{text}\""))
    };
    format!(
        "{}{requirement}{whose}: {} -> {}",
        change.of.replace('-', " "),
        quoted(&change.old),
        quoted(&change.new)
    )
}

/// `4 flows`, `1 flow` or `0`, and what changed beside the flows.
pub(super) fn counted(difference: &Difference, category: Category) -> String {
    let flows = match difference.count(category) {
        0 => "0".to_owned(),
        1 => "1 flow".to_owned(),
        count => format!("{count} flows"),
    };
    match difference.sayings.iter().filter(|saying| saying.category == category).count() {
        0 => flows,
        count if flows == "0" => format!("{count} beside the flows"),
        count => format!("{flows}, {count} beside the flows"),
    }
}
