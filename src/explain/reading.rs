//! What is made of a host text: how its addresses are published, and what else a reader must know.

use serde::Serialize;

use crate::catalog::{HostAddresses, HostReading, Readings};
use crate::host::HostPattern;

use super::HostQuestion;

/// The reading of the host, or of a wildcard that covers it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PatternReading {
    /// The pattern that is read.
    pub pattern: HostPattern,
    /// The cloud whose range file covers it.
    pub hosted_in: Option<String>,
    /// Why that cloud, or why no addresses are published.
    pub because: Option<String>,
    /// Prefixes that a document publishes for it.
    pub documented_prefixes: Vec<String>,
    /// The list that publishes them.
    pub list: Option<String>,
    /// Service tags that hold its addresses.
    pub tags: Vec<HostTag>,
    /// Why it is doubtful.
    pub doubtful: Option<String>,
    /// Why the wildcard stands for the name behind it too, or does not.
    pub apex: Option<String>,
    /// Who else can have names under it.
    pub shared_suffix: Option<String>,
}

/// A service tag of a host.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HostTag {
    /// The tag.
    pub tag: String,
    /// Whether a document names it.
    pub documented: bool,
    /// From what it is known.
    pub because: String,
}

/// A misspelling in a document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Misspelling {
    /// As the document writes it.
    pub written: String,
    /// What it means.
    pub meant: String,
    /// Who confirms that.
    pub because: String,
}

impl PatternReading {
    fn of(reading: &HostReading) -> Self {
        let (hosted_in, because) = match &reading.addresses {
            Some(HostAddresses::HostedIn { cloud, because }) => {
                (Some(cloud.to_string()), Some(because.clone()))
            }
            Some(HostAddresses::None { because }) => (None, Some(because.clone())),
            None => (None, None),
        };
        let ips = reading.documented_ips.as_ref();
        let tags = reading.tags.iter().map(|tag| HostTag {
            tag: tag.tag.clone(),
            documented: tag.documented,
            because: tag.because.clone(),
        });
        Self {
            pattern: reading.pattern.clone(),
            hosted_in,
            because,
            documented_prefixes: ips
                .map(|(_, set)| set.prefixes().map(|prefix| prefix.to_string()).collect())
                .unwrap_or_default(),
            list: ips.map(|(list, _)| list.clone()),
            tags: tags.collect(),
            doubtful: reading.doubtful.clone(),
            apex: reading.apex_because.clone(),
            shared_suffix: reading.shared_suffix.clone(),
        }
    }
}

/// The reading of the host itself; without one, those of the documented wildcards that cover it.
pub(super) fn readings(all: &Readings, question: &HostQuestion) -> Vec<PatternReading> {
    let fitting = all.iter().map(|(_, reading)| reading).filter(|reading| reading.typo_of.is_none());
    let mut fitting: Vec<&HostReading> =
        fitting.filter(|reading| reading.pattern.covers(&question.pattern)).collect();
    // The text itself says most, then the same name as a wildcard, then the wildcards above it.
    let same = |reading: &&HostReading| reading.pattern == question.pattern;
    let own = |reading: &&HostReading| reading.pattern.name() == question.pattern.name();
    if fitting.iter().any(same) {
        fitting.retain(same);
    } else if fitting.iter().any(own) {
        fitting.retain(own);
    }
    let mut readings: Vec<PatternReading> = Vec::new();
    // Of two spellings of a pattern the plain one says what is known of it.
    let plain = fitting.into_iter().map(|reading| all.of(&reading.pattern).unwrap_or(reading));
    for reading in plain.map(PatternReading::of) {
        if !readings.iter().any(|present| present.pattern == reading.pattern) {
            readings.push(reading);
        }
    }
    readings
}

/// Misspellings of the host, or the host as a misspelling.
pub(super) fn misspellings(all: &Readings, question: &HostQuestion) -> Vec<Misspelling> {
    let of = |(written, reading): (&str, &HostReading)| {
        let (meant, because) = reading.typo_of.as_ref()?;
        let concerned = written.eq_ignore_ascii_case(&question.text)
            || all.pattern(meant).is_ok_and(|pattern| pattern.name() == question.pattern.name());
        concerned.then(|| Misspelling {
            written: written.to_owned(),
            meant: meant.clone(),
            because: because.clone(),
        })
    };
    all.iter().filter_map(of).collect()
}
