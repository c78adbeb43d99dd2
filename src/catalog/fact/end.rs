//! Ends of facts: canonical text, and what is read into it.

use crate::catalog::{End, EndKind, HostReading, ReadDestination};
use crate::finding::{Code, Finding, Findings};
use crate::host::{HostPattern, UrlPattern};
use crate::id::{CloudId, DocumentId, RequirementId, RoleId};
use crate::rule::Endpoint;

use super::expand::Text;
use super::{Mark, ReadEnd};

/// The destination of a fact.
pub(super) struct Destination {
    pub(super) text: String,
    pub(super) hosts: Vec<HostPattern>,
    pub(super) service_tag: Option<String>,
    pub(super) marks: Vec<Mark>,
    pub(super) meant: Vec<ReadEnd>,
}

impl Text<'_> {
    pub(super) fn opened_outside(&self, from: &End) -> bool {
        match &from.kind {
            EndKind::Outside(_) | EndKind::ServiceTag(_) | EndKind::CloudRanges => true,
            EndKind::Role(role) => self.catalog.is_outside(role),
            _ => false,
        }
    }

    /// An end that opens connections, or one of a negative fact.
    pub(super) fn end(
        &self,
        end: &End,
        cloud: Option<&CloudId>,
    ) -> Result<(String, Option<ReadEnd>), Findings> {
        let destination = self.destination(end, None, cloud)?;
        Ok((destination.text, destination.meant.into_iter().next()))
    }

    pub(super) fn destination(
        &self,
        end: &End,
        read: Option<&ReadDestination>,
        cloud: Option<&CloudId>,
    ) -> Result<Destination, Findings> {
        let plain = |text: String, meant: ReadEnd| Destination {
            text,
            hosts: Vec::new(),
            service_tag: None,
            marks: Vec::new(),
            meant: vec![meant],
        };
        Ok(match &end.kind {
            EndKind::Role(role) | EndKind::Outside(role) => {
                let endpoint = self.role(role, matches!(end.kind, EndKind::Outside(_)));
                plain(endpoint.to_string(), ReadEnd::Endpoint(endpoint))
            }
            EndKind::Host(text) => self.host(text, end)?,
            EndKind::Url(url) => self.url(url, end)?,
            EndKind::Template { template, at } => {
                let meant = ReadEnd::Template { template: template.clone(), at: at.clone() };
                plain(meant.to_string(), meant)
            }
            EndKind::ServiceTag(tag) => {
                let endpoint = Endpoint::ServiceTag(tag.clone());
                let text = endpoint.to_string();
                Destination { service_tag: Some(tag.clone()), ..plain(text, ReadEnd::Endpoint(endpoint)) }
            }
            EndKind::CloudRanges => plain(
                format!("ranges:{}", cloud.map_or("selected", CloudId::as_str)),
                cloud.map_or(ReadEnd::CloudRanges, |cloud| {
                    ReadEnd::Endpoint(Endpoint::CloudRanges(cloud.clone()))
                }),
            ),
            EndKind::List { document, ports } => plain(
                format!("list:{document}"),
                ReadEnd::List { document: document.clone(), ports: ports.clone() },
            ),
            EndKind::Unstated => match read {
                Some(read) => self.read(read, cloud)?,
                None => plain("unstated".to_owned(), ReadEnd::Unstated),
            },
        })
    }

    fn role(&self, role: &RoleId, outside: bool) -> Endpoint {
        if outside || self.catalog.is_outside(role) {
            Endpoint::Outside(role.clone())
        } else {
            Endpoint::Role(role.clone())
        }
    }

    /// The text stays as documented; its host is read as any other, since a path beside it mends no misspelling.
    fn url(&self, url: &UrlPattern, end: &End) -> Result<Destination, Findings> {
        let host = self.host(&url.host.to_string(), end)?;
        let with_path = |meant: ReadEnd| match (meant, &url.path) {
            (ReadEnd::Endpoint(Endpoint::Host { pattern, .. }), Some(path)) => {
                ReadEnd::Endpoint(Endpoint::Url { host: pattern, path: path.clone() })
            }
            (meant, _) => meant,
        };
        Ok(Destination {
            text: url.to_string(),
            hosts: vec![url.host.clone()],
            service_tag: None,
            marks: Vec::new(),
            meant: host.meant.into_iter().map(with_path).collect(),
        })
    }

    fn host(&self, text: &str, end: &End) -> Result<Destination, Findings> {
        let reading = self.readings.get(text);
        let meant = reading.and_then(|reading| reading.typo_of.as_ref()).map_or(text, |(meant, _)| meant);
        let pattern = self.readings.pattern(meant).map_err(|error| -> Findings {
            Finding::new(Code::InvalidHost, error.to_string())
                .at(end.place.clone())
                .maybe_help(error.help())
                .into()
        })?;
        Ok(Destination {
            text: pattern.to_string(),
            marks: reading.map(|reading| reading_marks(reading, &pattern)).unwrap_or_default(),
            meant: vec![ReadEnd::Endpoint(Endpoint::Host { pattern: pattern.clone(), at: None })],
            hosts: vec![pattern],
            service_tag: None,
        })
    }

    /// What a destination that the text leaves out is read as. Hosts of other documents stay references: those
    /// documents have facts of their own.
    fn read(&self, read: &ReadDestination, cloud: Option<&CloudId>) -> Result<Destination, Findings> {
        let mut hosts = Vec::new();
        let mut meant = Vec::new();
        for id in &read.same_as {
            let Some(requirement) = self.says.requirement(id) else {
                continue;
            };
            if cloud.is_none_or(|cloud| requirement.holds_in(cloud)) {
                for end in requirement.flows.iter().flat_map(|flow| &flow.to) {
                    let there = self.destination(end, None, cloud)?;
                    hosts.extend(there.hosts);
                    // Roles and ranges of the other requirement are its own; a reference means its hosts.
                    meant.extend(there.meant.into_iter().filter(is_named));
                }
            }
        }
        for pattern in read.hosts.iter().filter_map(|host| self.readings.pattern(host).ok()) {
            hosts.push(pattern.clone());
            meant.push(ReadEnd::Endpoint(Endpoint::Host { pattern, at: None }));
        }
        let lists = read.hosts_of.iter().cloned();
        meant.extend(lists.map(|document| ReadEnd::List { document, ports: Vec::new() }));
        if meant.is_empty() {
            meant.push(ReadEnd::Unstated);
        }
        let mark = interpreted("destination", read_words(read), &read.because);
        Ok(Destination { text: "unstated".to_owned(), hosts, service_tag: None, marks: vec![mark], meant })
    }
}

