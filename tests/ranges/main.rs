//! Range files: every shape, what can be wrong with one, look-ups, differences, the lock.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stderr,
    reason = "tests"
)]

mod accept;
mod broken;
mod commands;
mod diff;
mod holders;
mod page;
mod published;
mod shapes;
mod store;

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use portbook::ranges::RangeFile;

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/ranges").join(name)
}

fn bytes(name: &str) -> Vec<u8> {
    std::fs::read(fixture(name)).unwrap()
}

fn parse<'a>(name: &str, bytes: &'a [u8]) -> RangeFile<'a> {
    RangeFile::parse(name, bytes).unwrap_or_else(|findings| panic!("{name}: {findings:?}"))
}

/// A service tag file of these tags, each with its prefixes.
fn made(change_number: u64, tags: &[(&str, Vec<String>)]) -> Vec<u8> {
    let values: Vec<_> = tags
        .iter()
        .map(|(name, prefixes)| {
            serde_json::json!({"name": name, "id": name, "properties": {"changeNumber": 1, "addressPrefixes": prefixes}})
        })
        .collect();
    let file = serde_json::json!({"changeNumber": change_number, "cloud": "Public", "values": values});
    serde_json::to_vec_pretty(&file).unwrap()
}

/// The program in a folder, on the day after the newest fixture.
fn portbook(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_portbook"));
    command.env("SOURCE_DATE_EPOCH", "1762214400").env("NO_COLOR", "1").stdin(std::process::Stdio::null());
    command.current_dir(folder).args(arguments).output().unwrap()
}

fn stdout(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}
