//! What is known about the addresses of one side of a hop.

use std::sync::Arc;

use crate::address::PrefixSet;
use crate::id::CloudId;

/// Where a set of addresses comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Basis {
    /// The site's own hosts.
    Site,
    /// A service tag that a document names, or that the catalog maps to the host.
    Tag {
        /// The tag's exact name.
        tag: String,
        /// Whether a document names it; else the catalog inferred it.
        documented: bool,
    },
    /// The whole range file: what documents call the Azure datacenter IP ranges.
    WholeFile,
}

/// Addresses that several rules may share; shared sets become shared objects in artifacts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AddressSet {
    /// A stable name from content-independent facts: a station id, a tag, `azure-<cloud>`. Kebab-case or a tag.
    pub name: String,
    /// The addresses, never empty.
    pub prefixes: PrefixSet,
    /// Where they come from.
    pub basis: Basis,
    /// The range file behind it, as headers cite it: `ServiceTags_Public_20251103.json change 376`.
    pub range_file: Option<String>,
    /// The cloud of that file.
    pub cloud: Option<CloudId>,
}

/// What is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Addresses {
    /// Anyone: the document says so.
    Any,
    /// These.
    Known(Arc<AddressSet>),
    /// A role of the site whose addresses nobody gave.
    NotGiven,
    /// A name, and nobody asked for its addresses.
    NotAsked,
    /// A name, and nobody asked for its addresses, but a document offers the ranges of this cloud in its place.
    Offered(CloudId),
    /// A name for which no address is published; the reason names who does not.
    Unpublished(String),
    /// A name, tag or cloud whose range file was not given.
    NoRangeFile(CloudId),
    /// A service tag that the range file does not have.
    NoSuchTag(String),
    /// A service tag that the range file has without any address, which is legal there.
    EmptyTag(String),
}
