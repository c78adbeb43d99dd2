//! Requirement ids from edition to edition: a change can only be followed while they stay.

use std::collections::BTreeSet;

use jiff::civil::Date;

use crate::catalog::requirement::Requirement;
use crate::catalog::{DateBasis, End, EndKind, PortText, Prerequisite};
use crate::finding::{Code, Finding, Findings};
use crate::id::PrerequisiteId;

use super::Text;

/// Compares each edition with the one before it, and its name with the date that its text carries.
pub(super) fn lint(texts: &[Text<'_>]) -> Findings {
    let mut findings = Findings::new();
    for text in texts {
        misdated(text, &mut findings);
        unpaired(text, texts, &mut findings);
    }
    for pair in texts.windows(2) {
        if let [old, new] = pair
            && old.document.id() == new.document.id()
        {
            renamed(old, new, &mut findings);
            reused(old, new, &mut findings);
            prerequisites(old, new, &mut findings);
        }
    }
    findings
}

/// An edition that is named by another date than its text carries stands in the wrong place among the others.
fn misdated(text: &Text<'_>, findings: &mut Findings) {
    let dates: Vec<Date> =
        text.says.texts.iter().filter_map(|(_, written)| written_date(written.as_deref()?)).collect();
    if text.says.date == DateBasis::Estimated || dates.is_empty() || dates.contains(&text.edition.date()) {
        return;
    }
    let written: Vec<String> = dates.iter().map(ToString::to_string).collect();
    let message = format!("{} is out of order: its text is of {}", text.name(), written.join(" and "));
    let finding = Finding::new(Code::EditionOutOfOrder, message)
        .help(format!("name the file {}.yaml, or correct `written`", written.join(".yaml or ")));
    findings.push(match text.says.requirements.first() {
        Some(first) => finding.labelled(first.place.clone(), "in this file"),
        None => finding,
    });
}

/// A second text of a date without a first one.
fn unpaired(text: &Text<'_>, texts: &[Text<'_>], findings: &mut Findings) {
    let (date, revision) = (text.edition.date(), text.edition.revision());
    let before = |other: &Text<'_>| {
        let edition = other.edition;
        other.document.id() == text.document.id()
            && (edition.date(), edition.revision() + 1) == (date, revision)
    };
    if revision > 1 && !texts.iter().any(before) {
        let message =
            format!("{} is out of order: there is no text number {} of that date", text.name(), revision - 1);
        let help = "number the texts of one date 1 (unwritten), 2, 3 in their order";
        findings.push(Finding::new(Code::EditionOutOfOrder, message).help(help));
    }
}

/// The date in a text such as `04/26/2024`, `4/9/2025`, `2025-04-09` or `generated 2022-07-29 (v2022072800)`.
fn written_date(text: &str) -> Option<Date> {
    text.split([' ', '(', ')']).find_map(|word| {
        let american = || {
            let mut parts = word.split('/').map(str::parse::<i16>);
            let (month, day, year) = (parts.next()?.ok()?, parts.next()?.ok()?, parts.next()?.ok()?);
            Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
        };
        word.parse::<Date>().ok().or_else(american)
    })
}

/// An id that vanishes while an equal need appears under another one.
fn renamed(old: &Text<'_>, new: &Text<'_>, findings: &mut Findings) {
    let appeared = || new.says.requirements.iter().filter(|each| old.says.requirement(&each.id).is_none());
    for gone in old.says.requirements.iter().filter(|each| new.says.requirement(&each.id).is_none()) {
        if let Some(same) = appeared().find(|each| Shape::of(each) == Shape::of(gone)) {
            let message = format!("`{}` of {} is `{}` in {}", gone.id, old.name(), same.id, new.name());
            let finding = Finding::new(Code::IdRenamed, message)
                .labelled(same.place.clone(), "the same ends and ports")
                .labelled(gone.place.clone(), "gone from here on")
                .help(format!("call it `{}` here too", gone.id));
            findings.push(finding);
        }
    }
}

