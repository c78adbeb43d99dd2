//! Faults of the system while files are written: a full disk, a folder that is read-only, no file descriptors, and an error of
//! every system call, one after the other. Whatever fails, each file is the old or the new one, whole; the exit code is 0 only
//! if all of them are new; and the next run repairs.
//!
//! These need Linux, strace and root, and take minutes: `tests/conformance/faults.sh` runs them.
#![cfg(target_os = "linux")]
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    reason = "tests"
)]

mod calls;
mod limits;
mod scene;
