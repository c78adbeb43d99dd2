//! What the scripts hold, as templates see it.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Serialize;

use crate::id::RoleId;
use crate::target::windows::{AddressList, HostRules, Keyword, Limit, Remote, WindowsRule, profiles};
use crate::target::{Direction, Header, Identity, Settings};

/// One script. The names of the fields are what templates see; docs/targets/windows-firewall.md describes them.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Script {
    pub(super) path: String,
    header: Vec<String>,
    site: String,
    station: String,
    group: String,
    prefix: String,
    gpo: bool,
    outbound: bool,
    inbound: bool,
    pub(super) keywords: Vec<Keyword>,
    /// Addresses that several rules have.
    lists: Vec<List>,
    pub(super) rules: Vec<ScriptRule>,
}

/// Addresses that several rules have, written once: a week that brings one prefix changes one line.
#[derive(Debug, Clone, Serialize)]
struct List {
    /// That of the first rule that has it: it stays while the addresses change.
    name: String,
    /// One prefix a line.
    addresses: String,
}

/// One `New-NetFirewallRule`, its parameters as texts.
#[derive(Debug, Clone, Serialize)]
pub(super) struct ScriptRule {
    name: String,
    display_name: String,
    description: String,
    direction: &'static str,
    profile: String,
    protocol: String,
    local_port: Option<String>,
    remote_port: Option<String>,
    /// `Any`, if the document says so.
    remote: Option<&'static str>,
    /// One prefix a line.
    addresses: Option<String>,
    /// The name of the list that holds them, if several rules have it.
    list: Option<String>,
    /// Identifiers of dynamic keywords.
    pub(super) keywords: Vec<String>,
    program: Option<String>,
    service: Option<String>,
    local_user: Option<String>,
}

/// The scripts for one host: one; and one more for a GPO with keywords, since those cannot be put into a GPO
/// (New-NetFirewallDynamicKeywordAddress has no `-PolicyStore`).
pub(super) fn scripts(header: &Header, site: &str, settings: &Settings, host: &HostRules) -> Vec<Script> {
    let mut rules = script(header, site, settings, host);
    if !rules.gpo || rules.keywords.is_empty() {
        return vec![rules];
    }
    let keywords = Script {
        path: format!("windows/{}.keywords.ps1", rules.station),
        gpo: false,
        lists: Vec::new(),
        rules: Vec::new(),
        ..rules.clone()
    };
    rules.header.push(format!(
        "Link the GPO to hosts of Windows Server 2022 or later only, and run {} on each of them.",
        keywords.path
    ));
    rules.keywords.clear();
    vec![keywords, rules]
}

fn script(header: &Header, site: &str, settings: &Settings, host: &HostRules) -> Script {
    let mut keywords: Vec<Keyword> =
        host.rules.iter().flat_map(|rule| keywords(&rule.remote)).cloned().collect();
    keywords.sort();
    keywords.dedup();
    let goes = |direction| host.rules.iter().any(|rule| rule.direction == direction);
    let lists = lists(&host.rules);
    Script {
        path: format!("windows/{}.ps1", host.station.id),
        header: lines(header, settings, host),
        site: site.to_owned(),
        station: host.station.id.to_string(),
        group: host.group.clone(),
        prefix: host.prefix.clone(),
        gpo: settings.is("policy-store", "gpo"),
        outbound: goes(Direction::Outbound),
        inbound: goes(Direction::Inbound),
        keywords,
        rules: host.rules.iter().map(|rule| script_rule(rule, settings, &lists)).collect(),
        lists: lists.into_values().map(|(name, texts)| List { name, addresses: texts.join("\n") }).collect(),
    }
}

/// Long lists that more than one rule has, each with the name of the first, by that rule's place.
type Lists = BTreeMap<usize, (String, Arc<[String]>)>;

fn lists(rules: &[WindowsRule]) -> Lists {
    let mut first: Vec<(usize, &WindowsRule, &AddressList)> = Vec::new();
    let mut lists = Lists::new();
    for (index, rule) in rules.iter().enumerate() {
        let Some(list) = list(rule).filter(|list| list.long) else { continue };
        match first.iter().find(|(_, _, known)| Arc::ptr_eq(&known.texts, &list.texts)) {
            None => first.push((index, rule, list)),
            Some((index, rule, _)) => {
                lists.entry(*index).or_insert_with(|| (rule.name.clone(), Arc::clone(&list.texts)));
            }
        }
    }
    lists
}

fn list(rule: &WindowsRule) -> Option<&AddressList> {
    match &rule.remote {
        Remote::Addresses(_, list) => Some(list),
        Remote::Any | Remote::Keywords(_) => None,
    }
}

/// The header of the selection, and what is said of this host only.
fn lines(header: &Header, settings: &Settings, host: &HostRules) -> Vec<String> {
    let mut lines = header.lines();
    let roles: Vec<&str> = host.station.roles.iter().map(RoleId::as_str).collect();
    lines.push(format!("For {} ({}): {}.", host.station.id, roles.join(", "), host.count()));
    if !settings.is("profile", "any") {
        lines.push(format!(
            "On network profiles {} only, as set; on others nothing is allowed here.",
            profiles(settings).join(", ")
        ));
    }
    lines
}

fn keywords(remote: &Remote) -> &[Keyword] {
    match remote {
        Remote::Keywords(keywords) => keywords,
        Remote::Any | Remote::Addresses(..) => &[],
    }
}

fn script_rule(rule: &WindowsRule, settings: &Settings, lists: &Lists) -> ScriptRule {
    let own = list(rule);
    let shared = |own: &AddressList| {
        let mut lists = lists.values();
        lists.find(|(_, texts)| Arc::ptr_eq(texts, &own.texts)).map(|(name, _)| name.clone())
    };
    let limit = |by: Identity| {
        rule.limit.as_ref().filter(|limit| limit.by == by).map(|limit: &Limit| limit.value.clone())
    };
    ScriptRule {
        name: rule.name.clone(),
        display_name: rule.display_name.clone(),
        description: rule.description.clone(),
        direction: match rule.direction {
            Direction::Outbound => "Outbound",
            Direction::Inbound => "Inbound",
        },
        profile: profiles(settings).join(","),
        protocol: rule.transport.to_string().to_uppercase(),
        local_port: rule.local_ports.map(|ports| ports.to_string()),
        remote_port: rule.remote_ports.map(|ports| ports.to_string()),
        remote: matches!(rule.remote, Remote::Any).then_some("Any"),
        addresses: own.map(|list| list.texts.join("\n")),
        list: own.and_then(shared),
        keywords: keywords(&rule.remote).iter().map(|keyword| keyword.id.clone()).collect(),
        program: limit(Identity::Program),
        service: limit(Identity::Service),
        local_user: limit(Identity::Account),
    }
}
