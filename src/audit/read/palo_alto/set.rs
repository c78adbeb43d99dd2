//! `set` commands become the same tree as XML.

use super::super::super::{At, Unjudged};
use super::super::{Configuration, unreadable};
use super::node::Node;
use super::{Place, Where};
use crate::finding::{Finding, Findings};

/// Lists of objects whose entries have their name behind them.
const OBJECTS: [&str; 8] = [
    "address",
    "address-group",
    "service",
    "service-group",
    "external-list",
    "application-group",
    "application",
    "tag",
];
/// What a security rule can have, as far as the words behind it are one value or a list.
const KEYS: [&str; 26] = [
    "from",
    "to",
    "source",
    "destination",
    "source-user",
    "source-hip",
    "destination-hip",
    "hip-profiles",
    "category",
    "application",
    "service",
    "action",
    "disabled",
    "negate-source",
    "negate-destination",
    "log-start",
    "log-end",
    "log-setting",
    "description",
    "tag",
    "group-tag",
    "schedule",
    "rule-type",
    "uuid",
    "icmp-unreachable",
    "source-imei",
];
/// Keys whose value is a list.
const LISTED: [&str; 12] = [
    "from",
    "to",
    "source",
    "destination",
    "source-user",
    "source-hip",
    "destination-hip",
    "hip-profiles",
    "category",
    "application",
    "service",
    "source-imei",
];

/// What is not carried out.
#[derive(Default)]
pub(super) struct Left {
    pub(super) unjudged: Vec<Unjudged>,
    pub(super) remarks: Vec<Unjudged>,
}

/// The places of a file, in the order in which it names them first.
pub(super) fn parse(file: &Configuration, left: &mut Left) -> Result<Vec<Place>, Findings> {
    let text = file.text()?;
    let mut places = Places { file, found: Vec::new(), left };
    for (index, line) in text.lines().enumerate() {
        places.line(line.trim(), index + 1)?;
    }
    Ok(places.found)
}

struct Places<'a> {
    file: &'a Configuration,
    found: Vec<Place>,
    left: &'a mut Left,
}

impl Places<'_> {
    fn line(&mut self, line: &str, number: usize) -> Result<(), Finding> {
        let at = self.file.at(number);
        if line.is_empty() || line.starts_with('#') {
            return Ok(());
        }
        let words = words(line).ok_or_else(|| unreadable(&at, "a quotation does not end"))?;
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        match words.as_slice() {
            ["set", rest @ ..] => self.set(rest, number),
            // What an earlier file set, which is not in this one.
            ["delete", ..] if self.found.is_empty() => {
                let what = "deletions in front: what they take away is not in this file".to_owned();
                if self.left.remarks.last().is_none_or(|last| last.what != what) {
                    self.left.remarks.push(Unjudged { at, what });
                }
            }
            ["delete", ..] => self.leave(&at, "a deletion behind other commands is not carried out"),
            ["move", rest @ ..] => self.moved(rest, number),
            ["rename" | "copy" | "edit" | "top" | "up" | "load", ..] => {
                self.leave(&at, format!("`{line}` is not carried out"));
            }
            _ => return Err(unreadable(&at, "no `set` command")),
        }
        Ok(())
    }

    fn leave(&mut self, at: &At, what: impl Into<String>) {
        self.left.unjudged.push(Unjudged { at: at.clone(), what: what.into() });
    }

    /// The place that a command is about, and the words behind it.
    fn place<'w>(&mut self, words: &'w [&'w str], line: usize) -> (Option<&mut Node>, &'w [&'w str]) {
        let (place, rest) = match words {
            ["vsys", name, rest @ ..] => (Where::Vsys((*name).to_owned()), rest),
            ["device-group", name, rest @ ..] => (Where::DeviceGroup((*name).to_owned()), rest),
            ["shared", rest @ ..] => (Where::Shared, rest),
            rest => (Where::Vsys("vsys1".to_owned()), rest),
        };
        let index = self.found.iter().position(|known| known.site == place).unwrap_or_else(|| {
            let node = Node::new("entry", line);
            self.found.push(Place { file: self.file.name.clone(), site: place, node, parent: None });
            self.found.len() - 1
        });
        (self.found.get_mut(index).map(|place| &mut place.node), rest)
    }

    fn set(&mut self, words: &[&str], line: usize) {
        let is_place = matches!(words.first(), Some(&("vsys" | "device-group" | "shared")));
        let known = |word: &str| {
            OBJECTS.contains(&word)
                || ["profiles", "rulebase", "pre-rulebase", "post-rulebase"].contains(&word)
        };
        // The rest of a configuration (networks, users, templates) makes no place.
        let about = if is_place {
            words.iter().any(|word| known(word))
        } else {
            words.first().is_some_and(|word| known(word))
        };
        if !about {
            return;
        }
        let (Some(place), rest) = self.place(words, line) else { return };
        match rest {
            ["profiles", "custom-url-category", name, rest @ ..] => {
                let list = place
                    .make("profiles", None, line)
                    .and_then(|node| node.make("custom-url-category", None, line));
                if let Some(entry) = list.and_then(|list| list.make("entry", Some(name), line)) {
                    pairs(entry, rest, &["list"], line);
                }
            }
            [
                base @ ("rulebase" | "pre-rulebase" | "post-rulebase"),
                kind @ ("security" | "default-security-rules"),
                "rules",
                name,
                rest @ ..,
            ] => {
                let rules = place
                    .make(base, None, line)
                    .and_then(|node| node.make(kind, None, line))
                    .and_then(|node| node.make("rules", None, line));
                if let Some(entry) = rules.and_then(|rules| rules.make("entry", Some(name), line)) {
                    rule(entry, rest, line);
                }
            }
            ["service", name, "protocol", protocol, rest @ ..] => {
                let entry =
                    place.make("service", None, line).and_then(|list| list.make("entry", Some(name), line));
                let node = entry
                    .and_then(|entry| entry.make("protocol", None, line))
                    .and_then(|node| node.make(protocol, None, line));
                if let Some(node) = node {
                    pairs(node, rest, &[], line);
                }
            }
            [list, name, rest @ ..] if OBJECTS.contains(list) => {
                let entry =
                    place.make(list, None, line).and_then(|node| node.make("entry", Some(name), line));
                if let Some(entry) = entry {
                    pairs(entry, rest, &["static", "members", "tag"], line);
                }
            }
            _ => {}
        }
    }

    /// `rulebase security rules NAME top|bottom|before OTHER|after OTHER`.
    fn moved(&mut self, words: &[&str], line: usize) {
        let at = self.file.at(line);
        let (Some(place), rest) = self.place(words, line) else { return };
        let [base, "security", "rules", name, way @ ..] = rest else { return };
        let rules = place.make(base, None, line).and_then(|node| node.make("security", None, line));
        let Some(rules) = rules.and_then(|node| node.make("rules", None, line)) else { return };
        let position = |rules: &Node, name: &str| {
            rules.children.iter().position(|rule| rule.name.as_deref() == Some(name))
        };
        let Some(index) = position(rules, name) else {
            return self.leave(&at, format!("the rule {name} is moved, and is not in this file"));
        };
        // Positions are those without the rule itself.
        let without = |other: usize| if other > index { other - 1 } else { other };
        let target = match way {
            ["top"] => Some(0),
            ["bottom"] => Some(rules.children.len()),
            ["before", other] => position(rules, other).map(without),
            ["after", other] => position(rules, other).map(|other| without(other) + 1),
            _ => None,
        };
        rules.shift(index, target.unwrap_or(index));
        if target.is_none() {
            self.leave(&at, format!("where the rule {name} is moved to is not in this file"));
        }
    }
}

