//! External dynamic lists of PAN-OS: entries, and Portbook's index that says to which service they belong.

use std::collections::BTreeMap;

use crate::address::{IntervalSet, PortRange, Transport};
use crate::finding::{Finding, Findings};
use crate::target::Settings;

use super::super::policy::{both, by_address};
use super::super::region::ports;
use super::super::{Action, At, Clause, Destination, Fallthrough, Policy, Reach};
use super::hop::together;
use super::palo_alto::category::{Category, entries};
use super::{Beside, Configuration, address::block, unreadable};

/// Up to how many lines each address of all lists is a clause by itself. More of them would make as many stretches of a
/// requirement, since a service tag has thousands of prefixes: then the addresses of a list are one clause.
const SEVERAL: usize = 1000;

/// What the index says of a list.
struct Listed {
    kind: String,
    transport: Transport,
    ports: IntervalSet<u32>,
    at: At,
    seen: bool,
}

/// Reads lists; with an index each is bound to its service, without one to any.
pub(super) fn read(files: &[Configuration], _: &Settings, _: Beside<'_>) -> Result<Policy, Findings> {
    let why = "it is in none of the lists; what else the firewall allows is not in these files".to_owned();
    let mut policy = Policy::new(Fallthrough::Unknown(why));
    policy.knows_sources = false;
    let is_index = |file: &&Configuration| base(&file.name) == "index.txt";
    let mut index = BTreeMap::new();
    for file in files.iter().filter(is_index) {
        index.extend(services(file)?);
    }
    policy.knows_ports = !index.is_empty();
    let lines = |file: &Configuration| file.bytes.split(|byte| *byte == b'\n').count();
    let apart = files.iter().map(lines).sum::<usize>() <= SEVERAL;
    for file in files.iter().filter(|file| !is_index(file)) {
        let listed = index.get_mut(base(&file.name));
        if policy.knows_ports && listed.is_none() {
            policy.leave(&file.at(1), "the index does not name this list");
        }
        list(file, listed, apart, &mut policy)?;
    }
    for (name, listed) in index.iter().filter(|(_, listed)| !listed.seen) {
        policy.leave(&listed.at, format!("the list {name} is not among the files"));
    }
    Ok(policy)
}

fn base(name: &str) -> &str {
    name.rsplit(['/', '\\']).next().unwrap_or(name)
}

/// `file, type, entries, source, service` lines.
fn services(file: &Configuration) -> Result<BTreeMap<String, Listed>, Finding> {
    let text = file.text()?;
    let mut index = BTreeMap::new();
    for (number, line) in
        text.lines().enumerate().filter(|(_, line)| !line.starts_with('#') && !line.is_empty())
    {
        let at = file.at(number + 1);
        let refuse = || unreadable(&at, "no line of an index: `file, type, entries, source, service`");
        let [name, kind, _, _, service] = line.split(", ").collect::<Vec<_>>()[..] else {
            return Err(refuse());
        };
        let (transport, range) = service.split_once(' ').ok_or_else(refuse)?;
        let transport = Transport::parse(transport).map_err(|_| refuse())?;
        let range = PortRange::parse(range).map_err(|_| refuse())?;
        let (kind, ports) = (kind.to_owned(), ports([range]));
        index.insert(name.to_owned(), Listed { kind, transport, ports, at: at.clone(), seen: false });
    }
    Ok(index)
}

fn list(
    file: &Configuration,
    listed: Option<&mut Listed>,
    apart: bool,
    policy: &mut Policy,
) -> Result<(), Finding> {
    let text = file.text()?;
    let mut service = Reach::all();
    let mut kind = None;
    if policy.knows_ports && listed.is_none() {
        service = Reach::doubtful("the index does not name the list");
    }
    if let Some(listed) = listed {
        listed.seen = true;
        service = Reach { transport: Some(listed.transport), ..Reach::ports(listed.ports.clone()) };
        kind = Some(listed.kind.clone());
    }
    let mut blocks = Vec::new();
    for (number, line) in text.lines().enumerate() {
        let at = file.at(number + 1);
        // Behind an address a comment may stand, with a space between.
        let entry = line.split_whitespace().next().unwrap_or_default();
        if entry.is_empty() || entry.starts_with('#') {
            continue;
        }
        let found = match (block(entry), kind.as_deref()) {
            (Some(block), None | Some("ip")) if !apart => {
                blocks.push((at, block));
                continue;
            }
            (Some(block), None | Some("ip")) => by_address(&block, "the list"),
            (_, None | Some("url")) => by_name(entry, &at, policy),
            _ => vec![Reach::doubtful(format!("the entry {entry} is none of a list of type ip"))],
        };
        policy.clauses.push(clause(&found, &service, format!("entry {entry}"), at));
    }
    if let Some((at, _)) = blocks.first().cloned() {
        let (name, all) = (format!("{} entries", blocks.len()), blocks.into_iter().map(|(_, block)| block));
        let found = by_address(&together(&all.collect::<Vec<_>>()), "the list");
        policy.clauses.push(clause(&found, &service, name, at));
    }
    Ok(())
}

fn clause(found: &[Reach], service: &Reach, name: String, at: At) -> Clause {
    let reaches = both(found, std::slice::from_ref(service));
    Clause { action: Action::Allow, reaches, host: None, direction: None, name, at }
}

fn by_name(entry: &str, at: &At, policy: &mut Policy) -> Vec<Reach> {
    let mut category = Category::default();
    entries(entry, &mut category);
    let mut reaches = Vec::new();
    if !category.names.is_empty() {
        reaches.push(Reach::to(Destination::names(category.names)));
    }
    for note in category.notes {
        policy.leave(at, note);
    }
    let parts = category
        .parts
        .into_iter()
        .chain(category.doubts.into_iter().map(|why| (super::super::NameSet::all(), why)));
    for (names, why) in parts {
        policy.leave(at, why.clone());
        let mut reach = Reach::doubtful(why);
        reach.region.to = Destination::names(names);
        reaches.push(reach);
    }
    reaches
}
