//! docs/coverage.md: what the catalog knows of each scenario, how fresh that is, and what it does not know.
//!
//! `SNAPSHOTS=overwrite cargo test` writes it again.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

mod snapshot;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use portbook::catalog::{
    Catalog, DateBasis, Document, Edition, EditionText, EndKind, Life, Publisher, Reading, Readings,
    Requirement, Scenario,
};
use portbook::id::{CloudId, DocumentId, ScenarioId};
use portbook::rule::TlsInspection;

const INTRODUCTION: &str = "\
# Coverage

<!-- Made from the catalog by tests/coverage.rs; `SNAPSHOTS=overwrite cargo test` writes it again. -->

Does Portbook know your scenario in your cloud, how fresh, how complete? This page counts what the catalog holds; `portbook show SCENARIO`
prints it, `portbook generate SCENARIO --cloud CLOUD` makes rules of it.

- A *need* is one documented requirement, required or optional; a *flow* of it has one list of destinations and one list of ports; *hosts* are different host texts. Roles,
  service tags, templates and what another document's list brings in are destinations too, and not counted there.
- *Prerequisites* are read from the whole text, from a part of it, or not: what was not read is unknown, not absent.
- *Gaps* are needs that no document states and that the role cannot do without; they are listed always and emitted with `--gaps`.
";

fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('*', "\\*").replace('<', "\\<")
}

fn row(cells: &[String]) -> String {
    format!("| {} |\n", cells.join(" | "))
}

fn head(cells: &[&str]) -> String {
    format!("| {} |\n|{}\n", cells.join(" | "), "---|".repeat(cells.len()))
}

fn count(number: usize, what: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {what}{plural}")
}

/// What an edition says of a scenario in a cloud.
#[derive(Default, PartialEq, Eq)]
struct Numbers {
    needs: usize,
    flows: usize,
    hosts: BTreeSet<String>,
}

impl Numbers {
    fn of(scenario: &Scenario, cloud: &CloudId, texts: &[&EditionText]) -> Self {
        let mut numbers = Self::default();
        let needs = texts.iter().flat_map(|text| &text.requirements);
        for need in needs.filter(|need| need.scenarios.contains(&scenario.id) && need.holds_in(cloud)) {
            numbers.needs += 1;
            numbers.flows += need.flows.len();
            numbers.hosts.extend(hosts(need));
        }
        numbers
    }

    fn words(&self) -> String {
        let counts = [count(self.needs, "need"), count(self.flows, "flow"), count(self.hosts.len(), "host")];
        if self.needs == 0 { "none".to_owned() } else { counts.join(", ") }
    }

    fn short(&self) -> String {
        if self.needs == 0 {
            return String::new();
        }
        format!("{} / {} / {}", self.needs, self.flows, self.hosts.len())
    }
}

fn hosts(need: &Requirement) -> impl Iterator<Item = String> {
    need.flows.iter().flat_map(|flow| &flow.to).filter_map(|end| match &end.kind {
        EndKind::Host(text) => Some(text.clone()),
        _ => None,
    })
}

/// The documents whose destinations a need takes over.
fn lists(need: &Requirement) -> impl Iterator<Item = &str> {
    need.flows.iter().flat_map(|flow| {
        let ends = flow.to.iter().filter_map(|end| match &end.kind {
            EndKind::List { document, .. } => Some(document.as_str()),
            _ => None,
        });
        ends.chain(flow.reading.to.iter().flat_map(|to| &to.hosts_of).map(DocumentId::as_str))
    })
}

struct Coverage<'c> {
    catalog: &'c Catalog,
    readings: &'c Readings,
}

