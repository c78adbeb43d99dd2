//! portbook.lock: read or refused; what is read is written and read the same, and names no file elsewhere.
#![no_main]

use libfuzzer_sys::fuzz_target;
use portbook::ranges::store::Lock;

fuzz_target!(|text: &str| {
    if let Ok(lock) = Lock::parse("portbook.lock", text) {
        for locked in lock.iter() {
            assert!(!locked.file.contains(['/', '\\']) && !locked.file.starts_with('.'));
        }
        let again = lock.to_text().expect("a lock has a text");
        assert_eq!(Lock::parse("portbook.lock", &again).expect("its own text"), lock);
    }
});
