//! What the targets for readers share: the hops of a selection in words, and the address sets that they refer to.
//!
//! `csv`, `json` and `markdown` stand nowhere in a network: they see every hop, hold names, addresses and words as they are, and
//! enforce nothing.

mod hop;
mod sets;
mod text;

pub(crate) use hop::kind_and_name;
pub(super) use hop::{HopWords, in_a_cell};
pub(super) use sets::Sets;
pub(crate) use text::{flat, join};

use super::{
    Capabilities, Fitted, FittedRule, Header, Loss, Match, NameSupport, PortSupport, Settings, SourceSupport,
};
use crate::finding::{Code, Finding, Findings};
use crate::rule::RuleId;

/// What a text can say: everything.
pub(super) fn capabilities(_: &Settings) -> Capabilities {
    Capabilities {
        source: SourceSupport::Words,
        names: NameSupport::Exact,
        addresses: true,
        paths: true,
        ports: PortSupport::Exact,
        source_ports: true,
        words: true,
        identity: None,
    }
}

/// A header as templates see it: its parts, and `lines` as other targets print them.
pub(super) fn header_context(header: &Header) -> minijinja::Value {
    minijinja::context! {
        title => header.title.clone(),
        rule_set => header.rule_set.to_string(),
        documents => header.sources(),
        counts => header.counts.words(),
        enforces => header.enforces.clone(),
        range_files => header.range_files.clone(),
        notes => header.notes.clone(),
        lines => header.lines(),
    }
}

/// The losses of a rule over all its hops, those that were not written included.
pub(super) fn losses<'a>(fitted: &'a Fitted, rule: &RuleId) -> &'a [Loss] {
    let verdict = fitted.verdicts.iter().find(|verdict| verdict.rule == *rule);
    verdict.map_or(&[], |verdict| &verdict.losses)
}

/// Refuses what must never be written: a text without a rule, which would look like a finished one, and a rule whose addresses are an
/// empty set, which many a product takes for `any`.
pub(super) fn refuse_empty(target: &str, fitted: &Fitted) -> Result<(), Findings> {
    if fitted.rules.is_empty() {
        let message = format!("{target}: there is no rule to write");
        return Err(Finding::new(Code::NothingSelected, message).into());
    }
    let findings: Findings =
        fitted.rules.iter().filter(|rule| has_empty_side(rule)).map(|rule| empty(target, rule)).collect();
    findings.or_value(()).map(|_| ())
}

fn has_empty_side(rule: &FittedRule) -> bool {
    [&rule.source, &rule.destination]
        .into_iter()
        .any(|side| matches!(side, Match::Addresses(set) if set.prefixes.is_empty()))
}

fn empty(target: &str, rule: &FittedRule) -> Finding {
    let message = format!("{target}: a side of {} has an empty list of addresses", rule.rule.id);
    Finding::new(Code::EmptyAddresses, message)
}
