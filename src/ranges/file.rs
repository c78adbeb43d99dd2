//! One range file, whatever its shape.

use std::borrow::Cow;
use std::sync::OnceLock;

use rayon::iter::{IntoParallelRefIterator as _, ParallelIterator as _};

use crate::address::{Prefix, PrefixSet};
use crate::finding::{Code, Finding, Findings, Place, unknown};

use super::problem;
use super::unread::RawPrefixes;

/// In which form the file came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// The weekly "Azure IP Ranges and Service Tags" JSON file.
    ServiceTags,
    /// An answer of the Service Tag Discovery API: the same tags under numbers of their own, perhaps one page of several.
    DiscoveryApi,
    /// The XML file of regions that was retired in 2020. It names neither its cloud nor a change number.
    PublicIps,
    /// Plain text, one prefix a line.
    List,
}

impl Shape {
    /// A stable word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ServiceTags => "service-tags",
            Self::DiscoveryApi => "discovery-api",
            Self::PublicIps => "public-ips",
            Self::List => "list",
        }
    }
}

/// One file of address ranges. The caller owns the bytes.
///
/// ```
/// use portbook::ranges::RangeFile;
///
/// let bytes = br#"{"changeNumber": 7, "cloud": "Public", "values": [
///     {"name": "A", "id": "A", "properties": {"addressPrefixes": ["20.20.44.0/26", "20.20.44.64/26"]}}]}"#;
/// let file = RangeFile::parse("Tags.json", bytes).unwrap();
/// assert_eq!(file.tag("A").unwrap().unwrap().to_string(), "20.20.44.0/25");
/// ```
#[derive(Debug)]
pub struct RangeFile<'a> {
    pub(super) name: String,
    pub(super) text: &'a str,
    pub(super) shape: Shape,
    pub(super) cloud: Option<Cow<'a, str>>,
    pub(super) change_number: Option<u64>,
    pub(super) next_link: Option<Cow<'a, str>>,
    pub(super) tags: Vec<Tag<'a>>,
    /// The union of all tags, once somebody asked for it: many sites ask for the same.
    pub(super) union: OnceLock<PrefixSet>,
}

/// One service tag; in the old XML a region, in a plain list the whole list.
#[derive(Debug)]
pub struct Tag<'a> {
    pub(super) name: Cow<'a, str>,
    pub(super) service: Cow<'a, str>,
    pub(super) region: Cow<'a, str>,
    pub(super) change_number: Option<u64>,
    pub(super) prefixes: Prefixes<'a>,
}

/// The prefixes of a tag.
#[derive(Debug)]
pub(super) enum Prefixes<'a> {
    /// Checked, in the order of the file.
    Read(Vec<Prefix>),
    /// Still text: the file was checked when it was locked.
    Unread(RawPrefixes<'a>),
}

impl Tag<'_> {
    /// The exact name: `AzureActiveDirectory`, `Storage.WestEurope`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The file's word for the service behind it, which differs from the name; may be empty.
    pub fn service(&self) -> &str {
        &self.service
    }

    /// The region; empty for a tag that spans the cloud.
    pub fn region(&self) -> &str {
        &self.region
    }

    /// The tag's own change number. It is no proof of a change, nor of none.
    pub fn change_number(&self) -> Option<u64> {
        self.change_number
    }
}

impl<'a> RangeFile<'a> {
    /// How artifacts cite it: file name without folders, and change number where there is one.
    pub fn label(&self) -> String {
        let file = problem::printable(self.file_name());
        match self.change_number {
            Some(number) => format!("{file} change {number}"),
            None => file,
        }
    }

    /// Its name without folders.
    pub fn file_name(&self) -> &str {
        self.name.rsplit(['/', '\\']).next().unwrap_or(&self.name)
    }

    /// How the user knows it.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// In which form it came.
    pub fn shape(&self) -> Shape {
        self.shape
    }

    /// The file's own word for its cloud: `Public`, `AzureGovernment`, `China`, `AzureGermany`; nothing where it names none.
    pub fn cloud(&self) -> Option<&str> {
        self.cloud.as_deref()
    }

    /// Where the cloud is named, for findings about it; the start of the file where it is not.
    pub fn cloud_place(&self) -> Place {
        let source = problem::source(&self.name, self.text);
        let word = self.cloud.as_ref().and_then(|cloud| problem::span(self.text, cloud));
        Place::new(&source, word.unwrap_or(0..0))
    }

