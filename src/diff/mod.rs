//! What changed between two sides, by meaning.
//!
//! 1. [`Side`] takes what one argument names (an edition of a document, a scenario at a date) and gathers its
//!    [`Statement`]s: each is one flow as one text states it, with its need and its source.
//! 2. [`compare`] matches the flows of two lists of statements; ids only name things, and where a name is gone that a
//!    pattern of the other side holds, the pattern answers for it. It knows nothing of where the statements came from.
//! 3. [`Difference::between`] does so for each scenario and cloud of two sides and tells equal changes once.
//!    What texts say beside their flows and what they ask of hosts is compared by itself.
//! 4. [`render`] says it: text, Markdown, JSON, and CSV as a change request.
//!
//! Conditions, alternatives, templates and negative facts stand as documented: nothing is selected. Lists that another
//! document keeps are followed for a scenario at a date, and are references where two editions are compared.

pub mod build;
mod change;
mod compare;
mod cover;
mod difference;
mod expand;
mod flow;
mod need;
mod prerequisite;
pub mod render;
mod saying;
mod side;
mod statement;

pub use change::{Category, Change, Wording};
pub use compare::compare;
pub use difference::Difference;
pub use flow::{StatedFlow, StatedPorts};
pub use prerequisite::{PrerequisiteCategory, PrerequisiteChange, StatedPrerequisite};
pub use saying::SayingChange;
pub use side::{Side, SideOptions};
pub use statement::{Source, Statement};
