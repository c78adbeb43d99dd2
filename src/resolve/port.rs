//! On which ports and over which transports a documented flow is.

use crate::address::{PortRange, Transport};
use crate::catalog::{DocumentedFlow, DocumentedPorts, PortText};
use crate::finding::{Code, Finding};
use crate::rule::Interpretation;

use super::gather::{Current, Gathering};

impl Gathering<'_> {
    /// The ports of a flow; none, and a finding, where only the customer knows and did not say.
    pub(super) fn port_ranges(&mut self, ports: &DocumentedPorts, current: &Current<'_>) -> Vec<PortRange> {
        match &ports.ports {
            PortText::Fixed(range) => vec![*range],
            PortText::Parameter { id, default } => {
                let known = &self.catalog.registries().parameters;
                let Some(parameter) = known.iter().find(|parameter| parameter.id == *id) else {
                    return Vec::new();
                };
                let given = self
                    .selection
                    .parameters
                    .get(id)
                    .or(parameter.default.as_ref().filter(|_| default.is_none()));
                match given {
                    Some(value) => parameter.ports(value).unwrap_or_default(),
                    None if default.is_some() => default.iter().copied().collect(),
                    None => {
                        let message = format!(
                            "{}: `{}` needs the parameter `{id}`: {}",
                            current.document, current.purpose, parameter.title
                        );
                        let finding =
                            Finding::new(Code::ParameterNeeded, message).help(format!("--set {id}=PORTS"));
                        self.out.findings.push(finding);
                        Vec::new()
                    }
                }
            }
        }
    }

    /// Over which transports, with the reading of a text that names none; a finding if there is none either.
    pub(super) fn transports(
        &mut self,
        ports: &DocumentedPorts,
        flow: &DocumentedFlow,
        current: &Current<'_>,
    ) -> Option<(Vec<Transport>, Option<Interpretation>)> {
        if !ports.transports.is_empty() {
            return Some((ports.transports.clone(), None));
        }
        if let Some((transport, because)) = &flow.reading.transport {
            return Some((
                vec![*transport],
                Some(Interpretation { of: "transport", because: because.clone() }),
            ));
        }
        let message = format!(
            "{}: `{}` names {} without TCP or UDP",
            current.document,
            current.purpose,
            port_words(&flow.ports)
        );
        self.out.findings.push(
            Finding::new(Code::TransportUnstated, message)
                .help("add `interpreted: {transport: ...}` to the requirement"),
        );
        None
    }
}

/// `443/tcp, 80/tcp`.
pub(super) fn port_words(ports: &[DocumentedPorts]) -> String {
    let mut words: Vec<String> = ports.iter().map(one_port_words).collect();
    words.dedup();
    words.join(", ")
}

/// `443/tcp`, `5985` where the transport is unstated, `{parameter}/tcp` where only the customer knows.
pub(super) fn one_port_words(ports: &DocumentedPorts) -> String {
    let range = match &ports.ports {
        PortText::Fixed(range) | PortText::Parameter { default: Some(range), .. } => range.to_string(),
        PortText::Parameter { id, default: None } => format!("{{{id}}}"),
    };
    if ports.transports.is_empty() { range } else { format!("{range}/{}", ports.transport_words()) }
}
