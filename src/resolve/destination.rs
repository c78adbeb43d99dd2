//! What a documented destination stands for.

use std::collections::BTreeSet;

use crate::address::PortRange;
use crate::catalog::{Document, DocumentedFlow, Edition, End, EndKind, Requirement};
use crate::finding::{Code, Finding, Findings};
use crate::host::{HostPattern, HostTemplate, UrlPattern};
use crate::id::{ConditionId, RoleId};
use crate::rule::{Endpoint, Interpretation, Need, Phase, TlsInspection};

use super::gather::{Current, Gathering};
use super::reference::Way;

/// One end that a documented destination stands for.
#[derive(Debug, Clone)]
pub(super) struct Destination {
    pub(super) endpoint: Endpoint,
    pub(super) documented_as: String,
    pub(super) interpreted: Vec<Interpretation>,
    pub(super) doubt: Option<String>,
    /// Conditions that were assumed where a list names it.
    pub(super) assumed: BTreeSet<ConditionId>,
    /// What the lists say that led to it.
    pub(super) listed: Listed,
}

/// What a list says of a destination, beside its name.
#[derive(Debug, Clone)]
pub(super) struct Listed {
    pub(super) need: Need,
    /// When; empty is always.
    pub(super) phases: BTreeSet<Phase>,
    pub(super) tls_inspection: TlsInspection,
    /// Whether the list offers the Azure datacenter IP ranges in place of the name.
    pub(super) ranges_offered: bool,
}

impl Default for Listed {
    fn default() -> Self {
        Self {
            need: Need::Required,
            phases: BTreeSet::new(),
            tls_inspection: TlsInspection::NotStated,
            ranges_offered: false,
        }
    }
}

impl Listed {
    /// What a requirement says of each of its destinations; `offered` if its whole text offers the Azure datacenter IP
    /// ranges.
    pub(super) fn of(requirement: &Requirement, offered: bool) -> Self {
        Self {
            need: requirement.need,
            phases: requirement.phases.clone(),
            tls_inspection: requirement.tls_inspection,
            ranges_offered: offered || requirement.address_fallback.is_some(),
        }
    }

    /// What a text that refers to the list leaves of it: optional where either is, in the phases of both, with what
    /// either says on TLS inspection.
    pub(super) fn within(&self, other: &Self) -> Self {
        Self {
            need: self.need.min(other.need),
            phases: common(&self.phases, &other.phases),
            tls_inspection: self.tls_inspection.max(other.tls_inspection),
            ranges_offered: self.ranges_offered || other.ranges_offered,
        }
    }
}

/// The phases of both; those of the text that refers to the list where they have none in common, since it asks for the
/// list in its own.
fn common(outer: &BTreeSet<Phase>, inner: &BTreeSet<Phase>) -> BTreeSet<Phase> {
    if outer.is_empty() {
        return inner.clone();
    }
    let both: BTreeSet<Phase> = outer.intersection(inner).copied().collect();
    if both.is_empty() { outer.clone() } else { both }
}

impl Destination {
    fn plain(endpoint: Endpoint, to: &End) -> Self {
        Self {
            endpoint,
            documented_as: to.documented_as.clone(),
            interpreted: Vec::new(),
            doubt: None,
            assumed: BTreeSet::new(),
            listed: Listed::default(),
        }
    }
}

/// The requirement that asks, and the port on which it asks.
#[derive(Clone, Copy)]
pub(super) struct Asked<'a> {
    pub(super) current: &'a Current<'a>,
    /// The text in which the flow stands; none for needs that no document states.
    pub(super) edition: Option<(&'a Document, Edition)>,
    pub(super) port: PortRange,
}

impl Gathering<'_> {
    /// All ends that `to` stands for.
    pub(super) fn destinations(
        &mut self,
        asked: Asked<'_>,
        to: &End,
        flow: &DocumentedFlow,
    ) -> Result<Vec<Destination>, Findings> {
        let destinations = self.expand(asked, to, flow, &mut Way::default())?;
        if destinations.is_empty() {
            self.unstated(asked.current, to, asked.port);
        }
        for destination in &destinations {
            self.warn_reading(asked.current, destination);
            self.warn_assumed(asked.current, &destination.assumed);
        }
        Ok(destinations)
    }

    /// The same for a destination that a reference led to.
    pub(super) fn expand(
        &mut self,
        asked: Asked<'_>,
        to: &End,
        flow: &DocumentedFlow,
        way: &mut Way,
    ) -> Result<Vec<Destination>, Findings> {
        let plain = |endpoint| vec![Destination::plain(endpoint, to)];
        Ok(match &to.kind {
            EndKind::Role(role) | EndKind::Outside(role) => plain(self.role(role)),
            EndKind::ServiceTag(tag) => plain(Endpoint::ServiceTag(tag.clone())),
            EndKind::CloudRanges => plain(Endpoint::CloudRanges(self.selection.cloud.clone())),
            EndKind::Host(text) => self.host(text, to)?.into_iter().collect(),
            EndKind::Url(url) => self.url(url, to)?.into_iter().collect(),
            EndKind::Template { template, at } => {
                self.template(template, at.as_ref()).map(plain).unwrap_or_default()
            }
            EndKind::List { document, ports } => {
                let single = asked.port.single();
                let listed = ports.is_empty() || single.is_some_and(|port| ports.contains(&port.get()));
                if listed {
                    self.delegated(asked, document, to, "the text refers to that list", way)?
                } else {
                    Vec::new()
                }
            }
            EndKind::Unstated => match &flow.reading.to {
                Some(read) => self.read(asked, read, to, way)?,
                None => Vec::new(),
            },
        })
    }

    /// The destination of a documented text; none for a misspelling whose right form nothing confirms.
    pub(super) fn host(&self, text: &str, to: &End) -> Result<Option<Destination>, Findings> {
        let invalid = |error: crate::host::HostError| -> Findings {
            Finding::new(Code::InvalidHost, error.to_string())
                .at(to.place.clone())
                .maybe_help(error.help())
                .into()
        };
        let pattern = self.readings.pattern(text).map_err(invalid)?;
        let mut destination = Destination::plain(Endpoint::Host { pattern, at: None }, to);
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
        destination.doubt.clone_from(&reading.doubtful);
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
        Ok(Some(destination))
    }

    /// A URL's host is read as any other: a misspelt one is not opened because a path or a scheme stands beside it.
    fn url(&self, url: &UrlPattern, to: &End) -> Result<Option<Destination>, Findings> {
        let destination = self.host(&url.host.to_string(), to)?;
        Ok(destination.map(|mut destination| {
            if let (Some(path), Some(host)) = (&url.path, destination.endpoint.host().cloned()) {
                destination.endpoint = Endpoint::Url { host, path: path.clone() };
            }
            destination
        }))
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

fn apex_added(endpoint: &Endpoint) -> bool {
    matches!(endpoint, Endpoint::Host { pattern: HostPattern::Below { apex: true, .. }, .. })
}
