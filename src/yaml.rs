//! YAML into raw structs, with errors as located findings. The only module that knows the YAML library.

mod replay;
mod tree;

use std::fmt;
use std::marker::PhantomData;
use std::ops::Range;
use std::sync::Arc;

use serde::de::{self, DeserializeOwned, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_saphyr::{Error, Location};

use crate::finding::{Code, Finding, Findings, Place, Source, nearest};

use replay::Replay;
use tree::Node;
pub(crate) use tree::Span;

/// A value with its place.
#[derive(Debug, Clone)]
pub(crate) struct Spanned<T> {
    pub(crate) value: T,
    /// Where it stands; of an alias, where it is used.
    pub(crate) span: Span,
}

impl<T> Spanned<T> {
    /// The bytes of a scalar; of a list or an entry, those of its opening bracket, or none where it has no brackets.
    pub(crate) fn bytes(&self) -> Range<usize> {
        let start = to_usize(self.span.start.into());
        start..start.saturating_add(to_usize(self.span.length.into()))
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Spanned<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Placed<T>(PhantomData<T>);

        impl<'de, T: Deserialize<'de>> Visitor<'de> for Placed<T> {
            type Value = Spanned<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(replay::SPANNED)
            }

            /// The YAML library knows nothing of our newtype; its own says where the value stands.
            fn visit_newtype_struct<D: Deserializer<'de>>(
                self,
                deserializer: D,
            ) -> Result<Self::Value, D::Error> {
                let spanned = serde_saphyr::Spanned::<T>::deserialize(deserializer)?;
                Ok(Spanned { value: spanned.value, span: span(spanned.referenced) })
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
                let missing = |at: usize| de::Error::invalid_length(at, &replay::SPANNED);
                let start = seq.next_element()?.ok_or_else(|| missing(0))?;
                let length = seq.next_element()?.ok_or_else(|| missing(1))?;
                let value = seq.next_element()?.ok_or_else(|| missing(2))?;
                Ok(Spanned { value, span: Span { start, length } })
            }
        }

        deserializer.deserialize_newtype_struct(replay::SPANNED, Placed(PhantomData))
    }
}

/// Reads `source` as `T`; the first syntax or key error is the finding.
pub(crate) fn parse<T: DeserializeOwned>(source: &Arc<Source>) -> Result<T, Findings> {
    if let Some(value) = replayed(source) {
        return Ok(value);
    }
    let options = serde_saphyr::options! { strict_booleans: true, with_snippet: false };
    serde_saphyr::from_str_with_options(&source.text, options).map_err(|error| finding(source, &error).into())
}

/// The same from the tree that was written when the program was built, where there is one. What does not fit is for the
/// parser to tell.
pub(crate) fn replayed<T: DeserializeOwned>(source: &Source) -> Option<T> {
    let node: Node<'_> = postcard::from_bytes(source.tree()?).ok()?;
    T::deserialize(Replay(&node)).ok()
}

/// The place of a value.
pub(crate) fn place<T>(source: &Arc<Source>, value: &Spanned<T>) -> Place {
    place_of(source, value.bytes())
}

fn place_of(source: &Arc<Source>, bytes: Range<usize>) -> Place {
    if bytes.is_empty() {
        return Place::word(source, bytes.start);
    }
    // A mapping spans many lines; its first line is enough to find it.
    let line_end = source.line(bytes.start).end;
    Place::new(source, bytes.start..bytes.end.min(line_end.max(bytes.start + 1)))
}

/// The library has bytes for every place in a text.
fn span(location: Location) -> Span {
    let span = location.span();
    let short =
        |number: Option<u64>| number.and_then(|number| u32::try_from(number).ok()).unwrap_or_default();
    Span { start: short(span.byte_offset()), length: short(span.byte_len()) }
}

/// Where an error is; the end of a text that stops too early has no bytes.
fn place_of_error(source: &Arc<Source>, location: Location) -> Place {
    match location.span().byte_len() {
        Some(length) if length > 0 => {
            let Span { start, length } = span(location);
            let start = to_usize(start.into());
            place_of(source, start..start + to_usize(length.into()))
        }
        _ => Place::at(source, to_usize(location.line()), to_usize(location.column())),
    }
}

