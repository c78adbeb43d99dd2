//! Results for a terminal.

use portbook::check::{Checked, Outcome, Report, Standing, TlsAnswer, TlsVersions, Verdict};

use crate::cli::table::align;

/// A line for each endpoint, then each kind of failure with what to do and who needs what failed.
pub(super) fn table(report: &Report<'_>, verbose: bool) -> String {
    let rows: Vec<Vec<String>> = report.checked.iter().map(|checked| row(checked, verbose)).collect();
    let mut text = align(&rows, "");
    let mut failures: Vec<Verdict> = report.checked.iter().map(|checked| checked.verdict).collect();
    failures.sort_unstable();
    failures.dedup();
    failures.retain(|verdict| verdict.spec().standing == Standing::Unreachable);
    for verdict in failures {
        text.push('\n');
        text.push_str(&failure(report, verdict));
    }
    text
}

fn row(checked: &Checked<'_>, verbose: bool) -> Vec<String> {
    let issuer = checked.tried.and_then(|(_, outcome)| outcome.certificate.as_ref());
    let issuer = issuer.map_or_else(String::new, |certificate| format!("issuer {}", certificate.issuer));
    let mut row =
        vec![checked.line.endpoint.clone(), checked.verdict.id().to_owned(), detail(checked), issuer];
    if let (true, Some((_, outcome))) = (verbose, checked.tried) {
        row.push(outcome.address.map_or_else(String::new, |address| address.to_string()));
        row.push(format!("{} ms", outcome.elapsed.as_millis()));
    }
    row
}

/// What was seen, in few words; for people.
pub(super) fn detail(checked: &Checked<'_>) -> String {
    let mut parts = Vec::new();
    if let Some(reason) = &checked.reason {
        parts.push(reason.text.clone());
        parts.push(reason.next.clone());
    }
    if let Some((_, outcome)) = checked.tried {
        parts.push(versions(outcome));
        parts.push(outcome.detail.clone());
    }
    if let Some(sample) = checked.line.sample() {
        parts.push(format!("tested by {}", sample.host));
    }
    parts.retain(|part| !part.is_empty());
    parts.join("; ")
}

fn versions(outcome: &Outcome) -> String {
    use TlsAnswer::{Refused, Taken};
    let words = match outcome.tls {
        Some(TlsVersions { v1_2: Taken, v1_3: Taken }) => "TLS 1.2 and 1.3",
        Some(TlsVersions { v1_2: Taken, v1_3: Refused }) => "TLS 1.2 only",
        Some(TlsVersions { v1_2: Taken, .. }) => "TLS 1.2",
        Some(TlsVersions { v1_3: Taken, .. }) => "TLS 1.3 only",
        Some(TlsVersions { v1_2: Refused, v1_3: Refused }) => "neither TLS 1.2 nor 1.3",
        _ => "",
    };
    words.to_owned()
}

fn failure(report: &Report<'_>, verdict: Verdict) -> String {
    let spec = verdict.spec();
    let mut rows = Vec::new();
    for checked in report.checked.iter().filter(|checked| checked.verdict == verdict) {
        let endpoints =
            std::iter::once(checked.line.endpoint.clone()).chain(std::iter::repeat(String::new()));
        rows.extend(endpoints.zip(needed_by(checked)).map(|(endpoint, line)| vec![endpoint, line]));
    }
    format!("{}: {}\n{}  next: {}\n", spec.id, spec.meaning, align(&rows, "  needed: "), spec.next)
}

/// Scenario, requirement and document of everything that asks for an endpoint, each once.
pub(super) fn needed_by(checked: &Checked<'_>) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for citation in checked.line.citations() {
        let line = format!("{} {} ({})", citation.scenario, citation.requirement, citation.source());
        if !lines.contains(&line) {
            lines.push(line);
        }
    }
    lines
}
