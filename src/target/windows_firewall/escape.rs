//! Texts in PowerShell scripts.

use crate::target::Filter;

/// The filters of the templates of this target.
pub(crate) const FILTERS: &[Filter] =
    &[("ps_string", string), ("ps_comment", comment), ("ps_addresses", addresses)];

/// A single-quoted string ([about_Quoting_Rules][quoting]): nothing is expanded in it, and `'` is doubled. Only printable ASCII is taken: a
/// line break would go on in the next line, and U+2018 to U+201B would end the string.
///
/// [quoting]: https://learn.microsoft.com/powershell/module/microsoft.powershell.core/about/about_quoting_rules
fn string(text: &str) -> Result<String, String> {
    match text.chars().find(|character| !matches!(character, ' '..='~')) {
        Some(character) => Err(format!("{} cannot stand in a string", character.escape_unicode())),
        None => Ok(format!("'{}'", text.replace('\'', "''"))),
    }
}

/// Text behind `#`, or inside `<# #>`: one line of printable ASCII that does not end a block.
#[allow(clippy::unnecessary_wraps, reason = "the form of a filter")]
fn comment(text: &str) -> Result<String, String> {
    let mut line = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '#' | ' '..='~' if !(character == '>' && line.ends_with('#')) => line.push(character),
            ' '..='~' => line.extend([' ', character]),
            _ => line.extend(character.escape_unicode()),
        }
    }
    Ok(line)
}

/// Prefixes, one a line, as elements of an array, one a line.
fn addresses(block: &str) -> Result<String, String> {
    let mut lines = String::with_capacity(block.len() * 2);
    for line in block.lines() {
        let fine = line.chars().all(|character| matches!(character, '0'..='9' | 'a'..='f' | '.' | ':' | '/'));
        if line.is_empty() || !fine {
            return Err(format!("`{}` is not a prefix", line.escape_debug()));
        }
        lines.push_str("            '");
        lines.push_str(line);
        lines.push_str("'\n");
    }
    if lines.is_empty() { Err("the list is empty".to_owned()) } else { Ok(lines) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_hold_or_refuse_hostile_text() {
        assert_eq!(string("it's `$(x)` \"q\"").unwrap(), "'it''s `$(x)` \"q\"'");
        for text in ["a\nb", "a\rb", "\u{2018}", "\u{2019}", "\u{201a}", "\u{201b}", "\u{202e}", "\0", "é"] {
            assert!(string(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn comments_stay_comments() {
        assert_eq!(
            comment("a #> b <# c\nRemove-Item \u{2019}").unwrap(),
            r"a # > b <# c\u{a}Remove-Item \u{2019}"
        );
    }

    #[test]
    fn blocks_hold_prefixes_only() {
        assert_eq!(
            addresses("10.0.0.0/8\n2001:db8::1").unwrap(),
            "            '10.0.0.0/8'\n            '2001:db8::1'\n"
        );
        for block in ["", "10.0.0.0/8\n\n10.0.0.1", "Any", "10.0.0.1'; 'x", "10.0.0.1\r\n10.0.0.2 "] {
            assert!(addresses(block).is_err(), "{block:?}");
        }
    }
}
