//! The rules of a selection.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use serde::{Serialize, Serializer};
use sha2::Sha256;

use super::{Citation, Flow, Rule, RuleId, base32, is_base32};

/// Rules in the canonical order of their flows, each flow once.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RuleSet {
    rules: BTreeMap<Flow, Arc<Rule>>,
}

/// The digest of a rule set: the same for the same flows, whatever documents say them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Digest(String);

impl Digest {
    /// Takes back a text that a digest was written as.
    pub fn parse(text: &str) -> Option<Self> {
        is_base32(text, 10).then(|| Self(text.to_owned()))
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl Serialize for Digest {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl RuleSet {
    /// Adds a rule; an equal flow takes over its citations, and the stronger need wins.
    pub fn add(&mut self, rule: Rule) {
        match self.rules.get_mut(&rule.flow) {
            None => {
                self.rules.insert(rule.flow.clone(), Arc::new(rule));
            }
            Some(present) => Arc::make_mut(present).merge(rule),
        }
    }

    /// All rules, ordered by their flows.
    pub fn iter(&self) -> impl Iterator<Item = &Rule> {
        self.rules.values().map(Arc::as_ref)
    }

    /// The same, for whoever keeps some of them.
    pub fn shared(&self) -> impl Iterator<Item = &Arc<Rule>> {
        self.rules.values()
    }

    /// The rule with this id.
    pub fn get(&self, id: &RuleId) -> Option<&Rule> {
        self.iter().find(|rule| rule.id == *id)
    }

    /// The rule of this flow.
    pub fn of(&self, flow: &Flow) -> Option<&Arc<Rule>> {
        self.rules.get(flow)
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.rules.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.rules.is_empty()
    }

    /// Digest of the symbolic rules: of their canonical flows, one a line.
    pub fn digest(&self) -> Digest {
        use sha2::Digest as _;
        let mut hash = Sha256::new();
        for flow in self.rules.keys() {
            hash.update(flow.canonical().as_bytes());
            hash.update(b"\n");
        }
        Digest(base32(&hash.finalize(), 10))
    }
}

impl Rule {
    /// Adds a citation; one of the same words only adds its readings.
    fn cite(&mut self, citation: Citation) {
        let same = |present: &&mut Citation| {
            (
                &present.scenario,
                &present.document,
                present.edition,
                &present.requirement,
                &present.documented_as,
            ) == (
                &citation.scenario,
                &citation.document,
                citation.edition,
                &citation.requirement,
                &citation.documented_as,
            )
        };
        let Some(present) = self.citations.iter_mut().find(same) else {
            self.citations.push(citation);
            return;
        };
        for reading in citation.interpreted {
            if !present.interpreted.contains(&reading) {
                present.interpreted.push(reading);
            }
        }
    }

    fn merge(&mut self, other: Self) {
        // Needed always by one citation is needed always.
        if self.phases.is_empty() || other.phases.is_empty() {
            self.phases.clear();
        } else {
            self.phases.extend(other.phases);
        }
        self.need = self.need.max(other.need);
        self.tls_inspection = self.tls_inspection.max(other.tls_inspection);
        // An assumption counts only while every citation rests on one.
        if self.assumed.is_empty() || other.assumed.is_empty() {
            self.assumed.clear();
        } else {
            self.assumed.extend(other.assumed);
        }
        self.gap &= other.gap;
        self.ranges_offered |= other.ranges_offered;
        if other.doubt.is_none() {
            self.doubt = None;
        }
        for software in other.software {
            if !self.software.contains(&software) {
                self.software.push(software);
            }
        }
        for citation in other.citations {
            self.cite(citation);
        }
    }
}
