//! Requirements become rules, one flow at a time.

use std::collections::BTreeSet;

use crate::catalog::{
    Catalog, Document, DocumentedFlow, Edition, End, EndKind, Readings, Requirement, Scenario,
};
use crate::finding::{Code, Finding, Findings};
use crate::id::{ConditionId, DocumentId, RequirementId, RoleId, ScenarioId};
use crate::rule::{Citation, Endpoint, Flow, Interpretation, Rule, RuleId, RuleSet};

use super::absent::{no_edition, not_yet};
use super::destination::{Asked, Destination, Listed};
use super::left_out::words;
use super::port::port_words;
use super::software::software;
use super::{LeftOut, Reason, Selection, UndocumentedNeed, selected_documents};

/// Everything that a selection's documents say.
#[derive(Debug, Default)]
pub(super) struct Gathered {
    pub(super) rules: RuleSet,
    pub(super) documents: Vec<(DocumentId, Edition)>,
    /// Documents that the others refer to.
    pub(super) referred: BTreeSet<DocumentId>,
    pub(super) left_out: Vec<LeftOut>,
    pub(super) gaps: Vec<UndocumentedNeed>,
    pub(super) findings: Findings,
}

/// The requirement that is being turned into rules.
pub(super) struct Current<'a> {
    pub(super) scenario: &'a ScenarioId,
    pub(super) document: &'a DocumentId,
    /// `None` for needs that no document states.
    pub(super) edition: Option<Edition>,
    pub(super) id: &'a RequirementId,
    pub(super) purpose: &'a str,
    /// Need, phases, TLS inspection, and whether the text offers the Azure datacenter IP ranges in place of names.
    pub(super) says: Listed,
    pub(super) assumed: BTreeSet<ConditionId>,
}

pub(super) struct Gathering<'a> {
    pub(super) catalog: &'a Catalog,
    pub(super) selection: &'a Selection,
    pub(super) readings: &'a Readings,
    pub(super) out: Gathered,
}

impl<'a> Gathering<'a> {
    pub(super) fn new(catalog: &'a Catalog, selection: &'a Selection) -> Result<Self, Findings> {
        Ok(Self { catalog, selection, readings: catalog.readings()?, out: Gathered::default() })
    }

    /// Everything gathered, or the errors.
    pub(super) fn finish(mut self) -> Result<Gathered, Findings> {
        if self.out.findings.has_errors() {
            return Err(self.out.findings);
        }
        self.out.documents.sort();
        self.out.documents.dedup();
        // Two documents may refer to the same list.
        let mut once: Vec<LeftOut> = Vec::new();
        for left_out in std::mem::take(&mut self.out.left_out) {
            if !once.contains(&left_out) {
                once.push(left_out);
            }
        }
        self.out.left_out = once;
        Ok(self.out)
    }

    /// All selected documents of a scenario, then its gaps.
    pub(super) fn scenario(&mut self, scenario: &'a Scenario) -> Result<(), Findings> {
        let mut read = 0;
        let mut absent = Vec::new();
        for id in selected_documents(self.catalog, scenario, self.selection)? {
            let document = self.catalog.document(id)?;
            match self.selection.edition_of(document) {
                Some(edition) => {
                    read += 1;
                    self.document(scenario, document, edition)?;
                }
                None => absent.push(not_yet(self.catalog, document, scenario, self.selection)),
            }
        }
        if read > 0 {
            self.out.findings.append(absent.into_iter().collect());
        } else {
            self.out.findings.push(no_edition(self.catalog, scenario, self.selection));
        }
        self.gaps(scenario);
        Ok(())
    }

    /// One edition of one document, as far as it speaks of the scenario.
    pub(super) fn document(
        &mut self,
        scenario: &'a Scenario,
        document: &'a Document,
        edition: Edition,
    ) -> Result<(), Findings> {
        let text = self.catalog.edition(document, edition)?;
        self.out.documents.push((document.id().clone(), edition));
        for requirement in &text.requirements {
            if requirement.scenarios.contains(&scenario.id) && requirement.holds_in(&self.selection.cloud) {
                self.requirement(scenario, document, edition, requirement, text.address_fallback.is_some())?;
            }
        }
        Ok(())
    }

