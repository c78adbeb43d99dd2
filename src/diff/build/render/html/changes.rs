//! Changes as sections of a page.

use crate::diff::build::SiteDifference;
use crate::diff::build::render::lines::{self, Line, Weight};
use crate::diff::{Category, render};
use crate::report::{Citation, Entry, Section, Tone};

/// The sections of a site, what is widened first.
pub(super) fn sections(site: &SiteDifference) -> Vec<Section> {
    let all = lines::lines(site);
    let mut sections = vec![
        section(site, &all, Category::Widened, Some(Weight::Widened), Tone::More),
        section(site, &all, Category::Narrowed, Some(Weight::Narrowed), Tone::Less),
    ];
    for category in [Category::Corrected, Category::NeedChanged, Category::SameInEffect, Category::Wording] {
        sections.push(section(site, &all, category, None, Tone::Neutral));
    }
    let accepted = all.iter().filter(|line| line.weight == Weight::Neutral).map(of_line).collect();
    sections.push(Section {
        title: "Settings and acceptances".to_owned(),
        tone: Tone::Neutral,
        entries: accepted,
    });
    sections.retain(|section| !section.entries.is_empty());
    sections
}

fn section(
    site: &SiteDifference,
    all: &[Line],
    category: Category,
    weight: Option<Weight>,
    tone: Tone,
) -> Section {
    let mut entries: Vec<Entry> = render::lines(&site.flows, category).iter().map(of_flow).collect();
    entries.extend(all.iter().filter(|line| Some(line.weight) == weight).map(of_line));
    Section { title: category.title().to_owned(), tone, entries }
}

fn of_flow(line: &render::Line) -> Entry {
    let mut remarks = vec![line.remark.clone(), line.scope.clone()];
    remarks.retain(|remark| !remark.is_empty());
    let requirements: Vec<&str> = line.requirements.iter().map(String::as_str).collect();
    Entry {
        sign: line.sign.to_string(),
        from: line.from.clone(),
        to: line.to.clone(),
        service: line.services.join(", "),
        remarks,
        rules: line.rules.clone(),
        sources: vec![Citation {
            document: line.documents.clone(),
            requirement: requirements.join(", "),
            ..Citation::default()
        }],
        targets: Vec::new(),
    }
}

fn of_line(line: &Line) -> Entry {
    // A set is named before what happened to it.
    let (from, what) = line.what.split_once("  ").unwrap_or(("", &line.what));
    let mut remarks = vec![what.to_owned()];
    // Of an acceptance: why.
    remarks.extend((line.weight == Weight::Neutral).then(|| line.about.clone()));
    Entry {
        sign: line.sign.to_string(),
        from: from.to_owned(),
        remarks,
        rules: line.rules.iter().map(ToString::to_string).collect(),
        targets: line.target.iter().cloned().collect(),
        ..Entry::default()
    }
}
