//! Texts in HTML, by context.

use crate::target::{Filter, flat};

/// The filters of the templates of this module.
pub(super) const FILTERS: &[Filter] =
    &[("html", html), ("attr", attribute), ("token", token), ("path", path)];

/// Text between tags. Never ends an element, starts none and is no character reference ([HTML, 13.1.4][text]); what cannot be seen or
/// turns the direction of writing is shown as `\u{202e}`, and so is what HTML forbids in a stream (noncharacters).
///
/// [text]: https://html.spec.whatwg.org/multipage/syntax.html#character-references
#[allow(clippy::unnecessary_wraps, reason = "the form of a filter")]
fn html(text: &str) -> Result<String, String> {
    Ok(escaped(&shown(text)))
}

/// Text between the double quotes of an attribute that holds words, never an address, a style or a script.
fn attribute(text: &str) -> Result<String, String> {
    html(text)
}

/// A name of the page's own, such as a class or an anchor.
fn token(text: &str) -> Result<String, String> {
    let fine = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if !text.is_empty() && text.chars().all(fine) {
        return Ok(text.to_owned());
    }
    Err(format!("`{}` is no name of the page's own", text.escape_debug()))
}

/// A line of a drawing.
fn path(text: &str) -> Result<String, String> {
    let fine = |c: char| {
        matches!(c, 'M' | 'H' | 'V' | 'C' | 'L' | 'z' | 'h' | 'v' | 'l' | ' ' | ',' | '-' | '0'..='9')
    };
    if text.chars().all(fine) {
        return Ok(text.to_owned());
    }
    Err(format!("`{}` is no line of a drawing", text.escape_debug()))
}

/// The text in one line, with everything in it visible.
pub(super) fn shown(text: &str) -> String {
    let flat = flat(text);
    if !flat.chars().any(is_noncharacter) {
        return flat;
    }
    let visible = |c: char| if is_noncharacter(c) { c.escape_unicode().to_string() } else { c.to_string() };
    flat.chars().map(visible).collect()
}

/// The code points that never stand for a character (Unicode 16.0, section 23.7).
fn is_noncharacter(c: char) -> bool {
    matches!(c, '\u{fdd0}'..='\u{fdef}') || u32::from(c) & 0xfffe == 0xfffe
}

fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            '`' => escaped.push_str("&#96;"),
            _ => escaped.push(character),
        }
    }
    escaped
}

/// Prefixes as items of a list: a block that a template prints at once. Refuses what is no prefix.
///
/// # Errors
/// The text that is not made of the characters of prefixes.
pub(super) fn prefixes(prefixes: &[String]) -> Result<String, String> {
    let mut items = String::with_capacity(prefixes.len() * 28);
    for prefix in prefixes {
        let fine = |c: char| matches!(c, '0'..='9' | 'a'..='f' | '.' | ':' | '/');
        if prefix.is_empty() || !prefix.chars().all(fine) {
            return Err(format!("`{}` is not a prefix", prefix.escape_debug()));
        }
        items.push_str("<li>");
        items.push_str(prefix);
        items.push('\n');
    }
    Ok(items)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_becomes_markup_or_hides() {
        for (given, wanted) in [
            ("</script><script>alert(1)", "&lt;/script&gt;&lt;script&gt;alert(1)"),
            ("\" onload='x' `", "&quot; onload=&#39;x&#39; &#96;"),
            ("&lt;", "&amp;lt;"),
            ("a\u{0}b\u{202e}c\u{61c}\u{2066}", r"a\u{0}b\u{202e}c\u{61c}\u{2066}"),
            ("a\u{fffe}\u{fdd0}\u{1ffff}", r"a\u{fffe}\u{fdd0}\u{1ffff}"),
            ("a\nb", "a b"),
            ("Zürich", "Zürich"),
        ] {
            assert_eq!(html(given).unwrap(), wanted);
            assert_eq!(attribute(given).unwrap(), wanted);
        }
    }

    #[test]
    fn names_lines_and_prefixes_are_refused_if_they_are_none() {
        assert_eq!(token("s1-rule-12").unwrap(), "s1-rule-12");
        assert_eq!(path("M1,2 C3,-4 5,6 7,8z").unwrap(), "M1,2 C3,-4 5,6 7,8z");
        assert_eq!(
            prefixes(&["10.0.0.0/8".into(), "2001:db8::/32".into()]).unwrap(),
            "<li>10.0.0.0/8\n<li>2001:db8::/32\n"
        );
        for text in ["", "a b", "a\"", "É", "A"] {
            assert!(token(text).is_err(), "{text:?}");
        }
        assert!(path("M1,2\" onload=\"").is_err());
        for text in ["", "<b>", "10.0.0.0/8\n", "x"] {
            assert!(prefixes(&[text.to_owned()]).is_err(), "{text:?}");
        }
    }
}
