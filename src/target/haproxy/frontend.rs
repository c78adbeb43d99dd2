//! Frontends: one for each port, with a list of names for each group of clients.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde::Serialize;

use super::comment;
use super::single;
use crate::address::{Family, Transport};
use crate::finding::{Code, Finding, Findings};
use crate::host::{HostPattern, minimal};
use crate::place::AddressSet;
use crate::target::remark::remark;
use crate::target::{Fitted, FittedRule, Match};

/// What listens on one port.
#[allow(clippy::struct_excessive_bools, reason = "two protocols and two families, each there or not")]
#[derive(Debug, Serialize)]
pub(super) struct Frontend {
    pub(super) name: String,
    pub(super) port: u16,
    /// Whether TLS comes here, and HTTP: on port 8080 the documents leave open which of them.
    pub(super) tls: bool,
    pub(super) http: bool,
    /// Whether clients of IPv4 come here, and of IPv6.
    pub(super) v4: bool,
    pub(super) v6: bool,
    pub(super) clients: Vec<Clients>,
    pub(super) lists: Vec<HostList>,
}

/// A list of addresses of one family as acl lines.
#[derive(Debug, Serialize)]
pub(super) struct Clients {
    pub(super) acl: String,
    pub(super) v6: bool,
    pub(super) lines: String,
}

/// What the same clients may reach: names, and one allow for each family of the clients.
#[derive(Debug, Serialize)]
pub(super) struct HostList {
    pub(super) title: String,
    /// Without `_sni` or `_host` at its end.
    pub(super) acl: String,
    pub(super) entries: Vec<Entry>,
    /// Acls of [`Frontend::clients`]; none is anyone.
    pub(super) from: Vec<From>,
}

#[derive(Debug, Serialize)]
pub(super) struct From {
    pub(super) acl: String,
    pub(super) v6: bool,
}

/// One value of a list of names and why it is there.
#[derive(Debug, Serialize)]
pub(super) struct Entry {
    /// A name, or a dot and what the name ends in.
    pub(super) value: String,
    /// Whether all below it match.
    pub(super) below: bool,
    pub(super) comments: Vec<String>,
}

type Wanted<'a> = Vec<(HostPattern, &'a FittedRule)>;
/// Who opens the connections: a name and prefixes; `None` is anyone.
type Source = Option<(String, Vec<crate::address::Prefix>)>;

/// The frontends of all rules, by port.
///
/// # Errors
/// `nothing-selected` without a rule, `invalid-name` when a name would stand for two lists of clients, and the codes of
/// [`ends`] for a rule that should not have come this far.
pub(super) fn frontends(fitted: &Fitted, name: &str) -> Result<Vec<Frontend>, Findings> {
    let mut findings = Findings::new();
    let mut ports: BTreeMap<u16, BTreeMap<Source, Wanted<'_>>> = BTreeMap::new();
    for rule in &fitted.rules {
        match ends(rule) {
            Ok((port, source, pattern)) => {
                ports.entry(port).or_default().entry(source).or_default().push((pattern, rule));
            }
            Err(finding) => findings.push(finding),
        }
    }
    if fitted.rules.is_empty() {
        findings.push(Finding::new(Code::NothingSelected, "haproxy: no rule is left that this proxy sees"));
    }
    findings.append(twice(&ports));
    let frontends = ports.iter().map(|(port, groups)| frontend(name, *port, groups)).collect();
    findings.or_value(frontends).map(|(frontends, _)| frontends)
}

/// Lists of clients that differ and have one name: HAProxy would join them.
fn twice(ports: &BTreeMap<u16, BTreeMap<Source, Wanted<'_>>>) -> Findings {
    let mut known: BTreeMap<&str, &[crate::address::Prefix]> = BTreeMap::new();
    let mut findings = Findings::new();
    for (name, prefixes) in ports.values().flat_map(BTreeMap::keys).flatten() {
        if *known.entry(name).or_insert(prefixes) != prefixes.as_slice() {
            let message = format!("haproxy: the acl of `{name}` would stand for two lists of clients");
            findings.push(Finding::new(Code::InvalidName, message).help("rename one of the hosts"));
        }
    }
    findings
}

