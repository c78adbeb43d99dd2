//! Addresses as their template sees them.

use minijinja::value::Value;
use serde::Serialize;

use super::{Anchors, RuleLink};
use crate::address::{AddressCount, Family, PrefixSet};
use crate::finding::{Code, Finding, Findings};
use crate::report::escape::prefixes;
use crate::report::map::{bars, map};
use crate::report::page::{block, seen};
use crate::report::{AddressChange, AddressRow, Tone};

/// IPv6 parts that stand open; more are folded.
const OPEN_BARS: usize = 24;

/// One name's prefixes, ready to print.
#[derive(Debug, Serialize)]
struct Listed {
    name: String,
    counts: String,
    rules: Vec<RuleLink>,
    tone: Tone,
    /// How many prefixes come, with separators; `None` if none does.
    added: Option<String>,
    removed: Option<String>,
}

/// What is listed, and the maps.
///
/// # Errors
/// `template-failed` for a prefix that is none.
pub(in crate::report) fn addresses(change: &AddressChange, anchors: &Anchors) -> Result<Value, Findings> {
    let listed = |row: &AddressRow| Listed {
        name: row.name.clone(),
        counts: row.counts.clone(),
        rules: anchors.links(&row.rules),
        tone: row_tone(row),
        added: number(row.added.len()),
        removed: number(row.removed.len()),
    };
    let lists = change.rows.iter().map(|row| Ok([items(&row.added)?, items(&row.removed)?]));
    let lists: Vec<[Value; 2]> = lists.collect::<Result<_, Findings>>()?;
    let bars = bars(change);
    Ok(minijinja::context! {
        map => seen(map(change)),
        many_bars => bars.len() > OPEN_BARS,
        bar_count => bars.len(),
        bars => seen(bars),
        totals => seen([total("Added", &change.added, Tone::More), total("Removed", &change.removed, Tone::Less)]),
        kept => amount(&change.kept),
        rows => seen(change.rows.iter().map(listed).collect::<Vec<_>>()),
        lists => lists,
    })
}

fn row_tone(row: &AddressRow) -> Tone {
    match (row.added.is_empty(), row.removed.is_empty()) {
        (false, _) => Tone::More,
        (true, false) => Tone::Less,
        (true, true) => Tone::Neutral,
    }
}

/// With separators of thousands; `None` for nothing.
fn number(count: usize) -> Option<String> {
    (count > 0).then(|| AddressCount::from(count as u128).to_string())
}

/// A list of prefixes as one block.
fn items(list: &[String]) -> Result<Value, Findings> {
    let wrong =
        |reason| Finding::new(Code::TemplateFailed, format!("template html/addresses.html: {reason}"));
    Ok(block(prefixes(list).map_err(wrong)?))
}

/// A sum of addresses.
#[derive(Debug, Serialize)]
struct Total {
    label: &'static str,
    tone: Tone,
    sign: &'static str,
    amount: String,
}

fn total(label: &'static str, set: &PrefixSet, tone: Tone) -> Total {
    Total { label, tone, sign: tone.sign(), amount: amount(set) }
}

/// `1,024 IPv4 and 2^80 IPv6 addresses in 3 prefixes`.
fn amount(set: &PrefixSet) -> String {
    let count = |family: Family, word: &str| {
        let count = set.count(family);
        (!count.is_zero()).then(|| format!("{count} {word}"))
    };
    let counts: Vec<String> =
        [count(Family::V4, "IPv4"), count(Family::V6, "IPv6")].into_iter().flatten().collect();
    if counts.is_empty() {
        return "no address".to_owned();
    }
    let prefixes = set.prefixes().count();
    let word = if prefixes == 1 { "prefix" } else { "prefixes" };
    format!("{} addresses in {} {word}", counts.join(" and "), number(prefixes).unwrap_or_default())
}
