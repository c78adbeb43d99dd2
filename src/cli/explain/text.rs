//! Explanations for a terminal.

use std::fmt::Write as _;

use portbook::explain::{AddressExplanation, Held, HostExplanation, NeedSpan, PatternReading};
use portbook::finding::{CodeSpec, Severity};

use crate::cli::table::{align, one_line};

/// A finding's code.
pub(super) fn code(spec: &CodeSpec) -> String {
    let severity = match spec.severity {
        Severity::Note => "note",
        Severity::Warning => "warning",
        Severity::Error => "error",
    };
    format!("{}, {severity}: {}\n{}\nNext: {}\n", spec.id, spec.summary, spec.explanation, spec.next)
}

/// A host: needs first, then what is made of its text.
pub(super) fn host(explanation: &HostExplanation) -> String {
    let port = explanation.port.map_or_else(String::new, |port| format!(", port {port}"));
    let mut text = format!("{}{port}\n", explanation.host);
    text.push_str(&align(&needs(explanation), "  "));
    if explanation.needs.is_empty() {
        text.push_str("  no document names or covers it\n");
    }
    let mut rows = Vec::new();
    for reading in &explanation.readings {
        rows.extend(reading_rows(reading, &explanation.host));
    }
    for typo in &explanation.misspellings {
        let words = format!("`{}` is a misspelling of {}: {}", typo.written, typo.meant, typo.because);
        rows.push(row("typo", words));
    }
    text.push_str(&align(&rows, "  "));
    text
}

/// What to try when nothing was found.
pub(super) fn next_steps(explanation: &HostExplanation) -> Vec<String> {
    let mut lines = Vec::new();
    if !explanation.other_ports.is_empty() {
        let ports: Vec<&str> = explanation.other_ports.iter().map(String::as_str).collect();
        lines.push(format!("  help: it is documented on {}", ports.join(", ")));
    }
    if !explanation.nearest.is_empty() {
        lines.push(format!("  help: documented names that look like it: {}", explanation.nearest.join(", ")));
    }
    if lines.is_empty() {
        lines.push(format!(
            "  help: `portbook show --all --format csv` lists every documented name; none is like {}",
            explanation.host
        ));
    }
    lines
}

/// Scenario, purpose and span; what the line before says already is left out, and the ports where one was asked.
fn needs(explanation: &HostExplanation) -> Vec<Vec<String>> {
    let mut rows = Vec::new();
    let mut before: Option<[String; 4]> = None;
    for span in &explanation.needs {
        let ports = if explanation.port.is_some() { String::new() } else { span.ports.join(", ") };
        let said = [span.scenario.to_string(), clouds(span), span.purpose.clone(), ports];
        let again = before.as_ref().is_some_and(|before| *before == said);
        let same_scenario = before.as_ref().is_some_and(|before| before.first() == said.first());
        let mut row: Vec<String> = said.to_vec();
        for (index, cell) in row.iter_mut().enumerate() {
            if again || same_scenario && index == 0 {
                cell.clear();
            }
        }
        let limits = limits(span);
        row.push(if limits.is_empty() { when(span) } else { format!("{}; {limits}", when(span)) });
        rows.push(row);
        before = Some(said);
    }
    drop_empty_columns(rows)
}

fn drop_empty_columns(rows: Vec<Vec<String>>) -> Vec<Vec<String>> {
    let width = rows.iter().map(Vec::len).max().unwrap_or(0);
    let used: Vec<bool> = (0..width)
        .map(|column| rows.iter().any(|row| row.get(column).is_some_and(|cell| !cell.is_empty())))
        .collect();
    let keep = |row: Vec<String>| {
        row.into_iter().zip(&used).filter(|(_, used)| **used).map(|(cell, _)| cell).collect()
    };
    rows.into_iter().map(keep).collect()
}

