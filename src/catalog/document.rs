//! Documents: one page of documentation with its editions.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use crate::finding::{Code, Finding, Findings, Source};
use crate::id::DocumentId;

use super::check::Checker;
use super::layer::FileText;
use super::registry::Registries;
use super::{Edition, EditionText, check, raw};
use crate::yaml;

/// Who publishes a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Publisher {
    /// Microsoft.
    Microsoft,
    /// Somebody else: selected only by name.
    ThirdParty,
}

impl Publisher {
    /// The word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Microsoft => "microsoft",
            Self::ThirdParty => "third-party",
        }
    }
}

/// Whether a document still counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Life {
    /// It does.
    Living,
    /// Another one took its place.
    SupersededBy {
        /// That one.
        document: DocumentId,
        /// Why.
        because: String,
    },
    /// It was withdrawn.
    Retired {
        /// Why.
        because: String,
    },
}

/// What document.yaml says.
#[derive(Debug)]
pub struct About {
    /// The page's title.
    pub title: String,
    /// Who publishes it.
    pub publisher: Publisher,
    /// Where its text is kept.
    pub repository: Option<String>,
    /// Whether it still counts.
    pub life: Life,
    /// A remark.
    pub note: Option<String>,
}

/// A file that is parsed when it is first looked at.
#[derive(Debug)]
struct Lazy<T> {
    name: String,
    text: FileText,
    cell: OnceLock<Result<T, Findings>>,
}

impl<T> Lazy<T> {
    fn new(name: String, text: FileText) -> Self {
        Self { name, text, cell: OnceLock::new() }
    }

    fn get(&self, parse: impl FnOnce(&Arc<Source>) -> Result<T, Findings>) -> Result<&T, Findings> {
        let parsed = self.cell.get_or_init(|| parse(&self.text.source(&self.name)));
        parsed.as_ref().map_err(Clone::clone)
    }
}

/// One page of documentation.
#[derive(Debug)]
pub struct Document {
    id: DocumentId,
    about: Option<Lazy<About>>,
    editions: BTreeMap<Edition, Lazy<EditionText>>,
}

impl Document {
    pub(super) fn new(id: DocumentId) -> Self {
        Self { id, about: None, editions: BTreeMap::new() }
    }

    pub(super) fn set_about(&mut self, name: String, text: FileText) -> bool {
        self.about.replace(Lazy::new(name, text)).is_none()
    }

    pub(super) fn add_edition(&mut self, edition: Edition, name: String, text: FileText) -> bool {
        self.editions.insert(edition, Lazy::new(name, text)).is_none()
    }

    /// Its id.
    pub fn id(&self) -> &DocumentId {
        &self.id
    }

    /// Its editions, oldest first. Nothing is parsed for this: the file names are the dates.
    pub fn editions(&self) -> impl DoubleEndedIterator<Item = Edition> {
        self.editions.keys().copied()
    }

    /// Title, publisher and life.
    ///
    /// # Errors
    /// When document.yaml is missing or has errors.
    pub fn about(&self, registries: &Registries) -> Result<&About, Findings> {
        if let Some(lazy) = &self.about {
            return lazy.get(|source| about(source, registries));
        }
        let message = format!("documents/{}/document.yaml is missing", self.id);
        Err(Finding::new(Code::CannotRead, message)
            .help("it gives title and publisher of the document")
            .into())
    }

    /// One edition, parsed on first use.
    ///
    /// # Errors
    /// All errors of its file, or `unknown-edition`.
    pub fn edition(&self, edition: Edition, registries: &Registries) -> Result<&EditionText, Findings> {
        match self.editions.get(&edition) {
            Some(lazy) => lazy.get(|source| check::edition(source, registries)),
            None => Err(self.unknown_edition(&edition.to_string()).into()),
        }
    }

    /// The finding for an edition that this document does not have.
    pub fn unknown_edition(&self, given: &str) -> Finding {
        let known: Vec<String> = self.editions.keys().map(ToString::to_string).collect();
        let message = format!("{} has no edition `{}`", self.id, given.escape_debug());
        Finding::new(Code::UnknownEdition, message).help(format!("its editions: {}", known.join(", ")))
    }
}

/// The words of `publisher`.
pub(super) const PUBLISHERS: [(&str, Publisher); 2] =
    [("microsoft", Publisher::Microsoft), ("third-party", Publisher::ThirdParty)];

fn about(source: &Arc<Source>, registries: &Registries) -> Result<About, Findings> {
    let raw: raw::Document = yaml::parse(source)?;
    let mut checker = Checker::new(source, registries);
    let publisher = checker.word(&raw.publisher, "publisher", &PUBLISHERS).unwrap_or(Publisher::ThirdParty);
    let life = match &raw.life {
        None => Life::Living,
        Some(raw::Life::Retired(retired)) => Life::Retired { because: retired.because.value.clone() },
        Some(raw::Life::SupersededBy(by)) => match checker.id(&by.document, DocumentId::parse) {
            Some(document) => Life::SupersededBy { document, because: by.because.value.clone() },
            None => Life::Living,
        },
    };
    let about =
        About { title: raw.title.value.clone(), publisher, repository: raw.repository, life, note: raw.note };
    checker.findings.or_value(about).map(|(about, _)| about)
}
