//! Objects: what the names in rules stand for.

use std::collections::{BTreeMap, BTreeSet};

use crate::address::{IntervalSet, PortRange, PrefixSet, Transport};
use crate::host::{HostName, HostPattern};

use super::super::super::NameSet;
use super::super::super::region::{ports, whole};
use super::super::address::block;
use super::category::{Category, entries};
use super::node::Node;

/// All objects that a rulebase can name, the nearest of each name.
pub(super) struct Objects<'a>(BTreeMap<(&'static str, &'a str), &'a Node>);

/// The lists of objects that matter.
const LISTS: [&str; 6] =
    ["address", "address-group", "service", "service-group", "external-list", "custom-url-category"];

/// What a list of addresses stands for.
#[derive(Debug, Default)]
pub(super) struct Addressed {
    /// Whether it is `any`.
    pub(super) any: bool,
    /// By address.
    pub(super) addresses: PrefixSet,
    /// Names whose addresses the firewall looks up.
    pub(super) names: NameSet,
    /// Why it may be more.
    pub(super) doubts: BTreeSet<String>,
}

/// One service.
#[derive(Debug)]
pub(super) struct Service {
    pub(super) transport: Transport,
    pub(super) ports: IntervalSet<u32>,
    pub(super) source_ports: Option<IntervalSet<u32>>,
}

impl<'a> Objects<'a> {
    /// The objects of places, the nearest first.
    pub(super) fn of(places: impl Iterator<Item = (&'a str, &'a Node)>) -> Self {
        let mut objects = BTreeMap::new();
        for (_, place) in places {
            let profiles = place.child("profiles");
            for list in LISTS {
                let holders = [Some(place), profiles].into_iter().flatten();
                for entry in holders.filter_map(|holder| holder.child(list)).flat_map(Node::entries) {
                    objects.entry((list, entry.name.as_deref().unwrap_or_default())).or_insert(entry);
                }
            }
        }
        Self(objects)
    }

    fn get(&self, list: &'static str, name: &str) -> Option<&'a Node> {
        self.0.get(&(list, name)).copied()
    }

    /// What members of a source or a destination stand for.
    pub(super) fn addressed<'m>(&'m self, members: &[&'m str]) -> Addressed {
        let mut addressed = Addressed::default();
        // A group that was looked into has nothing more to give, also where it is in itself.
        let mut known = BTreeSet::new();
        for member in members {
            self.member(member, &mut addressed, &mut known);
        }
        if addressed.any {
            addressed.addresses = whole();
        }
        addressed
    }

    fn member<'m>(&'m self, member: &'m str, addressed: &mut Addressed, known: &mut BTreeSet<&'m str>) {
        let mut left = vec![member];
        while let Some(member) = left.pop() {
            if known.insert(member) {
                left.extend(self.one(member, addressed));
            }
        }
    }

    /// Adds what a member stands for; gives the members of a group.
    fn one(&self, member: &str, addressed: &mut Addressed) -> Vec<&str> {
        if member == "any" {
            addressed.any = true;
        } else if let Some(object) = self.get("address", member) {
            address(member, object, addressed);
        } else if let Some(group) = self.get("address-group", member) {
            if group.child("dynamic").is_some() {
                addressed.doubts.insert(format!("{member} is a dynamic address group"));
            }
            return group.members("static");
        } else if let Some(block) = block(member) {
            addressed.addresses = addressed.addresses.union(&block);
        } else if self.get("external-list", member).is_some() {
            addressed.doubts.insert(format!("{member} is an external list, and not in this file"));
        } else {
            addressed
                .doubts
                .insert(format!("{member} is no object of this file: a region, or something predefined"));
        }
        Vec::new()
    }

    /// The services of a rule, and why they may be others.
    pub(super) fn services<'m>(&'m self, members: &[&'m str]) -> (Vec<Service>, BTreeSet<String>) {
        let (mut services, mut doubts) = (Vec::new(), BTreeSet::new());
        let (mut known, mut left) = (BTreeSet::new(), members.to_vec());
        while let Some(member) = left.pop() {
            if known.insert(member) {
                left.extend(self.service(member, &mut services, &mut doubts));
            }
        }
        (services, doubts)
    }

