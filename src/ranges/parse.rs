//! From bytes to a file, whatever its shape.

use std::borrow::Cow;
use std::collections::HashMap;

use rayon::iter::{IntoParallelRefMutIterator as _, ParallelIterator as _};

use crate::finding::{Code, Finding, Findings, Place};

use super::file::{Prefixes, RangeFile, Tag};
use super::{json, list, problem, xml};

impl<'a> RangeFile<'a> {
    /// Reads a file of any shape and checks all of it; `name` is how the user knows it. A byte order mark is tolerated.
    ///
    /// # Errors
    /// `ranges-unreadable` with line and column where it is none of the shapes; `duplicate-service-tag`; one finding for
    /// each text that is no prefix, with its tag (the first 20).
    pub fn parse(name: &str, bytes: &'a [u8]) -> Result<Self, Findings> {
        let mut file = Self::open(name, bytes)?;
        file.read_all()?;
        Ok(file)
    }

    /// Opens a file that was checked before, as its digest shows: prefixes are read when their tag is asked for.
    ///
    /// # Errors
    /// As [`RangeFile::parse`], but for prefixes.
    pub fn open_checked(name: &str, bytes: &'a [u8]) -> Result<Self, Findings> {
        Self::open(name, bytes)
    }

    fn open(name: &str, bytes: &'a [u8]) -> Result<Self, Findings> {
        let text = problem::text(name, bytes)?;
        let file = match text.trim_start().bytes().next() {
            Some(b'{') => json::open(name, text)?,
            Some(b'<') => xml::open(name, text)?,
            _ => list::open(name, text)?,
        };
        let mut findings = strange_names(&file);
        findings.append(duplicates(&file));
        findings.or_value(file).map(|(file, _)| file)
    }

    fn read_all(&mut self) -> Result<(), Findings> {
        let text = self.text;
        let read = |tag: &mut Tag<'a>| {
            let mut broken = Vec::new();
            if let Prefixes::Unread(raw) = &tag.prefixes {
                tag.prefixes = Prefixes::Read(raw.read(text, &tag.name, &mut broken)?);
            }
            Ok(broken)
        };
        // Tags are read side by side; what is wrong with them is told in the order of the file.
        let read: Vec<Result<Vec<_>, _>> = self.tags.par_iter_mut().map(read).collect();
        let mut broken = Vec::new();
        for result in read {
            broken.extend(
                result.map_err(|error: super::unread::NotPrefixes<'_>| error.finding(&self.name, text))?,
            );
        }
        if broken.is_empty() { Ok(()) } else { Err(problem::broken_prefixes(&self.name, self.text, &broken)) }
    }
}

/// Tags that stand in the file twice: which of the two was meant cannot be told.
fn duplicates(file: &RangeFile<'_>) -> Findings {
    let mut first: HashMap<&str, &Cow<'_, str>> = HashMap::with_capacity(file.tags.len());
    let mut twice = Vec::new();
    for tag in &file.tags {
        if let Some(before) = first.insert(&tag.name, &tag.name) {
            twice.push((before, &tag.name));
        }
    }
    if twice.is_empty() {
        return Findings::new();
    }
    let source = problem::source(&file.name, file.text);
    let place = |name: &Cow<'_, str>| Place::new(&source, problem::span(file.text, name).unwrap_or(0..0));
    let finding = |(before, again): &(&Cow<'_, str>, &Cow<'_, str>)| {
        Finding::new(
            Code::DuplicateServiceTag,
            format!("the tag `{}` stands in the file twice", again.escape_debug()),
        )
        .labelled(place(again), "again here")
        .labelled(place(before), "first here")
        .help("Microsoft's files have each tag once: download the file again")
    };
    twice.iter().map(finding).collect()
}

/// Names that are none: they end up in lists of one a line, in file names and on terminals.
fn strange_names(file: &RangeFile<'_>) -> Findings {
    let is_name = |name: &str| !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_graphic());
    let names = file.tags.iter().map(|tag| &tag.name).chain(&file.cloud);
    let finding = |name: &Cow<'_, str>| {
        let source = problem::source(&file.name, file.text);
        let place = problem::span(file.text, name).unwrap_or(0..0);
        problem::unreadable(&file.name, &format!("`{}` is no name of a tag or cloud", name.escape_debug()))
            .at(Place::new(&source, place))
            .help("names are one word of printable ASCII; download the file again")
    };
    names.filter(|name| !is_name(name)).take(problem::SHOWN).map(finding).collect()
}
