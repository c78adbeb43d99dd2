//! Texts that stay texts in Markdown.

use crate::address::Prefix;
use crate::target::document::flat;

/// `text` in one line with every character escaped that could start markup: emphasis, code, links, HTML, entities, tables, strike-through,
/// formulas and mentions (`CommonMark` 0.31 section 2.4: a backslash before ASCII punctuation makes it literal; GFM sections 4.10, 6.5, 6.9).
pub(crate) fn text(text: &str) -> String {
    let flat = flat(text);
    let mut escaped = String::with_capacity(flat.len() + 8);
    let mut rest = flat.chars().peekable();
    while let Some(character) = rest.next() {
        if always(character)
            || starts_a_block(character, &escaped, rest.peek())
            || starts_a_link(character, &escaped)
        {
            escaped.push('\\');
        }
        escaped.push(character);
    }
    escaped
}

fn always(character: char) -> bool {
    matches!(
        character,
        '\\' | '`'
            | '*'
            | '_'
            | '{'
            | '}'
            | '['
            | ']'
            | '<'
            | '>'
            | '|'
            | '~'
            | '&'
            | '$'
            | '@'
            | '#'
            | '!'
            | '^'
    )
}

/// `- x`, `+ x`, `= x` and `1. x` in front of a text.
fn starts_a_block(character: char, before: &str, next: Option<&char>) -> bool {
    match character {
        '-' | '+' | '=' => before.is_empty(),
        '.' | ')' => {
            let ends = next.is_none_or(|next| next.is_whitespace());
            ends && !before.is_empty() && before.bytes().all(|byte| byte.is_ascii_digit())
        }
        _ => false,
    }
}

/// GFM makes links of `http://`, `mailto:` and `www.` by themselves (GFM section 6.9).
fn starts_a_link(character: char, before: &str) -> bool {
    let ends_in = |words: &[&str]| words.iter().any(|word| ends_in_word(before, word));
    match character {
        ':' => ends_in(&["http", "https", "ftp", "mailto", "xmpp"]),
        '.' => ends_in(&["www"]),
        _ => false,
    }
}

fn ends_in_word(text: &str, word: &str) -> bool {
    let start = text.len().checked_sub(word.len());
    start.and_then(|start| text.get(start..)).is_some_and(|end| end.eq_ignore_ascii_case(word))
}

/// `text` as a code span. Nothing can be escaped in one, so a text with a back-quote, a bar or a backslash, or anything that is not
/// printable ASCII, is refused.
pub(super) fn code(text: &str) -> Result<String, String> {
    let fine = |c: char| (c.is_ascii_graphic() || c == ' ') && !matches!(c, '`' | '|' | '\\');
    if !text.is_empty() && text.trim() == text && text.chars().all(fine) {
        return Ok(format!("`{text}`"));
    }
    Err(format!("`{}` cannot stand in a code span", text.escape_debug()))
}

/// Lines of one prefix, at least one, as the content of a code block: no such line ends one (`CommonMark` 0.31 section 4.5).
pub(super) fn prefixes(text: &str) -> Result<String, String> {
    let body = text.strip_suffix('\n').ok_or("a block of lines ends in a line break")?;
    match body.split('\n').find(|line| Prefix::parse(line).is_err()) {
        None => Ok(text.to_owned()),
        Some(line) => Err(format!("`{}` is no prefix", line.escape_debug())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_becomes_markup() {
        for (given, wanted) in [
            ("a|b", r"a\|b"),
            ("`x`", r"\`x\`"),
            ("<script>alert(1)</script>", r"\<script\>alert(1)\</script\>"),
            ("[a](b)", r"\[a\](b)"),
            ("a\nb\r\n# c", r"a b  \# c"),
            ("*.x_y", r"\*.x\_y"),
            ("- item", r"\- item"),
            ("1. item", r"1\. item"),
            ("http://x www.y mail@z", r"http\://x www\.y mail\@z"),
            ("ports: 443, tag:A, 10.0.0.0/8, 2001:db8::1", "ports: 443, tag:A, 10.0.0.0/8, 2001:db8::1"),
            ("a\u{202e}b", r"a\\u\{202e\}b"),
            ("", ""),
        ] {
            assert_eq!(text(given), wanted, "{given:?}");
        }
    }

    #[test]
    fn code_refuses_what_would_end_it() {
        assert_eq!(code("*.msappproxy.net").unwrap(), "`*.msappproxy.net`");
        for text in ["", "a`b", "a|b", r"a\b", "a\nb", " a", "é", "\u{202e}"] {
            assert!(code(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn a_block_of_prefixes_holds_nothing_else() {
        assert!(prefixes("10.0.0.0/8\n2001:db8::/32\n").is_ok());
        for text in ["", "\n", "10.0.0.0/8", "10.0.0.0/8\n\n", "10.0.0.0/8 x\n", "10.0.0.0/8\n```\n", "any\n"]
        {
            assert!(prefixes(text).is_err(), "{text:?}");
        }
    }
}
