//! The canonical order of files and lists.
//!
//! Requirements, hosts of a flow and documents of a scenario stand in the order of the texts, which says something.
//! Everything else has one order, so that a change shows as what it is: registries by id, clouds in the order of
//! clouds.yaml, scenarios in that of scenarios.yaml, phases in the order of a deployment, ports by number, hosts by
//! their labels from the right.

use crate::rule::Phase;

use super::tree::{self, Node, Part};

const BY_ID: &str = "entries stand by id";
const BY_LABELS: &str = "hosts stand by their labels from the right";
const CLOUDS: &str = "clouds stand in the order of clouds.yaml";
const SCENARIOS: &str = "scenarios stand in the order of scenarios.yaml";
const PHASES: &str = "phases stand in the order installation, registration, configuration, operation";
const PORTS: &str = "ports stand by number";

/// The orders that registries give.
#[derive(Debug, Default)]
pub(in crate::catalog) struct Orders {
    clouds: Vec<String>,
    scenarios: Vec<String>,
}

/// A list that has an order.
#[derive(Debug)]
pub(in crate::catalog) struct Sorted<'t> {
    /// Which one, in words.
    pub(in crate::catalog) order: &'static str,
    pub(in crate::catalog) list: &'t Part,
    /// The numbers of children from the root to it.
    pub(super) path: Vec<usize>,
    keys: Vec<Key>,
}

/// What an entry is ordered by.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    Number(usize),
    Words(Vec<String>),
}

impl<'t> Sorted<'t> {
    pub(in crate::catalog) fn items(&self) -> &'t [Part] {
        self.list.value.items()
    }

    pub(super) fn is_out_of_order(&self) -> bool {
        !self.keys.is_sorted()
    }

    /// The first entry that stands behind a later one, and that one.
    pub(in crate::catalog) fn first_pair(&self) -> Option<(&'t Part, &'t Part)> {
        let mut pairs = self.keys.windows(2).zip(self.items().windows(2));
        pairs.find_map(|(keys, items)| match (keys, items) {
            ([a, b], [before, after]) if a > b => Some((before, after)),
            _ => None,
        })
    }

    /// The numbers of the entries in their order; equal ones stay as they are.
    pub(super) fn new_order(&self) -> Vec<usize> {
        let mut keyed: Vec<(&Key, usize)> = self.keys.iter().enumerate().map(|(at, key)| (key, at)).collect();
        keyed.sort();
        keyed.into_iter().map(|(_, at)| at).collect()
    }
}

impl Orders {
    /// From the texts of all files, with their paths.
    pub(in crate::catalog) fn new<'f>(files: impl Iterator<Item = (&'f str, &'f str)>) -> Self {
        let mut orders = Self::default();
        for (path, text) in files {
            let known = match path {
                "clouds.yaml" => &mut orders.clouds,
                "scenarios.yaml" => &mut orders.scenarios,
                _ => continue,
            };
            let Some(tree) = tree::parse(text) else {
                continue;
            };
            let ids = tree.value.items().iter().filter_map(|row| row.value.get("id")?.1.value.words());
            known.extend(ids.map(str::to_owned));
        }
        orders
    }

    /// Every list of a file that has an order, outer ones first.
    pub(in crate::catalog) fn lists<'t>(&self, path: &str, tree: &'t Part) -> Vec<Sorted<'t>> {
        let mut found = Found { orders: self, lists: Vec::new() };
        let root = At { path: Vec::new(), part: tree };
        match path {
            "hosts.yaml" => found.add(&root, BY_LABELS, |row| by_labels(row.get("host"))),
            "scenarios.yaml" => found.scenarios(&root),
            "address-lists.yaml" | "choices.yaml" | "conditions.yaml" | "parameters.yaml" | "roles.yaml" => {
                found.add(&root, BY_ID, by_id);
            }
            _ if path.starts_with("documents/") && !path.ends_with("/document.yaml") => found.edition(&root),
            _ => {}
        }
        found.lists
    }
}

/// A place in the tree.
struct At<'t> {
    path: Vec<usize>,
    part: &'t Part,
}

impl<'t> At<'t> {
    fn child(&self, index: usize, part: &'t Part) -> Self {
        let mut path = self.path.clone();
        path.push(index);
        Self { path, part }
    }

    fn key(&self, key: &str) -> Option<Self> {
        self.part.value.get(key).map(|(index, part)| self.child(index, part))
    }

