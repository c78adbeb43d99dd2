//! Whether the expectations of a site hold: on its rules, and on what each of its targets really says.
//!
//! A connection goes in one step, or in two by way of a proxy. Each target sees some of these steps: a host firewall
//! those of its host, a network firewall those that cross its zones, a proxy what passes it. A step that a target sees is
//! held against its lowered rules, as its device would do it.

mod ruling;
mod step;

use std::fmt::Write as _;

use crate::finding::{Code, Findings};
use crate::place::{Addressing, Placed};
use crate::plan::{Expectation, Plan, PlannedTarget, Wish};
use crate::target::{Fitted, fit};

use crate::build::{Inputs, Resolution, refuses};

pub use ruling::Ruling;
use step::{Connection, Step};

/// How one expectation fared.
#[derive(Debug)]
pub struct Answer<'p> {
    /// What must hold.
    pub expectation: &'p Expectation,
    /// What the rules say.
    pub rules: Ruling,
    /// What each target says that could see the connection, in the order of the plan.
    pub targets: Vec<(String, Ruling)>,
}

impl Answer<'_> {
    /// Whether the expectation holds.
    ///
    /// What is to pass must be in the rules, and pass wherever a device decides. What is not to pass must not be in the
    /// rules, and a device must stop it: one that only might is not enough.
    pub fn holds(&self) -> bool {
        let rulings = || self.targets.iter().map(|(_, ruling)| ruling);
        match self.expectation.wish {
            Wish::Allow => {
                self.rules.allows() && rulings().all(|ruling| ruling.allows() || ruling.is_elsewhere())
            }
            Wish::Deny => {
                !self.rules.allows()
                    && rulings().any(|ruling| matches!(ruling, Ruling::Denied))
                    && rulings().all(|ruling| matches!(ruling, Ruling::Denied) || ruling.is_elsewhere())
            }
        }
    }
}

/// What a target says of all rules, and the code for which nothing is written for it.
struct Seen<'p> {
    planned: &'p PlannedTarget,
    fitted: Fitted,
    refused: Option<Code>,
}

/// Judges every expectation of a site.
///
/// # Errors
/// Everything that stands in the way of its rules.
pub fn judge<'p>(plan: &'p Plan, inputs: &Inputs<'_>) -> Result<Vec<Answer<'p>>, Findings> {
    let resolution = inputs.resolutions.of(&plan.requests, inputs.catalog)?;
    let addressing = Addressing { fallback: plan.fallback, files: inputs.files };
    let placed = resolution.place(&plan.site, &addressing, inputs.catalog)?;
    let fitted: Vec<Seen<'_>> = plan
        .targets
        .iter()
        .map(|planned| {
            let fitted = lowered(&resolution, &placed, planned);
            let refused = refuses(plan, planned, &fitted, inputs);
            Seen { planned, fitted, refused }
        })
        .collect();
    let answers = plan.expectations.iter();
    Ok(answers.filter_map(|expectation| answer(plan, expectation, &placed, &fitted)).collect())
}

fn lowered(resolution: &Resolution, placed: &Placed, planned: &PlannedTarget) -> Fitted {
    let PlannedTarget { target, settings, focus, .. } = planned;
    fit(&resolution.rules, placed, &resolution.heading, target, settings, focus)
}

fn answer<'p>(
    plan: &Plan,
    expectation: &'p Expectation,
    placed: &Placed,
    fitted: &[Seen<'_>],
) -> Option<Answer<'p>> {
    let connection = Connection::of(expectation, &plan.site)?;
    let rules = ruling::by_rules(&connection, placed);
    let mut targets = Vec::new();
    for Seen { planned, fitted, refused } in fitted {
        let seen: Vec<&Step<'_>> = connection.steps.iter().filter(|step| step.is_seen_by(planned)).collect();
        if !seen.is_empty() {
            let ruling = match refused {
                Some(code) => Ruling::NotWritten(*code),
                None => ruling::by_target(&connection, &seen, planned, fitted),
            };
            targets.push((name(planned), ruling));
        }
    }
    Some(Answer { expectation, rules, targets })
}

/// `palo-alto-set between dmz and internet`, `windows-firewall for agents`.
fn name(planned: &PlannedTarget) -> String {
    let mut name = planned.target.id.to_owned();
    if let Some(crossing) = &planned.focus.crossing {
        let _ = write!(name, " {crossing}");
    }
    if !planned.focus.stations.is_empty() {
        let hosts: Vec<&str> = planned.focus.stations.iter().map(crate::id::StationId::as_str).collect();
        let _ = write!(name, " for {}", hosts.join(", "));
    }
    name
}
