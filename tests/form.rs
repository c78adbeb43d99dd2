//! `validate --fix` changes the form of catalog files and nothing that they say.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use portbook::catalog::{Layer, Reformed, canonical, inspect};
use portbook::finding::{Code, Severity};
use proptest::prelude::*;

#[path = "thorough/mod.rs"]
mod thorough;

fn root(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn portbook(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_portbook")).current_dir(folder).args(arguments).output().unwrap()
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn copy(from: &Path, to: &Path) {
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

/// The smallest fine catalog with one file of it replaced.
fn base_with(place: &str, text: &str) -> (tempfile::TempDir, Vec<Layer>) {
    let folder = tempfile::tempdir().unwrap();
    copy(&root("tests/fixtures/broken/base"), folder.path());
    fs::write(folder.path().join(place), text).unwrap();
    let layers = vec![Layer::folder(folder.path()).unwrap()];
    (folder, layers)
}

fn fixed(place: &str, text: &str) -> Option<Reformed> {
    let (_folder, layers) = base_with(place, text);
    canonical(&layers, |_| true).into_iter().find(|file| file.path == place)
}

/// Why a list that is out of order stays; what the linter says about it.
fn left(place: &str, text: &str) -> String {
    let (_folder, layers) = base_with(place, text);
    assert_eq!(canonical(&layers, |_| true), [], "{text}");
    let findings = inspect(&layers).findings;
    let order: Vec<_> = findings.iter().filter(|each| each.code == Code::NonCanonicalOrder).collect();
    let [only] = order.as_slice() else { panic!("{text}") };
    assert!(only.help.is_empty(), "no help that does not help");
    only.notes.join("\n")
}

#[test]
fn the_shipped_catalog_is_canonical() {
    let folder = root("catalog");
    assert_eq!(canonical(&[Layer::folder(&folder).unwrap()], |_| true), []);
}

#[test]
fn what_is_built_in_or_not_asked_for_is_left() {
    let (_folder, layers) = base_with("roles.yaml", "- {id: b, title: B}  \n- {id: agent, title: A}\n");
    assert_eq!(canonical(&layers, |_| true).len(), 1);
    assert_eq!(canonical(&layers, |name| name.ends_with("hosts.yaml")), []);
    assert_eq!(canonical(&[Layer::embedded()], |_| true), []);
}

#[test]
fn entries_move_with_their_comments() {
    let text = "\
# The actors.

# about zeta
# in two lines
- id: zeta
  title: Zeta # of zeta
  # below zeta, further right

- {id: beta, title: Beta} # of beta
# about agent
- id: agent
  title: >-
    Agent
    of all

";
    let meant = "\
# The actors.

# about agent
- id: agent
  title: >-
    Agent
    of all

- {id: beta, title: Beta} # of beta
# about zeta
# in two lines
- id: zeta
  title: Zeta # of zeta
  # below zeta, further right
";
    let fixed = fixed("roles.yaml", text).unwrap();
    assert_eq!(fixed.text, meant);
    assert_eq!(fixed.changes, ["empty lines at its end", "entries stand by id (line 5)"]);
}

#[test]
fn comments_that_may_be_about_something_else_keep_the_list_as_it_is() {
    let alone = "- {id: b, title: B}\n\n# alone\n\n- {id: agent, title: A}\n";
    assert!(left("roles.yaml", alone).contains("put it right above its entry"));
    let opening = "# of the file, or of b?\n- {id: b, title: B}\n- {id: agent, title: A}\n";
    assert!(left("roles.yaml", opening).contains("may be about all of them"));
    let end = "- {id: b, title: B}\n- {id: agent, title: A}\n# of the agent?\n";
    assert!(left("roles.yaml", end).contains("below the last entry"));
    let inside = edition("clouds: [us-government, # why\n      public]", "80/tcp");
    assert!(left(EDITION, &inside).contains("a comment stands between the entries"));
    let one_line = "[{id: b, title: B}, &a {id: agent, title: A}]\n";
    assert!(left("roles.yaml", one_line).contains("do not stand on lines of their own"));
}

const EDITION: &str = "documents/page/2024-01-01.yaml";

fn edition(clouds: &str, ports: &str) -> String {
    format!(
        "source: {{texts: [{{at: \"fixture:page@2024-01-01\"}}], date: stated}}
requirements:
  - id: service
    scenarios: [service]
    {clouds}
    from: {{role: agent}}
    flows: [{{to: [{{host: \"*.service.example\"}}], ports: [{ports}]}}]
    purpose: service
"
    )
}

#[test]
fn lists_of_every_shape_are_sorted() {
    let fix = |clouds: &str, ports: &str| fixed(EDITION, &edition(clouds, ports)).unwrap().text;
    assert_eq!(
        fix("clouds: [us-government, public]", "443/tcp, 80/tcp"),
        edition("clouds: [public, us-government]", "80/tcp, 443/tcp")
    );
    assert_eq!(
        fix("clouds:\n    - us-government # last\n    - \"public\"", "80/tcp"),
        edition("clouds:\n    - \"public\"\n    - us-government # last", "80/tcp")
    );
    assert_eq!(
        fix("clouds: [\n      us-government,\n      public,\n    ]", "5986,    5985"),
        edition("clouds: [\n      public,\n      us-government,\n    ]", "5985,    5986")
    );
}

#[test]
fn the_order_of_a_document_stays() {
    let text = edition("clouds: [public]", "443/tcp").replace(
        "{host: \"*.service.example\"}",
        "{host: \"z.service.example\"}, {host: \"a.service.example\"}",
    );
    assert_eq!(fixed(EDITION, &text), None);
}

#[test]
fn lines_are_cleaned_where_that_says_nothing() {
    let text =
        "- id: agent \t\r\n  title: Agent\r\n  note: |\r\n    kept  \r\n    too \r\n- {id: b, title: B}";
    let meant = "- id: agent\n  title: Agent\n  note: |\n    kept  \n    too \n- {id: b, title: B}\n";
    assert_eq!(fixed("roles.yaml", text).unwrap().text, meant);
    // The last line break of a text that keeps it is part of the text.
    let kept = "- id: agent\n  title: Agent\n  note: |+\n    kept\n\n\n";
    assert_eq!(fixed("roles.yaml", kept), None);
}

#[test]
fn what_cannot_be_read_is_left() {
    for text in
        ["- {id: b, title: B}   \n- {id: agent}\n", "- {id: b, title: B  \n", "- {id: b, titel: B}  \n"]
    {
        assert_eq!(fixed("roles.yaml", text), None, "{text}");
    }
}

#[test]
fn editions_follow_the_registries_as_they_become() {
    let (folder, _) =
        base_with(EDITION, &edition("clouds: [public]", "80/tcp").replace("[service]", "[a, service]"));
    let scenarios = folder.path().join("scenarios.yaml");
    let service = fs::read_to_string(&scenarios).unwrap();
    let another = service.replace("id: service", "id: a");
    let entries = |text: &str| text[text.find("- id:").unwrap()..].to_owned();
    fs::write(&scenarios, format!("{}{}", entries(&service), entries(&another))).unwrap();
    let layers = [Layer::folder(folder.path()).unwrap()];
    let reformed = canonical(&layers, |_| true);
    assert_eq!(reformed.iter().map(|file| file.path.as_str()).collect::<Vec<_>>(), ["scenarios.yaml"]);
}

#[test]
fn files_are_written_and_the_rest_is_reported() {
    let folder = tempfile::tempdir().unwrap();
    copy(&root("tests/fixtures/broken/base"), &folder.path().join("catalog"));
    let place = folder.path().join("catalog").join(EDITION);
    fs::write(&place, edition("clouds: [us-government, public]", "443/tcp")).unwrap();
    let fix = ["validate", "--fix", "catalog"];
    let first = portbook(folder.path(), &fix);
    assert_eq!(first.status.code(), Some(0));
    let said = stdout(&first);
    assert!(
        said.starts_with(&format!(
            "fixed catalog/{EDITION}: clouds stand in the order of clouds.yaml (line 5)\ncatalog: 1 documents"
        )),
        "{said}"
    );
    assert!(said.ends_with(": fine\n"), "{said}");
    assert_eq!(fs::read_to_string(&place).unwrap(), edition("clouds: [public, us-government]", "443/tcp"));
    assert!(stdout(&portbook(folder.path(), &fix)).starts_with("nothing to fix\n"));
    // Other errors stay errors, and the form is mended all the same.
    fs::write(&place, edition("clouds: [us-government, public, moon]", "443/tcp")).unwrap();
    let output = portbook(
        folder.path(),
        &["validate", "--fix", &format!("catalog/{EDITION}"), "--catalog", "catalog"],
    );
    assert_eq!(output.status.code(), Some(2));
    assert!(stdout(&output).starts_with("fixed "));
    assert!(String::from_utf8_lossy(&output.stderr).contains("error[unknown-reference]"));
    let json = portbook(folder.path(), &["validate", "--fix", "catalog", "--format", "json"]);
    let object: serde_json::Value = serde_json::from_slice(&json.stdout).unwrap();
    assert_eq!(object["fixed"], serde_json::json!([]));
    assert_eq!(portbook(folder.path(), &["validate", "--fix"]).status.code(), Some(2));
}

/// The facts of a catalog folder, as a set: order of form may change the order of lines.
fn facts(folder: &Path) -> BTreeSet<String> {
    let output = portbook(folder, &["show", "--all", "--format", "csv", "--catalog", "."]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    stdout(&output).lines().map(str::to_owned).collect()
}

/// A file of the catalog out of form: its registry entries in another order, lists in brackets turned around, CR LF, blanks.
fn disturbed(path: &str, text: &str, seed: usize) -> String {
    let registry = !path.starts_with("documents/") && path != "clouds.yaml";
    let mut text = if registry { shuffled(text, seed) } else { text.to_owned() };
    for key in ["clouds: [", "scenarios: [", "phases: [", "ports: ["] {
        if path.starts_with("documents/") {
            text = turned(&text, key);
        }
    }
    if seed % 2 == 1 {
        text = text.replace('\n', "\r\n");
    }
    if seed % 3 == 1 {
        text.truncate(text.trim_end().len());
    }
    text
}

/// Entries at the left margin, with a comment each, in another order.
fn shuffled(text: &str, seed: usize) -> String {
    let (head, entries) = text.split_at(text.find("\n- ").unwrap() + 1);
    let mut entries: Vec<String> = entries
        .split("\n- ")
        .map(|entry| format!("- {}\n", entry.trim_start_matches("- ").trim_end()))
        .collect();
    let count = entries.len();
    for index in 0..count {
        entries.swap(index, (index * 7 + seed) % count);
    }
    let commented = entries.iter().map(|entry| format!("# {}\n{entry}", entry.lines().next().unwrap()));
    format!("{head}{}", commented.collect::<Vec<_>>().join("\n"))
}

/// Lists of words in brackets behind `key`, the last word first.
fn turned(text: &str, key: &str) -> String {
    let mut parts = text.split(key);
    let mut result = parts.next().unwrap().to_owned();
    for part in parts {
        let (list, rest) = part.split_once(']').unwrap();
        let mut words: Vec<&str> = list.split(", ").collect();
        words.reverse();
        let plain = !list.contains(['{', '\n']);
        let list = if plain { words.join(", ") } else { list.to_owned() };
        let _ = write!(result, "{key}{list}]{rest}");
    }
    result
}

proptest! {
    #![proptest_config(ProptestConfig { cases: thorough::times(1, 6), ..ProptestConfig::default() })]

    #[test]
    fn a_disturbed_catalog_comes_back_with_all_its_facts(seed in 1..1000_usize) {
        let folder = tempfile::tempdir().unwrap();
        copy(&root("catalog"), folder.path());
        for file in files(folder.path()) {
            let path = file.strip_prefix(folder.path()).unwrap().to_str().unwrap().to_owned();
            let text = fs::read_to_string(&file).unwrap();
            fs::write(&file, disturbed(&path, &text, seed)).unwrap();
        }
        let before = facts(folder.path());
        let fix = portbook(folder.path(), &["validate", "--fix", ".", "-q"]);
        prop_assert!(fix.status.success(), "{}", String::from_utf8_lossy(&fix.stderr));
        let inspection = inspect(&[Layer::folder(folder.path()).unwrap()]);
        let form = [Code::NonCanonicalOrder, Code::NonCanonicalForm];
        prop_assert!(inspection.findings.iter().all(|each| !form.contains(&each.code) && each.severity == Severity::Note));
        prop_assert_eq!(&facts(folder.path()), &before);
        prop_assert_eq!(&before, &facts(&root("catalog")));
        prop_assert_eq!(canonical(&[Layer::folder(folder.path()).unwrap()], |_| true), []);
        for file in files(folder.path()) {
            let text = fs::read_to_string(&file).unwrap();
            // Each comment is still above its entry.
            for pair in text.lines().collect::<Vec<_>>().windows(2).filter(|pair| pair[0].starts_with("# - ")) {
                prop_assert_eq!(pair[0], format!("# {}", pair[1]));
            }
        }
    }
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}
