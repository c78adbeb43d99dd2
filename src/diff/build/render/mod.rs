//! How a difference between builds is printed.

mod csv;
mod html;
mod json;
mod lines;
mod markdown;
mod text;

pub use csv::csv;
pub use html::{html, html_of_builds};
pub use json::{FORMAT, json};
pub use markdown::markdown;
pub use text::text;
