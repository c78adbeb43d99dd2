//! What changed, for a terminal.

use std::fmt::Write as _;

use portbook::address::{AddressCount, Family, PrefixSet};
use portbook::finding::printable;
use portbook::ranges::diff::{RangeDiff, SetDiff, TagChange, TagDiff};

use super::Compared;
use crate::cli::ranges::counted;
use crate::cli::table::align;

/// The sections in the order in which a reviewer wants them: what is opened first.
const SECTIONS: [(TagChange, &str, &str); 5] = [
    (TagChange::Added, "New tags", "+"),
    (TagChange::Widened, "Widened", "+"),
    (TagChange::Narrowed, "Narrowed", "-"),
    (TagChange::Removed, "Gone", "-"),
    (TagChange::Regrouped, "Same in effect", "="),
];

/// Everything; `whole` shows every prefix.
pub(in crate::cli) fn render(compared: &Compared<'_>, whole: bool) -> String {
    let Compared { old, new, diff, .. } = compared;
    let mut text = format!("{} -> {}\n", printable(&old.label), printable(&new.label));
    if !compared.partly {
        let _ = writeln!(text, "all tags together: {}", gains_and_losses(&diff.all));
    }
    for (change, title, sign) in SECTIONS {
        let tags: Vec<&TagDiff> = diff.tags_of(change).collect();
        if !tags.is_empty() {
            let _ = writeln!(text, "{title} ({})", tags.len());
            let rows: Vec<Vec<String>> = tags.iter().map(|tag| row(tag, sign, whole)).collect();
            text.push_str(&align(&rows, "  "));
        }
    }
    text.push_str(&unchanged(compared));
    text
}

fn unchanged(compared: &Compared<'_>) -> String {
    let RangeDiff { tags, same, .. } = compared.diff;
    if tags.is_empty() {
        return "no address gained or lost, no tag added or removed\n".to_owned();
    }
    // Of some tags only, the others were not looked at.
    if compared.partly || *same == 0 {
        return String::new();
    }
    format!("{} unchanged\n", counted(*same, "tag", "tags"))
}

fn row(tag: &TagDiff, sign: &str, whole: bool) -> Vec<String> {
    let what = if tag.change == TagChange::Regrouped && tag.prefixes_added + tag.prefixes_removed == 0 {
        "the same prefixes in another order, or twice".to_owned()
    } else if tag.change == TagChange::Regrouped {
        format!(
            "{} became {} with the same addresses",
            counted(tag.prefixes_removed, "prefix", "prefixes"),
            counted(tag.prefixes_added, "prefix", "prefixes")
        )
    } else {
        [(&tag.addresses.added, "+"), (&tag.addresses.removed, "-")]
            .into_iter()
            .filter(|(set, _)| !set.is_empty())
            .map(|(set, sign)| side(set, sign, whole))
            .collect::<Vec<_>>()
            .join(", ")
    };
    let what = if what.is_empty() { "without any address".to_owned() } else { what };
    vec![format!("{sign} {}", printable(&tag.name)), what]
}

/// `+40 IPv4 addresses (20.20.44.0/27, 20.20.44.32/29)`.
fn side(set: &PrefixSet, sign: &str, whole: bool) -> String {
    let shown = if whole { usize::MAX } else { PREFIXES };
    let prefixes: Vec<String> = set.prefixes().take(shown).map(|prefix| prefix.to_string()).collect();
    let more = set.prefixes().count() - prefixes.len();
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    format!("{} ({}{more})", amounts(|family| set.count(family), sign), prefixes.join(", "))
}

/// Prefixes of a tag that are shown; all with `-v`.
const PREFIXES: usize = 3;

/// `+77,302 IPv4 addresses, +2^80 IPv6 addresses, nothing lost`.
pub(in crate::cli) fn gains_and_losses(diff: &SetDiff) -> String {
    if diff.is_empty() {
        return "the same addresses".to_owned();
    }
    match (diff.added.is_empty(), diff.removed.is_empty()) {
        (false, true) => format!("{}, nothing lost", amounts_of(diff)),
        (true, false) => format!("nothing gained, {}", amounts_of(diff)),
        _ => amounts_of(diff),
    }
}

/// The same without the side on which nothing happened.
pub(in crate::cli) fn amounts_of(diff: &SetDiff) -> String {
    let sides = [(&diff.added, "+"), (&diff.removed, "-")];
    let told: Vec<String> = sides
        .into_iter()
        .filter(|(set, _)| !set.is_empty())
        .map(|(set, sign)| amounts(|family| set.count(family), sign))
        .collect();
    told.join(", ")
}

/// Of a side on which something happened.
fn amounts(count: impl Fn(Family) -> AddressCount, sign: &str) -> String {
    let present = Family::ALL.into_iter().filter(|family| !count(*family).is_zero());
    let amounts: Vec<String> = present
        .map(|family| {
            let word = if count(family) == AddressCount::from(1) { "address" } else { "addresses" };
            format!("{sign}{} {family} {word}", count(family))
        })
        .collect();
    amounts.join(", ")
}
