//! Rules become hops.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::address::{PrefixSet, Transport};
use crate::catalog::{Catalog, HostAddresses, HostReading, Readings};
use crate::finding::{Code, Finding, Findings};
use crate::host::HostPattern;
use crate::id::{CloudId, StationId, ZoneId};
use crate::ranges::{RangeFile, Tag};
use crate::rule::{Endpoint, Flow, Rule, RuleSet, Scope};
use crate::site::Site;

use super::{AddressSet, Addresses, Basis, Hop, Leg, Party, Placed};

/// Which addresses may stand for names.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Fallback {
    /// None.
    #[default]
    None,
    /// The documents' own: the whole range file of the cloud that hosts the name.
    Documented,
    /// The service tags that the catalog gives for the name.
    Tag,
}

/// Where addresses of names, tags and clouds come from.
#[derive(Debug, Clone, Copy, Default)]
pub struct Addressing<'a> {
    /// Which addresses may stand for names.
    pub fallback: Fallback,
    /// Range files, one for each cloud.
    pub files: &'a [RangeFile<'a>],
}

/// Places every rule in the site.
///
/// # Errors
/// All errors of hosts.yaml; those of a range file that was opened as checked and is not right after all.
pub fn place(
    rules: &RuleSet,
    site: &Site,
    cloud: &CloudId,
    addressing: &Addressing<'_>,
    catalog: &Catalog,
) -> Result<Placed, Findings> {
    let readings = catalog.readings()?;
    let mut placing = Placing { site, cloud, addressing, catalog, readings, sets: BTreeMap::new() };
    let mut hops = Vec::new();
    for rule in rules.shared() {
        placing.rule(rule, &mut hops)?;
    }
    Ok(Placed { site: site.name.clone(), anonymous: site.anonymous, hops })
}

/// More hops than this are a site that names every machine where groups of equal ones would do.
const MOST_HOPS: usize = 500_000;

fn too_large(site: &Site) -> Finding {
    let message = format!(
        "the {} hosts of the site have more than {MOST_HOPS} connections with each other and with the cloud",
        site.stations.len()
    );
    Finding::new(Code::SiteTooLarge, message)
        .help("write equal hosts as one entry: it may have any number of addresses, and networks")
}

/// What a shared set was made from. Names of sets may coincide: a host of the site can be called as a tag is.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Origin {
    /// Host, and the name of its addresses: its own, or those of a translation.
    Station(StationId, String),
    Whole(CloudId),
    /// Cloud, tag, whether a document names it.
    Tag(CloudId, String, bool),
}

struct Placing<'a> {
    site: &'a Site,
    cloud: &'a CloudId,
    addressing: &'a Addressing<'a>,
    catalog: &'a Catalog,
    readings: &'a Readings,
    /// Sets that several rules share.
    sets: BTreeMap<Origin, Addresses>,
}

