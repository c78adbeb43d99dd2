//! Portbook's own PowerShell: its tables are read, and its code must be Portbook's, line by line. No other script is judged.

use std::collections::{BTreeMap, BTreeSet};

use crate::address::{PortRange, Transport};
use crate::finding::{Finding, Findings};
use crate::host::HostPattern;
use crate::target::{Direction, Settings};

use super::super::super::region::ports;
use super::super::super::{At, NameSet, Policy};
use super::super::own::{Shape, is_comment};
use super::super::{Beside, Configuration, unreadable};
use super::{Defaults, Rule, Weight, add_remote, host, judge_profiles, policy};

/// What Portbook writes around its tables.
const TEMPLATE: &str = include_str!("../../../../templates/windows-firewall/station.ps1");

/// Reads the scripts of one or more hosts.
pub(in super::super) fn read(
    files: &[Configuration],
    settings: &Settings,
    _: Beside<'_>,
) -> Result<Policy, Findings> {
    let mut scripts = Vec::new();
    let mut keywords = BTreeMap::new();
    for file in files {
        let mut script = Script::new(file);
        script.read()?;
        keywords.extend(std::mem::take(&mut script.keywords));
        scripts.push(script);
    }
    let mut rules = Vec::new();
    let mut foreign = Vec::new();
    for script in scripts {
        for table in &script.rules {
            rules.push(rule(&script, table, &keywords, settings)?);
        }
        foreign.extend(script.foreign);
    }
    let mut policy = policy(rules, &Defaults::default());
    for (at, line) in foreign {
        policy
            .doubt_all(&at, &format!("`{line}`: not Portbook's own script, and PowerShell is not run here"));
    }
    Ok(policy)
}

/// The tables of a script.
struct Script<'a> {
    file: &'a Configuration,
    group: String,
    keywords: BTreeMap<String, NameSet>,
    lists: BTreeMap<String, Vec<String>>,
    rules: Vec<Table>,
    foreign: Vec<(At, String)>,
}

/// The parameters of one rule.
struct Table {
    line: usize,
    values: BTreeMap<String, Vec<String>>,
    /// The name of the list that it takes its addresses from.
    list: Option<String>,
}

/// Where in a script a line is.
#[derive(PartialEq)]
enum Part {
    Code,
    Comment,
    Keywords,
    List(String),
    Rules,
    Rule,
    Values(String),
}

impl<'a> Script<'a> {
    fn new(file: &'a Configuration) -> Self {
        Self {
            file,
            group: String::new(),
            keywords: BTreeMap::new(),
            lists: BTreeMap::new(),
            rules: Vec::new(),
            foreign: Vec::new(),
        }
    }

    fn read(&mut self) -> Result<(), Finding> {
        let text = self.file.text()?;
        if !text.contains("$Rules = @(") && !text.contains("$Keywords = @(") {
            return Err(unreadable(
                &self.file.at(1),
                "no script of Portbook's: PowerShell of others is not judged",
            ));
        }
        let mut shape = Shape::new(TEMPLATE);
        let mut part = Part::Code;
        for (index, line) in text.lines().enumerate() {
            let at = self.file.at(index + 1);
            part = self.line(part, line.trim(), &at, &mut shape)?;
        }
        if !shape.is_whole() {
            self.foreign.push((self.file.at(1), "lines of Portbook's own script are missing".to_owned()));
        }
        if part == Part::Code { Ok(()) } else { Err(unreadable(&self.file.at(1), "it ends inside a table")) }
    }

