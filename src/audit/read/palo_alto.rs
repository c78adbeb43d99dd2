//! PAN-OS configurations, as XML or as `set` commands, of a firewall or of Panorama: one model of both.
//!
//! Sources: docs/targets/palo-alto.md, and the field names of PaloAltoNetworks/pan-os-codegen.

pub(super) mod category;
mod node;
mod object;
mod own;
mod rule;
mod set;
mod xml;

use std::collections::{BTreeMap, BTreeSet};

use crate::finding::Findings;
use crate::target::Settings;

use super::super::{At, Fallthrough, Policy, Unjudged, ZoneDefault};
use super::{Beside, Configuration, unreadable};
use node::Node;
use object::Objects;
use rule::Rules;

/// How many of what Portbook does not write are kept: one is enough to refuse a file.
const MOST_STRAYS: usize = 20;

/// Reads XML.
pub(super) fn read_xml(
    files: &[Configuration],
    settings: &Settings,
    _: Beside<'_>,
) -> Result<Policy, Findings> {
    let (mut places, mut strays, mut hierarchy) = (Vec::new(), Vec::new(), false);
    for file in files {
        let config = xml::parse(file)?;
        let site = Where::of(settings);
        let found = own::strays(&config, site.element()).into_iter();
        strays.extend(found.map(|(line, what)| {
            let what = format!("{what} is not what Portbook writes there");
            Unjudged { at: file.at(line), what }
        }));
        hierarchy |= groups_above(&config).next().is_some();
        places.extend(from_tree(file, &config));
    }
    let mut policy = judge_place(files, settings, &places, hierarchy)?;
    policy.strays.extend(strays);
    Ok(policy)
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
        places.extend(set::parse(file, settings, &mut left)?);
    }
    let mut policy = judge_place(files, settings, &places, left.hierarchy)?;
    // One puts everything in doubt; the others are named.
    let mut doubts = left.doubts.into_iter();
    if let Some(first) = doubts.next() {
        policy.doubt_all(&first.at, &first.what);
    }
    policy.unjudged.extend(doubts);
    policy.remarks.extend(left.remarks);
    policy.strays.extend(left.strays);
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

impl Where {
    /// That which the settings ask for, as the targets write it.
    fn of(settings: &Settings) -> Self {
        match (settings.get("vsys"), settings.get("device-group")) {
            (Some(vsys), _) => Self::Vsys(vsys.to_owned()),
            (None, Some(group)) => Self::DeviceGroup(group.to_owned()),
            (None, None) => Self::Vsys("vsys1".to_owned()),
        }
    }

    /// The element of its list, and its name in it.
    fn element(&self) -> (&str, &str) {
        match self {
            Self::Shared => ("shared", ""),
            Self::Vsys(name) => ("vsys", name),
            Self::DeviceGroup(name) => ("device-group", name),
        }
    }
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

/// Where Panorama says which device groups stand above others.
fn groups_above(config: &Node) -> impl Iterator<Item = &Node> {
    let devices = config.path(&["readonly", "devices"]).into_iter().flat_map(Node::entries);
    devices.filter_map(|device| device.child("device-group")).flat_map(Node::entries)
}

fn from_tree(file: &Configuration, config: &Node) -> Vec<Place> {
    let mut places = Vec::new();
    let mut add = |place: Where, node: &Node, parent: Option<String>| {
        places.push(Place { file: file.name.clone(), site: place, node: node.clone(), parent });
    };
    if let Some(shared) = config.child("shared") {
        add(Where::Shared, shared, None);
    }
    let above: BTreeMap<&str, &Node> =
        groups_above(config).filter_map(|group| Some((group.name.as_deref()?, group))).collect();
    let parent_of = |group: &str| above.get(group)?.child("parent-dg").map(|parent| parent.text.clone());
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
fn judge_place(
    files: &[Configuration],
    settings: &Settings,
    places: &[Place],
    hierarchy: bool,
) -> Result<Policy, Findings> {
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
    let levels = lineage(places, &wanted);
    let mut policy = policy(&levels);
    if let (Some(at), Some(why)) = (at, unknown_above(places, &wanted, &levels, hierarchy)) {
        policy.doubt_all(&at, &why);
    }
    Ok(policy)
}

/// Why nobody can tell which device groups stand above the one that is meant, and whose rules come first.
fn unknown_above(
    places: &[Place],
    wanted: &Where,
    levels: &[Vec<&Place>],
    hierarchy: bool,
) -> Option<String> {
    let Where::DeviceGroup(name) = wanted else { return None };
    let is_other = |place: &Place| matches!(&place.site, Where::DeviceGroup(other) if other != name);
    if !hierarchy && places.iter().any(is_other) {
        return Some(format!(
            "whether other device groups stand above {name} is not in this file: export it with `readonly`"
        ));
    }
    // The first level is the shared one, which may be empty.
    let is_missing = levels.iter().skip(1).any(Vec::is_empty);
    is_missing.then(|| format!("a device group above {name} is not in this file"))
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
    let mut policy = Policy { knows_zones: true, ..Policy::new(Fallthrough::by_zones()) };
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
        let at = At { file: group.file.as_str().into(), line: group.node.line };
        let what =
            "rules of the firewalls themselves stand between those of their device group: not in this file";
        rules.policy.remarks.push(Unjudged { at, what: what.to_owned() });
    }
    let default = |name: &str, otherwise: ZoneDefault| {
        let changed = levels.iter().rev().flatten().find_map(|place| rule::default(&place.node, name));
        changed.unwrap_or(otherwise)
    };
    policy.default = both_zones(
        default("intrazone-default", ZoneDefault::within()),
        default("interzone-default", ZoneDefault::between()),
    );
    policy.unjudged.sort();
    policy.unjudged.dedup();
    policy
}

/// Two default rules that do the same are one, whatever the zones are.
fn both_zones(within: ZoneDefault, between: ZoneDefault) -> Fallthrough {
    if within.action == between.action {
        return Fallthrough::Certain(within.action, format!("{}, {}", within.why, between.why));
    }
    Fallthrough::ByZones { within, between }
}
