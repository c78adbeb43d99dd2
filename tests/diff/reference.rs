//! The differences that the reference expects, row by row and both ways.
//!
//! A row of the reference is a destination with its ports, transport and need as a document writes them; a change is a
//! flow. Each row that comes or goes has to be in a change, and each change has to be a row that comes or goes.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use portbook::catalog::{Catalog, Edition, Fact, FactFilter, facts};
use portbook::diff::{Category, Change, Difference, SideOptions, Statement};

use super::contradicted::is_contradicted;
use super::rows::{Expected, Item, Line, Row, Vocabulary, item, rows, section_1};

/// What the reference says of one text, for one scenario and one cloud (`any` where the text names none).
struct Text<'a> {
    page: &'a str,
    edition: &'a str,
    rows: Vec<&'a Row>,
}

/// Everything that is compared for one pair.
struct Pair<'a> {
    scenario: &'a str,
    cloud: &'a str,
    old: Text<'a>,
    new: Text<'a>,
}

impl<'a> Pair<'a> {
    /// Whether the page says otherwise than the reference of this line, in either text.
    fn is_contradicted(&self, line: &Line) -> bool {
        let of = |text: &Text<'_>| {
            is_contradicted([text.page, text.edition, self.cloud, line.documented_as.as_str()])
        };
        of(&self.old) || of(&self.new)
    }

    fn swapped(self) -> Pair<'a> {
        Pair { old: self.new, new: self.old, ..self }
    }
}

struct Reference {
    rows: Vec<Row>,
    vocabulary: Vocabulary,
    catalog: Catalog,
    facts: Vec<Fact>,
    /// Requirements of which no fact is a row of the reference, by document: tests/facts.rs lists them with the reasons.
    beyond: BTreeSet<(String, String)>,
}

impl Reference {
    fn read() -> Option<Self> {
        let catalog = Catalog::embedded().expect("the embedded catalog loads");
        let (rows, vocabulary) = (rows("endpoints.csv")?, Vocabulary::read()?);
        let facts = facts(&catalog, &FactFilter::default()).expect("the facts can be listed");
        let beyond = beyond(&facts, &rows, &vocabulary);
        Some(Self { rows, vocabulary, catalog, facts, beyond })
    }

