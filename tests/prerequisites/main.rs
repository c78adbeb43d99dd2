//! Prerequisites at the surface: the facts by edition, the files that are made of them, and what may stand in a preflight.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod facts;
mod files;
mod hostile;
mod products;
mod script;
#[path = "../snapshot/mod.rs"]
mod snapshot;

use std::path::Path;
use std::process::{Command, Output};

pub(crate) fn portbook(folder: &Path, line: &str) -> Output {
    Command::new(env!("CARGO_BIN_EXE_portbook"))
        .args(line.split_whitespace())
        .current_dir(folder)
        .env_remove("PORTBOOK_CATALOG")
        .output()
        .unwrap()
}
