//! The value types of `host` and `address` against naive models, through the public surface.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "helpers of tests")]

mod address;
mod host;

use std::fmt::{Debug, Display};
use std::str::FromStr;

/// Parses, shows, and parses again; gives the canonical text.
fn canonical<T: FromStr<Err: Debug> + Display + PartialEq + Debug>(text: &str) -> String {
    let value: T = text.parse().unwrap();
    let shown = value.to_string();
    assert_eq!(shown.parse::<T>().unwrap(), value, "{text}");
    shown
}
