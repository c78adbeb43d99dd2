//! Names of objects: from what they stand for, in the alphabet and length that PAN-OS takes.
//!
//! Everything is named `pb-...` or `portbook...`, so that nothing of the user's is ever overwritten or deleted.

use sha2::{Digest as _, Sha256};

use crate::rule::base32;

/// Longest name of addresses, groups, services and rules (PaloAltoNetworks/pan-os-codegen, `specs`).
pub(super) const OBJECT: usize = 63;
/// Length to which names of custom URL categories are kept: the specs give no limit, and older releases took 31 or 32
/// characters for names of this kind (external dynamic lists, PAN-OS 7.1).
pub(super) const CATEGORY: usize = 31;
/// The tag of every rule.
pub(super) const TAG: &str = "portbook";

/// `text` if it is a name of at most `limit` characters; else as much of it as fits, and a hash of all of it.
pub(super) fn fitted(text: &str, limit: usize) -> String {
    if text.len() <= limit && text.chars().all(is_name_character) {
        return text.to_owned();
    }
    marked(text, text, limit)
}

/// As much of `text` as fits into `limit`, and a hash of `key`, which says what the object stands for. So a name
/// depends on its own object only: no other rule that comes or goes renames it.
pub(super) fn marked(text: &str, key: &str, limit: usize) -> String {
    let mark = hash(key);
    let room = limit.saturating_sub(mark.len() + 1);
    let clean: String = text.chars().map(|c| if is_name_character(c) { c } else { '-' }).take(room).collect();
    format!("{}-{mark}", clean.trim_end_matches(['-', '.', '_']))
}

/// 30 bits; a collision is found when names are handed out.
pub(super) fn hash(key: &str) -> String {
    base32(&Sha256::digest(key.as_bytes()), 6)
}

/// Letters, digits, hyphens, underscores and dots. PAN-OS also takes spaces, which would need quotes.
pub(super) fn is_name_character(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.')
}

/// Whether a name is one that Portbook gives: nothing else is ever deleted.
pub(super) fn is_ours(name: &str) -> bool {
    let prefixed = name == TAG || name.starts_with("pb-") || name.starts_with("portbook-");
    prefixed && name.len() <= OBJECT && name.chars().all(is_name_character)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_and_odd_names_keep_apart() {
        let long = "x".repeat(70);
        let longer = "x".repeat(71);
        assert_eq!(fitted(&long, OBJECT).len(), OBJECT);
        assert_ne!(fitted(&long, OBJECT), fitted(&longer, OBJECT));
        assert_ne!(fitted("a b", OBJECT), fitted("a:b", OBJECT));
        assert_eq!(fitted("pb-a.b_c", OBJECT), "pb-a.b_c");
        assert!(is_ours(&fitted("portbook-\u{202e}\n\"", OBJECT)));
    }

    #[test]
    fn foreign_names_are_not_ours() {
        for name in ["", "allow-all", "pb", "portbook2", "pb-a b", "pb-\"", "pb-a\n", "Pb-a"] {
            assert!(!is_ours(name), "{name:?}");
        }
    }
}
