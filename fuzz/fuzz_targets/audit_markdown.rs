//! The two files of `markdown`, one behind the other with a NUL between: whatever they are, they are read, with lines, or refused.
#![no_main]

use libfuzzer_sys::fuzz_target;

const NAMES: [&str; 2] = ["x.md", "x.addresses.md"];

fuzz_target!(|bytes: &[u8]| {
    let mut parts = bytes.splitn(NAMES.len(), |byte| *byte == 0);
    let files = NAMES.map(|name| (name, parts.next().unwrap_or_default()));
    portbook_fuzz::configurations("markdown", &files);
});
