//! Raw structs from a tree that was parsed when the program was built, as from the text itself.
//!
//! Tests hold that every file of the catalog comes to the same both ways, its places too. What is wrong in a text is for
//! the parser to tell: here it is only not taken.

use serde::de::value::{Error, MapAccessDeserializer, MapDeserializer, SeqDeserializer};
use serde::de::{self, DeserializeSeed, Deserializer, IntoDeserializer, SeqAccess, Visitor};
use serde::forward_to_deserialize_any;

use super::tree::{Node, Span, Value};

/// The newtype by which a value asks for its place.
pub(super) const SPANNED: &str = "a value and its place";

/// Deserializes a node.
#[derive(Debug, Clone, Copy)]
pub(super) struct Replay<'de>(pub(super) &'de Node<'de>);

impl<'de> Replay<'de> {
    fn text(self) -> Result<&'de str, Error> {
        match self.0.value {
            Value::Text(text) => Ok(text),
            _ => Err(de::Error::custom("no text")),
        }
    }

    fn parsed<T: std::str::FromStr>(self) -> Result<T, Error> {
        self.text()?.parse().map_err(|_| de::Error::custom("another kind of value"))
    }
}

impl<'de> IntoDeserializer<'de> for Replay<'de> {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

/// The entries of an entry, for serde's own access to maps.
fn map<'de>(
    pairs: &'de [(&'de str, Node<'de>)],
) -> MapDeserializer<'de, impl Iterator<Item = (&'de str, Replay<'de>)>, Error> {
    MapDeserializer::new(pairs.iter().map(|(key, node)| (*key, Replay(node))))
}

macro_rules! numbers {
    ($($method:ident $visit:ident),* $(,)?) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
            visitor.$visit(self.parsed()?)
        }
    )*};
}

impl<'de> Deserializer<'de> for Replay<'de> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match &self.0.value {
            Value::Nothing => visitor.visit_unit(),
            Value::Text(text) => visitor.visit_borrowed_str(text),
            Value::List(items) => {
                let mut items = SeqDeserializer::new(items.iter().map(Replay));
                let list = visitor.visit_seq(&mut items)?;
                items.end()?;
                Ok(list)
            }
            Value::Entry(pairs) => {
                let mut pairs = map(pairs);
                let entry = visitor.visit_map(&mut pairs)?;
                pairs.end()?;
                Ok(entry)
            }
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.0.value {
            Value::Nothing => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        match name {
            SPANNED => visitor.visit_seq(Placed { node: self.0, given: 0 }),
            _ => visitor.visit_newtype_struct(self),
        }
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        match &self.0.value {
            Value::Entry(pairs) => visitor.visit_enum(MapAccessDeserializer::new(map(pairs))),
            _ => self.text()?.into_deserializer().deserialize_enum(name, variants, visitor),
        }
    }

    numbers! {
        deserialize_bool visit_bool,
        deserialize_u8 visit_u8,
        deserialize_u16 visit_u16,
        deserialize_u32 visit_u32,
        deserialize_u64 visit_u64,
    }

    forward_to_deserialize_any! {
        i8 i16 i32 i64 i128 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq tuple tuple_struct map struct
        identifier ignored_any
    }
}

/// The place of a node, then the node.
struct Placed<'de> {
    node: &'de Node<'de>,
    given: u8,
}

impl<'de> SeqAccess<'de> for Placed<'de> {
    type Error = Error;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Error> {
        let Span { start, length } = self.node.span;
        self.given += 1;
        match self.given {
            1 => seed.deserialize(start.into_deserializer()).map(Some),
            2 => seed.deserialize(length.into_deserializer()).map(Some),
            3 => seed.deserialize(Replay(self.node)).map(Some),
            _ => Ok(None),
        }
    }
}
