//! How much is tried: enough for every day, or all of it (`PORTBOOK_TESTS=thorough`, as CI does).

/// One of two counts.
pub(crate) fn times(everyday: u32, thorough: u32) -> u32 {
    if std::env::var("PORTBOOK_TESTS").is_ok_and(|what| what == "thorough") { thorough } else { everyday }
}
