//! What runs in CI, run for real: the shell of the action, the workflows and the hook, with programs that play portbook,
//! `gh` and curl. And what they name of the command line, held against the program's help.

#![cfg(unix)]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test fails by panicking"
)]

mod ci {
    mod action;
    mod comment;
    mod gitlab;
    mod hook;
    mod named;
    pub(crate) mod stage;
    mod weekly;
}
