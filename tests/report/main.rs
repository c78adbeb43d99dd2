//! Pages: what they hold, what they never let through, how large they are. `browser.sh` opens them in a browser.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

mod browser;
mod curve;
mod hostile;
mod picture;
mod sample;
#[path = "../snapshot/mod.rs"]
mod snapshot;
mod structure;
