//! PAN-OS configurations, as XML or as `set` commands, of a firewall or of Panorama: one model of both.
//!
//! Sources: docs/targets/palo-alto.md, and the field names of PaloAltoNetworks/pan-os-codegen.

pub(super) mod category;
mod node;
mod object;
mod rule;
mod set;
mod xml;

use std::collections::BTreeSet;

use crate::finding::Findings;
use crate::target::Settings;

use super::super::{Action, Fallthrough, Policy};
use super::{Beside, Configuration, unreadable};
use node::Node;
use object::Objects;
use rule::Rules;

/// Reads XML.
pub(super) fn read_xml(
    files: &[Configuration],
    settings: &Settings,
    _: Beside<'_>,
) -> Result<Policy, Findings> {
    let mut places = Vec::new();
    for file in files {
        let config = xml::parse(file)?;
        places.extend(from_tree(file, &config));
    }
    judge_place(files, settings, &places)
}

/// Reads `set` commands, as `show` with `set` output format or a text to be pasted has them.
pub(super) fn read_set(
    files: &[Configuration],
    settings: &Settings,
    _: Beside<'_>,
) -> Result<Policy, Findings> {
    let mut places = Vec::new();
    let mut left = set::Left::default();
    for file in files {
        places.extend(set::parse(file, &mut left)?);
    }
    let mut policy = judge_place(files, settings, &places)?;
    policy.unjudged.extend(left.unjudged);
    policy.remarks.extend(left.remarks);
    policy.unjudged.sort();
    Ok(policy)
}

/// Where objects and rules stand.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Where {
    /// For all.
    Shared,
    /// A virtual system; `vsys1` where a firewall has one.
    Vsys(String),
    /// A device group of Panorama.
    DeviceGroup(String),
}

/// What stands at one place of one file.
struct Place {
    file: String,
    site: Where,
    /// Its lists of objects and rulebases, as in XML.
    node: Node,
    /// The device group above it.
    parent: Option<String>,
}

fn from_tree(file: &Configuration, config: &Node) -> Vec<Place> {
    let mut places = Vec::new();
    let mut add = |place: Where, node: &Node, parent: Option<String>| {
        places.push(Place { file: file.name.clone(), site: place, node: node.clone(), parent });
    };
    if let Some(shared) = config.child("shared") {
        add(Where::Shared, shared, None);
    }
    let parents = config.path(&["readonly", "devices"]);
    let parent_of = |group: &str| {
        let groups =
            parents.into_iter().flat_map(Node::entries).filter_map(|device| device.child("device-group"));
        let found = groups.flat_map(Node::entries).find(|entry| entry.name.as_deref() == Some(group))?;
        found.child("parent-dg").map(|parent| parent.text.clone())
    };
    let devices = config.child("devices").into_iter().flat_map(Node::entries);
    // What Panorama has pushed stands beside the firewall's own.
    let pushed = config.child("panorama").into_iter();
    for device in devices.chain(pushed) {
        for vsys in device.child("vsys").into_iter().flat_map(Node::entries) {
            add(Where::Vsys(vsys.name.clone().unwrap_or_default()), vsys, None);
        }
        for group in device.child("device-group").into_iter().flat_map(Node::entries) {
            let name = group.name.clone().unwrap_or_default();
            let parent = parent_of(&name);
            add(Where::DeviceGroup(name), group, parent);
        }
        if let Some(shared) = device.child("shared") {
            add(Where::Shared, shared, None);
        }
    }
    places
}

/// The place that is meant: that of the setting, or the only one with rules.
fn judge_place(files: &[Configuration], settings: &Settings, places: &[Place]) -> Result<Policy, Findings> {
    let at = files.first().map(|file| file.at(1));
    let refuse =
        |message: String| -> Findings { at.as_ref().map(|at| unreadable(at, message)).into_iter().collect() };
    let with_rules: BTreeSet<&Where> = places
        .iter()
        .filter(|place| place.site != Where::Shared && rule::has_rules(&place.node))
        .map(|place| &place.site)
        .collect();
    let wanted = match (settings.get("vsys"), settings.get("device-group")) {
        (Some(vsys), _) => Where::Vsys(vsys.to_owned()),
        (None, Some(group)) => Where::DeviceGroup(group.to_owned()),
        (None, None) => match with_rules.iter().collect::<Vec<_>>().as_slice() {
            [one] => (**one).clone(),
            [] => return Err(refuse("no security rule stands in it".to_owned())),
            several => {
                let options: Vec<String> = several
                    .iter()
                    .map(|place| match place {
                        Where::Vsys(name) => format!("--option vsys={name}"),
                        Where::DeviceGroup(name) => format!("--option device-group={name}"),
                        Where::Shared => String::new(),
                    })
                    .collect();
                return Err(refuse(format!(
                    "it has rules in several places; choose one: {}",
                    options.join(", ")
                )));
            }
        },
    };
    if !places.iter().any(|place| place.site == wanted) {
        return Err(refuse(format!("it has no {wanted:?}")));
    }
    Ok(policy(&lineage(places, &wanted)))
}

/// The place and those above it, from the shared one down.
fn lineage<'p>(places: &'p [Place], wanted: &Where) -> Vec<Vec<&'p Place>> {
    let mut levels = Vec::new();
    let mut level = Some(wanted.clone());
    let mut known = BTreeSet::new();
    while let Some(place) = level.take() {
        if !known.insert(place.clone()) {
            break;
        }
        let here: Vec<&Place> = places.iter().filter(|each| each.site == place).collect();
        level = here.iter().find_map(|each| each.parent.clone()).map(Where::DeviceGroup);
        levels.push(here);
    }
    levels.push(places.iter().filter(|each| each.site == Where::Shared).collect());
    levels.reverse();
    levels
}

/// Rules in the order in which a firewall looks at them: before ones from the shared level down, its own, behind ones from
/// its level up, defaults.
fn policy(levels: &[Vec<&Place>]) -> Policy {
    let mut policy = Policy::new(Fallthrough::ByZones);
    let objects = Objects::of(levels.iter().rev().flatten().map(|place| (place.file.as_str(), &place.node)));
    let mut rules = Rules { objects: &objects, policy: &mut policy };
    for place in levels.iter().flatten() {
        rules.rulebase(&place.file, place.node.child("pre-rulebase"));
    }
    for place in levels.iter().flatten() {
        rules.rulebase(&place.file, place.node.child("rulebase"));
    }
    for place in levels.iter().rev().flatten() {
        rules.rulebase(&place.file, place.node.child("post-rulebase"));
    }
    let mut groups = levels.iter().flatten().filter(|place| matches!(place.site, Where::DeviceGroup(_)));
    if let Some(group) = groups.next_back() {
        let at = super::super::At { file: group.file.as_str().into(), line: group.node.line };
        let what =
            "rules of the firewalls themselves stand between those of their device group: not in this file";
        rules.policy.remarks.push(super::super::Unjudged { at, what: what.to_owned() });
    }
    let changed = levels.iter().rev().flatten().find_map(|place| rule::interzone(&place.node));
    match changed {
        Some((Action::Allow, line)) => {
            policy.default = Fallthrough::Certain(
                Action::Allow,
                format!("interzone-default allows: it was changed in line {line}"),
            );
        }
        Some((Action::Deny, _)) | None => {}
    }
    policy.unjudged.sort();
    policy.unjudged.dedup();
    policy
}
