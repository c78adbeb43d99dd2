//! "Why is this open?": what the catalog knows about one host or one address.

mod address;
mod host;
mod question;
mod reading;
mod span;
mod tag;

pub use address::{AddressExplanation, Holder, ListedIn, explain_address};
pub use host::{HostExplanation, explain_host};
pub use question::HostQuestion;
pub use reading::{HostTag, Misspelling, PatternReading};
pub use span::{Held, NeedSpan};
pub use tag::{TagUse, TagUses, tags_of_catalog};
