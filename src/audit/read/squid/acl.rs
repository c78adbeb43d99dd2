//! Squid's acls: what a list of one type matches, and what it does not.

use std::collections::{BTreeMap, BTreeSet};

use crate::address::{IntervalSet, Port, PortRange, PrefixSet};
use crate::host::HostName;

use super::super::super::policy::{both, by_address, not_by_address};
use super::super::super::region::{all_ports, ports, whole};
use super::super::super::{At, Destination, NameSet, Only, Reach};
use super::super::address::block;

/// How often a line may look into acls that are made of others, which may be made of each other.
const MOST_LOOKS: usize = 2000;
/// How deep acls may be made of each other.
const DEEPEST: usize = 16;

/// What is left of both.
pub(super) struct Looks {
    left: usize,
    deeper: usize,
}

impl Looks {
    /// Those of one line.
    pub(super) fn new() -> Self {
        Self { left: MOST_LOOKS, deeper: DEEPEST }
    }
}

/// A list of one type; its lines add up.
#[derive(Debug, Clone, Default)]
pub(super) struct Acl {
    kind: Option<Kind>,
    /// Why it may match more than its kind says.
    doubts: BTreeMap<String, At>,
}

#[derive(Debug, Clone)]
enum Kind {
    /// No request that a document asks for.
    Nothing,
    Sources(PrefixSet),
    Addresses(PrefixSet),
    /// Names; whether requests for addresses are looked up (`dstdomain` without `-n`); whether of tunnels only.
    Names {
        names: NameSet,
        addresses: PrefixSet,
        lookup: bool,
        tunnels: bool,
    },
    Ports(IntervalSet<u32>),
    Methods(BTreeSet<String>),
    /// Lines of acls: all of a line, any of the lines.
    Groups(Vec<Vec<String>>),
    Doubtful,
}

/// What a name is found by: upper and lower case are the same to Squid (`ACL::FindByName`, src/acl/Acl.cc).
pub(super) fn key(name: &str) -> String {
    name.to_ascii_lowercase()
}

/// Those that every configuration has (Squid's cf.data.pre).
pub(super) fn built_in() -> BTreeMap<String, Acl> {
    let list = |values: &[&str]| {
        values.iter().filter_map(|text| block(text)).fold(PrefixSet::default(), |all, one| all.union(&one))
    };
    let acl = |kind| Acl { kind: Some(kind), doubts: BTreeMap::new() };
    [
        ("all", Kind::Sources(whole())),
        ("manager", Kind::Nothing),
        ("localhost", Kind::Sources(list(&["127.0.0.1", "::1"]))),
        ("to_localhost", Kind::Addresses(list(&["127.0.0.0/8", "0.0.0.0", "::1", "::"]))),
        ("to_linklocal", Kind::Addresses(list(&["169.254.0.0/16", "fe80::/10"]))),
        ("CONNECT", Kind::Methods(BTreeSet::from(["CONNECT".to_owned()]))),
    ]
    .into_iter()
    .map(|(name, kind)| (key(name), acl(kind)))
    .collect()
}

impl Acl {
    /// Says why nobody can tell all that it matches.
    pub(super) fn doubt(&mut self, at: &At, why: String) {
        self.doubts.entry(why).or_insert_with(|| at.clone());
    }

    /// Why nobody can tell all that it matches, and where.
    pub(super) fn doubts(&self) -> &BTreeMap<String, At> {
        &self.doubts
    }

    /// The acls that it is made of.
    pub(super) fn members(&self) -> Vec<&String> {
        match &self.kind {
            Some(Kind::Groups(groups)) => groups.iter().flatten().collect(),
            _ => Vec::new(),
        }
    }

    /// Adds the values of one `acl` line.
    pub(super) fn add(&mut self, at: &At, name: &str, kind: &str, values: &[String]) {
        let options: Vec<&str> =
            values.iter().map(String::as_str).take_while(|value| is_option(value)).collect();
        let values = values.get(options.len()..).unwrap_or_default();
        let mut line = Line { acl: name, doubts: BTreeSet::new() };
        let added = line.kind(kind, &options, values);
        for why in std::mem::take(&mut line.doubts) {
            self.doubt(at, why);
        }
        self.kind = match (self.kind.take(), added) {
            (None, added) => Some(added),
            (Some(old), added) => joined(old, added).or_else(|| {
                self.doubt(at, format!("acl {name} has two types: Squid does not start"));
                Some(Kind::Doubtful)
            }),
        };
    }

