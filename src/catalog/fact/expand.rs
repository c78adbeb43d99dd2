//! Editions become facts.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::catalog::{
    Catalog, Document, DocumentedFlow, DocumentedPorts, Edition, EditionText, Negative, PortText, Publisher,
    Readings, Requirement,
};
use crate::finding::Findings;
use crate::id::{CloudId, RequirementId, RoleId, ScenarioId};
use crate::rule::{Endpoint, Need, Scope, TlsInspection};

use super::end::interpreted;
use super::{Demand, Direction, Fact, FactFilter, Mark, Meaning, ReadEnd};

/// Everything that the wanted texts say, by scenario, document and edition, then in the document's own order.
///
/// # Errors
/// All errors of the files that had to be read.
pub fn facts(catalog: &Catalog, filter: &FactFilter) -> Result<Vec<Fact>, Findings> {
    let readings = catalog.readings()?;
    let mut facts = Vec::new();
    let mut findings = Findings::new();
    for document in catalog.documents() {
        for edition in filter.editions(document) {
            let text = Text::open(catalog, readings, filter, document, edition);
            match text.and_then(|text| text.facts(&mut facts)) {
                Ok(()) => {}
                Err(errors) => findings.append(errors),
            }
        }
    }
    let order = |id: &ScenarioId| catalog.registries().scenarios.iter().position(|each| each.id == *id);
    facts.sort_by_cached_key(|fact: &Fact| order(&fact.scenario));
    findings.or_value(facts).map(|(facts, _)| facts)
}

/// One text that is being expanded.
pub(super) struct Text<'a> {
    pub(super) catalog: &'a Catalog,
    pub(super) readings: &'a Readings,
    filter: &'a FactFilter,
    document: &'a Document,
    edition: Edition,
    pub(super) says: &'a EditionText,
    source: Arc<str>,
    third_party: bool,
}

impl<'a> Text<'a> {
    fn open(
        catalog: &'a Catalog,
        readings: &'a Readings,
        filter: &'a FactFilter,
        document: &'a Document,
        edition: Edition,
    ) -> Result<Self, Findings> {
        let says = catalog.edition(document, edition)?;
        let at: Vec<&str> = says.texts.iter().map(|(at, _)| at.as_str()).collect();
        let third_party = catalog.about(document)?.publisher == Publisher::ThirdParty;
        Ok(Self {
            catalog,
            readings,
            filter,
            document,
            edition,
            says,
            source: at.join(" ; ").into(),
            third_party,
        })
    }

    fn facts(&self, facts: &mut Vec<Fact>) -> Result<(), Findings> {
        for requirement in &self.says.requirements {
            let wanted = requirement.scenarios.iter().filter(|id| self.filter.takes_scenario(id));
            for scenario in wanted {
                for cloud in self.filter.clouds(requirement) {
                    self.requirement(requirement, scenario, cloud, facts)?;
                }
            }
        }
        for negative in &self.says.negatives {
            if self.filter.takes_cloud(negative.cloud.as_ref()) {
                self.negative(negative, facts)?;
            }
        }
        Ok(())
    }

    fn blank(&self, id: &RequirementId, scenario: &ScenarioId, cloud: Option<&CloudId>) -> Fact {
        Fact {
            scenario: scenario.clone(),
            document: self.document.id().clone(),
            edition: self.edition,
            requirement: id.clone(),
            cloud: cloud.cloned(),
            from: String::new(),
            to: String::new(),
            hosts: Vec::new(),
            service_tag: None,
            port: String::new(),
            ports: None,
            protocol: String::new(),
            direction: Direction::Outbound,
            demand: Demand::Required,
            phases: BTreeSet::new(),
            condition: None,
            purpose: String::new(),
            documented_as: String::new(),
            source: Arc::clone(&self.source),
            marks: Vec::new(),
            meaning: Meaning::default(),
        }
    }

    fn requirement(
        &self,
        requirement: &Requirement,
        scenario: &ScenarioId,
        cloud: Option<&CloudId>,
        facts: &mut Vec<Fact>,
    ) -> Result<(), Findings> {
        let demand = match requirement.need {
            Need::Required => Demand::Required,
            Need::Optional => Demand::Optional,
        };
        let blank = Fact {
            demand,
            phases: requirement.phases.clone(),
            purpose: requirement.purpose.clone(),
            ..self.blank(&requirement.id, scenario, cloud)
        };
        for flow in &requirement.flows {
            for to in &flow.to {
                let destination = self.destination(to, flow.reading.to.as_ref(), cloud)?;
                for from in &requirement.from {
                    for ports in &flow.ports {
                        let mut fact = blank.clone();
                        (fact.from, fact.meaning.from) = self.end(from, cloud)?;
                        fact.direction = direction(flow, self.opened_outside(from));
                        fact.condition = condition(requirement, flow);
                        fact.documented_as.clone_from(&to.documented_as);
                        fact.to.clone_from(&destination.text);
                        fact.hosts.clone_from(&destination.hosts);
                        fact.service_tag.clone_from(&destination.service_tag);
                        fact.marks.clone_from(&destination.marks);
                        fact.marks.extend(self.marks(requirement, flow, ports));
                        set_ports(&mut fact, ports);
                        fact.meaning.to.clone_from(&destination.meant);
                        set_meaning(&mut fact.meaning, requirement, flow);
                        facts.push(fact);
                    }
                }
            }
        }
        Ok(())
    }

