//! Lists of clients and of names: `acl` lines of one frontend.

use std::collections::BTreeMap;

use crate::address::{Family, Prefix, PrefixSet};
use crate::host::{HostName, HostPattern};

use super::super::super::NameSet;

/// The lists of a frontend, by name.
#[derive(Debug, Default)]
pub(super) struct Acls {
    clients: BTreeMap<String, Vec<Prefix>>,
    names: BTreeMap<String, Vec<HostPattern>>,
}

/// What an allow line is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Condition {
    /// Absent for anyone.
    pub(super) clients: Option<PrefixSet>,
    /// The names that are let through.
    pub(super) names: NameSet,
}

impl Acls {
    /// Adds what stands behind `acl`; nothing if Portbook writes no such list.
    pub(super) fn add(&mut self, line: &str, own: &str) -> Option<()> {
        let words: Vec<&str> = line.split(' ').collect();
        let (name, rest) = words.split_first()?;
        let label = name.strip_prefix(own)?.strip_prefix('_')?;
        match rest {
            ["src", prefix] => {
                let prefix = Prefix::parse(prefix).ok().filter(|prefix| is_of(label, prefix.family()))?;
                self.clients.entry((*name).to_owned()).or_default().push(prefix);
            }
            ["req.ssl_sni", value @ ..] if label.ends_with("_sni") => self.add_name(name, value)?,
            ["req.fhdr(host),host_only", value @ ..] if label.ends_with("_host") => {
                self.add_name(name, value)?;
            }
            _ => return None,
        }
        Some(())
    }

    fn add_name(&mut self, name: &str, value: &[&str]) -> Option<()> {
        let host = |text: &str| HostName::parse(text).ok().filter(|host| host.as_str() == text);
        let pattern = match value {
            ["-i", exact] => HostPattern::Exact(host(exact)?),
            // What ends in `.x` is below `x`, and not `x`. Without the dot, it would be what ends in any such letters.
            ["-m", "end", "-i", end] => {
                HostPattern::Below { suffix: host(end.strip_prefix('.')?)?, apex: false }
            }
            _ => return None,
        };
        self.names.entry(name.to_owned()).or_default().push(pattern);
        Some(())
    }

    /// What stands behind `if` in an allow line, for a kind of list.
    pub(super) fn condition(&self, text: &str, kind: &str) -> Option<Condition> {
        let words: Vec<&str> = text.split(' ').collect();
        let (clients, list) = match words.as_slice() {
            ["!portbook_ipv6", clients, list] => (Some(self.clients_of(clients, Family::V4)?), list),
            ["portbook_ipv6", clients, list] => (Some(self.clients_of(clients, Family::V6)?), list),
            [list] => (None, list),
            _ => return None,
        };
        let names = self.names.get(*list).filter(|_| list.ends_with(kind))?;
        Some(Condition { clients, names: names.iter().collect() })
    }

    fn clients_of(&self, name: &str, family: Family) -> Option<PrefixSet> {
        self.clients.get(name).filter(|_| is_of(name, family)).map(|list| list.iter().collect())
    }
}

/// Lists of clients hold one family, by the end of their names.
fn is_of(name: &str, family: Family) -> bool {
    name.ends_with(match family {
        Family::V4 => "_v4",
        Family::V6 => "_v6",
    })
}