impl Placing<'_> {
    fn rule(&mut self, rule: &Arc<Rule>, hops: &mut Vec<Hop>) -> Result<(), Findings> {
        let flow = &rule.flow;
        let proxyable = proxyable(flow);
        let destinations = self.parties(&flow.to, rule)?;
        let sources = self.parties(&flow.from, rule)?;
        // Before they are made: thousands of hosts on both sides would fill the memory.
        if hops.len().saturating_add(sources.len().saturating_mul(destinations.len())) > MOST_HOPS {
            return Err(too_large(self.site).into());
        }
        for from in sources {
            for to in &destinations {
                let proxy =
                    from.station.as_ref().and_then(|station| station.proxy.clone()).filter(|_| proxyable);
                // Whoever answers first sees the client: the proxy, where there is one.
                let seen_by = proxy.as_ref().map_or_else(|| to.zone(), |proxy| proxy.zone());
                let (from, to) = (self.seen(&from, seen_by), self.reached(to, from.zone()));
                let legs = match proxy {
                    None => vec![(Leg::Direct, flow.ports)],
                    Some(proxy) => {
                        let port = proxy.listener.port;
                        vec![(Leg::ToProxy(Arc::clone(&proxy)), port), (Leg::FromProxy(proxy), flow.ports)]
                    }
                };
                hops.extend(legs.into_iter().map(|(leg, ports)| Hop {
                    rule: Arc::clone(rule),
                    leg,
                    from: from.clone(),
                    to: to.clone(),
                    ports,
                    transport: flow.transport,
                    source_ports: flow.source_ports,
                    scope: flow.scope,
                    proxyable,
                }));
            }
        }
        Ok(())
    }

    /// The sides that an end stands for: one for each host of the site that plays its role.
    fn parties(&mut self, end: &Endpoint, rule: &Rule) -> Result<Vec<Party>, Findings> {
        if let Some(role) = end.role() {
            let stations = self.site.stations_of(role, self.cloud);
            if !stations.is_empty() {
                // A name that a host answers to may have other addresses than the host's, where none were given.
                let addresses = match end {
                    Endpoint::Host { pattern, .. } => self.name(pattern, rule)?,
                    _ => Addresses::NotGiven,
                };
                let party = |station| Party { station: Some(station), ..self.party(end, addresses.clone()) };
                return Ok(stations.into_iter().map(party).collect());
            }
        }
        let addresses = match end {
            Endpoint::Role(_) => Addresses::NotGiven,
            Endpoint::Outside(_) => Addresses::Any,
            Endpoint::Host { pattern, .. } | Endpoint::Url { host: pattern, .. } => {
                self.name(pattern, rule)?
            }
            Endpoint::ServiceTag(tag) => self.tag(&self.cloud.clone(), tag, true)?,
            Endpoint::CloudRanges(cloud) => self.whole(&cloud.clone())?,
        };
        Ok(vec![self.party(end, addresses)])
    }

    fn party(&self, end: &Endpoint, addresses: Addresses) -> Party {
        Party { endpoint: end.clone(), station: None, addresses, outside: self.site.outside.clone() }
    }

    /// A party as what stands in `zone` sees it come.
    fn seen(&mut self, party: &Party, zone: Option<&ZoneId>) -> Party {
        let own = party.station.as_ref().map(|station| station.as_source(zone));
        self.with_addresses(party, own)
    }

    /// A party as what stands in `zone` reaches it.
    fn reached(&mut self, party: &Party, zone: Option<&ZoneId>) -> Party {
        let own = party.station.as_ref().map(|station| station.as_destination(zone));
        self.with_addresses(party, own)
    }

    fn with_addresses(&mut self, party: &Party, own: Option<(String, &PrefixSet)>) -> Party {
        let (Some(station), Some((name, prefixes))) = (&party.station, own) else { return party.clone() };
        if prefixes.is_empty() {
            return party.clone();
        }
        let addresses = self.shared(Origin::Station(station.id.clone(), name.clone()), || {
            let prefixes = prefixes.clone();
            let basis = Basis::Site;
            Addresses::Known(Arc::new(AddressSet { name, prefixes, basis, range_file: None, cloud: None }))
        });
        Party { addresses, ..party.clone() }
    }

    fn shared(&mut self, origin: Origin, make: impl FnOnce() -> Addresses) -> Addresses {
        self.sets.entry(origin).or_insert_with(make).clone()
    }

    fn name(&mut self, pattern: &HostPattern, rule: &Rule) -> Result<Addresses, Findings> {
        let unpublished = |because: &str| Addresses::Unpublished(because.to_owned());
        Ok(match self.addressing.fallback {
            Fallback::None => self.offer(pattern, rule),
            Fallback::Documented if !rule.ranges_offered => {
                unpublished("none of its documents offers addresses in place of the name")
            }
            Fallback::Documented => match self.readings.of(pattern).map(|reading| &reading.addresses) {
                Some(Some(HostAddresses::HostedIn { cloud, .. })) => self.whole(cloud)?,
                Some(Some(HostAddresses::None { because })) => Addresses::Unpublished(because.clone()),
                _ => unpublished("no document gives an address source"),
            },
            Fallback::Tag => match self.readings.of(pattern) {
                Some(reading) if !reading.tags.is_empty() => self.tags_of(reading)?,
                _ => unpublished("no service tag is documented or inferred for it"),
            },
        })
    }

    /// What a name would get if its documents' own fallback were asked for.
    fn offer(&self, pattern: &HostPattern, rule: &Rule) -> Addresses {
        let reading = self.readings.of(pattern).filter(|_| rule.ranges_offered);
        match reading.and_then(|reading| reading.addresses.as_ref()) {
            Some(HostAddresses::HostedIn { cloud, .. }) => Addresses::Offered(cloud.clone()),
            Some(HostAddresses::None { because }) => Addresses::Unpublished(because.clone()),
            None => Addresses::NotAsked,
        }
    }

    /// The first tag of a reading; the catalog gives them in order of how well they fit.
    fn tags_of(&mut self, reading: &HostReading) -> Result<Addresses, Findings> {
        let cloud = match &reading.addresses {
            Some(HostAddresses::HostedIn { cloud, .. }) => cloud.clone(),
            _ => self.cloud.clone(),
        };
        match reading.tags.first() {
            Some(tag) => self.tag(&cloud, &tag.tag, tag.documented),
            None => Ok(Addresses::NotAsked),
        }
    }

    fn file(&self, cloud: &CloudId) -> Option<&RangeFile<'_>> {
        let of_cloud = |file: &&RangeFile<'_>| {
            file.cloud().and_then(|word| self.catalog.cloud_of_file_word(word)) == Some(cloud)
        };
        self.addressing.files.iter().find(of_cloud)
    }

    fn whole(&mut self, cloud: &CloudId) -> Result<Addresses, Findings> {
        let origin = Origin::Whole(cloud.clone());
        if let Some(known) = self.sets.get(&origin) {
            return Ok(known.clone());
        }
        let addresses = match self.file(cloud) {
            None => Addresses::NoRangeFile(cloud.clone()),
            Some(file) => known(format!("azure-{cloud}"), file.whole()?, Basis::WholeFile, file, cloud)
                .unwrap_or_else(|| Addresses::EmptyTag(format!("{} holds no address", file.label()))),
        };
        Ok(self.shared(origin, || addresses))
    }

    fn tag(&mut self, cloud: &CloudId, tag: &str, documented: bool) -> Result<Addresses, Findings> {
        let origin = Origin::Tag(cloud.clone(), tag.to_owned(), documented);
        if let Some(known) = self.sets.get(&origin) {
            return Ok(known.clone());
        }
        let addresses = match self.file(cloud) {
            None => Addresses::NoRangeFile(cloud.clone()),
            Some(file) => match file.tag(tag)? {
                None => no_such_tag(file, tag),
                Some(prefixes) => {
                    let basis = Basis::Tag { tag: tag.to_owned(), documented };
                    known(format!("tag-{cloud}-{tag}"), prefixes, basis, file, cloud).unwrap_or_else(|| {
                        Addresses::EmptyTag(format!("{} has tag {tag} without any address", file.label()))
                    })
                }
            },
        };
        Ok(self.shared(origin, || addresses))
    }
}

