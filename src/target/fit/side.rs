//! The two sides of a hop: what each is matched by, and what that loses.

use std::sync::Arc;

use super::FamilyChoice;
use crate::address::{Family, Prefix, PrefixSet};
use crate::finding::Code;
use crate::host::HostPattern;
use crate::id::ZoneId;
use crate::place::{AddressSet, Addresses, Basis, Hop, Leg, Party};
use crate::rule::Endpoint;
use crate::site::{Proxy, ProxyAddress};
use crate::target::{
    Axis, Capabilities, Direction, Effect, Loss, Match, NameSupport, SourceSupport, Vantage,
};

/// In the detail of a refusal: a document offers addresses in place of the name.
pub(crate) const OFFERED: &str = "its document offers in its place the ranges of";

/// What both sides of a hop are matched by; no matches when the rule cannot be said.
pub(super) struct Sides {
    pub(super) matches: Option<(Match, Match)>,
    pub(super) losses: Vec<Loss>,
}

/// Matches both sides of `hop` by what `capabilities` can say.
pub(super) fn match_sides(
    capabilities: &Capabilities,
    hop: &Hop,
    direction: Direction,
    vantage: Vantage,
    family: FamilyChoice,
) -> Sides {
    let mut matcher = Matcher { capabilities, losses: Vec::new() };
    let source = matcher.source(hop, direction);
    let destination = matcher.destination(hop, direction, vantage);
    let mut losses = matcher.losses;
    let both = match (source, destination) {
        (Some(source), Some(destination)) => keep_families(hop, source, destination, family, &mut losses),
        _ => None,
    };
    Sides { matches: both, losses }
}

struct Matcher<'a> {
    capabilities: &'a Capabilities,
    losses: Vec<Loss>,
}

