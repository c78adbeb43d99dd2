//! Prerequisites that changed, in words.

use crate::catalog::Reading;
use crate::diff::{Difference, PrerequisiteCategory, PrerequisiteChange, StatedPrerequisite};
use crate::target::flat;

use super::words;

/// What the forms for people say of one prerequisite, or of several that are not known for the same reason.
pub(super) struct Entry {
    pub(super) sign: char,
    pub(super) role: String,
    /// `memory: 4 GB -> 6 GB`.
    pub(super) what: String,
    pub(super) need: String,
    pub(super) ids: String,
    pub(super) texts: String,
}

/// The categories that have something, each with its heading, the number of its prerequisites and its entries.
pub(super) fn sections(difference: &Difference) -> Vec<(String, Vec<Entry>)> {
    let section = |category: PrerequisiteCategory| {
        let changes = difference.prerequisites.iter().filter(|change| change.category == category);
        let changes: Vec<&PrerequisiteChange> = changes.collect();
        let title = format!("Prerequisites: {} ({})", category.title(), changes.len());
        let entries = match category {
            PrerequisiteCategory::NotKnown => not_known(&changes),
            _ => changes.into_iter().filter_map(entry).collect(),
        };
        (title, entries)
    };
    PrerequisiteCategory::ALL.into_iter().map(section).filter(|(_, entries)| !entries.is_empty()).collect()
}

fn entry(change: &PrerequisiteChange) -> Option<Entry> {
    let said = change.said()?;
    let (sign, what, need) = match (&change.old, &change.new) {
        (Some(was), Some(is)) if was.says.value != is.says.value => ('~', changed(was, is), needs(was, is)),
        (Some(was), Some(is)) => ('~', is.says.value.clone(), needs(was, is)),
        (None, _) => ('+', said.says.value.clone(), unusual(&said.says.need)),
        (_, None) => ('-', said.says.value.clone(), unusual(&said.says.need)),
    };
    Some(Entry {
        sign,
        role: said.says.role.clone(),
        what: flat(&format!("{}: {what}", said.says.kind)),
        need,
        ids: said.says.id.clone(),
        texts: texts(change),
    })
}

/// Of a list only what comes and goes.
fn changed(was: &StatedPrerequisite, is: &StatedPrerequisite) -> String {
    if was.parts.len() < 2 && is.parts.len() < 2 {
        return format!("{} -> {}", was.says.value, is.says.value);
    }
    let only = |word: &str, these: &[String], those: &[String]| {
        let parts: Vec<&str> =
            these.iter().filter(|part| !those.contains(part)).map(String::as_str).collect();
        (!parts.is_empty()).then(|| format!("{word} {}", parts.join("; ")))
    };
    let differing = [only("no longer", &was.parts, &is.parts), only("now", &is.parts, &was.parts)];
    let told: Vec<String> = differing.into_iter().flatten().collect();
    if told.is_empty() { "in another order".to_owned() } else { told.join("; ") }
}

fn needs(was: &StatedPrerequisite, is: &StatedPrerequisite) -> String {
    if was.says.need == is.says.need {
        unusual(&is.says.need)
    } else {
        format!("{} -> {}", was.says.need, is.says.need)
    }
}

/// Nothing where it is simply required.
fn unusual(need: &str) -> String {
    if need == "required" { String::new() } else { need.to_owned() }
}

fn texts(change: &PrerequisiteChange) -> String {
    match (&change.old_text, &change.new_text) {
        (Some(was), Some(is)) => words::from_to(was, is),
        (Some((id, was)), None) => format!("{id} {was}, only on the old side"),
        (None, Some((id, is))) => format!("{id} {is}, only on the new side"),
        (None, None) => String::new(),
    }
}

/// One entry for each role and pair of texts: which one is silent, and why that says nothing.
fn not_known(changes: &[&PrerequisiteChange]) -> Vec<Entry> {
    let mut entries: Vec<Entry> = Vec::new();
    for change in changes {
        let Some(entry) = unread(change) else { continue };
        let same = |present: &&mut Entry| (&present.role, &present.what) == (&entry.role, &entry.what);
        match entries.iter_mut().find(same) {
            Some(present) => present.ids = format!("{}, {}", present.ids, entry.ids),
            None => entries.push(entry),
        }
    }
    entries
}

fn unread(change: &PrerequisiteChange) -> Option<Entry> {
    let said = change.said()?;
    let (stating, silent) = match change.new {
        Some(_) => (change.new_text.as_ref()?, change.old_text.as_ref()?),
        None => (change.old_text.as_ref()?, change.new_text.as_ref()?),
    };
    let read = match change.unread? {
        Reading::Part => "was read only in part",
        Reading::Not | Reading::Whole => "was not read",
    };
    let (silent, stating) = (format!("{} {}", silent.0, silent.1), format!("{} {}", stating.0, stating.1));
    Some(Entry {
        sign: '?',
        role: said.says.role.clone(),
        what: format!("stated by {stating}; {silent} {read} for prerequisites"),
        need: String::new(),
        ids: said.says.id.clone(),
        texts: String::new(),
    })
}