fn no_such_tag(file: &RangeFile<'_>, tag: &str) -> Addresses {
    let nearest = crate::finding::nearest(tag, file.tags().iter().map(Tag::name));
    let hint = nearest.map(|near| format!(" (nearest: {near})")).unwrap_or_default();
    Addresses::NoSuchTag(format!("{} has no tag {tag}{hint}", file.label()))
}

/// A set of a range file; nothing if it is empty, since an empty set allows everything on some products.
fn known(
    name: String,
    prefixes: PrefixSet,
    basis: Basis,
    file: &RangeFile<'_>,
    cloud: &CloudId,
) -> Option<Addresses> {
    let range_file = Some(file.label());
    let cloud = Some(cloud.clone());
    (!prefixes.is_empty())
        .then(|| Addresses::Known(Arc::new(AddressSet { name, prefixes, basis, range_file, cloud })))
}

/// Ports on which documents of hybrid identity mean HTTP or HTTPS: 80 for revocation lists, 443, and 8080, which the
/// agents' status endpoints answer over HTTP.
const HTTP_PORTS: [u16; 3] = [80, 443, 8080];

/// Whether a proxy could carry a flow: HTTP or HTTPS to a name. Flows between hosts of the site stay direct.
pub(crate) fn proxyable(flow: &Flow) -> bool {
    let named = matches!(&flow.to, Endpoint::Host { at: None, .. } | Endpoint::Url { .. });
    let http = flow.ports.single().is_some_and(|port| HTTP_PORTS.contains(&port.get()));
    let leaves = flow.scope == Scope::Network;
    named && http && leaves && flow.transport == Transport::Tcp && matches!(flow.from, Endpoint::Role(_))
}
