//! rules.json: read or refused; what is read is written and read the same.
#![no_main]

use libfuzzer_sys::fuzz_target;
use portbook::finding::{Style, to_text};
use portbook::target::json::RuleFile;

fuzz_target!(|text: &str| {
    match RuleFile::parse(text) {
        Ok(file) => {
            assert!(!file.rules.is_empty());
            let written = file.to_text().expect("a rule file has a text");
            let again = RuleFile::parse(&written).expect("its own text");
            assert_eq!(again, file);
            assert_eq!(again.to_text().expect("a rule file has a text"), written);
        }
        Err(findings) => {
            assert!(!findings.is_empty());
            for finding in &findings {
                assert!(!to_text(finding, Style::Plain).is_empty());
            }
        }
    }
});
