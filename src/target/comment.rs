//! Text inside the comments of line-oriented formats: Squid's `#`, JavaScript's `//`.

/// The longest line of a comment in bytes, once it is escaped. Squid reads lines in pieces of 8,191 bytes and takes the
/// second piece for a directive (tried on 5.7); `ipset restore` does so behind 1,023 bytes (tried on 7.17).
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

/// How many bytes a text takes once it is escaped.
fn width(text: &str) -> usize {
    text.chars().map(width_of).sum()
}

fn width_of(character: char) -> usize {
    match character {
        ' '..='~' => 1,
        _ => character.escape_unicode().len(),
    }
}

/// Escapes one line for a comment.
///
/// # Errors
/// When it is longer than [`wrap`] leaves it: cutting it would lose what it says.
pub(super) fn line(text: &str) -> Result<String, String> {
    match width(text) {
        0..=LONGEST => Ok(escape(text)),
        width => Err(format!("a comment of {width} bytes; {LONGEST} fit in a line")),
    }
}

/// Breaks `text` into lines for comments, between words where that is possible.
pub(super) fn wrap(text: &str) -> Vec<String> {
    if width(text) <= LONGEST && !text.starts_with(' ') {
        return vec![text.to_owned()];
    }
    let mut lines = Vec::new();
    let mut current = String::new();
    for word in text.split(' ').flat_map(pieces) {
        if !current.is_empty() && width(&current) + 1 + width(&word) > LONGEST {
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
    let mut pieces = vec![String::new()];
    let mut used = 0;
    for character in word.chars() {
        let width = width_of(character);
        if used + width > LONGEST {
            pieces.push(String::new());
            used = 0;
        }
        used += width;
        if let Some(piece) = pieces.last_mut() {
            piece.push(character);
        }
    }
    pieces
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
        // ipset 7.17 runs what stands behind byte 1,023 of a line, of a comment too.
        let hostile = format!("{} {}", "\u{202e}".repeat(390), "\u{1f600} ".repeat(300));
        assert!(wrap(&hostile).iter().all(|text| line(text).unwrap().len() <= LONGEST));
        assert_eq!(wrap("two  spaces "), ["two  spaces "]);
        assert_eq!(wrap(" in front"), ["in front"]);
    }
}
