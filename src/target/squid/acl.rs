//! From groups to acls: names, lists without overlap, strict wildcards.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde::Serialize;

use super::comment;
use super::group::{Addresses, Clients, Group};
use super::name::Names;
use crate::address::PortRange;
use crate::finding::{Finding, Findings};
use crate::host::{HostPattern, minimal};
use crate::site::SiteName;
use crate::target::FittedRule;
use crate::target::remark::remark;

/// A list of addresses as acl lines.
#[derive(Debug, Serialize)]
pub(super) struct Block {
    pub(super) acl: String,
    pub(super) lines: String,
}

/// A set of ports.
#[derive(Debug, Serialize)]
pub(super) struct PortAcl {
    pub(super) acl: String,
    pub(super) values: String,
}

/// One value of a list of names and why it is there.
#[derive(Debug, Serialize)]
pub(super) struct Entry {
    pub(super) value: String,
    pub(super) comments: Vec<String>,
}

/// Names: `acl` matches the values, and what `except_acl` matches does not count.
#[derive(Debug, Serialize)]
pub(super) struct HostList {
    pub(super) acl: String,
    pub(super) entries: Vec<Entry>,
    pub(super) except_acl: Option<String>,
    pub(super) except: Vec<String>,
}

/// Destinations by address: a list of [`Acls::addresses`], and why it is there.
#[derive(Debug, Serialize)]
pub(super) struct NetList {
    pub(super) acl: String,
    pub(super) comments: Vec<String>,
}

/// What the same clients may reach on the same ports: one `http_access allow`.
#[derive(Debug, Serialize)]
pub(super) struct AllowLine {
    pub(super) title: String,
    pub(super) source: Option<String>,
    pub(super) ports: String,
    pub(super) hosts: Option<HostList>,
    pub(super) nets: Option<NetList>,
    pub(super) splice: Vec<Splice>,
}

/// Names that are not inspected on some of the ports of an [`AllowLine`]: one `ssl_bump splice`.
#[derive(Debug, Serialize)]
pub(super) struct Splice {
    pub(super) ports: String,
    pub(super) hosts: HostList,
}

/// Everything with its name.
#[derive(Debug)]
pub(super) struct Acls {
    pub(super) addresses: Vec<Block>,
    pub(super) ports: Vec<PortAcl>,
    pub(super) allow: Vec<AllowLine>,
}