    fn line(&mut self, part: Part, line: &str, at: &At, shape: &mut Shape<'_>) -> Result<Part, Finding> {
        let unread = || unreadable(at, format!("`{line}` is not what Portbook writes there"));
        Ok(match part {
            Part::Comment => {
                if line.ends_with("#>") {
                    Part::Code
                } else {
                    Part::Comment
                }
            }
            Part::Code => self.code(line, at, shape).ok_or_else(unread)?,
            Part::Keywords | Part::Rules if line == ")" => Part::Code,
            Part::Keywords => {
                let inner = line
                    .strip_prefix("@{ Id = ")
                    .and_then(|line| line.strip_suffix(" }"))
                    .ok_or_else(unread)?;
                let (id, name) = inner.split_once("; Keyword = ").ok_or_else(unread)?;
                let (id, name) = text(id).zip(text(name)).ok_or_else(unread)?;
                let pattern = HostPattern::parse(&name).map_err(|_| unread())?;
                self.keywords.insert(id, NameSet::from(&pattern));
                Part::Keywords
            }
            Part::List(name) => {
                let (value, end) = line.strip_suffix(')').map_or((line, false), |line| (line, true));
                if !value.is_empty() {
                    self.lists.entry(name.clone()).or_default().push(text(value).ok_or_else(unread)?);
                }
                if end { Part::Code } else { Part::List(name) }
            }
            Part::Rules if line == "@{" => {
                self.rules.push(Table { line: at.line, values: BTreeMap::new(), list: None });
                Part::Rule
            }
            Part::Rules => return Err(unread()),
            Part::Rule if line == "}" => Part::Rules,
            Part::Rule => self.parameter(line).ok_or_else(unread)?,
            Part::Values(_) if line == ")" => Part::Rule,
            Part::Values(key) => {
                let (value, end) = line.strip_suffix(')').map_or((line, false), |line| (line, true));
                let values = self.rules.last_mut().map(|rule| rule.values.entry(key.clone()).or_default());
                values.ok_or_else(unread)?.push(text(value).ok_or_else(unread)?);
                if end { Part::Rule } else { Part::Values(key) }
            }
        })
    }

    /// A line of code: the start of a table, or one that Portbook's script has too, in its order.
    fn code(&mut self, line: &str, at: &At, shape: &mut Shape<'_>) -> Option<Part> {
        if line.starts_with("<#") {
            return Some(Part::Comment);
        }
        let table = match line {
            "$Keywords = @(" => Some(Part::Keywords),
            "$Rules = @(" => Some(Part::Rules),
            _ => None,
        };
        if table.is_some() {
            shape.has_next(line);
            return table;
        }
        // Once for each list, in a loop of the template.
        if let Some(name) = line.strip_prefix("$Addresses[").and_then(|line| line.strip_suffix("] = @(")) {
            return Some(Part::List(text(name)?));
        }
        if let Some(group) = line.strip_prefix("$Group = ") {
            self.group = text(group)?;
        }
        if !is_comment(line) && !shape.has_next(line) {
            self.foreign.push((at.clone(), line.to_owned()));
        }
        Some(Part::Code)
    }

    fn parameter(&mut self, line: &str) -> Option<Part> {
        let (key, value) = line.split_once(" = ")?;
        let rule = self.rules.last_mut()?;
        if rule.values.contains_key(key) || key == "RemoteAddress" && rule.list.is_some() {
            return None;
        }
        if value == "@(" {
            rule.values.insert(key.to_owned(), Vec::new());
            return Some(Part::Values(key.to_owned()));
        }
        if let Some(name) = value.strip_prefix("$Addresses[").and_then(|value| value.strip_suffix(']')) {
            if key != "RemoteAddress" {
                return None;
            }
            rule.list = Some(text(name)?);
            return Some(Part::Rule);
        }
        rule.values.insert(key.to_owned(), vec![text(value)?]);
        Some(Part::Rule)
    }
}

/// A string in single quotes, where two stand for one. Typographic quotes end a string in PowerShell too.
fn text(literal: &str) -> Option<String> {
    let inner = literal.trim_end_matches(',').strip_prefix('\'')?.strip_suffix('\'')?;
    let bare = inner.replace("''", "");
    let quotes = ['\'', '\u{2018}', '\u{2019}', '\u{201a}', '\u{201b}'];
    (!bare.contains(quotes)).then(|| inner.replace("''", "'"))
}

