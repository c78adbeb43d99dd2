//! What was built, for people and programs.

use std::fmt::Write as _;

use serde_json::json;

use portbook::build::{Asked, FileState};
use portbook::diff::build::{BuildDifference, BuildFilter, render};
use portbook::finding::{Code, Finding, Findings, Severity};
use portbook::plan::Accepted;

use super::super::table::{align, pretty};
use super::super::{Failure, Talk};
use super::Format;
use super::job::{Report, TargetReport};

/// The product: one line a target or one object a file.
pub(super) fn product(reports: &[Report<'_>], format: Format, talk: &Talk) -> Result<Vec<u8>, Failure> {
    match format {
        Format::Table => Ok(table(reports, talk.is_verbose()).into_bytes()),
        Format::Json => {
            let sites: Vec<_> = reports.iter().map(object).collect();
            pretty(&sites.into())
        }
    }
}

const HEADER: [&str; 8] = ["target", "file", "rules", "exact", "wider", "narrower", "refused", ""];

/// With several sites, only what changed or was refused; the rest is counted.
fn table(reports: &[Report<'_>], verbose: bool) -> String {
    let several = reports.len() > 1;
    let mut rows = Vec::new();
    for report in reports {
        for target in &report.targets {
            let quiet = target.product.judgement.refused.is_empty()
                && target.files.iter().all(|(_, state)| *state == FileState::Same);
            if !several || !quiet || verbose {
                rows.push(prefixed(report, several, row(target)));
            }
        }
        for (path, state) in &report.left {
            let cells = ["", path, "", "", "", "", "", state_words(*state)].map(str::to_owned);
            rows.push(prefixed(report, several, cells.to_vec()));
        }
    }
    if rows.is_empty() {
        return String::new();
    }
    let header = HEADER.map(str::to_owned).to_vec();
    let header = if several { std::iter::once("site".to_owned()).chain(header).collect() } else { header };
    rows.insert(0, header);
    align(&rows, "")
}

fn prefixed(report: &Report<'_>, several: bool, cells: Vec<String>) -> Vec<String> {
    let site = several.then(|| report.plan.site.name.to_string());
    site.into_iter().chain(cells).collect()
}

fn row(target: &TargetReport) -> Vec<String> {
    let counts = target.product.counts;
    let rules = counts.exact + counts.wider + counts.narrower + counts.refused;
    let file = match target.files.as_slice() {
        [] => "-".to_owned(),
        [(path, _)] => path.clone(),
        [(path, _), rest @ ..] => format!("{path} and {} more", rest.len()),
    };
    let state = if target.product.judgement.refused.is_empty() {
        let worst = target.files.iter().map(|(_, state)| *state).max().unwrap_or(FileState::Same);
        state_words(worst).to_owned()
    } else {
        let codes: Vec<String> =
            target.product.judgement.refused.iter().map(|finding| finding.code.to_string()).collect();
        format!("not written: {}", codes.join(", "))
    };
    let numbers = [rules, counts.exact, counts.wider, counts.narrower, counts.refused];
    let mut cells = vec![target.product.target.to_owned(), file];
    cells.extend(numbers.map(|number| number.to_string()));
    cells.push(state);
    cells
}

fn state_words(state: FileState) -> &'static str {
    match state {
        FileState::Same => "unchanged",
        FileState::New => "new",
        FileState::Changed => "changed",
        FileState::Edited => "changed by hand",
        FileState::Gone => "removed: no target makes it any more",
        FileState::Kept => "kept: no target makes it any more, but it was changed by hand",
    }
}

fn object(report: &Report<'_>) -> serde_json::Value {
    let file = |(path, state): &(String, FileState)| json!({"path": path, "state": state_word(*state)});
    let targets: Vec<_> = report
        .targets
        .iter()
        .map(|target| {
            let refused = target.product.judgement.refused.iter();
            json!({
                "target": target.product.target,
                "counts": target.product.counts,
                "refused": refused.map(|finding| finding.code.to_string()).collect::<Vec<_>>(),
                "files": target.files.iter().map(file).collect::<Vec<_>>(),
            })
        })
        .collect();
    json!({
        "site": report.plan.site.name.as_str(),
        "failed": report.failed(),
        "targets": targets,
        "left": report.left.iter().map(file).collect::<Vec<_>>(),
    })
}

fn state_word(state: FileState) -> &'static str {
    match state {
        FileState::Same => "same",
        FileState::New => "new",
        FileState::Changed => "changed",
        FileState::Edited => "edited",
        FileState::Gone => "gone",
        FileState::Kept => "kept",
    }
}

