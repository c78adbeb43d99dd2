//! What a configuration says, whatever product it is of: clauses in the order in which they decide.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

use serde::{Serialize, Serializer};

use crate::address::{IntervalSet, PrefixSet, Transport};
use crate::target::Direction;

use super::{Destination, NameSet, Region};

/// A line of a file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct At {
    /// The file as the user named it.
    pub file: Arc<str>,
    /// Counted from 1.
    pub line: usize,
}

/// `squid.conf:41`, as editors and reviewers jump to it.
impl fmt::Display for At {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.file, self.line)
    }
}

impl Serialize for At {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// What becomes of a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Action {
    /// It passes.
    Allow,
    /// It does not.
    Deny,
}

/// One stretch of what a clause matches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reach {
    /// From whom, to whom, on which ports.
    pub region: Region,
    /// TCP or UDP; both if absent.
    pub transport: Option<Transport>,
    /// Whether connections that a proxy tunnels (`CONNECT`) match, or only others; both if absent.
    pub tunnelled: Option<bool>,
    /// Source ports; any if absent.
    pub source_ports: Option<IntervalSet<u32>>,
    /// The zones that connections come from; any if absent.
    pub from_zones: Option<BTreeSet<String>>,
    /// The zones that they go to; any if absent.
    pub to_zones: Option<BTreeSet<String>>,
    /// Who opens the connections, in words, where nothing else tells it.
    pub from_words: Option<String>,
    /// Who answers, in words, where nothing else tells it; the URL where it is part of a host's.
    pub to_words: Option<String>,
    /// The program, service or account to which it is limited, as a rule of Windows says it; any if absent.
    pub software: Option<String>,
    /// Why nobody can tell whether it matches what lies in the region; empty when it does.
    pub doubts: BTreeSet<String>,
    /// Which of both questions it is there for; both if absent.
    pub only: Option<Only>,
}

/// What a reach is there for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Only {
    /// How needs fare: it says by name what another reach says by address, and allows no more.
    Judged,
    /// What is allowed beyond: no need asks for it.
    Beyond,
}

impl Reach {
    /// Everything, for certain.
    pub fn all() -> Self {
        Self {
            region: Region::all(),
            transport: None,
            tunnelled: None,
            source_ports: None,
            from_zones: None,
            to_zones: None,
            from_words: None,
            to_words: None,
            software: None,
            doubts: BTreeSet::new(),
            only: None,
        }
    }

    /// Perhaps everything.
    pub fn doubtful(why: impl Into<String>) -> Self {
        Self { doubts: BTreeSet::from([why.into()]), ..Self::all() }
    }

    /// What comes from these addresses.
    pub fn from(addresses: PrefixSet) -> Self {
        let mut reach = Self::all();
        reach.region.from = addresses;
        reach
    }

    /// What goes to these destinations.
    pub fn to(to: Destination) -> Self {
        let mut reach = Self::all();
        reach.region.to = to;
        reach
    }

    /// What goes to these ports.
    pub fn ports(ports: IntervalSet<u32>) -> Self {
        let mut reach = Self::all();
        reach.region.ports = ports;
        reach
    }

    /// What both match; nothing if there is no such connection.
    pub fn and(&self, other: &Self) -> Option<Self> {
        let region = self.region.intersection(&other.region)?;
        let source_ports =
            joined(self.source_ports.as_ref(), other.source_ports.as_ref(), IntervalSet::intersection);
        let from_zones = joined(self.from_zones.as_ref(), other.from_zones.as_ref(), |one, two| one & two);
        let to_zones = joined(self.to_zones.as_ref(), other.to_zones.as_ref(), |one, two| one & two);
        let is_empty = |zones: &Option<BTreeSet<String>>| zones.as_ref().is_some_and(BTreeSet::is_empty);
        if differ(self.transport, other.transport)
            || differ(self.tunnelled, other.tunnelled)
            || differ(self.software.as_ref(), other.software.as_ref())
            || differ(self.only, other.only)
            || source_ports.as_ref().is_some_and(IntervalSet::is_empty)
            || is_empty(&from_zones)
            || is_empty(&to_zones)
        {
            return None;
        }
        Some(Self {
            region,
            transport: self.transport.or(other.transport),
            tunnelled: self.tunnelled.or(other.tunnelled),
            source_ports,
            from_zones,
            to_zones,
            from_words: self.from_words.clone().or_else(|| other.from_words.clone()),
            to_words: self.to_words.clone().or_else(|| other.to_words.clone()),
            software: self.software.clone().or_else(|| other.software.clone()),
            doubts: self.doubts.union(&other.doubts).cloned().collect(),
            only: self.only.or(other.only),
        })
    }
}

