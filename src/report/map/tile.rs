//! Squares of the map: equal neighbours that fill a larger square are one.

use std::net::{IpAddr, Ipv4Addr};

use super::Counts;
use crate::address::{AddressCount, Prefix};
use crate::report::hilbert;

/// A square of the map.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Tile {
    /// Left and upper edge, and side, in cells of the whole space.
    pub(super) column: u32,
    pub(super) row: u32,
    pub(super) side: u32,
    pub(super) prefix: String,
    pub(super) counts: Counts,
}

/// The squares that hold something, along the curve of `order`. `cells` is the part of it that has the same first `2 * level` bits and
/// starts at step `first`.
pub(super) fn tiles(cells: &[Counts], order: u32, level: u32, first: u32) -> Vec<Tile> {
    let mut tiles = Vec::new();
    cut(cells, order, level, first, &mut tiles);
    tiles
}

fn cut(cells: &[Counts], order: u32, level: u32, first: u32, tiles: &mut Vec<Tile>) {
    let counts = cells.iter().copied().fold(Counts::default(), Counts::plus);
    if counts.state().is_none() {
        return;
    }
    if level >= order || is_full(counts, level) {
        tiles.push(tile(counts, order, level, first));
        return;
    }
    let quarter = (cells.len() / 4).max(1);
    for (part, start) in cells.chunks(quarter).zip((first..).step_by(quarter)) {
        cut(part, order, level + 1, start, tiles);
    }
}

/// Whether every address of a square has the same fate.
fn is_full(counts: Counts, level: u32) -> bool {
    let all = AddressCount::from(1_u128 << (32 - 2 * level));
    [counts.added, counts.removed, counts.kept].contains(&all)
}

fn tile(counts: Counts, order: u32, level: u32, first: u32) -> Tile {
    let side = 1 << (order - level);
    // Every aligned part of the way is an aligned square, so that any of its cells tells the corner.
    let (column, row) = hilbert::cell(order, first);
    let prefix = prefix(first << (32 - 2 * order), 2 * level);
    Tile { column: column & !(side - 1), row: row & !(side - 1), side, prefix, counts }
}

/// The text of the prefix of `length` bits that starts at an address.
pub(super) fn prefix(first: u32, length: u32) -> String {
    let address = Ipv4Addr::from(first);
    let length = u8::try_from(length).unwrap_or(32);
    Prefix::new(IpAddr::V4(address), length).map_or_else(|_| address.to_string(), |prefix| prefix.to_string())
}
