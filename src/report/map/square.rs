//! The shapes of the IPv4 map.

use serde::Serialize;

use super::tile::{ORDER, Tile, tiles};
use super::{Counts, count_parts};
use crate::address::Family;
use crate::report::{AddressChange, hilbert};

/// First bytes that stand open beside the map.
const OPEN_BYTES: usize = 16;
/// Pixels of a cell; even, so that signs stand on whole pixels.
const CELL: u32 = 10;

/// The map, as its template prints it.
#[derive(Debug, Serialize)]
pub(in crate::report) struct Map {
    /// Side of the whole.
    side: u32,
    squares: Vec<Square>,
    /// The signs upon squares, all of a state in one line.
    signs: Vec<Sign>,
    labels: Vec<Label>,
    /// Where the lines between /8s stand, in both directions.
    grid: Vec<u32>,
    /// What it shows, in a sentence.
    about: String,
    /// The parts with the same first byte that hold something.
    bytes: Vec<Byte>,
    /// Whether they are so few that they stand open.
    few: bool,
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

/// Draws the IPv4 part of a change; `None` if it has none.
pub(in crate::report) fn map(change: &AddressChange) -> Option<Map> {
    let bytes = count_parts(change, 8);
    if bytes.iter().all(|counts| counts.state().is_none()) {
        return None;
    }
    let tiles = tiles(&count_parts(change, 12));
    let listed: Vec<Byte> =
        bytes.iter().zip(0..).filter_map(|(counts, byte)| listed(byte, *counts)).collect();
    Some(Map {
        side: CELL << ORDER,
        squares: tiles.iter().filter_map(square).collect(),
        signs: ["more", "less", "both"].into_iter().filter_map(|state| sign(state, &tiles)).collect(),
        labels: bytes.iter().zip(0..).map(|(counts, byte)| label(byte, *counts)).collect(),
        grid: (1..1 << (ORDER - 2)).map(|line| line * CELL * 4).collect(),
        about: about(change),
        few: listed.len() <= OPEN_BYTES,
        bytes: listed,
    })
}

fn square(tile: &Tile) -> Option<Square> {
    let state = tile.counts.state()?;
    Some(Square {
        x: tile.column * CELL,
        y: tile.row * CELL,
        side: tile.side * CELL,
        state,
        tip: format!("{}: {}", tile.prefix, tile.counts.words()),
    })
}

/// A plus, a minus, or one above the other, in the middle of each square of a state.
fn sign(state: &'static str, tiles: &[Tile]) -> Option<Sign> {
    let mut path = String::new();
    for tile in tiles.iter().filter(|tile| tile.counts.state() == Some(state)) {
        let (x, y) = ((2 * tile.column + tile.side) * CELL / 2, (2 * tile.row + tile.side) * CELL / 2);
        path.push_str(&match state {
            "more" => format!("M{},{y}h6M{x},{}v6", x - 3, y - 3),
            "less" => format!("M{},{y}h6", x - 3),
            _ => format!("M{},{}h6M{x},{}v4M{},{}h6", x - 3, y - 2, y - 4, x - 3, y + 3),
        });
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
        prefix: format!("{byte}.0.0.0/8"),
        added: counts.added.to_string(),
        removed: counts.removed.to_string(),
        kept: counts.kept.to_string(),
    })
}

fn about(change: &AddressChange) -> String {
    let [added, removed, kept] =
        [&change.added, &change.removed, &change.kept].map(|set| set.count(Family::V4).to_string());
    format!(
        "The IPv4 address space along a Hilbert curve: {added} addresses added, {removed} removed, {kept} kept. The tables below the map say where."
    )
}
