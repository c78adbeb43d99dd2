//! Ends of facts: canonical text, and what is read into it.

use crate::catalog::{End, EndKind, HostReading, ReadDestination};
use crate::finding::{Code, Finding, Findings};
use crate::host::HostPattern;
use crate::id::{CloudId, DocumentId, RequirementId};

use super::Mark;
use super::expand::Text;

/// The destination of a fact.
pub(super) struct Destination {
    pub(super) text: String,
    pub(super) hosts: Vec<HostPattern>,
    pub(super) service_tag: Option<String>,
    pub(super) marks: Vec<Mark>,
}

impl Text<'_> {
    pub(super) fn opened_outside(&self, from: &End) -> bool {
        match &from.kind {
            EndKind::Outside(_) | EndKind::ServiceTag(_) | EndKind::CloudRanges => true,
            EndKind::Role(role) => self.catalog.is_outside(role),
            _ => false,
        }
    }

    pub(super) fn end_text(&self, end: &End, cloud: Option<&CloudId>) -> Result<String, Findings> {
        self.destination(end, None, cloud).map(|destination| destination.text)
    }

    pub(super) fn destination(
        &self,
        end: &End,
        read: Option<&ReadDestination>,
        cloud: Option<&CloudId>,
    ) -> Result<Destination, Findings> {
        let plain =
            |text: String| Destination { text, hosts: Vec::new(), service_tag: None, marks: Vec::new() };
        Ok(match &end.kind {
            EndKind::Role(role) if !self.catalog.is_outside(role) => plain(role.to_string()),
            EndKind::Role(role) | EndKind::Outside(role) => plain(format!("outside:{role}")),
            EndKind::Host(text) => self.host(text, end)?,
            EndKind::Url(url) => Destination { hosts: vec![url.host.clone()], ..plain(url.to_string()) },
            EndKind::Template { template, at: None } => plain(template.to_string()),
            EndKind::Template { template, at: Some(role) } => plain(format!("{template}@{role}")),
            EndKind::ServiceTag(tag) => {
                Destination { service_tag: Some(tag.clone()), ..plain(format!("tag:{tag}")) }
            }
            EndKind::CloudRanges => plain(format!("ranges:{}", cloud.map_or("selected", CloudId::as_str))),
            EndKind::List { document, .. } => plain(format!("list:{document}")),
            EndKind::Unstated => match read {
                Some(read) => self.read(read, cloud)?,
                None => plain("unstated".to_owned()),
            },
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
            hosts: vec![pattern],
            service_tag: None,
        })
    }

    /// What a destination that the text leaves out is read as. Hosts of other documents stay references: those
    /// documents have facts of their own.
    fn read(&self, read: &ReadDestination, cloud: Option<&CloudId>) -> Result<Destination, Findings> {
        let mut hosts = Vec::new();
        for id in &read.same_as {
            let Some(requirement) = self.says.requirement(id) else {
                continue;
            };
            if cloud.is_none_or(|cloud| requirement.holds_in(cloud)) {
                for end in requirement.flows.iter().flat_map(|flow| &flow.to) {
                    hosts.extend(self.destination(end, None, cloud)?.hosts);
                }
            }
        }
        for host in &read.hosts {
            hosts.extend(self.readings.pattern(host).ok());
        }
        let mark = interpreted("destination", read_words(read), &read.because);
        Ok(Destination { text: "unstated".to_owned(), hosts, service_tag: None, marks: vec![mark] })
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
