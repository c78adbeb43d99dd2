//! A small model of a candidate configuration, after the vendor's words for `set` (adds to lists, replaces leaves),
//! `delete` (refused where the object is not there, or something refers to it), `move` and `load config partial ... mode
//! merge`. It knows nothing of how the program writes.

use std::collections::BTreeMap;

use super::read::{Read, Rule, read_set, read_xml};

/// One place of a configuration: objects, rules, and the order of both rulebases.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Device {
    pub(crate) read: Read,
    pub(crate) security: Vec<String>,
    pub(crate) decryption: Vec<String>,
}

impl Device {
    /// With two rules of its owner's, which nothing of ours may touch.
    pub(crate) fn of_somebody() -> Self {
        let own = ["corp-allow", "corp-deny"].map(str::to_owned).to_vec();
        Self { security: own, ..Self::default() }
    }

    /// Everything but the tag, which stays.
    pub(crate) fn without_tag(mut self) -> Self {
        self.read.tags.clear();
        self
    }

    /// Pastes a file into configure mode, without its comments.
    pub(crate) fn paste(&mut self, text: &str, location: &str) {
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            if line.starts_with("set ") {
                self.merge(read_set(line, location));
                continue;
            }
            let (command, rest) = line.split_once(' ').unwrap();
            let words: Vec<&str> = rest.strip_prefix(location).unwrap().split(' ').collect();
            match command {
                "delete" => self.delete(&words),
                "move" => self.r#move(&words),
                _ => panic!("{line}"),
            }
            self.check(line);
        }
    }

    /// Loads all parts of an XML file.
    pub(crate) fn load(&mut self, xml: &str) {
        self.merge(read_xml(xml));
    }

    fn merge(&mut self, new: Read) {
        let read = &mut self.read;
        read.tags.extend(new.tags);
        read.addresses.extend(new.addresses);
        read.services.extend(new.services);
        for (lists, new) in [(&mut read.groups, new.groups), (&mut read.categories, new.categories)] {
            for (name, members) in new {
                let list = lists.entry(name).or_default();
                list.extend(members);
                list.sort();
                list.dedup();
            }
        }
        merge_rules(&mut read.rules, &mut self.security, new.rules);
        merge_rules(&mut read.exclusions, &mut self.decryption, new.exclusions);
    }

    fn delete(&mut self, words: &[&str]) {
        let read = &mut self.read;
        let gone = match *words {
            ["rulebase" | "pre-rulebase", "security", "rules", name] => {
                self.security.retain(|rule| rule != name);
                read.rules.remove(name).is_some()
            }
            ["rulebase" | "pre-rulebase", "decryption", "rules", name] => {
                self.decryption.retain(|rule| rule != name);
                read.exclusions.remove(name).is_some()
            }
            ["profiles", "custom-url-category", name] => read.categories.remove(name).is_some(),
            ["profiles", "custom-url-category", name, "list", entry] => {
                taken(read.categories.get_mut(name), entry)
            }
            ["address-group", name] => read.groups.remove(name).is_some(),
            ["address-group", name, "static", member] => taken(read.groups.get_mut(name), member),
            ["service", name] => read.services.remove(name).is_some(),
            ["address", name] => read.addresses.remove(name).is_some(),
            _ => panic!("{words:?}"),
        };
        assert!(gone, "{words:?} deletes nothing");
    }

    fn r#move(&mut self, words: &[&str]) {
        let [_, rulebase, "rules", name, to @ ..] = words else { panic!("{words:?}") };
        let order = if *rulebase == "security" { &mut self.security } else { &mut self.decryption };
        let from = order.iter().position(|rule| rule == name).unwrap();
        let rule = order.remove(from);
        let position = |anchor: &str| order.iter().position(|rule| rule == anchor).unwrap();
        let at = match to {
            ["top"] => 0,
            ["bottom"] => order.len(),
            ["before", anchor] => position(anchor),
            ["after", anchor] => position(anchor) + 1,
            _ => panic!("{words:?}"),
        };
        order.insert(at, rule);
    }

    /// Nothing refers to what is not there, and no list is empty.
    fn check(&self, line: &str) {
        let read = &self.read;
        for rule in read.rules.values().chain(read.exclusions.values()) {
            for group in [&rule.source, &rule.destination] {
                assert!(group == "any" || read.groups.contains_key(group), "{line}: {group} is in use");
            }
            let category = &rule.category;
            assert!(
                category == "any" || read.categories.contains_key(category),
                "{line}: {category} is in use"
            );
            for service in &rule.services {
                assert!(read.services.contains_key(service), "{line}: {service} is in use");
            }
        }
        for member in read.groups.values().flatten() {
            assert!(read.addresses.contains_key(member), "{line}: {member} is in use");
        }
        for (name, list) in read.groups.iter().chain(&read.categories) {
            assert!(!list.is_empty(), "{line}: {name} is empty");
        }
    }
}

fn taken(list: Option<&mut Vec<String>>, member: &str) -> bool {
    list.is_some_and(|list| {
        let count = list.len();
        list.retain(|known| known != member);
        list.len() < count
    })
}

fn merge_rules(rules: &mut BTreeMap<String, Rule>, order: &mut Vec<String>, new: BTreeMap<String, Rule>) {
    for (name, rule) in new {
        match rules.get_mut(&name) {
            None => {
                order.push(name.clone());
                rules.insert(name, rule);
            }
            Some(known) => {
                // Lists of one member would get a second one.
                let lists = |rule: &Rule| {
                    let Rule { from, to, source, destination, category, services, .. } = rule.clone();
                    (from, to, source, destination, category, services)
                };
                assert_eq!(lists(known), lists(&rule), "{name}");
                *known = rule;
            }
        }
    }
}
