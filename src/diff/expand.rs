//! Facts become statements; lists that another document keeps are followed where a date tells in which text.

use std::collections::BTreeSet;

use jiff::civil::Date;

use crate::catalog::{
    Catalog, Demand, Direction, EditionFilter, Expression, Fact, FactFilter, Mark, ReadEnd, facts,
};
use crate::finding::Findings;
use crate::id::{CloudId, DocumentId, ScenarioId};
use crate::rule::Scope;

use super::{Source, StatedFlow, StatedPorts, Statement};

/// A statement, and for what it is made.
#[derive(Debug, Clone)]
pub(super) struct Stated {
    /// `None` where the statements of a side are not told apart.
    pub(super) scenario: Option<ScenarioId>,
    /// `None` where the text names none.
    pub(super) cloud: Option<CloudId>,
    pub(super) statement: Statement,
}

/// In which texts lists are looked up.
#[derive(Debug, Clone, Copy)]
pub(super) enum Lists {
    /// In none: they stay references.
    References,
    /// In those of a date; the newest if there is none.
    AsOf(Option<Date>),
}

/// An end of a list, with the facts that led to it.
struct Listed {
    end: ReadEnd,
    by: Vec<Fact>,
}

/// What facts state.
pub(super) struct Expansion<'a> {
    catalog: &'a Catalog,
    lists: Lists,
}

impl<'a> Expansion<'a> {
    pub(super) fn new(catalog: &'a Catalog, lists: Lists) -> Self {
        Self { catalog, lists }
    }

    /// All statements of a fact.
    ///
    /// # Errors
    /// All errors of the files that a list leads to.
    pub(super) fn stated(&self, fact: &Fact) -> Result<Vec<Stated>, Findings> {
        let mut stated = Vec::new();
        if fact.meaning.to.is_empty() {
            stated.extend(state(fact, None, &[]));
        }
        for end in &fact.meaning.to {
            let listed = self.listed(fact, end, &mut Vec::new())?;
            if listed.is_empty() {
                stated.extend(state(fact, Some(&as_reference(end)), &[]));
            }
            for listed in &listed {
                let by: Vec<&Fact> = listed.by.iter().collect();
                stated.extend(state(fact, Some(&listed.end), &by));
            }
        }
        Ok(stated)
    }

    /// What a reference to a list leads to; nothing for any other end, and for a list that does not answer.
    fn listed(
        &self,
        asked: &Fact,
        end: &ReadEnd,
        way: &mut Vec<DocumentId>,
    ) -> Result<Vec<Listed>, Findings> {
        let (ReadEnd::List { document, ports }, Lists::AsOf(date)) = (end, self.lists) else {
            return Ok(Vec::new());
        };
        let single = asked.ports.and_then(crate::address::PortRange::single);
        let wanted = ports.is_empty() || single.is_some_and(|port| ports.contains(&port.get()));
        if !wanted || way.contains(document) {
            return Ok(Vec::new());
        }
        way.push(document.clone());
        let mut found = Vec::new();
        for fact in self.facts_of(document, date)?.into_iter().filter(|fact| answers(asked, fact)) {
            for end in &fact.meaning.to {
                let further = self.listed(asked, end, way)?;
                found.extend(further.into_iter().map(|mut listed| {
                    listed.by.push(fact.clone());
                    listed
                }));
                if is_named(end) {
                    found.push(Listed { end: end.clone(), by: vec![fact.clone()] });
                }
            }
        }
        way.pop();
        Ok(found)
    }

    /// The facts of a list as of a date; before its first text those of that one, as for rules.
    fn facts_of(&self, id: &DocumentId, date: Option<Date>) -> Result<Vec<Fact>, Findings> {
        let document = self.catalog.document(id)?;
        let taken = document.editions().rev().find(|edition| date.is_none_or(|date| edition.date() <= date));
        let Some(edition) = taken.or_else(|| document.editions().next()) else {
            return Ok(Vec::new());
        };
        let editions = EditionFilter::Named(BTreeSet::from([(id.clone(), edition)]));
        facts(self.catalog, &FactFilter { editions, ..FactFilter::default() })
    }
}

/// The ports of the flow are those of its fact: which ones of a list are meant says nothing more of it.
fn as_reference(end: &ReadEnd) -> ReadEnd {
    match end {
        ReadEnd::List { document, .. } => ReadEnd::List { document: document.clone(), ports: Vec::new() },
        other => other.clone(),
    }
}

