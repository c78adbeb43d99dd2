//! Objects: what the names in rules stand for.

use std::collections::{BTreeMap, BTreeSet};

use crate::address::{IntervalSet, PortRange, PrefixSet, Transport};
use crate::host::{HostName, HostPattern};

use super::super::super::NameSet;
use super::super::super::region::{ports, whole};
use super::super::address::block;
use super::category::{Category, entries};
use super::node::Node;

/// All objects that a rulebase can name: of each name the nearest, of whatever kind it is.
pub(super) struct Objects<'a>(BTreeMap<(Names, &'a str), Object<'a>>);

/// Where a name is looked up: names of one kind hide those of another at farther places.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Names {
    Addresses,
    Services,
    Categories,
}

/// An object, and the list that it stands in.
#[derive(Clone, Copy)]
struct Object<'a> {
    list: &'static str,
    node: &'a Node,
    /// Which of the places it is of, the nearest first.
    place: usize,
    /// Whether another kind of object has its name at the same place.
    ambiguous: bool,
}

/// The lists of objects that matter.
const LISTS: [(Names, &str); 7] = [
    (Names::Addresses, "address"),
    (Names::Addresses, "address-group"),
    (Names::Addresses, "external-list"),
    (Names::Services, "service"),
    (Names::Services, "service-group"),
    (Names::Categories, "custom-url-category"),
    (Names::Categories, "external-list"),
];

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
        let mut objects: BTreeMap<(Names, &'a str), Object<'a>> = BTreeMap::new();
        for (place, (_, holder)) in places.enumerate() {
            let profiles = holder.child("profiles");
            for (names, list) in LISTS {
                let holders = [Some(holder), profiles].into_iter().flatten();
                for node in holders.filter_map(|holder| holder.child(list)).flat_map(Node::entries) {
                    let name = node.name.as_deref().unwrap_or_default();
                    let known = objects.entry((names, name)).or_insert(Object {
                        list,
                        node,
                        place,
                        ambiguous: false,
                    });
                    known.ambiguous |= known.place == place && known.list != list;
                }
            }
        }
        Self(objects)
    }

    fn get(&self, names: Names, name: &str) -> Option<Object<'a>> {
        self.0.get(&(names, name)).copied()
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
            return Vec::new();
        }
        let Some(object) = self.get(Names::Addresses, member) else {
            if let Some(block) = block(member) {
                addressed.addresses = addressed.addresses.union(&block);
            } else {
                let why = format!("{member} is no object of this file: a region, or something predefined");
                addressed.doubts.insert(why);
            }
            return Vec::new();
        };
        if object.ambiguous {
            addressed.doubts.insert(ambiguous(member));
        }
        match object.list {
            "address" => address(member, object.node, addressed),
            "address-group" => {
                if object.node.child("dynamic").is_some() {
                    addressed.doubts.insert(format!("{member} is a dynamic address group"));
                }
                return object.node.members("static");
            }
            _ => {
                addressed.doubts.insert(format!("{member} is an external list, and not in this file"));
            }
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
        if let Some(object) = self.get(Names::Services, member) {
            if object.ambiguous {
                doubts.insert(ambiguous(member));
            }
            if object.list == "service-group" {
                return object.node.members("members");
            }
            if !service(object.node, services) {
                doubts
                    .insert(format!("the service {member} is neither TCP nor UDP on ports that can be read"));
            }
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
            let Some(object) = self.get(Names::Categories, member) else {
                category.doubt(format!("what is in the category {member} is the vendor's to say"));
                continue;
            };
            if object.ambiguous {
                category.doubt(ambiguous(member));
            }
            if object.list == "external-list" {
                category.doubt(format!("{member} is an external list, and not in this file"));
            } else if object.node.child("type").is_none_or(|kind| kind.text == "URL List") {
                for entry in object.node.members("list") {
                    entries(entry, &mut category);
                }
            } else {
                category.doubt(format!("the category {member} is made of other categories"));
            }
        }
        category
    }
}

fn ambiguous(name: &str) -> String {
    format!("{name} is the name of two objects of one place")
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
