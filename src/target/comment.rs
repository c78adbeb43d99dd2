//! Text inside the comments of line-oriented formats: Squid's `#`, JavaScript's `//`.

/// The longest line of a comment in characters, before escaping. Squid reads lines in pieces of 8,191 bytes and takes
/// the second piece for a directive (tried on 5.7); an escaped character takes at most ten bytes.
const LONGEST: usize = 400;

/// `text` with everything but printable ASCII written as `\u{..}`, so that no line break of any language ends the
/// comment and no bidirectional mark turns its letters around.
pub(crate) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        if matches!(character, ' '..='~') {
            escaped.push(character);
        } else {
            escaped.extend(character.escape_unicode());
        }
    }
    escaped
}

/// Escapes one line for a comment.
///
/// # Errors
/// When it is longer than [`wrap`] leaves it: cutting it would lose what it says.
pub(super) fn line(text: &str) -> Result<String, String> {
    match text.chars().count() {
        0..=LONGEST => Ok(escape(text)),
        length => Err(format!("a comment of {length} characters; {LONGEST} fit in a line")),
    }
}

/// Breaks `text` into lines for comments, between words where that is possible.
pub(super) fn wrap(text: &str) -> Vec<String> {
    // Bytes are no fewer than characters.
    if text.len() <= LONGEST && !text.starts_with(' ') {
        return vec![text.to_owned()];
    }
    let mut lines = Vec::new();
    let mut current = String::new();
    for word in text.split(' ').flat_map(pieces) {
        if !current.is_empty() && current.chars().count() + 1 + word.chars().count() > LONGEST {
            lines.push(std::mem::take(&mut current));
        }
        if !current.is_empty() {
            current.push(' ');
        }
        current.push_str(&word);
    }
    lines.push(current);
    lines
}

/// A word that is longer than a line, in pieces.
fn pieces(word: &str) -> Vec<String> {
    let characters: Vec<char> = word.chars().collect();
    if characters.is_empty() {
        return vec![String::new()];
    }
    characters.chunks(LONGEST).map(|piece| piece.iter().collect()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_hold_no_line_break_and_no_mark() {
        let hostile = "a\nb\r\u{2028}\u{2029}\u{85}\u{202e}\u{0}é*/";
        let escaped = line(hostile).unwrap();
        assert!(escaped.chars().all(|c| c.is_ascii_graphic() || c == ' '), "{escaped}");
        assert_eq!(escaped, r"a\u{a}b\u{d}\u{2028}\u{2029}\u{85}\u{202e}\u{0}\u{e9}*/");
        assert!(line(&"x".repeat(401)).is_err());
    }

    #[test]
    fn long_text_is_wrapped_and_nothing_is_lost() {
        let text = format!("{} {}", "word ".repeat(200).trim_end(), "x".repeat(900));
        let lines = wrap(&text);
        assert!(lines.iter().all(|text| line(text).is_ok()));
        assert_eq!(lines.concat().replace(' ', ""), text.replace(' ', ""));
        assert_eq!(wrap("short"), ["short"]);
        assert_eq!(wrap("two  spaces "), ["two  spaces "]);
        assert_eq!(wrap(" in front"), ["in front"]);
    }
}
