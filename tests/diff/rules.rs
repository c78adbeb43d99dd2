//! A scenario at a date states at least what `generate` makes rules of: both read the same texts, each in its way.

use std::collections::BTreeSet;

use portbook::catalog::Catalog;
use portbook::diff::{Difference, SideOptions};
use portbook::resolve::{Request, Selection, resolve};
use portbook::rule::RuleId;

const DATES: [&str; 6] = ["2018-01-01", "2020-06-01", "2021-06-01", "2023-06-01", "2025-06-01", "2026-12-31"];

#[test]
fn every_rule_of_a_scenario_is_stated() {
    let catalog = Catalog::embedded().unwrap();
    let (mut compared, mut missing) = (0, Vec::new());
    for scenario in &catalog.registries().scenarios {
        for (cloud, date) in scenario.clouds.iter().flat_map(|cloud| DATES.map(|date| (cloud, date))) {
            let request = Request {
                scenarios: vec![scenario.id.to_string()],
                cloud: cloud.to_string(),
                as_of: Some(date.to_owned()),
                optional: true,
                ..Request::default()
            };
            // Some need a value that only a customer knows, or a choice, or are younger than the date.
            let selection = Selection::check(&request, &catalog).unwrap();
            let Ok(resolved) = resolve(&catalog, &selection) else { continue };
            let side = format!("{}@{date}:{cloud}", scenario.id);
            let stated =
                Difference::between(&catalog, &side, &side, &SideOptions::default(), &[]).unwrap().old;
            let stated: BTreeSet<RuleId> =
                stated.statements().iter().filter_map(|statement| statement.flow.rule()).collect();
            for rule in resolved.rules.iter().filter(|rule| !stated.contains(&rule.id)) {
                missing.push(format!(
                    "{side}: {} -> {} {}",
                    rule.flow.from,
                    rule.flow.to,
                    rule.flow.service()
                ));
            }
            compared += 1;
        }
    }
    assert!(missing.is_empty(), "{}", missing.join("\n"));
    assert!(compared > 20, "{compared}");
}
