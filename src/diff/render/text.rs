//! For a terminal.

use std::fmt::Write as _;

use crate::diff::{Category, Difference};
use crate::target::flat;

use super::line::{Line, lines};
use super::{prerequisite, words};

/// The difference as a reviewer reads it: what opens first. With nothing to tell, one line says so.
pub fn text(difference: &Difference) -> String {
    let mut text = format!("{}\n", words::title(difference));
    for line in words::compared(difference) {
        let _ = writeln!(text, "{line}");
    }
    if difference.is_empty() {
        text.push_str("No difference\n");
    } else if difference.flows_are_equal() {
        text.push_str("No difference in the flows\n");
    } else {
        for category in Category::ALL {
            text.push_str(&section(difference, category));
        }
    }
    for (title, entries) in prerequisite::sections(difference) {
        let _ = writeln!(text, "{title}");
        text.extend(entries.iter().map(prerequisite_entry));
    }
    text
}

/// The flows of a category, then what stands beside them.
fn section(difference: &Difference, category: Category) -> String {
    let mut text = format!("{} ({})\n", category.title(), words::counted(difference, category));
    for line in lines(difference, category) {
        text.push_str(&entry(&line));
    }
    for saying in difference.sayings.iter().filter(|saying| saying.category == category) {
        let first = vec![format!("{} {}", words::sign(category), words::saying(saying))];
        text.push_str(&laid_out(&first, "  "));
        text.push_str(&laid_out(&[words::texts(&saying.documents)], "      "));
    }
    text
}

fn prerequisite_entry(entry: &prerequisite::Entry) -> String {
    let first = [format!("{} {}", entry.sign, entry.role), entry.what.clone(), entry.need.clone()];
    laid_out(&first, "  ") + &laid_out(&[entry.ids.clone(), entry.texts.clone()], "      ")
}

/// What changed, then by which requirement, rules and documents.
fn entry(line: &Line) -> String {
    let scope = if line.scope.is_empty() { String::new() } else { format!("[{}]", line.scope) };
    let first = format!("{} {}", line.sign, line.ends());
    let requirements: Vec<&str> = line.requirements.iter().map(String::as_str).collect();
    let second = [requirements.join(", "), line.rules.join(", "), line.documents.clone()];
    laid_out(&[first, line.services.join(", "), line.remark.clone(), scope], "  ")
        + &laid_out(&second, "      ")
}

/// Lines are no longer than this where their words allow it; a word is never cut.
const WIDTH: usize = 120;
const CONTINUED: &str = "        ";

/// Parts in a line, three spaces apart. One that does not fit takes a line of its own, and is broken between words only
/// if that does not hold it.
fn laid_out(parts: &[String], indent: &str) -> String {
    let mut lines = Lines { done: String::new(), line: indent.to_owned(), empty: true };
    for part in parts.iter().map(|part| flat(part)).filter(|part| !part.is_empty()) {
        if CONTINUED.len() + part.chars().count() <= WIDTH {
            lines.push(&part, "   ");
            continue;
        }
        for (index, word) in part.split(' ').enumerate() {
            lines.push(word, if index == 0 { "   " } else { " " });
        }
    }
    lines.done + lines.line.trim_end() + "\n"
}

struct Lines {
    done: String,
    line: String,
    empty: bool,
}

impl Lines {
    fn push(&mut self, text: &str, gap: &str) {
        let gap = if self.empty { "" } else { gap };
        let width = self.line.chars().count() + gap.len() + text.chars().count();
        if self.empty || width <= WIDTH {
            self.line.push_str(gap);
            self.line.push_str(text);
        } else {
            let _ = writeln!(self.done, "{}", self.line.trim_end());
            self.line = format!("{CONTINUED}{text}");
        }
        self.empty = false;
    }
}
