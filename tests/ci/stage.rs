//! A folder with a git repository, programs that play others, and the shell of a job.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

/// What a run came to.
pub(crate) struct Done {
    pub(crate) code: i32,
    pub(crate) said: String,
    pub(crate) calls: Vec<String>,
}

/// Where shell is run.
pub(crate) struct Stage {
    folder: tempfile::TempDir,
    variables: Vec<(String, String)>,
}

impl Stage {
    /// A repository whose last commit has a site file, a manifest and a file of rules.
    pub(crate) fn new() -> Self {
        let stage = Self { folder: tempfile::tempdir().unwrap(), variables: Vec::new() };
        for name in ["portbook", "gh", "curl"] {
            stage.program(name, &text(&format!("tests/ci/play/{name}")));
        }
        for folder in ["repository", "temp"] {
            fs::create_dir_all(stage.path(folder)).unwrap();
        }
        for (file, text) in
            [("portbook.yaml", "name: hq\n"), ("portbook.manifest.json", "{}\n"), ("rules.csv", "old\n")]
        {
            fs::write(stage.path("repository").join(file), text).unwrap();
        }
        let commit = "git init --quiet --initial-branch=main && git config user.name t && git config user.email t@t.invalid && git add --all && git commit --quiet --message first";
        assert_eq!(stage.shell(commit).code, 0);
        stage
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap_or_default()
    }

    fn program(&self, name: &str, text: &str) {
        fs::create_dir_all(self.path("bin")).unwrap();
        fs::write(self.path("bin").join(name), text).unwrap();
        fs::set_permissions(self.path("bin").join(name), fs::Permissions::from_mode(0o755)).unwrap();
    }

    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        self.variables.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Runs shell as GitHub does: `bash --noprofile --norc -eo pipefail`.
    pub(crate) fn shell(&self, script: &str) -> Done {
        fs::write(self.path("script"), script).unwrap();
        self.run(
            "bash",
            &["--noprofile", "--norc", "-eo", "pipefail", &self.path("script").to_string_lossy()],
        )
    }

    /// Runs one of our own scripts.
    pub(crate) fn script(&self, path: &str) -> Done {
        self.run("bash", &[&repository().join(path).to_string_lossy()])
    }

    fn run(&self, program: &str, arguments: &[&str]) -> Done {
        let place = |name: &str| self.path(name).to_string_lossy().into_owned();
        let _ = fs::remove_file(self.path("calls"));
        fs::write(self.path("calls"), "").unwrap();
        let paths = format!("{}:{}", place("bin"), std::env::var("PATH").unwrap());
        let output = Command::new(program)
            .args(arguments)
            .current_dir(self.path("repository"))
            .env("PATH", paths)
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .env("HOME", place("temp"))
            .env("STAGE", self.folder.path())
            .env("CALLS", place("calls"))
            .env("RUNNER_TEMP", place("temp"))
            .env("GITHUB_OUTPUT", place("output"))
            .env("GITHUB_PATH", place("added"))
            .env("GITHUB_STEP_SUMMARY", place("summary"))
            .envs(self.variables.iter().map(|(name, value)| (name, value)))
            .output()
            .unwrap();
        let said =
            String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
        let calls = self.read("calls").lines().map(str::to_owned).collect();
        Done { code: output.status.code().unwrap(), said, calls }
    }

    /// What a step gave to later ones.
    pub(crate) fn output(&self, name: &str) -> Option<String> {
        let text = self.read("output");
        let mut values = text.lines().filter_map(|line| line.strip_prefix(name)?.strip_prefix('='));
        values.next_back().map(str::to_owned)
    }
}

pub(crate) fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

pub(crate) fn text(path: &str) -> String {
    fs::read_to_string(repository().join(path)).unwrap()
}

/// A YAML file of CI.
pub(crate) fn yaml(path: &str) -> Value {
    serde_saphyr::from_str(&text(path)).unwrap()
}

/// The shell of a step of a job of a workflow, by its name.
pub(crate) fn step(path: &str, job: &str, name: &str) -> String {
    let workflow = yaml(path);
    let steps = workflow["jobs"][job]["steps"].as_array().unwrap();
    let step = steps.iter().find(|step| step["name"] == name).unwrap();
    step["run"].as_str().unwrap().to_owned()
}
