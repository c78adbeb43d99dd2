//! Lists of patterns without overlap.

use std::collections::{BTreeMap, BTreeSet};

use super::name::HostName;
use super::pattern::HostPattern;

/// The shortest list of patterns that holds the same names: sorted, without duplicates, without a pattern that another one covers, and
/// with `x` and `*.x` joined to `[*.]x`. No two patterns of the result overlap.
///
/// Squid refuses to start when a `dstdomain` list holds a name and a wildcard that covers it, and other products warn.
/// A target whose wildcard has another meaning (Squid's `.x` holds `x`) first gives the patterns that meaning, by
/// [`HostPattern::with_apex`], and then asks for the minimal list.
///
/// ```
/// use portbook::host::{HostPattern, minimal};
///
/// let list = ["*.x.net", "x.net", "a.x.net", "y.net"].map(|text| HostPattern::parse(text).unwrap());
/// let texts: Vec<_> = minimal(list).iter().map(ToString::to_string).collect();
/// assert_eq!(texts, ["[*.]x.net", "y.net"]);
/// ```
pub fn minimal(patterns: impl IntoIterator<Item = HostPattern>) -> Vec<HostPattern> {
    let mut exact = BTreeSet::new();
    let mut below = BTreeMap::new();
    for pattern in patterns {
        match pattern {
            HostPattern::Exact(name) => {
                exact.insert(name);
            }
            HostPattern::Below { suffix, apex } => *below.entry(suffix).or_insert(false) |= apex,
        }
    }
    for (suffix, apex) in &mut below {
        *apex |= exact.contains(suffix);
    }
    without_covered(&exact, &below)
}

fn without_covered(exact: &BTreeSet<HostName>, below: &BTreeMap<HostName, bool>) -> Vec<HostPattern> {
    let uncovered = |name: &&HostName| !name.parents().any(|parent| below.contains_key(parent));
    let names = exact.iter().filter(|name| !below.contains_key(*name)).filter(uncovered);
    let wildcards = below.iter().filter(|(suffix, _)| uncovered(suffix));
    let mut list: Vec<_> = names.cloned().map(HostPattern::Exact).collect();
    list.extend(wildcards.map(|(suffix, &apex)| HostPattern::Below { suffix: suffix.clone(), apex }));
    list.sort();
    list
}