/// Keys with a value or a list in brackets; `listed` are lists also where one value is given.
fn pairs(node: &mut Node, words: &[&str], listed: &[&str], line: usize) {
    let mut rest = words;
    while let [key, behind @ ..] = rest {
        let (values, behind) = values(behind);
        let Some(child) = node.make(key, None, line) else { return };
        if listed.contains(key) || values.len() > 1 {
            child.children.extend(values.iter().map(|value| member(value, line)));
        } else {
            child.text = values.first().map(|value| (*value).to_owned()).unwrap_or_default();
        }
        rest = behind;
    }
}

fn member(value: &str, line: usize) -> Node {
    Node { text: value.to_owned(), ..Node::new("member", line) }
}

/// One word, or those between brackets.
fn values<'w>(words: &'w [&'w str]) -> (&'w [&'w str], &'w [&'w str]) {
    match words {
        ["[", inner @ ..] => {
            let end = inner.iter().position(|word| *word == "]").unwrap_or(inner.len());
            let (values, rest) = inner.split_at_checked(end).unwrap_or((inner, &[]));
            (values, rest.get(1..).unwrap_or_default())
        }
        [_, ..] => words.split_at_checked(1).unwrap_or((words, &[])),
        [] => (&[], &[]),
    }
}

/// Adds what a command says of a rule. What it says in words that are not known is kept as not understood.
fn rule(entry: &mut Node, words: &[&str], line: usize) {
    let mut rest = words;
    while let [key, behind @ ..] = rest {
        match *key {
            key if KEYS.contains(&key) => {
                let (_, after) = values(behind);
                let used = rest.len() - after.len();
                pairs(entry, rest.get(..used).unwrap_or_default(), &LISTED, line);
                rest = after;
            }
            "profile-setting" => {
                if let (Some(setting), ["group", behind @ ..]) =
                    (entry.make("profile-setting", None, line), behind)
                {
                    let (groups, after) = values(behind);
                    if let Some(group) = setting.make("group", None, line) {
                        group.children.extend(groups.iter().map(|value| member(value, line)));
                    }
                    rest = after;
                } else {
                    return;
                }
            }
            // How the firewall inspects, not whom it lets pass.
            "option" | "qos" => return,
            _ => {
                if let Some(unread) = entry.make("unread", None, line) {
                    unread.text = rest.join(" ");
                }
                return;
            }
        }
    }
}

/// Words; one in quotes may have spaces. Nothing if a quotation does not end.
fn words(line: &str) -> Option<Vec<String>> {
    let mut words = Vec::new();
    let mut rest = line.trim_start();
    while let Some(first) = rest.chars().next() {
        if matches!(first, '"' | '\'') {
            let inner = rest.get(1..)?;
            let end = inner.find(first)?;
            words.push(inner.get(..end)?.to_owned());
            rest = inner.get(end + 1..)?.trim_start();
        } else {
            let end = rest.find(char::is_whitespace).unwrap_or(rest.len());
            words.push(rest.get(..end)?.to_owned());
            rest = rest.get(end..)?.trim_start();
        }
    }
    Some(words)
}
