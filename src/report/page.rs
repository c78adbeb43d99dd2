//! A page of its parts.

use minijinja::value::{Serde, Value};
use serde::Serialize;

use super::context::{Anchors, Changes, Choice, Targets, addresses, artifacts, groups};
use super::escape::FILTERS;
use super::picture::draw;
use super::{Report, Tone};
use crate::finding::Findings;
use crate::target::Templates;

/// One self-contained page of all reports: a contents of its own for each, and a list of them in front if there are several.
///
/// # Errors
/// `template-failed` if a prefix of an [`AddressRow`](super::AddressRow) is none.
pub fn page(reports: &[Report]) -> Result<String, Findings> {
    let targets = Targets::of(reports);
    let sites = reports.iter().enumerate();
    let sites =
        sites.map(|(at, report)| Site::of(report, &format!("s{}", at + 1), reports.len() > 1, &targets));
    let sites = sites.collect::<Result<Vec<_>, _>>()?;
    let title = match reports {
        [] => "Nothing to report".to_owned(),
        [only] => only.title.clone(),
        several => format!("{} reports", several.len()),
    };
    let context = minijinja::context! {
        title => title,
        style => block(render("style.css", Value::from(()))?),
        script => block(render("script.js", Value::from(()))?),
        single => reports.len() == 1,
        sites => seen(&sites),
        tones => seen(shown_tones(reports)),
        lossy => reports.iter().any(|report| report.rules.rows.iter().any(|row| !row.losses.is_empty())),
        targets => seen(targets.choices()),
        bodies => sites.into_iter().map(|site| block(site.body)).collect::<Vec<_>>(),
    };
    render("page.html", context)
}

/// What the page's own parts say of a report, and its body.
#[derive(Debug, Serialize)]
struct Site {
    anchor: String,
    title: String,
    summary: Vec<Counted>,
    subtitle: Vec<String>,
    contents: Vec<Part>,
    #[serde(skip)]
    body: String,
}

/// A part of a report, in its contents.
#[derive(Debug, Serialize)]
struct Part {
    anchor: String,
    title: String,
}

#[derive(Debug, Serialize)]
struct Counted {
    label: String,
    count: usize,
    tone: Tone,
    quiet: bool,
}

impl Site {
    fn of(report: &Report, anchor: &str, several: bool, targets: &Targets<'_>) -> Result<Self, Findings> {
        let level = if several { 3 } else { 2 };
        let (mut contents, mut body) = (Vec::new(), String::new());
        for (id, title, template, context) in parts(report, anchor, targets)? {
            let part = format!("{anchor}-{id}");
            let site = several.then_some(anchor);
            let common = minijinja::context! { anchor => part.clone(), site, level, title => title.clone(), ..context };
            body.push_str(&render(template, common)?);
            contents.push(Part { anchor: part, title });
        }
        let summary = report.summary.iter().map(|tally| Counted {
            label: tally.label.clone(),
            count: tally.count,
            tone: tally.tone,
            quiet: tally.count == 0,
        });
        Ok(Self {
            anchor: anchor.to_owned(),
            title: report.title.clone(),
            summary: summary.collect(),
            subtitle: report.subtitle.clone(),
            contents,
            body,
        })
    }
}

/// Id, title, template and context of each part that a report has.
type Parts = Vec<(&'static str, String, &'static str, Value)>;

fn parts(report: &Report, anchor: &str, targets: &Targets<'_>) -> Result<Parts, Findings> {
    let anchors = Anchors::of(report, anchor);
    let mut parts = Parts::new();
    let mut add = |id, title: &str, template, context| parts.push((id, title.to_owned(), template, context));
    if !report.changes.is_empty() {
        let sections: Vec<Changes> =
            report.changes.iter().map(|section| Changes::of(section, targets, &anchors)).collect();
        add("changes", "Changes", "changes.html", minijinja::context! { sections => seen(&sections) });
    }
    if let Some(drawing) = report.picture.as_ref().and_then(draw) {
        add("picture", "Flow picture", "picture.html", minijinja::context! { picture => seen(&drawing) });
    }
    if let Some(change) = &report.addresses {
        add("addresses", "Addresses", "addresses.html", addresses(change, &anchors)?);
    }
    if !report.rules.rows.is_empty() {
        let groups = groups(report, targets, anchor);
        let ways = report.rules.rows.iter().any(|row| row.way.is_some());
        let losses = report.rules.rows.iter().any(|row| !row.losses.is_empty());
        let columns = 7 + usize::from(ways) + usize::from(losses);
        let context = minijinja::context! {
            ids => report.rules.ids.clone(), columns => columns, groups => seen(&groups), ways => ways, losses => losses, count => report.rules.rows.len(),
        };
        add("rules", &report.rules.title, "rules.html", context);
    }
    if !report.artifacts.is_empty() {
        let rows = artifacts(report, targets);
        add("artifacts", "Artifacts", "artifacts.html", minijinja::context! { rows => seen(&rows) });
    }
    if !report.notes.is_empty() {
        add("notes", "Notes", "notes.html", minijinja::context! { notes => report.notes.clone() });
    }
    Ok(parts)
}

/// The tones that anything in the reports has, to filter by.
fn shown_tones(reports: &[Report]) -> Vec<Choice> {
    let has = |tone: Tone| {
        reports.iter().any(|report| {
            report.changes.iter().any(|section| section.tone == tone && !section.entries.is_empty())
                || report.rules.rows.iter().any(|row| row.changed == Some(tone))
                || report.artifacts.iter().any(|row| row.tone == Some(tone))
        })
    };
    Tone::ALL.into_iter().filter(|tone| has(*tone)).map(|tone| Choice::new(tone.id(), tone.words())).collect()
}

/// What a template may ask for.
pub(super) fn seen(part: impl Serialize) -> Value {
    Value::from(Serde(part))
}

/// A part that is escaped already.
pub(super) fn block(text: String) -> Value {
    Value::from_safe_string(text)
}

fn render(name: &str, context: Value) -> Result<String, Findings> {
    Templates::embedded().render(&format!("html/{name}"), context, FILTERS)
}
