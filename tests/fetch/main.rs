//! `portbook fetch` against real servers: a site that plays the download page in every way it has been seen, and in the ways
//! in which servers fail; with TLS of an authority of its own; through a proxy.
#![cfg(feature = "online")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stderr,
    reason = "tests"
)]

mod faults;
mod interrupted;
#[path = "../network/mod.rs"]
mod network;
mod page;
mod proxy;
#[path = "../thorough/mod.rs"]
mod thorough;
mod tls;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use portbook::ranges::store::{Lock, sha256};
use tempfile::TempDir;

const OLD: &str = "ServiceTags_Public_20251028.json";
const NEW: &str = "ServiceTags_Public_20251103.json";

fn fixture(name: &str) -> Vec<u8> {
    fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/ranges").join(name)).unwrap()
}

/// A folder for the program to work in.
struct Desk(TempDir);

impl Desk {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    /// One that keeps the older file already.
    fn with_old() -> Self {
        let desk = Self::new();
        fs::write(desk.0.path().join(OLD), fixture(OLD)).unwrap();
        assert!(desk.run(&["fetch", "--cloud", "public", "--from", OLD]).status.success());
        desk
    }

    fn path(&self) -> PathBuf {
        self.0.path().to_owned()
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_portbook"));
        // Neither the clock nor the proxies of the machine that runs the tests.
        command
            .env("SOURCE_DATE_EPOCH", "1762214400")
            .env("NO_COLOR", "1")
            .stdin(std::process::Stdio::null());
        for name in ["http_proxy", "https_proxy", "all_proxy", "no_proxy"] {
            command.env_remove(name).env_remove(name.to_uppercase());
        }
        command.current_dir(self.0.path()).args(arguments);
        command
    }

    fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    /// Fetches the public file, quickly given up, losses accepted: the small files differ more than real ones.
    fn fetch(&self, arguments: &[&str]) -> Output {
        let flags =
            ["fetch", "--cloud", "public", "--retries", "1", "--read-timeout", "2", "--accept-shrink"];
        self.run(&[flags.as_slice(), arguments].concat())
    }

    /// The name of the kept file, which must be the one that the lock says.
    fn kept(&self) -> Option<String> {
        let folder = self.0.path().join("ranges");
        let lock = Lock::read(&folder).unwrap();
        let locked = lock.of("Public")?;
        let bytes = fs::read(folder.join(&locked.file)).unwrap();
        assert_eq!(sha256(&bytes), locked.sha256, "the lock names the file that is there");
        Some(locked.file.clone())
    }

    fn url(&self) -> Option<String> {
        Lock::read(&self.0.path().join("ranges")).unwrap().of("Public")?.url.clone()
    }
}

fn stdout(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// A refusal with this code, after which the older file is still kept.
fn refused(desk: &Desk, output: &Output, code: &str) -> String {
    let said = stderr(output);
    assert_eq!(output.status.code(), Some(2), "{}{said}", stdout(output));
    assert!(said.contains(&format!("error[{code}]")), "{code}: {said}");
    assert!(said.contains("help:"), "a next step: {said}");
    assert_eq!(desk.kept().as_deref(), Some(OLD), "the old file is kept");
    said
}
