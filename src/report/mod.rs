//! One self-contained HTML page out of a pure view model: what a change board opens, prints and searches.
//!
//! [`Report`] holds plain texts and address sets, and whoever fills it decides everything; this module lays out, draws
//! and escapes. The page needs nothing from outside: style, script and pictures stand in it, and a policy forbids the rest.
//! Nothing of a report ever stands inside the script element.
//!
//! Without the script everything can be read; the script adds search and filters.
//!
//! ```
//! use portbook::report::{Report, Tally, Tone, page};
//!
//! let widened = Tally { label: "widened".to_owned(), count: 3, tone: Tone::More };
//! let report = Report { title: "contoso <hq>".to_owned(), summary: vec![widened], ..Report::default() };
//! let page = page(&[report]).unwrap();
//! assert!(page.contains("<h1>contoso &lt;hq&gt;</h1>"));
//! ```

mod address;
mod context;
mod escape;
pub mod hilbert;
mod map;
mod model;
mod page;
mod picture;

pub use address::{AddressChange, AddressRow};
pub use model::{ArtifactRow, Citation, Entry, Report, RuleLoss, RuleRow, RuleTable, Section, Tally, Tone};
pub use page::page;
pub use picture::{Arrow, Node, NodeKind, Picture};