/// Names the acls of all groups.
///
/// # Errors
/// `invalid-name`.
pub(super) fn name_all(site: &SiteName, groups: &[Group<'_>], splice: bool) -> Result<Acls, Findings> {
    let mut naming = Naming {
        names: Names::new(site),
        addresses: BTreeMap::new(),
        ports: BTreeMap::new(),
        allow: Vec::new(),
    };
    for group in groups {
        naming.group(group, splice)?;
    }
    let Naming { addresses, ports, allow, .. } = naming;
    Ok(Acls { addresses: addresses.into_values().collect(), ports: ports.into_values().collect(), allow })
}

struct Naming {
    names: Names,
    addresses: BTreeMap<String, Block>,
    ports: BTreeMap<Vec<PortRange>, PortAcl>,
    allow: Vec<AllowLine>,
}

impl Naming {
    fn group(&mut self, group: &Group<'_>, splice: bool) -> Result<(), Finding> {
        let source = group.clients.as_ref().map(|clients| self.addresses(clients, "src")).transpose()?;
        let ports = self.ports(&group.ports)?;
        let clients = group.clients.as_ref().map_or("anyone", |clients| &clients.name);
        let title = format!("From {clients}, TCP {}", listed(&group.ports, ", "));
        let line = |hosts, nets, splice| AllowLine {
            title: title.clone(),
            source: source.clone(),
            ports: ports.clone(),
            hosts,
            nets,
            splice,
        };
        if !group.hosts.is_empty() {
            let hosts =
                self.hosts(&group.clients, &listed(&group.ports, "."), &group.hosts, ["hosts", "apex"])?;
            let splices = if splice { self.splices(group)? } else { Vec::new() };
            self.allow.push(line(Some(hosts), None, splices));
        }
        for (nets, rules) in &group.nets {
            let nets = self.nets(nets, rules)?;
            self.allow.push(line(None, Some(nets), Vec::new()));
        }
        Ok(())
    }

    /// A line for each set of ports: a group of 80 and 443 may hold names that are excluded on 443 alone.
    fn splices(&mut self, group: &Group<'_>) -> Result<Vec<Splice>, Finding> {
        let whole = listed(&group.ports, ".");
        let mut splices = Vec::new();
        for (ports, excluded) in group.spliced() {
            let part = listed(&ports, ".");
            let label = if part == whole { part } else { format!("{whole}_{part}") };
            let hosts = self.hosts(&group.clients, &label, &excluded, ["tls", "tlsap"])?;
            splices.push(Splice { ports: self.ports(&ports)?, hosts });
        }
        Ok(splices)
    }

    /// Lists addresses as acl lines, each list once: Squid warns of a prefix that is given twice.
    fn addresses(&mut self, addresses: &Addresses, kind: &str) -> Result<String, Finding> {
        let content = format!("{kind} {}", addresses.prefixes.join(" "));
        let who = if kind == "dst" { format!("to_{}", addresses.name) } else { addresses.name.clone() };
        let acl = self.names.name(&who, "", "", &content)?;
        self.addresses.entry(acl.clone()).or_insert_with(|| block(&acl, kind, addresses));
        Ok(acl)
    }

    fn ports(&mut self, ports: &[PortRange]) -> Result<String, Finding> {
        let values = listed(ports, " ");
        let acl = self.names.name("ports", &listed(ports, "."), "", &values)?;
        self.ports.entry(ports.to_vec()).or_insert_with(|| PortAcl { acl: acl.clone(), values });
        Ok(acl)
    }

    /// The shortest list that holds the patterns, since Squid 5.7 does not start on a list that holds a name and a
    /// wildcard above it; and the apexes that Squid's `.x` holds but `*.x` does not.
    fn hosts(
        &mut self,
        clients: &Clients,
        ports: &str,
        wanted: &[(HostPattern, &FittedRule)],
        [kind, except_kind]: [&str; 2],
    ) -> Result<HostList, Finding> {
        let patterns = minimal(wanted.iter().map(|(pattern, _)| pattern.clone()));
        let except: Vec<String> = patterns.iter().filter_map(apex).collect();
        let entries = patterns.iter().map(|pattern| entry(pattern, wanted)).collect();
        let mut name =
            |kind: &str| self.names.name(&who(clients), ports, kind, &format!("{clients:?} {ports} {kind}"));
        let acl = name(kind)?;
        let except_acl = if except.is_empty() { None } else { Some(name(except_kind)?) };
        Ok(HostList { acl, entries, except_acl, except })
    }

    fn nets(&mut self, nets: &Addresses, rules: &[&FittedRule]) -> Result<NetList, Finding> {
        let comments = rules.iter().flat_map(|rule| comment::wrap(&remark(rule))).collect();
        Ok(NetList { acl: self.addresses(nets, "dst")?, comments })
    }
}

/// The name of the clients; no host is called `any_source`, ids hold no underscore.
fn who(clients: &Clients) -> String {
    clients.as_ref().map_or_else(|| "any_source".to_owned(), |clients| clients.name.clone())
}

fn listed(ports: &[PortRange], separator: &str) -> String {
    ports.iter().map(ToString::to_string).collect::<Vec<_>>().join(separator)
}

/// One prefix a line: Squid 5.7 fails on lines of 8 KB.
fn block(acl: &str, kind: &str, addresses: &Addresses) -> Block {
    let mut lines = String::new();
    for prefix in &addresses.prefixes {
        let _ = writeln!(lines, "acl {acl} {kind} {prefix}");
    }
    Block { acl: acl.to_owned(), lines }
}

fn apex(pattern: &HostPattern) -> Option<String> {
    match pattern {
        HostPattern::Below { suffix, apex: false } => Some(suffix.to_string()),
        _ => None,
    }
}

fn entry(pattern: &HostPattern, wanted: &[(HostPattern, &FittedRule)]) -> Entry {
    let value = match pattern {
        HostPattern::Exact(name) => name.to_string(),
        HostPattern::Below { suffix, .. } => format!(".{suffix}"),
    };
    let held = wanted.iter().filter(|(wanted, _)| pattern.covers(wanted));
    let comments = held.flat_map(|(_, rule)| comment::wrap(&remark(rule))).collect();
    Entry { value, comments }
}
