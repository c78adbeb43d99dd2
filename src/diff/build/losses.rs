//! What targets lose of rules, or lost.

use std::collections::BTreeMap;
use std::fmt;

use crate::finding::Code;
use crate::manifest::{Manifest, TargetRecord};
use crate::rule::RuleId;
use crate::target::Effect;

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
            (None, true) => String::new(),
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

/// The losses that came and went, of rules and targets that both builds have.
pub(super) fn changes(old: &Manifest, new: &Manifest) -> Vec<LossChange> {
    let (was, is) = (Losses::of(old), Losses::of(new));
    let both: Vec<&RuleId> = old
        .rules
        .rules
        .iter()
        .map(|record| &record.rule.id)
        .filter(|rule| new.rules.rules.iter().any(|record| record.rule.id == **rule))
        .collect();
    let mut changes = Vec::new();
    for (name, now) in &is.0 {
        let Some(before) = was.0.get(name) else { continue };
        for (side, other, added) in [(now, before, true), (before, now, false)] {
            for ((code, effect), rules) in side {
                let known = other.get(&(*code, *effect));
                let rules: Vec<RuleId> = rules
                    .iter()
                    .filter(|rule| known.is_none_or(|known| !known.contains(rule)) && both.contains(rule))
                    .map(|rule| (*rule).clone())
                    .collect();
                if !rules.is_empty() {
                    changes.push(LossChange {
                        target: name.clone(),
                        added,
                        code: *code,
                        effect: *effect,
                        rules,
                    });
                }
            }
        }
    }
    changes
}

/// Rules by code and effect, by target.
struct Losses<'m>(BTreeMap<TargetName, BTreeMap<(Code, Effect), Vec<&'m RuleId>>>);

impl<'m> Losses<'m> {
    fn of(manifest: &'m Manifest) -> Self {
        let mut losses: BTreeMap<TargetName, BTreeMap<(Code, Effect), Vec<&RuleId>>> = BTreeMap::new();
        for record in &manifest.targets {
            let of_target = losses.entry(TargetName::of(record)).or_default();
            for loss in &record.losses {
                of_target.entry((loss.code, loss.effect)).or_default().extend(&loss.rules);
            }
        }
        Self(losses)
    }
}
