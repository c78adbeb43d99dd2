//! Texts of people in one line.

/// `text` in one line without anything invisible: line ends and tabs become spaces, other control characters and those that turn the
/// direction of writing become visible escapes (`\u{202e}`).
pub(crate) fn flat(text: &str) -> String {
    let text = text.trim();
    // Nearly all texts are like this, and a build of many sites has a million of them.
    if text.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
        return text.to_owned();
    }
    let mut flat = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\n' | '\r' | '\t' => flat.push(' '),
            _ if is_unseen(character) => flat.extend(character.escape_unicode()),
            _ => flat.push(character),
        }
    }
    flat
}

/// Controls, line separators, zero-width characters and those that change the direction of writing
/// (Unicode 16.0, section 23.2 and "Trojan Source", CVE-2021-42574).
fn is_unseen(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{feff}' | '\u{200b}'..='\u{200f}')
        || matches!(character, '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{e0000}'..='\u{e007f}')
}

/// Texts joined to one, each once, in the order given.
pub(crate) fn join<T: AsRef<str>>(texts: impl IntoIterator<Item = T>) -> String {
    let mut seen: Vec<String> = Vec::new();
    for text in texts {
        let text = flat(text.as_ref());
        if !text.is_empty() && !seen.contains(&text) {
            seen.push(text);
        }
    }
    seen.join("; ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_breaks_a_line_or_hides() {
        assert_eq!(flat(" a\r\nb\tc "), "a  b c");
        assert_eq!(flat("a\u{202e}b\u{0}\u{1b}\u{85}\u{2028}c"), r"a\u{202e}b\u{0}\u{1b}\u{85}\u{2028}c");
    }

    #[test]
    fn a_text_is_said_once() {
        assert_eq!(join(["b", "a", "b", ""]), "b; a");
    }
}
