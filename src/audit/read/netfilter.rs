//! netfilter: what the readers of `nftables` and `iptables` share. Both accept what goes from one set to another.

mod ipset;
pub(super) mod iptables;
pub(super) mod nftables;

use std::collections::BTreeMap;

use crate::address::{Family, IntervalSet, Port, PortRange, Prefix, PrefixSet, Transport};

use super::super::policy::{both, by_address};
use super::super::region::{ports, whole};
use super::super::{Action, At, Clause, Destination, Fallthrough, NameSet, Reach};

/// A set of one family.
#[derive(Debug)]
struct Set {
    family: Family,
    prefixes: PrefixSet,
}

/// Sets by name.
type Sets = BTreeMap<String, Set>;

/// What a line accepts; an end without a set is anyone.
#[derive(Debug)]
struct Accept {
    /// Both where the line names no set.
    family: Option<Family>,
    source: Option<PrefixSet>,
    destination: Option<PrefixSet>,
    transport: Transport,
    ports: IntervalSet<u32>,
    source_ports: Option<IntervalSet<u32>>,
}

/// Why a line is not read.
const FOREIGN: &str = "a line that Portbook does not write";

impl Accept {
    fn clause(self, at: At, name: &str) -> Clause {
        let of_family = self.family.map_or_else(whole, |family| Prefix::whole(family).into());
        let from = Reach {
            transport: Some(self.transport),
            source_ports: self.source_ports,
            ..Reach::from(self.source.unwrap_or_else(|| of_family.clone()))
        };
        let to = match self.destination {
            Some(set) => by_address(&set, "its set"),
            // Whatever a name resolves to, only an address of this family is met by such a packet.
            None => vec![Reach::to(Destination { names: NameSet::all(), addresses: of_family })],
        };
        let reaches = both(&both(&[from], &to), &[Reach::ports(self.ports)]);
        Clause { action: Action::Allow, reaches, host: None, direction: None, at, name: name.to_owned() }
    }
}

/// What becomes of what no line accepts.
fn fallthrough(standalone: bool, rest: &At) -> Fallthrough {
    if standalone {
        return Fallthrough::Certain(Action::Deny, format!("{rest} drops what no line accepts"));
    }
    let why = "no line accepts it; what the chain that jumps here does with the rest is not in this file";
    Fallthrough::Unknown(why.to_owned())
}

/// A set that holds addresses of `family`.
fn named<'s>(name: &str, family: Family, sets: &'s Sets) -> Result<&'s PrefixSet, String> {
    match sets.get(name) {
        Some(set) if set.family == family => Ok(&set.prefixes),
        Some(_) => Err(format!("the set {name} holds addresses of the other family")),
        None => Err(format!("the set {name} is not in these files")),
    }
}

/// A prefix as sets have it: of this family, and not all of it.
fn element(text: &str, family: Family) -> Option<Prefix> {
    Prefix::parse(text).ok().filter(|prefix| prefix.family() == family && prefix.length() > 0)
}

/// Ports with `comma` between, ranges with `to`.
fn port_list(text: &str, comma: &str, to: char) -> Option<IntervalSet<u32>> {
    let range = |text: &str| match text.split_once(to) {
        Some((first, last)) => PortRange::new(Port::parse(first).ok()?, Port::parse(last).ok()?).ok(),
        None => Port::parse(text).ok().map(PortRange::from),
    };
    let ranges: Option<Vec<PortRange>> = text.split(comma).map(range).collect();
    ranges.map(ports)
}

fn transport(text: &str) -> Option<Transport> {
    match text {
        "tcp" => Some(Transport::Tcp),
        "udp" => Some(Transport::Udp),
        _ => None,
    }
}

/// The inside of a comment's quotes, where nothing ends them.
fn is_label(text: &str) -> bool {
    text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, ' ' | '-' | '+'))
}

/// A name of Portbook's: `portbook`, `portbook-SITE`.
fn is_own_name(text: &str) -> bool {
    text.starts_with("portbook") && is_name(text)
}

/// A name that needs no quotes.
fn is_name(text: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    text.starts_with(|c: char| c.is_ascii_alphabetic()) && text.chars().all(plain)
}
