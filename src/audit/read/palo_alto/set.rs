//! `set` commands become the same tree as XML.

mod change;
mod inspection;

use std::collections::BTreeSet;

use super::super::super::{At, Unjudged};
use super::super::{Configuration, unreadable};
use super::node::Node;
use super::{MOST_STRAYS, Place, Where, own};
use crate::finding::{Finding, Findings};
use crate::target::Settings;

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

/// The rulebases of a place.
const BASES: [&str; 3] = ["rulebase", "pre-rulebase", "post-rulebase"];

/// What is not carried out.
#[derive(Default)]
pub(super) struct Left {
    pub(super) remarks: Vec<Unjudged>,
    /// What may change any rule.
    pub(super) doubts: Vec<Unjudged>,
    /// Commands that Portbook does not write: the first ones.
    pub(super) strays: Vec<Unjudged>,
    /// Whether the files say which device groups stand above others.
    pub(super) hierarchy: bool,
}

/// The places of a file, in the order in which it names them first.
pub(super) fn parse(
    file: &Configuration,
    settings: &Settings,
    left: &mut Left,
) -> Result<Vec<Place>, Findings> {
    let text = file.text()?;
    let mut places = Places { file, settings, found: Vec::new(), left, scans: 0, topped: BTreeSet::new() };
    for (index, line) in text.lines().enumerate() {
        places.line(line.trim(), index + 1)?;
    }
    places.untopped();
    Ok(places.found)
}

struct Places<'a> {
    file: &'a Configuration,
    settings: &'a Settings,
    found: Vec<Place>,
    left: &'a mut Left,
    /// How many entries of lists were looked at for deletions.
    scans: usize,
    /// Decryption rules that the last command about them moves to the top.
    topped: BTreeSet<String>,
}

