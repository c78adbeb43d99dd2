//! The weekly service tag files.
//!
//! A file is validated whole when it is read: a prefix that cannot be one would otherwise surface as a missing rule.

use std::borrow::Cow;
use std::sync::Arc;

use serde::Deserialize;

use crate::address::{Prefix, PrefixSet};
use crate::finding::{Code, Finding, Findings, Place, Source};
use crate::site::prefix_finding;

/// One weekly file.
#[derive(Debug)]
pub struct RangeFile<'a> {
    /// How artifacts cite it: file name without folders, and change number.
    label: String,
    /// The file's own word for its cloud: `Public`, `AzureGovernment`, `China`, `AzureGermany`.
    cloud: Cow<'a, str>,
    tags: Vec<Tag<'a>>,
}

/// One service tag.
#[derive(Debug)]
struct Tag<'a> {
    name: Cow<'a, str>,
    prefixes: Vec<Prefix>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawFile<'a> {
    change_number: u64,
    #[serde(borrow)]
    cloud: Cow<'a, str>,
    #[serde(borrow)]
    values: Vec<RawTag<'a>>,
}

#[derive(Deserialize)]
struct RawTag<'a> {
    #[serde(borrow)]
    name: Cow<'a, str>,
    #[serde(borrow)]
    properties: RawProperties<'a>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawProperties<'a> {
    #[serde(borrow)]
    address_prefixes: Vec<RawText<'a>>,
}

/// A text that stays in the file's buffer; a bare `Cow` inside a list would be copied.
#[derive(Deserialize)]
struct RawText<'a>(#[serde(borrow)] Cow<'a, str>);

impl<'a> RangeFile<'a> {
    /// Reads a file; `name` is how the user knows it. A byte order mark is tolerated.
    ///
    /// # Errors
    /// `ranges-unreadable` with line and column where it is not JSON of the expected shape, and one finding for each
    /// text that is no prefix (the first 20).
    pub fn parse(name: &str, text: &'a str) -> Result<Self, Findings> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let raw: RawFile<'a> = serde_json::from_str(text).map_err(|error| unreadable(name, text, &error))?;
        let mut broken = Vec::new();
        let tags = raw.values.into_iter().map(|tag| check(tag, &mut broken)).collect();
        if !broken.is_empty() {
            return Err(broken_prefixes(name, text, &broken));
        }
        let file = name.rsplit(['/', '\\']).next().unwrap_or(name);
        let label = format!("{} change {}", printable(file), raw.change_number);
        Ok(Self { label, cloud: raw.cloud, tags })
    }

    /// How artifacts cite it.
    pub fn label(&self) -> &str {
        &self.label
    }

    /// The file's own word for its cloud.
    pub fn cloud(&self) -> &str {
        &self.cloud
    }

    /// The addresses of a tag, by its exact name.
    pub fn tag(&self, name: &str) -> Option<PrefixSet> {
        let tag = self.tags.iter().find(|tag| tag.name == name)?;
        Some(tag.prefixes.iter().collect())
    }

    /// The names of all tags, in the order of the file.
    pub fn tags(&self) -> impl Iterator<Item = &str> {
        self.tags.iter().map(|tag| tag.name.as_ref())
    }

    /// The addresses of all tags: what documents call the Azure datacenter IP ranges. The tag `AzureCloud` alone is
    /// not all of it: `AzureActiveDirectory` and `AzureFrontDoor` lie partly outside.
    pub fn whole(&self) -> PrefixSet {
        // Most prefixes stand again in the largest tag: looking them up there costs less than sorting all of them.
        let largest = self.tags.iter().map(|tag| &tag.prefixes).max_by_key(|prefixes| prefixes.len());
        let most: PrefixSet = largest.into_iter().flatten().collect();
        let all = self.tags.iter().flat_map(|tag| &tag.prefixes);
        most.union(&all.filter(|prefix| !most.covers(prefix)).collect())
    }

    /// The tags that hold an address, smallest first.
    pub fn holders(&self, address: std::net::IpAddr) -> Vec<(&str, Prefix)> {
        let holding = self.tags.iter().filter_map(|tag| {
            let prefix = tag
                .prefixes
                .iter()
                .filter(|prefix| prefix.contains(address))
                .max_by_key(|prefix| prefix.length());
            Some((tag.name.as_ref(), *prefix?, tag.prefixes.len()))
        });
        let mut holding: Vec<_> = holding.collect();
        holding.sort_by(|a, b| (b.1.length(), a.2, a.0).cmp(&(a.1.length(), b.2, b.0)));
        holding.into_iter().map(|(name, prefix, _)| (name, prefix)).collect()
    }
}