/// Whether two limits, none being no limit, exclude each other.
pub(super) fn differ<T: PartialEq>(one: Option<T>, two: Option<T>) -> bool {
    matches!((one, two), (Some(one), Some(two)) if one != two)
}

/// What two limits leave, none being no limit.
fn joined<T: Clone>(one: Option<&T>, two: Option<&T>, both: impl Fn(&T, &T) -> T) -> Option<T> {
    match (one, two) {
        (Some(one), Some(two)) => Some(both(one, two)),
        (one, two) => one.or(two).cloned(),
    }
}

/// The stretches that lie in one of `some` and in one of `others`.
pub(super) fn both(some: &[Reach], others: &[Reach]) -> Vec<Reach> {
    some.iter().flat_map(|one| others.iter().filter_map(|other| one.and(other))).collect()
}

/// Destinations that a product matches by address, also where a connection says a name.
///
/// What is named resolves to addresses that nobody knows here, so it is in doubt, unless all addresses match or the list
/// holds loopback, link-local and the like only (IANA special-purpose registries): no documented name resolves to these.
pub(super) fn by_address(addresses: &PrefixSet, what: &str) -> Vec<Reach> {
    if super::region::whole().is_subset(addresses) {
        return vec![Reach::all()];
    }
    let certain = Reach::to(Destination::addresses(addresses.clone()));
    if addresses.is_subset(&unroutable()) {
        return vec![certain];
    }
    let why = format!("{what} matches by address, and what the name resolves to is not known here");
    let mut named = Reach::doubtful(why);
    named.region.to = Destination::names(NameSet::all());
    named.only = (!super::region::is_half_of_a_family(addresses)).then_some(Only::Judged);
    vec![certain, named]
}

/// The opposite of [`by_address`].
pub(super) fn not_by_address(addresses: &PrefixSet, what: &str) -> Vec<Reach> {
    let others = super::region::whole().difference(addresses);
    if addresses.is_subset(&unroutable()) {
        let to = Destination { names: NameSet::all(), addresses: others };
        return vec![Reach::to(to)];
    }
    if others.is_empty() { Vec::new() } else { by_address(&others, what) }
}

/// Addresses that no public name resolves to: "this network", loopback, link-local, multicast and reserved ones.
fn unroutable() -> PrefixSet {
    const BLOCKS: [&str; 9] = [
        "0.0.0.0/8",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "224.0.0.0/4",
        "240.0.0.0/4",
        "::/128",
        "::1/128",
        "fe80::/10",
        "ff00::/8",
    ];
    BLOCKS.iter().filter_map(|text| crate::address::Prefix::parse(text).ok()).collect()
}

/// One clause: the first that matches decides.
#[derive(Debug, Clone)]
pub struct Clause {
    /// What it does.
    pub action: Action,
    /// What it matches: one of these.
    pub reaches: Vec<Reach>,
    /// The host on whose firewall it stands, where the file says so.
    pub host: Option<String>,
    /// Seen from that host; both where the product knows no direction.
    pub direction: Option<Direction>,
    /// Where it stands.
    pub at: At,
    /// How the configuration calls it: the line, or the name of the rule.
    pub name: String,
}