/// Whether a fact of a list is one that the reference asks for. The transport is the word of the text that refers.
fn answers(asked: &Fact, fact: &Fact) -> bool {
    let clouds = fact.cloud.is_none() || asked.cloud.is_none() || fact.cloud == asked.cloud;
    let ports = matches!((fact.ports, asked.ports), (Some(listed), Some(asked)) if listed.covers(asked));
    !fact.demand.is_negative() && clouds && ports
}

/// Roles and ranges of a list are its own: a reference means its hosts.
fn is_named(end: &ReadEnd) -> bool {
    match end {
        ReadEnd::Endpoint(endpoint) => endpoint.host().is_some(),
        ReadEnd::Template { .. } => true,
        _ => false,
    }
}

/// The statements of a fact with one destination, reached by facts of lists.
fn state(fact: &Fact, to: Option<&ReadEnd>, by: &[&Fact]) -> Vec<Stated> {
    let Some(phases) = phases(fact, by) else {
        return Vec::new();
    };
    let all = || std::iter::once(fact).chain(by.iter().copied());
    let optional = all().any(|each| each.demand == Demand::Optional);
    let statement = |flow: StatedFlow| Statement {
        flow,
        demand: if optional { Demand::Optional } else { fact.demand },
        phases: phases.clone(),
        when: when(all()),
        option: all().find_map(|each| each.meaning.option.clone()),
        tls_inspection: fact.meaning.tls_inspection,
        purpose: fact.purpose.clone(),
        documented_as: fact.documented_as.clone(),
        documented_ports: fact.service(),
        slip: all().find_map(slip),
        interpreted: interpreted(fact, by),
        source: Source {
            document: fact.document.clone(),
            edition: Some(fact.edition),
            requirement: fact.requirement.clone(),
        },
    };
    let cloud = all().find_map(|each| each.cloud.clone());
    let stated = |flow| Stated {
        scenario: Some(fact.scenario.clone()),
        cloud: cloud.clone(),
        statement: statement(flow),
    };
    flows(fact, to).into_iter().map(stated).collect()
}

/// One flow for each transport, and one for each way.
fn flows(fact: &Fact, to: Option<&ReadEnd>) -> Vec<StatedFlow> {
    let mut transports: Vec<_> = fact.meaning.transports.iter().copied().map(Some).collect();
    if transports.is_empty() {
        transports.push(None);
    }
    let ports = match fact.ports {
        Some(range) => StatedPorts::Range(range),
        None if fact.port.is_empty() => StatedPorts::None,
        None => StatedPorts::Parameter(fact.port.trim_matches(['{', '}']).to_owned()),
    };
    let mut flows = Vec::new();
    for transport in transports {
        let flow = StatedFlow {
            from: fact.meaning.from.clone(),
            to: to.cloned(),
            transport,
            ports: ports.clone(),
            source_ports: fact.meaning.source_ports,
            scope: if fact.direction == Direction::Local { Scope::Local } else { Scope::Network },
        };
        if fact.direction == Direction::Both {
            flows.push(StatedFlow { from: flow.to.clone(), to: flow.from.clone(), ..flow.clone() });
        }
        flows.push(flow);
    }
    flows
}

/// The phases in which all of them hold; empty is always, nothing is never.
fn phases(fact: &Fact, by: &[&Fact]) -> Option<BTreeSet<crate::rule::Phase>> {
    let mut phases = fact.phases.clone();
    for listed in by.iter().filter(|listed| !listed.phases.is_empty()) {
        if phases.is_empty() {
            phases.clone_from(&listed.phases);
        } else {
            phases.retain(|phase| listed.phases.contains(phase));
            if phases.is_empty() {
                return None;
            }
        }
    }
    Some(phases)
}

/// All conditions together.
fn when<'a>(facts: impl Iterator<Item = &'a Fact>) -> Option<Expression> {
    let mut conditions: Vec<Expression> = Vec::new();
    for condition in facts.filter_map(|fact| fact.meaning.when.clone()) {
        if !conditions.contains(&condition) {
            conditions.push(condition);
        }
    }
    if conditions.len() > 1 { Some(Expression::All(conditions)) } else { conditions.pop() }
}

fn slip(fact: &Fact) -> Option<String> {
    fact.marks.iter().find_map(|mark| match mark {
        Mark::Typo { because } => Some(because.clone()),
        _ => None,
    })
}

fn interpreted(fact: &Fact, by: &[&Fact]) -> Vec<String> {
    let marks = fact.marks.iter().filter(|mark| matches!(mark, Mark::Interpreted { .. }));
    let lists = by.iter().map(|listed| format!("listed in {} {}", listed.document, listed.edition));
    marks.map(ToString::to_string).chain(lists).collect()
}
