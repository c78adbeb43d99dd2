//! What changed, for programs.

use serde_json::{Value, json};

use portbook::address::{AddressCount, Family};
use portbook::ranges::diff::{SetDiff, TagDiff};

use super::{Compared, Side};

/// The name of the form; a change that readers must know of changes its number.
const FORMAT: &str = "portbook-range-diff/1";

/// One object.
pub(in crate::cli) fn object(compared: &Compared<'_>) -> Value {
    let diff = compared.diff;
    let mut object = json!({
        "format": FORMAT,
        "old": file(compared.old),
        "new": file(compared.new),
        "differs": diff.differs(),
        "tags": diff.tags.iter().map(tag).collect::<Vec<_>>(),
        "same_tags": diff.same,
    });
    if let (false, Value::Object(object)) = (compared.partly, &mut object) {
        object.insert("all_tags".to_owned(), addresses(&diff.all));
    }
    object
}

fn file(side: &Side) -> Value {
    json!({ "file": side.file, "cloud": side.cloud, "change_number": side.change_number })
}

fn tag(tag: &TagDiff) -> Value {
    let mut object = json!({
        "tag": tag.name,
        "change": tag.change.as_str(),
        "prefixes_added": tag.prefixes_added,
        "prefixes_removed": tag.prefixes_removed,
    });
    if let (Value::Object(object), Value::Object(addresses)) = (&mut object, addresses(&tag.addresses)) {
        object.extend(addresses);
    }
    object
}

/// Numbers of IPv6 addresses are texts: JSON readers round numbers of this size.
fn addresses(diff: &SetDiff) -> Value {
    let exact =
        |count: AddressCount| count.get().map_or_else(|| count.to_string(), |count| count.to_string());
    let v4 = |count: AddressCount| count.get().and_then(|count| u64::try_from(count).ok());
    json!({
        "added": diff.added,
        "removed": diff.removed,
        "ipv4_addresses_added": v4(diff.gained(Family::V4)),
        "ipv4_addresses_removed": v4(diff.lost(Family::V4)),
        "ipv6_addresses_added": exact(diff.gained(Family::V6)),
        "ipv6_addresses_removed": exact(diff.lost(Family::V6)),
    })
}
