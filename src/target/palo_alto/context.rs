//! What templates see of a policy.

use std::sync::Arc;

use minijinja::value::Serde;
use minijinja::{Value, context};
use serde::Serialize;

use super::name;
use super::policy::{Address, Policy, Rule, Service};

/// What templates of either form see. Lists that grow with prefixes are made only when a template walks them.
pub(super) fn policy_context(header: &[String], policy: &Arc<Policy>) -> Value {
    let services: Vec<ServiceView> = policy.services.iter().map(ServiceView::of).collect();
    let categories: Vec<CategoryView<'_>> =
        policy.categories.iter().map(|(name, entries)| CategoryView { name, entries }).collect();
    context! {
        header => header.to_vec(),
        tag => name::TAG,
        services => Value::from(Serde(&services)),
        categories => Value::from(Serde(&categories)),
        rules => rules(&policy.rules),
        exclusions => rules(&policy.exclusions),
        addresses => addresses(policy),
        groups => groups(policy),
    }
}

fn rules(rules: &[Rule]) -> Value {
    let views: Vec<RuleView<'_>> = rules.iter().map(RuleView::of).collect();
    Value::from(Serde(&views))
}

fn addresses(policy: &Arc<Policy>) -> Value {
    let policy = Arc::clone(policy);
    Value::make_iterable(move || {
        let list: Vec<Value> = policy
            .addresses
            .iter()
            .map(|it| context! { name => it.name(), type => it.kind(), value => it.value() })
            .collect();
        list.into_iter()
    })
}

fn groups(policy: &Arc<Policy>) -> Value {
    let policy = Arc::clone(policy);
    Value::make_iterable(move || {
        let names = |members: &[Address]| -> Vec<String> { members.iter().map(Address::name).collect() };
        let list: Vec<Value> = policy
            .groups
            .iter()
            .map(|(group, members)| context! { name => group, members => names(members) })
            .collect();
        list.into_iter()
    })
}

#[derive(Serialize)]
struct ServiceView {
    name: String,
    transport: &'static str,
    ports: String,
    source_ports: Option<String>,
}

impl ServiceView {
    fn of(service: &Service) -> Self {
        Self {
            name: service.name(),
            transport: service.transport.as_str(),
            ports: service.ports.to_string(),
            source_ports: service.source_ports.map(|ports| ports.to_string()),
        }
    }
}

#[derive(Serialize)]
struct CategoryView<'a> {
    name: &'a str,
    entries: &'a [String],
}

#[derive(Serialize)]
struct RuleView<'a> {
    name: &'a str,
    from: &'a str,
    to: &'a str,
    source: &'a str,
    destination: &'a str,
    category: &'a str,
    services: &'a [String],
    description: &'a str,
}

impl<'a> RuleView<'a> {
    fn of(rule: &'a Rule) -> Self {
        Self {
            name: &rule.name,
            from: &rule.from,
            to: &rule.to,
            source: &rule.source,
            destination: &rule.destination,
            category: &rule.category,
            services: &rule.services,
            description: &rule.description,
        }
    }
}
