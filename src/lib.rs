//! Firewall and proxy rules for Microsoft hybrid identity, from the documented requirements.
//!
//! Data flows one way:
//!
//! 1. [`catalog`] and [`ranges`] turn files into checked types; [`site`] holds the user's deployment.
//! 2. [`resolve`] decides what is in: a selection of the catalog becomes symbolic rules, each with its sources.
//! 3. [`place`] decides who passes where: rules meet the site and become hops, with addresses.
//! 4. [`target`] lowers hops to what a product can say, states every loss, and renders the bytes.
//! 5. [`artifact`] writes what changed.
//!
//! Beside it, [`explain`] follows one host through all documents, and [`diff`] compares what two texts, or two dates of a
//! scenario, state. `online` brings the weekly files; it is the only part that opens a socket, and can be left out.
//! What documents ask of hosts goes a short way: [`resolve`] picks it, [`prerequisite`] makes a .reg file and a preflight of it.
//! [`check`] plans what is tested of a selection from here, and `online` tests it.
//!
//! [`report`] makes one HTML page of what any of them found.
//!
//! [`input`] reads the files that a user names, within bounds.
//!
//! Problems are [`finding`]s, collected and shown together. Only the binary reads the clock, the environment and the
//! terminal.

pub mod address;
pub mod artifact;
pub mod audit;
pub mod build;
pub mod catalog;
pub mod check;
pub mod diff;
pub mod expect;
pub mod explain;
pub mod finding;
pub mod host;
pub mod id;
pub mod input;
pub mod manifest;
#[cfg(feature = "online")]
pub mod online;
pub mod place;
pub mod plan;
pub mod prerequisite;
pub mod ranges;
pub mod report;
pub mod resolve;
pub mod rule;
pub mod site;
pub mod target;
mod yaml;
