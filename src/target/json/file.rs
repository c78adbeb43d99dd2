//! A rule file in memory.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::read::RawFile;
use super::record::{RawHop, RawRule, RawSide};
use crate::address::{PortRange, Transport};
use crate::catalog::Edition;
use crate::host::{HostPattern, UrlPath};
use crate::id::{DocumentId, StationId, ZoneId};
use crate::place::{AddressSet, Leg};
use crate::rule::{Digest, Rule, RuleId};
use crate::site::{ProxyListener, SiteName, Station};
use crate::target::document::{Sets, losses};
use crate::target::{Fitted, FittedRule, Loss, Match};

/// A neutral rule set: rules with their sources, the hops that they take through the site, and the addresses behind them.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "RawFile")]
pub struct RuleFile {
    /// `Microsoft Entra Cloud Sync, public cloud`.
    pub title: String,
    /// The site's name.
    pub site: SiteName,
    /// Digest of all rules of the selection, those left out included.
    pub rule_set: Digest,
    /// What the selection did not bring in, and other sentences of its header.
    pub notes: Vec<String>,
    /// In the order of their flows; each flow once.
    pub rules: Vec<RuleRecord>,
    /// Rules of the selection that have no hop here.
    pub left_out: Vec<LeftOut>,
    /// Every set that a hop refers to, by the name that it has in this file.
    pub address_sets: BTreeMap<String, AddressSet>,
}

/// A rule, and its way through the site.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", try_from = "RawRule")]
pub struct RuleRecord {
    /// The symbolic rule with its sources.
    #[serde(flatten)]
    pub rule: Rule,
    /// What of the rule is not in its hops, such as addresses of one family.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub losses: Vec<Loss>,
    /// At least one.
    pub hops: Vec<HopRecord>,
}

/// A rule of the selection that is not in the file, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct LeftOut {
    /// The rule.
    pub rule: RuleId,
    /// Why.
    pub losses: Vec<Loss>,
}

/// One connection across the network.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "RawHop")]
pub struct HopRecord {
    /// Which part of the way.
    pub via: Via,
    /// Who opens the connection.
    pub source: End,
    /// Who answers.
    pub destination: End,
    /// TCP or UDP.
    pub transport: Transport,
    /// Destination ports of this hop.
    pub ports: PortRange,
    /// Source ports, where a document limits them.
    pub source_ports: Option<PortRange>,
}

/// Which part of a flow's way a hop is, as a file tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Via {
    /// All of it.
    Direct,
    /// From the client to the proxy that listens there.
    ToProxy(ProxyListener),
    /// From that proxy to the destination.
    FromProxy(ProxyListener),
}

impl From<&Leg> for Via {
    fn from(leg: &Leg) -> Self {
        match leg {
            Leg::Direct => Self::Direct,
            Leg::ToProxy(proxy) => Self::ToProxy(proxy.listener.clone()),
            Leg::FromProxy(proxy) => Self::FromProxy(proxy.listener.clone()),
        }
    }
}

/// One side of a hop.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "RawSide")]
pub struct End {
    /// What it is matched by.
    pub by: MatchedBy,
    /// The host or group of hosts of the site, if it is one.
    pub station: Option<StationId>,
    /// Its zone, if it is known.
    pub zone: Option<ZoneId>,
}

/// What one side of a hop is matched by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MatchedBy {
    /// Anyone, because a document says so.
    Any,
    /// A name or pattern.
    Host(HostPattern),
    /// URLs below a path.
    Url(HostPattern, UrlPath),
    /// A set of [`RuleFile::address_sets`].
    Addresses(String),
    /// Nobody gave addresses. Who it is stands in the rule, or in the way where it is the proxy.
    NotGiven,
}

impl RuleFile {
    /// The file of what fitted.
    pub(crate) fn of(fitted: &Fitted) -> Self {
        let sets = Sets::of(fitted);
        let mut rules: Vec<RuleRecord> = Vec::new();
        for hop in &fitted.rules {
            let record = HopRecord::of(hop, &sets);
            match rules.iter_mut().find(|known| known.rule.id == hop.rule.id) {
                Some(known) => known.hops.push(record),
                None => rules.push(RuleRecord {
                    rule: Rule::clone(&hop.rule),
                    losses: losses(fitted, &hop.rule.id).to_vec(),
                    hops: vec![record],
                }),
            }
        }
        rules.sort_by(|a, b| a.rule.flow.cmp(&b.rule.flow));
        Self {
            title: fitted.header.title.clone(),
            site: fitted.site.clone(),
            rule_set: fitted.header.rule_set.clone(),
            notes: fitted.header.notes.clone(),
            left_out: left_out(fitted),
            rules,
            address_sets: sets.iter().map(|(name, set)| (name.to_owned(), renamed(name, set))).collect(),
        }
    }

    /// The documents behind the rules, each edition once, in order.
    pub fn documents(&self) -> Vec<(DocumentId, Option<Edition>)> {
        let citations = self.rules.iter().flat_map(|record| &record.rule.citations);
        let mut documents: Vec<_> =
            citations.map(|citation| (citation.document.clone(), citation.edition)).collect();
        documents.sort();
        documents.dedup();
        documents
    }
}

fn renamed(name: &str, set: &AddressSet) -> AddressSet {
    AddressSet { name: name.to_owned(), ..set.clone() }
}

fn left_out(fitted: &Fitted) -> Vec<LeftOut> {
    let unwritten = fitted.verdicts.iter().filter(|verdict| !verdict.written);
    let mut left_out: Vec<LeftOut> = unwritten
        .map(|verdict| LeftOut { rule: verdict.rule.clone(), losses: verdict.losses.clone() })
        .collect();
    left_out.sort_by(|a, b| a.rule.cmp(&b.rule));
    left_out
}

impl HopRecord {
    fn of(hop: &FittedRule, sets: &Sets) -> Self {
        let [from, to] = hop.leg.stations(&hop.from, &hop.to);
        let (from_zone, to_zone) = hop.zones();
        Self {
            via: Via::from(&hop.leg),
            source: End::of(&hop.source, sets, from, from_zone),
            destination: End::of(&hop.destination, sets, to, to_zone),
            transport: hop.transport,
            ports: hop.ports,
            source_ports: hop.source_ports,
        }
    }
}

impl End {
    fn of(matched: &Match, sets: &Sets, station: Option<&Arc<Station>>, zone: Option<&ZoneId>) -> Self {
        let by = match matched {
            Match::Any => MatchedBy::Any,
            Match::Name(pattern) => MatchedBy::Host(pattern.clone()),
            Match::Url(host, path) => MatchedBy::Url(host.clone(), path.clone()),
            Match::Addresses(set) => MatchedBy::Addresses(sets.name_of(set)),
            // A text stands on no host: only words are left.
            Match::Words(_) | Match::Itself => MatchedBy::NotGiven,
        };
        Self { by, station: station.map(|station| station.id.clone()), zone: zone.cloned() }
    }
}
