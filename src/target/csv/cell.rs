//! Cells that a spreadsheet leaves as they are.

use std::borrow::Cow;

/// `text` with `'` in front if a spreadsheet would make something else of it: a formula (CWE-1236; OWASP ASVS 5.0, 1.2.10) or a date.
/// Quotes around a cell do not help against either.
pub(crate) fn safe_cell(text: &str) -> Cow<'_, str> {
    if starts_a_formula(text) || reads_as_date_or_number(text) {
        return Cow::Owned(format!("'{text}"));
    }
    Cow::Borrowed(text)
}

/// The characters of ASVS, their full-width forms, which some locales take for them, and the line feed; also behind spaces, which some
/// programs trim. `*`, as in `*.msappproxy.net`, starts no formula.
fn starts_a_formula(text: &str) -> bool {
    text.trim_start_matches(' ').starts_with([
        '=', '+', '-', '@', '\t', '\r', '\n', '\0', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}',
    ])
}

/// `1-12` becomes a day, `1-2000` a month and `1e5` a number; `3268-3269` and `49152-65535` stay.
fn reads_as_date_or_number(text: &str) -> bool {
    let Some((first, last)) = text.split_once(['-', '/', 'e', 'E']) else {
        return false;
    };
    let digits = |part: &str, most: usize| {
        (1..=most).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit())
    };
    if text.contains(['e', 'E']) {
        digits(first, 64) && digits(last, 64)
    } else {
        digits(first, 2) && digits(last, 4)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_becomes_a_formula_or_a_date() {
        for text in [
            "=1+1",
            "+1",
            "-1",
            "@SUM(A1)",
            "\t=1",
            "\r=1",
            "\0=1",
            "  =1",
            "\u{ff1d}1",
            "1-12",
            "31/12",
            "12-2049",
            "1e5",
        ] {
            assert_eq!(safe_cell(text), format!("'{text}"), "{text:?}");
        }
        for text in [
            "*.msappproxy.net",
            "443",
            "3268-3269",
            "49152-65535",
            "",
            "10.0.0.0/8",
            "login.windows.net",
            "r-aaaaaaaaaa",
            "'x",
        ] {
            assert_eq!(safe_cell(text), text);
        }
    }
}
