//! What `validate` looks at beyond single files.

use crate::finding::Findings;

use super::Catalog;

/// Parses everything and looks for what is legal but suspicious.
pub fn lint(catalog: &Catalog) -> Findings {
    let _ = catalog;
    Findings::new()
}
