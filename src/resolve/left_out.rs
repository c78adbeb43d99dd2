//! What is not among the rules, why, and how to get it.

use crate::catalog::{DocumentedPorts, Requirement, Truth};
use crate::id::{ConditionId, DocumentId, ScenarioId};
use crate::rule::Need;

use super::gather::{Gathering, end_role};
use super::port::port_words;
use super::{LeftOut, Reason};

impl Gathering<'_> {
    /// Whether the condition of a requirement holds, and on which assumptions.
    pub(super) fn truth(&self, requirement: &Requirement) -> Truth {
        let condition = |id: &ConditionId| self.selection.truth(id, self.catalog);
        let phase = |phase| self.selection.has_phase(phase);
        requirement.when.as_ref().map_or(Truth::known(true), |when| when.evaluate(&condition, &phase))
    }

    /// Why a requirement is left out; nothing if it is in.
    pub(super) fn reasons(&self, requirement: &Requirement, truth: &Truth) -> Vec<Reason> {
        let mut reasons = Vec::new();
        if requirement.need == Need::Optional && !self.selection.optional {
            reasons.push(Reason::Optional);
        }
        let phases = &requirement.phases;
        if !phases.is_empty() && !phases.iter().any(|phase| self.selection.has_phase(*phase)) {
            reasons.push(Reason::Phase(phases.iter().copied().collect()));
        }
        if !truth.holds {
            reasons.push(self.unmet(requirement));
        }
        reasons
    }

    /// The conditions that stand against a requirement: those of which each alone would bring it in, else all of them.
    fn unmet(&self, requirement: &Requirement) -> Reason {
        let Some(when) = &requirement.when else {
            return Reason::Condition { all: Vec::new() };
        };
        let known = |id: &ConditionId| self.selection.truth(id, self.catalog);
        let phase = |phase| self.selection.has_phase(phase);
        let holds = |id: &ConditionId| self.holds(id);
        let unmet: Vec<ConditionId> = when.opposing(&holds).into_iter().cloned().collect();
        let enough = |one: &&ConditionId| {
            let given = |id: &ConditionId| if id == *one { Truth::known(!holds(id)) } else { known(id) };
            when.evaluate(&given, &phase).holds
        };
        let any: Vec<ConditionId> = unmet.iter().filter(enough).cloned().collect();
        if any.is_empty() { Reason::Condition { all: unmet } } else { Reason::AnyCondition { any } }
    }

    /// Lists a need that is not among the rules, if it concerns the selected roles.
    pub(super) fn leave_out(
        &mut self,
        scenario: &ScenarioId,
        document: &DocumentId,
        requirement: &Requirement,
        what: String,
        reasons: Vec<Reason>,
    ) {
        if !self.concerns_roles(requirement) {
            return;
        }
        let flags = reasons.iter().flat_map(|reason| self.flags(reason)).collect();
        self.out.left_out.push(LeftOut {
            scenario: scenario.clone(),
            document: document.clone(),
            requirement: requirement.id.clone(),
            what,
            reasons,
            flags,
        });
    }

    /// The flags that bring a need in.
    fn flags(&self, reason: &Reason) -> Vec<String> {
        // What a true condition keeps out, under a `not`, comes in with --unless.
        let flag = |id: &ConditionId| format!("{} {id}", if self.holds(id) { "--unless" } else { "--when" });
        match reason {
            Reason::Optional => vec!["--optional".to_owned()],
            Reason::Phase(phases) => {
                phases.iter().take(1).map(|phase| format!("--phase {}", phase.as_str())).collect()
            }
            Reason::Condition { all } => all.iter().map(flag).collect(),
            Reason::AnyCondition { any } => vec![any.iter().map(flag).collect::<Vec<_>>().join(" or ")],
            Reason::Alternative(group, option) => vec![format!("--choose {group}={option}")],
            Reason::Unstated => Vec::new(),
        }
    }

    /// Whether a condition holds, as far as is known.
    pub(super) fn holds(&self, id: &ConditionId) -> bool {
        self.selection.truth(id, self.catalog).holds
    }

    fn concerns_roles(&self, requirement: &Requirement) -> bool {
        let roles = &self.selection.roles;
        let ends = requirement.from.iter().chain(requirement.flows.iter().flat_map(|flow| &flow.to));
        roles.is_empty() || ends.filter_map(end_role).any(|role| roles.contains(role))
    }
}

/// `status of the agent on 8080/tcp`.
pub(super) fn words(requirement: &Requirement) -> String {
    let ports: Vec<DocumentedPorts> = requirement.flows.iter().flat_map(|flow| flow.ports.clone()).collect();
    format!("{} on {}", requirement.purpose, port_words(&ports))
}