    fn text<'a>(&'a self, page: &'a str, edition: &'a str, scenario: &str, cloud: &str) -> Text<'a> {
        let here = |row: &&Row| {
            (row["page"].as_str(), row["edition"].as_str()) == (page, edition)
                && (row["scenario"].as_str(), row["cloud"].as_str()) == (scenario, cloud)
        };
        Text { page, edition, rows: self.rows.iter().filter(here).collect() }
    }

    fn has(&self, page: &str, edition: &str) -> bool {
        let document = self.catalog.documents().find(|document| document.id().as_str() == page);
        let edition: Edition = edition.parse().unwrap();
        document.is_some_and(|document| document.editions().any(|each| each == edition))
    }

    fn lines(&self, rows: &[&Row]) -> BTreeSet<Line> {
        rows.iter().flat_map(|row| self.vocabulary.lines(row)).collect()
    }

    /// The lines of a text in any cloud: what a change may speak of.
    fn all_lines(&self, text: &Text<'_>, scenario: &str) -> BTreeSet<Line> {
        let here = |row: &&Row| {
            (row["page"].as_str(), row["edition"].as_str(), row["scenario"].as_str())
                == (text.page, text.edition, scenario)
        };
        self.lines(&self.rows.iter().filter(here).collect::<Vec<_>>())
    }

    /// What the catalog has of a text beyond the reference.
    fn extra_lines(&self, text: &Text<'_>, scenario: &str) -> BTreeSet<Line> {
        let known = self.all_lines(text, scenario);
        let here = |fact: &&Fact| {
            (fact.document.as_str(), fact.edition.to_string().as_str(), fact.scenario.as_str())
                == (text.page, text.edition, scenario)
        };
        self.facts.iter().filter(here).map(line_of).filter(|line| !known.contains(line)).collect()
    }

    /// What is wrong with the difference of a pair; empty if all rows are right.
    fn compare(&self, pair: &Pair<'_>) -> String {
        let side = |text: &Text<'_>| format!("{}@{}", text.page, text.edition);
        let cloud = Some(pair.cloud).filter(|cloud| *cloud != "any").map(str::to_owned);
        let (old, new) = (side(&pair.old), side(&pair.new));
        let difference =
            Difference::between(&self.catalog, &old, &new, &SideOptions { cloud }, &[]).expect("it compares");
        let changes = difference.changes.iter().filter(|change| {
            let scenarios = &change.scenarios;
            scenarios.iter().any(|scenario| scenario.as_str() == pair.scenario)
        });
        let changes: Vec<&Change> = changes.collect();
        let mut report = String::new();
        self.direction("added", pair, (&pair.old, &pair.new), &changes, |change| &change.new, &mut report);
        self.direction("removed", pair, (&pair.new, &pair.old), &changes, |change| &change.old, &mut report);
        if report.is_empty() {
            report
        } else {
            format!("{old} -> {new}, {} {}\n{report}", pair.scenario, pair.cloud)
        }
    }

    fn direction(
        &self,
        word: &str,
        pair: &Pair<'_>,
        (before, after): (&Text<'_>, &Text<'_>),
        changes: &[&Change],
        side: fn(&Change) -> &Vec<Statement>,
        report: &mut String,
    ) {
        let (were, are) = (self.lines(&before.rows), self.lines(&after.rows));
        let extra = self.extra_lines(before, pair.scenario);
        let settled = |line: &Line| !pair.is_contradicted(line);
        let expected = are.difference(&were).filter(|line| !extra.contains(line) && settled(line));
        let expected: BTreeSet<&Line> = expected.collect();
        let beyond = |statement: &&Statement| {
            let (document, requirement) = (&statement.source.document, &statement.source.requirement);
            !self.beyond.contains(&(document.to_string(), requirement.to_string()))
        };
        let told: BTreeSet<Line> =
            changes.iter().flat_map(|change| side(change)).filter(beyond).map(line).filter(settled).collect();
        let effect: BTreeSet<Line> = changes
            .iter()
            .filter(|change| change.category != Category::Wording)
            .flat_map(|change| side(change))
            .map(line)
            .collect();
        for line in expected.iter().filter(|line| told.contains(line) && !effect.contains(line)) {
            if !only_documented_otherwise(line, &were) {
                let _ = writeln!(report, "  {word} in the reference, only wording here: {line:?}");
            }
        }
        let anywhere = self.all_lines(after, pair.scenario);
        for line in told.iter().filter(|line| !anywhere.contains(line)) {
            let _ = writeln!(report, "  a change is no row of the reference: {line:?}");
        }
        for line in expected.iter().filter(|line| !told.contains(line) && !only_transports(line, &were, &are))
        {
            let _ = writeln!(report, "  {word} in the reference, in no change: {line:?}");
        }
        let other = self.all_lines(before, pair.scenario);
        for line in told.iter().filter(|line| are.contains(line) && !expected.contains(line)) {
            // What is read into a text without hosts changes with the hosts; the row of the text stays.
            let read =
                changes.iter().flat_map(|change| side(change)).filter(|each| self::line(each) == *line);
            let mut read = read.peekable();
            let reads = read.peek().is_some() && read.all(|each| !each.interpreted.is_empty());
            let wording = only_wording(line, changes, side);
            if !(reads || wording) || !other.contains(line) {
                let _ = writeln!(report, "  in a change, not {word} in the reference: {line:?}");
            }
        }
    }
}

fn beyond(facts: &[Fact], rows: &[Row], vocabulary: &Vocabulary) -> BTreeSet<(String, String)> {
    let lines = |row: &Row| -> Vec<(String, Line)> {
        vocabulary.lines(row).into_iter().map(|line| (row["page"].clone(), line)).collect()
    };
    let known: BTreeSet<(String, Line)> = rows.iter().flat_map(lines).collect();
    let name = |fact: &Fact| (fact.document.to_string(), fact.requirement.to_string());
    let is_row = |fact: &&Fact| known.contains(&(fact.document.to_string(), line_of(fact)));
    let within: BTreeSet<_> = facts.iter().filter(is_row).map(name).collect();
    let documents: BTreeSet<&String> = rows.iter().map(|row| &row["page"]).collect();
    let beyond = facts.iter().map(name).filter(|name| documents.contains(&name.0) && !within.contains(name));
    beyond.collect()
}