/// Whether an end is a name, complete or not.
fn is_named(end: &ReadEnd) -> bool {
    match end {
        ReadEnd::Endpoint(endpoint) => endpoint.host().is_some(),
        ReadEnd::Template { .. } => true,
        _ => false,
    }
}

/// `that of agent-service, registration`, `hosts of urls-page`, or the hosts themselves.
fn read_words(read: &ReadDestination) -> String {
    let list = |word: &str, ids: Vec<&str>| (!ids.is_empty()).then(|| format!("{word}{}", ids.join(", ")));
    let words = [
        list("that of ", read.same_as.iter().map(RequirementId::as_str).collect()),
        list("hosts of ", read.hosts_of.iter().map(DocumentId::as_str).collect()),
        list("", read.hosts.iter().map(String::as_str).collect()),
    ];
    words.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

pub(super) fn interpreted(of: &'static str, value: String, because: &str) -> Mark {
    Mark::Interpreted { of, value, because: because.to_owned() }
}

fn reading_marks(reading: &HostReading, pattern: &HostPattern) -> Vec<Mark> {
    let mut marks = Vec::new();
    if let Some((_, because)) = &reading.typo_of {
        marks.push(Mark::Typo { because: because.clone() });
    }
    marks.extend(reading.doubtful.clone().map(|because| Mark::Doubtful { because }));
    let apex = matches!(pattern, HostPattern::Below { apex: true, .. });
    marks.extend(reading.apex_because.clone().filter(|_| apex).map(|because| Mark::Apex { because }));
    marks
}
