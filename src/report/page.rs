//! A page of its parts.

use minijinja::value::{Serde, Value};
use serde::Serialize;

use super::address::AddressRow;
use super::context::{Anchors, Changes, Choice, RuleLink, Targets, artifacts, groups};
use super::escape::{FILTERS, prefixes};
use super::map::{bars, map};
use super::picture::draw;
use super::{AddressChange, Report, Tone};
use crate::address::{Family, PrefixSet};
use crate::finding::{Code, Finding, Findings};
use crate::target::Templates;

/// IPv6 parts that stand open; more are folded.
const OPEN_BARS: usize = 24;

/// One self-contained page of all reports: a contents of its own for each, and a list of them in front if there are several.
///
/// # Errors
/// `template-failed` if a prefix of an [`AddressRow`] is none.
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
    summary: Vec<Count>,
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
struct Count {
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
        let summary = report.summary.iter().map(|tally| Count {
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

/// One name's prefixes, ready to print.
#[derive(Debug, Serialize)]
struct Listed {
    name: String,
    counts: String,
    rules: Vec<RuleLink>,
    tone: Tone,
    added: usize,
    removed: usize,
}

fn addresses(change: &AddressChange, anchors: &Anchors) -> Result<Value, Findings> {
    let listed = |row: &AddressRow| Listed {
        name: row.name.clone(),
        counts: row.counts.clone(),
        rules: anchors.links(&row.rules),
        tone: row_tone(row),
        added: row.added.len(),
        removed: row.removed.len(),
    };
    let lists = change.rows.iter().map(|row| Ok([items(&row.added)?, items(&row.removed)?]));
    let lists: Vec<[Value; 2]> = lists.collect::<Result<_, Findings>>()?;
    let bars = bars(change);
    Ok(minijinja::context! {
        map => seen(map(change)),
        many_bars => bars.len() > OPEN_BARS,
        bar_count => bars.len(),
        bars => seen(bars),
        totals => seen([total("Added", &change.added, Tone::More), total("Removed", &change.removed, Tone::Less)]),
        kept => amount(&change.kept),
        rows => seen(change.rows.iter().map(listed).collect::<Vec<_>>()),
        lists => lists,
    })
}

fn row_tone(row: &AddressRow) -> Tone {
    match (row.added.is_empty(), row.removed.is_empty()) {
        (false, _) => Tone::More,
        (true, false) => Tone::Less,
        (true, true) => Tone::Neutral,
    }
}

/// A list of prefixes as one block.
fn items(list: &[String]) -> Result<Value, Findings> {
    let wrong =
        |reason| Finding::new(Code::TemplateFailed, format!("template html/addresses.html: {reason}"));
    Ok(block(prefixes(list).map_err(wrong)?))
}

/// A sum of addresses.
#[derive(Debug, Serialize)]
struct Total {
    label: &'static str,
    tone: Tone,
    sign: &'static str,
    amount: String,
}

fn total(label: &'static str, set: &PrefixSet, tone: Tone) -> Total {
    Total { label, tone, sign: tone.sign(), amount: amount(set) }
}

/// `1,024 IPv4 and 2^80 IPv6 addresses in 3 prefixes`.
fn amount(set: &PrefixSet) -> String {
    let count = |family: Family, word: &str| {
        let count = set.count(family);
        (!count.is_zero()).then(|| format!("{count} {word}"))
    };
    let counts: Vec<String> =
        [count(Family::V4, "IPv4"), count(Family::V6, "IPv6")].into_iter().flatten().collect();
    if counts.is_empty() {
        return "no address".to_owned();
    }
    let prefixes = set.prefixes().count();
    format!(
        "{} addresses in {prefixes} prefix{}",
        counts.join(" and "),
        if prefixes == 1 { "" } else { "es" }
    )
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
fn seen(part: impl Serialize) -> Value {
    Value::from(Serde(part))
}

/// A part that is escaped already.
fn block(text: String) -> Value {
    Value::from_safe_string(text)
}

fn render(name: &str, context: Value) -> Result<String, Findings> {
    Templates::embedded().render(&format!("html/{name}"), context, FILTERS)
}
