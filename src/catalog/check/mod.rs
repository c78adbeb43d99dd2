//! Raw catalog files become checked types; every value error of a file is collected.

mod edition;
mod end;
mod prerequisite;
mod registry;

pub(super) use edition::edition;
#[cfg(test)]
pub(super) use edition::{DATES, DENIALS, NEEDS, TLS_INSPECTION};
#[cfg(test)]
pub(super) use registry::PARAMETER_KINDS;
pub(super) use registry::registries;

use std::sync::Arc;

use crate::finding::{Code, Finding, Findings, Place, Source, unknown};
use crate::id::IdError;

use super::raw::Text;
use super::registry::Registries;
use crate::yaml::{self, Spanned};

/// Checks the values of one file against the registries.
pub(super) struct Checker<'a> {
    pub(super) source: &'a Arc<Source>,
    pub(super) registries: &'a Registries,
    pub(super) findings: Findings,
}

impl<'a> Checker<'a> {
    pub(in crate::catalog) fn new(source: &'a Arc<Source>, registries: &'a Registries) -> Self {
        Self { source, registries, findings: Findings::new() }
    }

    pub(in crate::catalog) fn place<T>(&self, value: &Spanned<T>) -> Place {
        yaml::place(self.source, value)
    }

    pub(in crate::catalog) fn push(&mut self, finding: Finding) {
        self.findings.push(finding);
    }

    /// An id of any kind, by its own `parse`.
    pub(in crate::catalog) fn id<T>(
        &mut self,
        text: &Text,
        parse: fn(&str) -> Result<T, IdError>,
    ) -> Option<T> {
        parse(&text.value)
            .map_err(|error| self.push(Finding::new(Code::InvalidId, error.to_string()).at(self.place(text))))
            .ok()
    }

    /// An id that one of `known` defines.
    pub(in crate::catalog) fn known<T>(
        &mut self,
        text: &Text,
        parse: fn(&str) -> Result<T, IdError>,
        what: &str,
        known: &[&str],
    ) -> Option<T> {
        if !known.contains(&text.value.as_str()) {
            let mut finding =
                unknown(Code::UnknownReference, what, &text.value, known.iter().copied(), "the catalog");
            finding.help.clear();
            let help = crate::finding::nearest(&text.value, known.iter().copied());
            let finding =
                finding.at(self.place(text)).maybe_help(help.map(|name| format!("did you mean `{name}`?")));
            self.push(finding);
            return None;
        }
        self.id(text, parse)
    }

    /// One of a few words.
    pub(in crate::catalog) fn word<T: Clone>(
        &mut self,
        text: &Text,
        what: &str,
        words: &[(&str, T)],
    ) -> Option<T> {
        if let Some((_, value)) = words.iter().find(|(word, _)| *word == text.value) {
            return Some(value.clone());
        }
        let names: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
        let message = format!("`{}` is no {what}", text.value.escape_debug());
        let finding = Finding::new(Code::InvalidValue, message)
            .at(self.place(text))
            .help(format!("{what}: {}", names.join(", ")));
        self.push(finding);
        None
    }

    pub(in crate::catalog) fn not_empty<T>(&mut self, list: &[T], what: &str, place: &Place) {
        if list.is_empty() {
            self.push(Finding::new(Code::EmptyList, format!("`{what}` is empty")).at(place.clone()));
        }
    }

    /// Reports the second of two equal ids, pointing at both.
    pub(in crate::catalog) fn unique<'t>(&mut self, texts: impl IntoIterator<Item = &'t Text>, what: &str) {
        let mut seen: Vec<&Text> = Vec::new();
        for text in texts {
            if let Some(first) = seen.iter().find(|first| first.value == text.value) {
                let finding =
                    Finding::new(Code::DuplicateId, format!("{what} `{}` is defined twice", text.value))
                        .labelled(self.place(text), "again here")
                        .labelled(self.place(first), "first here");
                self.push(finding);
            } else {
                seen.push(text);
            }
        }
    }
}

/// What the files of earlier layers define: a layer adds, it does not replace.
#[derive(Default)]
pub(in crate::catalog) struct Defined(Vec<(String, Place)>);

impl Defined {
    /// Reports ids that an earlier file defines too, pointing at both, and keeps the others.
    pub(in crate::catalog) fn add<'t>(
        &mut self,
        checker: &mut Checker<'_>,
        texts: impl Iterator<Item = &'t Text>,
        what: &str,
    ) {
        let mut own = Vec::new();
        for text in texts {
            match self.0.iter().find(|(id, _)| *id == text.value) {
                Some((id, first)) => {
                    let finding = Finding::new(Code::DuplicateId, format!("{what} `{id}` is defined twice"))
                        .labelled(checker.place(text), "again here")
                        .labelled(first.clone(), "first here")
                        .help("a folder of --catalog-add adds to the catalog; --catalog replaces it");
                    checker.push(finding);
                }
                None => own.push((text.value.clone(), checker.place(text))),
            }
        }
        self.0.extend(own);
    }
}
