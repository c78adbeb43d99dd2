//! What an audit found, and its forms.

mod form;

pub use form::{json, markdown, text};

use super::beyond::{Scope, beyond};
use super::judge::{grouped, part_of};
use super::{At, Excess, Need, Outcome, Policy, Status, Unjudged, judge, worst};

/// How one need fares.
#[derive(Debug)]
pub struct Answer<'a> {
    /// What has to pass.
    pub need: &'a Need,
    /// At its worst.
    pub status: Status,
    /// What becomes of its parts, the worst first.
    pub parts: Vec<Part>,
    /// What a reader should know besides.
    pub remark: Option<String>,
}

/// What becomes of a part of a need, and by what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// What becomes of it.
    pub status: Status,
    /// What part it is; nothing if it is all of it.
    pub part: Option<String>,
    /// The clause that decides.
    pub clause: Option<(At, String)>,
    /// Why, where no clause does; the clauses that may decide, with their reasons.
    pub why: Vec<(Option<At>, String)>,
}

/// What an audit found.
#[derive(Debug)]
pub struct Report<'a> {
    /// Every need, in the order of the rules.
    pub answers: Vec<Answer<'a>>,
    /// What is allowed beyond.
    pub beyond: Vec<Excess>,
    /// What is not judged.
    pub unjudged: Vec<&'a Unjudged>,
    /// How many rules are no concern of this device.
    pub unseen: usize,
}

impl<'a> Report<'a> {
    /// Judges `needs` on `policy`.
    pub fn of(policy: &'a Policy, needs: &'a [Need], unseen: usize) -> Self {
        let answers = needs.iter().map(|need| answer(policy, need)).collect();
        let beyond = beyond(policy, needs, Scope::SameHosts);
        let unjudged = policy.unjudged.iter().chain(&policy.remarks).collect();
        Self { answers, beyond, unjudged, unseen }
    }

    /// How many needs fare so.
    pub fn count(&self, status: Status) -> usize {
        self.answers.iter().filter(|answer| answer.status == status).count()
    }

    /// Whether everything that is asked for passes, and nothing besides.
    pub fn is_exact(&self) -> bool {
        self.beyond.is_empty() && self.answers.iter().all(|answer| answer.status == Status::Allowed)
    }
}

fn answer<'a>(policy: &Policy, need: &'a Need) -> Answer<'a> {
    let outcomes = judge(policy, need);
    let status = worst(&outcomes);
    let mut parts = Vec::new();
    for status in [Status::Blocked, Status::Undecided, Status::Allowed] {
        for group in grouped(&outcomes, status) {
            parts.extend(part(policy, need, &group));
        }
    }
    Answer { need, status, parts, remark: remark(policy, need, status) }
}

fn part(policy: &Policy, need: &Need, group: &[&Outcome]) -> Option<Part> {
    let (first, others) = group.split_first()?;
    let at = |number: Option<usize>| policy.clauses.get(number?).map(|clause| clause.at.clone());
    let clause = first.clause.and_then(|number| policy.clauses.get(number));
    let words = part_of(&first.region, need);
    let part = match (words, others.len()) {
        (Some(words), 0) => Some(words),
        (Some(words), more) => Some(format!("{words} and {more} more parts")),
        (None, _) => None,
    };
    Some(Part {
        status: first.status,
        part,
        clause: clause.map(|clause| (clause.at.clone(), clause.name.clone())),
        why: first.why.iter().map(|(number, why)| (at(*number), why.clone())).collect(),
    })
}

/// A plain request passes, and a tunnel to the same port does not: some connectors ask for one.
fn remark(policy: &Policy, need: &Need, status: Status) -> Option<String> {
    if need.tunnelled != Some(false) || status != Status::Allowed {
        return None;
    }
    let tunnel = Need { tunnelled: Some(true), ..need.clone() };
    let outcomes = judge(policy, &tunnel);
    let blocked = outcomes.iter().find(|outcome| outcome.status == Status::Blocked)?;
    let by = blocked.clause.and_then(|number| policy.clauses.get(number));
    let by = by.map_or("the default".to_owned(), |clause| format!("{}: {}", clause.at, clause.name));
    Some(format!("plain requests only: CONNECT is denied by {by}"))
}