fn rule(
    script: &Script<'_>,
    table: &Table,
    keywords: &BTreeMap<String, NameSet>,
    settings: &Settings,
) -> Result<Rule, Finding> {
    let at = script.file.at(table.line);
    let one = |key: &str| table.values.get(key).and_then(|values| values.first()).map(String::as_str);
    let mut rule = Rule::new(one("Name").unwrap_or_default().to_owned(), at.clone());
    rule.host = host(&script.group);
    let refuse =
        |what: &str| unreadable(&at, format!("the rule {}: {what}", one("Name").unwrap_or_default()));
    (rule.direction, rule.weight) = match (one("Direction"), one("Action"), one("Enabled")) {
        (Some(direction), Some(action), Some("True")) => {
            let direction = match direction {
                "Outbound" => Direction::Outbound,
                "Inbound" => Direction::Inbound,
                _ => return Err(refuse("no direction")),
            };
            (direction, if action == "Allow" { Weight::Allow } else { Weight::Block })
        }
        _ => return Err(refuse("its direction, its action or `Enabled = 'True'` is missing")),
    };
    rule.transport = Some(match one("Protocol") {
        Some("TCP") => Transport::Tcp,
        Some("UDP") => Transport::Udp,
        _ => return Err(refuse("its protocol is neither TCP nor UDP")),
    });
    let list = |key: &str| -> Result<Option<_>, Finding> {
        let Some(values) = table.values.get(key) else { return Ok(None) };
        let ranges: Result<Vec<PortRange>, _> = values.iter().map(|text| PortRange::parse(text)).collect();
        ranges.map(|ranges| Some(ports(ranges))).map_err(|error| refuse(&error.to_string()))
    };
    rule.local_ports = list("LocalPort")?;
    rule.remote_ports = list("RemotePort")?;
    let shared =
        table.list.as_ref().map(|name| script.lists.get(name).ok_or_else(|| refuse("its list is not there")));
    let shared = shared.transpose()?;
    for address in table.values.get("RemoteAddress").into_iter().chain(shared).flatten() {
        add_remote(&mut rule, address);
    }
    for id in table.values.get("RemoteDynamicKeywordAddresses").into_iter().flatten() {
        rule.limited = true;
        match keywords.get(id) {
            Some(names) => rule.names = rule.names.union(names),
            None => {
                rule.more.insert(format!("the dynamic keyword {id} is not in these files"));
            }
        }
    }
    let empty = |key: &str| table.values.get(key).is_some_and(Vec::is_empty);
    if empty("RemoteAddress") || empty("RemoteDynamicKeywordAddresses") || shared.is_some_and(Vec::is_empty) {
        return Err(refuse("an empty list, which Windows takes for any address"));
    }
    limits(&mut rule, table, settings);
    Ok(rule)
}

/// Parameters that Portbook's rules have, and that match nothing by themselves.
const PLAIN: [&str; 11] = [
    "Name",
    "DisplayName",
    "Description",
    "Enabled",
    "Direction",
    "Action",
    "Protocol",
    "LocalPort",
    "RemotePort",
    "RemoteAddress",
    "RemoteDynamicKeywordAddresses",
];

fn limits(rule: &mut Rule, table: &Table, settings: &Settings) {
    let named = table.values.get("Profile").into_iter().flatten().flat_map(|value| value.split(','));
    let profiles: BTreeSet<String> = named.map(|word| word.trim().to_lowercase()).collect();
    judge_profiles(rule, &profiles, settings);
    let asked = settings.get("restrict").unwrap_or_default();
    for (key, values) in table.values.iter().filter(|(key, _)| !PLAIN.contains(&key.as_str())) {
        let value = values.join(", ");
        match key.as_str() {
            // Judged above, also where it is missing.
            "Profile" => {}
            "Program" if asked == "program" => rule.software = Some(format!("program {value}")),
            "Service" if asked == "service" => rule.software = Some(format!("service {value}")),
            "LocalUser" if asked == "account" => rule.software = Some(format!("account {value}")),
            _ => {
                rule.doubts.insert(format!("it is limited by {key} {value}"));
            }
        }
    }
}
