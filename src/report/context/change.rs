//! Changes as their template sees them.

use serde::Serialize;

use super::{Anchors, CITATIONS, DESTINATIONS, Folded, RuleLink, Targets};
use crate::report::{Citation, Entry, Section, Tone};

/// Changes of one kind.
#[derive(Debug, Serialize)]
pub(in crate::report) struct Changes {
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
    pub(in crate::report) fn of(section: &Section, targets: &Targets<'_>, anchors: &Anchors) -> Self {
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
