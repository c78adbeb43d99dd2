//! `windows-registry`: Group Policy `FirewallRules` values in a .reg file per host, and one that deletes them again.
//!
//! The value of a rule is the grammar of [MS-GPFAS] 2.2.2; the file is what regedit exports: UTF-16LE with byte order
//! mark, CRLF.

use minijinja::value::{Serde, Value};
use serde::Serialize;

use super::registry_file::{HEAD, quoted, utf16};
use super::windows::{HostRules, PROFILE, Remote, WindowsRule, back, hosts, one_line, profiles, unwritable};
use super::{
    Capabilities, Direction, Enforces, Fitted, Lowered, Match, NameSupport, Packed, PortSupport, Settings,
    SourceSupport, TargetSpec, Templates, Vantage,
};
use crate::address::{Family, PortRange, Transport};
use crate::artifact::Artifact;
use crate::finding::{Code, Finding, Findings};

/// The row of the table of targets.
pub(super) const SPEC: TargetSpec = TargetSpec {
    id: "windows-registry",
    summary: "Windows Firewall rules as Group Policy values: a .reg file per host, addresses only",
    vantage: Vantage::Host,
    enforces: Enforces::IfDefaultDeny(
        "the profile's DefaultOutboundAction is Block (outbound rules) or DefaultInboundAction is Block (inbound rules)",
    ),
    settings: &[PROFILE],
    capabilities,
    pack,
    back: |old, new| Ok(back::registry(old, new)),
};

/// Where Group Policy keeps firewall rules ([MS-GPFAS] 2.2.2).
const KEY: &str = r"HKEY_LOCAL_MACHINE\SOFTWARE\Policies\Microsoft\WindowsFirewall\FirewallRules";

fn capabilities(_: &Settings) -> Capabilities {
    Capabilities {
        source: SourceSupport::Itself,
        // The published grammar has no token for dynamic keywords.
        names: NameSupport::None,
        addresses: true,
        paths: false,
        ports: PortSupport::Exact,
        source_ports: true,
        words: false,
        identity: None,
    }
}

/// The values of all hosts.
#[derive(Serialize)]
struct Values {
    hosts: Vec<HostValues>,
}

/// The values of one host.
#[derive(Debug, Serialize)]
struct HostValues {
    path: String,
    undo_path: String,
    header: Vec<String>,
    key: &'static str,
    values: Vec<RuleValue>,
}

/// One value.
#[derive(Debug, Serialize)]
struct RuleValue {
    name: String,
    rule: String,
}

fn pack(fitted: &Fitted, settings: &Settings) -> Packed {
    let findings: Findings = fitted.rules.iter().filter_map(refused_address).collect();
    if !findings.is_empty() {
        return Err(findings);
    }
    let hosts = hosts(fitted, None)?;
    let mut values = Vec::new();
    for host in &hosts {
        values.push(host_values(fitted, settings, host)?);
    }
    Ok(Box::new(Values { hosts: values }))
}

fn refused_address(rule: &super::FittedRule) -> Option<Finding> {
    let far = match rule.direction {
        Direction::Outbound => &rule.destination,
        Direction::Inbound => &rule.source,
    };
    let Match::Addresses(set) = far else {
        return None;
    };
    unwritable(&set.prefixes).then(|| {
        let message = format!("{}: `::` and `::1` cannot stand in a stored rule", rule.rule.id);
        Finding::new(Code::InvalidValue, message)
            .help("leave them out of --address: they never cross a network")
    })
}

fn host_values(fitted: &Fitted, settings: &Settings, host: &HostRules) -> Result<HostValues, Findings> {
    let mut header = fitted.header.lines();
    header.push(format!("For {}: {}.", host.station.id, host.count()));
    if !settings.is("profile", "any") {
        header.push(format!("On network profiles {} only, as set.", profiles(settings).join(", ")));
    }
    let mut values = Vec::new();
    for rule in &host.rules {
        values.push(RuleValue { name: rule.name.clone(), rule: rule_value(host, rule, settings)? });
    }
    values.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(HostValues {
        path: format!("windows/{}.reg", host.station.id),
        undo_path: format!("windows/{}.undo.reg", host.station.id),
        header,
        key: KEY,
        values,
    })
}

