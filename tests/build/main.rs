//! Site files, and what is made of them: builds, what differs between them, expectations. Through the program itself.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]
#![allow(clippy::format_collect, clippy::format_push_string, reason = "site files are put together of lines")]
#![allow(
    clippy::needless_for_each,
    clippy::case_sensitive_file_extension_comparisons,
    reason = "tests stay short"
)]

mod broken;
mod desk;
mod device;
mod differences;
mod expectations;
mod hidden;
mod init;
mod killed;
mod lints;
mod manifests;
mod outputs;
mod site_files;
#[path = "../thorough/mod.rs"]
mod thorough;
mod writing;

use desk::{Desk, Run};