    /// What matches, or what does not.
    pub(super) fn reaches(
        &self,
        name: &str,
        negated: bool,
        acls: &BTreeMap<String, Self>,
        looks: &mut Looks,
    ) -> Vec<Reach> {
        let what = format!("acl {name}");
        let mut reaches = match (&self.kind, negated) {
            (None | Some(Kind::Doubtful), _) => Vec::new(),
            (Some(Kind::Groups(groups)), _) => return self.group(groups, &what, negated, acls, looks),
            (Some(kind), false) => kind.matched(&what),
            (Some(kind), true) => kind.not_matched(&what),
        };
        let why = self.doubts.keys().cloned().collect::<Vec<_>>().join("; ");
        match (self.doubts.is_empty(), negated) {
            (true, _) => {}
            // It matches this for certain, and perhaps anything else.
            (false, false) => reaches.push(Reach::doubtful(why)),
            (false, true) if reaches.is_empty() => reaches.push(Reach::doubtful(why)),
            (false, true) => reaches.iter_mut().for_each(|reach| {
                reach.doubts.insert(why.clone());
            }),
        }
        reaches
    }

    fn group(
        &self,
        groups: &[Vec<String>],
        what: &str,
        negated: bool,
        acls: &BTreeMap<String, Self>,
        looks: &mut Looks,
    ) -> Vec<Reach> {
        if negated || !self.doubts.is_empty() {
            return vec![Reach::doubtful(format!("{what} is a combination of acls, negated or in doubt"))];
        }
        let mut all = Vec::new();
        for group in groups {
            let mut reaches = vec![Reach::all()];
            for word in group {
                let name = word.trim_start_matches('!');
                if looks.left == 0 || looks.deeper == 0 {
                    return vec![Reach::doubtful(format!(
                        "{what} is a combination of too many acls, or of itself"
                    ))];
                }
                looks.left -= 1;
                looks.deeper -= 1;
                let member = match acls.get(&key(name)) {
                    Some(acl) => acl.reaches(name, word.starts_with('!'), acls, looks),
                    None => vec![Reach::doubtful(format!("acl {name} is not defined"))],
                };
                looks.deeper += 1;
                reaches = both(&reaches, &member);
            }
            all.extend(reaches);
            if all.len() > super::MOST {
                return vec![Reach::doubtful(format!("{what} is a combination of too many acls"))];
            }
        }
        all
    }
}

fn is_option(value: &str) -> bool {
    value.starts_with('-') || value.starts_with('+')
}

/// Two lines of one name; nothing if their types differ.
fn joined(old: Kind, added: Kind) -> Option<Kind> {
    Some(match (old, added) {
        (Kind::Sources(one), Kind::Sources(two)) => Kind::Sources(one.union(&two)),
        (Kind::Addresses(one), Kind::Addresses(two)) => Kind::Addresses(one.union(&two)),
        (Kind::Ports(one), Kind::Ports(two)) => Kind::Ports(one.union(&two)),
        (Kind::Methods(one), Kind::Methods(two)) => Kind::Methods(one.into_iter().chain(two).collect()),
        (Kind::Groups(one), Kind::Groups(two)) => Kind::Groups(one.into_iter().chain(two).collect()),
        (Kind::Doubtful, Kind::Doubtful) => Kind::Doubtful,
        (
            Kind::Names { names, addresses, lookup, tunnels },
            Kind::Names { names: more, addresses: more_addresses, lookup: looks, tunnels: tunnels_too },
        ) if tunnels == tunnels_too => Kind::Names {
            names: names.union(&more),
            addresses: addresses.union(&more_addresses),
            lookup: lookup || looks,
            tunnels,
        },
        _ => return None,
    })
}

/// One `acl` line on its way.
struct Line<'a> {
    acl: &'a str,
    doubts: BTreeSet<String>,
}

