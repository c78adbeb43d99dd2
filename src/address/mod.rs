//! Addresses and ports: one prefix, sets of addresses, ranges of ports.
//!
//! A list of prefixes is text about a set of addresses, and the same set has many such texts: Microsoft splits, merges and reorders
//! prefixes from week to week. So sets are kept as sorted disjoint intervals ([`IntervalSet`], [`PrefixSet`]), compared by address, and
//! only turned into prefixes again, as few as possible, on their way out.
//!
//! ```
//! use portbook::address::{Prefix, PrefixSet};
//!
//! let halves = ["20.20.44.0/26", "20.20.44.64/26"].map(|text| Prefix::parse(text).unwrap());
//! let set = PrefixSet::from_iter(halves);
//! assert_eq!(set.to_string(), "20.20.44.0/25");
//! ```

mod algebra;
mod bits;
mod chunk;
mod count;
mod error;
mod family;
mod interval;
mod port;
mod prefix;
mod set;
mod transport;

pub use bits::Bits;
pub use chunk::Chunk;
pub use count::AddressCount;
pub use error::AddressError;
pub use family::Family;
pub use interval::{Cidr, IntervalSet};
pub use port::{Port, PortError, PortRange};
pub use prefix::Prefix;
pub use set::PrefixSet;
pub use transport::{Transport, TransportError};
