//! A YAML text as it was parsed when the program was built: its nodes, and where they stand. `build.rs` writes it, for the
//! files of the catalog, so that no start of the program parses them again.

use serde::{Deserialize, Serialize};

/// A node of a text.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Node<'a> {
    pub(crate) span: Span,
    #[serde(borrow)]
    pub(crate) value: Value<'a>,
}

/// What a node is. Numbers and truths are texts until somebody asks for one.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) enum Value<'a> {
    Nothing,
    #[serde(borrow)]
    Text(&'a str),
    List(Vec<Node<'a>>),
    Entry(Vec<(&'a str, Node<'a>)>),
}

/// A stretch of a text. A list or an entry without brackets has no length.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Span {
    /// The first byte.
    pub(crate) start: u32,
    /// How many bytes.
    pub(crate) length: u32,
}
