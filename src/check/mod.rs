//! Reachability: what is tested of a selection, and what the results mean.
//!
//! Pure: [`CheckPlan`] says which connections tell something about which rules, and [`Report`] puts the outcomes of these
//! connections beside the rules. The connections are made by `online::probe`.

mod outcome;
mod plan;
mod report;
mod verdict;

pub use outcome::{Certificate, Outcome, TlsAnswer, TlsVersions};
pub use plan::{CheckPlan, Line, Probe, Subject, Test};
pub use report::{Checked, Counts, Reason, Report};
pub use verdict::{Standing, Step, VERDICTS, Verdict, VerdictSpec};

/// Name and version of the form of `portbook check --format json`. A change that an older reader would misread takes the next
/// number.
pub const FORMAT: &str = "portbook-check/1";