/// An id that stays while everything that it stands for changes.
fn reused(old: &Text<'_>, new: &Text<'_>, findings: &mut Findings) {
    for now in &new.says.requirements {
        let Some(before) = old.says.requirement(&now.id) else {
            continue;
        };
        if Shape::of(before).is_foreign_to(&Shape::of(now))
            && no_word_in_common(&before.purpose, &now.purpose)
        {
            let message =
                format!("`{}` stands for another need in {} than in {}", now.id, new.name(), old.name());
            let finding = Finding::new(Code::IdReused, message)
                .labelled(now.place.clone(), now.purpose.as_str())
                .labelled(before.place.clone(), before.purpose.as_str())
                .help("give the new need an id of its own");
            findings.push(finding);
        }
    }
}

/// The same for prerequisites: a kind says what one is about, and an equal fact under another name is a renamed one.
fn prerequisites(old: &Text<'_>, new: &Text<'_>, findings: &mut Findings) {
    let find =
        |text: &Text<'_>, id: &PrerequisiteId| text.says.prerequisites.iter().position(|each| each.id == *id);
    for now in &new.says.prerequisites {
        let before = old.says.prerequisites.iter().find(|each| each.id == now.id);
        if let Some(before) = before.filter(|before| before.statement.kind() != now.statement.kind()) {
            let message =
                format!("`{}` states another kind of fact in {} than in {}", now.id, new.name(), old.name());
            let finding = Finding::new(Code::IdReused, message)
                .labelled(now.place.clone(), now.statement.kind())
                .labelled(before.place.clone(), before.statement.kind())
                .help("give the new fact an id of its own");
            findings.push(finding);
        }
        let same = |each: &&Prerequisite| {
            find(new, &each.id).is_none()
                && (&each.role, &each.scenarios, &each.statement)
                    == (&now.role, &now.scenarios, &now.statement)
        };
        if before.is_none()
            && let Some(gone) = old.says.prerequisites.iter().find(same)
        {
            let message = format!("`{}` of {} is `{}` in {}", gone.id, old.name(), now.id, new.name());
            let finding = Finding::new(Code::IdRenamed, message)
                .labelled(now.place.clone(), "the same fact")
                .labelled(gone.place.clone(), "gone from here on")
                .help(format!("call it `{}` here too", gone.id));
            findings.push(finding);
        }
    }
}

/// What a requirement is about, without its words.
#[derive(PartialEq, Eq)]
struct Shape {
    scenarios: BTreeSet<String>,
    clouds: BTreeSet<String>,
    from: BTreeSet<String>,
    to: BTreeSet<String>,
    ports: BTreeSet<String>,
}

impl Shape {
    fn of(requirement: &Requirement) -> Self {
        let flows = &requirement.flows;
        let ports = flows.iter().flat_map(|flow| &flow.ports).map(|ports| match &ports.ports {
            PortText::Fixed(range) => format!("{range}/{}", ports.transport_words()),
            PortText::Parameter { id, .. } => format!("{{{id}}}/{}", ports.transport_words()),
        });
        Self {
            scenarios: requirement.scenarios.iter().map(ToString::to_string).collect(),
            clouds: requirement.clouds.iter().flatten().map(ToString::to_string).collect(),
            from: requirement.from.iter().map(words).collect(),
            to: flows.iter().flat_map(|flow| &flow.to).map(words).collect(),
            ports: ports.collect(),
        }
    }

    fn is_foreign_to(&self, other: &Self) -> bool {
        self.scenarios.is_disjoint(&other.scenarios)
            || self.to.is_disjoint(&other.to) && self.ports.is_disjoint(&other.ports)
    }
}

/// An end as text; only equality counts.
fn words(end: &End) -> String {
    match &end.kind {
        EndKind::Role(id) | EndKind::Outside(id) => format!("role:{id}"),
        EndKind::Host(text) => text.clone(),
        EndKind::Url(url) => url.to_string(),
        EndKind::Template { template, .. } => template.to_string(),
        EndKind::ServiceTag(tag) => format!("tag:{tag}"),
        EndKind::CloudRanges => "ranges".to_owned(),
        EndKind::List { document, .. } => format!("list:{document}"),
        EndKind::Unstated => format!("unstated:{}", end.documented_as),
    }
}

/// Words of less than four letters join sentences of any subject.
fn no_word_in_common(a: &str, b: &str) -> bool {
    let words = |text: &str| -> BTreeSet<String> {
        let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| word.len() > 3);
        words.map(str::to_lowercase).collect()
    };
    words(a).is_disjoint(&words(b))
}
