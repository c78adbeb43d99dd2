//! Names of objects: from what they stand for, in the alphabet and length that PAN-OS takes.
//!
//! Everything is named `pb-...` or `portbook...`, so that nothing of the user's is ever overwritten or deleted.

pub(super) use crate::target::name::{fitted, is_name_character, marked};

/// Longest name of addresses, groups, services and rules (PaloAltoNetworks/pan-os-codegen, `specs`).
pub(super) const OBJECT: usize = 63;
/// Length to which names of custom URL categories are kept: the specs give no limit, and older releases took 31 or 32
/// characters for names of this kind (external dynamic lists, PAN-OS 7.1).
pub(super) const CATEGORY: usize = 31;
/// The tag of every rule.
pub(super) const TAG: &str = "portbook";

/// Whether a name is one that Portbook gives: nothing else is ever deleted.
pub(super) fn is_ours(name: &str) -> bool {
    let prefixed = name == TAG || name.starts_with("pb-") || name.starts_with("portbook-");
    prefixed && name.len() <= OBJECT && name.chars().all(is_name_character)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_the_text_the_name_is_ours() {
        assert!(is_ours(&fitted("portbook-\u{202e}\n\"", OBJECT)));
    }

    #[test]
    fn foreign_names_are_not_ours() {
        for name in ["", "allow-all", "pb", "portbook2", "pb-a b", "pb-\"", "pb-a\n", "Pb-a"] {
            assert!(!is_ours(name), "{name:?}");
        }
    }
}
