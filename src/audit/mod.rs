//! What a configuration allows of what documents ask for, what it stops, and what it allows besides.
//!
//! A reader of a target ([`READERS`]) makes a [`Policy`] of its files: clauses in the order in which they decide, each a set of
//! stretches of the space of connections (sources, destinations, ports). A [`Need`] is such a stretch too, so that what becomes
//! of it is computed, not sampled. What a reader does not understand is a clause in doubt: what it may match is undecided,
//! unless whatever follows decides the same.
//!
//! [`verify`] holds Portbook's own files against the rules that they were made from.

mod beyond;
mod judge;
mod names;
mod need;
mod policy;
mod read;
mod region;
mod report;
mod verify;

pub use beyond::Excess;
pub use judge::{Outcome, Reason, Status, judge, worst};
pub use names::NameSet;
pub use need::Need;
pub use policy::{Action, At, Clause, Fallthrough, Only, Policy, Reach, Unjudged, ZoneDefault};
pub use read::{Alone, Beside, Configuration, LARGEST, READERS, Read, Reader, Surroundings, reader};
pub use region::{Destination, Region};
pub use report::{Answer, Part, Report, json, markdown, text};
pub use verify::verify;

use crate::build::Subject;
use crate::target::{
    Capabilities, FittedRule, Focus, NameSupport, PortSupport, Settings, SourceSupport, TargetSpec, fit,
};

/// What documents ask of a target at its place, whatever it can say itself; and how many rules are no concern of it.
pub fn needs(
    subject: &Subject<'_>,
    target: &TargetSpec,
    settings: &Settings,
    focus: &Focus,
) -> (Vec<Need>, usize) {
    let everything = TargetSpec { capabilities: everything, ..*target };
    let fitted = fit(subject.rules, subject.placed, subject.heading, &everything, settings, focus);
    let unseen = fitted.verdicts.iter().filter(|verdict| !verdict.written).count();
    let needs = fitted.rules.iter().flat_map(|rule| Need::asked(rule, target, settings)).collect();
    (needs, unseen)
}

/// The needs of rules exactly as they were fitted.
fn exact_needs(rules: &[FittedRule], target: &TargetSpec, settings: &Settings) -> Vec<Need> {
    rules.iter().flat_map(|rule| Need::fitted(rule, target, settings)).collect()
}

/// A target that can say everything: an audit asks what a device does, not what Portbook would write for it.
fn everything(_: &Settings) -> Capabilities {
    Capabilities {
        source: SourceSupport::Words,
        names: NameSupport::Exact,
        addresses: true,
        paths: true,
        ports: PortSupport::Exact,
        source_ports: true,
        words: true,
        identity: None,
    }
}
