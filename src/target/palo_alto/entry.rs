//! Entries of URL lists: custom categories and external lists of type URL take the same ones.

use crate::finding::{Code, Finding};
use crate::host::{HostPattern, minimal};

/// Longest entry (guidelines for URL category exceptions).
const LIMIT: usize = 255;

/// The entries of the shortest list that holds the same names as `patterns`, sorted.
///
/// Every entry ends in a slash. Without it `*.x` also holds `a.x.evil.com` where *Append Ending Token* is off or
/// PAN-OS is older than 10.2 ([Create a Custom URL Category][custom]). `*` stands for one label or more and `*.x/`
/// does not hold `x` itself, so that a pattern with its apex needs two entries.
///
/// # Errors
/// `invalid-host` for an entry that is too long.
///
/// [custom]: https://docs.paloaltonetworks.com/advanced-url-filtering/administration/create-a-custom-url-category-pan-os
pub(super) fn entries(patterns: impl IntoIterator<Item = HostPattern>) -> Result<Vec<String>, Finding> {
    let mut entries = Vec::new();
    for pattern in minimal(patterns) {
        match pattern {
            HostPattern::Exact(name) => entries.push(format!("{name}/")),
            HostPattern::Below { suffix, apex } => {
                entries.push(format!("*.{suffix}/"));
                if apex {
                    entries.push(format!("{suffix}/"));
                }
            }
        }
    }
    entries.sort();
    match entries.iter().find(|entry| entry.len() > LIMIT) {
        None => Ok(entries),
        Some(entry) => {
            let message = format!("{entry} is longer than the {LIMIT} characters of a URL list entry");
            Err(Finding::new(Code::InvalidHost, message))
        }
    }
}

/// Whether an entry is one that [`entries`] makes.
pub(super) fn is_ours(text: &str) -> bool {
    let host = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    let Some(name) = text.strip_suffix('/') else { return false };
    let name = name.strip_prefix("*.").unwrap_or(name);
    !name.is_empty() && text.len() <= LIMIT && name.chars().all(host)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wildcards_are_strict_and_end_in_a_slash() {
        let patterns = ["*.a.net", "[*.]b.net", "c.net", "x.a.net", "login.a.net.evil"];
        let patterns = patterns.map(|text| HostPattern::parse(text).unwrap());
        let wanted = ["*.a.net/", "*.b.net/", "b.net/", "c.net/", "login.a.net.evil/"];
        assert_eq!(entries(patterns).unwrap(), wanted);
    }

    #[test]
    fn an_entry_that_no_firewall_takes_is_refused() {
        let label = "a".repeat(49);
        let suffix = format!("{label}.{label}.{label}.{label}.{label}.abc");
        assert_eq!(suffix.len(), 253);
        let pattern = HostPattern::parse(&format!("*.{suffix}")).unwrap();
        assert_eq!(entries([pattern]).unwrap_err().code, Code::InvalidHost);
    }
}
