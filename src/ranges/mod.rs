//! The weekly files of Azure addresses: read, looked into, compared, kept.
//!
//! Microsoft publishes one file a week and cloud. [`RangeFile::parse`] reads every shape of it into one model and checks
//! all of it, since a prefix that cannot be one would otherwise surface as a missing rule; [`RangeFile::open_checked`]
//! takes a file that was checked before and reads only the tags that are asked for.
//!
//! Addresses are compared as sets: Microsoft splits, merges and reorders prefixes from week to week, and its change
//! number rises without a change ([`diff`]).
//!
//! [`store`] is the folder where fetched files lie beside their lock, [`page`] finds the link on a download page, and
//! [`accept`] decides whether a new file may take the place of an old one. Nothing here opens a socket.

pub mod accept;
pub mod date;
pub mod diff;
mod figures;
mod file;
mod holders;
mod json;
mod list;
pub mod page;
mod parse;
mod problem;
pub mod store;
mod unread;
mod xml;

pub use figures::Figures;
pub use file::{RangeFile, Shape, Tag};
pub use holders::{Extent, Held, HolderIndex};
