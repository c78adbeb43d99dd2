//! Rule ids and rule sets: what they depend on, and what they must not depend on.
#![allow(clippy::unwrap_used, reason = "tests")]

use std::collections::BTreeSet;

use portbook::address::{PortRange, Transport};
use portbook::host::HostPattern;
use portbook::id::{CloudId, DocumentId, RequirementId, RoleId, ScenarioId};
use portbook::rule::{Citation, Endpoint, Flow, Need, Phase, Rule, RuleId, RuleSet, Scope, TlsInspection};
use proptest::prelude::*;

fn endpoint() -> impl Strategy<Value = Endpoint> {
    let role =
        || prop::sample::select(vec!["agent", "server", "proxy"]).prop_map(|id| RoleId::parse(id).unwrap());
    let text =
        prop::sample::select(vec!["a.example.com", "*.example.com", "[*.]example.com", "b.example.com"]);
    let pattern = text.prop_map(|text| HostPattern::parse(text).unwrap());
    prop_oneof![
        role().prop_map(Endpoint::Role),
        role().prop_map(Endpoint::Outside),
        (pattern, prop::option::of(role())).prop_map(|(pattern, at)| Endpoint::Host { pattern, at }),
        prop::sample::select(vec!["Storage", "ServiceBus"])
            .prop_map(|tag| Endpoint::ServiceTag(tag.to_owned())),
        prop::sample::select(vec!["public", "china"])
            .prop_map(|cloud| Endpoint::CloudRanges(CloudId::parse(cloud).unwrap())),
    ]
}

fn ports() -> impl Strategy<Value = PortRange> {
    prop::sample::select(vec!["80", "443", "49152-65535"]).prop_map(|text| PortRange::parse(text).unwrap())
}

fn flow() -> impl Strategy<Value = Flow> {
    let transport = prop::sample::select(Transport::ALL.to_vec());
    let scope = prop::sample::select(vec![Scope::Network, Scope::Local]);
    (endpoint(), endpoint(), transport, ports(), prop::option::of(ports()), scope).prop_map(
        |(from, to, transport, ports, source_ports, scope)| Flow {
            from,
            to,
            transport,
            ports,
            source_ports,
            scope,
        },
    )
}

fn rule(flow: Flow, need: Need, phase: Option<Phase>, requirement: &str) -> Rule {
    let phases: BTreeSet<Phase> = phase.into_iter().collect();
    let citation = Citation {
        scenario: ScenarioId::parse("cloud-sync").unwrap(),
        document: DocumentId::parse("page").unwrap(),
        edition: Some("2024-04-26".parse().unwrap()),
        requirement: RequirementId::parse(requirement).unwrap(),
        purpose: requirement.to_owned(),
        documented_as: "text".to_owned(),
        need,
        phases: phases.clone(),
        interpreted: Vec::new(),
    };
    Rule {
        id: RuleId::of(&flow),
        flow,
        need,
        phases,
        tls_inspection: TlsInspection::NotStated,
        assumed: BTreeSet::new(),
        gap: false,
        doubt: None,
        software: Vec::new(),
        ranges_offered: false,
        citations: vec![citation],
    }
}

proptest! {
    #[test]
    fn an_id_stands_for_one_flow(a in flow(), b in flow()) {
        prop_assert_eq!(RuleId::of(&a) == RuleId::of(&b), a == b);
        prop_assert_eq!(a.canonical() == b.canonical(), a == b);
        prop_assert_eq!(RuleId::parse(RuleId::of(&a).as_str()), Some(RuleId::of(&a)));
    }

    #[test]
    fn a_set_does_not_depend_on_the_order_in_which_rules_come(flows in prop::collection::vec(flow(), 1..8), turn in 0..8usize) {
        let rules: Vec<Rule> = flows.into_iter().map(|flow| rule(flow, Need::Required, None, "need")).collect();
        let mut turned = rules.clone();
        turned.rotate_left(turn % rules.len());
        let set = |rules: Vec<Rule>| rules.into_iter().fold(RuleSet::default(), |mut set, rule| { set.add(rule); set });
        let (one, other) = (set(rules), set(turned));
        prop_assert_eq!(one.digest(), other.digest());
        prop_assert_eq!(one, other);
    }

    #[test]
    fn equal_flows_are_one_rule_and_the_strongest_need_wins(flow in flow()) {
        let mut set = RuleSet::default();
        set.add(rule(flow.clone(), Need::Optional, Some(Phase::Registration), "offered"));
        set.add(rule(flow.clone(), Need::Required, Some(Phase::Operation), "demanded"));
        let merged: Vec<&Rule> = set.iter().collect();
        prop_assert_eq!(merged.len(), 1);
        prop_assert_eq!((merged[0].need, merged[0].citations.len()), (Need::Required, 2));
        prop_assert_eq!(merged[0].phases.len(), 2, "needed in both phases, and not always");
        let alone = RuleSet::default().digest();
        prop_assert_ne!(set.digest(), alone);
    }
}