/// Purpose and TLS inspection are no part of a row's identity, nor is a part of its transports.
fn only_wording(wanted: &Line, changes: &[&Change], side: fn(&Change) -> &Vec<Statement>) -> bool {
    let here = changes.iter().filter(|change| side(change).iter().any(|each| line(each) == *wanted));
    here.into_iter().all(|change| {
        let mut old: Vec<Line> = change.old.iter().map(line).collect();
        let mut new: Vec<Line> = change.new.iter().map(line).collect();
        old.sort();
        new.sort();
        old == new
    })
}

/// A row that says the same of another spelling of the destination.
fn only_documented_otherwise(line: &Line, were: &BTreeSet<Line>) -> bool {
    were.iter().any(|other| Line { documented_as: line.documented_as.clone(), ..other.clone() } == *line)
}

/// A row whose transports are fewer or more comes and goes as a whole; as flows, only the others do. A flow that stays
/// is in no change then.
fn only_transports(line: &Line, were: &BTreeSet<Line>, are: &BTreeSet<Line>) -> bool {
    let port = |line: &Line| line.service.split('/').next().unwrap().to_owned();
    let transports = |line: &Line| -> BTreeSet<String> {
        line.service.split_once('/').map_or("", |(_, all)| all).split('+').map(str::to_owned).collect()
    };
    let alike = |other: &&Line| {
        let other: &Line = other;
        let rest = |line: &Line| Line { service: port(line), ..line.clone() };
        rest(other) == rest(line) && transports(line).is_subset(&transports(other))
    };
    are.contains(line) && were.iter().any(|other| alike(&other))
}

fn line_of(fact: &Fact) -> Line {
    Line {
        from: fact.from.clone(),
        documented_as: fact.documented_as.clone(),
        service: fact.service(),
        need: fact.demand.as_str().to_owned(),
        phases: fact.phase_words(),
        condition: fact.condition.clone().unwrap_or_default(),
    }
}

fn line(statement: &Statement) -> Line {
    let phases: Vec<&str> = statement.phases.iter().map(|phase| phase.as_str()).collect();
    Line {
        from: statement.flow.from.as_ref().map(ToString::to_string).unwrap_or_default(),
        documented_as: statement.documented_as.clone(),
        service: statement.documented_ports.clone(),
        need: statement.demand.as_str().to_owned(),
        phases: if phases.is_empty() { "any".to_owned() } else { phases.join(" ") },
        condition: statement.condition(),
    }
}

/// Every line of section 1 whose texts are in the catalog, as it stands there.
#[test]
fn section_1_holds_row_by_row() {
    let (Some(reference), Some(expected)) = (Reference::read(), section_1()) else {
        return;
    };
    assert!(expected.len() >= 30, "{} pairs", expected.len());
    let mut report = String::new();
    let mut compared = 0;
    for pair in &expected {
        let versions = pairs_of(&reference, pair);
        assert_eq!(versions.len(), 1, "one scenario and cloud has these rows: {}", pair.line);
        for versions in versions {
            let (old, new) = (&versions.old, &versions.new);
            let pages = [old.page, new.page];
            if reference.has(old.page, old.edition) && reference.has(new.page, new.edition) {
                compared += 1;
                report.push_str(&reference.compare(&versions));
                report.push_str(&reference.compare(&versions.swapped()));
            } else {
                must_be_absent(&reference, &pages);
            }
        }
    }
    assert!(report.is_empty(), "{report}");
    assert!(compared >= 16, "{compared} pairs of {} were compared", expected.len());
}

