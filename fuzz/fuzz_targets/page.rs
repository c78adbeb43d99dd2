//! Download pages: links are found or not, the newest first.
#![no_main]

use libfuzzer_sys::fuzz_target;
use portbook::ranges::page::links;

fuzz_target!(|page: &str| {
    let links = links(page, "Public");
    assert!(links.is_sorted_by(|a, b| a.date >= b.date));
    for link in links {
        assert!(link.url.starts_with("http") && link.url.to_ascii_lowercase().ends_with(".json"));
        assert!(!link.url.contains(['"', '\'', '<', '>', ' ']));
    }
});
