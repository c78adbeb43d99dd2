//! Documents that are made from the program, and documents whose examples the program runs.
//!
//! `SNAPSHOTS=overwrite cargo test` writes them again.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

mod snapshot;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::Command;

use portbook::check::{Standing, VERDICTS};
use portbook::finding::{CODES, CodeSpec, Severity};
use portbook::target::contract::{Row, contract};
use portbook::target::{Axis, Effect, Enforces, SettingSpec, TARGETS, TargetSpec, Vantage};

use snapshot::{Files, check, check_file, overwrite, project, read};

const MADE: &str =
    "<!-- Made from the program by tests/docs.rs; `SNAPSHOTS=overwrite cargo test` writes it again. -->\n";

/// A text in a cell of a table.
fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}

fn row(cells: &[String]) -> String {
    format!("| {} |\n", cells.join(" | "))
}

fn head(cells: &[String]) -> String {
    format!("{}|{}\n", row(cells), "---|".repeat(cells.len()))
}

// docs/findings.md

#[test]
fn findings_are_documented() {
    let mut text = format!("# Findings\n\n{MADE}\n{FINDINGS}\n");
    text.push_str(&losses());
    text.push_str("\n## All codes\n");
    for (_, spec) in CODES {
        text.push_str(&code(spec));
    }
    check_file("docs/findings.md", &text);
}

const FINDINGS: &str = "\
Whatever Portbook has to say carries a stable code: an **error** means that there is no result, a **warning** that the result
stands but differs from what one might expect, a **note** is shown with `-v`. `portbook explain CODE` prints what stands here,
`portbook list findings` lists the codes. In `--accept CODE[@TARGET][@RULE]` they say that a loss is known and wanted.

## What a target can do to a rule

For each rule a target is exact or has losses. `refused`: the rule cannot be said; nothing is written (exit code 3) unless the
code is accepted, which leaves the rule out. `wider`, `narrower`: written, more or less passes than the rule says, with a
warning; `--strict` refuses them. `not applicable`: the rule does not pass where the target stands, or an address family was left
out as asked. The fallback `any-azure-customer` is written only if it is accepted.

These are all losses that there are. Nothing is ever lost on the axes `transport` and `time`.
";

/// The table axis x target -> code: a line for each axis and code, a column for each target.
fn losses() -> String {
    let mut lines: BTreeMap<(Axis, &str), BTreeMap<&str, Vec<Row>>> = BTreeMap::new();
    for row in contract() {
        let cells = lines.entry((row.axis, row.code.id())).or_default();
        cells.entry(row.target).or_default().push(row);
    }
    let mut columns = vec!["axis".to_owned(), "code".to_owned()];
    columns.extend(TARGETS.iter().map(|spec| spec.id.to_owned()));
    let mut notes = Vec::new();
    let mut text = head(&columns);
    for ((axis, code), cells) in lines {
        let mut line = vec![word(axis), format!("[`{code}`](#{code})")];
        line.extend(TARGETS.iter().map(|spec| {
            let rows = cells.get(spec.id).map(Vec::as_slice).unwrap_or_default();
            rows.iter().map(|row| effect(row, &mut notes)).collect::<Vec<_>>().join(", ")
        }));
        text.push_str(&row(&line));
    }
    text.push('\n');
    for (index, note) in notes.iter().enumerate() {
        let _ = writeln!(text, "{}. only with {note}", index + 1);
    }
    text
}

/// `refused`, and the number of a note where only some settings have it.
fn effect(row: &Row, notes: &mut Vec<String>) -> String {
    let word = match row.effect {
        Effect::NotApplicable => "not applicable",
        other => other.as_str(),
    };
    if row.settings.is_empty() {
        return word.to_owned();
    }
    let settings: Vec<String> = row.settings.iter().map(|setting| format!("`{setting}`")).collect();
    let note = settings.join(", ");
    let known = notes.iter().position(|each| *each == note).unwrap_or_else(|| {
        notes.push(note);
        notes.len() - 1
    });
    format!("{word} ({})", known + 1)
}

/// The word of an axis, as JSON has it.
fn word(axis: Axis) -> String {
    serde_json::to_value(axis).unwrap().as_str().unwrap().to_owned()
}

fn code(spec: &CodeSpec) -> String {
    let severity = severity(spec.severity);
    let (id, summary, explanation, next) = (spec.id, spec.summary, spec.explanation, spec.next);
    format!(
        "\n### {id}\n\n{severity}: {}.\n{}\n\n*Next:* {}\n",
        markdown(summary),
        markdown(explanation),
        markdown(next)
    )
}

