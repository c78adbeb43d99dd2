//! Names of acls.

use std::collections::BTreeMap;

use sha2::{Digest as _, Sha256};

use crate::finding::{Code, Finding};
use crate::rule::base32;
use crate::site::SiteName;

/// The longest name: Squid's `ACL_NAME_SZ` is 64 with its end, 5.7 refuses 64 characters, and `!name` is a name too.
pub(super) const LONGEST: usize = 60;

/// Room for `_hosts`, the longest kind.
const KIND: usize = 6;

/// Gives names that say who, which ports and what, that stay when hosts come and go, and that never stand for two
/// things: Squid would silently join the two lists.
#[derive(Debug)]
pub(super) struct Names {
    site: String,
    taken: BTreeMap<String, String>,
}

impl Names {
    /// Names of one site; the default site is not named.
    pub(super) fn new(site: &SiteName) -> Self {
        let site = if *site == SiteName::default() { String::new() } else { format!("{site}_") };
        Self { site, taken: BTreeMap::new() }
    }

    /// `portbook_[SITE_]WHO[_PORTS][_KIND]` for what `content` tells from all else.
    ///
    /// # Errors
    /// `invalid-name` when the name already stands for another content.
    pub(super) fn name(
        &mut self,
        who: &str,
        ports: &str,
        kind: &str,
        content: &str,
    ) -> Result<String, Finding> {
        let most = if kind.is_empty() { LONGEST } else { LONGEST - KIND };
        let mut name = fitting(&format!("{}{who}", self.site), ports, most);
        if !kind.is_empty() {
            name = format!("{name}_{kind}");
        }
        // Squid compares names without regard to case.
        let owner = self.taken.entry(name.to_lowercase()).or_insert_with(|| content.to_owned());
        if owner == content {
            return Ok(name);
        }
        let message = format!("squid: the acl name `{name}` would stand for two lists");
        Err(Finding::new(Code::InvalidName, message).help("rename one of the hosts or the site"))
    }
}

/// The whole name if it has at most `most` characters; else it is cut, and a digest of the whole tells it from its like.
fn fitting(stem: &str, ports: &str, most: usize) -> String {
    let tail = if ports.is_empty() { String::new() } else { format!("_{ports}") };
    let whole = format!("portbook_{stem}{tail}");
    if whole.len() <= most {
        return whole;
    }
    let digest = base32(&Sha256::digest(whole.to_lowercase().as_bytes()), 4);
    let room = |tail: &str| (most - "portbook_-".len() - digest.len()).checked_sub(tail.len());
    let (room, tail) = match room(&tail) {
        Some(room) if room >= 4 => (room, tail.as_str()),
        _ => (room("").unwrap_or_default(), ""),
    };
    let stem: String = stem.chars().take(room).collect();
    format!("portbook_{}-{digest}{tail}", stem.trim_end_matches(['-', '.', '_']))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_fit_and_tell_apart() {
        let mut names = Names::new(&SiteName::default());
        assert_eq!(names.name("agents", "443", "hosts", "1").unwrap(), "portbook_agents_443_hosts");
        let role = "password-protection-dc-agent-of-the-second-forest-in-berlin";
        let long = names.name(role, "443", "hosts", "2").unwrap();
        let other = names.name(&format!("{role}-2"), "443", "hosts", "3").unwrap();
        let apex = names.name(role, "443", "apex", "4").unwrap();
        let dynamic = names.name("a", "80.443.8080.49152-65535", "hosts", "5").unwrap();
        for name in [&long, &other, &apex, &dynamic] {
            assert!(name.len() <= LONGEST, "{name}");
        }
        assert!(
            long.starts_with("portbook_password-protection-dc-agent-") && long.ends_with("_443_hosts"),
            "{long}"
        );
        assert!(long != other && long.replace("_hosts", "_apex") == apex);
        assert!(names.name("agents", "443", "hosts", "9").is_err());
        assert!(names.name("AGENTS", "443", "hosts", "9").is_err());
    }

    #[test]
    fn a_site_stands_in_its_names() {
        let mut names = Names::new(&SiteName::parse("hq").unwrap());
        assert_eq!(names.name("agents", "", "", "1").unwrap(), "portbook_hq_agents");
    }
}