impl Matcher<'_> {
    fn lose(&mut self, code: Code, axis: Axis, effect: Effect, detail: String) {
        self.losses.push(Loss { code, axis, effect, detail });
    }

    fn refuse(&mut self, code: Code, axis: Axis, detail: String) -> Option<Match> {
        self.lose(code, axis, Effect::Refused, detail);
        None
    }

    fn source(&mut self, hop: &Hop, direction: Direction) -> Option<Match> {
        match self.capabilities.source {
            SourceSupport::Itself if direction == Direction::Outbound => Some(Match::Itself),
            SourceSupport::Clients => self.source_addresses(&hop.from),
            // The remote side of an inbound rule is matched by its addresses.
            SourceSupport::Itself | SourceSupport::Addresses => match &hop.leg {
                Leg::FromProxy(proxy) => self.proxy_source(proxy, hop.to.zone()),
                Leg::Direct | Leg::ToProxy(_) => self.source_addresses(&hop.from),
            },
            SourceSupport::Elsewhere(code) => {
                self.lose(
                    code,
                    Axis::Source,
                    Effect::Wider,
                    format!("{} is not in the list", hop.from.endpoint),
                );
                Some(Match::Any)
            }
            SourceSupport::Words => Some(match &hop.leg {
                Leg::FromProxy(proxy) => {
                    let addresses = proxy_addresses(proxy, Side::Source, hop.to.zone());
                    addresses.map_or(Match::Words(proxy.to_string()), Match::Addresses)
                }
                Leg::Direct | Leg::ToProxy(_) => words_or_addresses(&hop.from),
            }),
        }
    }

    fn proxy_source(&mut self, proxy: &Proxy, zone: Option<&ZoneId>) -> Option<Match> {
        if let Some(set) = proxy_addresses(proxy, Side::Source, zone) {
            return Some(Match::Addresses(set));
        }
        let detail = format!("the proxy {proxy} is given by name; give its address");
        self.refuse(Code::SourceNotGiven, Axis::Source, detail)
    }

    fn source_addresses(&mut self, party: &Party) -> Option<Match> {
        match &party.addresses {
            Addresses::Any => Some(Match::Any),
            Addresses::Known(set) => Some(Match::Addresses(Arc::clone(set))),
            Addresses::NoRangeFile(cloud) => self.refuse(
                Code::RangesNeeded,
                Axis::Source,
                format!("{}: no range file of cloud {cloud}", party.endpoint),
            ),
            Addresses::NoSuchTag(reason) => {
                self.refuse(Code::UnknownServiceTag, Axis::Source, reason.clone())
            }
            Addresses::EmptyTag(reason) => self.refuse(Code::EmptyServiceTag, Axis::Source, reason.clone()),
            Addresses::NotGiven | Addresses::NotAsked | Addresses::Offered(_) | Addresses::Unpublished(_) => {
                self.refuse(Code::SourceNotGiven, Axis::Source, party.endpoint.to_string())
            }
        }
    }

    fn destination(&mut self, hop: &Hop, direction: Direction, vantage: Vantage) -> Option<Match> {
        if vantage == Vantage::Host && direction == Direction::Inbound {
            return Some(Match::Itself);
        }
        if let Leg::ToProxy(proxy) = &hop.leg {
            return self.proxy_destination(proxy, hop.from.zone());
        }
        match &hop.to.endpoint {
            Endpoint::Host { pattern, .. } => self.named(hop, pattern),
            Endpoint::Url { host, path } => {
                if self.capabilities.paths {
                    return Some(Match::Url(host.clone(), path.clone()));
                }
                let detail = format!("{host}{path}: the path is dropped, all of {host} is allowed");
                let matched = self.named(hop, host)?;
                self.lose(Code::PathDropped, Axis::Path, Effect::Wider, detail);
                Some(matched)
            }
            _ if self.capabilities.words => Some(words_or_addresses(&hop.to)),
            _ => self.destination_addresses(&hop.to),
        }
    }

    fn proxy_destination(&mut self, proxy: &Proxy, zone: Option<&ZoneId>) -> Option<Match> {
        let addresses = proxy_addresses(proxy, Side::Destination, zone);
        if let (Some(set), true) = (addresses, self.capabilities.addresses) {
            return Some(Match::Addresses(set));
        }
        match &proxy.listener.host {
            ProxyAddress::Name(_) if self.capabilities.names == NameSupport::None => {
                let detail = format!("the proxy {proxy} is given by name; give its address");
                self.refuse(Code::NameNeedsAddress, Axis::Host, detail)
            }
            ProxyAddress::Name(name) => {
                self.other_protocol(&HostPattern::Exact(name.clone()), &Addresses::NotAsked)
            }
            ProxyAddress::Ip(_) => Some(Match::Words(proxy.to_string())),
        }
    }

    fn named(&mut self, hop: &Hop, pattern: &HostPattern) -> Option<Match> {
        match self.capabilities.names {
            NameSupport::HttpOnly { http, .. } if hop.proxyable => {
                if let Some(code) = http {
                    self.lose(code, Axis::Host, Effect::Wider, pattern.to_string());
                }
                Some(Match::Name(pattern.clone()))
            }
            _ => self.other_protocol(pattern, &hop.to.addresses),
        }
    }

    /// A name on a port that does not carry HTTP or TLS, or on a target that treats all ports alike.
    fn other_protocol(&mut self, pattern: &HostPattern, addresses: &Addresses) -> Option<Match> {
        let (loss, refusal) = match self.capabilities.names {
            NameSupport::Exact => return Some(Match::Name(pattern.clone())),
            NameSupport::ByAddress(code) => (Some(code), Code::NameNeedsAddress),
            NameSupport::HttpOnly { other_exact, other_wildcard, .. } => {
                (other_exact.filter(|_| !pattern.is_wildcard()), other_wildcard)
            }
            NameSupport::None => (None, Code::NameNeedsAddress),
        };
        if let Some(code) = loss {
            self.lose(code, Axis::Host, Effect::Wider, pattern.to_string());
            return Some(Match::Name(pattern.clone()));
        }
        self.name_by_fallback(pattern, addresses, refusal)
    }

    fn name_by_fallback(
        &mut self,
        pattern: &HostPattern,
        addresses: &Addresses,
        refusal: Code,
    ) -> Option<Match> {
        match addresses {
            Addresses::Known(set) => {
                match &set.basis {
                    Basis::Site => {}
                    Basis::WholeFile => {
                        let detail = format!("{pattern}: the whole range file stands for it");
                        self.lose(Code::AnyAzureCustomer, Axis::Host, Effect::Wider, detail);
                    }
                    Basis::Tag { tag, documented } => {
                        let basis = if *documented { "documented" } else { "inferred" };
                        let detail = format!("{pattern}: tag {tag} stands for it ({basis})");
                        self.lose(Code::TagInsteadOfName, Axis::Host, Effect::Wider, detail);
                    }
                }
                Some(Match::Addresses(Arc::clone(set)))
            }
            Addresses::Unpublished(reason) => {
                self.refuse(refusal, Axis::Host, format!("{pattern}: {reason}"))
            }
            Addresses::NoRangeFile(cloud) => self.refuse(
                Code::RangesNeeded,
                Axis::Host,
                format!("{pattern}: no range file of cloud {cloud}"),
            ),
            Addresses::NoSuchTag(reason) => {
                self.refuse(Code::UnknownServiceTag, Axis::Host, format!("{pattern}: {reason}"))
            }
            Addresses::EmptyTag(reason) => {
                self.refuse(Code::EmptyServiceTag, Axis::Host, format!("{pattern}: {reason}"))
            }
            Addresses::Offered(cloud) => {
                let detail = format!("{pattern}: {OFFERED} cloud {cloud}");
                self.refuse(refusal, Axis::Host, detail)
            }
            Addresses::Any | Addresses::NotGiven | Addresses::NotAsked => {
                self.refuse(refusal, Axis::Host, pattern.to_string())
            }
        }
    }

    fn destination_addresses(&mut self, party: &Party) -> Option<Match> {
        match &party.addresses {
            _ if !self.capabilities.addresses => self.refuse(
                Code::DestinationNotGiven,
                Axis::Host,
                format!("{} is not a name", party.endpoint),
            ),
            Addresses::Any => Some(Match::Any),
            Addresses::Known(set) => Some(Match::Addresses(Arc::clone(set))),
            Addresses::NoRangeFile(cloud) => self.refuse(
                Code::RangesNeeded,
                Axis::Host,
                format!("{}: no range file of cloud {cloud}", party.endpoint),
            ),
            Addresses::NoSuchTag(reason) => self.refuse(Code::UnknownServiceTag, Axis::Host, reason.clone()),
            Addresses::EmptyTag(reason) => self.refuse(Code::EmptyServiceTag, Axis::Host, reason.clone()),
            Addresses::NotGiven | Addresses::NotAsked | Addresses::Offered(_) | Addresses::Unpublished(_) => {
                self.refuse(Code::DestinationNotGiven, Axis::Host, party.endpoint.to_string())
            }
        }
    }
}

