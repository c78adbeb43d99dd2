//! Editions: one dated text of a document.

use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;
use serde::{Serialize, Serializer};

/// The date that a document's own text carries, and a number where two texts carry the same one.
///
/// Written `2024-04-26`, and `2019-12-06.2` for the second text of that date. The order is that of the texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Edition {
    date: Date,
    revision: u8,
}

/// Why a text is not an edition.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{}` is not an edition date: YYYY-MM-DD, or YYYY-MM-DD.2 for a second text of that date", .text.escape_debug())]
pub struct EditionError {
    text: String,
}

impl Edition {
    /// The date without the number.
    pub fn date(self) -> Date {
        self.date
    }

    /// 1 for the first text of a date.
    pub fn revision(self) -> u8 {
        self.revision
    }
}

impl FromStr for Edition {
    type Err = EditionError;

    fn from_str(text: &str) -> Result<Self, EditionError> {
        let error = || EditionError { text: text.to_owned() };
        let (date, revision) = match text.split_once('.') {
            None => (text, 1),
            Some((date, revision)) => (date, revision.parse().map_err(|_| error())?),
        };
        let canonical = revision > 0 && !text.ends_with(".1");
        let date: Date = date.parse().map_err(|_| error())?;
        let edition = Self { date, revision };
        if canonical && edition.to_string() == text { Ok(edition) } else { Err(error()) }
    }
}

impl fmt::Display for Edition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.revision {
            1 => f.pad(&self.date.to_string()),
            revision => f.pad(&format!("{}.{revision}", self.date)),
        }
    }
}

impl Serialize for Edition {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn second_text_of_a_date_sorts_after_the_first() {
        let parse = |text: &str| text.parse::<Edition>().unwrap();
        assert!(parse("2019-12-06") < parse("2019-12-06.2"));
        assert!(parse("2019-12-06.2") < parse("2020-12-11"));
        for text in
            ["2019-12-06.1", "2019-12-06.0", "2019-13-01", "12/06/2019", "2019-12-06.", "20191206", ""]
        {
            assert!(text.parse::<Edition>().is_err(), "{text}");
        }
    }
}
