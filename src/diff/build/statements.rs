//! The rules of a manifest as statements, so that builds are compared as documents are.

use std::collections::BTreeSet;

use crate::catalog::Demand;
use crate::id::RoleId;
use crate::manifest::Manifest;
use crate::rule::{Citation, Endpoint, Need, Rule};

use super::super::{Difference, Side, Source, StatedFlow, Statement};

/// What differs between the rules of two builds.
pub(super) fn flows(old: &Manifest, new: &Manifest, roles: &BTreeSet<RoleId>) -> Difference {
    Difference::of(side(old, roles), side(new, roles))
}

fn side(manifest: &Manifest, roles: &BTreeSet<RoleId>) -> Side {
    let records = manifest.rules.rules.iter().filter(|record| plays(&record.rule, roles));
    let statements = records
        .flat_map(|record| record.rule.citations.iter().map(|citation| statement(&record.rule, citation)));
    let mut side = Side::of(manifest.site.to_string(), statements.collect());
    let documents = manifest.rules.documents().into_iter();
    side.documents = documents.filter_map(|(document, edition)| Some((document, edition?))).collect();
    side
}

fn plays(rule: &Rule, roles: &BTreeSet<RoleId>) -> bool {
    let has = |end: &Endpoint| match end {
        Endpoint::Outside(outsider) => roles.contains(outsider),
        end => end.role().is_some_and(|own| roles.contains(own)),
    };
    roles.is_empty() || has(&rule.flow.from) || has(&rule.flow.to)
}

fn statement(rule: &Rule, citation: &Citation) -> Statement {
    Statement {
        flow: StatedFlow::from(&rule.flow),
        demand: match citation.need {
            Need::Required => Demand::Required,
            Need::Optional => Demand::Optional,
        },
        phases: citation.phases.clone(),
        when: None,
        option: None,
        tls_inspection: Some(rule.tls_inspection),
        purpose: citation.purpose.clone(),
        documented_as: citation.documented_as.clone(),
        documented_ports: String::new(),
        slip: citation
            .interpreted
            .iter()
            .find(|reading| reading.of == "typo")
            .map(|reading| reading.because.clone()),
        interpreted: citation
            .interpreted
            .iter()
            .map(|reading| format!("{}: {}", reading.of, reading.because))
            .collect(),
        source: Source {
            document: citation.document.clone(),
            edition: citation.edition,
            requirement: citation.requirement.clone(),
        },
    }
}
