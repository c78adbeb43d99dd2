//! Templates of users: rendered or refused; no value stands in the text that no filter has seen.
#![no_main]

use libfuzzer_sys::fuzz_target;
use portbook::target::{JSON, render_text};

/// A value that no template may print as it is.
const RAW: &str = "raw\u{1}value";

fuzz_target!(|text: &str| {
    let value = minijinja::context! {
        title => RAW,
        count => 3,
        rules => vec![minijinja::context! { id => RAW, hosts => vec![RAW, RAW] }],
    };
    if let Ok(rendered) = render_text("template", text, value, &[JSON]) {
        assert!(text.contains(RAW) || !rendered.contains(RAW));
    }
});
