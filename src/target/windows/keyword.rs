//! Dynamic keywords: names that Windows turns into the addresses that they resolved to.

use std::fmt::Write as _;

use serde::Serialize;
use sha2::{Digest as _, Sha256};

use crate::host::HostPattern;

/// One dynamic keyword address with `-AutoResolve` ([New-NetFirewallDynamicKeywordAddress][new]).
///
/// [new]: https://learn.microsoft.com/powershell/module/netsecurity/new-netfirewalldynamickeywordaddress
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub(in crate::target) struct Keyword {
    /// The name or `*.name`, in lower case.
    pub(in crate::target) keyword: String,
    /// Its identifier in braces, the same for the same name everywhere.
    pub(in crate::target) id: String,
}

impl Keyword {
    /// The keywords that hold `pattern`. Whether Windows lets `*.x` hold `x` is not documented, so a pattern with its
    /// apex is two keywords.
    pub(in crate::target) fn of(pattern: &HostPattern) -> Vec<Self> {
        match pattern {
            HostPattern::Exact(name) => vec![Self::new(name.as_str())],
            HostPattern::Below { suffix, apex: false } => vec![Self::new(&format!("*.{suffix}"))],
            HostPattern::Below { suffix, apex: true } => {
                vec![Self::new(&format!("*.{suffix}")), Self::new(suffix.as_str())]
            }
        }
    }

    fn new(keyword: &str) -> Self {
        Self { keyword: keyword.to_owned(), id: uuid(keyword) }
    }

    /// The first part of the identifier, for names of rules.
    pub(super) fn label(&self) -> &str {
        self.id.get(1..9).unwrap_or_default()
    }
}

/// A UUID of version 8 (RFC 9562 section 5.8) from SHA-256: 122 of its first 128 bits, version and variant in between.
fn uuid(keyword: &str) -> String {
    let digest = Sha256::digest(format!("portbook|keyword|{keyword}").as_bytes());
    let mut text = String::from("{");
    for (index, byte) in digest.iter().take(16).enumerate() {
        let byte = match index {
            6 => byte & 0x0f | 0x80,
            8 => byte & 0x3f | 0x80,
            _ => *byte,
        };
        if matches!(index, 4 | 6 | 8 | 10) {
            text.push('-');
        }
        let _ = write!(text, "{byte:02x}");
    }
    text.push('}');
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_stable_version_8_uuids() {
        let of = |text: &str| Keyword::of(&HostPattern::parse(text).unwrap());
        let [keyword] = of("*.msappproxy.net").try_into().unwrap();
        assert_eq!(keyword.keyword, "*.msappproxy.net");
        // printf 'portbook|keyword|*.msappproxy.net' | sha256sum
        assert_eq!(keyword.id, "{35b8a2ee-5327-8ee7-a193-fdd8c9613ae0}");
        assert_eq!(of("[*.]x.net").len(), 2);
        assert_eq!(of("[*.]x.net")[0], of("*.x.net")[0]);
        assert_eq!(of("[*.]x.net")[1], of("X.net")[0]);
    }
}
