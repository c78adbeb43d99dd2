//! What changed between texts: against the reference, against committed expectations, and by its algebra.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "tests"
)]

mod algebra;
mod cases;
#[path = "../contradicted/mod.rs"]
mod contradicted;
mod neighbours;
mod prerequisites;
mod reference;
mod rows;
mod rules;
#[path = "../snapshot/mod.rs"]
mod snapshot;
