//! Answers for a terminal.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use portbook::explain::TagUse;
use portbook::finding::printable;

use crate::cli::table::align;

use super::{Answer, Leaning, extent};
use crate::cli::ranges::cloud_word;

/// Each query with its tags; below all of them, once a tag, what leans on it.
pub(super) fn render(answers: &[Answer<'_, '_>], leaning: &Leaning) -> String {
    let mut text = String::new();
    for answer in answers {
        let _ = writeln!(text, "{}", answer.query.text);
        let rows: Vec<Vec<String>> = answer
            .held
            .iter()
            .map(|(file, held)| {
                let (prefix, extent) = extent(held);
                let prefix = prefix.map_or(extent, |prefix| prefix.to_string());
                vec![prefix, held.tag.name().to_owned(), format!("({}, {})", cloud_word(file), file.label())]
            })
            .collect();
        text.push_str(&align(&rows, "  "));
        if answer.held.is_empty() {
            text.push_str("  no tag holds it\n");
        }
    }
    for ((cloud, tag), uses) in leaning.iter().filter(|(_, uses)| !uses.is_empty()) {
        let _ = writeln!(text, "{} ({}) is leaned on by", printable(tag), printable(cloud));
        text.push_str(&align(&rows(uses), "  "));
    }
    text
}

/// One line a requirement, its hosts together.
fn rows(uses: &[TagUse]) -> Vec<Vec<String>> {
    let mut grouped: BTreeMap<(&str, &str, &str, &str), Vec<&str>> = BTreeMap::new();
    for each in uses {
        let key = (
            each.scenario.as_str(),
            each.requirement.as_str(),
            each.document.as_str(),
            each.edition.as_str(),
        );
        grouped.entry(key).or_default().extend(each.host.as_deref());
    }
    let row =
        |((scenario, requirement, document, edition), hosts): (&(&str, &str, &str, &str), &Vec<&str>)| {
            let by = match hosts.as_slice() {
                [] => "names the tag".to_owned(),
                [host] => (*host).to_owned(),
                [host, more @ ..] => format!("{host} and {} more", more.len()),
            };
            vec![(*scenario).to_owned(), (*requirement).to_owned(), by, format!("({document} {edition})")]
        };
    grouped.iter().map(row).collect()
}
