//! What a file puts on a firewall, by name, and the commands that take some of it away again.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::location::Location;
use super::policy::{Address, Policy, Service};
use super::strict;

/// Names by kind, and the members of what keeps its name when its content changes, in one place of a configuration.
/// Addresses, services and rules never change under their name.
///
/// The tag `portbook` is not among them: every file has it, and so may rules of others.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Objects {
    pub(super) location: Location,
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty", deserialize_with = "strict::names")]
    pub(super) rules: BTreeSet<String>,
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty", deserialize_with = "strict::names")]
    pub(super) exclusions: BTreeSet<String>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty", deserialize_with = "strict::categories")]
    pub(super) categories: BTreeMap<String, BTreeSet<String>>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty", deserialize_with = "strict::groups")]
    pub(super) groups: BTreeMap<String, BTreeSet<String>>,
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty", deserialize_with = "strict::names")]
    pub(super) services: BTreeSet<String>,
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty", deserialize_with = "strict::names")]
    pub(super) addresses: BTreeSet<String>,
}

impl Objects {
    /// None, in this place.
    pub(super) fn none(location: Location) -> Self {
        Self {
            location,
            rules: BTreeSet::new(),
            exclusions: BTreeSet::new(),
            categories: BTreeMap::new(),
            groups: BTreeMap::new(),
            services: BTreeSet::new(),
            addresses: BTreeSet::new(),
        }
    }

    /// Those of a policy.
    pub(super) fn of(policy: &Policy, location: &Location) -> Self {
        let names = |addresses: &[Address]| addresses.iter().map(Address::name).collect();
        let groups = policy.groups.iter().map(|(group, members)| (group.clone(), names(members)));
        let categories = policy.categories.iter();
        Self {
            location: location.clone(),
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

    /// Which kinds there are, in the order in which they refer to each other: addresses, groups, services, categories,
    /// security rules, decryption rules.
    pub(super) fn present(&self) -> [bool; 6] {
        [
            !self.addresses.is_empty(),
            !self.groups.is_empty(),
            !self.services.is_empty(),
            !self.categories.is_empty(),
            !self.rules.is_empty(),
            !self.exclusions.is_empty(),
        ]
    }

    /// The commands that remove what `self` has and `new` has not: rules first, then what they use, then what that
    /// uses, so that nothing is deleted that something still refers to. Both are of one place.
    pub(super) fn deletions(&self, new: &Self) -> Vec<String> {
        let rulebase = self.location.rulebase();
        let mut paths = Vec::new();
        gone(&mut paths, &format!("{rulebase} security rules"), &self.rules, &new.rules);
        gone(&mut paths, &format!("{rulebase} decryption rules"), &self.exclusions, &new.exclusions);
        thinned(&mut paths, "profiles custom-url-category", "list", &self.categories, &new.categories);
        thinned(&mut paths, "address-group", "static", &self.groups, &new.groups);
        gone(&mut paths, "service", &self.services, &new.services);
        gone(&mut paths, "address", &self.addresses, &new.addresses);
        paths.into_iter().map(|path| format!("delete {}{path}", self.location.words())).collect()
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::target::DeviceObjects;

    fn objects() -> Objects {
        let names = |list: &[&str]| list.iter().map(|name| (*name).to_owned()).collect::<BTreeSet<_>>();
        Objects {
            rules: names(&["portbook-hq-b", "portbook-hq-a"]),
            categories: BTreeMap::from([("pb-a-x".to_owned(), names(&["*.x.net/", "x.net/"]))]),
            groups: BTreeMap::from([("portbook-hq-s".to_owned(), names(&["pb-10.0.0.1"]))]),
            addresses: names(&["pb-10.0.0.1"]),
            ..Objects::none(Location::Vsys("vsys2".to_owned()))
        }
    }

    #[test]
    fn they_are_read_as_they_were_written() {
        let objects = DeviceObjects::PaloAlto(objects());
        let text = serde_json::to_string_pretty(&objects).unwrap();
        let wanted = r#"{
  "palo-alto": {
    "location": {
      "vsys": "vsys2"
    },
    "rules": [
      "portbook-hq-a",
      "portbook-hq-b"
    ],
    "categories": {
      "pb-a-x": [
        "*.x.net/",
        "x.net/"
      ]
    },
    "groups": {
      "portbook-hq-s": [
        "pb-10.0.0.1"
      ]
    },
    "addresses": [
      "pb-10.0.0.1"
    ]
  }
}"#;
        assert_eq!(text, wanted);
        assert_eq!(serde_json::from_str::<DeviceObjects>(&text).unwrap(), objects);
        for location in [Location::Firewall, Location::DeviceGroup("DG-1".to_owned())] {
            let objects = DeviceObjects::PaloAlto(Objects::none(location));
            let text = serde_json::to_string(&objects).unwrap();
            assert_eq!(serde_json::from_str::<DeviceObjects>(&text).unwrap(), objects, "{text}");
        }
    }

    #[test]
    fn what_is_not_exactly_ours_is_refused() {
        let at = |rest: &str| format!(r#"{{"palo-alto": {{"location": "firewall"{rest}}}}}"#);
        assert!(serde_json::from_str::<DeviceObjects>(&at("")).is_ok());
        for rest in [
            r#", "rules": ["allow-all"]"#,
            r#", "rules": ["pb-a b"]"#,
            r#", "rules": ["pb-a\ncommit"]"#,
            r#", "rules": ["pb-a", "pb-a"]"#,
            r#", "rules": "pb-a""#,
            r#", "rules": [], "rules": []"#,
            r#", "rule": ["pb-a"]"#,
            r#", "services": [443]"#,
            r#", "groups": {"corp": ["pb-a"]}"#,
            r#", "groups": {"pb-g": ["corp-dc"]}"#,
            r#", "groups": {"pb-g": ["pb-a"], "pb-g": ["pb-b"]}"#,
            r#", "categories": {"pb-c": ["x.net"]}"#,
            r#", "categories": {"pb-c": ["a b/"]}"#,
            r#", "categories": {"pb-c": ["x\";reboot/"]}"#,
            r#", "location": "firewall""#,
        ] {
            let text = at(rest);
            assert!(serde_json::from_str::<DeviceObjects>(&text).is_err(), "{text}");
        }
        for text in [
            "{}",
            r#"{"palo-alto": {}}"#,
            r#"{"palo-alto": {"location": "panorama"}}"#,
            r#"{"palo-alto": {"location": {"vsys": "a b"}}}"#,
            r#"{"palo-alto": {"location": {"vsys": ""}}}"#,
            r#"{"palo-alto": {"location": {"vsys": "a", "device-group": "b"}}}"#,
            r#"{"palo-alto": {"location": "firewall"}, "squid": {}}"#,
            r#"{"squid": {"location": "firewall"}}"#,
        ] {
            assert!(serde_json::from_str::<DeviceObjects>(text).is_err(), "{text}");
        }
    }
}
