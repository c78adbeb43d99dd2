//! Configurations for `haproxy`: whatever they are, they are read, with lines, or refused.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| portbook_fuzz::configuration("haproxy", bytes));
