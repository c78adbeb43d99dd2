//! One hop as the tables for people have it: a row of a change request or of a review text.

use std::collections::BTreeMap;

use crate::address::{IntervalSet, PortRange, PrefixSet, Transport};
use crate::host::{HostPattern, UrlPattern};

use super::super::region::{ports, whole};
use super::super::{Action, At, Clause, Destination, Fallthrough, NameSet, Policy, Reach};
use super::address::block;

/// Sets that are too large for a cell, by name.
pub(super) type Sets = BTreeMap<String, PrefixSet>;

/// One side of a hop.
pub(super) struct End<'t> {
    /// `exact`, `role`, `proxy`, ...
    pub(super) kind: &'t str,
    /// A name, a URL, a tag, a role.
    pub(super) name: &'t str,
    /// Prefixes, `any`, a set by name, or nothing.
    pub(super) addresses: &'t str,
    /// The zone or nothing.
    pub(super) zone: &'t str,
}

/// One hop, in the texts of its cells.
pub(super) struct Hop<'t> {
    /// `TCP` or `UDP`.
    pub(super) transport: &'t str,
    /// `443` or `49152-65535`.
    pub(super) ports: &'t str,
    /// Likewise, or nothing.
    pub(super) source_ports: &'t str,
    pub(super) source: End<'t>,
    pub(super) destination: End<'t>,
}

impl Hop<'_> {
    /// The clause that allows it.
    ///
    /// # Errors
    /// Which cell is not understood, and why.
    pub(super) fn clause(&self, at: At, sets: &Sets) -> Result<Clause, String> {
        let name =
            format!("{} -> {}, {} {}", self.source.name, self.destination.name, self.transport, self.ports);
        Ok(allowing(self.reach(sets)?, at, name))
    }

    fn reach(&self, sets: &Sets) -> Result<Reach, String> {
        let mut reach = Reach::ports(range(self.ports)?);
        reach.transport = Some(Transport::parse(self.transport).map_err(|error| error.to_string())?);
        if !self.source_ports.is_empty() {
            reach.source_ports = Some(range(self.source_ports)?);
        }
        match addresses(self.source.addresses, sets)? {
            Some(set) => reach.region.from = set,
            None => reach.from_words = Some(words(self.source.kind, self.source.name)),
        }
        self.destination.limits(&mut reach, sets)?;
        let zone = |text: &str| (!text.is_empty()).then(|| [text.to_owned()].into());
        (reach.from_zones, reach.to_zones) = (zone(self.source.zone), zone(self.destination.zone));
        Ok(reach)
    }
}

impl End<'_> {
    /// Whether a destination has a name of its kind.
    ///
    /// # Errors
    /// That it does not.
    pub(super) fn is_of_its_kind(&self) -> Result<(), String> {
        let pattern = || HostPattern::parse(self.name).ok();
        let fits = match self.kind {
            "exact" => matches!(pattern(), Some(HostPattern::Exact(_))),
            "wildcard" => matches!(pattern(), Some(HostPattern::Below { apex: false, .. })),
            "wildcard-and-apex" => matches!(pattern(), Some(HostPattern::Below { apex: true, .. })),
            "url" | "role" | "service-tag" | "ranges" | "outside" | "proxy" => true,
            _ => false,
        };
        let why = || format!("`{}` is no destination of the kind `{}`", self.name, self.kind);
        fits.then_some(()).ok_or_else(why)
    }

    /// Limits a reach to this end as its destination.
    fn limits(&self, reach: &mut Reach, sets: &Sets) -> Result<(), String> {
        self.is_of_its_kind()?;
        match (addresses(self.addresses, sets)?, self.kind) {
            (Some(set), _) if set == whole() => {}
            (Some(set), _) => reach.region.to = Destination::addresses(set),
            (None, "exact" | "wildcard" | "wildcard-and-apex" | "proxy") => {
                let pattern = HostPattern::parse(self.name).map_err(|error| error.to_string())?;
                reach.region.to = Destination::names(NameSet::from(&pattern));
            }
            (None, "url") => {
                let url = UrlPattern::parse(self.name).map_err(|error| error.to_string())?;
                reach.region.to = Destination::names(NameSet::from(&url.host));
                reach.to_words = Some(self.name.to_owned());
            }
            (None, kind) => reach.to_words = Some(words(kind, self.name)),
        }
        Ok(())
    }
}

fn range(text: &str) -> Result<IntervalSet<u32>, String> {
    PortRange::parse(text).map(|range| ports([range])).map_err(|error| error.to_string())
}

/// A policy to which rows are added.
pub(super) fn empty() -> Policy {
    let why = "no row asks for it; what a firewall does besides is not in this file".to_owned();
    Policy { knows_zones: true, in_words: true, ..Policy::new(Fallthrough::Unknown(why)) }
}

/// The clause that allows what a row reaches.
pub(super) fn allowing(reach: Reach, at: At, name: String) -> Clause {
    Clause { action: Action::Allow, reaches: vec![reach], host: None, direction: None, at, name }
}

/// The name of a set and what is said of it, where a cell names one: `agents (40 prefixes: ...)`.
pub(super) fn named_set(cell: &str) -> Option<(&str, &str)> {
    cell.strip_suffix(')')?.rsplit_once(" (")
}

/// Prefixes with semicolons between, `any`, or a set by name; nothing for an empty cell.
fn addresses(cell: &str, sets: &Sets) -> Result<Option<PrefixSet>, String> {
    if cell.is_empty() {
        return Ok(None);
    }
    if cell == "any" {
        return Ok(Some(whole()));
    }
    if let Some((name, _)) = named_set(cell) {
        let set = sets.get(name).ok_or_else(|| format!("the list of {name} is not among the files"))?;
        return Ok(Some(set.clone()));
    }
    let blocks = cell.split("; ").map(|text| block(text).ok_or_else(|| format!("`{text}` is no prefix")));
    Ok(Some(together(&blocks.collect::<Result<Vec<_>, _>>()?)))
}

/// All addresses of several sets: in one go, since a list may have a hundred thousand.
pub(super) fn together(sets: &[PrefixSet]) -> PrefixSet {
    let v4 = sets.iter().flat_map(|set| set.v4().iter()).collect();
    let v6 = sets.iter().flat_map(|set| set.v6().iter()).collect();
    PrefixSet::new(v4, v6)
}

/// An end in words, as rules write it.
pub(super) fn words(kind: &str, name: &str) -> String {
    match kind {
        "outside" => format!("outside:{name}"),
        "service-tag" => format!("tag:{name}"),
        "ranges" => format!("ranges:{name}"),
        _ => name.to_owned(),
    }
}
