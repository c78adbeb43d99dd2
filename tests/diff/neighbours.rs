//! Every pair of neighbouring editions of the catalog, as committed: a clone without the reference has these.

use std::process::Command;

use portbook::catalog::Catalog;

use super::snapshot::{Files, check, project, read};

/// What `portbook diff` prints for each pair of neighbours.
#[test]
fn neighbours_are_the_committed_ones() {
    let catalog = Catalog::embedded().unwrap();
    let mut files = Files::new();
    for document in catalog.documents() {
        let editions: Vec<String> = document.editions().map(|edition| edition.to_string()).collect();
        for pair in editions.windows(2) {
            let side = |edition: &String| format!("{}@{edition}", document.id());
            let output = Command::new(env!("CARGO_BIN_EXE_portbook"))
                .args(["diff", &side(&pair[0]), &side(&pair[1])])
                .output()
                .unwrap();
            let said = String::from_utf8_lossy(&output.stderr);
            let equal = String::from_utf8_lossy(&output.stdout).contains("No difference\n");
            assert_eq!(output.status.code(), Some(i32::from(!equal)), "{} {pair:?}: {said}", document.id());
            let name = format!("{}/{}..{}.txt", document.id(), pair[0], pair[1]);
            files.insert(name, [output.stdout, output.stderr].concat());
        }
    }
    assert!(files.len() >= 12, "{} pairs", files.len());
    let mut committed = read(&project().join("snapshots/diff"));
    committed.retain(|name, _| !name.starts_with("forms/"));
    check("snapshots/diff", &files, &committed);
}

/// One difference in every form: a name that a pattern took over, a port without a host, reworded purposes, and a
/// sentence beside the flows.
#[test]
fn forms_are_the_committed_ones() {
    let mut files = Files::new();
    for (format, extension) in [("text", "txt"), ("markdown", "md"), ("json", "json"), ("csv", "csv")] {
        files.insert(format!("cloud-sync.{extension}"), form(format));
    }
    check("snapshots/diff/forms", &files, &read(&project().join("snapshots/diff/forms")));
}

fn form(format: &str) -> Vec<u8> {
    let output = Command::new(env!("CARGO_BIN_EXE_portbook"))
        .args(["diff", "cloud-sync@2021-01-01", "cloud-sync@2023-01-11", "--cloud", "public"])
        .args(["--format", format])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1), "{}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}

/// docs/diff.md names every column and every key, and no other column.
#[test]
fn the_page_tells_every_column_and_key() {
    let page = std::fs::read_to_string(project().join("docs/diff.md")).unwrap();
    let (page, _) = page.split_once("\n## Builds\n").unwrap();
    let named = |word: &str| page.contains(&format!("`{word}`"));
    let (_, csv) = page.split_once("### csv").unwrap();
    // Builds have columns of their own.
    let (csv, _) = csv.split_once("\n## ").unwrap_or((csv, ""));
    let first_cells = csv.lines().filter_map(|line| line.strip_prefix("| `")?.split(" |").next());
    let columns: Vec<&str> =
        first_cells.flat_map(|cell| cell.split(", ")).map(|name| name.trim_matches('`')).collect();
    let (mut told, mut written) = (columns.clone(), portbook::diff::render::COLUMNS.to_vec());
    told.sort_unstable();
    written.sort_unstable();
    assert_eq!(told, written);
    let json: serde_json::Value = serde_json::from_slice(&form("json")).unwrap();
    assert_eq!(json["format"], portbook::diff::render::FORMAT);
    let change = &json["changes"][0];
    let asked =
        json["prerequisites"].as_array().unwrap().iter().find(|asked| asked["new"].is_object()).unwrap();
    let beside = [&json["sayings"][0], asked, &asked["new"], &json["old"]["documents"][0]];
    let objects = [&json, &json["old"], change, &change["flow"], &change["new"][0]];
    for object in objects.into_iter().chain(beside) {
        for key in object.as_object().unwrap().keys() {
            assert!(named(key), "docs/diff.md does not name the key {key}");
        }
    }
}
