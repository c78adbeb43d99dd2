//! Facts as a page for a reviewer: a report for each scenario, its requirements by document.

use std::collections::BTreeSet;

use portbook::catalog::{Catalog, Demand, Direction, Fact, Mark};
use portbook::finding::Findings;
use portbook::id::{CloudId, ScenarioId};
use portbook::report::{Citation, Report, RuleRow, RuleTable, Tally, Tone, page};

use super::picture::picture;
use super::text::{heading, pages, remarks, requirements, says_more, unique, when};
use crate::cli::table::one_line;

/// One page of all facts; with `cloud`, they are of that cloud only.
pub(super) fn render(catalog: &Catalog, facts: &[Fact], cloud: Option<&CloudId>) -> Result<String, Findings> {
    let mut scenarios: Vec<&ScenarioId> = Vec::new();
    for fact in facts {
        if !scenarios.contains(&&fact.scenario) {
            scenarios.push(&fact.scenario);
        }
    }
    let reports = scenarios.into_iter().map(|id| {
        let of_scenario: Vec<&Fact> = facts.iter().filter(|fact| fact.scenario == *id).collect();
        report(catalog, id, &of_scenario, cloud)
    });
    page(&reports.collect::<Result<Vec<_>, _>>()?)
}

fn report(
    catalog: &Catalog,
    id: &ScenarioId,
    facts: &[&Fact],
    cloud: Option<&CloudId>,
) -> Result<Report, Findings> {
    let mut title = format!("{}: documented requirements", catalog.scenario(id.as_str())?.title);
    if let Some(id) = cloud {
        title = format!("{title}, {}", catalog.cloud(id.as_str())?.title);
    }
    let rules =
        RuleTable { title: "Requirements".to_owned(), ids: "Requirement".to_owned(), rows: Vec::new() };
    let mut report = Report { title, rules, ..Report::default() };
    for page in pages(facts.iter().copied()) {
        add_page(catalog, &page, cloud.is_none(), &mut report)?;
    }
    report.summary = summary(facts);
    report.picture = Some(picture(catalog, facts, cloud)?);
    let note = "Nothing is selected here: conditions, alternatives and contradictions stand as documented. `portbook generate` selects.";
    report.notes.push(note.to_owned());
    Ok(report)
}

/// What a document says: its title above, where it was read among the notes, its requirements as rows.
fn add_page(
    catalog: &Catalog,
    page: &[&Fact],
    name_clouds: bool,
    report: &mut Report,
) -> Result<(), Findings> {
    let mut lines = heading(catalog, page)?.into_iter();
    let title = lines.next().unwrap_or_default();
    let document = page.first().map(|fact| format!("{} {}", fact.document, fact.edition));
    let document = document.unwrap_or_default();
    report.notes.extend(lines.map(|line| format!("{document}: {}", line.trim_start())));
    for requirement in requirements(page) {
        for mut row in rows(&requirement, name_clouds) {
            row.group = Some(title.clone());
            report.rules.rows.push(row);
        }
    }
    report.subtitle.push(title);
    Ok(())
}

/// What the destinations of one row share.
#[derive(PartialEq)]
struct Shared<'a> {
    from: &'a str,
    services: Vec<String>,
    need: String,
    documented_as: Option<&'a str>,
    remarks: Vec<String>,
}

/// A requirement as rows: destinations with equal source, ports, need and remarks stand together.
fn rows(facts: &[&Fact], name_clouds: bool) -> Vec<RuleRow> {
    let mut ends: Vec<(&Fact, Vec<&Fact>)> = Vec::new();
    for fact in facts {
        let key = |fact: &Fact| (fact.from.clone(), fact.to.clone(), fact.condition.clone(), fact.demand);
        match ends.iter_mut().find(|(first, _)| key(first) == key(fact)) {
            Some((_, same)) => same.push(fact),
            None => ends.push((fact, vec![fact])),
        }
    }
    let mut rows: Vec<(Shared<'_>, RuleRow)> = Vec::new();
    for (first, same) in ends {
        let shared = shared(first, &same, name_clouds);
        if let Some((_, row)) = rows.iter_mut().find(|(present, _)| *present == shared) {
            row.to.push(first.to.clone());
        } else {
            let row = row(first, &shared);
            rows.push((shared, row));
        }
    }
    rows.into_iter().map(|(_, row)| row).collect()
}

fn shared<'a>(first: &'a Fact, same: &[&Fact], name_clouds: bool) -> Shared<'a> {
    let mut need = when(first);
    if let Some(choice) = first.condition.as_ref().filter(|text| text.contains("choice:")) {
        need = format!("{need}, when {choice}");
    }
    if name_clouds {
        let clouds = unique(same.iter().map(|fact| fact.cloud_word().to_owned()));
        need = format!("{need}; {}", clouds.join(", "));
    }
    Shared {
        from: &first.from,
        services: unique(same.iter().map(|fact| fact.service())),
        need,
        documented_as: says_more(first).then_some(first.documented_as.as_str()),
        remarks: unique(same.iter().flat_map(|fact| remarks(fact, true))),
    }
}

fn row(first: &Fact, shared: &Shared<'_>) -> RuleRow {
    let from = match first.direction {
        Direction::Both => format!("{} (and back)", first.from),
        Direction::Local => format!("{} (on the host itself)", first.from),
        Direction::Inbound | Direction::Outbound => first.from.clone(),
    };
    RuleRow {
        id: first.requirement.to_string(),
        from,
        to: vec![first.to.clone()].into_iter().filter(|to| !to.is_empty()).collect(),
        service: shared.services.join(", "),
        need: shared.need.clone(),
        purposes: vec![one_line(&first.purpose)],
        notes: shared.remarks.iter().map(|remark| one_line(remark)).collect(),
        citations: vec![Citation {
            document: first.document.to_string(),
            edition: first.edition.to_string(),
            requirement: first.requirement.to_string(),
            documented_as: shared.documented_as.map(str::to_owned),
        }],
        ..RuleRow::default()
    }
}

/// How many requirements ask, offer and forbid, and how many carry a doubt.
fn summary(facts: &[&Fact]) -> Vec<Tally> {
    let number = |takes: &dyn Fn(&Fact) -> bool| {
        let of = facts.iter().filter(|fact| takes(fact));
        of.map(|fact| (&fact.document, fact.edition, &fact.requirement)).collect::<BTreeSet<_>>().len()
    };
    let doubtful = |fact: &Fact| {
        let doubt =
            |mark: &Mark| matches!(mark, Mark::Doubtful { .. } | Mark::Typo { .. } | Mark::Contradictory);
        fact.marks.iter().any(doubt)
    };
    let tally = |label: &str, count, tone| Tally { label: label.to_owned(), count, tone };
    vec![
        tally("required", number(&|fact| fact.demand == Demand::Required), Tone::Neutral),
        tally("optional", number(&|fact| fact.demand == Demand::Optional), Tone::Neutral),
        tally("forbidden or unsupported", number(&|fact| fact.demand.is_negative()), Tone::Bad),
        tally("misspelt, doubtful or contradictory", number(&doubtful), Tone::Bad),
    ]
}
