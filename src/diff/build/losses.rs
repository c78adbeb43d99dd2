//! What targets lose of rules, or lost.

use std::collections::BTreeSet;
use std::fmt;

use crate::finding::Code;
use crate::manifest::{LossRecord, Manifest, TargetRecord};
use crate::rule::RuleId;
use crate::target::Effect;

use super::targets;

/// A target of a site, as a reader tells it from others of its kind.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct TargetName {
    /// Its id.
    pub id: String,
    /// Its hosts, its zones, or its first file.
    pub place: String,
}

impl TargetName {
    pub(super) fn of(record: &TargetRecord) -> Self {
        let hosts: Vec<String> = record.hosts.iter().map(ToString::to_string).collect();
        let place = match (&record.crossing, hosts.is_empty()) {
            (Some(crossing), true) => crossing.clone(),
            (Some(crossing), false) => format!("{crossing} for {}", hosts.join(", ")),
            (None, false) => format!("for {}", hosts.join(", ")),
            (None, true) => record.files.first().map(|file| file.path.clone()).unwrap_or_default(),
        };
        Self { id: record.target.clone(), place }
    }
}

impl fmt::Display for TargetName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.id)?;
        if self.place.is_empty() { Ok(()) } else { write!(f, " {}", self.place) }
    }
}

/// A loss that some rules of both builds have now, or had.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LossChange {
    /// On which target.
    pub target: TargetName,
    /// Whether they have it now.
    pub added: bool,
    /// Which.
    pub code: Code,
    /// What it does.
    pub effect: Effect,
    /// What exactly.
    pub details: Vec<String>,
    /// The rules.
    pub rules: Vec<RuleId>,
}

impl LossChange {
    /// Whether more passes than before.
    pub fn widens(&self) -> bool {
        self.added == (self.effect == Effect::Wider)
    }

    /// Whether less passes than before.
    pub fn narrows(&self) -> bool {
        !self.widens()
    }
}

/// The losses that came and went, of rules and targets that both builds have. Another detail, such as another program
/// or another tag, is another loss.
pub(super) fn changes(old: &Manifest, new: &Manifest) -> Vec<LossChange> {
    let ids = |manifest: &'_ Manifest| -> BTreeSet<RuleId> {
        manifest.rules.rules.iter().map(|record| record.rule.id.clone()).collect()
    };
    let both: BTreeSet<RuleId> = ids(old).intersection(&ids(new)).cloned().collect();
    let mut changes = Vec::new();
    for (was, is) in targets::pairs(old, new) {
        // What is refused now keeps what it had.
        let (Some(was), Some(is)) = (was, is.filter(|is| is.refused.is_empty())) else { continue };
        for (side, other, added) in [(is, was, true), (was, is, false)] {
            for loss in &side.losses {
                let known = |rule: &&RuleId| {
                    other.losses.iter().any(|each| {
                        (each.code, each.effect, &each.detail) == (loss.code, loss.effect, &loss.detail)
                            && each.rules.contains(*rule)
                    })
                };
                let rules: Vec<RuleId> =
                    loss.rules.iter().filter(|rule| both.contains(*rule) && !known(rule)).cloned().collect();
                add(&mut changes, is, loss, added, rules);
            }
        }
    }
    changes
}

/// Losses of one code, effect and side are told together, with their details.
fn add(
    changes: &mut Vec<LossChange>,
    target: &TargetRecord,
    loss: &LossRecord,
    added: bool,
    rules: Vec<RuleId>,
) {
    if rules.is_empty() {
        return;
    }
    let name = TargetName::of(target);
    let same = |known: &&mut LossChange| {
        (&known.target, known.added, known.code, known.effect) == (&name, added, loss.code, loss.effect)
    };
    match changes.iter_mut().find(same) {
        Some(known) => {
            known.details.push(loss.detail.clone());
            known.rules.extend(rules);
        }
        None => changes.push(LossChange {
            target: name,
            added,
            code: loss.code,
            effect: loss.effect,
            details: vec![loss.detail.clone()],
            rules,
        }),
    }
}
