//! What is run: a folder in its old state, the command that makes it new, and what may be there afterwards.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};

/// Files by their paths.
pub(crate) type Files = BTreeMap<String, Vec<u8>>;

/// Lets a folder become the old (`false`) or the new (`true`) one.
type Prepare = fn(&Path, bool);

/// A command that writes.
pub(crate) struct Scene {
    pub(crate) name: &'static str,
    /// What the command reads; nothing of it is written.
    prepare: Prepare,
    line: &'static str,
    /// The folder, or the file, that it writes.
    written: &'static str,
}

pub(crate) const SCENES: &[Scene] = &[
    Scene {
        name: "generate",
        prepare: flags,
        line: "generate seamless-sso --cloud public --target csv,json,markdown -o out",
        written: "out",
    },
    Scene { name: "build", prepare: site, line: "build portbook.yaml", written: "sites" },
    Scene {
        name: "fetch",
        prepare: ranges,
        line: "fetch --cloud public --from incoming/FILE --ranges-dir ranges --accept-shrink",
        written: "ranges",
    },
    Scene {
        name: "init",
        prepare: flags,
        line: "init seamless-sso --cloud public --force -o out/portbook.yaml",
        written: "out",
    },
    Scene { name: "validate --fix", prepare: catalog, line: "validate --fix catalog", written: "catalog" },
];

/// Two states that differ in what a flag says.
fn flags(_: &Path, _: bool) {}

fn site(desk: &Path, new: bool) {
    let (last, only) = if new { (99, "second/only.csv") } else { (13, "first/only.csv") };
    let text = format!(
        "cloud: public\nscenarios: [seamless-sso]\nhosts:\n  users: {{addresses: [10.20.0.{last}], roles: [user-device]}}\n\
         targets:\n  - {{target: csv, output: out.csv}}\n  - {{target: markdown, output: inner/}}\n  - {{target: csv, output: \
         {only}}}\nsites:\n  - {{name: one, folder: sites/one}}\n  - {{name: two, folder: sites/two}}\n"
    );
    fs::write(desk.join("portbook.yaml"), text).unwrap();
}

const RANGES: [&str; 2] = ["ServiceTags_Public_20251028.json", "ServiceTags_Public_20251103.json"];

fn ranges(desk: &Path, new: bool) {
    let name = RANGES[usize::from(new)];
    fs::create_dir_all(desk.join("incoming")).unwrap();
    fs::copy(Path::new("tests/fixtures/ranges").join(name), desk.join("incoming").join(name)).unwrap();
}

/// Two files that are out of their form, before the command is run on them.
fn catalog(desk: &Path, _: bool) {
    copy(Path::new("tests/fixtures/broken/base"), &desk.join("catalog"));
    for name in ["roles.yaml", "documents/page/2024-01-01.yaml"] {
        let path = desk.join("catalog").join(name);
        let text = fs::read_to_string(&path).unwrap();
        fs::write(&path, text.replace('\n', "  \n")).unwrap();
    }
}

pub(crate) fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let to = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy(&path, &to);
        } else {
            fs::copy(&path, &to).unwrap();
        }
    }
}

impl Scene {
    /// The arguments of the program for the old or the new state.
    fn arguments(&self, new: bool) -> Vec<String> {
        let mut line = self.line.replace("FILE", RANGES[usize::from(new)]);
        if matches!(self.name, "generate" | "init") {
            line += if new { " --address user-device=10.0.0.2" } else { " --address user-device=10.0.0.1" };
        }
        line.split(' ').map(str::to_owned).collect()
    }

    /// Puts the folder in its old state.
    pub(crate) fn old(&self, desk: &Path) {
        (self.prepare)(desk, false);
        if self.name != "validate --fix" {
            let output = self.run(desk, false, &[]);
            assert!(output.status.success(), "{}: {}", self.name, String::from_utf8_lossy(&output.stderr));
        }
        (self.prepare)(desk, true);
        if self.name == "validate --fix" {
            (self.prepare)(desk, false);
        }
    }

