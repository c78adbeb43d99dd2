//! The shapes of the IPv4 map: the whole space, and a closer look at the parts that change most.

use std::fmt::Write as _;

use serde::Serialize;

use super::tile::{Tile, prefix, tiles};
use super::{Counts, count_parts};
use crate::address::{AddressCount, Family};
use crate::report::{AddressChange, hilbert};

/// The order of the curve of the whole: 64 by 64 cells, each a /12.
const ORDER: u32 = 6;
/// The order of the curve of a closer look: 16 by 16 cells of each /8, each a /16.
const CLOSE: u32 = 8;
/// The closer looks.
const LOOKS: usize = 8;
/// First bytes that stand open beside the map.
const OPEN_BYTES: usize = 16;
/// Pixels of a cell; even, so that signs stand on whole pixels.
const CELL: u32 = 10;

/// The map, as its template prints it.
#[derive(Debug, Serialize)]
pub(in crate::report) struct Map {
    whole: Part,
    labels: Vec<Label>,
    /// Where the lines between /8s stand, in both directions.
    grid: Vec<u32>,
    /// What it shows, in a sentence.
    about: String,
    /// The parts with the same first byte that hold something.
    bytes: Vec<Byte>,
    /// Whether they are so few that they stand open.
    few: bool,
    /// The /8s that change most, ascending.
    looks: Vec<Look>,
    /// How many more of them change.
    more: usize,
}

/// A square part of the space.
#[derive(Debug, Serialize)]
struct Part {
    side: u32,
    squares: Vec<Square>,
    /// The signs upon squares, all of a state in one line.
    signs: Vec<Sign>,
}

#[derive(Debug, Serialize)]
struct Square {
    x: u32,
    y: u32,
    side: u32,
    state: &'static str,
    tip: String,
}

#[derive(Debug, Serialize)]
struct Sign {
    state: &'static str,
    path: String,
}

/// The number of a /8: in its middle, or in its corner if something else stands in it.
#[derive(Debug, Serialize)]
struct Label {
    x: u32,
    y: u32,
    text: String,
    used: bool,
}

#[derive(Debug, Serialize)]
struct Byte {
    prefix: String,
    added: String,
    removed: String,
    kept: String,
}

/// A closer look at a /8.
#[derive(Debug, Serialize)]
struct Look {
    prefix: String,
    words: String,
    part: Part,
}

/// Draws the IPv4 part of a change; `None` if it has none.
pub(in crate::report) fn map(change: &AddressChange) -> Option<Map> {
    let bytes: Vec<(u32, Counts)> = (0..).zip(count_parts(change, 8)).collect();
    if bytes.iter().all(|(_, counts)| counts.state().is_none()) {
        return None;
    }
    let listed: Vec<Byte> = bytes.iter().filter_map(|(byte, counts)| listed(*byte, *counts)).collect();
    let (looks, more) = looks(change, &bytes);
    Some(Map {
        whole: part(&tiles(&count_parts(change, 12), ORDER, 0, 0), CELL << ORDER),
        labels: bytes.iter().map(|(byte, counts)| label(*byte, *counts)).collect(),
        grid: (1..1 << (ORDER - 2)).map(|line| line * CELL * 4).collect(),
        about: about(change),
        few: listed.len() <= OPEN_BYTES,
        bytes: listed,
        looks,
        more,
    })
}

fn part(tiles: &[Tile], side: u32) -> Part {
    Part {
        side,
        squares: tiles.iter().filter_map(|tile| square(tile, side)).collect(),
        signs: ["more", "less", "both"].into_iter().filter_map(|state| sign(state, tiles, side)).collect(),
    }
}

fn square(tile: &Tile, side: u32) -> Option<Square> {
    Some(Square {
        x: tile.column * CELL % side,
        y: tile.row * CELL % side,
        side: tile.side * CELL,
        state: tile.counts.state()?,
        tip: format!("{}: {}", tile.prefix, tile.counts.words()),
    })
}

/// A plus, a minus, or one above the other, in the middle of each square of a state.
fn sign(state: &'static str, tiles: &[Tile], side: u32) -> Option<Sign> {
    let mut path = String::new();
    for square in tiles.iter().filter_map(|tile| square(tile, side)).filter(|square| square.state == state) {
        let (x, y) = (square.x + square.side / 2, square.y + square.side / 2);
        let _ = match state {
            "more" => write!(path, "M{},{y}h6M{x},{}v6", x - 3, y - 3),
            "less" => write!(path, "M{},{y}h6", x - 3),
            _ => write!(path, "M{},{}h6M{x},{}v4M{},{}h6", x - 3, y - 2, y - 4, x - 3, y + 3),
        };
    }
    (!path.is_empty()).then_some(Sign { state, path })
}

fn label(byte: u32, counts: Counts) -> Label {
    let side = CELL * 4;
    let (column, row) = hilbert::cell(ORDER - 2, byte);
    let used = counts.state().is_some();
    let (right, down) = if used { (2, 6) } else { (side / 2, side / 2) };
    Label { x: column * side + right, y: row * side + down, text: byte.to_string(), used }
}

fn listed(byte: u32, counts: Counts) -> Option<Byte> {
    counts.state()?;
    Some(Byte {
        prefix: prefix(byte << 24, 8),
        added: counts.added.to_string(),
        removed: counts.removed.to_string(),
        kept: counts.kept.to_string(),
    })
}

/// The /8s in which most addresses come and go, in the same position as in the whole, and how many more there are.
fn looks(change: &AddressChange, bytes: &[(u32, Counts)]) -> (Vec<Look>, usize) {
    let moved = |counts: &Counts| counts.added + counts.removed;
    let mut most: Vec<&(u32, Counts)> =
        bytes.iter().filter(|(_, counts)| moved(counts) != AddressCount::ZERO).collect();
    most.sort_by_key(|(byte, counts)| (std::cmp::Reverse(moved(counts)), *byte));
    let more = most.len().saturating_sub(LOOKS);
    most.truncate(LOOKS);
    most.sort_by_key(|(byte, _)| *byte);
    if most.is_empty() {
        return (Vec::new(), 0);
    }
    let cells = count_parts(change, 16);
    let look = |(byte, counts): &(u32, Counts)| {
        let first = byte << 8;
        let start = usize::try_from(first).ok()?;
        let tiles = tiles(cells.get(start..start + 256)?, CLOSE, 4, first);
        let words = counts.words();
        Some(Look { prefix: prefix(byte << 24, 8), words, part: part(&tiles, CELL << (CLOSE - 4)) })
    };
    (most.into_iter().filter_map(look).collect(), more)
}

fn about(change: &AddressChange) -> String {
    let [added, removed, kept] =
        [&change.added, &change.removed, &change.kept].map(|set| set.count(Family::V4).to_string());
    let counts = format!("{added} addresses added, {removed} removed, {kept} kept");
    format!("The IPv4 address space along a Hilbert curve: {counts}. The table beside the map says where.")
}