/// What changes, by meaning. Sites without a manifest are new.
pub(super) fn difference(reports: &[Report<'_>]) -> BuildDifference {
    let (mut old, mut new) = (Vec::new(), Vec::new());
    for (was, is) in reports.iter().filter_map(|report| report.manifests.as_ref()) {
        old.extend(was.clone());
        new.push(is.clone());
    }
    let mut difference = BuildDifference::of(old, new, &BuildFilter::default());
    difference.same += reports.iter().filter(|report| report.manifests.is_none()).count();
    difference
}

/// What would change, as text; nothing if nothing would.
pub(super) fn meaning(reports: &[Report<'_>]) -> String {
    let difference = difference(reports);
    if difference.is_empty() { String::new() } else { format!("\n{}", render::text(&difference)) }
}

/// Warnings and errors, each once however many sites have it; errors apart, to be shown last.
pub(super) fn findings(reports: &[Report<'_>]) -> (Findings, Findings) {
    let mut told: Vec<(Finding, Vec<String>)> = Vec::new();
    for report in reports {
        let refused = report.targets.iter().flat_map(|target| &target.product.judgement.refused);
        let warned = report.targets.iter().flat_map(warnings);
        let own = report.findings.iter().cloned().chain(warned).chain(refused.cloned());
        for finding in own {
            let site = report.plan.site.name.to_string();
            match told.iter_mut().find(|(known, _)| *known == finding) {
                Some((_, sites)) if !sites.contains(&site) => sites.push(site),
                Some(_) => {}
                None => told.push((finding, vec![site])),
            }
        }
    }
    told.retain(|(finding, sites)| !is_needed_elsewhere(finding, sites, reports));
    let several = reports.len() > 1;
    let named =
        told.into_iter().map(|(finding, sites)| if several { of_sites(finding, &sites) } else { finding });
    let (errors, others): (Vec<Finding>, Vec<Finding>) =
        named.partition(|finding| finding.severity == Severity::Error);
    (others.into_iter().collect(), errors.into_iter().collect())
}

/// An acceptance that sites share is idle only if none of them needs it.
fn is_needed_elsewhere(finding: &Finding, sites: &[String], reports: &[Report<'_>]) -> bool {
    let stands_there = |accepted: &Accepted| finding.labels.iter().any(|label| label.place == accepted.place);
    let sharing = reports.iter().filter(|report| report.plan.accepted.iter().any(stands_there));
    finding.code == Code::IdleAcceptance && sites.len() < sharing.count()
}

fn warnings(target: &TargetReport) -> Vec<Finding> {
    let product = &target.product;
    if !product.judgement.refused.is_empty() {
        return Vec::new();
    }
    product.judgement.warned().map(|group| group.warning(&[product.target], Asked::SiteFile)).collect()
}

/// More sites than these are counted.
const SITES: usize = 5;

fn of_sites(finding: Finding, sites: &[String]) -> Finding {
    let shown: Vec<&str> = sites.iter().take(SITES).map(String::as_str).collect();
    let more = sites.len().saturating_sub(SITES);
    let rest = if more > 0 { format!(" and {more} more") } else { String::new() };
    finding.note(format!("site {}{rest}", shown.join(", ")))
}

/// How many sites and files changed.
pub(super) fn summary(reports: &[Report<'_>], check: bool, talk: &Talk) {
    let count = |wanted: fn(FileState) -> bool| {
        reports.iter().flat_map(Report::files).filter(|(_, state)| wanted(*state)).count()
    };
    let failed = reports.iter().filter(|report| report.failed()).count();
    let same = count(|state| state == FileState::Same);
    let changed = count(|state| matches!(state, FileState::New | FileState::Changed | FileState::Edited));
    let removed = count(|state| state == FileState::Gone);
    let would = if check { "would be " } else { "" };
    let mut parts = vec![format!("{changed} {would}written"), format!("{same} unchanged")];
    if removed > 0 {
        parts.push(format!("{removed} {would}removed"));
    }
    let mut line = format!("{}: {}", counted(reports.len(), "site"), parts.join(", "));
    if failed > 0 {
        let _ = write!(line, "; {} could not be built", counted(failed, "site"));
    }
    talk.line(&line);
}

fn counted(count: usize, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") }
}