fn clouds(span: &NeedSpan) -> String {
    if span.clouds.is_empty() {
        return "any cloud".to_owned();
    }
    span.clouds.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

/// `registration only, optional, when http-proxy`; empty for what is needed always.
fn limits(span: &NeedSpan) -> String {
    let mut words = Vec::new();
    if !span.phases.is_empty() {
        let phases: Vec<&str> = span.phases.iter().map(|phase| phase.as_str()).collect();
        words.push(format!("{} only", phases.join(" and ")));
    }
    if span.need != portbook::catalog::Demand::Required {
        words.push(span.need.as_str().to_owned());
    }
    words.extend(span.condition.iter().map(|condition| format!("when {condition}")));
    words.join(", ")
}

/// `named 2019-12-06 to 2021-10-19 (document)`, `since 2023-01-11 covered by *.x (document)`.
fn when(span: &NeedSpan) -> String {
    let how = match &span.held {
        Held::Named => "named".to_owned(),
        Held::Misspelt { documented_as } => format!("misspelt as {documented_as}"),
        Held::Covered { by } => format!("covered by {by}"),
        Held::Read { documented_as } => format!("read into \"{documented_as}\""),
    };
    let (first, last, document) = (span.first, span.last, &span.document);
    let gone = span.gone.map_or_else(String::new, |gone| format!(", gone in {gone}"));
    let by = span.superseded_by.as_ref().map_or_else(String::new, |by| format!(", superseded by {by}"));
    match span.ended {
        None if by.is_empty() => format!("since {first} {how} ({document})"),
        _ if first == last => format!("{how} in {first}{gone} ({document}{by})"),
        _ => format!("{how} {first} to {last}{gone} ({document}{by})"),
    }
}

/// How many prefixes of a list are shown.
const PREFIXES: usize = 4;

fn reading_rows(reading: &PatternReading, host: &str) -> Vec<Vec<String>> {
    let pattern = reading.pattern.to_string();
    let about = if pattern == host { String::new() } else { format!("{pattern}: ") };
    let mut rows = Vec::new();
    if let (Some(list), [_, ..]) = (&reading.list, reading.documented_prefixes.as_slice()) {
        let shown: Vec<&str> =
            reading.documented_prefixes.iter().take(PREFIXES).map(String::as_str).collect();
        let more = reading.documented_prefixes.len() - shown.len();
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        rows.push(row("addresses", format!("{about}{}{more} ({list})", shown.join(", "))));
    }
    for tag in &reading.tags {
        let basis = if tag.documented { "documented" } else { "inferred" };
        rows.push(row("tag", format!("{about}{}, {basis}: {}", tag.tag, tag.because)));
    }
    match (&reading.hosted_in, &reading.because) {
        (Some(cloud), Some(because)) => rows.push(row("hosted in", format!("{about}{cloud}: {because}"))),
        (None, Some(because)) => rows.push(row("addresses", format!("{about}none published: {because}"))),
        _ => {}
    }
    let remarks =
        [("doubtful", &reading.doubtful), ("apex", &reading.apex), ("shared", &reading.shared_suffix)];
    rows.extend(
        remarks.into_iter().filter_map(|(word, text)| Some(row(word, format!("{about}{}", text.as_ref()?)))),
    );
    rows
}

fn row(word: &str, text: String) -> Vec<String> {
    vec![word.to_owned(), text]
}

/// An address: tags, then lists of documents.
pub(super) fn address(explanation: &AddressExplanation, without_files: bool) -> String {
    let mut text = format!("{}\n", explanation.address);
    let holders = explanation.tags.iter().map(|holder| {
        let cloud = holder.cloud.as_deref().unwrap_or("no cloud");
        vec![holder.prefix.to_string(), holder.tag.clone(), format!("({cloud}, {})", holder.file)]
    });
    text.push_str(&align(&holders.collect::<Vec<_>>(), "  "));
    for holder in &explanation.tags {
        if !holder.hosts.is_empty() {
            let _ = writeln!(text, "  {} stands for {}", holder.tag, one_line(&holder.hosts.join(", ")));
        }
        if !holder.scenarios.is_empty() {
            let scenarios: Vec<&str> = holder.scenarios.iter().map(String::as_str).collect();
            let _ = writeln!(text, "  {} is named by documents of {}", holder.tag, scenarios.join(", "));
        }
    }
    for listed in &explanation.listed {
        let hosts = one_line(&listed.hosts.join(", "));
        let _ = writeln!(text, "  {} is published by {} for {hosts}", listed.prefix, one_line(&listed.list));
    }
    for (cloud, count) in &explanation.hosted {
        let _ =
            writeln!(text, "  the whole range file of {cloud} is the documented fallback of {count} hosts");
    }
    if without_files {
        text.push_str("  help: `portbook fetch` brings the weekly service tag files to look it up in, --ranges FILE names one\n");
    } else if explanation.tags.is_empty() {
        text.push_str("  no service tag of the given files holds it\n");
    }
    text
}
