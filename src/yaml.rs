//! YAML into raw structs, with errors as located findings. The only module that knows the YAML library.

use std::fmt;
use std::marker::PhantomData;
use std::ops::Range;
use std::sync::Arc;

use serde::de::{self, DeserializeOwned, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_saphyr::{Error, Location};

use crate::finding::{Code, Finding, Findings, Place, Source, nearest};

/// A value with its place. The library's own type in a form that schemas can be made of.
#[derive(Debug, Clone, Deserialize)]
#[serde(from = "serde_saphyr::Spanned<T>")]
pub(crate) struct Spanned<T> {
    pub(crate) value: T,
    /// Where it stands; of an alias, where it is used.
    pub(crate) referenced: Location,
}

impl<T> From<serde_saphyr::Spanned<T>> for Spanned<T> {
    fn from(spanned: serde_saphyr::Spanned<T>) -> Self {
        Self { value: spanned.value, referenced: spanned.referenced }
    }
}

impl<T> Spanned<T> {
    /// The bytes of a scalar; of a list or an entry, those of its opening bracket, or none where it has no brackets.
    pub(crate) fn bytes(&self) -> Option<Range<usize>> {
        let span = self.referenced.span();
        let start = usize::try_from(span.byte_offset()?).ok()?;
        let length = usize::try_from(span.byte_len()?).ok()?;
        Some(start..start.checked_add(length)?)
    }
}

/// Reads `source` as `T`; the first syntax or key error is the finding.
pub(crate) fn parse<T: DeserializeOwned>(source: &Arc<Source>) -> Result<T, Findings> {
    let options = serde_saphyr::options! { strict_booleans: true, with_snippet: false };
    serde_saphyr::from_str_with_options(&source.text, options).map_err(|error| finding(source, &error).into())
}

/// The place of a value.
pub(crate) fn place<T>(source: &Arc<Source>, value: &Spanned<T>) -> Place {
    place_of(source, value.referenced)
}

pub(crate) fn place_of(source: &Arc<Source>, location: Location) -> Place {
    let span = location.span();
    match (span.byte_offset(), span.byte_len()) {
        (Some(start), Some(length)) if length > 0 => {
            let start = usize::try_from(start).unwrap_or(usize::MAX);
            let end = start.saturating_add(usize::try_from(length).unwrap_or(1));
            // A mapping spans many lines; its first line is enough to find it.
            let line_end = source.line(start).end;
            Place::new(source, start..end.min(line_end.max(start + 1)))
        }
        _ => Place::at(source, to_usize(location.line()), to_usize(location.column())),
    }
}

fn to_usize(number: u64) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

fn finding(source: &Arc<Source>, error: &Error) -> Finding {
    let error = error.without_snippet();
    let place = error.location().map_or_else(|| Place::whole(source), |location| place_of(source, location));
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
