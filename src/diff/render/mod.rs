//! A difference, said: for a terminal, for a pull request, for programs, and as a change request (flows only).

mod csv;
mod json;
mod line;
mod markdown;
mod prerequisite;
mod text;
mod words;

pub use csv::{COLUMNS, csv};
pub use json::{FORMAT, json};
pub(in crate::diff) use line::{Line, lines};
pub use markdown::markdown;
pub use text::text;
