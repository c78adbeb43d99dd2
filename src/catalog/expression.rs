//! When a requirement holds: conditions and phases under `any`, `all` and `not`.
//!
//! Conditions are opaque ids; Portbook evaluates no versions.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use crate::id::ConditionId;
use crate::rule::Phase;

/// A condition expression, as written: `any(all(phase:configuration, seamless-sso), password-writeback)`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Expression {
    /// The condition holds.
    Condition(ConditionId),
    /// The phase is one of those selected.
    Phase(Phase),
    /// One of them holds.
    Any(Vec<Expression>),
    /// All of them hold.
    All(Vec<Expression>),
    /// It does not hold.
    Not(Box<Expression>),
}

/// Why a text is not an expression.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{expected} expected at `{}`", .rest.escape_debug())]
pub struct ExpressionError {
    expected: &'static str,
    rest: String,
}

/// What is known of an expression: whether it holds, and which conditions were only assumed on the way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Truth {
    /// Whether it holds.
    pub holds: bool,
    /// Assumed conditions that the answer rests on; empty when it is certain.
    pub assumed: BTreeSet<ConditionId>,
}

impl Truth {
    /// A certain answer.
    pub fn known(holds: bool) -> Self {
        Self { holds, assumed: BTreeSet::new() }
    }
}

impl Expression {
    /// Every condition in it.
    pub fn conditions(&self) -> BTreeSet<&ConditionId> {
        match self {
            Self::Condition(id) => BTreeSet::from([id]),
            Self::Phase(_) => BTreeSet::new(),
            Self::Any(inner) | Self::All(inner) => inner.iter().flat_map(Self::conditions).collect(),
            Self::Not(inner) => inner.conditions(),
        }
    }

    /// The conditions that stand against it: those under no `not` that are false, those under one that are true.
    pub fn opposing(&self, holds: &impl Fn(&ConditionId) -> bool) -> BTreeSet<&ConditionId> {
        self.opposing_under(holds, true)
    }

    fn opposing_under(&self, holds: &impl Fn(&ConditionId) -> bool, wanted: bool) -> BTreeSet<&ConditionId> {
        match self {
            Self::Condition(id) => (holds(id) != wanted).then_some(id).into_iter().collect(),
            Self::Phase(_) => BTreeSet::new(),
            Self::Any(inner) | Self::All(inner) => {
                inner.iter().flat_map(|each| each.opposing_under(holds, wanted)).collect()
            }
            Self::Not(inner) => inner.opposing_under(holds, !wanted),
        }
    }

    /// Evaluates it. An answer that one certain operand settles is certain, whatever the others assume.
    pub fn evaluate(
        &self,
        condition: &impl Fn(&ConditionId) -> Truth,
        phase: &impl Fn(Phase) -> bool,
    ) -> Truth {
        match self {
            Self::Condition(id) => condition(id),
            Self::Phase(wanted) => Truth::known(phase(*wanted)),
            Self::Not(inner) => {
                let truth = inner.evaluate(condition, phase);
                Truth { holds: !truth.holds, ..truth }
            }
            Self::Any(inner) => settle(inner.iter().map(|each| each.evaluate(condition, phase)), true),
            Self::All(inner) => settle(inner.iter().map(|each| each.evaluate(condition, phase)), false),
        }
    }
}

/// One operand that equals `settling` settles the answer; otherwise all of them together do.
fn settle(truths: impl Iterator<Item = Truth>, settling: bool) -> Truth {
    let truths: Vec<Truth> = truths.collect();
    let settled =
        truths.iter().filter(|truth| truth.holds == settling).min_by_key(|truth| truth.assumed.len());
    match settled {
        Some(truth) => truth.clone(),
        None => {
            Truth { holds: !settling, assumed: truths.into_iter().flat_map(|truth| truth.assumed).collect() }
        }
    }
}

impl fmt::Display for Expression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let list = |f: &mut fmt::Formatter<'_>, word: &str, inner: &[Self]| {
            let inner: Vec<String> = inner.iter().map(ToString::to_string).collect();
            write!(f, "{word}({})", inner.join(", "))
        };
        match self {
            Self::Condition(id) => write!(f, "{id}"),
            Self::Phase(phase) => write!(f, "phase:{}", phase.as_str()),
            Self::Any(inner) => list(f, "any", inner),
            Self::All(inner) => list(f, "all", inner),
            Self::Not(inner) => write!(f, "not({inner})"),
        }
    }
}

impl FromStr for Expression {
    type Err = ExpressionError;