    fn requirement(
        &mut self,
        scenario: &'a Scenario,
        document: &'a Document,
        edition: Edition,
        requirement: &'a Requirement,
        ranges_offered: bool,
    ) -> Result<(), Findings> {
        let truth = self.truth(requirement);
        let reasons = self.reasons(requirement, &truth);
        if !reasons.is_empty() {
            self.leave_out(&scenario.id, document.id(), requirement, words(requirement), reasons);
            return Ok(());
        }
        let current = Current {
            scenario: &scenario.id,
            document: document.id(),
            edition: Some(edition),
            id: &requirement.id,
            purpose: &requirement.purpose,
            says: Listed::of(requirement, ranges_offered),
            assumed: truth.assumed,
        };
        self.warn_assumed(&current, &current.assumed);
        for flow in &requirement.flows {
            if let Some(reason) = self.not_chosen(flow, requirement) {
                let what = format!("{} on {}", requirement.purpose, port_words(&flow.ports));
                self.leave_out(&scenario.id, document.id(), requirement, what, vec![reason]);
            } else {
                self.flow(&current, &requirement.from, flow, Some((document, edition)))?;
            }
        }
        Ok(())
    }

    pub(super) fn warn_assumed(&mut self, current: &Current<'_>, assumed: &BTreeSet<ConditionId>) {
        for condition in assumed {
            let (not, remove, confirm) =
                if self.holds(condition) { ("", "unless", "when") } else { ("not ", "when", "unless") };
            let message = format!(
                "{}: `{}` is emitted on the assumption {not}{condition}",
                current.document, current.purpose
            );
            let finding = Finding::new(Code::ConditionAssumed, message)
                .help(format!("--{remove} {condition} removes it, --{confirm} {condition} confirms it"));
            if !self.out.findings.iter().any(|present| *present == finding) {
                self.out.findings.push(finding);
            }
        }
    }

    /// The alternative that stands against a flow, if one was chosen instead; a finding if none can be.
    pub(super) fn not_chosen(&mut self, flow: &DocumentedFlow, requirement: &Requirement) -> Option<Reason> {
        let (group, option) = flow.option.as_ref()?;
        let choice = self.catalog.registries().choices.iter().find(|choice| choice.id == *group)?;
        match self.selection.choices.get(group).or(choice.default.as_ref()) {
            Some(chosen) if chosen == option => None,
            Some(_) => Some(Reason::Alternative(group.clone(), option.clone())),
            None => {
                let options: Vec<String> =
                    choice.options.iter().map(|(id, text)| format!("{id} ({text})")).collect();
                let finding = Finding::new(
                    Code::ChoiceNeeded,
                    format!("`{}` offers alternatives without a default", requirement.purpose),
                )
                .at(requirement.place.clone())
                .help(format!("--choose {group}=OPTION, one of {}", options.join(", ")));
                if !self.out.findings.iter().any(|present| *present == finding) {
                    self.out.findings.push(finding);
                }
                Some(Reason::Alternative(group.clone(), option.clone()))
            }
        }
    }

