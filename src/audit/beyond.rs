//! What a policy allows that no need accounts for.

mod asked;
mod cell;
mod fact;
mod found;
mod line;
mod side;
mod words;

use crate::target::Direction;

use super::{Action, At, Clause, Fallthrough, Need, Only, Policy, Reach};
use fact::{merged, told_together};
use line::{Hosts, Line};

/// Into how many stretches what a clause allows may fall.
const MOST: usize = 2000;

/// Something that a clause allows and no need asks for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Excess {
    /// The place of the clause; none where the default allows it.
    pub at: Option<At>,
    /// How the configuration calls the clause; why the default allows it.
    pub name: String,
    /// What, in words.
    pub what: String,
    /// Whether it does so for certain.
    pub certain: bool,
}

/// What counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scope {
    /// What a policy allows to hosts that needs name, and what its entry for such a host holds besides.
    SameHosts,
    /// Everything.
    All,
}

/// What `policy` allows beyond `needs`. Denials before a clause count as far as they are certain. A default that allows is a
/// last clause that matches everything.
pub(super) fn beyond(policy: &Policy, needs: &[Need], scope: Scope) -> Vec<Excess> {
    let mut hosts = Hosts::default();
    let mut found = Vec::new();
    let behind = by_default(&policy.default);
    for (number, clause) in policy.clauses.iter().chain(&behind).enumerate() {
        if clause.action != Action::Allow {
            continue;
        }
        let (mut certain, mut perhaps) = (Vec::new(), Vec::new());
        for reach in clause.reaches.iter().filter(|reach| reach.only != Some(Only::Judged)) {
            let list = if reach.doubts.is_empty() { &mut certain } else { &mut perhaps };
            list.extend(Line { policy, number, clause, reach, scope }.facts(needs, &mut hosts));
        }
        let (certain, mut perhaps) = (merged(certain), merged(perhaps));
        perhaps.retain(|more| !certain.contains(more));
        let at = (number < policy.clauses.len()).then_some(&clause.at);
        found.extend(told_together(clause, at, true, &certain));
        found.extend(told_together(clause, at, false, &perhaps));
    }
    found
}

/// Clauses that do what an allowing default does. What a device allows as it is shipped (PAN-OS within a zone), and what a
/// file does not say, is no doing of the file.
fn by_default(default: &Fallthrough) -> Vec<Clause> {
    let clause = |direction, why: &str| Clause {
        action: Action::Allow,
        reaches: vec![Reach::all()],
        host: None,
        direction,
        at: At { file: "".into(), line: 0 },
        name: why.to_owned(),
    };
    match default {
        Fallthrough::Certain(Action::Allow, why) => vec![clause(None, why)],
        Fallthrough::ByDirection { outbound, inbound } => {
            let sides = [(Direction::Outbound, outbound), (Direction::Inbound, inbound)];
            let open = sides.into_iter().filter(|(_, action)| **action == Some(Action::Allow));
            let why = "the default action of all network profiles allows what no rule matches";
            open.map(|(direction, _)| clause(Some(direction), why)).collect()
        }
        // Between zones is what a firewall is for; within one, PAN-OS lets pass by default.
        Fallthrough::ByZones { between, .. } if between.action == Action::Allow => {
            vec![clause(None, &between.why)]
        }
        Fallthrough::Certain(Action::Deny, _) | Fallthrough::ByZones { .. } | Fallthrough::Unknown(_) => {
            Vec::new()
        }
    }
}
