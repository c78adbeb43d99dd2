//! Outcomes beside the rules that they are about.

use crate::prerequisite::SampleHost;
use crate::rule::{Citation, Need, TlsInspection};

use super::outcome::Outcome;
use super::plan::{CheckPlan, Line, Probe, Test};
use super::verdict::{Standing, Verdict};

/// What became of every line of a plan.
#[derive(Debug)]
pub struct Report<'a> {
    /// The plan.
    pub plan: &'a CheckPlan,
    /// In the order of the plan's lines.
    pub checked: Vec<Checked<'a>>,
}

/// What became of one line.
#[derive(Debug)]
pub struct Checked<'a> {
    /// The line.
    pub line: &'a Line,
    /// The result, with what the documents say about inspection taken into account.
    pub verdict: Verdict,
    /// The connection and what became of it; none where nothing was tried.
    pub tried: Option<(&'a Probe, &'a Outcome)>,
    /// Why nothing was tried: a stable word, the words for people, and the next step.
    pub reason: Option<Reason>,
}

/// Why nothing was tried.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    /// The stable word.
    pub id: &'static str,
    /// For people.
    pub text: String,
    /// What makes it testable; empty where nothing does.
    pub next: String,
}

/// How many lines stand how.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Lines that answer.
    pub reachable: usize,
    /// Lines that do not.
    pub unreachable: usize,
    /// Lines at which nothing was tried.
    pub not_testable: usize,
}

impl<'a> Report<'a> {
    /// Puts the outcomes, in the order of the plan's probes, beside its lines. A probe without an outcome has not finished.
    pub fn new(plan: &'a CheckPlan, outcomes: &'a [Outcome]) -> Self {
        let checked = plan.lines.iter().map(|line| Checked::of(line, plan, outcomes)).collect();
        Self { plan, checked }
    }

    /// How many lines stand how.
    pub fn counts(&self) -> Counts {
        let mut counts = Counts::default();
        for checked in &self.checked {
            match checked.verdict.spec().standing {
                Standing::Reachable => counts.reachable += 1,
                Standing::Unreachable => counts.unreachable += 1,
                Standing::NotTestable => counts.not_testable += 1,
            }
        }
        counts
    }
}

impl<'a> Checked<'a> {
    fn of(line: &'a Line, plan: &'a CheckPlan, outcomes: &'a [Outcome]) -> Self {
        let Test::Probe { index, .. } = &line.test else {
            let verdict = Verdict::NotTestable;
            return Self { line, verdict, tried: None, reason: reason(&line.test) };
        };
        let tried = plan.probes.get(*index).zip(outcomes.get(*index));
        let verdict = tried.map_or(Verdict::NotFinished, |(_, outcome)| match outcome.verdict {
            Verdict::Inspected if line.forbids_inspection() => Verdict::InspectionForbidden,
            verdict => verdict,
        });
        Self { line, verdict, tried, reason: None }
    }
}

impl Line {
    /// The document that names the host that stands for a wildcard.
    pub fn sample(&self) -> Option<&SampleHost> {
        match &self.test {
            Test::Probe { sample, .. } => sample.as_ref(),
            _ => None,
        }
    }

    /// Whether a document of one of its rules demands that nothing on the way opens the traffic.
    pub fn forbids_inspection(&self) -> bool {
        self.rules
            .iter()
            .any(|rule| matches!(rule.tls_inspection, TlsInspection::Exclude | TlsInspection::DoNotTerminate))
    }

    /// Whether one of its rules is demanded, not only offered.
    pub fn is_required(&self) -> bool {
        self.rules.iter().any(|rule| rule.need == Need::Required)
    }

    /// Everything that asks for it, in the order of the documents.
    pub fn citations(&self) -> impl Iterator<Item = &Citation> {
        self.rules.iter().flat_map(|rule| &rule.citations)
    }
}

fn reason(test: &Test) -> Option<Reason> {
    let reason = |id, text: String, next: String| Some(Reason { id, text, next });
    match test {
        Test::Probe { .. } => None,
        Test::Elsewhere(from) if from.role().is_some() => {
            let next = format!("run it on that host with --role {from}");
            reason("other-role", format!("opened by {from}, for which this machine does not stand"), next)
        }
        Test::Elsewhere(from) => {
            reason("outside", format!("opened by {from}: test it from there"), String::new())
        }
        Test::Networks(role) => {
            let words = format!("only networks of {role} are given, and their hosts are not known");
            reason("networks-only", words, format!("--address {role}=ADDRESS names a host"))
        }
        Test::Untestable(untestable) => {
            let next = match untestable {
                crate::prerequisite::Untestable::NoAddress(role) => {
                    format!("--address {role}=ADDRESS names a host")
                }
                _ => String::new(),
            };
            reason(untestable.id(), untestable.to_string(), next)
        }
    }
}