fn to_usize(number: u64) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

fn finding(source: &Arc<Source>, error: &Error) -> Finding {
    let error = error.without_snippet();
    let place =
        error.location().map_or_else(|| Place::whole(source), |location| place_of_error(source, location));
    match error {
        Error::DuplicateMappingKey { key, .. } => duplicate(source, key.as_deref().unwrap_or("a key"), place),
        Error::SerdeUnknownField { field, expected, .. } => {
            let help = match nearest(field, expected.iter().copied()) {
                Some(name) => format!("did you mean `{name}`?"),
                None => format!("known keys here: {}", expected.join(", ")),
            };
            Finding::new(Code::UnknownKey, format!("unknown key `{}`", field.escape_debug()))
                .at(place)
                .help(help)
        }
        Error::SerdeMissingField { field, .. } => {
            Finding::new(Code::YamlSyntax, format!("`{field}` is missing")).labelled(place, "in this entry")
        }
        other => {
            let message = message(other);
            unknown_kind(&message).unwrap_or_else(|| Finding::new(Code::YamlSyntax, plain(message))).at(place)
        }
    }
}

/// The library's words without its own position, which the finding shows itself.
fn message(error: &Error) -> String {
    let text = error.render();
    let line = text.lines().next().unwrap_or_default().trim_start_matches("error: ");
    let line =
        line.split_once(": ").filter(|(head, _)| head.starts_with("line ")).map_or(line, |(_, tail)| tail);
    line.split(" at line ").next().unwrap_or(line).to_owned()
}

/// Serde's words for a key that is none of several kinds, as for any other unknown key.
fn unknown_kind(message: &str) -> Option<Finding> {
    let (given, known) = message.strip_prefix("unknown variant `")?.split_once("`, expected one of ")?;
    let known: Vec<&str> = known.split(", ").collect();
    let help = match nearest(given, known.iter().copied()) {
        Some(name) => format!("did you mean `{name}`?"),
        None => format!("known keys here: {}", known.join(", ")),
    };
    Some(Finding::new(Code::UnknownKey, format!("unknown key `{}`", given.escape_debug())).help(help))
}

/// The library speaks of parser events; whoever writes a catalog thinks of lists and entries.
fn plain(message: String) -> String {
    match message.as_str() {
        "expected sequence start" => "a list is expected here, such as [one, two]".to_owned(),
        "expected mapping start" => "an entry with keys is expected here, such as {role: agent}".to_owned(),
        _ => message,
    }
}

/// Points at both keys: the second where the library stopped, the first by looking back at the same column.
fn duplicate(source: &Arc<Source>, key: &str, again: Place) -> Finding {
    let (line, column) = again.line_column();
    let lines: Vec<&str> = source.text.lines().collect();
    let first = lines.iter().take(line.saturating_sub(1)).enumerate().rev().find(|(_, text)| {
        let start: String = text.chars().skip(column - 1).collect();
        let indented = text.chars().take(column - 1).all(|c| matches!(c, ' ' | '-'));
        indented && start.strip_prefix(key).is_some_and(|rest| rest.trim_start().starts_with(':'))
    });
    let mut finding =
        Finding::new(Code::DuplicateKey, format!("`{key}` is given twice")).labelled(again, "again here");
    if let Some((index, _)) = first {
        finding = finding.labelled(Place::at(source, index + 1, column), "first here");
    }
    finding.help("keep one; split the entry in two if both are meant")
}

/// A value or a list of values.
#[derive(Debug, Clone)]
pub(crate) struct OneOrMany<T>(pub(crate) Vec<T>);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for OneOrMany<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Either<T>(PhantomData<T>);

        impl<'de, T: Deserialize<'de>> Visitor<'de> for Either<T> {
            type Value = OneOrMany<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("one entry or a list of them")
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
                T::deserialize(de::value::MapAccessDeserializer::new(map)).map(|one| OneOrMany(vec![one]))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
                let mut many = Vec::new();
                while let Some(one) = seq.next_element()? {
                    many.push(one);
                }
                Ok(OneOrMany(many))
            }
        }

        deserializer.deserialize_any(Either(PhantomData))
    }
}
