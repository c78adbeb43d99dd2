//! `.reg` files with stored rules: [MS-GPFAS] section 2.2.2, and the same strings in the local store.

use std::collections::{BTreeMap, BTreeSet};

use crate::address::{PortRange, Transport};
use crate::finding::{Finding, Findings};
use crate::target::{Direction, Settings};

use super::super::super::region::ports;
use super::super::super::{Action, At, Policy};
use super::super::{Beside, Configuration, unreadable};
use super::{Defaults, Rule, Weight, add_remote, host, judge_profiles, policy};

/// Reads exports of the registry, each by itself.
pub(in super::super) fn read(
    files: &[Configuration],
    settings: &Settings,
    _: Beside<'_>,
) -> Result<Policy, Findings> {
    let mut defaults = Defaults::default();
    let mut rules = Vec::new();
    let mut left = Vec::new();
    for file in files {
        let values = values(file)?;
        for ((key, name), (at, value)) in &values {
            if key.ends_with("\\firewallrules") {
                match rule(name, at, value, settings) {
                    Ok(found) => rules.extend(found),
                    Err(why) => left.push((at.clone(), format!("the rule {name}: {why}"))),
                }
            } else {
                default(key, name, value, &mut defaults);
            }
        }
    }
    rules.sort_by(|one, two| one.at.cmp(&two.at));
    let mut policy = policy(rules, &defaults);
    for (at, why) in left {
        policy.leave(&at, why);
    }
    Ok(policy)
}

/// Values by key (in lower case) and name; what a file deletes later is not there.
type Values = BTreeMap<(String, String), (At, String)>;

fn values(file: &Configuration) -> Result<Values, Finding> {
    let text = file.text()?;
    let mut lines = text.lines().enumerate().map(|(index, line)| (index + 1, line.trim()));
    let first = lines.find(|(_, line)| !line.is_empty());
    if !first.is_some_and(|(_, line)| line == "Windows Registry Editor Version 5.00" || line == "REGEDIT4") {
        return Err(unreadable(&file.at(1), "it does not start as an export of the registry"));
    }
    let mut values = Values::new();
    let mut key = String::new();
    while let Some((number, line)) = lines.next() {
        let at = file.at(number);
        if line.is_empty() || line.starts_with(';') {
            continue;
        }
        if let Some(inner) = line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
            key = inner.to_lowercase();
            if let Some(gone) = key.strip_prefix('-') {
                let gone = gone.to_owned();
                values.retain(|(key, _), _| *key != gone && !key.starts_with(&format!("{gone}\\")));
            }
            continue;
        }
        let (name, rest) = match line.strip_prefix('@') {
            Some(rest) => (String::new(), rest),
            None => quoted(line).ok_or_else(|| unreadable(&at, "neither a key nor a value"))?,
        };
        let value = rest.trim_start().strip_prefix('=').map(str::trim);
        let value = value.ok_or_else(|| unreadable(&at, "a value without `=`"))?;
        if value == "-" {
            values.remove(&(key.clone(), name));
        } else if value.starts_with('"') {
            let text = quoted(value).filter(|(_, rest)| rest.trim().is_empty());
            let (text, _) = text.ok_or_else(|| unreadable(&at, "a text that does not end"))?;
            values.insert((key.clone(), name), (at, text));
        } else {
            let mut whole = value.to_owned();
            while let Some(front) = whole.strip_suffix('\\') {
                whole = format!("{front}{}", lines.next().map(|(_, line)| line).unwrap_or_default());
            }
            values.insert((key.clone(), name), (at, whole));
        }
    }
    Ok(values)
}

/// A text in quotes with `\\` and `\"` in it, and what stands behind it.
fn quoted(text: &str) -> Option<(String, &str)> {
    let inner = text.strip_prefix('"')?;
    let mut value = String::new();
    let mut escaped = false;
    for (index, character) in inner.char_indices() {
        match character {
            '\\' if !escaped => escaped = true,
            '"' if !escaped => return Some((value, inner.get(index + 1..)?)),
            _ => {
                value.push(character);
                escaped = false;
            }
        }
    }
    None
}