    /// The number that the file gives itself. It rises without a change and was used twice.
    pub fn change_number(&self) -> Option<u64> {
        self.change_number
    }

    /// Where the rest of it is, if this is one page of an answer in several.
    pub fn next_link(&self) -> Option<&str> {
        self.next_link.as_deref()
    }

    /// All tags, in the order of the file.
    pub fn tags(&self) -> &[Tag<'a>] {
        &self.tags
    }

    /// The tag with this exact name.
    pub fn find(&self, name: &str) -> Option<&Tag<'a>> {
        self.tags.iter().find(|tag| tag.name == name)
    }

    /// The tag with this name, in any case where that is one tag only.
    ///
    /// # Errors
    /// `unknown-service-tag` with the nearest names.
    pub fn named(&self, name: &str) -> Result<&Tag<'a>, Finding> {
        let by_case = || {
            let mut alike = self.tags.iter().filter(|tag| tag.name.eq_ignore_ascii_case(name));
            alike.next().filter(|_| alike.next().is_none())
        };
        self.find(name).or_else(by_case).ok_or_else(|| {
            let known = self.tags.iter().map(|tag| tag.name.as_ref());
            let what = format!("service tag of {}", self.label());
            unknown(Code::UnknownServiceTag, &what, name, known, "`portbook ranges tags`")
        })
    }

    /// The prefixes of a tag of this file, in its order.
    ///
    /// # Errors
    /// Only for a file that was opened as checked and is not right after all: as [`RangeFile::parse`].
    pub fn prefixes<'t>(&self, tag: &'t Tag<'a>) -> Result<Cow<'t, [Prefix]>, Findings> {
        match &tag.prefixes {
            Prefixes::Read(prefixes) => Ok(Cow::Borrowed(prefixes)),
            Prefixes::Unread(raw) => {
                let mut broken = Vec::new();
                let read = raw.read(self.text, &tag.name, &mut broken);
                let read = read.map_err(|error| error.finding(&self.name, self.text))?;
                if broken.is_empty() {
                    Ok(Cow::Owned(read))
                } else {
                    Err(problem::broken_prefixes(&self.name, self.text, &broken))
                }
            }
        }
    }

    /// The addresses of a tag, by its exact name; nothing if there is no such tag.
    ///
    /// # Errors
    /// As [`RangeFile::prefixes`].
    pub fn tag(&self, name: &str) -> Result<Option<PrefixSet>, Findings> {
        self.find(name).map(|tag| self.set(tag)).transpose()
    }

    /// The addresses of a tag of this file.
    ///
    /// # Errors
    /// As [`RangeFile::prefixes`].
    pub fn set(&self, tag: &Tag<'a>) -> Result<PrefixSet, Findings> {
        Ok(self.prefixes(tag)?.iter().collect())
    }

    /// The addresses of all tags: what documents call the Azure datacenter IP ranges. The tag `AzureCloud` alone is
    /// not all of it: `AzureActiveDirectory` and `AzureFrontDoor` lie partly outside.
    ///
    /// # Errors
    /// As [`RangeFile::prefixes`].
    pub fn whole(&self) -> Result<PrefixSet, Findings> {
        if let Some(union) = self.union.get() {
            return Ok(union.clone());
        }
        let mut lists = self.tags.iter().map(|tag| self.prefixes(tag)).collect::<Result<Vec<_>, _>>()?;
        // Most prefixes stand again in the largest tag: looking them up there costs less than sorting all of them.
        let largest = (0..lists.len()).max_by_key(|at| lists.get(*at).map_or(0, |prefixes| prefixes.len()));
        let largest = largest.map(|at| lists.swap_remove(at)).unwrap_or_default();
        let most: PrefixSet = largest.iter().collect();
        let beyond = |prefixes: &Cow<'_, [Prefix]>| -> Vec<Prefix> {
            prefixes.iter().filter(|prefix| !most.covers(prefix)).copied().collect()
        };
        let others: Vec<Vec<Prefix>> = lists.par_iter().map(beyond).collect();
        let union = most.union(&others.iter().flatten().collect());
        Ok(self.union.get_or_init(|| union).clone())
    }
}
