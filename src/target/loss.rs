//! The ways in which a target's rendering of a rule differs from the rule.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::finding::{Code, Finding};
use crate::rule::RuleId;

/// The part of a rule that a loss is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Axis {
    /// Who opens the connection.
    Source,
    /// Who answers, by name or address.
    Host,
    /// Which URLs.
    Path,
    /// Which ports.
    Port,
    /// TCP or UDP.
    Transport,
    /// IPv4 or IPv6.
    Family,
    /// Which program, service or account.
    Identity,
    /// When.
    Time,
}

/// What a loss does to the rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Effect {
    /// The rule does not concern this target.
    NotApplicable,
    /// Less passes than the rule allows.
    Narrower,
    /// More passes than the rule allows.
    Wider,
    /// The rule cannot be said.
    Refused,
}

impl Effect {
    /// The word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NotApplicable => "not-applicable",
            Self::Narrower => "narrower",
            Self::Wider => "wider",
            Self::Refused => "refused",
        }
    }
}

/// One loss.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Loss {
    /// Its finding code.
    pub code: Code,
    /// The part of the rule.
    pub axis: Axis,
    /// What it does.
    pub effect: Effect,
    /// What exactly, for this rule.
    pub detail: String,
}

impl Loss {
    /// Whether the artifact may only be written once somebody accepted the loss: refusals, and the fallback that
    /// opens every Azure customer's addresses.
    pub fn needs_acceptance(&self) -> bool {
        self.effect == Effect::Refused || self.code == Code::AnyAzureCustomer
    }
}

/// `CODE[@TARGET][@RULE]`: somebody accepts a loss.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Acceptance {
    /// Which loss.
    pub code: Code,
    /// Of which target; any if absent.
    pub target: Option<String>,
    /// Of which rule; any if absent.
    pub rule: Option<String>,
}

impl Acceptance {
    /// Reads `CODE[@TARGET][@RULE]`.
    ///
    /// # Errors
    /// `unknown-finding` or `unknown-target` with the nearest name, `invalid-value` for a rule that is no rule id.
    pub fn parse(text: &str) -> Result<Self, Finding> {
        use crate::finding::{CODES, unknown};
        let mut parts = text.split('@');
        let code = parts.next().unwrap_or_default();
        let code = Code::find(code).ok_or_else(|| {
            let known = CODES.iter().map(|(_, spec)| spec.id);
            unknown(Code::UnknownFinding, "finding", code, known, "`portbook list findings`")
        })?;
        let mut acceptance = Self { code, target: None, rule: None };
        for part in parts {
            if super::find(part).is_some() && acceptance.target.is_none() {
                acceptance.target = Some(part.to_owned());
            } else if part.starts_with("r-") && part.len() == 12 && acceptance.rule.is_none() {
                acceptance.rule = Some(part.to_owned());
            } else {
                let known = super::TARGETS.iter().map(|spec| spec.id);
                return Err(unknown(
                    Code::UnknownTarget,
                    "target or rule",
                    part,
                    known,
                    "`portbook list targets`",
                ));
            }
        }
        Ok(acceptance)
    }

    /// Whether it covers `loss` of `rule` on `target`.
    pub fn covers(&self, loss: &Loss, target: &str, rule: &RuleId) -> bool {
        self.code == loss.code
            && self.target.as_deref().is_none_or(|accepted| accepted == target)
            && self.rule.as_deref().is_none_or(|accepted| accepted == rule.as_str())
    }
}

/// As [`Acceptance::parse`] reads it.
impl fmt::Display for Acceptance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code.spec().id)?;
        self.target.iter().chain(&self.rule).try_for_each(|part| write!(f, "@{part}"))
    }
}
