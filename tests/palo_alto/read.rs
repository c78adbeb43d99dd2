//! Readers of both forms, written apart from the writers: only what a firewall would know.

use std::collections::BTreeMap;

use quick_xml::Reader;
use quick_xml::events::Event;

/// A rule of either rulebase.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Rule {
    pub(crate) from: String,
    pub(crate) to: String,
    pub(crate) source: String,
    pub(crate) destination: String,
    pub(crate) category: String,
    pub(crate) services: Vec<String>,
    pub(crate) action: String,
    pub(crate) rest: BTreeMap<String, String>,
}

/// A configuration.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Read {
    pub(crate) tags: BTreeMap<String, String>,
    pub(crate) addresses: BTreeMap<String, (String, String)>,
    pub(crate) groups: BTreeMap<String, Vec<String>>,
    /// transport, ports, source ports
    pub(crate) services: BTreeMap<String, (String, String, String)>,
    pub(crate) categories: BTreeMap<String, Vec<String>>,
    pub(crate) rules: BTreeMap<String, Rule>,
    pub(crate) exclusions: BTreeMap<String, Rule>,
}

impl Read {
    /// Whether everything that is named is there, and everything that is there is named.
    pub(crate) fn references_hold(&self) -> bool {
        let mut used = std::collections::BTreeSet::new();
        for rule in self.rules.values().chain(self.exclusions.values()) {
            for group in [&rule.source, &rule.destination] {
                if group != "any" && !self.groups.contains_key(group) {
                    return false;
                }
                used.insert(group.clone());
            }
            if rule.category != "any" && !self.categories.contains_key(&rule.category) {
                return false;
            }
            used.insert(rule.category.clone());
            if rule.services.is_empty() || !rule.services.iter().all(|name| self.services.contains_key(name))
            {
                return false;
            }
            used.extend(rule.services.iter().cloned());
        }
        let members: Vec<&String> = self.groups.values().flatten().collect();
        let lists = self.groups.values().chain(self.categories.values());
        lists.into_iter().all(|list| !list.is_empty())
            && members.iter().all(|member| self.addresses.contains_key(*member))
            && self.addresses.keys().all(|name| members.contains(&name))
            && self
                .groups
                .keys()
                .chain(self.categories.keys())
                .chain(self.services.keys())
                .all(|name| used.contains(name))
    }
}

fn words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let (mut quoted, mut any) = (false, false);
    for c in line.chars() {
        match c {
            '"' => {
                quoted = !quoted;
                any = true;
            }
            ' ' if !quoted => {
                if any || !word.is_empty() {
                    words.push(std::mem::take(&mut word));
                }
                any = false;
            }
            c => word.push(c),
        }
    }
    assert!(!quoted, "{line}");
    if any || !word.is_empty() {
        words.push(word);
    }
    words
}

/// Reads the `set` commands of a file for `location` (the words behind `set`, with a space).
pub(crate) fn read_set(text: &str, location: &str) -> Read {
    let mut read = Read::default();
    let rulebase = if location.starts_with("device-group") { "pre-rulebase" } else { "rulebase" };
    for line in text.lines() {
        if ["#", "move ", "delete "].iter().any(|start| line.starts_with(start)) {
            continue;
        }
        let rest = line.strip_prefix("set ").and_then(|rest| rest.strip_prefix(location));
        let words = words(rest.unwrap_or_else(|| panic!("{line}")));
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        match words[..] {
            ["tag", name, "comments", text] => {
                read.tags.insert(name.into(), text.into());
            }
            ["address", name, kind, value] => {
                read.addresses.insert(name.into(), (kind.into(), value.into()));
            }
            ["address-group", name, "static", member] => {
                add(read.groups.entry(name.into()).or_default(), member);
            }
            ["service", name, "protocol", transport, "port", ports] => {
                read.services.insert(name.into(), (transport.into(), ports.into(), String::new()));
            }
            ["service", name, "protocol", transport, "port", ports, "source-port", source] => {
                read.services.insert(name.into(), (transport.into(), ports.into(), source.into()));
            }
            ["profiles", "custom-url-category", _, "type", "URL List"] => {}
            ["profiles", "custom-url-category", name, "list", entry] => {
                add(read.categories.entry(name.into()).or_default(), entry);
            }
            [base, "security", "rules", name, ..] if base == rulebase => {
                read.rules.insert(name.into(), rule(&words[4..]));
            }
            [base, "decryption", "rules", name, ..] if base == rulebase => {
                read.exclusions.insert(name.into(), rule(&words[4..]));
            }
            _ => panic!("{line}"),
        }
    }
    for list in read.groups.values_mut().chain(read.categories.values_mut()) {
        list.sort();
    }
    read
}

fn add(list: &mut Vec<String>, member: &str) {
    if !list.iter().any(|known| known == member) {
        list.push(member.to_owned());
    }
}

