//! `explain` answers for every host and port of the catalog, with its history.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "helpers of tests")]

use std::collections::{BTreeMap, BTreeSet};

use portbook::catalog::{Catalog, Fact, FactFilter, facts};
use portbook::explain::{HostQuestion, explain_host};

/// The question about a fact that names a host: its text and the first of its ports.
fn question(fact: &Fact) -> Option<String> {
    let host = fact.hosts.first()?.clone().with_apex(false).to_string();
    Some(match fact.ports {
        Some(ports) => format!("{host}:{}", ports.to_string().split('-').next()?),
        None => host,
    })
}

/// That the catalog has every row of the reference is held by tests/facts.
#[test]
fn every_host_and_port_of_the_catalog_is_explained_with_its_history() {
    let catalog = Catalog::embedded().unwrap();
    let all = facts(&catalog, &FactFilter::default()).unwrap();
    let mut questions: BTreeMap<String, Vec<&Fact>> = BTreeMap::new();
    for fact in all.iter().filter(|fact| !fact.demand.is_negative()) {
        if let Some(question) = question(fact) {
            questions.entry(question).or_default().push(fact);
        }
    }
    assert!(questions.len() > 150, "{} questions", questions.len());
    let mut open = BTreeSet::new();
    for (text, facts) in questions {
        let asked = HostQuestion::parse(&text).expect("a documented host can be asked about");
        let answer = explain_host(&catalog, &asked).unwrap();
        for fact in facts {
            let told = answer.needs.iter().any(|span| {
                (&span.scenario, &span.document, &span.requirement)
                    == (&fact.scenario, &fact.document, &fact.requirement)
                    && (span.first..=span.last).contains(&fact.edition)
                    && (span.clouds.is_empty()
                        || fact.cloud.as_ref().is_none_or(|cloud| span.clouds.contains(cloud)))
                    && span.ports.contains(&fact.service())
            });
            if !told {
                open.insert(format!("{text}: {} {} {}", fact.document, fact.edition, fact.requirement));
            }
        }
    }
    assert!(open.is_empty(), "not told:\n{}", open.into_iter().collect::<Vec<_>>().join("\n"));
}
