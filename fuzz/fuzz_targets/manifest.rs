//! Manifests: read or refused; what is read is written and read the same, differs from itself in nothing, and names no file of git.
#![no_main]

use libfuzzer_sys::fuzz_target;
use portbook::diff::build::{BuildDifference, BuildFilter};
use portbook::finding::{Style, to_text};
use portbook::manifest::Manifest;

fuzz_target!(|text: &str| {
    match Manifest::parse("manifest", text) {
        Ok(manifest) => {
            assert!(
                manifest
                    .files()
                    .all(|file| !file.path.split('/').any(|part| part.eq_ignore_ascii_case(".git")))
            );
            let written = manifest.to_text().expect("a manifest has a text");
            let again = Manifest::parse("manifest", &written).expect("its own text");
            assert_eq!(again, manifest);
            assert_eq!(again.to_text().expect("a manifest has a text"), written);
            let difference = BuildDifference::of(vec![again], vec![manifest], &BuildFilter::default());
            assert!(difference.is_empty());
        }
        Err(findings) => {
            assert!(!findings.is_empty());
            for finding in &findings {
                assert!(!to_text(finding, Style::Plain).is_empty());
            }
        }
    }
});