    /// Every `from` to every `to` on every port over every transport.
    pub(super) fn flow(
        &mut self,
        current: &Current<'_>,
        from: &[End],
        flow: &DocumentedFlow,
        edition: Option<(&Document, Edition)>,
    ) -> Result<(), Findings> {
        let sources: Vec<Endpoint> = from.iter().filter_map(|end| self.source(end)).collect();
        for ports in &flow.ports {
            let ranges = self.port_ranges(ports, current);
            let Some((transports, read)) = self.transports(ports, flow, current) else {
                continue;
            };
            for (range, to) in ranges.iter().flat_map(|range| flow.to.iter().map(move |to| (*range, to))) {
                let destinations = self.destinations(Asked { current, edition, port: range }, to, flow)?;
                let ends = destinations
                    .iter()
                    .flat_map(|destination| sources.iter().map(move |source| (destination, source)));
                for ((destination, source), transport) in
                    ends.flat_map(|ends| transports.iter().map(move |transport| (ends, *transport)))
                {
                    let hop = Flow {
                        from: source.clone(),
                        to: destination.endpoint.clone(),
                        transport,
                        ports: range,
                        source_ports: flow.source_ports,
                        scope: flow.scope,
                    };
                    self.rule(current, hop, flow, destination, read.as_ref());
                }
            }
        }
        Ok(())
    }

    fn rule(
        &mut self,
        current: &Current<'_>,
        hop: Flow,
        flow: &DocumentedFlow,
        destination: &Destination,
        transport: Option<&Interpretation>,
    ) {
        let back = flow.both_ways.then(|| Flow { from: hop.to.clone(), to: hop.from.clone(), ..hop.clone() });
        let mut interpreted = destination.interpreted.clone();
        interpreted.extend(transport.cloned());
        interpreted.extend(
            flow.reading
                .ports
                .as_ref()
                .map(|because| Interpretation { of: "ports", because: because.clone() }),
        );
        let says = current.says.within(&destination.listed);
        let citation = Citation {
            scenario: current.scenario.clone(),
            document: current.document.clone(),
            edition: current.edition,
            requirement: current.id.clone(),
            purpose: current.purpose.to_owned(),
            documented_as: destination.documented_as.clone(),
            need: says.need,
            phases: says.phases.clone(),
            interpreted,
        };
        for flow in std::iter::once(hop).chain(back) {
            if !self.wanted(&flow) {
                continue;
            }
            self.out.rules.add(Rule {
                id: RuleId::of(&flow),
                need: says.need,
                phases: says.phases.clone(),
                tls_inspection: says.tls_inspection,
                assumed: current.assumed.union(&destination.assumed).cloned().collect(),
                gap: current.edition.is_none(),
                doubt: destination.doubt.clone(),
                ranges_offered: says.ranges_offered,
                software: software(self.catalog, self.selection, &flow.from),
                flow,
                citations: vec![citation.clone()],
            });
        }
    }

    fn wanted(&self, flow: &Flow) -> bool {
        let roles = &self.selection.roles;
        let plays = |end: &Endpoint| {
            matches!(end, Endpoint::Outside(role) if roles.contains(role))
                || end.role().is_some_and(|role| roles.contains(role))
        };
        roles.is_empty() || plays(&flow.from) || plays(&flow.to)
    }

    fn source(&self, end: &End) -> Option<Endpoint> {
        match &end.kind {
            EndKind::Role(role) | EndKind::Outside(role) => Some(self.role(role)),
            EndKind::ServiceTag(tag) => Some(Endpoint::ServiceTag(tag.clone())),
            EndKind::CloudRanges => Some(Endpoint::CloudRanges(self.selection.cloud.clone())),
            // Documents name no host, URL or list as the one who opens a connection.
            EndKind::Host(_)
            | EndKind::Url(_)
            | EndKind::Template { .. }
            | EndKind::List { .. }
            | EndKind::Unstated => None,
        }
    }

    /// A role of the site, or one outside it.
    pub(super) fn role(&self, role: &RoleId) -> Endpoint {
        if self.catalog.is_outside(role) {
            Endpoint::Outside(role.clone())
        } else {
            Endpoint::Role(role.clone())
        }
    }
}

/// The role of an end, if it is one.
pub(super) fn end_role(end: &End) -> Option<&RoleId> {
    match &end.kind {
        EndKind::Role(role) | EndKind::Outside(role) => Some(role),
        EndKind::Template { at, .. } => at.as_ref(),
        _ => None,
    }
}
