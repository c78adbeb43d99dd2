//! Ends, ports and flows.

use std::collections::BTreeMap;

use crate::address::{PortRange, Transport};
use crate::catalog::raw;
use crate::catalog::registry::{Parameter, ParameterKind};
use crate::catalog::requirement::{
    DocumentedFlow, DocumentedPorts, End, EndKind, FlowReading, PortText, ReadDestination,
};
use crate::finding::{Code, Finding, Place};
use crate::host::{HostTemplate, UrlPattern};
use crate::id::{ChoiceId, DocumentId, OptionId, ParameterId, RequirementId, RoleId};
use crate::rule::Scope;
use crate::yaml::{OneOrMany, Spanned};

use super::Checker;

impl Checker<'_> {
    pub(in crate::catalog) fn role(&mut self, text: &raw::Text) -> Option<RoleId> {
        let known: Vec<&str> = self.registries.roles.iter().map(|role| role.id.as_str()).collect();
        self.known(text, RoleId::parse, "role", &known)
    }

    pub(in crate::catalog) fn ends(&mut self, ends: &OneOrMany<raw::End>, place: &Place) -> Vec<End> {
        self.not_empty(&ends.0, "from", place);
        let ends: Vec<End> = ends.0.iter().filter_map(|end| self.end(end, place)).collect();
        for end in &ends {
            // Rules are made from those who can be told by addresses; any other end would silently make none.
            let opens = matches!(
                end.kind,
                EndKind::Role(_) | EndKind::Outside(_) | EndKind::ServiceTag(_) | EndKind::CloudRanges
            );
            if !opens {
                let finding = Finding::new(Code::InvalidEnd, "`from` is no one who opens connections")
                    .at(end.place.clone())
                    .help("`from` takes role, outside, service-tag and cloud-ranges");
                self.push(finding);
            }
        }
        ends
    }

    pub(in crate::catalog) fn end(&mut self, raw: &raw::End, place: &Place) -> Option<End> {
        let place = end_text(raw).map_or_else(|| place.clone(), |text| self.place(text));
        let kinds = texts(raw);
        let count = kinds.iter().filter(|kind| kind.is_some()).count() + usize::from(raw.list.is_some());
        if count != 1 {
            let message = format!(
                "an end is one of role, host, url, template, service-tag, cloud-ranges, outside, list and unstated; here are {count}"
            );
            self.push(Finding::new(Code::InvalidEnd, message).at(place));
            return None;
        }
        if let (Some(at), None) = (&raw.at, &raw.template) {
            let finding = Finding::new(Code::InvalidEnd, "`at` only goes with `template`").at(self.place(at));
            self.push(finding);
        }
        let kind = self.end_kind(raw)?;
        let documented_as = raw
            .r#as
            .clone()
            .unwrap_or_else(|| end_text(raw).map_or_else(String::new, |text| text.value.clone()));
        Some(End { kind, documented_as, place })
    }

    fn end_kind(&mut self, raw: &raw::End) -> Option<EndKind> {
        if let Some(role) = &raw.role {
            return self.role(role).map(EndKind::Role);
        }
        if let Some(role) = &raw.outside {
            return self.role(role).map(EndKind::Outside);
        }
        if let Some(host) = &raw.host {
            return Some(EndKind::Host(host.value.clone()));
        }
        if let Some(url) = &raw.url {
            return self.url(url).map(EndKind::Url);
        }
        if let Some(template) = &raw.template {
            return self.template(template, raw.at.as_ref());
        }
        if let Some(tag) = &raw.service_tag {
            return self.service_tag(tag).map(EndKind::ServiceTag);
        }
        if let Some(ranges) = &raw.cloud_ranges {
            return self.word(ranges, "cloud-ranges", &[("selected", ())]).map(|()| EndKind::CloudRanges);
        }
        if let Some(list) = &raw.list {
            let document = self.id(&list.document, DocumentId::parse)?;
            return Some(EndKind::List { document, ports: list.ports.clone() });
        }
        Some(EndKind::Unstated)
    }

    fn url(&mut self, text: &raw::Text) -> Option<UrlPattern> {
        UrlPattern::parse(&text.value)
            .map_err(|error| {
                let finding = Finding::new(Code::InvalidHost, error.to_string())
                    .at(self.place(text))
                    .maybe_help(error.help());
                self.push(finding);
            })
            .ok()
    }

    fn template(&mut self, text: &raw::Text, at: Option<&raw::Text>) -> Option<EndKind> {
        let template = HostTemplate::parse(&text.value)
            .map_err(|error| {
                let finding = Finding::new(Code::InvalidHost, error.to_string())
                    .at(self.place(text))
                    .maybe_help(error.help());
                self.push(finding);
            })
            .ok()?;
        let known: Vec<&str> =
            self.registries.parameters.iter().map(|parameter| parameter.id.as_str()).collect();
        for parameter in template.parameters().filter(|parameter| !known.contains(parameter)) {
            let message = format!("unknown parameter `{parameter}`");
            let finding = Finding::new(Code::UnknownReference, message).at(self.place(text)).maybe_help(
                crate::finding::nearest(parameter, known.iter().copied())
                    .map(|name| format!("did you mean `{name}`?")),
            );
            self.findings.push(finding);
        }
        let at = match at {
            Some(role) => Some(self.role(role)?),
            None => None,
        };
        Some(EndKind::Template { template, at })
    }

    /// Tags are compared with the range file when one is read; here only their form counts.
    fn service_tag(&mut self, text: &raw::Text) -> Option<String> {
        let fine =
            !text.value.is_empty() && text.value.chars().all(|c| c.is_ascii_alphanumeric() || c == '.');
        if !fine {
            let message = format!("`{}` is not the name of a service tag", text.value.escape_debug());
            let finding = Finding::new(Code::InvalidEnd, message)
                .at(self.place(text))
                .help("tags are letters, digits and dots, such as AzureActiveDirectory");
            self.push(finding);
        }
        fine.then(|| text.value.clone())
    }

    pub(in crate::catalog) fn ports(&mut self, list: &[Spanned<raw::Port>]) -> Vec<DocumentedPorts> {
        list.iter().filter_map(|port| self.port(port)).collect()
    }

    fn port(&mut self, port: &Spanned<raw::Port>) -> Option<DocumentedPorts> {
        let place = self.place(port);
        match &port.value {
            raw::Port::Text(text) => {
                let (range, transports) = self.port_text(text, &place)?;
                Some(DocumentedPorts { ports: PortText::Fixed(range), transports })
            }
            raw::Port::Parameter(parameter) => self.port_parameter(parameter),
        }
    }

    fn port_parameter(&mut self, raw: &raw::ParameterPort) -> Option<DocumentedPorts> {
        let known: Vec<&str> =
            self.registries.parameters.iter().map(|parameter| parameter.id.as_str()).collect();
        let id = self.known(&raw.parameter, ParameterId::parse, "parameter", &known)?;
        let wrong = |each: &&Parameter| each.id == id && each.kind != ParameterKind::Ports;
        if self.registries.parameters.iter().any(|each| wrong(&each)) {
            let message = format!("parameter `{id}` is a name, no port");
            let finding = Finding::new(Code::InvalidPort, message).at(self.place(&raw.parameter));
            self.push(finding.help("ports take parameters of kind `ports`"));
        }
        let default = match &raw.default {
            Some(text) => {
                let place = self.place(text);
                Some(self.port_text(&text.value, &place)?)
            }
            None => None,
        };
        let transports = match (&default, &raw.transport) {
            (Some((_, transports)), _) => transports.clone(),
            (None, Some(text)) => {
                let place = self.place(text);
                self.transports(&text.value, &place)?
            }
            (None, None) => Vec::new(),
        };
        Some(DocumentedPorts {
            ports: PortText::Parameter { id, default: default.map(|(range, _)| range) },
            transports,
        })
    }

    fn port_text(&mut self, text: &str, place: &Place) -> Option<(PortRange, Vec<Transport>)> {
        let (range, transports) = match text.split_once('/') {
            Some((range, transports)) => (range, self.transports(transports, place)?),
            None => (text, Vec::new()),
        };
        let range = PortRange::parse(range).map_err(|error| {
            self.push(
                Finding::new(Code::InvalidPort, error.to_string()).at(place.clone()).maybe_help(error.help()),
            );
        });
        Some((range.ok()?, transports))
    }

    fn transports(&mut self, text: &str, place: &Place) -> Option<Vec<Transport>> {
        let transports: Result<Vec<Transport>, _> = text.split('+').map(Transport::parse).collect();
        transports
            .map_err(|error| {
                self.push(
                    Finding::new(Code::InvalidPort, error.to_string())
                        .at(place.clone())
                        .maybe_help(error.help()),
                );
            })
            .ok()
    }

    pub(in crate::catalog) fn flow(
        &mut self,
        raw: &raw::Flow,
        option: Option<(ChoiceId, OptionId)>,
    ) -> DocumentedFlow {
        let place = self.place(&raw.ports);
        self.not_empty(&raw.to, "to", &place);
        self.not_empty(&raw.ports.value, "ports", &place);
        let to = raw.to.iter().filter_map(|end| self.end(&end.value, &self.place(end))).collect();
        let source_ports = raw.source_ports.as_ref().and_then(|text| {
            let place = self.place(text);
            Some(self.port_text(&text.value, &place)?.0)
        });
        DocumentedFlow {
            option,
            to,
            ports: self.ports(&raw.ports.value),
            source_ports,
            scope: if raw.local { Scope::Local } else { Scope::Network },
            both_ways: raw.both_ways,
            reading: self.reading(raw.interpreted.as_ref(), &place),
        }
    }

    fn reading(&mut self, raw: Option<&raw::Interpreted>, place: &Place) -> FlowReading {
        let Some(raw) = raw else {
            return FlowReading::default();
        };
        let transport = raw.transport.as_ref().and_then(|transport| self.read_transport(transport, place));
        let to = raw.to.as_ref().and_then(|to| self.read_destination(to, raw.because.as_deref(), place));
        FlowReading { ports: raw.ports.clone(), transport, to }
    }

    /// One transport: of several, all but one would be lost.
    fn read_transport(
        &mut self,
        raw: &BTreeMap<String, String>,
        place: &Place,
    ) -> Option<(Transport, String)> {
        if let (Some((word, because)), 1) = (raw.iter().next(), raw.len())
            && let [transport] = self.transports(word, place)?.as_slice()
        {
            return Some((*transport, because.clone()));
        }
        let finding = Finding::new(Code::InvalidValue, "`transport` is read as one of tcp and udp")
            .at(place.clone())
            .help("give `{tcp: REASON}` or `{udp: REASON}`; both are written with the port, as 53/tcp+udp");
        self.push(finding);
        None
    }

    fn read_destination(
        &mut self,
        raw: &raw::InterpretedTo,
        because: Option<&str>,
        place: &Place,
    ) -> Option<ReadDestination> {
        let Some(because) = because else {
            self.push(Finding::new(Code::YamlSyntax, "`because` is missing beside `to`").at(place.clone()));
            return None;
        };
        Some(ReadDestination {
            same_as: raw.same_as.iter().filter_map(|id| self.id(id, RequirementId::parse)).collect(),
            hosts_of: raw.hosts_of.iter().filter_map(|id| self.id(id, DocumentId::parse)).collect(),
            hosts: raw.hosts.iter().map(|host| host.value.clone()).collect(),
            because: because.to_owned(),
        })
    }
}

/// The text of an end, whichever kind it is.
fn end_text(raw: &raw::End) -> Option<&raw::Text> {
    texts(raw).into_iter().flatten().next().or(raw.list.as_ref().map(|list| &list.document))
}

/// The kinds that are a text, which is every kind but a list.
fn texts(raw: &raw::End) -> [&Option<raw::Text>; 8] {
    let raw::End { role, host, url, template, service_tag, cloud_ranges, outside, unstated, .. } = raw;
    [role, host, url, template, service_tag, cloud_ranges, outside, unstated]
}
