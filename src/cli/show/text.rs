//! Facts for a terminal: by document and edition, then by requirement.

use std::fmt::Write as _;

use std::collections::BTreeSet;

use portbook::catalog::{Catalog, Demand, Direction, Fact, Life, Mark, Publisher};
use portbook::finding::Findings;

use crate::cli::table::{align, one_line};

/// All facts; with `verbose`, every reading and note in full.
pub(super) fn render(catalog: &Catalog, facts: &[Fact], verbose: bool) -> Result<String, Findings> {
    let mut text = String::new();
    for page in pages(facts) {
        if !text.is_empty() {
            text.push('\n');
        }
        for line in heading(catalog, &page)? {
            let _ = writeln!(text, "{line}");
        }
        for requirement in requirements(&page) {
            text.push_str(&entry(&requirement, verbose));
        }
    }
    Ok(text)
}

/// Facts of one document and edition, whatever the scenario.
pub(super) fn pages<'a>(facts: impl IntoIterator<Item = &'a Fact>) -> Vec<Vec<&'a Fact>> {
    let mut pages: Vec<Vec<&Fact>> = Vec::new();
    for fact in facts {
        let same = |page: &&mut Vec<&Fact>| {
            page.first()
                .is_some_and(|first| (&first.document, first.edition) == (&fact.document, fact.edition))
        };
        match pages.iter_mut().find(same) {
            Some(page) => page.push(fact),
            None => pages.push(vec![fact]),
        }
    }
    pages
}

/// Title, life and source of a page.
pub(super) fn heading(catalog: &Catalog, page: &[&Fact]) -> Result<Vec<String>, Findings> {
    let Some(first) = page.first() else {
        return Ok(Vec::new());
    };
    let document = catalog.document(&first.document)?;
    let about = catalog.about(document)?;
    let mut lines = vec![format!("{} {}: {}", first.document, first.edition, one_line(&about.title))];
    if about.publisher == Publisher::ThirdParty {
        lines.push("  not a page of Microsoft".to_owned());
    }
    match &about.life {
        Life::Living => {}
        Life::SupersededBy { document, because } => {
            lines.push(format!("  superseded by {document}: {}", one_line(because)));
        }
        Life::Retired { because } => lines.push(format!("  retired: {}", one_line(because))),
    }
    let says = catalog.edition(document, first.edition)?;
    for (at, written) in &says.texts {
        let written = written.as_ref().map_or_else(String::new, |date| format!(" (written {date})"));
        lines.push(format!("  read at {}{}", one_line(at), one_line(&written)));
    }
    lines.extend(says.note.iter().map(|note| format!("  note: {}", one_line(note))));
    Ok(lines)
}

/// The facts of a page by requirement, in its order.
pub(super) fn requirements<'a>(page: &[&'a Fact]) -> Vec<Vec<&'a Fact>> {
    let mut groups: Vec<Vec<&Fact>> = Vec::new();
    for fact in page {
        let same = |group: &&mut Vec<&Fact>| {
            group.first().is_some_and(|first| first.requirement == fact.requirement)
        };
        match groups.iter_mut().find(same) {
            Some(group) => group.push(fact),
            None => groups.push(vec![fact]),
        }
    }
    groups
}

fn entry(facts: &[&Fact], verbose: bool) -> String {
    let Some(first) = facts.first() else {
        return String::new();
    };
    let scenarios = unique(facts.iter().map(|fact| fact.scenario.to_string()));
    let clouds = unique(
        facts
            .iter()
            .map(|fact| fact.cloud.as_ref().map_or_else(|| "any cloud".to_owned(), ToString::to_string)),
    );
    let mut text = format!("\n  {}  {}; {}", first.requirement, scenarios.join(", "), clouds.join(", "));
    let _ = writeln!(text, "; {}\n    {}", when(first), one_line(&first.purpose));
    text.push_str(&flows(facts));
    for remark in unique(facts.iter().flat_map(|fact| remarks(fact, verbose))) {
        let _ = writeln!(text, "    {}", one_line(&remark));
    }
    text
}

/// `required, registration only, when ldaps`; conditions of single flows stand beside them.
pub(super) fn when(fact: &Fact) -> String {
    let mut words = vec![fact.demand.as_str().to_owned()];
    if !fact.phases.is_empty() {
        words.push(format!("{} only", fact.phase_words().replace(' ', " and ")));
    }
    if let Some(condition) = fact.condition.as_ref().filter(|text| !text.contains("choice:")) {
        words.push(format!("when {condition}"));
    }
    words.join(", ")
}

/// One line for each pair of ends, with its ports; clouds and scenarios that repeat it add nothing.
fn flows(facts: &[&Fact]) -> String {
    let mut rows: Vec<(Vec<String>, Vec<String>)> = Vec::new();
    for fact in facts {
        let ends = ends(fact);
        match rows.iter_mut().find(|(present, _)| *present == ends) {
            Some((_, ports)) => {
                if !ports.contains(&fact.service()) {
                    ports.push(fact.service());
                }
            }
            None => rows.push((ends, vec![fact.service()])),
        }
    }
    let rows: Vec<Vec<String>> = rows
        .into_iter()
        .map(|(mut ends, ports)| {
            ends.insert(1, ports.join(", "));
            ends
        })
        .collect();
    align(&rows, "    ")
}

/// `agent -> host`, and what the document calls it where that differs.
fn ends(fact: &Fact) -> Vec<String> {
    let arrow = match (fact.direction, fact.demand) {
        (_, Demand::DoNotInstallWith) => "with",
        (Direction::Both, _) => "<->",
        _ => "->",
    };
    let flow = match (fact.from.as_str(), fact.to.as_str()) {
        (from, "") => from.to_owned(),
        (from, to) => format!("{from} {arrow} {to}"),
    };
    let mut beside = Vec::new();
    if fact.direction == Direction::Local {
        beside.push("on the host itself".to_owned());
    }
    if says_more(fact) {
        beside.push(format!("documented as \"{}\"", fact.documented_as));
    }
    beside.extend(
        fact.condition.iter().filter(|text| text.contains("choice:")).map(|text| format!("when {text}")),
    );
    vec![flow, beside.join("; ")]
}

/// Whether the document's words are more than the end itself, or the purpose.
pub(super) fn says_more(fact: &Fact) -> bool {
    let to = fact.to.strip_prefix("tag:").unwrap_or(&fact.to);
    let to = to.split('@').next().unwrap_or(to);
    !fact.documented_as.is_empty() && fact.documented_as != to && fact.documented_as != fact.purpose
}

/// Typos, doubts and contradictions always; readings and notes in full only when asked for.
pub(super) fn remarks(fact: &Fact, verbose: bool) -> Vec<String> {
    let word = |mark: &Mark| match mark {
        Mark::Typo { because } => {
            Some(format!("typo: \"{}\" is read as {}; {because}", fact.documented_as, fact.to))
        }
        Mark::Doubtful { because } => Some(format!("doubtful: {}; {because}", fact.to)),
        Mark::Interpreted { .. } | Mark::Contradictory | Mark::Note { .. } => Some(mark.to_string()),
        Mark::Apex { .. } if verbose => Some(format!("{}: {mark}", fact.to)),
        Mark::Apex { .. } | Mark::ThirdParty => None,
    };
    fact.marks.iter().filter_map(word).collect()
}

pub(super) fn unique(texts: impl Iterator<Item = String>) -> Vec<String> {
    let mut seen = BTreeSet::new();
    texts.filter(|text| seen.insert(text.clone())).collect()
}
