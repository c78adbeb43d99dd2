//! What an earlier file put on the firewall, and what has to go.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::sync::Arc;

use super::location::Location;
use super::name;
use super::policy::{Address, Policy, Service};
use crate::finding::{Code, Finding, Findings, Place, Source};

/// Names by kind, and the members of what keeps its name when its content changes. Addresses, services and rules
/// never change under their name.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Objects {
    rules: BTreeSet<String>,
    exclusions: BTreeSet<String>,
    categories: BTreeMap<String, BTreeSet<String>>,
    groups: BTreeMap<String, BTreeSet<String>>,
    services: BTreeSet<String>,
    addresses: BTreeSet<String>,
}

impl Objects {
    /// Those of a policy.
    pub(super) fn of(policy: &Policy) -> Self {
        let names = |addresses: &[Address]| addresses.iter().map(Address::name).collect();
        let groups = policy.groups.iter().map(|(group, members)| (group.clone(), names(members)));
        let categories = policy.categories.iter();
        Self {
            rules: policy.rules.iter().map(|rule| rule.name.clone()).collect(),
            exclusions: policy.exclusions.iter().map(|rule| rule.name.clone()).collect(),
            categories: categories
                .map(|(name, list)| (name.clone(), list.iter().cloned().collect()))
                .collect(),
            groups: groups.collect(),
            services: policy.services.iter().map(Service::name).collect(),
            addresses: policy.addresses.iter().map(Address::name).collect(),
        }
    }

    /// Those of an earlier file of this target, for the same place.
    ///
    /// # Errors
    /// `invalid-value` for every line that Portbook does not write, and for every name that is not Portbook's: what it
    /// did not make it does not delete.
    pub(super) fn read(text: &str, location: &Location) -> Result<Self, Findings> {
        let source = Source::new("since", text);
        let mut objects = Self::default();
        // A wrong file is wrong in every line: the first one tells which file it is.
        let mut first = None;
        let mut others = 0_usize;
        for (index, line) in text.lines().enumerate() {
            let silent = ["#", "move ", "delete "].iter().any(|start| line.starts_with(start));
            if silent || line.is_empty() {
                continue;
            }
            match (objects.line(line, location), &first) {
                (Some(()), _) => {}
                (None, None) => first = Some(foreign(&source, index + 1, location)),
                (None, Some(_)) => others += 1,
            }
        }
        let mut findings = Findings::new();
        if let Some(finding) = first {
            let lines = if others == 1 { "1 more line is" } else { &format!("{others} more lines are") };
            let more = (others > 0).then(|| format!("{lines} not from one"));
            findings.push(more.into_iter().fold(finding, Finding::note));
        }
        if objects == Self::default() && findings.is_empty() {
            findings.push(Finding::new(Code::InvalidValue, "the file given as `since` sets nothing"));
        }
        findings.or_value(objects).map(|(objects, _)| objects)
    }

    fn line(&mut self, line: &str, location: &Location) -> Option<()> {
        let rest = line.strip_prefix("set ")?.strip_prefix(&location.words())?;
        let words: Vec<&str> = rest.split(' ').collect();
        let rulebase = location.rulebase();
        match *words.as_slice() {
            ["tag", name::TAG, ..] => return Some(()),
            ["address", name, _, _] => self.addresses.insert(ours(name)?),
            ["address-group", name, "static", member] => {
                self.groups.entry(ours(name)?).or_default().insert(ours(member)?)
            }
            ["service", name, "protocol", ..] => self.services.insert(ours(name)?),
            ["profiles", "custom-url-category", name, "type", ..] => {
                self.categories.entry(ours(name)?).or_default();
                true
            }
            ["profiles", "custom-url-category", name, "list", entry] => {
                self.categories.entry(ours(name)?).or_default().insert(url_entry(entry)?)
            }
            [base, "security", "rules", name, ..] if base == rulebase => self.rules.insert(ours(name)?),
            [base, "decryption", "rules", name, ..] if base == rulebase => {
                self.exclusions.insert(ours(name)?)
            }
            _ => return None,
        };
        Some(())
    }

    /// The commands that remove what `self` has and `new` has not: rules first, then what they use, then what that
    /// uses, so that nothing is deleted that something still refers to.
    pub(super) fn deletions(&self, new: &Self, location: &Location) -> Vec<String> {
        let rulebase = location.rulebase();
        let mut paths = Vec::new();
        gone(&mut paths, &format!("{rulebase} security rules"), &self.rules, &new.rules);
        gone(&mut paths, &format!("{rulebase} decryption rules"), &self.exclusions, &new.exclusions);
        thinned(&mut paths, "profiles custom-url-category", "list", &self.categories, &new.categories);
        thinned(&mut paths, "address-group", "static", &self.groups, &new.groups);
        gone(&mut paths, "service", &self.services, &new.services);
        gone(&mut paths, "address", &self.addresses, &new.addresses);
        paths.into_iter().map(|path| format!("delete {}{path}", location.words())).collect()
    }
}

