//! The shipped catalog says what the reference says: row by row, in both directions.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    reason = "helpers of tests"
)]

#[path = "../contradicted/mod.rs"]
mod contradicted;
mod vocabulary;

use std::collections::BTreeSet;
use std::path::PathBuf;

use portbook::catalog::{Catalog, Direction, Fact, FactFilter, facts};

use contradicted::CONTRADICTED;
use vocabulary::{Line, Vocabulary, reference};

/// Requirements and negative facts that the reference has no row for: document, editions (all if none), id, reason.
const BEYOND_THE_REFERENCE: &[(&str, &[&str], &str, &str)] = &[
    ("connect-ports", &["2025-04-09"], "health-data", "table 7a of the kept text is no row of the reference"),
    (
        "connect-ports",
        &["2025-04-09"],
        "health-endpoints",
        "table 7b of the kept text is no row of the reference",
    ),
    (
        "health-agent-install",
        &["2023-11-06", "2025-04-09"],
        "china",
        "section 8 of the reference's text says it of these editions too, its rows of the newest only",
    ),
    (
        "government-cloud",
        &["2020-04-14"],
        "single-sign-on-enabling",
        "the text has its section on single sign-on already, word for word as in 2025",
    ),
    (
        "government-cloud",
        &["2020-04-14"],
        "single-sign-on-browsers",
        "the text has its section on single sign-on already, word for word as in 2025",
    ),
    (
        "password-protection-deploy",
        &[],
        "connector-endpoints",
        "\"plus entire private-network-connector list\" is a note on the rows of the hosts",
    ),
    ("password-protection-deploy", &[], "not-with-connector", "sections 4 and 6 of the reference's text"),
    (
        "application-proxy-add-application",
        &[],
        "not-with-password-protection",
        "sections 4 and 6 of its text",
    ),
    ("connector-configure", &[], "not-with-password-protection", "sections 4 and 6 of the reference's text"),
];

/// Options that the reference has no row for: they stand in notes on the row of the other one.
const OPTIONS_BEYOND: [(&str, &str); 2] = [
    ("choice:certificate-authentication-endpoint=certauth-host", "no row of its own, says the vocabulary"),
    (
        "choice:seamless-sso-enabling-host=tenant-host",
        "the note of the row with the wildcard names this host",
    ),
];

/// The option that such a row stands for although its words tell no alternative.
const OPTION_UNTOLD: &str = ", choice:seamless-sso-enabling-host=wildcard)";

/// Texts that the reference writes otherwise than the page: its section 5 says how the page has them.
const REWRITTEN: [(&str, &str); 1] = [("*.adhybridhealth.azure.com/", "*.adhybridhealth.azure.com")];

fn is_contradicted(line: &Line) -> bool {
    let [_, document, edition, cloud, _, destination, ..] = line;
    contradicted::is_contradicted([document, edition, cloud, destination].map(String::as_str))
}

fn catalog() -> Catalog {
    Catalog::embedded().expect("the embedded catalog loads")
}

fn shipped(catalog: &Catalog) -> Vec<Fact> {
    facts(catalog, &FactFilter::default()).expect("its facts can be listed")
}

fn line(catalog: &Catalog, fact: &Fact) -> Line {
    let rewritten = REWRITTEN.iter().find(|(page, _)| *page == fact.documented_as);
    let direction = match fact.direction {
        Direction::Inbound => Direction::Outbound,
        other => other,
    };
    [
        fact.scenario.to_string(),
        fact.document.to_string(),
        fact.edition.to_string(),
        fact.cloud_word().to_owned(),
        fact.from.clone(),
        rewritten.map_or(fact.documented_as.as_str(), |(_, reference)| reference).to_owned(),
        fact.to.clone(),
        fact.port.clone(),
        fact.protocol.clone(),
        fact.demand.as_str().to_owned(),
        fact.phase_words(),
        condition(fact),
        direction.as_str().to_owned(),
        tls_inspection(catalog, fact),
    ]
}

fn condition(fact: &Fact) -> String {
    let condition = fact.condition.clone().unwrap_or_default();
    match condition.strip_suffix(OPTION_UNTOLD) {
        Some(rest) => rest.trim_start_matches("all(").to_owned(),
        None => condition,
    }
}

fn tls_inspection(catalog: &Catalog, fact: &Fact) -> String {
    let document = catalog.document(&fact.document).expect("its document");
    let text = catalog.edition(document, fact.edition).expect("its edition");
    let says = text.requirement(&fact.requirement).map(|requirement| requirement.tls_inspection.as_str());
    says.unwrap_or("not-stated").to_owned()
}

fn is_beyond(fact: &Fact) -> bool {
    let edition = fact.edition.to_string();
    let listed = BEYOND_THE_REFERENCE.iter().any(|(document, editions, id, _)| {
        (fact.document.as_str(), fact.requirement.as_str()) == (*document, *id)
            && (editions.is_empty() || editions.contains(&edition.as_str()))
    });
    let condition = fact.condition.as_deref().unwrap_or_default();
    listed || OPTIONS_BEYOND.iter().any(|(option, _)| condition.contains(option))
}

#[test]
fn every_fact_is_in_the_reference_and_every_row_of_it_a_fact() {
    let (Some(rows), Some(vocabulary)) = (reference("endpoints.csv"), Vocabulary::read()) else {
        return;
    };
    let catalog = catalog();
    let (extra, compared): (Vec<Fact>, Vec<Fact>) = shipped(&catalog).into_iter().partition(is_beyond);
    for (document, _, id, why) in BEYOND_THE_REFERENCE {
        let there = |fact: &Fact| (fact.document.as_str(), fact.requirement.as_str()) == (*document, *id);
        assert!(extra.iter().any(there), "{document} has no {id} any more ({why})");
    }
    let ours: BTreeSet<Line> = compared.iter().map(|fact| line(&catalog, fact)).collect();
    let theirs: BTreeSet<Line> = rows.iter().flat_map(|row| vocabulary.lines(row)).collect();
    let [(ours, own), (theirs, other)] = [ours, theirs].map(|lines| {
        let (apart, kept): (BTreeSet<Line>, BTreeSet<Line>) = lines.into_iter().partition(is_contradicted);
        (kept, apart)
    });
    assert!(own.is_disjoint(&other) && own.len() == CONTRADICTED.len(), "a contradiction is settled");
    let only = |name: &str, a: &BTreeSet<Line>, b: &BTreeSet<Line>| -> Vec<String> {
        a.difference(b).map(|line| format!("only in the {name}: {}", line.join(" | "))).collect()
    };
    let mut differences = only("catalog", &ours, &theirs);
    differences.extend(only("reference", &theirs, &ours));
    assert!(differences.is_empty(), "{} lines differ\n{}", differences.len(), differences.join("\n"));
    assert!(rows.len() > 900 && theirs.len() > 950, "the reference has rows");
}

/// A clone without the reference has this expectation of its own; `SNAPSHOTS=overwrite cargo test` rewrites it.
#[test]
fn the_whole_catalog_as_csv_is_the_committed_one() {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(Fact::COLUMNS).unwrap();
    for fact in shipped(&catalog()) {
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
