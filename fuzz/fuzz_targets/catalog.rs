//! Catalog files: the first byte says which file the rest is. It is read or refused, and `validate --fix` comes to rest at once.
#![no_main]

use libfuzzer_sys::fuzz_target;
use portbook::catalog::{Layer, canonical, inspect};
use portbook::finding::{Style, to_text};

/// A catalog that is whole and small.
const BASE: [(&str, &str); 9] = [
    ("choices.yaml", include_str!("../../tests/fixtures/broken/base/choices.yaml")),
    ("clouds.yaml", include_str!("../../tests/fixtures/broken/base/clouds.yaml")),
    ("conditions.yaml", include_str!("../../tests/fixtures/broken/base/conditions.yaml")),
    ("hosts.yaml", include_str!("../../tests/fixtures/broken/base/hosts.yaml")),
    ("parameters.yaml", include_str!("../../tests/fixtures/broken/base/parameters.yaml")),
    ("roles.yaml", include_str!("../../tests/fixtures/broken/base/roles.yaml")),
    ("scenarios.yaml", include_str!("../../tests/fixtures/broken/base/scenarios.yaml")),
    (
        "documents/page/document.yaml",
        include_str!("../../tests/fixtures/broken/base/documents/page/document.yaml"),
    ),
    (
        "documents/page/2024-01-01.yaml",
        include_str!("../../tests/fixtures/broken/base/documents/page/2024-01-01.yaml"),
    ),
];

/// Files that can be added, after those of [`BASE`].
const MORE: [&str; 2] = ["address-lists.yaml", "documents/page/2025-01-01.yaml"];

fuzz_target!(|bytes: &[u8]| {
    let Some((which, text)) = bytes.split_first() else { return };
    let Ok(text) = std::str::from_utf8(text) else { return };
    let places: Vec<&str> = BASE.iter().map(|(place, _)| *place).chain(MORE).collect();
    let place = places[usize::from(*which) % places.len()];
    let base = BASE.iter().fold(Layer::default(), |layer, (place, text)| layer.with_text(place, place, text));
    let layer = base.with_text(place, place, text);
    for finding in &inspect(std::slice::from_ref(&layer)).findings {
        assert!(!to_text(finding, Style::Plain).is_empty());
    }
    for once in canonical(std::slice::from_ref(&layer), |_| true) {
        let again = canonical(&[layer.clone().with_text(&once.path, &once.name, &once.text)], |name| {
            name == once.name
        });
        assert!(again.is_empty(), "a second pass changes {:?}", again[0].changes);
    }
});