/// Whole objects that are gone.
fn gone(paths: &mut Vec<String>, path: &str, old: &BTreeSet<String>, new: &BTreeSet<String>) {
    paths.extend(old.difference(new).map(|name| format!("{path} {name}")));
}

/// Whole lists that are gone, and single members of those that stay.
fn thinned(
    paths: &mut Vec<String>,
    path: &str,
    list: &str,
    old: &BTreeMap<String, BTreeSet<String>>,
    new: &BTreeMap<String, BTreeSet<String>>,
) {
    for (name, members) in old {
        match new.get(name) {
            None => paths.push(format!("{path} {name}")),
            Some(kept) => {
                paths.extend(members.difference(kept).map(|member| format!("{path} {name} {list} {member}")));
            }
        }
    }
}

fn ours(text: &str) -> Option<String> {
    name::is_ours(text).then(|| text.to_owned())
}

fn url_entry(text: &str) -> Option<String> {
    let host = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    let name = text.strip_suffix('/')?;
    let name = name.strip_prefix("*.").unwrap_or(name);
    (!name.is_empty() && name.chars().all(host)).then(|| text.to_owned())
}

fn foreign(source: &Arc<Source>, line: usize, location: &Location) -> Finding {
    let mut message = String::from("`since` takes a file that palo-alto-set wrote");
    let words = location.words();
    if !words.is_empty() {
        let _ = write!(message, " for {}", words.trim_end());
    }
    message.push_str("; this line is not from one");
    Finding::new(Code::InvalidValue, message)
        .at(Place::at(source, line, 1))
        .help("give the file as it was written; rules and objects of your own are never deleted")
}

#[cfg(test)]
mod tests {
    use super::*;

    const OLD: &str = "# note\n\
        set tag portbook comments \"Written by Portbook\"\n\
        set address pb-10.0.0.1 ip-netmask 10.0.0.1/32\n\
        set address pb-10.0.0.2 ip-netmask 10.0.0.2/32\n\
        set address-group portbook-s-a static pb-10.0.0.1\n\
        set address-group portbook-s-a static pb-10.0.0.2\n\
        set service portbook-tcp-443 protocol tcp port 443\n\
        set profiles custom-url-category pb-a-x type \"URL List\"\n\
        set profiles custom-url-category pb-a-x list *.x.net/\n\
        set rulebase security rules portbook-s-a-x from any to any\n\
        move rulebase security rules portbook-s-a-x bottom\n";

    #[test]
    fn deletions_go_from_rules_to_what_they_use() {
        let old = Objects::read(OLD, &Location::Firewall).unwrap();
        let wanted = [
            "delete rulebase security rules portbook-s-a-x",
            "delete profiles custom-url-category pb-a-x",
            "delete address-group portbook-s-a",
            "delete service portbook-tcp-443",
            "delete address pb-10.0.0.1",
            "delete address pb-10.0.0.2",
        ];
        assert_eq!(old.deletions(&Objects::default(), &Location::Firewall), wanted);
        assert!(old.deletions(&old, &Location::Firewall).is_empty());
    }

    #[test]
    fn a_list_that_stays_loses_only_what_is_gone() {
        let old = Objects::read(OLD, &Location::Firewall).unwrap();
        let kept = OLD.lines().filter(|line| !line.contains("10.0.0.2")).collect::<Vec<_>>().join("\n");
        let new = Objects::read(&kept, &Location::Firewall).unwrap();
        let wanted = ["delete address-group portbook-s-a static pb-10.0.0.2", "delete address pb-10.0.0.2"];
        assert_eq!(old.deletions(&new, &Location::Firewall), wanted);
    }

    #[test]
    fn foreign_lines_and_names_are_refused_where_they_stand() {
        for line in [
            "set address corp-dc ip-netmask 10.0.0.1/32",
            "set address pb-a b ip-netmask 10.0.0.1/32",
            "set device-group DG address pb-10.0.0.1 ip-netmask 10.0.0.1/32",
            "set pre-rulebase security rules portbook-x from any",
            "set rulebase security rules allow-all from any",
            "set address-group portbook-s-a static corp-dc",
            "set profiles custom-url-category pb-a-x list x\";reboot/",
            "set deviceconfig system hostname x",
            "request restart system",
            "<config>",
        ] {
            let findings = Objects::read(&format!("{OLD}{line}\n"), &Location::Firewall).unwrap_err();
            assert_eq!(findings.len(), 1, "{line}");
            let finding = findings.iter().next().unwrap();
            assert_eq!(finding.code, Code::InvalidValue, "{line}");
            assert_eq!(finding.labels[0].place.line_column(), (12, 1), "{line}");
        }
        let squid = Objects::read(&"acl a src 10.0.0.1\n".repeat(500), &Location::Firewall).unwrap_err();
        assert_eq!(squid.len(), 1, "a wrong file is one mistake");
        assert_eq!(squid.iter().next().unwrap().notes, ["499 more lines are not from one"]);
        assert!(Objects::read("# nothing\n", &Location::Firewall).is_err());
    }
}
