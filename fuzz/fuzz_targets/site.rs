//! Site files: read or refused; what is read holds no name that a product could take for syntax.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use portbook::catalog::Catalog;
use portbook::finding::{Source, Style, to_text};
use portbook::plan::PlanFile;

static CATALOG: LazyLock<Catalog> =
    LazyLock::new(|| Catalog::embedded().expect("the catalog that comes with the program"));

fn is_plain(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || "-._".contains(c))
}

fuzz_target!(|text: &str| {
    match PlanFile::read(&Source::new("portbook.yaml", text), &CATALOG) {
        Ok(file) => {
            assert!(!file.sites.is_empty());
            for plan in &file.sites {
                assert!(is_plain(plan.site.name.as_str()) && !plan.requests.is_empty());
                for station in &plan.site.stations {
                    assert!(is_plain(station.id.as_str()));
                }
                for expectation in &plan.expectations {
                    assert!(!expectation.to_string().contains(char::is_control));
                }
            }
        }
        Err(findings) => {
            assert!(!findings.is_empty());
            for finding in &findings {
                assert!(!to_text(finding, Style::Plain).is_empty());
            }
        }
    }
});
