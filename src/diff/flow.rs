//! The flow of a statement: what is matched.

use std::fmt;

use crate::address::{PortRange, Transport};
use crate::catalog::ReadEnd;
use crate::id::CloudId;
use crate::rule::{Endpoint, Flow, RuleId, Scope};

/// The ports of a stated flow.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum StatedPorts {
    /// None is meant: a negative fact that is about more than a port.
    None,
    /// A port or a range.
    Range(PortRange),
    /// Ports that only the customer knows, by the parameter that holds them.
    Parameter(String),
}

impl fmt::Display for StatedPorts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::None => Ok(()),
            Self::Range(range) => range.fmt(f),
            Self::Parameter(id) => f.pad(&format!("{{{id}}}")),
        }
    }
}

/// One `from`, one `to`, one transport, one range of ports, as far as a text tells them.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct StatedFlow {
    /// Who opens the connection; `None` where a negative fact names nobody.
    pub from: Option<ReadEnd>,
    /// Who answers; `None` where a negative fact names nobody.
    pub to: Option<ReadEnd>,
    /// TCP or UDP; `None` where no text and no reading tells it.
    pub transport: Option<Transport>,
    /// Destination ports.
    pub ports: StatedPorts,
    /// Source ports, where limited.
    pub source_ports: Option<PortRange>,
    /// Whether it leaves the host.
    pub scope: Scope,
}

impl StatedFlow {
    /// The flow of a rule that can be made of it: not where the customer, another list or nobody tells a part.
    pub fn flow(&self) -> Option<Flow> {
        let end = |end: &Option<ReadEnd>| match end {
            Some(ReadEnd::Endpoint(endpoint)) => Some(endpoint.clone()),
            _ => None,
        };
        let StatedPorts::Range(ports) = self.ports else {
            return None;
        };
        Some(Flow {
            from: end(&self.from)?,
            to: end(&self.to)?,
            transport: self.transport?,
            ports,
            source_ports: self.source_ports,
            scope: self.scope,
        })
    }

    /// The id of that rule.
    pub fn rule(&self) -> Option<RuleId> {
        self.flow().map(|flow| RuleId::of(&flow))
    }

    /// The range file of whatever cloud is selected is that of this one.
    pub(super) fn settle_ranges(&mut self, cloud: &CloudId) {
        for end in [&mut self.from, &mut self.to] {
            if *end == Some(ReadEnd::CloudRanges) {
                *end = Some(ReadEnd::Endpoint(Endpoint::CloudRanges(cloud.clone())));
            }
        }
    }

    /// `TCP 443`, as people write it; empty where no port is meant.
    pub fn service(&self) -> String {
        let transport = self
            .transport
            .map_or_else(String::new, |transport| format!("{} ", transport.as_str().to_uppercase()));
        match &self.ports {
            StatedPorts::None => transport.trim_end().to_owned(),
            ports => format!("{transport}{ports}"),
        }
    }
}

impl From<&Flow> for StatedFlow {
    fn from(flow: &Flow) -> Self {
        Self {
            from: Some(ReadEnd::Endpoint(flow.from.clone())),
            to: Some(ReadEnd::Endpoint(flow.to.clone())),
            transport: Some(flow.transport),
            ports: StatedPorts::Range(flow.ports),
            source_ports: flow.source_ports,
            scope: flow.scope,
        }
    }
}
