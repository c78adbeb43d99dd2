//! The reference as this test reads it: rows of endpoints.csv under vocabulary.csv, and section 1 of endpoints.md.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// A row of a CSV file, by column.
pub(crate) type Row = BTreeMap<String, String>;

/// One flow as a document states it, without scenario, cloud and edition.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Line {
    pub(crate) from: String,
    pub(crate) documented_as: String,
    /// `443/tcp+udp`.
    pub(crate) service: String,
    pub(crate) need: String,
    /// `any` or phases.
    pub(crate) phases: String,
    pub(crate) condition: String,
}

/// A row as section 1 of endpoints.md writes it: destination, `port/TRANSPORT`, value of `required`.
pub(crate) type Item = (String, String, String);

pub(crate) fn text(file: &str) -> Option<String> {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/reference");
    let path = std::env::var_os("PORTBOOK_REFERENCE").map_or_else(beside, PathBuf::from).join(file);
    if !path.exists() {
        println!("skipped: the reference is not beside this clone; snapshots/diff still holds");
        return None;
    }
    Some(std::fs::read_to_string(path).expect("the reference can be read"))
}

pub(crate) fn rows(file: &str) -> Option<Vec<Row>> {
    let text = text(file)?;
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    Some(reader.deserialize().map(|row| row.expect("the reference is CSV")).collect())
}

/// How section 1 writes a row: without what stands in brackets behind the value of `required`.
pub(crate) fn item(row: &Row) -> Item {
    let required = row["required"].split(" (").next().unwrap().to_owned();
    (row["destination"].clone(), format!("{}/{}", row["ports"], row["proto"]), required)
}

/// The agreed reading of the reference's free texts.
pub(crate) struct Vocabulary(BTreeMap<(String, String, String), Vec<(String, String)>>);

impl Vocabulary {
    pub(crate) fn read() -> Option<Self> {
        let mut readings: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for row in rows("vocabulary.csv")? {
            let key = (row["column"].clone(), row["text"].clone(), row["scenario"].clone());
            readings.entry(key).or_default().push((row["meaning"].clone(), row["value"].clone()));
        }
        Some(Self(readings))
    }

    fn values(&self, column: &str, text: &str, scenario: &str, meaning: &str) -> Vec<String> {
        let key = |scenario: &str| (column.to_owned(), text.to_owned(), scenario.to_owned());
        let all = self.0.get(&key(scenario)).or_else(|| self.0.get(&key(""))).map_or(&[][..], Vec::as_slice);
        all.iter().filter(|(word, _)| word == meaning).map(|(_, value)| value.clone()).collect()
    }

    /// The lines that a row stands for.
    pub(crate) fn lines(&self, row: &Row) -> Vec<Line> {
        let scenario = row["scenario"].as_str();
        let values = |column: &str, meaning: &str| self.values(column, &row[column], scenario, meaning);
        let mut from = values("source", "role");
        from.extend(values("source", "outside").iter().map(|role| format!("outside:{role}")));
        let when = values("required", "when").concat();
        let mut lines = Vec::new();
        for (port, choice) in self.ports(&row["ports"], scenario) {
            let transport = values("proto", "transport").concat();
            let service = match (port.as_str(), transport.as_str()) {
                ("", _) => String::new(),
                (port, "" | "unstated") => port.to_owned(),
                (port, transport) => format!("{port}/{transport}"),
            };
            let condition = match (when.is_empty(), choice.is_empty()) {
                (false, false) => format!("all({when}, {choice})"),
                _ => format!("{when}{choice}"),
            };
            lines.extend(from.iter().map(|from| Line {
                from: from.clone(),
                documented_as: row["destination"].clone(),
                service: service.clone(),
                need: values("required", "need").concat(),
                phases: values("required", "phase").join(" "),
                condition: condition.clone(),
            }));
        }
        lines
    }

    /// Ports, each with the alternative that it belongs to.
    fn ports(&self, text: &str, scenario: &str) -> Vec<(String, String)> {
        let choices = self.values("ports", text, scenario, "one-of");
        if !choices.is_empty() {
            let split = |choice: &String| {
                let (option, port) = choice.split_once('=').expect("group:option=port");
                (port.to_owned(), format!("choice:{}", option.replacen(':', "=", 1)))
            };
            return choices.iter().map(split).collect();
        }
        let ports = self.values("ports", text, scenario, "ports");
        let ports = ports.first().map_or(text, String::as_str);
        if ports == "none" {
            return vec![(String::new(), String::new())];
        }
        ports.split(',').map(|port| (port.trim().to_owned(), String::new())).collect()
    }
}

/// One line of section 1: `**A -> B** (...), N rows: added ...; removed ...`.
#[derive(Debug)]
pub(crate) struct Expected {
    pub(crate) old: String,
    pub(crate) new: String,
    /// The line as it stands, for messages.
    pub(crate) line: String,
    pub(crate) added: BTreeSet<Item>,
    pub(crate) removed: BTreeSet<Item>,
}

/// All pairs of section 1.
pub(crate) fn section_1() -> Option<Vec<Expected>> {
    let text = text("endpoints.md")?;
    let (_, section) =
        text.split_once("## 1. Differences from version to version").expect("section 1 is there");
    let (section, _) = section.split_once("\n## 2. ").expect("section 2 follows");
    Some(section.lines().filter_map(expected).collect())
}

fn expected(line: &str) -> Option<Expected> {
    let (pair, rest) = line.strip_prefix("- **")?.split_once("** ")?;
    let (old, new) = pair.split_once(" -> ")?;
    let (_, changes) = rest.split_once(": added ").expect("a pair says what is added");
    let (added, removed) = changes.split_once("; removed ").expect("and what is removed");
    Some(Expected {
        old: old.to_owned(),
        new: new.to_owned(),
        line: line.to_owned(),
        added: items(added),
        removed: items(removed),
    })
}

/// `` `destination`:port/TRANSPORT [required] ``, separated by commas; ports and values may hold commas too.
fn items(text: &str) -> BTreeSet<Item> {
    if text == "none" {
        return BTreeSet::new();
    }
    let parts: Vec<&str> = text.split('`').collect();
    let pairs = parts[1..].chunks(2);
    let items = pairs.map(|pair| {
        let behind = pair[1].trim_end_matches(", ").strip_prefix(':').expect("a port follows");
        let (service, required) =
            behind.strip_suffix(']').expect("a value ends it").split_once(" [").unwrap();
        (pair[0].to_owned(), service.to_owned(), required.to_owned())
    });
    items.collect()
}
