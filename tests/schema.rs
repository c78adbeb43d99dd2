//! docs/schema against every catalog file of the project, by a validator that knows nothing of Portbook.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use boon::{Compiler, SchemaIndex, Schemas};
use serde_json::Value;

fn root(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

struct Validator {
    schemas: Schemas,
    kinds: BTreeMap<String, SchemaIndex>,
}

impl Validator {
    fn new() -> Self {
        let mut schemas = Schemas::new();
        let mut kinds = BTreeMap::new();
        for entry in fs::read_dir(root("docs/schema")).unwrap() {
            let path = entry.unwrap().path();
            let kind = path.file_stem().unwrap().to_str().unwrap().to_owned();
            let at = format!("http://schema.example/{kind}.json");
            let mut compiler = Compiler::new();
            let schema = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
            compiler.add_resource(&at, schema).unwrap();
            kinds.insert(kind, compiler.compile(&at, &mut schemas).unwrap());
        }
        Self { schemas, kinds }
    }

    /// Whether a file at a place of a catalog fits; nothing if it is no YAML at all.
    fn verdict(&self, place: &str, text: &str) -> Option<Result<(), String>> {
        let value: Value = serde_saphyr::from_str(text).ok()?;
        let kind = match place.strip_suffix(".yaml").unwrap() {
            registry if !place.contains('/') => registry,
            path if path.ends_with("/document") => "document",
            _ => "edition",
        };
        let verdict = self.schemas.validate(&value, self.kinds[kind]);
        Some(verdict.map_err(|error| format!("{place}: {error:#}")))
    }
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}

#[test]
fn every_catalog_file_fits_its_schema() {
    let validator = Validator::new();
    let mut seen = BTreeSet::new();
    for folder in
        ["catalog", "tests/fixtures/hard-cases", "tests/fixtures/broken/base", "tests/fixtures/addition"]
    {
        for file in
            files(&root(folder)).iter().filter(|file| file.extension().is_some_and(|end| end == "yaml"))
        {
            let place = file.strip_prefix(root(folder)).unwrap().to_str().unwrap();
            let verdict = validator.verdict(place, &fs::read_to_string(file).unwrap()).unwrap();
            assert_eq!(verdict, Ok(()), "{}", file.display());
            seen.insert(if place.contains('/') {
                place.ends_with("document.yaml").to_string()
            } else {
                place.to_owned()
            });
        }
    }
    assert_eq!(seen.len(), validator.kinds.len(), "each kind has files: {seen:?}");
}

/// What only the program sees: relations between entries or files, and what stands inside a text.
const BEYOND_A_SCHEMA: &[&str] = &[
    "address-list-unused",
    "condition-follows",
    "duplicate-id",
    "edition-out-of-order",
    "edition-unpaired",
    "expression",
    "host-texts",
    "list-loop",
    "listed-in",
    "order",
    "order-fixed-by-hand",
    "other-documents",
    "overlapping",
    "parameter-defaults",
    "prerequisites",
    "prerequisites-dword",
    "prerequisites-renamed",
    "prerequisites-reused",
    "prerequisites-unread",
    "readings",
    "renamed",
    "reused",
    "served-by",
    "shared-suffix",
    "unused-reading",
];

#[test]
fn broken_files_are_refused_where_a_schema_can() {
    let validator = Validator::new();
    let mut passed = BTreeSet::new();
    for file in fs::read_dir(root("tests/fixtures/broken")).unwrap().map(|entry| entry.unwrap().path()) {
        if file.extension().is_none_or(|end| end != "yaml") {
            continue;
        }
        let text = fs::read_to_string(&file).unwrap();
        let place = text.lines().next().unwrap().strip_prefix("# ").unwrap();
        if validator.verdict(place, &text) == Some(Ok(())) {
            passed.insert(file.file_stem().unwrap().to_str().unwrap().to_owned());
        }
    }
    let known: BTreeSet<String> = BEYOND_A_SCHEMA.iter().map(|name| (*name).to_owned()).collect();
    assert_eq!(passed, known);
}