    fn marks(&self, requirement: &Requirement, flow: &DocumentedFlow, ports: &DocumentedPorts) -> Vec<Mark> {
        let mut marks = Vec::new();
        if let Some(because) = &flow.reading.ports {
            marks.push(interpreted("ports", String::new(), because));
        }
        if let (Some((transport, because)), true) = (&flow.reading.transport, ports.transports.is_empty()) {
            marks.push(interpreted("transport", transport.to_string(), because));
        }
        if requirement.tls_inspection == TlsInspection::Contradictory {
            marks.push(Mark::Contradictory);
        }
        marks.extend(self.third_party.then_some(Mark::ThirdParty));
        marks.extend(requirement.note.clone().map(|text| Mark::Note { text }));
        marks
    }

    /// A negative fact: one line for each port, or one without.
    fn negative(&self, negative: &Negative, facts: &mut Vec<Fact>) -> Result<(), Findings> {
        let cloud = negative.cloud.as_ref();
        let of_document: Vec<&ScenarioId> = self.catalog.scenarios_of(self.document.id()).collect();
        let scenarios: Vec<&ScenarioId> =
            if negative.scenarios.is_empty() { of_document } else { negative.scenarios.iter().collect() };
        for scenario in scenarios.into_iter().filter(|id| self.filter.takes_scenario(id)) {
            let words = negative.words.clone();
            let fact = Fact {
                demand: negative.says.into(),
                purpose: words.clone().unwrap_or_else(|| negative.says.as_str().to_owned()),
                documented_as: words.unwrap_or_default(),
                direction: if negative.scope == Scope::Local {
                    Direction::Local
                } else {
                    Direction::Outbound
                },
                marks: negative.note.clone().map(|text| Mark::Note { text }).into_iter().collect(),
                ..self.blank(&negative.id, scenario, cloud)
            };
            self.negative_ends(negative, scenario, &fact, facts)?;
        }
        Ok(())
    }

    fn negative_ends(
        &self,
        negative: &Negative,
        scenario: &ScenarioId,
        blank: &Fact,
        facts: &mut Vec<Fact>,
    ) -> Result<(), Findings> {
        let cloud = negative.cloud.as_ref();
        let mut from: Vec<_> =
            negative.from.iter().map(|end| self.end(end, cloud)).collect::<Result<_, _>>()?;
        if from.is_empty() {
            let role = self.catalog.scenario(scenario.as_str()).map(|scenario| role_end(&scenario.role));
            from.push(role.unwrap_or_default());
        }
        // The document's words for the destination, where it names one; else those for the whole fact.
        let words = &blank.documented_as;
        let mut to: Vec<(String, Option<ReadEnd>, String)> = Vec::new();
        for end in &negative.to {
            let (text, meant) = self.end(end, cloud)?;
            to.push((text, meant, end.documented_as.clone()));
        }
        to.extend(negative.with.iter().map(role_end).map(|(text, meant)| (text, meant, words.clone())));
        if to.is_empty() {
            to.push((String::new(), None, words.clone()));
        }
        for (from, (to, meant, documented_as)) in
            from.iter().flat_map(|from| to.iter().map(move |to| (from, to)))
        {
            let mut fact = Fact {
                from: from.0.clone(),
                to: to.clone(),
                documented_as: documented_as.clone(),
                ..blank.clone()
            };
            fact.meaning.from.clone_from(&from.1);
            fact.meaning.to = meant.iter().cloned().collect();
            let with_ports = negative.ports.iter().map(|ports| {
                let mut fact = fact.clone();
                set_ports(&mut fact, ports);
                fact
            });
            facts.extend(with_ports);
            if negative.ports.is_empty() {
                facts.push(fact);
            }
        }
        Ok(())
    }
}

fn role_end(role: &RoleId) -> (String, Option<ReadEnd>) {
    (role.to_string(), Some(ReadEnd::Endpoint(Endpoint::Role(role.clone()))))
}

/// What does not differ from end to end of a flow. The ports stand already: they may have said their transports.
fn set_meaning(meaning: &mut Meaning, requirement: &Requirement, flow: &DocumentedFlow) {
    if let (Some((transport, _)), true) = (&flow.reading.transport, meaning.transports.is_empty()) {
        meaning.transports.push(*transport);
    }
    let mut once = Vec::new();
    for end in std::mem::take(&mut meaning.to) {
        if !once.contains(&end) {
            once.push(end);
        }
    }
    meaning.to = once;
    meaning.source_ports = flow.source_ports;
    meaning.tls_inspection = Some(requirement.tls_inspection);
    meaning.when.clone_from(&requirement.when);
    meaning.option.clone_from(&flow.option);
}

fn direction(flow: &DocumentedFlow, from_outside: bool) -> Direction {
    match (flow.scope, flow.both_ways, from_outside) {
        (Scope::Local, ..) => Direction::Local,
        (Scope::Network, true, _) => Direction::Both,
        (Scope::Network, false, true) => Direction::Inbound,
        (Scope::Network, false, false) => Direction::Outbound,
    }
}

fn condition(requirement: &Requirement, flow: &DocumentedFlow) -> Option<String> {
    let choice = flow.option.as_ref().map(|(group, option)| format!("choice:{group}={option}"));
    match (&requirement.when, choice) {
        (Some(when), Some(choice)) => Some(format!("all({when}, {choice})")),
        (Some(when), None) => Some(when.to_string()),
        (None, choice) => choice,
    }
}

fn set_ports(fact: &mut Fact, ports: &DocumentedPorts) {
    fact.protocol = ports.transport_words();
    fact.meaning.transports.clone_from(&ports.transports);
    (fact.port, fact.ports) = match &ports.ports {
        PortText::Fixed(range) | PortText::Parameter { default: Some(range), .. } => {
            (range.to_string(), Some(*range))
        }
        PortText::Parameter { id, default: None } => (format!("{{{id}}}"), None),
    };
}
