//! What is made of prerequisites: a .reg file with its undo, and a preflight that changes nothing.
//!
//! Which ones count is decided before, by [`crate::resolve::prerequisites`].

mod check;
mod endpoint;
mod preflight;
mod registry;
mod sample;
mod script_test;

pub use endpoint::{EndpointTest, Hosts, NamedHosts, Reach, TestPlan, Untestable, Way};
pub use preflight::{Preflight, preflight};
pub use registry::{RegistryFiles, registry_files};
pub use sample::{SampleHost, sample_host};

use crate::resolve::Prerequisites;

/// Title and sources, to be put behind a comment sign; the documents are those that state one of `cited`.
fn header(prerequisites: &Prerequisites<'_>, cited: &[String]) -> Vec<String> {
    vec![
        format!("Portbook: prerequisites of {}", prerequisites.title),
        format!("documents: {}", cited.join(", ")),
    ]
}

/// Each once, in the order in which they come.
fn once(texts: impl IntoIterator<Item = String>) -> Vec<String> {
    let mut unique: Vec<String> = Vec::new();
    for text in texts {
        if !unique.contains(&text) {
            unique.push(text);
        }
    }
    unique
}