impl Line<'_> {
    fn kind(&mut self, kind: &str, options: &[&str], values: &[String]) -> Kind {
        let known: &[&str] = match kind {
            "dst" | "dstdomain" => &["-n"],
            "src" | "port" | "method" | "ssl::server_name" | "any-of" | "all-of" => &[],
            _ => {
                self.doubt(&format!("is of type {kind}, which is not judged"));
                return Kind::Doubtful;
            }
        };
        if let Some(option) = options.iter().find(|option| !known.contains(option)) {
            self.doubt(&format!("is of type {kind} with the option {option}"));
            return Kind::Doubtful;
        }
        match kind {
            "src" => Kind::Sources(self.addresses(values)),
            "dst" => Kind::Addresses(self.addresses(values)),
            "dstdomain" => self.names(values, !options.contains(&"-n"), false),
            "ssl::server_name" => self.names(values, false, true),
            "port" => Kind::Ports(self.ports(values)),
            // `connect` is CONNECT (src/http/RequestMethod.cc).
            "method" => Kind::Methods(values.iter().map(|method| method.to_ascii_uppercase()).collect()),
            "any-of" => Kind::Groups(values.iter().map(|value| vec![value.clone()]).collect()),
            _ => Kind::Groups(vec![values.to_vec()]),
        }
    }

    fn doubt(&mut self, why: &str) {
        self.doubts.insert(format!("acl {} {why}", self.acl));
    }

    fn addresses(&mut self, values: &[String]) -> PrefixSet {
        let mut set = Vec::new();
        for value in values {
            match value.as_str() {
                // Squid 5.7 takes IPv4's whole for IPv6's too (docs/targets/squid.md).
                "all" | "0.0.0.0/0" | "0.0.0.0/0.0.0.0" | "0/0" => set.push(whole()),
                // And lets this match nobody.
                "::/0" => {}
                "ipv4" => set.push(whole().family(crate::address::Family::V4)),
                "ipv6" => set.push(whole().family(crate::address::Family::V6)),
                _ => match block(value) {
                    Some(block) => set.push(block),
                    None => self.doubt(&format!("has the value {value}, which is no address")),
                },
            }
        }
        let v4: IntervalSet<u32> = set.iter().flat_map(|set| set.v4().iter()).collect();
        let v6: IntervalSet<u128> = set.iter().flat_map(|set| set.v6().iter()).collect();
        PrefixSet::new(v4, v6)
    }

    /// `.x` is `x` and all below it, `x` is itself; a star is a character like others, and no name has it.
    fn names(&mut self, values: &[String], lookup: bool, tunnels: bool) -> Kind {
        let (mut exact, mut below) = (Vec::new(), Vec::new());
        let mut addresses = PrefixSet::default();
        for value in values.iter().filter(|value| !value.contains('*')) {
            let bare = value.trim_matches(['[', ']']);
            match (value.strip_prefix('.'), bare.parse::<std::net::IpAddr>()) {
                (None, Ok(_)) => addresses = addresses.union(&block(bare).unwrap_or_default()),
                (Some(suffix), _) => below.extend(self.name(suffix)),
                (None, Err(_)) => exact.extend(self.name(value)),
            }
        }
        let exact = exact.into_iter().map(crate::host::HostPattern::Exact);
        let below = below.into_iter().map(|suffix| crate::host::HostPattern::Below { suffix, apex: true });
        let all: Vec<_> = exact.chain(below).collect();
        Kind::Names { names: all.iter().collect(), addresses, lookup, tunnels }
    }

    /// Squid takes a dot off the end of a request's name and leaves that of the list: the two never meet.
    fn name(&mut self, text: &str) -> Option<HostName> {
        if text.ends_with('.') {
            self.doubt(&format!("has the value {text}: with a dot at its end it matches no request"));
            return None;
        }
        let name = HostName::parse(text).ok();
        if name.is_none() {
            self.doubt(&format!("has the value {text}, which is no name"));
        }
        name
    }

    fn ports(&mut self, values: &[String]) -> IntervalSet<u32> {
        let mut ranges = Vec::new();
        for value in values {
            let ends = value.split_once('-').unwrap_or((value, value));
            let range = (ends.0.parse::<u16>().ok(), ends.1.parse::<u16>().ok());
            match range {
                // Port 0 is nobody's.
                (Some(first), Some(last)) if first <= last => {
                    let ends = Port::new(first.max(1)).zip(Port::new(last));
                    ranges.extend(ends.and_then(|(first, last)| PortRange::new(first, last).ok()));
                }
                _ => self.doubt(&format!("has the value {value}, which is no port")),
            }
        }
        ports(ranges)
    }
}

