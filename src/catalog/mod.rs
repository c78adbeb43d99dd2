//! The documented facts: catalog files become checked types.

mod edition;

pub use edition::{Edition, EditionError};
