//! Texts of a catalog never become syntax of a script or a registry file: they stay text, or they are refused.

use std::fs;
use std::path::Path;

use super::portbook;
use super::script::assert_reads_only;

const BASE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/prerequisites");

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

/// The catalog of the fixture with another text in place of `key`.
fn with(key: &str, text: &str, format: &str) -> (Option<i32>, Vec<u8>, String) {
    let desk = tempfile::tempdir().unwrap();
    copy(Path::new(BASE), desk.path());
    let quoted = serde_json::to_string(text).unwrap();
    let mut seen = false;
    for name in ["documents/page/2024-01-01.yaml", "scenarios.yaml"] {
        let path = desk.path().join(name);
        let yaml = fs::read_to_string(&path).unwrap();
        seen |= yaml.contains(key);
        fs::write(&path, yaml.replace(key, &quoted[1..quoted.len() - 1])).unwrap();
    }
    assert!(seen, "{key}");
    let line = format!("prerequisites service --cloud public --catalog . --format {format} -q");
    let output = portbook(desk.path(), &line);
    (output.status.code(), output.stdout, String::from_utf8_lossy(&output.stderr).into_owned())
}

const HOSTILE: &[&str] = &[
    "'; Remove-Item C:\\ #",
    "$(Stop-Computer)",
    "`$(Stop-Computer)",
    "\" + (Stop-Computer) + \"",
    "#> Stop-Computer <#",
    "\u{2019}; Stop-Computer #",
    "\u{2018}\u{201a}\u{201b}",
    "\u{202e}txt",
    "{{ script }}",
    "{% for x in y %}",
    "'@\nStop-Computer",
    "é",
];

#[test]
fn a_remark_stays_text_in_a_preflight() {
    for text in HOSTILE {
        let (exit, script, said) = with("THE-REMARK", text, "powershell");
        if text.contains('\n') {
            assert!(exit == Some(2) && said.contains("one line"), "{text:?}: {said}");
            continue;
        }
        assert_eq!(exit, Some(0), "{text:?}: {said}");
        let script = String::from_utf8(script).unwrap();
        assert!(script.is_ascii(), "{text:?}");
        assert_reads_only(text, &script);
    }
}

#[test]
fn a_scenario_title_stays_a_comment_and_a_string() {
    for text in HOSTILE.iter().filter(|text| !text.contains('\n')) {
        let (exit, script, said) = with("THE-TITLE", text, "powershell");
        assert_eq!(exit, Some(0), "{text:?}: {said}");
        assert_reads_only(text, &String::from_utf8(script).unwrap());
    }
}

#[test]
fn keys_and_names_of_the_registry_are_refused_where_they_come_in() {
    let hostile = ["a]", "[a", "a\n\"b\"=-", "a\"=-", "", "\u{202e}", "é", "a\\\\b"];
    for text in hostile {
        for (key, value) in [("THE-KEY", text.to_owned()), ("THE-VALUE", text.to_owned())] {
            // A backslash is what keys are made of; two of them are not.
            let (exit, bytes, said) = with(key, &value, "reg");
            assert!(
                exit == Some(2) && bytes.is_empty() && said.contains("invalid-value"),
                "{key} {text:?}: {said}"
            );
        }
    }
    let (exit, ..) = with("THE-KEY", "It's a key", "reg");
    assert_eq!(exit, Some(0));
}

#[test]
fn services_are_refused_or_named() {
    for text in ["a b", "'", "$(x)", "a;b", ""] {
        let (exit, _, said) = with("THE-SERVICE", text, "powershell");
        assert!(exit == Some(2) && said.contains("short name of a service"), "{text:?}: {said}");
    }
}

#[test]
fn tables_show_hostile_texts_as_text() {
    let (exit, table, _) = with("THE-REMARK", "\u{1b}[31m\u{202e}x", "table");
    // Control characters do not pass the catalog at all.
    assert!(exit == Some(2) && table.is_empty());
    let (exit, table, _) = with("THE-REMARK", "\u{202e}x | y", "markdown");
    assert_eq!(exit, Some(0));
    let table = String::from_utf8(table).unwrap();
    assert!(table.contains(r"\\u{202e}x \| y"), "{table}");
}
