//! The program itself, run in a folder of its own.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use super::cases::{CASES, Case, TARGETS, VARIANTS};
use super::snapshot::{Files, project, read};

/// A folder that has the range files, for one run after another.
pub(crate) struct Desk(tempfile::TempDir);

/// How a run went.
pub(crate) struct Run {
    pub(crate) exit: i32,
    pub(crate) talk: String,
    pub(crate) artifacts: Files,
}

impl Desk {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        for (name, bytes) in read(&project().join("tests/fixtures/ranges")) {
            fs::write(folder.path().join(name), bytes).unwrap();
        }
        Self(folder)
    }

    pub(crate) fn run(&self, words: &[String]) -> Run {
        let out = self.0.path().join("out");
        let _ = fs::remove_dir_all(&out);
        let Output { status, stdout, stderr } = program(self.0.path(), words);
        assert!(stdout.is_empty(), "{words:?} wrote to standard output");
        Run { exit: status.code().unwrap(), talk: String::from_utf8(stderr).unwrap(), artifacts: read(&out) }
    }
}

fn program(folder: &Path, words: &[String]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_portbook"))
        .args(words)
        .current_dir(folder)
        .env_remove("PORTBOOK_CATALOG")
        .output()
        .unwrap()
}

/// One run of the reference.
pub(crate) struct Job {
    pub(crate) target: &'static str,
    pub(crate) case: &'static Case,
    /// The folder below the target's.
    pub(crate) name: String,
    flags: &'static str,
    site: bool,
}

impl Job {
    /// All of them: every target in every case, then the variants.
    pub(crate) fn all() -> Vec<Self> {
        let mut jobs = Vec::new();
        for case in CASES {
            for (target, flags) in TARGETS {
                jobs.push(Self { target, case, name: case.name.to_owned(), flags, site: true });
            }
        }
        for variant in VARIANTS {
            let case = CASES.iter().find(|case| case.name == variant.case).unwrap();
            let name = format!("{}.{}", case.name, variant.suffix);
            jobs.push(Self { target: variant.target, case, name, flags: variant.flags, site: variant.site });
        }
        jobs
    }

    /// The words of its command line.
    pub(crate) fn words(&self) -> Vec<String> {
        let mut words =
            vec!["generate", self.case.scenario, "--cloud", self.case.cloud, "--target", self.target];
        words.extend(self.flags.split_whitespace());
        let mut words: Vec<String> = words.into_iter().map(str::to_owned).collect();
        for (role, addresses, zone) in self.case.site.iter().filter(|_| self.site) {
            words.extend(["--address".to_owned(), format!("{role}={addresses}")]);
            words.extend(["--zone".to_owned(), format!("{role}={zone}")]);
        }
        words.extend(["-o", "out"].map(str::to_owned));
        words
    }
}
