//! The shipped catalog says what the reference says: row by row, in both directions.
#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::print_stdout, reason = "helpers of tests")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use portbook::catalog::{Catalog, Fact, FactFilter, facts};

/// The documents that the catalog has taken up so far.
const DOCUMENTS: [&str; 9] = [
    "cloud-sync-prerequisites",
    "cloud-sync-troubleshooting",
    "connect-connectivity-troubleshooting",
    "connect-instances",
    "connect-ports",
    "m365-21vianet-endpoints",
    "m365-gcc-high-endpoints",
    "m365-worldwide-endpoints",
    "practical365-cloud-provisioning",
];

/// Requirements that the reference has no row for, each with the reason.
const BEYOND_THE_REFERENCE: [(&str, &str, &str, &str); 2] = [
    ("connect-ports", "2025-04-09", "health-data", "table 7a of the kept text is no row of the reference"),
    (
        "connect-ports",
        "2025-04-09",
        "health-endpoints",
        "table 7b of the kept text is no row of the reference",
    ),
];

/// What is compared, one line a port: scenario, document, edition, cloud, from, documented text, port, transport,
/// need, phase, condition.
type Line = [String; 11];

fn shipped() -> Vec<Fact> {
    let catalog = Catalog::embedded().expect("the embedded catalog loads");
    facts(&catalog, &FactFilter::default()).expect("its facts can be listed")
}

fn line(fact: &Fact) -> Line {
    [
        fact.scenario.to_string(),
        fact.document.to_string(),
        fact.edition.to_string(),
        fact.cloud_word().to_owned(),
        fact.from.clone(),
        fact.documented_as.clone(),
        fact.port.clone(),
        fact.protocol.clone(),
        fact.demand.as_str().to_owned(),
        fact.phase_words(),
        fact.condition.clone().unwrap_or_default(),
    ]
}

fn reference(file: &str) -> Option<Vec<BTreeMap<String, String>>> {
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
struct Vocabulary(BTreeMap<(String, String, String), Vec<(String, String)>>);

impl Vocabulary {
    fn read() -> Option<Self> {
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
    fn lines(&self, row: &BTreeMap<String, String>) -> Vec<Line> {
        let scenario = row["scenario"].as_str();
        let values = |column: &str, meaning: &str| self.values(column, &row[column], scenario, meaning);
        let mut from = values("source", "role");
        from.extend(values("source", "outside").iter().map(|role| format!("outside:{role}")));
        let need = values("required", "need").concat();
        let phases = values("required", "phase").join(" ");
        let when = values("required", "when").concat();
        let mut lines = Vec::new();
        for (port, choice) in self.ports(&row["ports"], scenario) {
            let transport =
                if port.is_empty() { String::new() } else { values("proto", "transport").concat() };
            let condition = match (when.is_empty(), choice.is_empty()) {
                (false, false) => format!("all({when}, {choice})"),
                _ => format!("{when}{choice}"),
            };
            for from in &from {
                lines.push([
                    scenario.to_owned(),
                    row["page"].clone(),
                    row["edition"].clone(),
                    row["cloud"].clone(),
                    from.clone(),
                    row["destination"].clone(),
                    port.clone(),
                    transport.clone(),
                    need.clone(),
                    phases.clone(),
                    condition.clone(),
                ]);
            }
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

#[test]
fn every_fact_is_in_the_reference_and_every_row_of_it_a_fact() {
    let (Some(rows), Some(vocabulary)) = (reference("endpoints.csv"), Vocabulary::read()) else {
        return;
    };
    let beyond = |fact: &Fact| {
        BEYOND_THE_REFERENCE.iter().any(|(document, edition, requirement, _)| {
            (fact.document.as_str(), fact.edition.to_string().as_str(), fact.requirement.as_str())
                == (*document, *edition, *requirement)
        })
    };
    let (extra, compared): (Vec<Fact>, Vec<Fact>) = shipped().into_iter().partition(beyond);
    assert!(!extra.is_empty(), "tables 7a and 7b are in the catalog");
    let ours: BTreeSet<Line> = compared.iter().map(line).collect();
    let wanted = rows.iter().filter(|row| DOCUMENTS.contains(&row["page"].as_str()));
    let theirs: BTreeSet<Line> = wanted.flat_map(|row| vocabulary.lines(row)).collect();
    let only = |name: &str, a: &BTreeSet<Line>, b: &BTreeSet<Line>| -> Vec<String> {
        a.difference(b).map(|line| format!("only in the {name}: {}", line.join(" | "))).collect()
    };
    let mut differences = only("catalog", &ours, &theirs);
    differences.extend(only("reference", &theirs, &ours));
    assert!(differences.is_empty(), "{} lines differ\n{}", differences.len(), differences.join("\n"));
    assert!(theirs.len() > 400, "the reference has rows");
}

/// A clone without the reference has this expectation of its own; `SNAPSHOTS=overwrite cargo test` rewrites it.
#[test]
fn the_whole_catalog_as_csv_is_the_committed_one() {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(Fact::COLUMNS).unwrap();
    for fact in shipped() {
        writer.write_record(fact.row()).unwrap();
    }
    let actual = String::from_utf8(writer.into_inner().unwrap()).unwrap();
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("snapshots/catalog/facts.csv");
    if std::env::var_os("SNAPSHOTS").is_some_and(|value| value == "overwrite") {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, &actual).unwrap();
        return;
    }
    let expected = std::fs::read_to_string(&path).expect("snapshots/catalog/facts.csv is there");
    let (new, old): (BTreeSet<&str>, BTreeSet<&str>) = (actual.lines().collect(), expected.lines().collect());
    let removed = old.difference(&new).map(|line| format!("- {line}"));
    let added = new.difference(&old).map(|line| format!("+ {line}"));
    let lines: Vec<String> = removed.chain(added).collect();
    assert!(actual == expected, "facts changed; SNAPSHOTS=overwrite accepts them\n{}", lines.join("\n"));
}