    /// The entries of the list under a key.
    fn each(&self, key: &str) -> Vec<Self> {
        self.key(key).map(|list| list.items()).unwrap_or_default()
    }

    fn items(&self) -> Vec<Self> {
        let items = self.part.value.items().iter().enumerate();
        items.map(|(index, part)| self.child(index, part)).collect()
    }
}

struct Found<'o, 't> {
    orders: &'o Orders,
    lists: Vec<Sorted<'t>>,
}

impl<'t> Found<'_, 't> {
    fn add(&mut self, at: &At<'t>, order: &'static str, key: impl Fn(&Node) -> Key) {
        let keys = at.part.value.items().iter().map(|item| key(&item.value)).collect();
        self.lists.push(Sorted { order, list: at.part, path: at.path.clone(), keys });
    }

    fn scenarios(&mut self, root: &At<'t>) {
        self.add(root, BY_ID, by_id);
        for scenario in root.items() {
            self.clouds(&scenario);
            for gap in scenario.each("gaps") {
                self.flows(&gap);
            }
        }
    }

    fn edition(&mut self, root: &At<'t>) {
        for requirement in root.each("requirements") {
            self.clouds(&requirement);
            self.scenarios_of(&requirement);
            if let Some(phases) = requirement.key("phases") {
                let phase = |word: &str| Phase::ALL.iter().position(|phase| phase.as_str() == word);
                self.add(&phases, PHASES, |node| {
                    Key::Number(node.words().and_then(phase).unwrap_or(Phase::ALL.len()))
                });
            }
            self.flows(&requirement);
            self.options(&requirement);
        }
        for other in root.each("prerequisites").into_iter().chain(root.each("not")) {
            self.clouds(&other);
            self.scenarios_of(&other);
            self.ports(&other);
        }
    }

    /// The flows of alternatives.
    fn options(&mut self, requirement: &At<'t>) {
        let Some(options) = requirement.key("one-of").and_then(|one_of| one_of.key("options")) else {
            return;
        };
        for (index, option) in options.part.value.children().into_iter().enumerate() {
            for flow in options.child(index, option).items() {
                self.ports(&flow);
            }
        }
    }

    fn flows(&mut self, of: &At<'t>) {
        for flow in of.each("flows") {
            self.ports(&flow);
        }
    }

    fn ports(&mut self, flow: &At<'t>) {
        if let Some(ports) = flow.key("ports") {
            self.add(&ports, PORTS, |port| Key::Number(first_port(port)));
        }
    }

    fn clouds(&mut self, of: &At<'t>) {
        let orders = self.orders;
        if let Some(clouds) = of.key("clouds") {
            self.add(&clouds, CLOUDS, |cloud| position(&orders.clouds, cloud));
        }
    }

    fn scenarios_of(&mut self, of: &At<'t>) {
        let orders = self.orders;
        if let Some(scenarios) = of.key("scenarios") {
            self.add(&scenarios, SCENARIOS, |scenario| position(&orders.scenarios, scenario));
        }
    }
}

/// What names an entry: its id or host; a scalar itself.
pub(in crate::catalog) fn name(entry: &Part) -> &Part {
    let named = |key| entry.value.get(key).map(|(_, part)| part);
    named("id").or_else(|| named("host")).unwrap_or(entry)
}

fn by_id(row: &Node) -> Key {
    Key::Words(row.get("id").and_then(|(_, id)| id.value.words()).map(str::to_owned).into_iter().collect())
}

/// `com, windows, login`: names of one domain stand together, a wildcard before its hosts.
fn by_labels(host: Option<(usize, &Part)>) -> Key {
    let host = host.and_then(|(_, host)| host.value.words()).unwrap_or_default();
    Key::Words(host.trim_end_matches('/').rsplit('.').map(str::to_owned).collect())
}

/// Unknown words have findings of their own; here they go last.
fn position(order: &[String], word: &Node) -> Key {
    let known = word.words().and_then(|word| order.iter().position(|each| each == word));
    Key::Number(known.unwrap_or(order.len()))
}

/// The number of a port, the first of a range; those that only the customer knows go last.
fn first_port(port: &Node) -> usize {
    let text = match port {
        Node::Entry(_) => port.get("default").and_then(|(_, default)| default.value.words()),
        other => other.words(),
    };
    let Some(text) = text else {
        return usize::MAX;
    };
    text.split(['/', '-']).next().and_then(|digits| digits.parse().ok()).unwrap_or(usize::MAX)
}
