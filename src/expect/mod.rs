//! Whether the expectations of a site hold: on its rules, and on what each of its targets really says.
//!
//! A connection goes in one step, or in two by way of a proxy. Each target sees some of these steps: a host firewall
//! those of its host, a network firewall those that cross its zones, a proxy what passes it. A step that a target sees is
//! held against its lowered rules, as its device would do it.

mod device;
mod goal;
mod matching;
mod prefixes;
mod rules;
mod ruling;
mod step;

use std::fmt::Write as _;

use crate::finding::{Code, Findings};
use crate::place::{Addressing, Placed};
use crate::plan::{Expectation, Plan, PlannedTarget, Wish};
use crate::target::{Enforces, Fitted, fit};

use crate::build::{Inputs, Resolution, build, refuses};

pub use ruling::{Doubt, Ruling};
use step::{Connection, Step, Way};

/// How one expectation fared.
#[derive(Debug)]
pub struct Answer<'p> {
    /// What must hold.
    pub expectation: &'p Expectation,
    /// What the rules say.
    pub rules: Ruling,
    /// What is said on each way that the connection can go, at least one.
    pub ways: Vec<OnWay>,
    /// Whether the site has a target that could stop anything: not one that has documents only.
    pub has_devices: bool,
}

/// What is said on one way of a connection.
#[derive(Debug)]
pub struct OnWay {
    /// What tells it from the others: `straight`, `by the proxy`, `to adfs`.
    pub name: String,
    /// What each target says that could see the connection, in the order of the plan.
    pub targets: Vec<(String, Ruling)>,
}

impl OnWay {
    /// Whether the connection passes: wherever a device decides, and one must.
    fn passes(&self, has_devices: bool) -> bool {
        let mut rulings = self.targets.iter().map(|(_, ruling)| ruling);
        let judged = self.is_judged() || !has_devices;
        judged && rulings.all(|ruling| ruling.allows() || ruling.is_elsewhere())
    }

    /// Whether a device stops the connection for certain, and none lets it pass.
    fn stops(&self) -> bool {
        let rulings = || self.targets.iter().map(|(_, ruling)| ruling);
        rulings().any(Ruling::denies) && rulings().all(|ruling| ruling.denies() || ruling.is_elsewhere())
    }

    /// Whether a target on the way says anything of its own: neither one that only routes, nor what it says of others.
    pub fn is_judged(&self) -> bool {
        let said = |ruling: &Ruling| !matches!(ruling, Ruling::NotEnforced | Ruling::OfProxy(_));
        self.targets.iter().any(|(_, ruling)| said(ruling))
    }
}

impl Answer<'_> {
    /// Whether the expectation holds.
    ///
    /// What is to pass must be in the rules, and pass wherever a device decides. What is not to pass must not be in the
    /// rules, and a device must stop it on every way that it could go: one that only might is not enough.
    pub fn holds(&self) -> bool {
        match self.expectation.wish {
            Wish::Allow => self.rules.allows() && self.ways.iter().all(|way| way.passes(self.has_devices)),
            Wish::Deny => self.rules == Ruling::NoRule && self.ways.iter().all(OnWay::stops),
        }
    }

    /// Whether it holds by the rules alone, since the site has no device that could do otherwise.
    pub fn holds_by_rules_alone(&self) -> bool {
        self.holds() && !self.ways.iter().all(OnWay::is_judged)
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
/// Everything that stands in the way of its rules, or of its files: what cannot be built does nothing.
pub fn judge<'p>(plan: &'p Plan, inputs: &Inputs<'_>) -> Result<Vec<Answer<'p>>, Findings> {
    build(plan, inputs)?;
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
    seen: &[Seen<'_>],
) -> Option<Answer<'p>> {
    let connection = Connection::of(expectation, plan, placed)?;
    let rules = rules::by_rules(&connection, placed);
    let ways = connection.ways.iter().map(|way| on_way(&connection, way, seen)).collect();
    let has_devices = plan.targets.iter().any(|planned| !matches!(planned.target.enforces, Enforces::Never));
    Some(Answer { expectation, rules, ways, has_devices })
}

fn on_way(connection: &Connection<'_>, way: &Way<'_>, seen: &[Seen<'_>]) -> OnWay {
    let mut targets = Vec::new();
    for Seen { planned, fitted, refused } in seen {
        let steps: Vec<&Step<'_>> =
            way.steps.iter().filter(|step| step.is_seen_by(planned, connection)).collect();
        if !steps.is_empty() {
            let ruling = match refused {
                Some(code) => Ruling::NotWritten(*code),
                None => device::by_target(connection, &steps, planned, fitted),
            };
            targets.push((name(planned), ruling));
        }
    }
    OnWay { name: way.name.clone(), targets }
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