fn words_or_addresses(party: &Party) -> Match {
    match &party.addresses {
        Addresses::Known(set) => Match::Addresses(Arc::clone(set)),
        Addresses::Any => Match::Any,
        _ => Match::Words(party.endpoint.to_string()),
    }
}

/// Which end of a hop a proxy is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Source,
    Destination,
}

/// The addresses of a proxy towards a zone: those of its host, else the one that it is given by.
fn proxy_addresses(proxy: &Proxy, side: Side, zone: Option<&ZoneId>) -> Option<Arc<AddressSet>> {
    let of_host = proxy.station.as_ref().map(|station| match side {
        Side::Source => station.as_source(zone),
        Side::Destination => station.as_destination(zone),
    });
    let (name, prefixes) = match (of_host, &proxy.listener.host) {
        (Some((name, prefixes)), _) if !prefixes.is_empty() => (name, prefixes.clone()),
        (_, ProxyAddress::Ip(address)) => {
            let host = Prefix::new(*address, if address.is_ipv4() { 32 } else { 128 }).ok()?;
            ("proxy".to_owned(), PrefixSet::from_iter([host]))
        }
        (_, ProxyAddress::Name(_)) => return None,
    };
    Some(Arc::new(AddressSet { name, prefixes, basis: Basis::Site, range_file: None, cloud: None }))
}