/// A document that the catalog has taken up is not skipped for an edition that it lacks.
fn must_be_absent(reference: &Reference, pages: &[&str]) {
    let absent = pages.iter().any(|page| {
        let document = reference.catalog.documents().find(|document| document.id().as_str() == *page);
        document.is_none_or(|document| document.editions().next().is_none())
    });
    assert!(absent, "{pages:?} are in the catalog without the editions of the reference");
}

/// The scenario and cloud whose rows have exactly the differences that a line of section 1 lists.
fn pairs_of<'a>(reference: &'a Reference, expected: &Expected) -> Vec<Pair<'a>> {
    let version = |code: &str| {
        let row = reference.rows.iter().find(|row| row["version"] == code);
        let row = row.unwrap_or_else(|| panic!("no row has the version {code}"));
        (row["page"].as_str(), row["edition"].as_str())
    };
    let ((old_page, was), (new_page, is)) = (version(&expected.old), version(&expected.new));
    let scopes: BTreeSet<(&str, &str)> = reference
        .rows
        .iter()
        .filter(|row| row["version"] == expected.old || row["version"] == expected.new)
        .map(|row| (row["scenario"].as_str(), row["cloud"].as_str()))
        .collect();
    let pair = |(scenario, cloud): (&'a str, &'a str)| {
        let old = reference.text(old_page, was, scenario, cloud);
        let new = reference.text(new_page, is, scenario, cloud);
        (!old.rows.is_empty() && !new.rows.is_empty()).then_some(Pair { scenario, cloud, old, new })
    };
    let items = |text: &Text<'_>| -> BTreeSet<Item> { text.rows.iter().map(|row| item(row)).collect() };
    let listed = |pair: &Pair<'_>| {
        let (old, new) = (items(&pair.old), items(&pair.new));
        let added: BTreeSet<Item> = new.difference(&old).cloned().collect();
        let removed: BTreeSet<Item> = old.difference(&new).cloned().collect();
        added == expected.added
            && removed == expected.removed
            && says_rows(&expected.line, pair.new.rows.len())
    };
    scopes.into_iter().filter_map(pair).filter(listed).collect()
}

fn says_rows(line: &str, rows: usize) -> bool {
    line.contains(&format!("), {rows} rows: "))
}

/// Every pair of neighbouring editions that the reference has, in every scenario and cloud, both ways: also those that
/// section 1 tells in prose.
#[test]
fn every_pair_of_neighbours_holds_row_by_row() {
    let Some(reference) = Reference::read() else {
        return;
    };
    let mut texts: BTreeMap<&str, BTreeSet<Edition>> = BTreeMap::new();
    for row in &reference.rows {
        texts.entry(&row["page"]).or_default().insert(row["edition"].parse().unwrap());
    }
    let mut report = String::new();
    let mut compared = BTreeSet::new();
    for (page, editions) in &texts {
        let editions: Vec<String> = editions.iter().map(ToString::to_string).collect();
        for pair in editions.windows(2) {
            if !(reference.has(page, &pair[0]) && reference.has(page, &pair[1])) {
                must_be_absent(&reference, &[page]);
                continue;
            }
            compared.insert(*page);
            for (old, new) in [(&pair[0], &pair[1]), (&pair[1], &pair[0])] {
                report.push_str(&neighbours(&reference, page, old, new));
            }
        }
    }
    assert!(report.is_empty(), "{report}");
    for document in reference.catalog.documents().filter(|document| document.editions().count() > 1) {
        let page = document.id().as_str();
        assert!(compared.contains(page) || !texts.contains_key(page), "{page} was skipped");
    }
}

fn neighbours(reference: &Reference, page: &str, old: &str, new: &str) -> String {
    let of_page = |row: &&Row| row["page"] == page && (row["edition"] == old || row["edition"] == new);
    let scopes: BTreeSet<(&str, &str)> = reference
        .rows
        .iter()
        .filter(of_page)
        .map(|row| (row["scenario"].as_str(), row["cloud"].as_str()))
        .collect();
    let pair = |(scenario, cloud)| Pair {
        scenario,
        cloud,
        old: reference.text(page, old, scenario, cloud),
        new: reference.text(page, new, scenario, cloud),
    };
    scopes.into_iter().map(|scope| reference.compare(&pair(scope))).collect()
}