/// The place that a command is about, and the words behind it.
fn site<'w>(words: &'w [&'w str]) -> (Where, &'w [&'w str]) {
    match words {
        ["vsys", name, rest @ ..] => (Where::Vsys((*name).to_owned()), rest),
        ["device-group", name, rest @ ..] => (Where::DeviceGroup((*name).to_owned()), rest),
        ["shared", rest @ ..] => (Where::Shared, rest),
        rest => (Where::Vsys("vsys1".to_owned()), rest),
    }
}

/// Whether what stands at a place bears on its security rules; the rest of a configuration (networks, users, translation)
/// does not. Nothing, or a new name, is about the place itself.
fn is_about_rules(words: &[&str]) -> bool {
    match words {
        [] | ["vsys" | "device-group"] | ["to", ..] => true,
        ["profiles", kind, ..] => *kind == "custom-url-category",
        [base, kind, ..] if BASES.contains(base) => matches!(*kind, "security" | "default-security-rules"),
        [first, ..] => OBJECTS.contains(first) || BASES.contains(first) || *first == "profiles",
    }
}

impl Places<'_> {
    fn line(&mut self, line: &str, number: usize) -> Result<(), Finding> {
        let at = self.file.at(number);
        if line.is_empty() || line.starts_with('#') {
            return Ok(());
        }
        let words = words(line).ok_or_else(|| unreadable(&at, "a quotation does not end"))?;
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let [verb, behind @ ..] = words.as_slice() else { return Ok(()) };
        let (site, rest) = site(behind);
        let is_own = site == Where::of(self.settings) && own::is_written(verb, rest);
        if !is_own && self.left.strays.len() < MOST_STRAYS {
            let what = format!("`{line}` is not a command that Portbook writes");
            self.left.strays.push(Unjudged { at: at.clone(), what });
        }
        let about = is_about_rules(rest);
        match *verb {
            _ if matches!(rest, [base, "decryption", ..] if BASES.contains(base)) => {
                // Nothing that passes depends on them: those of other places are left alone.
                if site == Where::of(self.settings) {
                    self.inspection(verb, site, rest, number);
                }
            }
            "set" if behind.starts_with(&["readonly"]) => self.hierarchy(behind, number),
            "set" if about && !rest.is_empty() => self.set(site, rest, number),
            "delete" if about => self.delete(&site, rest, &at),
            "move" if about => self.moved(&site, rest, &at),
            "rename" if about => self.rename(&site, rest, &at),
            "set" | "delete" | "move" | "rename" => {}
            "copy" if !about => {}
            "copy" | "edit" | "top" | "up" | "load" => {
                self.doubt(&at, format!("`{line}` is not carried out"));
            }
            _ => return Err(unreadable(&at, "no `set` command")),
        }
        Ok(())
    }

    fn doubt(&mut self, at: &At, what: impl Into<String>) {
        self.left.doubts.push(Unjudged { at: at.clone(), what: what.into() });
    }

    fn remark(&mut self, at: &At, what: &str) {
        if self.left.remarks.last().is_none_or(|last| last.what != what) {
            self.left.remarks.push(Unjudged { at: at.clone(), what: what.to_owned() });
        }
    }

    /// A place; made where no command was about it before.
    fn place(&mut self, site: Where, line: usize) -> Option<&mut Place> {
        let index = self.found.iter().position(|known| known.site == site).unwrap_or_else(|| {
            let node = Node::new("entry", line);
            self.found.push(Place { file: self.file.name.clone(), site, node, parent: None });
            self.found.len() - 1
        });
        self.found.get_mut(index)
    }

    fn known(&mut self, site: &Where) -> Option<&mut Node> {
        self.found.iter_mut().find(|known| known.site == *site).map(|place| &mut place.node)
    }

    /// `readonly devices localhost.localdomain device-group CHILD parent-dg PARENT`, as Panorama shows it.
    fn hierarchy(&mut self, words: &[&str], line: usize) {
        let ["readonly", "devices", _, "device-group", name, rest @ ..] = words else { return };
        self.left.hierarchy = true;
        let place = self.place(Where::DeviceGroup((*name).to_owned()), line);
        let parent = rest.iter().skip_while(|word| **word != "parent-dg").nth(1);
        if let (Some(place), Some(parent)) = (place, parent) {
            place.parent = Some((*parent).to_owned());
        }
    }

    fn set(&mut self, site: Where, words: &[&str], line: usize) {
        let Some(place) = self.place(site, line).map(|place| &mut place.node) else { return };
        match words {
            ["profiles", "custom-url-category", name, rest @ ..] => {
                let list = place
                    .make("profiles", None, line)
                    .and_then(|node| node.make("custom-url-category", None, line));
                if let Some(entry) = list.and_then(|list| list.make("entry", Some(name), line)) {
                    pairs(entry, rest, &["list"], line);
                }
            }
            [base, kind, "rules", name, rest @ ..] if BASES.contains(base) => {
                let rules = place
                    .make(base, None, line)
                    .and_then(|node| node.make(kind, None, line))
                    .and_then(|node| node.make("rules", None, line));
                if let Some(entry) = rules.and_then(|rules| rules.make("entry", Some(name), line)) {
                    rule(entry, kind, rest, line);
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
fn rule(entry: &mut Node, kind: &str, words: &[&str], line: usize) {
    let mut rest = words;
    while let [key, behind @ ..] = rest {
        match *key {
            key if KEYS.contains(&key) || key == "type" && kind == "decryption" => {
                let (_, after) = values(behind);
                let used = rest.len() - after.len();
                pairs(entry, rest.get(..used).unwrap_or_default(), &LISTED, line);
                rest = after;
            }
            "profile-setting" => {
                let Some(setting) = entry.make("profile-setting", None, line) else { return };
                rest = profile_setting(setting, behind, line);
            }
            // How the firewall inspects and marks, not whom it lets pass.
            "option" if behind.starts_with(&["disable-server-response-inspection"]) => {
                rest = behind.get(2..).unwrap_or_default();
            }
            "qos" if matches!(behind, ["marking", "ip-dscp" | "ip-precedence", ..]) => {
                rest = behind.get(3..).unwrap_or_default();
            }
            "qos" if behind.starts_with(&["marking", "follow-c2s-flow"]) => {
                rest = behind.get(2..).unwrap_or_default();
            }
            _ => {
                if let Some(unread) = entry.make("unread", None, line) {
                    unread.text = rest.join(" ");
                }
                return;
            }
        }
    }
}

/// Kinds of security profiles.
const PROFILES: [&str; 10] = [
    "virus",
    "spyware",
    "vulnerability",
    "url-filtering",
    "file-blocking",
    "data-filtering",
    "wildfire-analysis",
    "gtp",
    "sctp",
    "ai-security",
];

/// `group NAME`, or `profiles KIND NAME ...`; gives the words behind it.
fn profile_setting<'w>(setting: &mut Node, words: &'w [&'w str], line: usize) -> &'w [&'w str] {
    match words {
        ["group", behind @ ..] => {
            let (groups, rest) = values(behind);
            if let Some(group) = setting.make("group", None, line) {
                group.children.extend(groups.iter().map(|value| member(value, line)));
            }
            rest
        }
        ["profiles", behind @ ..] => {
            let mut rest = behind;
            while let [kind, named @ ..] = rest
                && PROFILES.contains(kind)
            {
                (_, rest) = values(named);
            }
            rest
        }
        other => other,
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
