//! Plain lists of prefixes, and the algebra of the sets that they make.
#![no_main]

use libfuzzer_sys::fuzz_target;
use portbook::address::PrefixSet;
use portbook::ranges::RangeFile;

fuzz_target!(|halves: (&str, &str)| {
    let set = |text: &str| {
        RangeFile::parse("list", text.as_bytes()).and_then(|file| file.whole()).unwrap_or_default()
    };
    let (a, b) = (set(halves.0), set(halves.1));
    let union = a.union(&b);
    assert!(a.is_subset(&union) && b.is_subset(&union));
    assert_eq!(union.difference(&b).union(&a.intersection(&b)), a);
    let again: PrefixSet = union.prefixes().collect();
    assert_eq!(again, union, "as prefixes and back");
});