/// Limits both sides to the families that can meet: those asked for, and those that both sides have.
fn keep_families(
    hop: &Hop,
    source: Match,
    destination: Match,
    choice: FamilyChoice,
    losses: &mut Vec<Loss>,
) -> Option<(Match, Match)> {
    let [from, to] = hop.leg.stations(&hop.from, &hop.to);
    let left = families(&source, from.map(|station| &station.addresses));
    let right = families(&destination, to.map(|station| &station.addresses));
    let has = |side: &Option<[bool; 2]>, index: usize| {
        side.is_none_or(|has| has.get(index).copied().unwrap_or(true))
    };
    let meet = |index: usize| has(&left, index) && has(&right, index);
    if !meet(0) && !meet(1) {
        // Somebody needs this flow, and the addresses that were given cannot carry it: an error in them, most likely.
        let detail =
            format!("{} and {} have no address family in common", hop.from.endpoint, hop.to.endpoint);
        losses.push(Loss { code: Code::NoV6Source, axis: Axis::Family, effect: Effect::Refused, detail });
        return None;
    }
    let mut sides = (source, destination);
    for (index, family) in Family::ALL.into_iter().enumerate() {
        let code = if !asked(choice, family) {
            Code::FamilyLeftOut
        } else if !meet(index) {
            Code::NoV6Source
        } else {
            continue;
        };
        let details = [without(&mut sides.0, family), without(&mut sides.1, family)];
        losses.extend(details.into_iter().flatten().map(|detail| Loss {
            code,
            axis: Axis::Family,
            effect: Effect::NotApplicable,
            detail,
        }));
    }
    let emptied = |side: &Match| matches!(side, Match::Addresses(set) if set.prefixes.is_empty());
    if emptied(&sides.0) || emptied(&sides.1) { None } else { Some(sides) }
}

fn asked(choice: FamilyChoice, family: Family) -> bool {
    match choice {
        FamilyChoice::Both => true,
        FamilyChoice::V4 => family == Family::V4,
        FamilyChoice::V6 => family == Family::V6,
    }
}

/// Whether a side has IPv4 and IPv6, as far as that is known.
fn families(side: &Match, own: Option<&PrefixSet>) -> Option<[bool; 2]> {
    let prefixes = match side {
        Match::Addresses(set) => &set.prefixes,
        Match::Itself => own.filter(|own| !own.is_empty())?,
        Match::Any | Match::Name(_) | Match::Url(..) | Match::Words(_) => return None,
    };
    Some([Family::V4, Family::V6].map(|family| !prefixes.family(family).is_empty()))
}

/// Takes the prefixes of a family out of a side and says how many there were, if there were any.
fn without(side: &mut Match, family: Family) -> Option<String> {
    let Match::Addresses(set) = side else {
        return None;
    };
    let removed = set.prefixes.family(family).prefixes().count();
    if removed == 0 {
        return None;
    }
    let other = match family {
        Family::V4 => Family::V6,
        Family::V6 => Family::V4,
    };
    let prefixes = if removed == 1 { "prefix" } else { "prefixes" };
    let detail = format!("{}: {removed} {family} {prefixes} left out", set.name);
    // Another content, another name: names of shared objects follow it.
    let kept = AddressSet {
        name: format!("{}-{other}", set.name),
        prefixes: set.prefixes.family(other),
        ..AddressSet::clone(set)
    };
    *set = Arc::new(kept);
    Some(detail)
}