/// Texts of the table are written for a terminal: outside code, Markdown would take `*` for emphasis and `<` for HTML.
fn markdown(text: &str) -> String {
    let parts = text.split('`').enumerate();
    let escaped = |(index, part): (usize, &str)| {
        if index % 2 == 1 {
            part.to_owned()
        } else {
            part.replace('*', "\\*").replace('<', "\\<").replace('_', "\\_")
        }
    };
    parts.map(escaped).collect::<Vec<_>>().join("`")
}

fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "Error",
        Severity::Warning => "Warning",
        Severity::Note => "Note",
    }
}

// docs/check.md

const RESULTS: &str = "<!-- Results: made from the program by tests/docs.rs; `SNAPSHOTS=overwrite cargo test` writes them again. -->\n";
const RESULTS_END: &str = "<!-- End of the results. -->\n";

#[test]
fn results_of_the_check_are_documented() {
    let page = fs::read_to_string(project().join("docs/check.md")).unwrap();
    let (before, rest) = page.split_once(RESULTS).expect("the place for the results");
    let (_, after) = rest.split_once(RESULTS_END).expect("the end of the results");
    let mut table = head(&["result", "step", "meaning", "next"].map(str::to_owned));
    for (_, spec) in VERDICTS {
        let (word, step) = match spec.standing {
            Standing::Unreachable => (format!("`{}`", spec.id), spec.step.as_str()),
            Standing::Reachable | Standing::NotTestable => (format!("**`{}`**", spec.id), ""),
        };
        table.push_str(&row(&[word, step.to_owned(), cell(spec.meaning), cell(spec.next)]));
    }
    check_file("docs/check.md", &format!("{before}{RESULTS}{table}{RESULTS_END}{after}"));
}

// docs/targets/README.md

#[test]
fn targets_are_documented() {
    let mut text = format!("# Targets\n\n{MADE}\n{TARGETS_INTRODUCTION}\n");
    text.push_str(&head(&["target", "writes", "stands", "enforces"].map(str::to_owned)));
    for spec in TARGETS {
        let link = format!("[`{}`]({})", spec.id, page(spec.id));
        text.push_str(&row(&[link, cell(spec.summary), stands(spec.vantage), enforces(spec.enforces)]));
    }
    text.push_str(SETTINGS_INTRODUCTION);
    for spec in TARGETS.iter().filter(|spec| !spec.settings.is_empty()) {
        text.push_str(&settings(spec));
    }
    check_file("docs/targets/README.md", &text);
}