/// A text that is no prefix, with the tag that it stands in.
struct Broken<'a> {
    tag: String,
    text: Cow<'a, str>,
    error: crate::address::AddressError,
}

fn check<'a>(raw: RawTag<'a>, broken: &mut Vec<Broken<'a>>) -> Tag<'a> {
    let mut prefixes = Vec::with_capacity(raw.properties.address_prefixes.len());
    for RawText(text) in raw.properties.address_prefixes {
        match Prefix::parse(&text) {
            Ok(prefix) => prefixes.push(prefix),
            Err(error) => broken.push(Broken { tag: raw.name.to_string(), text, error }),
        }
    }
    Tag { name: raw.name, prefixes }
}

/// A file of unknown origin with thousands of broken prefixes says enough with the first ones.
const SHOWN: usize = 20;

fn broken_prefixes(name: &str, text: &str, broken: &[Broken<'_>]) -> Findings {
    let source = Source::new(name, text);
    let findings = broken.iter().take(SHOWN).map(|each| {
        let finding = prefix_finding(&each.error).note(format!("in tag {}", each.tag));
        match offset(text, &each.text) {
            Some(start) => finding.at(Place::new(&source, start..start + each.text.len())),
            None => finding.at(Place::whole(&source)),
        }
    });
    findings.collect()
}

/// Where a borrowed slice stands in its text.
#[allow(clippy::ptr_arg, reason = "an owned text has no offset")]
fn offset(text: &str, slice: &Cow<'_, str>) -> Option<usize> {
    match slice {
        Cow::Borrowed(slice) => {
            (slice.as_ptr() as usize).checked_sub(text.as_ptr() as usize).filter(|at| *at < text.len())
        }
        Cow::Owned(_) => None,
    }
}

fn unreadable(name: &str, text: &str, error: &serde_json::Error) -> Findings {
    let source: Arc<Source> = Source::new(name, text);
    let why = error.to_string();
    let why = why.rsplit_once(" at line ").map_or(why.as_str(), |(why, _)| why);
    let message = format!("{} is not a service tag file: {why}", printable(name));
    let help = if text.trim_start().starts_with('<') {
        "this is HTML or XML: the download page answers with a page when it refuses; download the file again"
    } else if error.is_eof() {
        "the file ends too early: download it again"
    } else {
        "service tag files are JSON objects with changeNumber, cloud and values, published weekly by Microsoft"
    };
    Finding::new(Code::RangesUnreadable, message)
        .at(Place::at(&source, error.line(), error.column()))
        .help(help)
        .into()
}

/// A file name may hold anything; headers and messages hold one line of printable ASCII.
fn printable(name: &str) -> String {
    name.chars().map(|c| if c.is_ascii_graphic() || c == ' ' { c } else { '_' }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = r#"{"changeNumber": 7, "cloud": "Public", "values": [
        {"name": "A", "id": "A", "properties": {"addressPrefixes": ["20.190.128.0/18", "2603:1006::/32"]}},
        {"name": "B", "id": "B", "properties": {"addressPrefixes": ["20.190.0.0/16"]}}]}"#;

    #[test]
    fn tags_and_the_whole() {
        let file = RangeFile::parse("x/Tags.json", FILE).unwrap();
        assert_eq!(file.label(), "Tags.json change 7");
        assert_eq!(file.tag("A").unwrap().to_string(), "20.190.128.0/18, 2603:1006::/32");
        assert_eq!(file.whole().to_string(), "20.190.0.0/16, 2603:1006::/32");
        let holders = file.holders("20.190.131.7".parse().unwrap());
        assert_eq!(holders.iter().map(|(name, _)| *name).collect::<Vec<_>>(), ["A", "B"]);
    }

    #[test]
    fn what_is_no_range_file_is_refused_with_a_place() {
        for (text, code, place) in [
            ("<html>", Code::RangesUnreadable, (1, 1)),
            (&FILE[..FILE.len() - 9], Code::RangesUnreadable, (3, 88)),
            ("[]", Code::RangesUnreadable, (1, 1)),
            (&FILE.replace("20.190.0.0/16", "20.190.0.0/33"), Code::InvalidPrefix, (3, 69)),
            (&FILE.replace("20.190.0.0/16", "20.190.0.1/16"), Code::HostBitsSet, (3, 69)),
        ] {
            let findings = RangeFile::parse("f.json", text).unwrap_err();
            let finding = findings.iter().next().unwrap();
            assert_eq!(finding.code, code, "{text}");
            let (line, column) = finding.labels[0].place.line_column();
            assert_eq!(line, place.0, "{text}");
            assert!(column.abs_diff(place.1) < 12, "{text}: {line}:{column}");
        }
    }
}
