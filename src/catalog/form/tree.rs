//! A YAML text as a tree with places, whatever it means.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};

use crate::finding::Source;
use crate::yaml::{self, Spanned};

/// A node with its place.
pub(in crate::catalog) type Part = Spanned<Node>;

/// A node.
#[derive(Debug, Clone)]
pub(in crate::catalog) enum Node {
    Nothing,
    Truth(bool),
    /// A number as it is written in its shortest form.
    Number(String),
    Text(String),
    List(Vec<Part>),
    Entry(Vec<(String, Part)>),
}

/// The tree of a text; none if it is no YAML.
pub(in crate::catalog) fn parse(text: &str) -> Option<Part> {
    yaml::parse(&Source::new("", text)).ok()
}

impl Node {
    /// The entries of a list; none of anything else.
    pub(in crate::catalog) fn items(&self) -> &[Part] {
        match self {
            Self::List(items) => items,
            _ => &[],
        }
    }

    /// The children in their order.
    pub(super) fn children(&self) -> Vec<&Part> {
        match self {
            Self::List(items) => items.iter().collect(),
            Self::Entry(pairs) => pairs.iter().map(|(_, value)| value).collect(),
            _ => Vec::new(),
        }
    }

    fn child_mut(&mut self, index: usize) -> Option<&mut Part> {
        match self {
            Self::List(items) => items.get_mut(index),
            Self::Entry(pairs) => pairs.get_mut(index).map(|(_, value)| value),
            _ => None,
        }
    }

    /// The value of a key, and where it stands among the keys.
    pub(super) fn get(&self, key: &str) -> Option<(usize, &Part)> {
        let Self::Entry(pairs) = self else {
            return None;
        };
        pairs.iter().enumerate().find(|(_, (name, _))| name == key).map(|(index, (_, value))| (index, value))
    }

    /// A scalar's words.
    pub(super) fn words(&self) -> Option<&str> {
        match self {
            Self::Text(words) | Self::Number(words) => Some(words),
            _ => None,
        }
    }

    /// Equality without places.
    pub(super) fn says_the_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Nothing, Self::Nothing) => true,
            (Self::Truth(a), Self::Truth(b)) => a == b,
            (Self::Number(a), Self::Number(b)) | (Self::Text(a), Self::Text(b)) => a == b,
            (Self::List(a), Self::List(b)) => {
                a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.value.says_the_same(&b.value))
            }
            (Self::Entry(a), Self::Entry(b)) => {
                let same = |((a, x), (b, y)): (&(String, Part), &(String, Part))| {
                    a == b && x.value.says_the_same(&y.value)
                };
                a.len() == b.len() && a.iter().zip(b).all(same)
            }
            _ => false,
        }
    }
}

/// Reorders the list at `path`, which are the numbers of children from the root on.
pub(super) fn reorder(tree: &mut Part, path: &[usize], new_order: &[usize]) {
    let mut at = Some(&mut tree.value);
    for index in path {
        at = at.and_then(|node| node.child_mut(*index)).map(|part| &mut part.value);
    }
    if let Some(Node::List(items)) = at {
        *items = new_order.iter().filter_map(|index| items.get(*index).cloned()).collect();
    }
}

/// Where a part ends; none where the text does not show it.
pub(super) fn end(text: &str, part: &Part) -> Option<usize> {
    let bytes = part.bytes();
    let opening = text.as_bytes().get(bytes.start);
    let children = part.value.children();
    let closing = match (&part.value, opening) {
        (Node::List(_), Some(b'[')) => b']',
        (Node::Entry(_), Some(b'{')) => b'}',
        (Node::List(_) | Node::Entry(_), _) => return end(text, children.last()?),
        // A block scalar takes the line ends behind it along.
        _ => return Some(bytes.start + text.get(bytes)?.trim_end().len()),
    };
    let mut at = match children.last() {
        Some(last) => end(text, last)?,
        None => bytes.start + 1,
    };
    loop {
        match text.as_bytes().get(at)? {
            byte if *byte == closing => return Some(at + 1),
            b'#' => at += text.get(at..)?.find('\n')?,
            byte if byte.is_ascii_whitespace() || [b',', b':'].contains(byte) => at += 1,
            _ => return None,
        }
    }
}

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Anything)
    }
}

struct Anything;

impl<'de> Visitor<'de> for Anything {
    type Value = Node;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("anything")
    }

    fn visit_unit<E>(self) -> Result<Node, E> {
        Ok(Node::Nothing)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Node, E> {
        Ok(Node::Truth(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Node, E> {
        Ok(Node::Number(value.to_string()))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Node, E> {
        Ok(Node::Number(value.to_string()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Node, E> {
        Ok(Node::Number(format!("{value:?}")))
    }

    fn visit_str<E>(self, value: &str) -> Result<Node, E> {
        Ok(Node::Text(value.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Node, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = seq.next_element()? {
            items.push(item);
        }
        Ok(Node::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Node, A::Error> {
        let mut pairs = Vec::new();
        while let Some(pair) = map.next_entry()? {
            pairs.push(pair);
        }
        Ok(Node::Entry(pairs))
    }
}
