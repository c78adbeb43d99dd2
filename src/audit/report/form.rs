//! Text, Markdown and JSON.

use std::fmt::Write as _;

use serde::Serialize;

use super::super::{At, Excess, Need, Status, Unjudged};
use super::{Answer, Part, Report};
use crate::finding::printable;

/// The version of the JSON form.
const FORMAT: &str = "portbook-audit/1";

fn word(status: Status) -> &'static str {
    match status {
        Status::Allowed => "allowed",
        Status::Blocked => "blocked",
        Status::Undecided => "undecided",
    }
}

/// `cloud-sync-prerequisites 2026-07-27, agent-service`.
fn sources(need: &Need) -> String {
    let citations = need.rule.citations.iter();
    let mut sources: Vec<String> =
        citations.map(|citation| format!("{}, {}", citation.source(), citation.requirement)).collect();
    sources.dedup();
    sources.join("; ")
}

/// What becomes of a part, and by what.
fn reasons(part: &Part) -> Vec<String> {
    let front = part.part.as_ref().map(|words| format!("{words}: ")).unwrap_or_default();
    let mut lines = Vec::new();
    if let Some((at, name)) = &part.clause {
        lines.push(format!("{front}{at}: {name}"));
    }
    for (at, why) in &part.why {
        let at = at.as_ref().map(|at| format!("{at}: ")).unwrap_or_default();
        lines.push(format!("{front}{at}{why}"));
    }
    lines
}

/// One line a requirement, the reasons below where it does not pass; then what passes besides, and what is not judged.
pub fn text(report: &Report<'_>, verbose: bool) -> String {
    let mut text = String::new();
    for answer in &report.answers {
        let Answer { need, status, parts, remark } = answer;
        let _ = write!(text, "{:<10} {}  {}", word(*status), need.rule.id, need.what);
        if let ([Part { clause: Some((at, _)), .. }], Status::Allowed) = (parts.as_slice(), status) {
            let _ = write!(text, "  by {at}");
        }
        text.push('\n');
        if verbose || *status != Status::Allowed {
            let _ = writeln!(text, "             {}", sources(need));
            for part in parts {
                let status = if parts.len() > 1 { format!("{} ", word(part.status)) } else { String::new() };
                for line in reasons(part) {
                    let _ = writeln!(text, "             {status}{line}");
                }
            }
        }
        if let Some(remark) = remark {
            let _ = writeln!(text, "             {remark}");
        }
    }
    for excess in &report.beyond {
        let perhaps = if excess.certain { "" } else { "perhaps " };
        let (at, name) = (place(excess), &excess.name);
        let _ = writeln!(text, "beyond     {at}: {perhaps}{}\n             {name}", excess.what);
    }
    for Unjudged { at, what } in &report.unjudged {
        let _ = writeln!(text, "not judged {at}: {what}");
    }
    text.lines().map(|line| printable(line) + "\n").collect()
}

/// Tables for a ticket or a pull request.
pub fn markdown(report: &Report<'_>) -> String {
    let mut text = String::from("| | Requirement | Decided by | Source | Rule |\n|---|---|---|---|---|\n");
    for answer in &report.answers {
        let by: Vec<String> = answer.parts.iter().flat_map(reasons).chain(answer.remark.clone()).collect();
        let cells = [
            word(answer.status).to_owned(),
            answer.need.what.clone(),
            by.join("; "),
            sources(answer.need),
            answer.need.rule.id.to_string(),
        ];
        row(&mut text, &cells);
    }
    if !report.beyond.is_empty() {
        text.push_str("\n| Allowed beyond | Where | Clause |\n|---|---|---|\n");
        for excess in &report.beyond {
            let perhaps = if excess.certain { "" } else { "perhaps " };
            row(&mut text, &[format!("{perhaps}{}", excess.what), place(excess), excess.name.clone()]);
        }
    }
    if !report.unjudged.is_empty() {
        text.push_str("\n| Not judged | Where |\n|---|---|\n");
        for Unjudged { at, what } in &report.unjudged {
            row(&mut text, &[what.clone(), at.to_string()]);
        }
    }
    text
}

/// Where what is allowed beyond stands; the default has no line.
fn place(excess: &Excess) -> String {
    excess.at.as_ref().map_or("the default".to_owned(), At::to_string)
}

/// Text of a foreign file is nothing but text.
fn row(text: &mut String, cells: &[String]) {
    for cell in cells {
        let mut safe = String::new();
        for character in printable(cell).chars() {
            if "\\`*_[]<>|#~&".contains(character) {
                safe.push('\\');
            }
            safe.push(character);
        }
        let _ = write!(text, "| {safe} ");
    }
    text.push_str("|\n");
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct Json<'a> {
    format: &'static str,
    target: &'a str,
    exact: bool,
    requirements: Vec<Requirement<'a>>,
    beyond: Vec<Beyond<'a>>,
    not_judged: &'a [&'a Unjudged],
    not_seen_here: usize,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct Requirement<'a> {
    rule: &'a crate::rule::RuleId,
    what: &'a str,
    status: Status,
    citations: &'a [crate::rule::Citation],
    parts: Vec<JsonPart<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    remark: Option<&'a str>,
}

#[derive(Serialize)]
struct JsonPart<'a> {
    status: Status,
    #[serde(skip_serializing_if = "Option::is_none")]
    part: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    at: Option<&'a At>,
    #[serde(skip_serializing_if = "Option::is_none")]
    clause: Option<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    why: Vec<Why<'a>>,
}

#[derive(Serialize)]
struct Why<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    at: Option<&'a At>,
    why: &'a str,
}

#[derive(Serialize)]
struct Beyond<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    at: Option<&'a At>,
    clause: &'a str,
    what: &'a str,
    certain: bool,
}

/// One object, for programs; its `format` comes first.
///
/// # Errors
/// None that a report brings about.
pub fn json(report: &Report<'_>, target: &str) -> Result<String, serde_json::Error> {
    let whole = Json {
        format: FORMAT,
        target,
        exact: report.is_exact(),
        requirements: report.answers.iter().map(requirement).collect(),
        beyond: report.beyond.iter().map(beyond).collect(),
        not_judged: &report.unjudged,
        not_seen_here: report.unseen,
    };
    Ok(serde_json::to_string_pretty(&whole)? + "\n")
}

fn beyond(excess: &Excess) -> Beyond<'_> {
    Beyond { at: excess.at.as_ref(), clause: &excess.name, what: &excess.what, certain: excess.certain }
}

fn requirement<'a>(answer: &'a Answer<'_>) -> Requirement<'a> {
    let part = |part: &'a Part| JsonPart {
        status: part.status,
        part: part.part.as_deref(),
        at: part.clause.as_ref().map(|(at, _)| at),
        clause: part.clause.as_ref().map(|(_, name)| name.as_str()),
        why: part.why.iter().map(|(at, why)| Why { at: at.as_ref(), why }).collect(),
    };
    Requirement {
        rule: &answer.need.rule.id,
        what: &answer.need.what,
        status: answer.status,
        citations: &answer.need.rule.citations,
        parts: answer.parts.iter().map(part).collect(),
        remark: answer.remark.as_deref(),
    }
}
