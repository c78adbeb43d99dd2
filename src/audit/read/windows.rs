//! The Windows Firewall: blocks win over allows, whatever their order ([MS-FASP] 2.2.34).

pub(super) mod registry;
pub(super) mod script;

use std::collections::{BTreeMap, BTreeSet};

use crate::address::{IntervalSet, PrefixSet, Transport};
use crate::target::{Direction, Settings};

use super::super::policy::by_address;
use super::super::region::{all_ports, whole};
use super::super::{Action, At, Clause, Destination, Fallthrough, NameSet, Policy, Reach};

/// How a rule weighs: bypasses before blocks before allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Weight {
    Bypass,
    Block,
    Allow,
}

/// A rule of either form.
#[derive(Debug)]
struct Rule {
    name: String,
    at: At,
    host: Option<String>,
    weight: Weight,
    direction: Direction,
    /// Any if absent.
    transport: Option<Transport>,
    local_ports: Option<IntervalSet<u32>>,
    remote_ports: Option<IntervalSet<u32>>,
    /// By address; any if absent, and no name is given either.
    remote: Option<PrefixSet>,
    /// By what names resolved to.
    names: NameSet,
    /// Whether some remote side is given, even if nothing of it could be read.
    limited: bool,
    /// The program, service or account that it is for.
    software: Option<String>,
    /// Why nobody can tell that it matches.
    doubts: BTreeSet<String>,
    /// Remote sides that may be more than what was read.
    more: BTreeSet<String>,
    /// What is not as Portbook writes it under these settings.
    strays: BTreeSet<String>,
}

impl Rule {
    fn new(name: String, at: At) -> Self {
        Self {
            name,
            at,
            host: None,
            weight: Weight::Allow,
            direction: Direction::Outbound,
            transport: None,
            local_ports: None,
            remote_ports: None,
            remote: None,
            names: NameSet::default(),
            limited: false,
            software: None,
            doubts: BTreeSet::new(),
            more: BTreeSet::new(),
            strays: BTreeSet::new(),
        }
    }

    fn clause(self) -> Clause {
        let (near, far) = match self.direction {
            Direction::Outbound => (&self.local_ports, &self.remote_ports),
            Direction::Inbound => (&self.remote_ports, &self.local_ports),
        };
        let mut reaches = self.remote_sides();
        for reach in &mut reaches {
            reach.region.ports = far.clone().unwrap_or_else(all_ports);
            reach.source_ports.clone_from(near);
            reach.transport = self.transport;
            reach.software.clone_from(&self.software);
            reach.doubts.extend(self.doubts.iter().cloned());
        }
        Clause {
            action: if self.weight == Weight::Block { Action::Deny } else { Action::Allow },
            reaches,
            host: self.host,
            direction: Some(self.direction),
            at: self.at,
            name: format!("rule {}", self.name),
        }
    }

    fn remote_sides(&self) -> Vec<Reach> {
        if !self.limited {
            return vec![Reach::all()];
        }
        let addresses = self.remote.clone().unwrap_or_default();
        let mut reaches = match self.direction {
            _ if addresses.is_empty() => Vec::new(),
            Direction::Inbound => vec![Reach::from(addresses)],
            Direction::Outbound => by_address(&addresses, "its remote address"),
        };
        if !self.names.is_empty() {
            reaches.push(Reach::to(Destination::names(self.names.clone())));
            if self.weight == Weight::Block {
                reaches.push(Reach::doubtful(format!("{} may share its addresses with others", self.names)));
            }
        }
        reaches.extend(self.more.iter().map(Reach::doubtful));
        reaches
    }
}

/// Rules in the order in which they decide.
fn policy(mut rules: Vec<Rule>, defaults: &Defaults) -> Policy {
    // The order among rules of one weight makes no difference; that of the file is kept.
    rules.sort_by_key(|rule| rule.weight);
    let mut policy = Policy::new(defaults.fallthrough());
    for rule in rules {
        for doubt in rule.doubts.iter().chain(&rule.more) {
            policy.leave(&rule.at, format!("rule {}: {doubt}", rule.name));
        }
        for stray in &rule.strays {
            policy.stray(&rule.at, format!("rule {}: {stray}", rule.name));
        }
        policy.clauses.push(rule.clause());
    }
    policy.unjudged.sort();
    policy
}

/// What profiles do with what no rule matches: by profile and direction.
#[derive(Debug, Default)]
struct Defaults(BTreeMap<(String, &'static str), Action>);

/// The profiles of a host; any of them may be in use.
const PROFILES: [&str; 3] = ["DomainProfile", "PrivateProfile", "PublicProfile"];

impl Defaults {
    fn fallthrough(&self) -> Fallthrough {
        let action = |direction: &'static str| {
            let mut actions =
                PROFILES.iter().map(|profile| self.0.get(&((*profile).to_owned(), direction)).copied());
            let first = actions.next().flatten()?;
            actions.all(|action| action == Some(first)).then_some(first)
        };
        Fallthrough::ByDirection { outbound: action("out"), inbound: action("in") }
    }
}

/// Holds the network profiles of a rule against those that the settings ask for. A rule that holds on fewer is in doubt;
/// one that holds on all lets through what is asked for, and is not what Portbook writes.
fn judge_profiles(rule: &mut Rule, profiles: &BTreeSet<String>, settings: &Settings) {
    let wanted: &[&str] = match settings.get("profile") {
        Some("domain") => &["domain"],
        Some("private") => &["private"],
        Some("public") => &["public"],
        Some("domain-private") => &["domain", "private"],
        _ => &[],
    };
    let is_all = profiles.is_empty() || profiles.len() == PROFILES.len() || profiles.contains("any");
    if is_all && !wanted.is_empty() {
        rule.strays.insert(format!("it holds on all network profiles, not on {} only", wanted.join(", ")));
    } else if !is_all && !profiles.iter().map(String::as_str).eq(wanted.iter().copied()) {
        let profiles = profiles.iter().cloned().collect::<Vec<_>>().join(", ");
        rule.doubts.insert(format!("it holds on network profiles {profiles} only"));
    }
}

/// The host that a group of Portbook's names: `Portbook/SITE/HOST`.
fn host(group: &str) -> Option<String> {
    match group.split('/').collect::<Vec<_>>().as_slice() {
        ["Portbook", _, host] => Some((*host).to_owned()),
        _ => None,
    }
}

/// Adds a remote address as both forms write it.
fn add_remote(rule: &mut Rule, text: &str) {
    rule.limited = true;
    if text.eq_ignore_ascii_case("any") {
        rule.remote = Some(whole());
        return;
    }
    match super::address::block(text) {
        Some(block) => rule.remote = Some(rule.remote.take().unwrap_or_default().union(&block)),
        None => {
            rule.more
                .insert(format!("its remote address {text} stands for addresses that only the host knows"));
        }
    }
}
