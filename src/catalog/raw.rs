//! Catalog files as they are written. Values stay text here; `check` gives them meaning.

mod edition;
mod prerequisite;
mod registry;

pub(crate) use edition::*;
pub(crate) use prerequisite::*;
pub(crate) use registry::*;

use crate::yaml::Spanned;

/// A text with its place.
pub(crate) type Text = Spanned<String>;
