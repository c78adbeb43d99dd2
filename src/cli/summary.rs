//! The talk after `generate`: how the rules fared, what is left out and why.

use portbook::artifact::Written;
use portbook::build::Product;
use portbook::id::{DocumentId, ScenarioId};
use portbook::resolve::{Elsewhere, LeftOut, Resolved};

use super::Talk;

/// Prints it.
pub(crate) fn summary(resolved: &Resolved, products: &[Product], written: &[Written], talk: &Talk) {
    talk.line(&heading(resolved));
    let width = products.iter().map(|product| product.target.len()).max().unwrap_or(0);
    for product in products {
        talk.line(&product_line(product, width, talk.is_verbose()));
        for left_out in product.judgement.left_out_addresses() {
            talk.line(&format!("  {:width$}  {left_out}", ""));
        }
    }
    for product in products.iter().filter(|product| !product.artifacts.is_empty()) {
        for host in &product.without_file {
            talk.line(&format!("  {} has no file for {host}: none of its rules can be said", product.target));
        }
    }
    for file in written {
        let changed = if file.changed { "written" } else { "unchanged" };
        talk.line(&format!("  {changed}  {}", file.path.display()));
    }
    for line in left_out(&resolved.left_out) {
        talk.line(&line);
    }
    for elsewhere in &resolved.elsewhere {
        talk.line(&elsewhere_line(elsewhere, talk.is_verbose()));
    }
    for reason in reasons(&resolved.elsewhere) {
        talk.line(&format!("    because {reason}"));
    }
    if let Some(line) = gaps_line(resolved) {
        talk.line(&line);
    }
}

fn heading(resolved: &Resolved) -> String {
    let scenarios: Vec<&str> = resolved.scenarios.iter().map(ScenarioId::as_str).collect();
    // Those that a rule cites: a document may lead to lists of other clouds, from which nothing came.
    let cited = |document: &DocumentId| {
        resolved.rules.iter().flat_map(|rule| &rule.citations).any(|citation| citation.document == *document)
    };
    let documents: Vec<String> = resolved
        .documents
        .iter()
        .filter(|(document, _)| cited(document))
        .map(|(document, edition)| format!("{document} {edition}"))
        .collect();
    format!(
        "{}, {}: {} rules from {}",
        scenarios.join(" + "),
        resolved.cloud,
        resolved.rules.len(),
        documents.join(", ")
    )
}

fn product_line(product: &Product, width: usize, verbose: bool) -> String {
    let target = product.target;
    if product.judgement.refused.is_empty() {
        return format!("  {target:width$}  {}", product.counts.words());
    }
    let reasons: Vec<String> = product
        .judgement
        .refused
        .iter()
        .map(|finding| {
            if verbose { format!("{}: {}", finding.code, finding.message) } else { finding.code.to_string() }
        })
        .collect();
    format!("  {target:width$}  not written: {}", reasons.join(", "))
}

fn left_out(left_out: &[LeftOut]) -> Vec<String> {
    let line = |each: &LeftOut| {
        let flags =
            if each.flags.is_empty() { String::new() } else { format!(" ({})", each.flags.join(" ")) };
        format!("  left out  {}{flags}", each.what)
    };
    let mut lines: Vec<String> = left_out.iter().map(line).collect();
    lines.dedup();
    lines
}

/// The names that are shown of a list; the rest is counted.
const SHOWN: usize = 2;

fn elsewhere_line(elsewhere: &Elsewhere, verbose: bool) -> String {
    let shown = if verbose { elsewhere.names.len() } else { SHOWN };
    let names: Vec<&str> = elsewhere.names.iter().take(shown).map(String::as_str).collect();
    let word = if elsewhere.names.len() == 1 { "destination" } else { "destinations" };
    format!(
        "  documented-elsewhere  {} {} names {} more {word}: {}{} (--also={})",
        elsewhere.document,
        elsewhere.edition,
        elsewhere.names.len(),
        names.join(", "),
        if elsewhere.names.len() > shown { ", ..." } else { "" },
        elsewhere.document,
    )
}

/// Why the selected documents are the primary ones, once for each scenario.
fn reasons(elsewhere: &[Elsewhere]) -> Vec<&str> {
    let mut reasons: Vec<&str> = elsewhere.iter().filter_map(|each| each.because.as_deref()).collect();
    reasons.dedup();
    reasons
}

fn gaps_line(resolved: &Resolved) -> Option<String> {
    let mut missing: Vec<String> = Vec::new();
    for gap in resolved.gaps.iter().filter(|gap| !gap.emitted) {
        let each = format!("{} ({})", gap.id, gap.ports.join(", "));
        // Several scenarios lack the same.
        if !missing.contains(&each) {
            missing.push(each);
        }
    }
    (!missing.is_empty()).then(|| format!("  undocumented-need  {} (--gaps)", missing.join(", ")))
}