impl<'c> Coverage<'c> {
    fn text(&self, document: &'c Document, edition: Edition) -> &'c EditionText {
        self.catalog.edition(document, edition).unwrap()
    }

    fn life(&self, document: &'c Document) -> &'c Life {
        &self.catalog.about(document).unwrap().life
    }

    /// The newest editions of the living primary documents.
    fn newest(&self, scenario: &Scenario) -> Vec<(Edition, &'c EditionText)> {
        let primary = scenario.primary.iter().map(|id| self.catalog.document(id).unwrap());
        let living = primary.filter(|document| matches!(self.life(document), Life::Living));
        let newest = living.filter_map(|document| Some((document, document.editions().next_back()?)));
        newest.map(|(document, edition)| (edition, self.text(document, edition))).collect()
    }

    /// What is said at a glance of a scenario in a cloud.
    fn glance(&self, scenario: &Scenario, cloud: &CloudId) -> String {
        if scenario.unsupported.iter().any(|(each, _)| each == cloud) {
            return "**not supported**".to_owned();
        }
        if let Some((by, _)) = &scenario.served_by {
            let documented = if scenario.clouds.contains(cloud) { "" } else { "not documented: " };
            return format!("{documented}as [{by}](#{by})");
        }
        if !scenario.clouds.contains(cloud) {
            return "not documented".to_owned();
        }
        let newest = self.newest(scenario);
        let texts: Vec<&EditionText> = newest.iter().map(|(_, text)| *text).collect();
        let numbers = Numbers::of(scenario, cloud, &texts);
        let says = |text: &EditionText| Numbers::of(scenario, cloud, &[text]).needs > 0;
        let date = newest.iter().filter(|(_, text)| says(text)).map(|(edition, _)| *edition).max();
        match date {
            Some(date) => format!("{}; {date}", numbers.words()),
            None => "no need stated by a living document".to_owned(),
        }
    }

    fn overview(&self) -> String {
        let clouds = &self.catalog.registries().clouds;
        let mut names = vec!["scenario".to_owned()];
        names.extend(clouds.iter().map(|cloud| match &cloud.retired {
            Some(_) => format!("{} (retired)", cloud.id),
            None => cloud.id.to_string(),
        }));
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let mut text = "\n## At a glance\n\nWhat the newest edition of each living primary document states; the date is the newest of them that states a need.\n\n".to_owned();
        text.push_str(&head(&names));
        for scenario in &self.catalog.registries().scenarios {
            let mut cells = vec![format!("[{0}](#{0})", scenario.id)];
            cells.extend(clouds.iter().map(|cloud| self.glance(scenario, &cloud.id)));
            text.push_str(&row(&cells));
        }
        text
    }

    fn scenario(&self, scenario: &Scenario) -> String {
        let mut text = format!("\n### {}\n\n{}.\n\n", scenario.id, cell(&scenario.title));
        text.push_str(&head(&[
            "document",
            "part",
            "editions",
            "newest",
            "negative facts",
            "prerequisites",
            "read for them",
        ]));
        let parts = scenario.primary.iter().map(|id| (id, "primary"));
        for (id, part) in parts.chain(scenario.also.iter().map(|id| (id, "`--also`"))) {
            text.push_str(&self.document_line(scenario, self.catalog.document(id).unwrap(), part));
        }
        text.push('\n');
        for (cloud, because) in &scenario.unsupported {
            let _ = writeln!(text, "- Not supported in {cloud}: {}", cell(because));
        }
        if let Some((by, because)) = &scenario.served_by {
            let _ = writeln!(text, "- No endpoints of its own; served by [{by}](#{by}): {}", cell(because));
        }
        if let Some(because) = &scenario.because {
            let _ = writeln!(text, "- Documents disagree: {}", cell(because));
        }
        for gap in &scenario.gaps {
            let _ = writeln!(text, "- Gap `{}`: {}", gap.id, cell(&gap.because));
        }
        for line in self.flaws(scenario) {
            let _ = writeln!(text, "- {line}");
        }
        text
    }

    fn document_line(&self, scenario: &Scenario, document: &'c Document, part: &str) -> String {
        let newest = document.editions().next_back();
        let text = newest.map(|edition| self.text(document, edition));
        let number = |texts: usize| texts.to_string();
        let (negatives, prerequisites, read) = match text {
            Some(text) => {
                let about = |ids: &[ScenarioId]| ids.is_empty() || ids.contains(&scenario.id);
                let negatives = text.negatives.iter().filter(|each| about(&each.scenarios)).count();
                let prerequisites = text.prerequisites.iter().filter(|each| about(&each.scenarios)).count();
                (number(negatives), number(prerequisites), read(text.prerequisites_read).to_owned())
            }
            None => (String::new(), String::new(), String::new()),
        };
        let newest = newest.map_or_else(|| "none".to_owned(), |edition| edition.to_string());
        let editions = document.editions().count().to_string();
        let name = format!("[{0}](#document-{0}){1}", document.id(), self.mark(document));
        row(&[name, part.to_owned(), editions, newest, negatives, prerequisites, read])
    }

    fn mark(&self, document: &'c Document) -> &'static str {
        let about = self.catalog.about(document).unwrap();
        match (&about.life, about.publisher) {
            (Life::SupersededBy { .. }, _) => " (superseded)",
            (Life::Retired { .. }, _) => " (retired)",
            (Life::Living, Publisher::ThirdParty) => " (third party)",
            (Life::Living, Publisher::Microsoft) => "",
        }
    }

    /// Contradictions, misspellings, doubtful hosts and what no text says, in the newest editions.
    fn flaws(&self, scenario: &Scenario) -> Vec<String> {
        let newest = self.newest(scenario);
        let own = |need: &&Requirement| need.scenarios.contains(&scenario.id);
        let needs: Vec<&Requirement> =
            newest.iter().flat_map(|(_, text)| &text.requirements).filter(own).collect();
        let hosts: BTreeSet<String> = needs.iter().flat_map(|need| hosts(need)).collect();
        let ids = |wanted: &dyn Fn(&Requirement) -> bool| -> Vec<String> {
            needs.iter().filter(|need| wanted(need)).map(|need| format!("`{}`", need.id)).collect()
        };
        let unstated_end = |need: &Requirement| {
            need.flows.iter().flat_map(|flow| &flow.to).any(|end| matches!(end.kind, EndKind::Unstated))
        };
        let unstated_transport = |need: &Requirement| {
            need.flows.iter().flat_map(|flow| &flow.ports).any(|ports| ports.transports.is_empty())
        };
        let mut lines = Vec::new();
        let others: BTreeSet<&str> = needs.iter().flat_map(|need| lists(need)).collect();
        if !others.is_empty() {
            let targets: Vec<String> = others.iter().map(|id| format!("[{id}](#document-{id})")).collect();
            lines.push(format!("Takes destinations of other documents over: {}", targets.join(", ")));
        }
        for host in &hosts {
            let reading = self.readings.get(host);
            if let Some((meant, because)) = reading.and_then(|reading| reading.typo_of.as_ref()) {
                lines.push(format!("Misspelt: `{host}` for `{meant}`: {}", cell(because)));
            }
            if let Some(why) = reading.and_then(|reading| reading.doubtful.as_ref()) {
                lines.push(format!("Doubtful: `{host}`: {}", cell(why)));
            }
        }
        let lists = [
            (
                "TLS inspection is contradictory",
                ids(&|need| need.tls_inspection == TlsInspection::Contradictory),
            ),
            ("The text names no destination", ids(&unstated_end)),
            ("The text names no transport", ids(&unstated_transport)),
        ];
        let some = lists.into_iter().filter(|(_, ids)| !ids.is_empty());
        lines.extend(some.map(|(what, ids)| format!("{what}: {}", ids.join(", "))));
        lines
    }

    /// Every edition of a document, with what it says of each scenario and cloud.
    fn document(&self, document: &'c Document) -> String {
        let about = self.catalog.about(document).unwrap();
        let mut text = format!("\n### Document {}\n\n{}", document.id(), cell(&about.title));
        let life = match &about.life {
            Life::Living if about.publisher == Publisher::ThirdParty => {
                ". Not a page of Microsoft: selected by name only".to_owned()
            }
            Life::Living => String::new(),
            Life::SupersededBy { document, because } => {
                format!(". **Superseded** by [{document}](#document-{document}): {}", cell(because))
            }
            Life::Retired { because } => format!(". **Retired**: {}", cell(because)),
        };
        let _ = writeln!(text, "{life}.\n");
        let clouds: Vec<&CloudId> = self.catalog.registries().clouds.iter().map(|cloud| &cloud.id).collect();
        let mut names = vec!["edition", "date is", "scenario"];
        names.extend(clouds.iter().map(|cloud| cloud.as_str()));
        names.extend(["negative", "prerequisites"]);
        text.push_str(&head(&names));
        for edition in document.editions().rev() {
            text.push_str(&self.edition(document, edition, &clouds));
        }
        text
    }

    /// A line for each scenario that an edition speaks of; what does not depend on one stands in the first line.
    fn edition(&self, document: &'c Document, edition: Edition, clouds: &[&CloudId]) -> String {
        let says = self.text(document, edition);
        let scenarios = self.catalog.registries().scenarios.iter();
        let spoken_of = scenarios
            .filter(|scenario| says.requirements.iter().any(|need| need.scenarios.contains(&scenario.id)));
        let mut lines: Vec<Vec<String>> = spoken_of
            .map(|scenario| {
                let mut cells = vec![scenario.id.to_string()];
                let known = |cloud: &CloudId| scenario.clouds.contains(cloud);
                cells.extend(clouds.iter().map(|cloud| {
                    if known(cloud) { Numbers::of(scenario, cloud, &[says]).short() } else { String::new() }
                }));
                cells
            })
            .collect();
        if lines.is_empty() {
            lines.push(vec![String::new(); clouds.len() + 1]);
        }
        let prerequisites = format!("{} ({})", says.prerequisites.len(), read(says.prerequisites_read));
        let first = [
            edition.to_string(),
            date(says.date).to_owned(),
            says.negatives.len().to_string(),
            prerequisites,
        ];
        let mut text = String::new();
        for (index, cells) in lines.into_iter().enumerate() {
            let [edition, date, negatives, prerequisites] =
                if index == 0 { first.clone() } else { std::array::from_fn(|_| String::new()) };
            let all: Vec<String> =
                [vec![edition, date], cells, vec![negatives, prerequisites]].into_iter().flatten().collect();
            text.push_str(&row(&all));
        }
        text
    }

    /// What nobody read, or nobody can date.
    fn unknown(&self) -> String {
        let mut unread: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        let mut undated = Vec::new();
        let mut words = Vec::new();
        for document in self.catalog.documents() {
            for edition in document.editions() {
                let says = self.text(document, edition);
                let name = format!("{} {edition}", document.id());
                if matches!(says.date, DateBasis::Stale | DateBasis::Estimated) {
                    undated.push(format!("{name} ({})", date(says.date)));
                }
                if says.prerequisites_read != Reading::Whole {
                    unread.entry(read(says.prerequisites_read)).or_default().push(name.clone());
                }
                if let Some(part) = &says.prerequisites_unread {
                    words.push(format!("- {name}: {}\n", cell(part)));
                }
            }
        }
        let mut text = "\n## What is unknown\n\n".to_owned();
        for (how, names) in unread {
            let _ = writeln!(text, "- Read for prerequisites, {how}: {}", names.join(", "));
        }
        let _ = writeln!(text, "- Dates that are not sure: {}", undated.join(", "));
        if !words.is_empty() {
            let _ = write!(
                text,
                "\nOf the texts that were read in part, these parts were not:\n\n{}",
                words.concat()
            );
        }
        text
    }
}

fn read(reading: Reading) -> &'static str {
    match reading {
        Reading::Whole => "whole",
        Reading::Part => "in part",
        Reading::Not => "not at all",
    }
}

fn date(basis: DateBasis) -> &'static str {
    match basis {
        DateBasis::Stated => "stated",
        DateBasis::Stale => "stated, but the page changed since",
        DateBasis::Shared => "stated, by two texts",
        DateBasis::Estimated => "estimated",
        DateBasis::EarliestOfTexts => "the earliest of several",
    }
}

#[test]
fn coverage_is_documented() {
    let catalog = Catalog::embedded().unwrap();
    let coverage = Coverage { catalog: &catalog, readings: catalog.readings().unwrap() };
    let mut text = INTRODUCTION.to_owned();
    text.push_str(&coverage.overview());
    text.push_str(&coverage.unknown());
    text.push_str("\n## Scenarios\n");
    for scenario in &catalog.registries().scenarios {
        text.push_str(&coverage.scenario(scenario));
    }
    text.push_str("\n## Documents\n\nIn the columns of clouds: needs / flows / hosts.\n");
    for document in catalog.documents() {
        text.push_str(&coverage.document(document));
    }
    // Nothing of the catalog is left out.
    for document in catalog.documents() {
        assert!(text.contains(&format!("### Document {}\n", document.id())));
    }
    for link in text.split("](#").skip(1).map(|rest| rest.split(')').next().unwrap()) {
        let heading = link.replacen("document-", "Document ", 1);
        assert!(text.contains(&format!("\n### {heading}\n")), "{link} leads nowhere");
    }
    snapshot::check_file("docs/coverage.md", &text);
}
