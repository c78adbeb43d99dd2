//! The reference beside this clone, and the agreed reading of its free texts.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// A row of the reference, by column.
pub(crate) type Row = BTreeMap<String, String>;

/// What is compared, one line a port and a destination: scenario, document, edition, cloud, from, documented text, to,
/// port, transport, need, phase, condition, direction, TLS inspection.
pub(crate) type Line = [String; 14];

/// The rows of a file of the reference; nothing where it is not beside this clone.
pub(crate) fn reference(file: &str) -> Option<Vec<Row>> {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/reference");
    let path = std::env::var_os("PORTBOOK_REFERENCE").map_or_else(beside, PathBuf::from).join(file);
    if !path.exists() {
        println!("skipped: the reference is not beside this clone; snapshots/catalog/facts.csv still holds");
        return None;
    }
    let mut reader = csv::Reader::from_path(path).expect("the reference can be read");
    Some(reader.deserialize().map(|row| row.expect("the reference is CSV")).collect())
}

/// The agreed reading of the reference's free texts: (column, text, scenario or nothing) to (meaning, value).
pub(crate) struct Vocabulary(BTreeMap<(String, String, String), Vec<(String, String)>>);

impl Vocabulary {
    pub(crate) fn read() -> Option<Self> {
        let mut readings: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for row in reference("vocabulary.csv")? {
            let key = (row["column"].clone(), row["text"].clone(), row["scenario"].clone());
            readings.entry(key).or_default().push((row["meaning"].clone(), row["value"].clone()));
        }
        Some(Self(readings))
    }

    /// What a text means in a scenario; readings of the scenario win over general ones.
    fn of(&self, column: &str, text: &str, scenario: &str) -> &[(String, String)] {
        let key = |scenario: &str| (column.to_owned(), text.to_owned(), scenario.to_owned());
        self.0.get(&key(scenario)).or_else(|| self.0.get(&key(""))).map_or(&[], Vec::as_slice)
    }

    fn values(&self, column: &str, text: &str, scenario: &str, meaning: &str) -> Vec<String> {
        let all = self.of(column, text, scenario).iter();
        all.filter(|(word, _)| word == meaning).map(|(_, value)| value.clone()).collect()
    }

    /// The lines of the catalog that a row of the reference stands for.
    pub(crate) fn lines(&self, row: &Row) -> Vec<Line> {
        let scenario = row["scenario"].as_str();
        let values = |column: &str, meaning: &str| self.values(column, &row[column], scenario, meaning);
        let mut lines = Vec::new();
        for (port, choice) in self.ports(row) {
            for (transport, when) in self.transports(row) {
                let mut conditions = vec![values("required", "when").concat(), when, choice.clone()];
                conditions.retain(|condition| !condition.is_empty());
                let condition = match conditions.as_slice() {
                    [] => String::new(),
                    [one] => one.clone(),
                    several => format!("all({})", several.join(", ")),
                };
                for (from, to) in self.ends(row) {
                    lines.push([
                        scenario.to_owned(),
                        row["page"].clone(),
                        row["edition"].clone(),
                        row["cloud"].clone(),
                        from,
                        row["destination"].clone(),
                        to,
                        port.clone(),
                        if port.is_empty() { String::new() } else { transport.clone() },
                        values("required", "need").concat(),
                        values("required", "phase").join(" "),
                        condition.clone(),
                        self.direction(row),
                        self.tls_inspection(row),
                    ]);
                }
            }
        }
        lines
    }

    /// Ports, each with the alternative that it belongs to.
    fn ports(&self, row: &Row) -> Vec<(String, String)> {
        let (text, scenario) = (row["ports"].as_str(), row["scenario"].as_str());
        let choices = self.values("ports", text, scenario, "one-of");
        if !choices.is_empty() {
            let split = |choice: &String| {
                let (option, port) = choice.split_once('=').expect("group:option=port");
                (port.to_owned(), condition_of(option))
            };
            return choices.iter().map(split).collect();
        }
        // One row for a group is its first option; the vocabulary says that the others have none.
        let option = self.values("required", &row["required"], scenario, "one-of");
        let choice = option.first().map(|option| condition_of(option)).unwrap_or_default();
        let ports = self.values("ports", text, scenario, "ports");
        let parameter = self.values("ports", text, scenario, "parameter");
        let ports = match (ports.first(), parameter.first()) {
            (Some(ports), _) if ports == "none" => return vec![(String::new(), choice)],
            (Some(ports), _) => ports.clone(),
            (None, Some(parameter)) => format!("{{{parameter}}}"),
            (None, None) => text.to_owned(),
        };
        ports.split(',').map(|port| (port.trim().to_owned(), choice.clone())).collect()
    }

    /// Transports, a second one with its condition.
    fn transports(&self, row: &Row) -> Vec<(String, String)> {
        let values = |meaning: &str| self.values("proto", &row["proto"], &row["scenario"], meaning);
        let when = values("when").concat();
        let each = values("transport").into_iter().enumerate();
        each.map(|(index, transport)| (transport, if index == 0 { String::new() } else { when.clone() }))
            .collect()
    }

    /// Every source to every destination.
    fn ends(&self, row: &Row) -> Vec<(String, String)> {
        let scenario = row["scenario"].as_str();
        let values = |column: &str, meaning: &str| self.values(column, &row[column], scenario, meaning);
        let mut from = values("source", "role");
        from.extend(values("source", "outside").iter().map(|role| format!("outside:{role}")));
        from.extend(values("source", "service-tag").iter().map(|tag| format!("tag:{tag}")));
        let to = self.destinations(row);
        from.iter().flat_map(|from| to.iter().map(move |to| (from.clone(), to.clone()))).collect()
    }

    /// The destination in the words of the facts.
    fn destinations(&self, row: &Row) -> Vec<String> {
        let text = row["destination"].as_str();
        let meanings = self.of("destination", text, &row["scenario"]);
        let mut destinations: Vec<String> = meanings
            .iter()
            .map(|(meaning, value)| match meaning.as_str() {
                "template" => format!("{{{value}}}"),
                "service-tag" => format!("tag:{value}"),
                "list" => format!("list:{value}"),
                "unstated" => "unstated".to_owned(),
                "azure-ranges" => format!("ranges:{}", row["cloud"]),
                "apex" => format!("[*.]{value}"),
                "unsupported" => String::new(),
                "role" | "host" | "url" | "suspected-typo-of" => value.clone(),
                other => panic!("a meaning of destinations that is not known here: {other}"),
            })
            .collect();
        destinations.dedup();
        if destinations.is_empty() { vec![text.to_owned()] } else { destinations }
    }

    /// Whether either side opens connections, or it stays on the host; who lies outside is a matter of roles.
    fn direction(&self, row: &Row) -> String {
        let direction = self.values("direction", &row["direction"], &row["scenario"], "direction").concat();
        if direction == "inbound" { "outbound".to_owned() } else { direction }
    }

    fn tls_inspection(&self, row: &Row) -> String {
        let values =
            self.values("tls_inspection", &row["tls_inspection"], &row["scenario"], "tls-inspection");
        // The one text with two meanings names the hosts of the first.
        let excluded = ["device.login.", "enterpriseregistration."];
        match values.as_slice() {
            [one] => one.clone(),
            [first, _] if excluded.iter().any(|start| row["destination"].starts_with(start)) => first.clone(),
            [_, second] => second.clone(),
            _ => panic!("{} has no agreed reading", row["tls_inspection"]),
        }
    }
}

/// `group:option` as the facts write it.
fn condition_of(option: &str) -> String {
    format!("choice:{}", option.replacen(':', "=", 1))
}
