//! Lines and words of Squid's configuration.

/// A logical line: joined where one ends in a backslash, without comments.
pub(super) struct Line {
    /// The number of its first line, from 1.
    pub(super) number: usize,
    /// Its words; a quoted one keeps its first quote.
    pub(super) words: Vec<String>,
    /// Its words with one space between them.
    pub(super) text: String,
}

/// Logical lines that say something.
pub(super) fn lines(text: &str) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut physical = text.lines().enumerate();
    while let Some((index, first)) = physical.next() {
        if first.trim_start().starts_with('#') {
            continue;
        }
        let mut joined = first.trim_end().to_owned();
        while let Some(front) = joined.strip_suffix('\\') {
            let next = physical.next().map(|(_, next)| next.trim()).unwrap_or_default();
            joined = format!("{front} {next}");
        }
        let words = words(&joined);
        if !words.is_empty() {
            lines.push(Line { number: index + 1, text: words.join(" "), words });
        }
    }
    lines
}

/// Words up to a comment.
fn words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut rest = line.trim_start();
    while let Some(first) = rest.chars().next().filter(|first| *first != '#') {
        let end = match first {
            '"' => rest.get(1..).and_then(|inner| inner.find('"')).map_or(rest.len(), |end| end + 2),
            _ => rest.find(char::is_whitespace).unwrap_or(rest.len()),
        };
        let (word, behind) = rest.split_at_checked(end).unwrap_or((rest, ""));
        words.push(word.to_owned());
        rest = behind.trim_start();
    }
    words
}

/// The values of a file that an acl names: one a line, without comments.
pub(super) fn values(text: &str) -> Vec<String> {
    let lines = text.lines().map(|line| without_comment(line).trim());
    lines.filter(|line| !line.is_empty()).map(str::to_owned).collect()
}

/// A comment starts a line, or stands behind a blank; elsewhere `#` is a character like others.
fn without_comment(line: &str) -> &str {
    let mut behind_blank = true;
    for (index, character) in line.char_indices() {
        if character == '#' && behind_blank {
            return line.get(..index).unwrap_or(line);
        }
        behind_blank = character.is_whitespace();
    }
    line
}