fn rule(words: &[&str]) -> Rule {
    let mut rule = Rule::default();
    let mut words = words.iter();
    while let Some(key) = words.next() {
        let mut values = vec![(*words.next().unwrap()).to_owned()];
        if values[0] == "[" {
            values = words.by_ref().take_while(|word| **word != "]").map(|word| (*word).to_owned()).collect();
        }
        field(&mut rule, key, values);
    }
    rule
}

fn field(rule: &mut Rule, key: &str, mut values: Vec<String>) {
    if key == "service" {
        rule.services = values;
        return;
    }
    assert_eq!(values.len(), 1, "{key}");
    let value = values.remove(0);
    match key {
        "from" => rule.from = value,
        "to" => rule.to = value,
        "source" => rule.source = value,
        "destination" => rule.destination = value,
        "category" => rule.category = value,
        "action" => rule.action = value,
        _ => {
            rule.rest.insert(key.to_owned(), value);
        }
    }
}

/// Element, name attribute, text, children.
#[derive(Debug, Default)]
struct Node {
    element: String,
    name: String,
    text: String,
    children: Vec<Node>,
}

impl Node {
    fn get(&self, element: &str) -> Option<&Node> {
        self.children.iter().find(|child| child.element == element)
    }

    fn entries(&self, path: &[&str]) -> &[Node] {
        let mut node = self;
        for element in path {
            match node.get(element) {
                Some(child) => node = child,
                None => return &[],
            }
        }
        &node.children
    }

    fn members(&self) -> Vec<String> {
        self.children.iter().map(|child| child.text.clone()).collect()
    }
}

fn tree(text: &str) -> Node {
    let mut reader = Reader::from_str(text);
    let mut stack = vec![Node::default()];
    loop {
        match reader.read_event().unwrap() {
            Event::Start(start) => stack.push(node(&start)),
            Event::Empty(start) => {
                let node = node(&start);
                stack.last_mut().unwrap().children.push(node);
            }
            Event::End(_) => {
                let node = stack.pop().unwrap();
                stack.last_mut().unwrap().children.push(node);
            }
            Event::Text(text) => stack.last_mut().unwrap().text.push_str(text.into_inner().trim()),
            Event::GeneralRef(reference) => panic!("{reference:?}: no value needs one"),
            Event::Eof => break,
            _ => {}
        }
    }
    assert_eq!(stack.len(), 1);
    stack.pop().unwrap()
}

fn node(start: &quick_xml::events::BytesStart<'_>) -> Node {
    let name = start.try_get_attribute("name").unwrap();
    let name = name.map(|name| name.value.to_string()).unwrap_or_default();
    Node { element: start.name().as_ref().to_string(), name, ..Node::default() }
}

/// Reads a configuration.
pub(crate) fn read_xml(text: &str) -> Read {
    let root = tree(text);
    let device = &root.entries(&["config", "devices"])[0];
    let (list, rulebase) =
        if device.get("vsys").is_some() { ("vsys", "rulebase") } else { ("device-group", "pre-rulebase") };
    let place = &device.entries(&[list])[0];
    let mut read = Read::default();
    for entry in place.entries(&["tag"]) {
        read.tags.insert(entry.name.clone(), entry.get("comments").unwrap().text.clone());
    }
    for entry in place.entries(&["address"]) {
        let value = &entry.children[0];
        read.addresses.insert(entry.name.clone(), (value.element.clone(), value.text.clone()));
    }
    for entry in place.entries(&["address-group"]) {
        read.groups.insert(entry.name.clone(), entry.get("static").unwrap().members());
    }
    for entry in place.entries(&["service"]) {
        let transport = &entry.entries(&["protocol"])[0];
        let text = |element| transport.get(element).map(|node| node.text.clone()).unwrap_or_default();
        read.services
            .insert(entry.name.clone(), (transport.element.clone(), text("port"), text("source-port")));
    }
    for entry in place.entries(&["profiles", "custom-url-category"]) {
        assert_eq!(entry.get("type").unwrap().text, "URL List");
        read.categories.insert(entry.name.clone(), entry.get("list").unwrap().members());
    }
    for (kind, rules) in [("security", &mut read.rules), ("decryption", &mut read.exclusions)] {
        for entry in place.entries(&[rulebase, kind, "rules"]) {
            let mut rule = Rule::default();
            for node in &entry.children {
                let values = match (&node.children[..], node.element.as_str()) {
                    ([], _) => vec![node.text.clone()],
                    ([choice], "type") => vec![choice.element.clone()],
                    _ => node.members(),
                };
                field(&mut rule, &node.element, values);
            }
            rules.insert(entry.name.clone(), rule);
        }
    }
    for list in read.groups.values_mut().chain(read.categories.values_mut()) {
        list.sort();
    }
    read
}
