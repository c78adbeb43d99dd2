//! Tests of reachability: one connection at a time, each step within its time.
//!
//! What goes out: look-ups of names, TCP, `CONNECT` and `GET` without content, TLS handshakes. Nothing is sent behind a
//! handshake, no certificate of the client is shown, and the user and password of a proxy go to that proxy only, once it
//! has asked for them. What is tested is decided by [`crate::check`].

mod certificate;
mod deadline;
mod dns;
mod fault;
mod http;
mod proxy;
mod route;
mod run;
mod tcp;
mod tls;
mod trust;

pub use dns::Mapping;
pub use proxy::Proxy;
pub use route::{Bypass, Route};
pub use run::{Limits, Prober};
pub use trust::Trust;