/// What becomes of what no clause matches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fallthrough {
    /// This, for this reason.
    Certain(Action, String),
    /// What the two default rules of PAN-OS say.
    ByZones {
        /// Of what stays within a zone.
        within: ZoneDefault,
        /// Of what crosses zones.
        between: ZoneDefault,
    },
    /// What the firewall of a host does by direction, where all its network profiles agree; else nobody can tell.
    ByDirection {
        /// Of connections that the host opens.
        outbound: Option<Action>,
        /// Of connections that it answers.
        inbound: Option<Action>,
    },
    /// The file does not say; the reason tells what does.
    Unknown(String),
}

/// A default rule of PAN-OS.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ZoneDefault {
    /// What it does.
    pub action: Action,
    /// Its name, and where it was changed.
    pub why: String,
}

impl ZoneDefault {
    /// `intrazone-default`, as long as nobody changed it.
    pub(super) fn within() -> Self {
        Self { action: Action::Allow, why: "intrazone-default".to_owned() }
    }

    /// `interzone-default`, as long as nobody changed it.
    pub(super) fn between() -> Self {
        Self { action: Action::Deny, why: "interzone-default".to_owned() }
    }
}

impl Fallthrough {
    /// What stays within a zone passes, what crosses zones does not.
    pub(super) fn by_zones() -> Self {
        Self::ByZones { within: ZoneDefault::within(), between: ZoneDefault::between() }
    }
}

/// Something in a configuration that is not judged.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Unjudged {
    /// Where it stands.
    pub at: At,
    /// What it is, and why.
    pub what: String,
}

/// A whole configuration.
#[derive(Debug)]
#[allow(
    clippy::struct_excessive_bools,
    reason = "what a product says and what it leaves to others: each by itself"
)]
pub struct Policy {
    /// The first one that matches decides.
    pub clauses: Vec<Clause>,
    /// What decides where none does.
    pub default: Fallthrough,
    /// What TLS inspection leaves alone ([`Action::Allow`]) or looks into; the first one that matches decides. Only what is
    /// held against its rules is asked for it.
    pub uninspected: Vec<Clause>,
    /// What is left out of the judgement.
    pub unjudged: Vec<Unjudged>,
    /// What is not in the files and bears on what they do.
    pub remarks: Vec<Unjudged>,
    /// What Portbook does not write, or writes otherwise, though it bears on no connection that an audit asks about; a
    /// file that is held against its rules has none.
    pub strays: Vec<Unjudged>,
    /// Whether it says which sources may connect; a list leaves that to a rule elsewhere.
    pub knows_sources: bool,
    /// Whether it says on which ports.
    pub knows_ports: bool,
    /// What it carries at all: what says no transport is for these.
    pub transports: &'static [Transport],
    /// Whether it says between which zones; others leave that to where they stand.
    pub knows_zones: bool,
    /// Whether it names roles where it has no addresses for them.
    pub in_words: bool,
}

impl Policy {
    /// A policy without a clause.
    pub(super) fn new(default: Fallthrough) -> Self {
        Self {
            clauses: Vec::new(),
            default,
            uninspected: Vec::new(),
            unjudged: Vec::new(),
            remarks: Vec::new(),
            strays: Vec::new(),
            knows_sources: true,
            knows_ports: true,
            transports: &Transport::ALL,
            knows_zones: false,
            in_words: false,
        }
    }

    /// Puts everything in doubt: something in the file may allow or stop anything.
    pub(super) fn doubt_all(&mut self, at: &At, why: &str) {
        self.leave(at, why);
        let clause = |action| Clause {
            action,
            reaches: vec![Reach::doubtful(why)],
            host: None,
            direction: None,
            at: at.clone(),
            name: why.to_owned(),
        };
        self.clauses.splice(0..0, [clause(Action::Deny), clause(Action::Allow)]);
    }

    /// Names what Portbook does not write.
    pub(super) fn stray(&mut self, at: &At, what: impl Into<String>) {
        self.strays.push(Unjudged { at: at.clone(), what: what.into() });
    }

    /// Names what is not judged.
    pub(super) fn leave(&mut self, at: &At, what: impl Into<String>) {
        self.unjudged.push(Unjudged { at: at.clone(), what: what.into() });
    }
}
