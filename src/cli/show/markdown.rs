//! Facts for a wiki or a pull request: one table for each document and edition.

use std::fmt::Write as _;

use portbook::catalog::{Catalog, Fact};
use portbook::finding::Findings;

use super::text::{heading, pages, says_more};

pub(super) fn render(catalog: &Catalog, facts: &[Fact]) -> Result<String, Findings> {
    let mut text = String::new();
    for page in pages(facts) {
        let mut lines = heading(catalog, &page)?.into_iter();
        let title = lines.next().unwrap_or_default();
        let _ = writeln!(text, "## {}\n", cell(&title));
        for line in lines {
            let _ = writeln!(text, "- {}", cell(line.trim_start()));
        }
        text.push_str("\n| scenario | cloud | from | to | port | need | when | purpose |\n");
        text.push_str("|---|---|---|---|---|---|---|---|\n");
        for fact in page {
            text.push_str(&row(fact));
        }
        text.push('\n');
    }
    // One newline at the end, however many pages there were.
    Ok(format!("{}\n", text.trim_end()))
}

fn row(fact: &Fact) -> String {
    let mut when: Vec<String> = Vec::new();
    when.extend((!fact.phases.is_empty()).then(|| fact.phase_words()));
    when.extend(fact.condition.clone());
    let mut to = fact.to.clone();
    if says_more(fact) {
        to = format!("{to} (documented as \"{}\")", fact.documented_as);
    }
    let mut purpose = fact.purpose.clone();
    for mark in &fact.marks {
        let _ = write!(purpose, "; {mark}");
    }
    let cells = [
        fact.scenario.to_string(),
        fact.cloud_word().to_owned(),
        fact.from.clone(),
        to,
        fact.service(),
        fact.demand.as_str().to_owned(),
        when.join("; "),
        purpose,
    ];
    format!("| {} |\n", cells.map(|text| cell(&text)).join(" | "))
}

/// Text that stays text: no table, emphasis, link or HTML can come of it.
pub(crate) fn cell(text: &str) -> String {
    let mut escaped = String::new();
    for c in portbook::finding::printable(text).chars() {
        match c {
            '\n' | '\t' => escaped.push(' '),
            '\\' | '|' | '*' | '_' | '`' | '[' | ']' | '<' | '>' | '&' | '#' => {
                escaped.push('\\');
                escaped.push(c);
            }
            c => escaped.push(c),
        }
    }
    escaped
}
