//! Needs that no document states but a role cannot do without.

use std::collections::BTreeSet;

use crate::catalog::{Gap, Scenario};
use crate::id::{DocumentId, RoleId};

use super::UndocumentedNeed;
use super::destination::Listed;
use super::gather::{Current, Gathering, end_role};
use super::port::one_port_words;

impl<'a> Gathering<'a> {
    /// Lists the gaps of a scenario, and makes rules of them if they were asked for.
    pub(super) fn gaps(&mut self, scenario: &'a Scenario) {
        for gap in &scenario.gaps {
            let roles: Vec<RoleId> = gap.from.iter().filter_map(end_role).cloned().collect();
            let ends = gap.from.iter().chain(gap.flows.iter().flat_map(|flow| &flow.to));
            let wanted = self.selection.roles.is_empty()
                || ends.filter_map(end_role).any(|role| self.selection.roles.contains(role));
            if !wanted {
                continue;
            }
            let ports = gap.flows.iter().flat_map(|flow| &flow.ports);
            self.out.gaps.push(UndocumentedNeed {
                scenario: scenario.id.clone(),
                id: gap.id.clone(),
                roles,
                ports: ports.map(one_port_words).collect(),
                because: gap.because.clone(),
                emitted: self.selection.gaps,
            });
            if self.selection.gaps {
                self.gap(scenario, gap);
            }
        }
    }

    fn gap(&mut self, scenario: &'a Scenario, gap: &'a Gap) {
        let Ok(document) = DocumentId::parse("portbook-gaps") else {
            return;
        };
        let current = Current {
            scenario: &scenario.id,
            document: &document,
            edition: None,
            id: &gap.id,
            purpose: &gap.because,
            says: Listed::default(),
            assumed: BTreeSet::new(),
        };
        for flow in &gap.flows {
            if let Err(findings) = self.flow(&current, &gap.from, flow, None) {
                self.out.findings.append(findings);
            }
        }
    }
}
