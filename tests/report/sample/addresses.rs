//! Thousands of prefixes that come and go.

use portbook::address::{Prefix, PrefixSet};
use portbook::report::{AddressChange, AddressRow, RuleRow};

use super::{text, texts};

/// Prefixes as weekly files have them: many small ones in parts of a few /8s, in both families.
fn spread(count: usize, seed: u32) -> PrefixSet {
    let prefix = |at: usize| {
        let mixed = (u32::try_from(at).unwrap() + seed)
            .wrapping_mul(2_654_435_761)
            .rotate_left(13)
            .wrapping_mul(40_503);
        let [a, b, c, d] = mixed.to_be_bytes();
        let text = match d % 8 {
            0..=2 => format!("20.{}.{b}.{}/27", a / 2 + 30, c / 32 * 32),
            3 => format!("40.{}.{b}.{}/27", a / 4 + 64, c / 32 * 32),
            4 => format!("51.{}.{b}.{}/25", a / 8 + 100, c / 128 * 128),
            5 => format!("13.{}.{b}.0/24", a / 4 + 64),
            6 => format!("52.{}.{b}.{}/28", a / 2 + 100, c / 16 * 16),
            _ => format!("2603:10{:02x}:{b:x}{c:02x}::/48", a / 16),
        };
        Prefix::parse(&text).unwrap()
    };
    (0..count).map(prefix).collect()
}

pub(super) fn addresses(prefixes: usize, rows: &[RuleRow]) -> AddressChange {
    let kept = spread(prefixes, 1).union(
        &[
            "20.190.128.0/18",
            "40.126.0.0/18",
            "104.40.0.0/13",
            "52.96.0.0/12",
            "4.128.0.0/9",
            "2603:1000::/33",
            "2a01:111:f100::/48",
        ]
        .iter()
        .map(|text| Prefix::parse(text).unwrap())
        .collect(),
    );
    let added = spread(prefixes * 3 / 4, 9_000).difference(&kept);
    let removed = spread(prefixes / 4, 77_000).difference(&kept).difference(&added);
    let list = |set: &PrefixSet| set.prefixes().map(|prefix| prefix.to_string()).collect::<Vec<_>>();
    let rules: Vec<String> = rows.iter().take(3).map(|row| row.id.clone()).collect();
    let directory = AddressRow {
        name: text("tag AzureActiveDirectory"),
        added: texts(&["20.20.44.0/27", "20.20.44.32/29"]),
        removed: Vec::new(),
        counts: text("+40 addresses"),
        rules: rules.clone(),
    };
    let cloud = AddressRow {
        name: text("ranges of the public cloud"),
        added: list(&added),
        removed: list(&removed),
        counts: text("+33,312 addresses, \u{2212}11,904 addresses"),
        rules,
    };
    AddressChange { added, removed, kept, rows: vec![directory, cloud] }
}
