//! The other side of connections, on loopback: servers that answer as they are told, authorities, proxies.

#![allow(dead_code, reason = "each test file uses a part")]

pub(crate) mod authority;
pub(crate) mod proxy;
pub(crate) mod server;
