//! The old XML: read or refused with places that lie in it.
#![no_main]

use libfuzzer_sys::fuzz_target;
use portbook::finding::{Style, to_text};
use portbook::ranges::diff::RangeDiff;
use portbook::ranges::{Figures, HolderIndex, RangeFile};

fuzz_target!(|rest: &[u8]| {
    // Straight into the reader of XML.
    let bytes = [b"<AzurePublicIpAddresses>".as_slice(), rest].concat();
    let bytes = bytes.as_slice();
    let lazy = RangeFile::open_checked("file", bytes).and_then(|file| file.whole());
    match RangeFile::parse("file", bytes) {
        Ok(file) => {
            let whole = file.whole().expect("checked");
            assert_eq!(lazy.expect("what is whole is readable"), whole);
            let figures = Figures::of(&file).expect("checked");
            assert!(figures.unique_prefixes <= figures.prefixes);
            assert!(!RangeDiff::of(&file, &file).expect("checked").differs());
            let index = HolderIndex::new(&file).expect("checked");
            for prefix in whole.prefixes().take(16) {
                assert!(index.holds(prefix.first()) && index.holds(prefix.last()));
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
