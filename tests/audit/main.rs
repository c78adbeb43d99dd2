//! `portbook audit`, and files that are read back before they are written.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

mod beyond;
mod foreign;
mod gateways;
mod hostile;
mod inspection;
mod markdown;
mod netfilter;
mod oracle;
mod own;
mod run;
mod software;
mod squid;
mod templates;
