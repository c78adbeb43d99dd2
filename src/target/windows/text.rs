//! Texts inside Windows rules.

use crate::address::{Family, Prefix, PrefixSet};

/// The longest name or description, in bytes; far below the 10,000 characters of [MS-FASP] 2.2.37, short enough to read.
const LONGEST: usize = 400;

/// Free text as one line of printable ASCII without `|`: anything else is written as `\u{2019}`.
///
/// `|` separates the fields of a stored rule ([MS-GPFAS] 2.2.2) and cannot be escaped there. PowerShell takes the
/// typographic quotes U+2018 to U+201B for `'`, and Windows PowerShell 5.1 reads a script without byte order mark in the
/// code page of the machine, so nothing outside ASCII may stand in one.
pub(in crate::target) fn one_line(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '|' => line.push_str("\\u{7c}"),
            ' '..='~' => line.push(character),
            _ => line.extend(character.escape_unicode()),
        }
    }
    line
}

/// [`one_line`] of what fits into a name or description.
pub(super) fn short_line(text: &str) -> String {
    let line = one_line(text);
    match line.get(..LONGEST) {
        Some(start) if line.len() > LONGEST => format!("{start}..."),
        _ => line,
    }
}

/// The prefixes of a set as Windows takes them: single addresses bare, and all of a family as its two halves, because
/// a mask of length 0 is not valid and a full one is not in the stored form ([MS-GPFAS] 2.2.2).
pub(in crate::target) fn prefix_texts(prefixes: &[Prefix]) -> Vec<String> {
    let mut texts = Vec::with_capacity(prefixes.len());
    for prefix in prefixes {
        match (prefix.length(), prefix.family()) {
            (0, Family::V4) => texts.extend(["0.0.0.0/1", "128.0.0.0/1"].map(str::to_owned)),
            (0, Family::V6) => texts.extend(["::/1", "8000::/1"].map(str::to_owned)),
            _ => texts.push(prefix.to_bare()),
        }
    }
    texts
}

/// The name of a piece of a set by the part of the address space that it stands for: nothing for all of IPv4, `v6` for
/// all of IPv6, else the prefix without the characters that Windows would not have in a file name, as in its own
/// `ipv6-literal.net` names: `20.0.0.0_8`, `2603-1000--_24`.
pub(super) fn chunk_label(cover: Prefix) -> Option<String> {
    match (cover.length(), cover.family()) {
        (0, Family::V4) => None,
        (0, Family::V6) => Some("v6".to_owned()),
        _ => Some(cover.to_string().replace(':', "-").replace('/', "_")),
    }
}

/// An address that the stored form does not take: `::` and `::1` ([MS-GPFAS] 2.2.2).
pub(in crate::target) fn unwritable(set: &PrefixSet) -> bool {
    use std::net::Ipv6Addr;
    set.prefixes().any(|prefix| {
        prefix.is_host()
            && [Ipv6Addr::UNSPECIFIED, Ipv6Addr::LOCALHOST].iter().any(|one| prefix.first() == *one)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_becomes_syntax() {
        assert_eq!(
            one_line("it's \u{2018}a\u{201b}|b`$(c)\n\u{202e}"),
            r"it's \u{2018}a\u{201b}\u{7c}b`$(c)\u{a}\u{202e}"
        );
        assert!(short_line(&"x".repeat(10_000)).len() < 500);
    }

    #[test]
    fn all_of_a_family_is_two_halves() {
        let texts = |list: &[&str]| {
            let prefixes: Vec<_> = list.iter().map(|text| Prefix::parse(text).unwrap()).collect();
            prefix_texts(&prefixes)
        };
        assert_eq!(texts(&["0.0.0.0/0", "::/0"]), ["0.0.0.0/1", "128.0.0.0/1", "::/1", "8000::/1"]);
        assert_eq!(
            texts(&["10.0.0.1/32", "10.0.0.2/31", "2001:db8::1"]),
            ["10.0.0.1", "10.0.0.2/31", "2001:db8::1"]
        );
    }

    #[test]
    fn labels_differ() {
        let label = |text: &str| chunk_label(Prefix::parse(text).unwrap());
        assert_eq!(label("0.0.0.0/0"), None);
        assert_eq!(label("::/0").unwrap(), "v6");
        assert_eq!(label("20.0.0.0/8").unwrap(), "20.0.0.0_8");
        assert_eq!(label("2603:1000::/24").unwrap(), "2603-1000--_24");
    }
}
