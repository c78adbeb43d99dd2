//! The network: the only part of Portbook that opens sockets.
//!
//! What comes from it decides what a firewall opens, so a request goes to hosts that were named beforehand, over TLS, and
//! its answer is bounded in size and time. Whether the answer is right is not decided here: see [`crate::ranges::accept`].
//! [`probe`] takes nothing from the network but whether it can be reached.

mod address;
mod client;
mod failure;
pub mod probe;

pub use address::{Allowed, WebAddress};
pub use client::{Answer, Body, Client, Options, Progress, ProxyChoice, Question};
