//! The old XML: `AzurePublicIpAddresses`, regions with their IPv4 ranges (download id 41653, retired in 2020).

use std::borrow::Cow;

use quick_xml::XmlVersion;
use quick_xml::events::{BytesStart, Event};
use quick_xml::reader::Reader;

use crate::address::Prefix;
use crate::finding::{Findings, Place};

use super::file::{Prefixes, RangeFile, Shape, Tag};
use super::problem::{self, Broken};

const ROOT: &str = "AzurePublicIpAddresses";

/// Reads all of it.
pub(super) fn open<'a>(name: &str, text: &'a str) -> Result<RangeFile<'a>, Findings> {
    let mut reading =
        Reading { name, text, reader: Reader::from_str(text), regions: Vec::new(), broken: Vec::new() };
    reading.all()?;
    if !reading.broken.is_empty() {
        return Err(problem::broken_prefixes(name, text, &reading.broken));
    }
    Ok(RangeFile {
        union: std::sync::OnceLock::new(),
        name: name.to_owned(),
        text,
        shape: Shape::PublicIps,
        cloud: None,
        change_number: None,
        next_link: None,
        tags: reading.regions.into_iter().map(Region::tag).collect(),
    })
}

struct Region<'a> {
    name: Cow<'a, str>,
    prefixes: Vec<Prefix>,
}

impl<'a> Region<'a> {
    fn tag(self) -> Tag<'a> {
        Tag {
            name: self.name.clone(),
            service: Cow::Borrowed(""),
            region: self.name,
            change_number: None,
            prefixes: Prefixes::Read(self.prefixes),
        }
    }
}

struct Reading<'n, 'a> {
    name: &'n str,
    text: &'a str,
    reader: Reader<&'a [u8]>,
    regions: Vec<Region<'a>>,
    broken: Vec<Broken>,
}

impl<'a> Reading<'_, 'a> {
    fn all(&mut self) -> Result<(), Findings> {
        let mut open = 0_usize;
        loop {
            let before = self.position();
            let event = self.reader.read_event().map_err(|error| {
                let at = usize::try_from(self.reader.error_position()).unwrap_or(before);
                self.problem(at, &error.to_string())
            })?;
            match event {
                Event::Start(element) => {
                    self.element(&element, open, before)?;
                    open += 1;
                }
                Event::Empty(element) => self.element(&element, open, before)?,
                Event::End(_) => open = open.saturating_sub(1),
                Event::Eof if open == 0 && !self.regions.is_empty() => return Ok(()),
                Event::Eof => return Err(self.ended(open > 0)),
                Event::Text(text) if text.trim_ascii().is_empty() => {}
                Event::Decl(_) | Event::Comment(_) => {}
                // Text, entities and document types have no place in this file.
                _ => {
                    return Err(
                        self.problem(before, "something else than regions and their ranges stands here")
                    );
                }
            }
        }
    }

    /// An element at some depth: the root, a region, a range.
    fn element(&mut self, element: &BytesStart<'_>, depth: usize, at: usize) -> Result<(), Findings> {
        match (depth, element.name().as_ref()) {
            (0, ROOT) if self.regions.is_empty() => Ok(()),
            (0, ROOT) => Err(self.problem(at, "a second root stands here")),
            (1, "Region") => {
                let name = self.attribute(element, "Name", at)?;
                // As part of the text, so that findings can point at it; one with escapes is copied.
                let name = self.place_of(&name, at).map_or(Cow::Owned(name), Cow::Borrowed);
                self.regions.push(Region { name, prefixes: Vec::new() });
                Ok(())
            }
            (2, "IpRange") => {
                let subnet = self.attribute(element, "Subnet", at)?;
                self.range(&subnet, at);
                Ok(())
            }
            (0, _) => Err(self.problem(at, "its root is not AzurePublicIpAddresses")),
            (_, other) => {
                let why = format!("`{}` is no element of it", other.escape_debug());
                Err(self.problem(at, &why))
            }
        }
    }

    fn range(&mut self, subnet: &str, at: usize) {
        let Some(region) = self.regions.last_mut() else { return };
        match Prefix::parse(subnet) {
            Ok(prefix) => region.prefixes.push(prefix),
            Err(error) => {
                let tag = region.name.to_string();
                let span = self.place_of(subnet, at).and_then(|part| problem::span_of(self.text, part));
                self.broken.push(Broken { tag, span: span.unwrap_or(at..at + 1), error });
            }
        }
    }

    fn attribute(&self, element: &BytesStart<'_>, name: &str, at: usize) -> Result<String, Findings> {
        let missing = || self.problem(at, &format!("an element has no attribute {name}"));
        let mut found = None;
        // All of them are looked at, so that a doubled one is an error.
        for attribute in element.attributes() {
            let attribute = attribute.map_err(|error| self.problem(at, &error.to_string()))?;
            if attribute.key.as_ref() == name {
                found = Some(attribute);
            }
        }
        let attribute = found.ok_or_else(missing)?;
        let value = attribute
            .normalized_value(XmlVersion::Implicit1_0)
            .map_err(|error| self.problem(at, &error.to_string()))?;
        if value.is_empty() { Err(missing()) } else { Ok(value.into_owned()) }
    }

    /// The first place of a value at or behind `at`.
    fn place_of(&self, value: &str, at: usize) -> Option<&'a str> {
        let start = at + self.text.get(at..)?.find(value)?;
        self.text.get(start..start + value.len())
    }

    fn position(&self) -> usize {
        usize::try_from(self.reader.buffer_position()).unwrap_or(self.text.len())
    }

    fn problem(&self, at: usize, why: &str) -> Findings {
        let source = problem::source(self.name, self.text);
        let lower = self.text.get(..200.min(self.text.len())).unwrap_or_default().to_ascii_lowercase();
        let page = lower.contains("<!doctype html") || lower.contains("<html");
        let (why, help) = if page { ("it is a web page", problem::PAGE) } else { (why, problem::SHAPES) };
        problem::unreadable(self.name, why).at(Place::new(&source, at..at + 1)).help(help).into()
    }

    fn ended(&self, early: bool) -> Findings {
        let source = problem::source(self.name, self.text);
        let end = self.text.trim_end().len();
        let (why, help) = if early {
            ("it ends inside an element", problem::TRUNCATED)
        } else {
            ("it has no region", problem::SHAPES)
        };
        problem::unreadable(self.name, why)
            .at(Place::new(&source, end.saturating_sub(1)..end))
            .help(help)
            .into()
    }
}