const TARGETS_INTRODUCTION: &str = "\
A target is an output format: `--target ID`, several with commas, or `all`. What each can do to a rule is in
[the table of losses](../findings.md#what-a-target-can-do-to-a-rule); what each writes for fixed selections is in
[snapshots](../../snapshots), as files.
";

const SETTINGS_INTRODUCTION: &str = "
## Settings

`--option KEY=VALUE`, or `--option TARGET.KEY=VALUE` where several targets are written. `portbook list targets` prints these tables.
A setting without a default is one for which no value is safe to assume, or one that has a meaning when it is absent.
";

/// The page of a target; the three of PAN-OS share one.
fn page(id: &str) -> String {
    let exists = |name: &str| project().join("docs/targets").join(name).is_file();
    let own = format!("{id}.md");
    if exists(&own) {
        return own;
    }
    let shared = format!("{}.md", id.rsplit_once('-').unwrap().0);
    assert!(exists(&shared), "docs/targets has no page of {id}");
    shared
}

/// Each page names the losses that its targets can have, and no others.
#[test]
fn pages_name_the_losses_of_the_contract() {
    let contract = contract();
    let losses: BTreeSet<&str> = contract.iter().map(|row| row.code.id()).collect();
    let mut promised: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
    for row in &contract {
        promised.entry(page(row.target)).or_default().insert(row.code.id());
    }
    for spec in TARGETS {
        let page = page(spec.id);
        // Targets that share a page are looked at once.
        let Some(promised) = promised.remove(&page) else { continue };
        let text = fs::read_to_string(project().join("docs/targets").join(&page)).unwrap();
        let named: BTreeSet<&str> = code_spans(&text).filter(|span| losses.contains(span)).collect();
        assert_eq!(named, promised, "{page}: named (left), in the contract (right)");
    }
}

/// What stands between back-quotes in a line, but for blocks of code.
fn code_spans(text: &str) -> impl Iterator<Item = &str> {
    let prose = text.split("```").step_by(2);
    prose.flat_map(str::lines).flat_map(|line| line.split('`').skip(1).step_by(2))
}

fn stands(vantage: Vantage) -> String {
    let words = match vantage {
        Vantage::Host => "on a host",
        Vantage::Proxy => "at the proxy",
        Vantage::Network => "between zones",
        Vantage::Interception => "in the way between zones: HTTP and TLS only",
        Vantage::Document => "outside: sees everything",
    };
    words.to_owned()
}

fn enforces(enforces: Enforces) -> String {
    match enforces {
        Enforces::Always => "always".to_owned(),
        Enforces::IfDefaultDeny(clause) => format!("if {}", cell(clause)),
        Enforces::Never => "never: it routes or informs".to_owned(),
    }
}

fn settings(spec: &TargetSpec) -> String {
    let mut text = format!("\n### {}\n\n", spec.id);
    text.push_str(&head(&["setting", "values", "default", "meaning"].map(str::to_owned)));
    for setting in spec.settings {
        text.push_str(&row(&setting_cells(setting)));
    }
    text
}

fn setting_cells(setting: &SettingSpec) -> [String; 4] {
    let default = setting.default.map_or_else(|| "none".to_owned(), |value| format!("`{value}`"));
    [format!("`{}`", setting.id), cell(&setting.kind.words()), default, cell(setting.summary)]
}

// snapshots/findings

/// What `portbook explain CODE` prints, for every code.
#[test]
fn every_code_is_explained() {
    let mut text = String::new();
    for (_, spec) in CODES {
        let output =
            Command::new(env!("CARGO_BIN_EXE_portbook")).args(["explain", spec.id]).output().unwrap();
        assert!(output.status.success() && output.stderr.is_empty(), "{}", spec.id);
        let _ =
            writeln!(text, "$ portbook explain {}\n{}", spec.id, String::from_utf8(output.stdout).unwrap());
    }
    let actual = Files::from([("explain.txt".to_owned(), text.into_bytes())]);
    check("snapshots/findings", &actual, &read(&project().join("snapshots/findings")));
}

// Examples

/// Documents whose `console` blocks are run.
const WALKED: [&str; 2] = ["README.md", "docs/walkthrough.md"];

/// trycmd runs copies: it gives each document a folder for what its commands write only if `DOCUMENT.out` stands beside it,
/// and the files that they read must stand in `DOCUMENT.in`.
#[test]
fn examples_run_as_printed() {
    if overwrite() && std::env::var_os("TRYCMD").is_none() {
        return overwrite_examples();
    }
    let desk = tempfile::tempdir().unwrap();
    let cases = trycmd::TestCases::new();
    // The day after the newest range file of the fixtures.
    cases.env("SOURCE_DATE_EPOCH", "1762214400");
    let given = given();
    for document in WALKED {
        let Ok(text) = fs::read_to_string(project().join(document)) else { continue };
        if !text.contains("```console\n$ ") {
            continue;
        }
        let copy = desk.path().join(document.rsplit('/').next().unwrap());
        fs::write(&copy, text).unwrap();
        fs::create_dir(copy.with_extension("out")).unwrap();
        lay_out(&copy.with_extension("in"), &given);
        cases.case(&copy);
    }
    cases.run();
    drop(cases);
    if overwrite() {
        take_back(desk.path());
    }
}

/// What commands may read: fixtures, and the examples where they are in the project.
fn given() -> Files {
    let mut files = read(&project().join("tests/fixtures/walkthrough"));
    files.extend(read(&project().join("tests/fixtures/ranges")));
    let examples = read(&project().join("examples"));
    files.extend(examples.into_iter().map(|(name, bytes)| (format!("examples/{name}"), bytes)));
    files
}

fn lay_out(folder: &Path, files: &Files) {
    for (name, bytes) in files {
        let path = folder.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
}

fn take_back(desk: &Path) {
    for document in WALKED {
        let copy = desk.join(document.rsplit('/').next().unwrap());
        if copy.is_file() {
            fs::copy(copy, project().join(document)).unwrap();
        }
    }
}

/// trycmd overwrites by an environment variable of its own, which a process may only set for another one.
fn overwrite_examples() {
    let status = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "examples_run_as_printed"])
        .env("TRYCMD", "overwrite")
        .status();
    assert!(status.unwrap().success());
}
