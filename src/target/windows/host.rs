//! The Windows rules of one host: names, group, chunks, limits.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::sync::Arc;

use sha2::{Digest as _, Sha256};

use super::gather::{Far, Gathered, Slot, gather, to_proxy};
use super::rule::{Limit, Remote, WindowsRule};
use super::text::{one_line, short_line};
use crate::address::PrefixSet;
use crate::finding::{Code, Finding, Findings, Severity};
use crate::rule::base32;
use crate::site::{Proxy, SiteName, Station};
use crate::target::{Direction, Fitted, FittedRule, Identity};

/// All rules of one host.
#[derive(Debug, Clone)]
pub(in crate::target) struct HostRules {
    /// The host.
    pub(in crate::target) station: Arc<Station>,
    /// The group of its rules, which no other host shares: `Portbook/contoso-hq/agents`.
    pub(in crate::target) group: String,
    /// How the names of its rules begin.
    pub(in crate::target) prefix: String,
    /// In the order of the rules of the selection.
    pub(in crate::target) rules: Vec<WindowsRule>,
}

impl HostRules {
    /// `1 firewall rule`, `7 firewall rules`.
    pub(in crate::target) fn count(&self) -> String {
        match self.rules.len() {
            1 => "1 firewall rule".to_owned(),
            count => format!("{count} firewall rules"),
        }
    }
}

/// The rules of every host, limited to the documented software if `limit` says by which mark.
///
/// # Errors
/// A rule whose other side nothing tells, an empty set of addresses, two rules of one name: all of them would be a
/// mistake of an earlier stage, and none may become a rule for everyone.
pub(in crate::target) fn hosts(fitted: &Fitted, limit: Option<Identity>) -> Result<Vec<HostRules>, Findings> {
    limited(fitted, limit)?;
    let hosts: Vec<HostRules> =
        gather(fitted, limit)?.into_iter().map(|gathered| host(&fitted.site, gathered)).collect();
    let findings: Findings = hosts.iter().flat_map(check).collect();
    if findings.is_empty() { Ok(hosts) } else { Err(findings) }
}

/// No outbound rule may lack what it is to be limited to; fit refuses those, so none is left out here.
fn limited(fitted: &Fitted, limit: Option<Identity>) -> Result<(), Findings> {
    let Some(by) = limit else {
        return Ok(());
    };
    let outbound = fitted.rules.iter().filter(|rule| rule.direction == Direction::Outbound);
    let unknown = outbound.filter(|rule| by.values(&rule.rule.software).is_empty());
    let findings: Findings = unknown
        .map(|rule| {
            let message = format!("{}: no {} is documented", rule.rule.id, by.as_str());
            Finding::new(Code::IdentityRestricted, message).severity(Severity::Error)
        })
        .collect();
    if findings.is_empty() { Ok(()) } else { Err(findings) }
}

fn host(site: &SiteName, gathered: Gathered<'_>) -> HostRules {
    let station = gathered.station;
    let prefix = format!("portbook-{site}-{}-", station.id);
    let mut cut = Cut::default();
    let rules = gathered.slots.into_iter().flat_map(|slot| slot_rules(&prefix, &slot, &mut cut)).collect();
    HostRules { group: format!("Portbook/{site}/{}", station.id), prefix, rules, station }
}

fn slot_rules(prefix: &str, slot: &Slot<'_>, cut: &mut Cut) -> Vec<WindowsRule> {
    let mut rules = Vec::new();
    for (label, remote) in pieces(&slot.far, cut) {
        for limit in &slot.limits {
            let parts =
                [Some(direction(slot.rule).to_owned()), label.clone(), limit.as_ref().map(Limit::label)];
            let parts: Vec<String> = parts.into_iter().flatten().collect();
            let name = format!("{prefix}{}-{}", identity(slot), parts.join("-"));
            rules.push(windows_rule(name, slot, remote.clone(), limit.clone()));
        }
    }
    rules
}

/// What a rule of each piece is called after, and the piece.
type Pieces = Vec<(Option<String>, Remote)>;

/// The sets that were cut already: with a range file, most rules have the same thousands of prefixes.
#[derive(Default)]
struct Cut(Vec<(PrefixSet, Pieces)>);

impl Cut {
    fn pieces(&mut self, set: &PrefixSet) -> Pieces {
        if let Some((_, pieces)) = self.0.iter().find(|(known, _)| known == set) {
            return pieces.clone();
        }
        let pieces = Remote::of_addresses(set);
        self.0.push((set.clone(), pieces.clone()));
        pieces
    }
}