fn ends(rule: &FittedRule) -> Result<(u16, Source, HostPattern), Finding> {
    let refuse =
        |code: Code, what: &str| Finding::new(code, format!("haproxy: rule {}: {what}", rule.rule.id));
    let Some(port) = single(rule.ports).filter(|_| rule.transport == Transport::Tcp) else {
        return Err(refuse(Code::CategoryNeedsHttp, "only TCP to one port has a frontend"));
    };
    let source = match &rule.source {
        Match::Any => None,
        Match::Addresses(set) => Some(clients(set).ok_or_else(|| refuse(Code::EmptyAddresses, "no client"))?),
        _ => return Err(refuse(Code::SourceNotGiven, "its clients have no addresses")),
    };
    match &rule.destination {
        Match::Name(pattern) => Ok((port, source, pattern.clone())),
        _ => Err(refuse(Code::DestinationNotGiven, "its destination is no name")),
    }
}

fn clients(set: &AddressSet) -> Option<(String, Vec<crate::address::Prefix>)> {
    let prefixes: Vec<_> = set.prefixes.prefixes().collect();
    (!prefixes.is_empty()).then(|| (set.name.clone(), prefixes))
}

fn frontend(own: &str, port: u16, groups: &BTreeMap<Source, Wanted<'_>>) -> Frontend {
    let mut all = Vec::new();
    let mut lists = Vec::new();
    for (source, wanted) in groups {
        let clients = source.as_ref().map(|(name, prefixes)| blocks(own, name, prefixes)).unwrap_or_default();
        lists.push(host_list(own, port, source, wanted, &clients));
        all.extend(clients);
    }
    let any = groups.contains_key(&None);
    Frontend {
        name: format!("{own}_{port}"),
        port,
        tls: port != 80,
        http: port != 443,
        v4: any || all.iter().any(|clients| !clients.v6),
        v6: any || all.iter().any(|clients| clients.v6),
        clients: all,
        lists,
    }
}

/// One prefix a line, families apart.
fn blocks(own: &str, name: &str, prefixes: &[crate::address::Prefix]) -> Vec<Clients> {
    let mut blocks = Vec::new();
    for (family, suffix) in [(Family::V4, "v4"), (Family::V6, "v6")] {
        let acl = format!("{own}_{name}_{suffix}");
        let mut lines = String::new();
        for prefix in prefixes.iter().filter(|prefix| prefix.family() == family) {
            let _ = writeln!(lines, "    acl {acl} src {}", prefix.to_bare());
        }
        if !lines.is_empty() {
            blocks.push(Clients { acl, v6: family == Family::V6, lines });
        }
    }
    blocks
}

fn host_list(own: &str, port: u16, source: &Source, wanted: &Wanted<'_>, clients: &[Clients]) -> HostList {
    // No host is called `any_source`: ids hold no underscore.
    let who = source.as_ref().map_or("any_source", |(name, _)| name);
    let patterns = minimal(wanted.iter().map(|(pattern, _)| pattern.clone()));
    let entries = patterns.iter().flat_map(|pattern| entries(pattern, wanted)).collect();
    let from = clients.iter().map(|clients| From { acl: clients.acl.clone(), v6: clients.v6 }).collect();
    let title = format!("From {}, TCP {port}", source.as_ref().map_or("anyone", |(name, _)| name));
    HostList { title, acl: format!("{own}_{who}_{port}"), entries, from }
}

/// `.x` matches what ends so, which `x` itself does not: a name and its apex are two lines.
fn entries(pattern: &HostPattern, wanted: &Wanted<'_>) -> Vec<Entry> {
    let held = wanted.iter().filter(|(wanted, _)| pattern.covers(wanted));
    let mut comments = Some(held.flat_map(|(_, rule)| comment::wrap(&remark(rule))).collect());
    let mut entry = |value, below| Entry { value, below, comments: comments.take().unwrap_or_default() };
    match pattern {
        HostPattern::Exact(name) => vec![entry(name.to_string(), false)],
        HostPattern::Below { suffix, apex: false } => vec![entry(format!(".{suffix}"), true)],
        HostPattern::Below { suffix, apex: true } => {
            vec![entry(format!(".{suffix}"), true), entry(suffix.to_string(), false)]
        }
    }
}
