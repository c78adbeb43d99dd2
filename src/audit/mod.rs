//! What a configuration allows of what documents ask for, what it stops, and what it allows besides.
//!
//! A reader of a target ([`READERS`]) makes a [`Policy`] of its files: clauses in the order in which they decide, each a set of
//! stretches of the space of connections (sources, destinations, ports). A [`Need`] is such a stretch too, so that what becomes
//! of it is computed, not sampled. What a reader does not understand is a clause in doubt: what it may match is undecided,
//! unless whatever follows decides the same.
//!
//! [`verify`](verify::verify) holds Portbook's own files against the rules that they were made from.

mod beyond;
mod judge;
mod names;
mod need;
mod policy;
mod read;
mod region;
mod report;

pub use beyond::Excess;
pub use judge::{Outcome, Status, judge, worst};
pub use names::NameSet;
pub use need::Need;
pub use policy::{Action, At, Clause, Fallthrough, Policy, Reach, Unjudged};
pub use read::{Beside, Configuration, LARGEST, READERS, Read, Reader, reader};
pub use region::{Destination, Region};
pub use report::{Answer, Part, Report, json, markdown, text};

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
    (of_rules(&fitted.rules, target, settings), unseen)
}

/// The needs of rules as they were fitted.
fn of_rules(rules: &[FittedRule], target: &TargetSpec, settings: &Settings) -> Vec<Need> {
    rules.iter().flat_map(|rule| Need::of(rule, target, settings)).collect()
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