/// The rule's id; for the way to a proxy, which many rules share, `proxy-` and a digest of all that it is matched by, so
/// that it stays the same whatever lies behind the proxy.
fn identity(slot: &Slot<'_>) -> String {
    let rule = slot.rule;
    let Some(proxy) = to_proxy(rule) else {
        return rule.rule.id.to_string();
    };
    let mut way = format!("{proxy}|{}|{}", rule.transport, rule.ports);
    if let Some(ports) = rule.source_ports {
        let _ = write!(way, "|source-ports:{ports}");
    }
    if let Far::Addresses(set) = &slot.far {
        for prefix in set.prefixes() {
            let _ = write!(way, "|{prefix}");
        }
    }
    format!("proxy-{}", base32(&Sha256::digest(way.as_bytes()), 8))
}

fn pieces(far: &Far, cut: &mut Cut) -> Pieces {
    match far {
        Far::Any => vec![(Some("any".to_owned()), Remote::Any)],
        Far::Addresses(set) => cut.pieces(set),
        Far::Names(keywords) => {
            // A rule cannot change its keywords in place (Set-NetFirewallRule has no parameter for them).
            let label = keywords.first().map(|keyword| format!("keyword-{}", keyword.label()));
            vec![(label, Remote::Keywords(keywords.clone()))]
        }
    }
}

fn direction(rule: &FittedRule) -> &'static str {
    match rule.direction {
        Direction::Outbound => "out",
        Direction::Inbound => "in",
    }
}

fn windows_rule(name: String, slot: &Slot<'_>, remote: Remote, limit: Option<Limit>) -> WindowsRule {
    let rule = slot.rule;
    let (local_ports, remote_ports) = match rule.direction {
        Direction::Outbound => (rule.source_ports, Some(rule.ports)),
        Direction::Inbound => (Some(rule.ports), rule.source_ports),
    };
    let (display_name, description) = match to_proxy(rule) {
        Some(proxy) => (way_name(slot, proxy), way_description(slot)),
        None => (display_name(rule), description(rule)),
    };
    WindowsRule {
        display_name,
        description,
        direction: rule.direction,
        transport: rule.transport,
        name,
        local_ports,
        remote_ports,
        remote,
        limit,
    }
}

fn service(rule: &FittedRule) -> String {
    format!("{} {}", rule.transport.to_string().to_uppercase(), rule.ports)
}

fn display_name(rule: &FittedRule) -> String {
    let (from, to) = (rule.from_label(), &rule.to.endpoint);
    short_line(&format!("Portbook {}: {from} to {to}, {}", rule.rule.id, service(rule)))
}

fn description(rule: &FittedRule) -> String {
    let purposes = rule.rule.purposes().join("; ");
    short_line(&if rule.rule.gap { format!("{purposes} (no document states it)") } else { purposes })
}

fn way_name(slot: &Slot<'_>, proxy: &Proxy) -> String {
    let from: BTreeSet<String> = slot.rules().map(FittedRule::from_label).collect();
    let from: Vec<String> = from.into_iter().collect();
    short_line(&format!("Portbook: {} to proxy {proxy}, {}", from.join(", "), service(slot.rule)))
}

/// The most rules that a description names: 13 characters each, of the 10,000 that it may have ([MS-FASP] 2.2.37).
const MOST_NAMED: usize = 200;

/// `for 89 rules: r-jcbrwtol6h r-7jopvcgct5 ...`, by which `portbook explain` tells what lies behind the proxy.
fn way_description(slot: &Slot<'_>) -> String {
    let count = slot.rules().count();
    let ids: Vec<&str> = slot.rules().take(MOST_NAMED).map(|rule| rule.rule.id.as_str()).collect();
    let noun = if count == 1 { "rule" } else { "rules" };
    let mut text = format!("for {count} {noun}: {}", ids.join(" "));
    if count > ids.len() {
        let _ = write!(text, " and {} more", count - ids.len());
    }
    match slot.rules().filter(|rule| rule.rule.gap).count() {
        0 => {}
        unstated => {
            let _ = write!(text, " (no document states {unstated} of them)");
        }
    }
    one_line(&text)
}

/// What must hold of every list of rules, whatever came before.
fn check(host: &HostRules) -> Vec<Finding> {
    let mut seen = BTreeSet::new();
    let mut findings = Vec::new();
    for rule in &host.rules {
        // Policy stores compare names without regard to case: they are registry values.
        if !seen.insert(rule.name.to_ascii_lowercase()) {
            findings.push(Finding::new(Code::InvalidName, format!("two rules would be named {}", rule.name)));
        }
        let nothing = match &rule.remote {
            Remote::Any => false,
            Remote::Addresses(_, list) => list.texts.is_empty(),
            Remote::Keywords(keywords) => keywords.is_empty() || rule.direction == Direction::Inbound,
        };
        if nothing {
            findings
                .push(Finding::new(Code::EmptyAddresses, format!("{} would hold for everyone", rule.name)));
        }
    }
    findings
}
