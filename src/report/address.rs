//! Addresses that come and go.

use crate::address::PrefixSet;

/// The address space that a change adds and removes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AddressChange {
    /// What may pass now and might not before.
    pub added: PrefixSet,
    /// What might pass before and may not now.
    pub removed: PrefixSet,
    /// What may pass on both sides; drawn, never listed.
    pub kept: PrefixSet,
    /// The same by name: a service tag, a host, a rule.
    pub rows: Vec<AddressRow>,
}

/// What one name gains and loses.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AddressRow {
    /// The name: `tag AzureActiveDirectory`.
    pub name: String,
    /// Prefixes that come.
    pub added: Vec<String>,
    /// Prefixes that go.
    pub removed: Vec<String>,
    /// `+40 addresses`.
    pub counts: String,
    /// Ids of the rules that it concerns; those of [`Report::rules`](super::Report::rules) become links.
    pub rules: Vec<String>,
}
