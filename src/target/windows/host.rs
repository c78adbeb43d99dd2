//! The Windows rules of one host: names, group, chunks, limits.

use std::collections::BTreeSet;
use std::sync::Arc;

use sha2::{Digest as _, Sha256};

use super::gather::{Far, Gathered, Slot, gather, to_proxy};
use super::rule::{Limit, Remote, WindowsRule};
use super::text::short_line;
use crate::address::PrefixSet;
use crate::finding::{Code, Finding, Findings, Severity};
use crate::place::Leg;
use crate::rule::base32;
use crate::site::{SiteName, Station};
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

/// The rules of every host, limited to the documented software if `limit` says by which mark.
///
/// # Errors
/// A rule whose other side nothing tells, an empty set of addresses, two rules of one name: all of them would be a
/// mistake of an earlier stage, and none may become a rule for everyone.
pub(in crate::target) fn hosts(fitted: &Fitted, limit: Option<Identity>) -> Result<Vec<HostRules>, Findings> {
    limited(fitted, limit)?;
    let hosts: Vec<HostRules> =
        gather(fitted)?.into_iter().map(|gathered| host(&fitted.site, gathered, limit)).collect();
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

fn host(site: &SiteName, gathered: Gathered<'_>, limit: Option<Identity>) -> HostRules {
    let station = gathered.station;
    let prefix = format!("portbook-{site}-{}-", station.id);
    let mut cut = Cut::default();
    let slots = gathered.slots.into_iter();
    let rules = slots.flat_map(|slot| slot_rules(&prefix, slot, limit, &mut cut)).collect();
    HostRules { group: format!("Portbook/{site}/{}", station.id), prefix, rules, station }
}

fn slot_rules(prefix: &str, slot: Slot<'_>, limit: Option<Identity>, cut: &mut Cut) -> Vec<WindowsRule> {
    let rule = slot.rule;
    let limits = limits(rule, limit);
    let mut rules = Vec::new();
    for (label, remote) in pieces(slot.far, cut) {
        for limit in &limits {
            let parts = [Some(direction(rule).to_owned()), label.clone(), limit.as_ref().map(limit_label)];
            let parts: Vec<String> = parts.into_iter().flatten().collect();
            let name = format!("{prefix}{}-{}", rule.rule.id, parts.join("-"));
            rules.push(windows_rule(name, rule, remote.clone(), limit.clone()));
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
    fn pieces(&mut self, set: PrefixSet) -> Pieces {
        if let Some((_, pieces)) = self.0.iter().find(|(known, _)| *known == set) {
            return pieces.clone();
        }
        let pieces = Remote::of_addresses(&set);
        self.0.push((set, pieces.clone()));
        pieces
    }
}

fn pieces(far: Far, cut: &mut Cut) -> Pieces {
    match far {
        Far::Any => vec![(Some("any".to_owned()), Remote::Any)],
        Far::Addresses(set) => cut.pieces(set),
        Far::Names(keywords) => {
            // A rule cannot change its keywords in place (Set-NetFirewallRule has no parameter for them).
            let label = keywords.first().map(|keyword| format!("keyword-{}", keyword.label()));
            vec![(label, Remote::Keywords(keywords))]
        }
    }
}

fn direction(rule: &FittedRule) -> &'static str {
    match rule.direction {
        Direction::Outbound if to_proxy(rule) => "out-proxy",
        Direction::Outbound => "out",
        Direction::Inbound => "in",
    }
}

/// One rule for each program or service, since a rule holds one; all accounts together.
fn limits(rule: &FittedRule, limit: Option<Identity>) -> Vec<Option<Limit>> {
    let Some(by) = limit.filter(|_| rule.direction == Direction::Outbound) else {
        return vec![None];
    };
    let values = by.values(&rule.rule.software);
    if by != Identity::Account || values.is_empty() {
        return values.into_iter().map(|value| Some(Limit { by, value })).collect();
    }
    // An access list of `Filter match` (CC) rights, as [MS-FASP] 2.2.37 asks for.
    let value = format!("D:(A;;CC;;;{})", values.join(")(A;;CC;;;"));
    vec![Some(Limit { by, value })]
}

/// Tells the rules of several programs apart; a rule that loses its limit gets another name instead of a wider content.
fn limit_label(limit: &Limit) -> String {
    let digest = Sha256::digest(limit.value.as_bytes());
    format!("{}-{}", limit.by.as_str(), base32(&digest, 6))
}

fn windows_rule(name: String, rule: &FittedRule, remote: Remote, limit: Option<Limit>) -> WindowsRule {
    let (local_ports, remote_ports) = match rule.direction {
        Direction::Outbound => (rule.source_ports, Some(rule.ports)),
        Direction::Inbound => (Some(rule.ports), rule.source_ports),
    };
    WindowsRule {
        display_name: display_name(rule),
        description: description(rule),
        direction: rule.direction,
        transport: rule.transport,
        name,
        local_ports,
        remote_ports,
        remote,
        limit,
    }
}

fn display_name(rule: &FittedRule) -> String {
    let service = format!("{} {}", rule.transport.to_string().to_uppercase(), rule.ports);
    let to = &rule.to.endpoint;
    let text = match &rule.leg {
        Leg::ToProxy(proxy) => {
            format!("Portbook {}: {} to proxy {proxy} for {to}, {service}", rule.rule.id, rule.from_label())
        }
        Leg::Direct | Leg::FromProxy(_) => {
            format!("Portbook {}: {} to {to}, {service}", rule.rule.id, rule.from_label())
        }
    };
    short_line(&text)
}

fn description(rule: &FittedRule) -> String {
    let purposes = rule.rule.purposes().join("; ");
    short_line(&if rule.rule.gap { format!("{purposes} (no document states it)") } else { purposes })
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
            Remote::Addresses(_, texts) => texts.is_empty(),
            Remote::Keywords(keywords) => keywords.is_empty() || rule.direction == Direction::Inbound,
        };
        if nothing {
            findings
                .push(Finding::new(Code::EmptyAddresses, format!("{} would hold for everyone", rule.name)));
        }
    }
    findings
}