/// A reach of tunnels, or of other requests.
fn tunnelled(mut reach: Reach, tunnelled: bool) -> Reach {
    reach.tunnelled = Some(tunnelled);
    reach
}

impl Kind {
    fn matched(&self, what: &str) -> Vec<Reach> {
        match self {
            Self::Nothing | Self::Doubtful | Self::Groups(_) => Vec::new(),
            Self::Sources(set) => vec![Reach::from(set.clone())],
            Self::Addresses(set) => by_address(set, what),
            Self::Ports(ports) => vec![Reach::ports(ports.clone())],
            Self::Methods(methods) => by_method(methods, what, false),
            Self::Names { names, addresses, lookup, tunnels } => {
                let to = Destination { names: names.clone(), addresses: addresses.clone() };
                let mut reaches = vec![Reach::to(to)];
                reaches.extend(looked_up(*lookup, addresses, what));
                of_tunnels(reaches, *tunnels, what)
            }
        }
    }

    fn not_matched(&self, what: &str) -> Vec<Reach> {
        match self {
            Self::Nothing => vec![Reach::all()],
            Self::Doubtful | Self::Groups(_) => Vec::new(),
            Self::Sources(set) => vec![Reach::from(whole().difference(set))],
            Self::Addresses(set) => not_by_address(set, what),
            Self::Ports(ports) => vec![Reach::ports(all_ports().difference(ports))],
            Self::Methods(methods) => by_method(methods, what, true),
            Self::Names { names, addresses, lookup, tunnels } => {
                let others = if *lookup { PrefixSet::default() } else { whole().difference(addresses) };
                let to = Destination { names: names.complement(), addresses: others };
                let mut reaches = vec![Reach::to(to)];
                reaches.extend(looked_up(*lookup, addresses, what));
                of_tunnels(reaches, *tunnels, what)
            }
        }
    }
}

/// `CONNECT` is what tunnels are asked for with; plain requests are of several methods, all of which are needed.
fn by_method(methods: &BTreeSet<String>, what: &str, negated: bool) -> Vec<Reach> {
    let connects = methods.contains("CONNECT") != negated;
    let plain = ["GET", "HEAD", "POST"].map(|method| methods.contains(method) != negated);
    let mut reaches = Vec::new();
    reaches.extend(connects.then(|| tunnelled(Reach::all(), true)));
    if plain == [true; 3] {
        reaches.push(tunnelled(Reach::all(), false));
    } else {
        let why = format!("{what} matches requests of some methods only");
        let mut some = tunnelled(Reach::doubtful(why), false);
        // No need asks for the others, such as PUT, and yet they may be allowed.
        some.only = (!plain.contains(&true)).then_some(Only::Beyond);
        let others = methods.iter().any(|method| method != "CONNECT");
        reaches.extend((negated || others).then_some(some));
    }
    reaches
}

/// Requests for addresses, where the name of the address is looked up: whoever owns the address decides what it is.
fn looked_up(lookup: bool, listed: &PrefixSet, what: &str) -> Option<Reach> {
    lookup.then(|| {
        let why = format!("{what} (dstdomain without -n) asks for the name of an address");
        let mut reach = Reach::doubtful(why);
        reach.region.to = Destination::addresses(whole().difference(listed));
        reach
    })
}

/// The server name of a tunnel is that of its `CONNECT`; what it is of other requests is not established.
fn of_tunnels(reaches: Vec<Reach>, tunnels: bool, what: &str) -> Vec<Reach> {
    if !tunnels {
        return reaches;
    }
    let plain =
        tunnelled(Reach::doubtful(format!("{what} (ssl::server_name) and a request without TLS")), false);
    reaches.into_iter().map(|reach| tunnelled(reach, true)).chain([plain]).collect()
}
