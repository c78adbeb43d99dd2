//! The targets for readers: `csv`, `json` and `markdown`, through the public surface.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may panic")]

mod csv;
mod json;
mod markdown;
mod sample;
mod schema;