/// `DefaultOutboundAction` and its like: 1 blocks ([MS-GPFAS] 2.2.1).
fn default(key: &str, name: &str, value: &str, defaults: &mut Defaults) {
    let Some(profile) =
        super::PROFILES.iter().find(|profile| key.ends_with(&format!("\\{}", profile.to_lowercase())))
    else {
        return;
    };
    let direction = match name.to_lowercase().as_str() {
        "defaultoutboundaction" => "out",
        "defaultinboundaction" => "in",
        _ => return,
    };
    let action = match value {
        "dword:00000001" => Action::Deny,
        "dword:00000000" => Action::Allow,
        _ => return,
    };
    defaults.0.insert(((*profile).to_owned(), direction), action);
}

/// A stored rule; nothing if it is off, or of neither TCP nor UDP.
fn rule(name: &str, at: &At, text: &str, settings: &Settings) -> Result<Option<Rule>, String> {
    let mut fields = text.split('|');
    if !fields.next().is_some_and(|version| version.starts_with('v')) {
        return Err("no version at its start".to_owned());
    }
    let mut read = Stored::new(at, name);
    for field in fields.filter(|field| !field.is_empty()) {
        let (key, value) = field.split_once('=').ok_or_else(|| format!("`{field}` is no field"))?;
        read.field(key, value)?;
    }
    read.finish(settings)
}

/// A stored rule on its way.
#[allow(clippy::struct_excessive_bools, reason = "each says whether a field of its own was there")]
struct Stored {
    rule: Rule,
    /// `Active=` absent means that it is off.
    active: bool,
    action: bool,
    direction: bool,
    /// Another protocol than TCP and UDP.
    other: bool,
    profiles: BTreeSet<String>,
    local: Vec<PortRange>,
    remote: Vec<PortRange>,
}

impl Stored {
    fn new(at: &At, name: &str) -> Self {
        Self {
            rule: Rule::new(name.to_owned(), at.clone()),
            active: false,
            action: false,
            direction: false,
            other: false,
            profiles: BTreeSet::new(),
            local: Vec::new(),
            remote: Vec::new(),
        }
    }

    fn field(&mut self, key: &str, value: &str) -> Result<(), String> {
        let rule = &mut self.rule;
        match key {
            "Action" => {
                self.action = true;
                rule.weight = match value {
                    "Allow" => Weight::Allow,
                    "Block" => Weight::Block,
                    "ByPass" => Weight::Bypass,
                    _ => return Err(format!("`Action={value}` is no action")),
                };
            }
            "Active" => self.active = value.eq_ignore_ascii_case("true"),
            "Dir" => {
                self.direction = true;
                rule.direction = match value {
                    "Out" => Direction::Outbound,
                    "In" => Direction::Inbound,
                    _ => return Err(format!("`Dir={value}` is no direction")),
                };
            }
            "Protocol" => match value {
                "6" => rule.transport = Some(Transport::Tcp),
                "17" => rule.transport = Some(Transport::Udp),
                _ => self.other = true,
            },
            "LPort" | "LPort2_10" => port(value, &mut self.local, &mut rule.doubts),
            "RPort" | "RPort2_10" => port(value, &mut self.remote, &mut rule.doubts),
            "RA4" | "RA6" | "RA42" | "RA62" => add_remote(rule, value),
            "Profile" => {
                self.profiles.insert(value.to_lowercase());
            }
            "EmbedCtxt" => rule.host = host(value),
            "Name" | "Desc" | "Edge" | "Defer" => {}
            "Svc" if value == "*" => {}
            _ => {
                rule.doubts.insert(format!("it is limited by {key}={value}"));
            }
        }
        Ok(())
    }

    fn finish(mut self, settings: &Settings) -> Result<Option<Rule>, String> {
        if !self.action || !self.direction {
            return Err("it has no action or no direction".to_owned());
        }
        if !self.active || self.other {
            return Ok(None);
        }
        judge_profiles(&mut self.rule, &self.profiles, settings);
        let set = |list: Vec<PortRange>| (!list.is_empty()).then(|| ports(list));
        self.rule.local_ports = set(self.local);
        self.rule.remote_ports = set(self.remote);
        Ok(Some(self.rule))
    }
}

fn port(text: &str, list: &mut Vec<PortRange>, doubts: &mut BTreeSet<String>) {
    match PortRange::parse(text) {
        Ok(range) => list.push(range),
        Err(_) => {
            doubts.insert(format!("it is for ports that only the host knows: {text}"));
        }
    }
}
