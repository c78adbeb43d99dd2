//! The canonical order of files and lists.
//!
//! Requirements, hosts of a flow and documents of a scenario stand in the order of the texts, which says something.
//! Everything else has one order, so that a change shows as what it is: registries by id, clouds in the order of
//! clouds.yaml, scenarios in that of scenarios.yaml, phases in the order of a deployment, ports by number, hosts by
//! their labels from the right.

use std::fmt::Debug;
use std::sync::Arc;

use crate::catalog::yaml::{self, Spanned};
use crate::catalog::{Layer, raw};
use crate::finding::{Code, Finding, Findings, Source};
use crate::rule::Phase;

/// Looks at every file of all layers that can be read; the others have errors of their own.
pub(super) fn lint(layers: &[Layer]) -> Findings {
    let files = || layers.iter().flat_map(|layer| &layer.files);
    let source = |wanted: &str| -> Vec<Arc<Source>> {
        let found = files().filter(|(path, ..)| path == wanted);
        found.map(|(_, name, text)| Source::new(name.clone(), text.as_str())).collect()
    };
    let mut lists = Lists::default();
    for source in source("clouds.yaml") {
        let rows: Vec<raw::Cloud> = yaml::parse(&source).unwrap_or_default();
        lists.clouds.extend(rows.into_iter().map(|row| row.id.value));
    }
    for source in source("scenarios.yaml") {
        let rows: Vec<raw::Scenario> = yaml::parse(&source).unwrap_or_default();
        lists.by_id(&source, rows.iter().map(|row| &row.id));
        for row in &rows {
            lists.clouds(&source, &row.clouds);
        }
        lists.scenarios.extend(rows.into_iter().map(|row| row.id.value));
    }
    for (path, name, text) in files() {
        lists.file(path, &Source::new(name.clone(), text.as_str()));
    }
    lists.findings
}

/// The orders that registries give, and what was found.
#[derive(Default)]
struct Lists {
    clouds: Vec<String>,
    scenarios: Vec<String>,
    findings: Findings,
}

impl Lists {
    fn file(&mut self, path: &str, source: &Arc<Source>) {
        match path {
            "roles.yaml" => self.registry::<raw::Role>(source, |row| &row.id),
            "conditions.yaml" => self.registry::<raw::Condition>(source, |row| &row.id),
            "choices.yaml" => self.registry::<raw::Choice>(source, |row| &row.id),
            "address-lists.yaml" => self.registry::<raw::AddressList>(source, |row| &row.id),
            "parameters.yaml" => self.registry::<raw::Parameter>(source, |row| &row.id),
            "hosts.yaml" => self.hosts(source),
            _ if path.starts_with("documents/") && !path.ends_with("/document.yaml") => self.edition(source),
            _ => {}
        }
    }

    fn registry<T: serde::de::DeserializeOwned>(&mut self, source: &Arc<Source>, id: fn(&T) -> &raw::Text) {
        let rows: Vec<T> = yaml::parse(source).unwrap_or_default();
        self.by_id(source, rows.iter().map(id));
    }

    fn by_id<'t>(&mut self, source: &Arc<Source>, ids: impl Iterator<Item = &'t raw::Text>) {
        let ids: Vec<&raw::Text> = ids.collect();
        self.ascending(source, &ids, |id| id.value.clone(), "entries stand by id");
    }

    fn hosts(&mut self, source: &Arc<Source>) {
        let rows: Vec<raw::Host> = yaml::parse(source).unwrap_or_default();
        let hosts: Vec<&raw::Text> = rows.iter().map(|row| &row.host).collect();
        self.ascending(
            source,
            &hosts,
            |host| from_the_right(&host.value),
            "hosts stand by their labels from the right",
        );
    }

    fn edition(&mut self, source: &Arc<Source>) {
        let Ok(text) = yaml::parse::<raw::EditionText>(source) else {
            return;
        };
        for prerequisite in &text.prerequisites {
            self.prerequisite(source, &prerequisite.value);
        }
        for requirement in text.requirements.iter().map(|each| &each.value) {
            if let Some(clouds) = &requirement.clouds {
                self.clouds(source, &clouds.value);
            }
            let scenarios = self.scenarios.clone();
            let scenario = |text: &&raw::Text| position(&scenarios, &text.value);
            let all: Vec<&raw::Text> = requirement.scenarios.value.iter().collect();
            self.ascending(source, &all, scenario, "scenarios stand in the order of scenarios.yaml");
            let phase = |text: &&raw::Text| Phase::ALL.iter().position(|phase| phase.as_str() == text.value);
            let phases: Vec<&raw::Text> = requirement.phases.iter().collect();
            let order = "phases stand in the order installation, registration, configuration, operation";
            self.ascending(source, &phases, phase, order);
            let options = requirement.one_of.iter().flat_map(|one_of| one_of.options.values().flatten());
            for flow in requirement.flows.iter().chain(options) {
                self.flow(source, flow);
            }
        }
    }

    fn prerequisite(&mut self, source: &Arc<Source>, prerequisite: &raw::Prerequisite) {
        if let Some(clouds) = &prerequisite.clouds {
            self.clouds(source, &clouds.value);
        }
        let scenarios = self.scenarios.clone();
        let scenario = |text: &&raw::Text| position(&scenarios, &text.value);
        let all: Vec<&raw::Text> = prerequisite.scenarios.iter().collect();
        self.ascending(source, &all, scenario, "scenarios stand in the order of scenarios.yaml");
    }

    fn flow(&mut self, source: &Arc<Source>, flow: &raw::Flow) {
        let ports: Vec<&Spanned<raw::Port>> = flow.ports.value.iter().collect();
        self.ascending(source, &ports, |port| first_port(&port.value), "ports stand by number");
    }

    fn clouds(&mut self, source: &Arc<Source>, clouds: &[raw::Text]) {
        let order = self.clouds.clone();
        let clouds: Vec<&raw::Text> = clouds.iter().collect();
        let key = |text: &&raw::Text| position(&order, &text.value);
        self.ascending(source, &clouds, key, "clouds stand in the order of clouds.yaml");
    }

    /// Reports the first entry that stands behind a later one.
    fn ascending<T, K: Ord + Debug>(
        &mut self,
        source: &Arc<Source>,
        entries: &[&Spanned<T>],
        key: impl Fn(&&Spanned<T>) -> K,
        order: &str,
    ) {
        let pair = entries.windows(2).find_map(|pair| match pair {
            [before, after] if key(before) > key(after) => Some((before, after)),
            _ => None,
        });
        if let Some((before, after)) = pair {
            let finding = Finding::new(Code::NonCanonicalOrder, order)
                .labelled(yaml::place(source, after), "belongs in front of")
                .labelled(yaml::place(source, before), "this one");
            self.findings.push(finding);
        }
    }
}

/// Unknown words have findings of their own; here they go last.
fn position(order: &[String], word: &str) -> usize {
    order.iter().position(|each| each == word).unwrap_or(order.len())
}

/// The number of a port, the first of a range; those that only the customer knows go last.
fn first_port(port: &raw::Port) -> u32 {
    let text = match port {
        raw::Port::Text(text) => text,
        raw::Port::Parameter(parameter) => match &parameter.default {
            Some(text) => &text.value,
            None => return u32::MAX,
        },
    };
    let digits = text.split(['/', '-']).next().unwrap_or_default();
    digits.parse().unwrap_or(u32::MAX)
}

/// `com, windows, login`: names of one domain stand together, a wildcard before its hosts.
fn from_the_right(host: &str) -> Vec<String> {
    host.trim_end_matches('/').rsplit('.').map(str::to_owned).collect()
}
