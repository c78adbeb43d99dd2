//! Line ends, blanks before them, and the end of a file.

use super::tree::{self, Node, Part};

/// The text with clean lines, and what was changed; no step is taken that would change what the text says.
pub(super) fn tidy(text: &str) -> (String, Vec<String>) {
    let Some(meant) = tree::parse(text) else {
        return (text.to_owned(), Vec::new());
    };
    let mut text = text.to_owned();
    let mut changes = Vec::new();
    for step in [line_ends, blanks, last_line] {
        let Some((clean, change)) = tree::parse(&text).and_then(|tree| step(&text, &tree)) else {
            continue;
        };
        if tree::parse(&clean).is_some_and(|read| read.value.says_the_same(&meant.value)) {
            text = clean;
            changes.push(change);
        }
    }
    (text, changes)
}

/// What is untidy about a text, in words; nothing about one that is no YAML.
pub(in crate::catalog) fn untidy(text: &str) -> Vec<String> {
    tidy(text).1
}

type Change = Option<(String, String)>;

fn line_ends(text: &str, _: &Part) -> Change {
    let foreign = text.matches("\r\n").count();
    (foreign > 0).then(|| (text.replace("\r\n", "\n"), format!("CR LF at the end of {}", lines(foreign))))
}

fn blanks(text: &str, tree: &Part) -> Change {
    let mut kept = Vec::new();
    several_lines(text, tree, &mut kept);
    let mut clean = String::with_capacity(text.len());
    let (mut count, mut start) = (0, 0);
    for line in text.split_inclusive('\n') {
        let end = start + line.len();
        let (words, newline) = line.strip_suffix('\n').map_or((line, ""), |words| (words, "\n"));
        let trimmed = words.trim_end_matches([' ', '\t']);
        if trimmed.len() < words.len() && !kept.iter().any(|(from, to)| *from < end && start < *to) {
            count += 1;
            clean.push_str(trimmed);
        } else {
            clean.push_str(words);
        }
        clean.push_str(newline);
        start = end;
    }
    (count > 0).then(|| (clean, format!("blanks at the end of {}", lines(count))))
}

/// Texts over several lines: the blanks in them may be theirs.
fn several_lines(text: &str, part: &Part, found: &mut Vec<(usize, usize)>) {
    let bytes = part.bytes();
    if let Node::Text(_) = part.value
        && text.get(bytes.clone()).is_some_and(|words| words.contains('\n'))
    {
        found.push((bytes.start, bytes.end));
    }
    part.value.children().into_iter().for_each(|child| several_lines(text, child, found));
}

fn last_line(text: &str, _: &Part) -> Change {
    let body = text.trim_end_matches('\n');
    let clean = format!("{body}\n");
    let change = if text == body { "no newline at its end" } else { "empty lines at its end" };
    (clean != text).then(|| (clean, change.to_owned()))
}

fn lines(count: usize) -> String {
    if count == 1 { "1 line".to_owned() } else { format!("{count} lines") }
}
