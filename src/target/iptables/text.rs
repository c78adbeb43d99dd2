//! What makes a text safe in the files of iptables-restore and ipset, or refuses it.

use crate::address::{PortRange, Prefix};
use crate::target::name::is_name_character;
use crate::target::{Filter, comment};

/// The filters of the templates of this target.
pub(super) const FILTERS: &[Filter] = &[
    ("ipt_comment", comment::line),
    ("ipt_name", ipt_name),
    ("ipt_word", ipt_word),
    ("ipt_ports", ipt_ports),
    ("ipt_label", ipt_label),
    ("ipt_entries", ipt_entries),
];

/// The name of a chain or set.
fn ipt_name(text: &str) -> Result<String, String> {
    let fine = text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.len() <= super::SET
        && text.chars().all(is_name_character);
    if fine { Ok(text.to_owned()) } else { Err(format!("`{}` is not a name", text.escape_debug())) }
}

/// A word of the language that depends on a rule.
fn ipt_word(text: &str) -> Result<String, String> {
    match text {
        "tcp" | "udp" | "inet" | "inet6" => Ok(text.to_owned()),
        _ => Err(format!("`{}` is no word of a rule", text.escape_debug())),
    }
}

/// Ports and ranges of them (`49152:65535`) with commas between.
fn ipt_ports(text: &str) -> Result<String, String> {
    for part in text.split(',') {
        PortRange::parse(&part.replacen(':', "-", 1)).map_err(|error| error.to_string())?;
    }
    Ok(text.to_owned())
}

/// What stands between the quotes of a rule's comment.
fn ipt_label(text: &str) -> Result<String, String> {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, ' ' | '-' | '+');
    if text.len() <= super::COMMENT && text.chars().all(plain) {
        Ok(text.to_owned())
    } else {
        Err(format!("`{}` is not a label", text.escape_debug()))
    }
}

/// Lines `add NAME PREFIX`, at least one.
fn ipt_entries(text: &str) -> Result<String, String> {
    let body = text.strip_suffix('\n').ok_or("a block of lines ends in a line break")?;
    for line in body.split('\n') {
        let words: Vec<&str> = line.split(' ').collect();
        let fine = match words.as_slice() {
            ["add", name, prefix] => {
                ipt_name(name).is_ok() && Prefix::parse(prefix).is_ok_and(|prefix| prefix.length() > 0)
            }
            _ => false,
        };
        if !fine {
            return Err(format!("`{}` is not an entry of a set", line.escape_debug()));
        }
    }
    Ok(text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_becomes_syntax() {
        for text in ["", "-A", "1a", "a b", "a\nb", "a\"b", "a;b", &"a".repeat(32)] {
            assert!(ipt_name(text).is_err(), "{text:?}");
        }
        for text in ["all", "tcp -j", "", "TCP"] {
            assert!(ipt_word(text).is_err(), "{text:?}");
        }
        for text in ["", "443,", "0", "443 -j ACCEPT", "1:2:3", "443\n", "5:4", ":5"] {
            assert!(ipt_ports(text).is_err(), "{text:?}");
        }
        assert!(ipt_ports("80,443,49152:65535").is_ok());
        for text in ["a\" -j ACCEPT", "a\n", &"x".repeat(256), "a\\"] {
            assert!(ipt_label(text).is_err(), "{text:?}");
        }
        for text in
            ["", "\n", "add a 0.0.0.0/0\n", "add a 10.0.0.1", "add a 10.0.0.1 nomatch\n", "del a 10.0.0.1\n"]
        {
            assert!(ipt_entries(text).is_err(), "{text:?}");
        }
        assert!(ipt_entries("add a 10.0.0.1\nadd a fd00::/8\n").is_ok());
    }
}
