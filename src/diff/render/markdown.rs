//! For a pull request: GitHub Flavored Markdown, every value escaped.

use std::fmt::Write as _;

use crate::diff::{Category, Difference};
use crate::target::escaped;

use super::line::{Line, lines};
use super::{prerequisite, words};

/// The difference as tables, one for each category that has changes; prerequisites behind the flows.
pub fn markdown(difference: &Difference) -> String {
    let mut text = format!("## {}\n\n", escaped(&words::title(difference)));
    for line in words::compared(difference) {
        let _ = writeln!(text, "{}\n", escaped(&line));
    }
    if difference.is_empty() {
        text.push_str("No difference.\n\n");
    } else if difference.flows_are_equal() {
        text.push_str("No difference in the flows.\n\n");
    } else {
        text.push_str(&sections(difference));
    }
    for (title, entries) in prerequisite::sections(difference) {
        let _ = writeln!(
            text,
            "### {title}\n\n| | Role | What | Need | Prerequisite | Documents |\n|---|---|---|---|---|---|"
        );
        text.extend(entries.iter().map(prerequisite_row));
        text.push('\n');
    }
    text.truncate(text.trim_end().len());
    text.push('\n');
    text
}

/// The flows, and what stands beside them.
fn sections(difference: &Difference) -> String {
    let counts = Category::ALL.map(|category| (category, words::counted(difference, category)));
    let summary = counts.each_ref().map(|(category, count)| format!("{} {count}", category.title()));
    let mut text = format!("{}\n\n", summary.join("; "));
    for (category, count) in counts.into_iter().filter(|(_, count)| count != "0") {
        let _ = writeln!(text, "### {} ({count})\n", category.title());
        text.push_str(&table(&lines(difference, category)));
        for saying in difference.sayings.iter().filter(|saying| saying.category == category) {
            let said = format!("{} ({})", words::saying(saying), words::texts(&saying.documents));
            let _ = writeln!(text, "- {}\n", escaped(&said));
        }
    }
    text
}

fn prerequisite_row(entry: &prerequisite::Entry) -> String {
    let sign = entry.sign.to_string();
    let cells = [&sign, &entry.role, &entry.what, &entry.need, &entry.ids, &entry.texts];
    format!("| {} |\n", cells.map(|cell| escaped(cell)).join(" | "))
}

fn table(lines: &[Line]) -> String {
    if lines.is_empty() {
        return String::new();
    }
    let mut text = "| | From | To | Service | What | Requirement | Rule | Documents |\n".to_owned();
    text.push_str("|---|---|---|---|---|---|---|---|\n");
    text.extend(lines.iter().map(row));
    text.push('\n');
    text
}

fn row(line: &Line) -> String {
    let list = |texts: &mut dyn Iterator<Item = &String>| -> String {
        texts.map(|text| escaped(text)).collect::<Vec<_>>().join("<br>")
    };
    let scope = if line.scope.is_empty() { String::new() } else { format!(" [{}]", line.scope) };
    let cells = [
        escaped(&line.sign.to_string()),
        escaped(&line.from),
        list(&mut line.to.iter()),
        list(&mut line.services.iter()),
        escaped(format!("{}{scope}", line.remark).trim()),
        list(&mut line.requirements.iter()),
        list(&mut line.rules.iter()),
        escaped(&line.documents),
    ];
    format!("| {} |\n", cells.join(" | "))
}
