//! What makes a text safe in a file of nft, or refuses it.

use crate::address::{PortRange, Prefix};
use crate::target::name::is_name_character;
use crate::target::{Filter, comment};

/// The filters of the templates of this target.
pub(super) const FILTERS: &[Filter] = &[
    ("nft_comment", nft_comment),
    ("nft_name", nft_name),
    ("nft_word", nft_word),
    ("nft_ports", nft_ports),
    ("nft_label", nft_label),
    ("nft_elements", nft_elements),
];

/// A line behind `# `.
fn nft_comment(text: &str) -> Result<String, String> {
    let text = comment::line(text)?;
    // nft joins a line that ends in a backslash with the next one.
    Ok(match text.strip_suffix('\\') {
        Some(front) => format!("{front}\\u{{5c}}"),
        None => text,
    })
}

/// The name of a table, chain or set.
fn nft_name(text: &str) -> Result<String, String> {
    let fine = text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.len() <= 63
        && text.chars().all(is_name_character);
    if fine { Ok(text.to_owned()) } else { Err(format!("`{}` is not a name", text.escape_debug())) }
}

/// A word of the language that depends on a rule.
fn nft_word(text: &str) -> Result<String, String> {
    match text {
        "ip" | "ip6" | "tcp" | "udp" | "ipv4_addr" | "ipv6_addr" => Ok(text.to_owned()),
        _ => Err(format!("`{}` is no word of a rule", text.escape_debug())),
    }
}

/// Ports and ranges of them with `, ` between.
fn nft_ports(text: &str) -> Result<String, String> {
    for part in text.split(", ") {
        PortRange::parse(part).map_err(|error| error.to_string())?;
    }
    Ok(text.to_owned())
}

/// What stands between the quotes of a rule's comment.
fn nft_label(text: &str) -> Result<String, String> {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, ' ' | '-' | '+');
    if text.len() <= super::COMMENT && text.chars().all(plain) {
        Ok(text.to_owned())
    } else {
        Err(format!("`{}` is not a label", text.escape_debug()))
    }
}

/// Lines of one prefix and a comma, at least one: `elements = { }` is an error to nft.
fn nft_elements(text: &str) -> Result<String, String> {
    let body = text.strip_suffix('\n').ok_or("a block of lines ends in a line break")?;
    for line in body.split('\n') {
        let prefix = line.strip_prefix("\t\t\t").and_then(|line| line.strip_suffix(','));
        if !prefix.is_some_and(|prefix| Prefix::parse(prefix).is_ok_and(|prefix| prefix.length() > 0)) {
            return Err(format!("`{}` is not a line of a set", line.escape_debug()));
        }
    }
    Ok(text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_becomes_syntax() {
        for text in ["", "1a", "a b", "a;b", "a\nb", "a\"b", "a}", "@a", "$a", "é"] {
            assert!(nft_name(text).is_err(), "{text:?}");
        }
        for text in ["accept", "tcp accept", "", "IP"] {
            assert!(nft_word(text).is_err(), "{text:?}");
        }
        for text in ["", "443,", "0", "443; accept", "443 }"] {
            assert!(nft_ports(text).is_err(), "{text:?}");
        }
        for text in ["a\" accept", "a\n", &"x".repeat(129), "a\\"] {
            assert!(nft_label(text).is_err(), "{text:?}");
        }
        for text in
            ["", "\n", "\t\t\t0.0.0.0/0,\n", "\t\t\t10.0.0.1\n", "\t\t\t10.0.0.1,\n}\n", "10.0.0.1,\n"]
        {
            assert!(nft_elements(text).is_err(), "{text:?}");
        }
        assert!(nft_elements("\t\t\t10.0.0.1,\n\t\t\tfd00::/8,\n").is_ok());
        assert_eq!(nft_comment("a\nadd rule\\").unwrap(), "a\\u{a}add rule\\u{5c}");
    }
}
