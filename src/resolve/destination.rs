//! What a documented destination stands for.

use crate::address::PortRange;
use crate::catalog::{
    Catalog, Document, DocumentedFlow, Edition, End, EndKind, PortText, ReadDestination, Requirement,
};
use crate::finding::{Code, Finding, Findings};
use crate::host::{HostPattern, HostTemplate, UrlPattern};
use crate::id::{DocumentId, RoleId};
use crate::rule::{Endpoint, Interpretation};

use super::gather::{Current, Gathering};

/// One end that a documented destination stands for.
#[derive(Debug, Clone)]
pub(super) struct Destination {
    pub(super) endpoint: Endpoint,
    pub(super) documented_as: String,
    pub(super) interpreted: Vec<Interpretation>,
    pub(super) doubt: Option<String>,
}

/// Delegated lists may delegate further; more than this is a circle that the check below missed.
const DEPTH: usize = 8;

impl Gathering<'_> {
    /// All ends that `to` stands for on `port`.
    pub(super) fn destinations(
        &mut self,
        current: &Current<'_>,
        to: &End,
        flow: &DocumentedFlow,
        port: PortRange,
        edition: Option<(&Document, Edition)>,
    ) -> Result<Vec<Destination>, Findings> {
        let mut visited = Vec::new();
        let destinations = self.expand(to, flow, port, edition, &mut visited)?;
        if destinations.is_empty() {
            self.unstated(current, to, port);
        }
        for destination in &destinations {
            self.warn_reading(current, destination);
        }
        Ok(destinations)
    }

    fn expand(
        &mut self,
        to: &End,
        flow: &DocumentedFlow,
        port: PortRange,
        edition: Option<(&Document, Edition)>,
        visited: &mut Vec<DocumentId>,
    ) -> Result<Vec<Destination>, Findings> {
        let plain = |endpoint| {
            vec![Destination {
                endpoint,
                documented_as: to.documented_as.clone(),
                interpreted: Vec::new(),
                doubt: None,
            }]
        };
        Ok(match &to.kind {
            EndKind::Role(role) | EndKind::Outside(role) => plain(self.role(role)),
            EndKind::ServiceTag(tag) => plain(Endpoint::ServiceTag(tag.clone())),
            EndKind::CloudRanges => plain(Endpoint::CloudRanges(self.selection.cloud.clone())),
            EndKind::Host(text) => self.host(text, to)?.into_iter().collect(),
            EndKind::Url(url) => plain(url_endpoint(url)),
            EndKind::Template { template, at } => {
                self.template(template, at.as_ref()).map(plain).unwrap_or_default()
            }
            EndKind::List { document, ports } => {
                let listed =
                    ports.is_empty() || port.single().is_some_and(|port| ports.contains(&port.get()));
                if listed {
                    self.delegated(document, to, port, "the text refers to that list", visited)?
                } else {
                    Vec::new()
                }
            }
            EndKind::Unstated => match &flow.reading.to {
                Some(read) => self.read(read, to, port, edition, visited)?,
                None => Vec::new(),
            },
        })
    }

    /// The destination of a documented text; none for a misspelling whose right form nothing confirms.
    fn host(&self, text: &str, to: &End) -> Result<Option<Destination>, Findings> {
        let invalid = |error: crate::host::HostError| -> Findings {
            Finding::new(Code::InvalidHost, error.to_string())
                .at(to.place.clone())
                .maybe_help(error.help())
                .into()
        };
        let mut destination = Destination {
            endpoint: Endpoint::Host { pattern: self.readings.pattern(text).map_err(invalid)?, at: None },
            documented_as: to.documented_as.clone(),
            interpreted: Vec::new(),
            doubt: None,
        };
        let Some(reading) = self.readings.get(text) else {
            if HostPattern::parse(text).is_ok_and(|pattern| pattern.is_wildcard()) {
                let finding =
                    Finding::new(Code::ReadingMissing, format!("`{text}` has no decision about its apex"));
                return Err(finding
                    .at(to.place.clone())
                    .help("add an entry with `apex` to hosts.yaml")
                    .into());
            }
            return Ok(Some(destination));
        };
        if self.selection.verbatim {
            // What cannot stand in a rule at all, such as two asterisks, stays normalized.
            let pattern =
                HostPattern::parse(text).unwrap_or_else(|_| reading.pattern.clone().with_apex(false));
            destination.endpoint = Endpoint::Host { pattern, at: None };
            return Ok(Some(destination));
        }
        if let Some((meant, because)) = &reading.typo_of {
            if !self.catalog.confirms(meant)? {
                return Ok(None);
            }
            let pattern = self.readings.pattern(meant).map_err(invalid)?;
            destination.endpoint = Endpoint::Host { pattern, at: None };
            destination.interpreted.push(Interpretation { of: "typo", because: because.clone() });
        }
        if let (Some(because), true) = (&reading.apex_because, apex_added(&destination.endpoint)) {
            destination.interpreted.push(Interpretation { of: "apex", because: because.clone() });
        }
        destination.doubt.clone_from(&reading.doubtful);
        Ok(Some(destination))
    }

    fn template(&mut self, template: &HostTemplate, at: Option<&RoleId>) -> Option<Endpoint> {
        let value = |name: &str| {
            let given = self
                .selection
                .parameters
                .iter()
                .find(|(id, _)| id.as_str() == name)
                .map(|(_, value)| value.as_str());
            given.or_else(|| {
                let parameter =
                    self.catalog.registries().parameters.iter().find(|each| each.id.as_str() == name)?;
                parameter.default.as_deref()
            })
        };
        match template.fill(value) {
            Ok(name) => Some(Endpoint::Host { pattern: HostPattern::Exact(name), at: at.cloned() }),
            Err(error) => {
                let parameters: Vec<&str> = template.parameters().collect();
                let finding = Finding::new(Code::ParameterNeeded, format!("{template}: {error}"))
                    .help(format!("--set {}=VALUE", parameters.join("=VALUE --set ")));
                self.out.findings.push(finding);
                None
            }
        }
    }

    fn read(
        &mut self,
        read: &ReadDestination,
        to: &End,
        port: PortRange,
        edition: Option<(&Document, Edition)>,
        visited: &mut Vec<DocumentId>,
    ) -> Result<Vec<Destination>, Findings> {
        let mut found = Vec::new();
        if let Some((document, edition)) = edition {
            let text = document.edition(edition, self.catalog.registries())?;
            for id in &read.same_as {
                let Some(requirement) = text.requirement(id) else {
                    let message = format!("{} {edition} has no requirement `{id}`", document.id());
                    return Err(Finding::new(Code::UnknownReference, message).at(to.place.clone()).into());
                };
                if requirement.holds_in(&self.selection.cloud) {
                    found.extend(self.all_destinations(
                        requirement,
                        None,
                        Some((document, edition)),
                        visited,
                    )?);
                }
            }
        }
        for id in &read.hosts_of {
            found.extend(self.delegated(id, to, port, &read.because, visited)?);
        }
        for host in &read.hosts {
            found.extend(self.host(host, to)?);
        }
        for destination in &mut found {
            destination.documented_as.clone_from(&to.documented_as);
            destination.interpreted.push(Interpretation { of: "destination", because: read.because.clone() });
        }
        Ok(found)
    }

    /// The destinations of another document on `port`, at the edition that the selection takes; before its first
    /// edition that one.
    fn delegated(
        &mut self,
        id: &DocumentId,
        to: &End,
        port: PortRange,
        because: &str,
        visited: &mut Vec<DocumentId>,
    ) -> Result<Vec<Destination>, Findings> {
        if visited.contains(id) || visited.len() > DEPTH {
            let way: Vec<&str> = visited.iter().map(DocumentId::as_str).collect();
            let finding = Finding::new(
                Code::ListLoop,
                format!("delegated lists run in a circle: {} -> {id}", way.join(" -> ")),
            );
            return Err(finding.at(to.place.clone()).into());
        }
        let document = self.catalog.document(id).map_err(|finding| finding.at(to.place.clone()))?;
        let Some(edition) = self.selection.edition_of(document).or_else(|| document.editions().next()) else {
            return Ok(Vec::new());
        };
        let catalog: &Catalog = self.catalog;
        let text = catalog.edition(document, edition)?;
        visited.push(id.clone());
        let mut found = Vec::new();
        for requirement in
            text.requirements.iter().filter(|requirement| requirement.holds_in(&self.selection.cloud))
        {
            if self.reasons(requirement, &self.truth(requirement)).is_empty() {
                found.extend(self.all_destinations(
                    requirement,
                    Some(port),
                    Some((document, edition)),
                    visited,
                )?);
            }
        }
        visited.pop();
        for destination in &mut found {
            let because = format!("{because}: {id} {edition}");
            destination.interpreted.push(Interpretation { of: "destination", because });
            destination.documented_as.clone_from(&to.documented_as);
        }
        Ok(found)
    }

    /// The destinations of a requirement, those on `port` only if one is given.
    fn all_destinations(
        &mut self,
        requirement: &Requirement,
        port: Option<PortRange>,
        edition: Option<(&Document, Edition)>,
        visited: &mut Vec<DocumentId>,
    ) -> Result<Vec<Destination>, Findings> {
        let mut found = Vec::new();
        for flow in &requirement.flows {
            for ports in &flow.ports {
                let PortText::Fixed(range) = ports.ports else {
                    continue;
                };
                if port.is_none_or(|port| range.covers(port)) {
                    for to in &flow.to {
                        let destinations = self.expand(to, flow, port.unwrap_or(range), edition, visited)?;
                        // Roles and ranges of another page are its own; a reference means its hosts.
                        found.extend(
                            destinations
                                .into_iter()
                                .filter(|destination| destination.endpoint.host().is_some()),
                        );
                    }
                }
            }
        }
        Ok(found)
    }

    fn unstated(&mut self, current: &Current<'_>, to: &End, port: PortRange) {
        if self.out.findings.has_errors() && matches!(to.kind, EndKind::Template { .. }) {
            return;
        }
        if let EndKind::Host(text) = &to.kind {
            return self.unconfirmed(current, text, &to.documented_as);
        }
        let message = format!(
            "{}: no host is known for port {port} (`{}`), so no rule is made",
            current.document, to.documented_as
        );
        let finding =
            Finding::new(Code::DestinationUnstated, message).note(format!("purpose: {}", current.purpose));
        if !self.out.findings.iter().any(|present| *present == finding) {
            self.out.findings.push(finding);
        }
    }

    /// A misspelling is never opened, and neither is a guess at its right form.
    fn unconfirmed(&mut self, current: &Current<'_>, text: &str, documented_as: &str) {
        let meant = self.readings.get(text).and_then(|reading| reading.typo_of.as_ref());
        let (meant, because) = meant.map_or(("", ""), |(meant, because)| (meant, because));
        let message = format!(
            "{}: `{documented_as}` looks like a typo of {meant}, which no document confirms, so no rule is made",
            current.document
        );
        let finding = Finding::new(Code::UnconfirmedHost, message)
            .note(because.to_owned())
            .help("--verbatim emits the text as it stands");
        if !self.out.findings.iter().any(|present| *present == finding) {
            self.out.findings.push(finding);
        }
    }

    fn warn_reading(&mut self, current: &Current<'_>, destination: &Destination) {
        let host = destination.endpoint.to_string();
        let typo = destination.interpreted.iter().find(|interpretation| interpretation.of == "typo");
        let finding = match (typo, &destination.doubt) {
            (Some(typo), _) => {
                let message =
                    format!("{}: `{}` is read as {host}", current.document, destination.documented_as);
                Finding::new(Code::CorrectedHost, message)
                    .note(typo.because.clone())
                    .help("--verbatim emits the text as it stands")
            }
            (None, Some(doubt)) => {
                let message = format!("{}: {host} is doubtful", current.document);
                Finding::new(Code::DoubtfulHost, message).note(doubt.clone())
            }
            (None, None) => return,
        };
        // The same doubt about the same host by another document says nothing new.
        let told = |present: &Finding| {
            present.code == finding.code && present.notes == finding.notes && present.message.contains(&host)
        };
        if !self.out.findings.iter().any(told) {
            self.out.findings.push(finding);
        }
    }
}

fn url_endpoint(url: &UrlPattern) -> Endpoint {
    match &url.path {
        Some(path) => Endpoint::Url { host: url.host.clone(), path: path.clone() },
        None => Endpoint::Host { pattern: url.host.clone(), at: None },
    }
}

fn apex_added(endpoint: &Endpoint) -> bool {
    matches!(endpoint, Endpoint::Host { pattern: HostPattern::Below { apex: true, .. }, .. })
}
