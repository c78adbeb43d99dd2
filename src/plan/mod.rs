//! Site files: what a team deploys, where, and which files it wants; checked, with every error at its line.
//!
//! A [`PlanFile`] holds one [`Plan`] for each site. A plan is all that [`crate::build`] needs beside the catalog and the
//! range files.

mod check;
mod defaults;
mod expectation;
mod hosts;
mod lint;
mod output;
mod raw;
#[cfg(test)]
mod schema;
mod starter;
mod targets;

pub use expectation::{Expectation, Goal, Wish};
pub use lint::lint;
pub(crate) use lint::lint_acceptances;
pub use output::{Output, leaves};
pub use starter::{Starter, StarterHost, quoted};

use jiff::civil::Date;

use crate::finding::Place;
use crate::id::CloudId;
use crate::place::Fallback;
use crate::resolve::Request;
use crate::site::Site;
use crate::target::{Acceptance, Focus, Settings, TargetSpec};

/// The name that a site file has where none is given.
pub const FILE: &str = "portbook.yaml";

/// The zone of everything outside, where a site file names none.
const OUTSIDE: &str = "internet";

/// All sites of a file.
#[derive(Debug)]
pub struct PlanFile {
    /// In the order of the file, at least one.
    pub sites: Vec<Plan>,
}

/// One site: who stands where, what is selected, what is written.
#[derive(Debug)]
pub struct Plan {
    /// The deployment.
    pub site: Site,
    /// The folder of its files, below that of the site file; empty for that folder itself.
    pub folder: String,
    /// One for each cloud, at least one.
    pub requests: Vec<Request>,
    /// What is written, in the order of the file.
    pub targets: Vec<PlannedTarget>,
    /// Which addresses may stand for names.
    pub fallback: Fallback,
    /// Whether losses that are usually warnings refuse a target too.
    pub strict: bool,
    /// Losses that are known and wanted.
    pub accepted: Vec<Accepted>,
    /// What must hold.
    pub expectations: Vec<Expectation>,
    /// How many addresses may join used service tags without a human; none may if absent.
    pub auto_merge: Option<u64>,
    /// Where it stands in the file.
    pub place: Place,
}

/// One target of a site.
#[derive(Debug)]
pub struct PlannedTarget {
    /// The target.
    pub target: &'static TargetSpec,
    /// Its settings; those that name a file hold its path until it is read.
    pub settings: Settings,
    /// For which hosts or zones, and which addresses.
    pub focus: Focus,
    /// Where its files go; their own places if absent.
    pub output: Option<Output>,
    /// Whether the site says that the device denies by default.
    pub denies: bool,
    /// Where it stands in the file.
    pub place: Place,
}

/// A loss that a site accepts.
#[derive(Debug, Clone)]
pub struct Accepted {
    /// Which.
    pub acceptance: Acceptance,
    /// Why.
    pub because: String,
    /// The last day on which it counts.
    pub until: Option<Date>,
    /// Where it stands in the file.
    pub place: Place,
}

impl Accepted {
    /// Whether it has run out on `today`.
    pub fn expired(&self, today: Date) -> bool {
        self.until.is_some_and(|until| today > until)
    }
}

impl Plan {
    /// The clouds of the site, as its requests name them.
    pub fn clouds(&self) -> impl Iterator<Item = CloudId> {
        self.requests.iter().filter_map(|request| CloudId::parse(&request.cloud).ok())
    }
}
