//! A folder of its own in which the program runs.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// 2026-11-01, the day on which acceptances are judged.
const TODAY: &str = "1793491200";

/// A site that is built without a warning about it: three agents, a proxy, a zone for each.
pub(crate) const SOUND: &str = "\
name: hq
cloud: public
scenarios: [cloud-sync]
hosts:
  agents: {addresses: [10.20.0.11, 10.20.0.12, 10.20.0.13], roles: [provisioning-agent], zone: tier0, proxy: egress}
  egress: {addresses: [10.30.0.5], listens: 8080, roles: [proxy], zone: dmz}
targets:
  - {target: windows-firewall, for: agents, output: agents.ps1}
  - {target: squid, output: squid/portbook.conf}
  - {target: palo-alto-set, between: [dmz, internet], output: palo-alto/edge.set}
  - {target: csv, output: change-request.csv}
";

/// The smallest site that is built, as text to be changed.
pub(crate) const SMALL: &str = "\
name: small
cloud: public
scenarios: [cloud-sync]
hosts:
  agents: {addresses: [10.20.0.11, 10.20.0.12, 10.20.0.13], roles: [provisioning-agent], zone: tier0}
targets:
  - {target: csv, output: out.csv}
";

/// Files below a folder by their paths.
pub(crate) type Files = BTreeMap<String, Vec<u8>>;

/// A folder with a site file.
pub(crate) struct Desk(tempfile::TempDir);

/// How a run went.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) exit: i32,
    /// Standard output.
    pub(crate) product: String,
    /// Standard error.
    pub(crate) talk: String,
}

impl Run {
    /// The run itself, if it ended so.
    #[track_caller]
    pub(crate) fn ended(self, exit: i32) -> Self {
        assert_eq!(self.exit, exit, "\n{}\n{}", self.product, self.talk);
        self
    }

    /// Asserts that the talk has this text.
    #[track_caller]
    pub(crate) fn says(self, text: &str) -> Self {
        assert!(self.talk.contains(text), "no `{text}` in:\n{}", self.talk);
        self
    }

    /// Asserts that the talk lacks this text.
    #[track_caller]
    pub(crate) fn never_says(self, text: &str) -> Self {
        assert!(!self.talk.contains(text), "`{text}` in:\n{}", self.talk);
        self
    }

    /// Asserts that the product has this text.
    #[track_caller]
    pub(crate) fn shows(self, text: &str) -> Self {
        assert!(self.product.contains(text), "no `{text}` in:\n{}", self.product);
        self
    }
}

impl Desk {
    pub(crate) fn empty() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    /// With this site file.
    pub(crate) fn with(site: &str) -> Self {
        let desk = Self::empty();
        desk.write("portbook.yaml", site);
        desk
    }

    pub(crate) fn path(&self, inner: &str) -> PathBuf {
        self.0.path().join(inner)
    }

    pub(crate) fn write(&self, inner: &str, text: impl AsRef<[u8]>) {
        let path = self.path(inner);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    pub(crate) fn read(&self, inner: &str) -> String {
        fs::read_to_string(self.path(inner)).unwrap_or_else(|error| panic!("{inner}: {error}"))
    }

    pub(crate) fn exists(&self, inner: &str) -> bool {
        self.path(inner).exists()
    }

    pub(crate) fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_portbook"));
        command.args(words).current_dir(self.0.path()).env("SOURCE_DATE_EPOCH", TODAY).env("COLUMNS", "120");
        command.env_remove("PORTBOOK_CATALOG").env_remove("PORTBOOK_RANGES_DIR");
        command
    }

    pub(crate) fn run(&self, words: &[&str]) -> Run {
        let Output { status, stdout, stderr } = self.command(words).output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        Run { exit: status.code().unwrap_or(-1), product: text(stdout), talk: text(stderr) }
    }

    pub(crate) fn build(&self) -> Run {
        self.run(&["build"])
    }

    /// Every file below the folder, but the site file.
    pub(crate) fn files(&self) -> Files {
        let mut files = Files::new();
        collect(self.0.path(), "", &mut files);
        files.remove("portbook.yaml");
        files
    }

    pub(crate) fn git(&self, words: &[&str]) {
        let mut git = Command::new("git");
        git.args(["-c", "user.name=t", "-c", "user.email=t@t.example", "-c", "init.defaultBranch=main"]);
        let output = git.args(words).current_dir(self.0.path()).output().unwrap();
        assert!(output.status.success(), "{words:?}: {}", String::from_utf8_lossy(&output.stderr));
    }
}

fn collect(folder: &Path, prefix: &str, files: &mut Files) {
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let name = format!("{prefix}{}", entry.file_name().to_str().unwrap());
        if entry.file_type().unwrap().is_dir() {
            if name != ".git" {
                collect(&entry.path(), &format!("{name}/"), files);
            }
        } else {
            files.insert(name, fs::read(entry.path()).unwrap_or_default());
        }
    }
}