    /// Adds a service; gives the members of a group.
    fn service<'m>(
        &'m self,
        member: &str,
        services: &mut Vec<Service>,
        doubts: &mut BTreeSet<String>,
    ) -> Vec<&'m str> {
        if let Some(object) = self.get("service", member) {
            if !service(object, services) {
                doubts
                    .insert(format!("the service {member} is neither TCP nor UDP on ports that can be read"));
            }
        } else if let Some(group) = self.get("service-group", member) {
            return group.members("members");
        } else {
            // Predefined ones.
            let tcp = |texts: &[&str]| Service {
                transport: Transport::Tcp,
                ports: ports(texts.iter().filter_map(|text| PortRange::parse(text).ok())),
                source_ports: None,
            };
            match member {
                "service-http" => services.push(tcp(&["80", "8080"])),
                "service-https" => services.push(tcp(&["443"])),
                _ => {
                    doubts.insert(format!("the service {member} is no object of this file"));
                }
            }
        }
        Vec::new()
    }

    /// What the categories of a rule hold.
    pub(super) fn category(&self, members: &[&str]) -> Category {
        let mut category = Category::default();
        for member in members {
            match self.get("custom-url-category", member) {
                Some(object) if object.child("type").is_none_or(|kind| kind.text == "URL List") => {
                    for entry in object.members("list") {
                        entries(entry, &mut category);
                    }
                }
                Some(_) => category.doubt(format!("the category {member} is made of other categories")),
                None if self.get("external-list", member).is_some() => {
                    category.doubt(format!("{member} is an external list, and not in this file"));
                }
                None => category.doubt(format!("what is in the category {member} is the vendor's to say")),
            }
        }
        category
    }
}

fn address(name: &str, object: &Node, addressed: &mut Addressed) {
    let text = |tag: &str| object.child(tag).map(|child| child.text.as_str());
    if let Some(text) = text("ip-netmask").or_else(|| text("ip-range")) {
        match block(text) {
            Some(block) => addressed.addresses = addressed.addresses.union(&block),
            None => {
                addressed.doubts.insert(format!("{name} has the address {text}, which cannot be read"));
            }
        }
    } else if let Some(text) = text("fqdn") {
        match HostName::parse(text) {
            Ok(host) => addressed.names = addressed.names.union(&NameSet::from(&HostPattern::Exact(host))),
            Err(error) => {
                addressed.doubts.insert(format!("{name}: {error}"));
            }
        }
    } else {
        addressed.doubts.insert(format!("{name} is an address with a wildcard mask, or of an unknown type"));
    }
}

/// Whether all of a service could be read.
fn service(object: &Node, services: &mut Vec<Service>) -> bool {
    let mut read = false;
    for transport in Transport::ALL {
        let Some(protocol) = object.path(&["protocol", transport.as_str()]) else { continue };
        let list = |tag: &str| protocol.child(tag).map(|child| port_list(&child.text));
        match (list("port"), list("source-port")) {
            (Some(Some(ports)), None) => services.push(Service { transport, ports, source_ports: None }),
            (Some(Some(ports)), Some(Some(source))) => {
                services.push(Service { transport, ports, source_ports: Some(source) });
            }
            _ => return false,
        }
        read = true;
    }
    read
}

/// `80,443,8000-8080`; nothing for any other text. Port 0 is nobody's.
fn port_list(text: &str) -> Option<IntervalSet<u32>> {
    let ranges = text.split(',').map(|part| {
        let part = part.trim();
        PortRange::parse(part.strip_prefix("0-").map_or(part.to_owned(), |last| format!("1-{last}")).as_str())
            .ok()
    });
    Some(ports(ranges.collect::<Option<Vec<_>>>()?))
}