    /// Runs the program by way of `before`, such as strace.
    pub(crate) fn run(&self, desk: &Path, new: bool, before: &[&str]) -> Output {
        let mut words: Vec<String> = before.iter().map(|word| (*word).to_owned()).collect();
        words.push(env!("CARGO_BIN_EXE_portbook").to_owned());
        words.extend(self.arguments(new));
        Command::new(&words[0])
            .args(&words[1..])
            .current_dir(desk)
            .stdin(Stdio::null())
            // One thread more than the main one: which call fails is nearly the same in every run.
            .env("RAYON_NUM_THREADS", "1")
            .output()
            .unwrap()
    }

    /// The files that it writes; what is only on its way under `.portbook-*` and the list of a build not among them.
    pub(crate) fn files(&self, desk: &Path) -> Files {
        let mut files = Files::new();
        collect(&desk.join(self.written), "", &mut files);
        files
    }

    /// Both states, and nothing else, are right.
    pub(crate) fn states(&self) -> [Files; 2] {
        let desk = tempfile::tempdir().unwrap();
        self.old(desk.path());
        let old = self.files(desk.path());
        let output = self.run(desk.path(), true, &[]);
        assert!(output.status.success(), "{}: {}", self.name, String::from_utf8_lossy(&output.stderr));
        let new = self.files(desk.path());
        assert!(old != new && !left(&new), "{}: {:?}", self.name, new.keys());
        [old, new]
    }

    /// An old range file that could not be looked at or removed stays: one too many, and no lock names it.
    fn pass_over(&self, now: &mut Files) {
        if self.name == "fetch" {
            now.retain(|name, _| name != RANGES[0]);
        }
    }

    /// Judges the folder after a run with a fault, and repairs it by a run without.
    pub(crate) fn judge(&self, desk: &Path, states: &[Files; 2], output: &Output, what: &str) {
        let said = String::from_utf8_lossy(&output.stderr);
        let context = || format!("{}, {what}: exit {:?}\n{said}", self.name, output.status.code());
        let now = self.files(desk);
        for (name, bytes) in now.iter().filter(|(name, _)| !is_passing(name)) {
            let whole = states.iter().any(|state| state.get(name) == Some(bytes));
            // A file that comes goes in before the lock that names it.
            assert!(whole, "{name} is neither the old nor the new one\n{}", context());
        }
        for name in states[0].keys().filter(|name| states[1].contains_key(*name)) {
            assert!(now.contains_key(name), "{name} is lost\n{}", context());
        }
        if output.status.success() {
            let mut now = now.clone();
            self.pass_over(&mut now);
            assert!(now == states[1], "exit 0, and {:?} is not as it should be\n{}", now.keys(), context());
        } else if output.status.code() != Some(127) && output.status.code().is_some() {
            assert_eq!(output.status.code(), Some(2), "{}", context());
            assert!(!said.contains("panicked"), "{}", context());
        }
        let again = self.run(desk, true, &[]);
        assert!(again.status.success(), "{}\nagain: {}", context(), String::from_utf8_lossy(&again.stderr));
        let mut now = self.files(desk);
        if self.name != "build" {
            now.retain(|name, _| !is_staged(name));
        }
        self.pass_over(&mut now);
        assert!(now == states[1], "not repaired: {:?}\n{}", now.keys(), context());
    }
}

fn collect(folder: &Path, prefix: &str, files: &mut Files) {
    for entry in fs::read_dir(folder).into_iter().flatten() {
        let path = entry.unwrap().path();
        let name = format!("{prefix}{}", path.file_name().unwrap().to_str().unwrap());
        if path.is_dir() {
            collect(&path, &format!("{name}/"), files);
        } else {
            files.insert(name, fs::read(&path).unwrap());
        }
    }
}

fn is_staged(name: &str) -> bool {
    name.rsplit('/').next().unwrap().starts_with(".portbook-")
}

/// What a run that failed may leave: it is no file of anybody, and is swept or used by the next run.
fn is_passing(name: &str) -> bool {
    is_staged(name) || name.ends_with("portbook.manifest.pending") || name.ends_with(".portbook.guard")
}

fn left(files: &Files) -> bool {
    files.keys().any(|name| is_staged(name) || name.ends_with(".pending"))
}