    fn from_str(text: &str) -> Result<Self, ExpressionError> {
        let mut parser = Parser { rest: text.trim(), depth: 0 };
        let expression = parser.expression()?;
        if parser.rest.is_empty() { Ok(expression) } else { Err(parser.error("the end")) }
    }
}

/// Expressions are written by hand; deeper ones are a mistake or an attack.
const DEPTH: usize = 16;

struct Parser<'a> {
    rest: &'a str,
    depth: usize,
}

impl Parser<'_> {
    fn error(&self, expected: &'static str) -> ExpressionError {
        ExpressionError { expected, rest: self.rest.chars().take(40).collect() }
    }

    fn eat(&mut self, token: char) -> bool {
        let rest = self.rest.trim_start();
        match rest.strip_prefix(token) {
            Some(tail) => {
                self.rest = tail.trim_start();
                true
            }
            None => false,
        }
    }

    fn word(&mut self) -> String {
        let end = self.rest.find(['(', ')', ',', ' ']).unwrap_or(self.rest.len());
        let (word, tail) = self.rest.split_at(end);
        self.rest = tail.trim_start();
        word.to_owned()
    }

    fn expression(&mut self) -> Result<Expression, ExpressionError> {
        if self.depth == DEPTH {
            return Err(self.error("a shallower expression"));
        }
        let before = self.rest;
        let word = self.word();
        if self.eat('(') {
            self.depth += 1;
            let inner = self.list()?;
            self.depth -= 1;
            return match (word.as_str(), inner.as_slice()) {
                ("any", _) => Ok(Expression::Any(inner)),
                ("all", _) => Ok(Expression::All(inner)),
                ("not", [one]) => Ok(Expression::Not(Box::new(one.clone()))),
                _ => {
                    self.rest = before;
                    Err(self.error("any(...), all(...) or not(one)"))
                }
            };
        }
        if let Some(name) = word.strip_prefix("phase:") {
            let phase = Phase::ALL.into_iter().find(|phase| phase.as_str() == name);
            return phase.map(Expression::Phase).ok_or_else(|| self.error("a phase before this place"));
        }
        ConditionId::parse(&word).map(Expression::Condition).map_err(|_| {
            self.rest = before;
            self.error("a condition")
        })
    }

    fn list(&mut self) -> Result<Vec<Expression>, ExpressionError> {
        let mut inner = vec![self.expression()?];
        while self.eat(',') {
            inner.push(self.expression()?);
        }
        if self.eat(')') { Ok(inner) } else { Err(self.error("`,` or `)`")) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn truth(text: &str, known: &[(&str, bool)], assumed: &[(&str, bool)]) -> Truth {
        let expression: Expression = text.parse().unwrap();
        let condition = |id: &ConditionId| {
            if let Some((_, holds)) = assumed.iter().find(|(name, _)| *name == id.as_str()) {
                return Truth { holds: *holds, assumed: BTreeSet::from([id.clone()]) };
            }
            Truth::known(known.iter().any(|(name, holds)| *name == id.as_str() && *holds))
        };
        expression.evaluate(&condition, &|phase| phase == Phase::Configuration)
    }

    #[test]
    fn certain_operands_settle() {
        let text = "any(all(phase:configuration, sso), writeback)";
        assert_eq!(truth(text, &[("sso", true)], &[("writeback", false)]), Truth::known(true));
        let unsure = truth(text, &[("sso", false)], &[("writeback", false)]);
        assert!(!unsure.holds && unsure.assumed.len() == 1);
        assert_eq!(truth("not(sso)", &[("sso", false)], &[]), Truth::known(true));
    }

    #[test]
    fn what_stands_against_an_expression_may_be_true() {
        let expression: Expression = "all(a, not(b), any(phase:operation, not(any(c, d))))".parse().unwrap();
        let holds = |id: &ConditionId| matches!(id.as_str(), "b" | "c");
        let opposing = expression.opposing(&holds);
        assert_eq!(opposing.iter().map(|id| id.as_str()).collect::<Vec<_>>(), ["a", "b", "c"]);
    }

    #[test]
    fn text_round_trips_and_nonsense_is_refused() {
        for text in ["a", "any(a, b)", "all(a, not(phase:operation))"] {
            assert_eq!(text.parse::<Expression>().unwrap().to_string(), text);
        }
        for text in
            ["", "any()", "not(a, b)", "a b", "any(a", "maybe(a)", "phase:never", "a)", &"not(".repeat(99)]
        {
            assert!(text.parse::<Expression>().is_err(), "{text}");
        }
    }
}
