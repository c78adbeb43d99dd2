//! Squares of the map: equal neighbours that fill a larger square are one.

use std::net::{IpAddr, Ipv4Addr};

use super::Counts;
use crate::address::{AddressCount, Prefix};
use crate::report::hilbert;

/// The order of the curve: 64 by 64 cells, each a /12.
pub(super) const ORDER: u32 = 6;

/// A square of the map.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Tile {
    /// Left and upper edge, and side, in cells.
    pub(super) column: u32,
    pub(super) row: u32,
    pub(super) side: u32,
    pub(super) prefix: String,
    pub(super) counts: Counts,
}

/// The squares that hold something, along the curve.
pub(super) fn tiles(cells: &[Counts]) -> Vec<Tile> {
    let mut tiles = Vec::new();
    cut(cells, 0, 0, &mut tiles);
    tiles
}

/// `cells` is the part of the way that starts at step `first` of the whole and is `4^(ORDER - level)` long.
fn cut(cells: &[Counts], level: u32, first: u32, tiles: &mut Vec<Tile>) {
    let counts = cells.iter().copied().fold(Counts::default(), Counts::plus);
    if counts.state().is_none() {
        return;
    }
    if level == ORDER || is_full(counts, level) {
        tiles.push(tile(counts, level, first));
        return;
    }
    let quarter = cells.len() / 4;
    for (part, start) in cells.chunks(quarter.max(1)).zip((first..).step_by(quarter.max(1))) {
        cut(part, level + 1, start, tiles);
    }
}

/// Whether every address of a square has the same fate.
fn is_full(counts: Counts, level: u32) -> bool {
    let all = AddressCount::from(1_u128 << (32 - 2 * level));
    [counts.added, counts.removed, counts.kept].contains(&all)
}

fn tile(counts: Counts, level: u32, first: u32) -> Tile {
    let side = 1 << (ORDER - level);
    // The corner of a square that lies nearest to the origin: every aligned part of the way is an aligned square.
    let (column, row) = hilbert::cell(ORDER, first);
    let address = Ipv4Addr::from(first << (32 - 2 * ORDER));
    let length = u8::try_from(2 * level).unwrap_or(32);
    let prefix = Prefix::new(IpAddr::V4(address), length)
        .map_or_else(|_| address.to_string(), |prefix| prefix.to_string());
    Tile { column: column & !(side - 1), row: row & !(side - 1), side, prefix, counts }
}
