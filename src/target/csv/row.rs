//! The columns of a change request.

use std::collections::BTreeMap;

use super::{BESIDE, document};
use crate::rule::{Phase, Rule, Scope};
use crate::target::document::{HopWords, Sets, flat, join};
use crate::target::{Fitted, FittedRule};

/// One line: columns and their cells, and the sets that its cells only name.
pub(super) struct Row {
    cells: Vec<(&'static str, String)>,
    pub(super) listed: Vec<String>,
}

impl Row {
    /// The columns in their order, the same for every row.
    pub(super) fn columns(&self) -> Vec<&'static str> {
        self.cells.iter().map(|(column, _)| *column).collect()
    }

    /// The cells in that order.
    pub(super) fn values(&self) -> Vec<&str> {
        self.cells.iter().map(|(_, value)| value.as_str()).collect()
    }

    /// The cells by column.
    pub(super) fn by_column(&self) -> BTreeMap<&'static str, String> {
        self.cells.iter().map(|(column, value)| (*column, value.clone())).collect()
    }
}

/// The line of one hop.
pub(super) fn row(hop: &FittedRule, fitted: &Fitted, sets: &Sets) -> Row {
    let rule = &hop.rule;
    let words = HopWords::of(hop, sets, BESIDE);
    let (source, destination) = (words.source, words.destination);
    let listed = [source.listed, destination.listed].into_iter().flatten().collect();
    let mut cells = vec![
        ("rule", rule.id.to_string()),
        ("action", "allow".to_owned()),
        ("direction", words.direction.to_owned()),
        ("via", words.via.to_owned()),
        ("source_role", rule.flow.from.to_string()),
        ("source_type", source.kind.to_owned()),
        ("source", source.name),
        ("source_addresses", source.addresses),
        ("source_zone", source.zone),
        ("destination_type", destination.kind.to_owned()),
        ("destination", destination.name),
        ("destination_addresses", destination.addresses),
        ("destination_zone", destination.zone),
        ("final_destination", rule.flow.to.to_string()),
        ("protocol", hop.transport.to_string().to_uppercase()),
        ("port", hop.ports.to_string()),
        ("source_port", hop.source_ports.map(|ports| ports.to_string()).unwrap_or_default()),
    ];
    cells.extend(reasons(rule));
    cells.push(("losses", losses(rule, fitted)));
    cells.push(("notes", notes(rule)));
    Row { cells, listed }
}

/// Why the flow is there.
fn reasons(rule: &Rule) -> [(&'static str, String); 9] {
    let citations = || rule.citations.iter();
    let read = citations().flat_map(|citation| &citation.interpreted);
    [
        ("need", rule.need.as_str().to_owned()),
        ("phase", phases(rule)),
        ("assumed", join(rule.assumed.iter().map(ToString::to_string))),
        ("tls_inspection", rule.tls_inspection.as_str().to_owned()),
        ("purpose", join(rule.purposes())),
        ("documents", join(citations().map(crate::rule::Citation::source))),
        ("requirements", join(citations().map(|citation| citation.requirement.to_string()))),
        ("documented_as", join(citations().map(|citation| &citation.documented_as))),
        ("interpreted", join(read.map(|reading| format!("{}: {}", reading.of, reading.because)))),
    ]
}

fn phases(rule: &Rule) -> String {
    if rule.phases.is_empty() {
        return "always".to_owned();
    }
    join(rule.phases.iter().copied().map(Phase::as_str))
}

fn losses(rule: &Rule, fitted: &Fitted) -> String {
    let losses = document::losses(fitted, &rule.id).iter();
    join(losses.map(|loss| format!("{} ({}): {}", loss.code, loss.effect.as_str(), loss.detail)))
}

fn notes(rule: &Rule) -> String {
    let gap = rule.gap.then(|| "no document states this need: it is Portbook's reading".to_owned());
    let local = (rule.flow.scope == Scope::Local).then(|| "stays on its host".to_owned());
    let doubt = rule.doubt.as_deref().map(|doubt| format!("doubtful: {}", flat(doubt)));
    join([gap, local, doubt].into_iter().flatten())
}
