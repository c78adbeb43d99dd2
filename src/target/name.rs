//! Names of objects in products: from what they stand for, in an alphabet that needs no quotes, as long as fits.

use sha2::{Digest as _, Sha256};

use crate::rule::base32;

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
fn hash(key: &str) -> String {
    base32(&Sha256::digest(key.as_bytes()), 6)
}

/// Letters, digits, hyphens, underscores and dots: what every product takes without quotes.
pub(super) fn is_name_character(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_and_odd_names_keep_apart() {
        let long = "x".repeat(70);
        let longer = "x".repeat(71);
        assert_eq!(fitted(&long, 63).len(), 63);
        assert_ne!(fitted(&long, 63), fitted(&longer, 63));
        assert_ne!(fitted("a b", 63), fitted("a:b", 63));
        assert_eq!(fitted("pb-a.b_c", 63), "pb-a.b_c");
    }
}