/// `v2.10|Action=Allow|...|`: 2.10 is the first version with port ranges. `Active` is written because its absence means
/// disabled, and `Protocol` stands before the ports because they mean nothing without it.
fn rule_value(host: &HostRules, rule: &WindowsRule, settings: &Settings) -> Result<String, Findings> {
    let mut value = Fields::new("v2.10");
    value.put("Action", "Allow");
    value.put("Active", "TRUE");
    value.put("Dir", direction(rule.direction));
    value.put("Protocol", &protocol(rule.transport).to_string());
    for profile in profiles(settings).iter().filter(|profile| **profile != "Any") {
        value.put("Profile", profile);
    }
    if let Some(ports) = rule.local_ports {
        value.put(&port_key("LPort", ports), &ports.to_string());
    }
    if let Some(ports) = rule.remote_ports {
        value.put(&port_key("RPort", ports), &ports.to_string());
    }
    match &rule.remote {
        // No address means every address, which is what the document says here.
        Remote::Any => {}
        Remote::Addresses(family, list) => {
            let key = match family {
                Family::V4 => "RA4",
                Family::V6 => "RA6",
            };
            list.texts.iter().for_each(|text| value.put(key, text));
        }
        Remote::Keywords(_) => {
            let message = format!("{}: a stored rule holds no names", rule.name);
            return Err(Finding::new(Code::NameNeedsAddress, message).into());
        }
    }
    value.put("Name", &rule.display_name);
    if !rule.description.is_empty() {
        value.put("Desc", &rule.description);
    }
    value.put("EmbedCtxt", &host.group);
    Ok(value.0)
}

/// Fields of a stored rule, each with its bar. Written in place: a rule may have thousands of addresses.
struct Fields(String);

impl Fields {
    fn new(version: &str) -> Self {
        Self(format!("{version}|"))
    }

    fn put(&mut self, key: &str, value: &str) {
        for part in [key, "=", value, "|"] {
            self.0.push_str(part);
        }
    }
}

fn direction(direction: Direction) -> &'static str {
    match direction {
        Direction::Outbound => "Out",
        Direction::Inbound => "In",
    }
}

/// IANA protocol numbers.
fn protocol(transport: Transport) -> u8 {
    match transport {
        Transport::Tcp => 6,
        Transport::Udp => 17,
    }
}

/// `RPort` of one port, `RPort2_10` of a range.
fn port_key(token: &str, ports: PortRange) -> String {
    if ports.single().is_some() { token.to_owned() } else { format!("{token}2_10") }
}

impl Lowered for Values {
    fn render(&self, _: &Templates) -> Result<Vec<Artifact>, Findings> {
        let files = self.hosts.iter().flat_map(|host| [host.file(), host.undo_file()]);
        Ok(files.collect())
    }

    fn context(&self) -> Value {
        Value::from(Serde(self))
    }
}

impl HostValues {
    fn file(&self) -> Artifact {
        let notes = [format!(
            "It adds and replaces; what an older file had beyond this one is removed by that file's {}.",
            self.undo_path
        )];
        let values =
            self.values.iter().map(|value| format!("{}={}", quoted(&value.name), quoted(&value.rule)));
        self.registry(&self.path, &notes, values)
    }

    fn undo_file(&self) -> Artifact {
        let notes = [format!("Removes the rules of {} and nothing else.", self.path)];
        let values = self.values.iter().map(|value| format!("{}=-", quoted(&value.name)));
        self.registry(&self.undo_path, &notes, values)
    }

    fn registry(&self, path: &str, notes: &[String], values: impl Iterator<Item = String>) -> Artifact {
        let mut lines = vec![HEAD.to_owned(), String::new()];
        lines.extend(self.header.iter().chain(notes).map(|line| format!("; {}", one_line(line))));
        lines.extend([String::new(), format!("[{}]", self.key)]);
        lines.extend(values);
        lines.push(String::new());
        Artifact { path: path.to_owned(), bytes: utf16(&lines) }
    }
}
