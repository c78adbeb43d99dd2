//! Where everything stands, in whole pixels.

use std::collections::BTreeMap;

use super::order::{Item, Order};

/// Height between two arrows at one side of a box: a label and its line.
pub(super) const PITCH: i32 = 24;
/// Room above the boxes, for the titles of columns.
const HEAD: i32 = 40;
/// Room between boxes, and around the whole.
const GAP: i32 = 16;
/// Room in which arrows change their height.
const BEND: i32 = 48;
/// Room for the head of an arrow.
const POINT: i32 = 20;

/// The side of a box at which an arrow leaves or arrives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Side {
    /// Towards hosts.
    Left,
    /// Towards the cloud.
    Right,
}

/// One end of a piece of an arrow: the arrow, the piece, and whether it is the piece's first end.
type End = (usize, usize, bool);
/// An end and how high the other end of its piece stands.
type Ranked = (Option<usize>, End);
/// Items of a column with their tops and heights, and the height of the whole.
type Stack = (i32, Vec<(usize, i32, i32)>);

/// How large things want to be.
pub(super) struct Sizes<'a> {
    /// Width and height of each box.
    pub(super) boxes: &'a [(i32, i32)],
    /// Width of each column's title.
    pub(super) titles: &'a [i32],
    /// Width of each arrow's label.
    pub(super) labels: &'a [i32],
}

/// A rectangle.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Area {
    pub(super) x: i32,
    pub(super) y: i32,
    pub(super) width: i32,
    pub(super) height: i32,
}

/// A gap between two columns: where labels of arrows to the right end, and where those of arrows to the left begin.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Gutter {
    pub(super) left: i32,
    pub(super) bend_from: i32,
    pub(super) bend_to: i32,
    pub(super) right: i32,
}

/// Places of columns, boxes and ends.
pub(super) struct Places {
    pub(super) width: i32,
    pub(super) height: i32,
    pub(super) columns: Vec<Area>,
    /// By position of the box.
    pub(super) boxes: BTreeMap<usize, Area>,
    /// The gutter to the right of each column.
    pub(super) gutters: Vec<Gutter>,
    heights: BTreeMap<End, i32>,
}

impl Places {
    /// Places everything.
    pub(super) fn of(order: &Order, sizes: &Sizes<'_>) -> Self {
        let ends = ends(order);
        let (tops, heights, height) = stack(order, sizes, &ends);
        let (spans, gutters, width) = spread(order, sizes);
        let column = |(x, width): (i32, i32)| Area { x, y: 0, width, height };
        let mut boxes = BTreeMap::new();
        for (item, (top, height)) in &tops {
            let span = spans.get(order.column(*item)).copied().unwrap_or_default();
            if let Some(Item::Box(at)) = order.items.get(*item) {
                boxes.insert(*at, Area { x: span.0, y: *top, width: span.1, height: *height });
            }
        }
        let columns = spans.into_iter().map(column).collect();
        Self { width, height, columns, boxes, gutters, heights }
    }

    /// The height of an end.
    pub(super) fn height_of(&self, end: End) -> i32 {
        self.heights.get(&end).copied().unwrap_or_default()
    }
}

/// The sides at which a piece from one item to the next leaves and arrives. Within one column it leaves and comes back at the right.
pub(super) fn sides(order: &Order, from: usize, to: usize) -> (Side, Side) {
    match order.column(from).cmp(&order.column(to)) {
        std::cmp::Ordering::Less => (Side::Right, Side::Left),
        std::cmp::Ordering::Equal => (Side::Right, Side::Right),
        std::cmp::Ordering::Greater => (Side::Left, Side::Right),
    }
}

/// The ends at each side of each item, from top to bottom: an end whose other end is higher is higher.
fn ends(order: &Order) -> BTreeMap<(usize, Side), Vec<End>> {
    let rank: BTreeMap<usize, usize> = order
        .columns
        .iter()
        .flat_map(|column| column.items.iter().enumerate())
        .map(|(at, item)| (*item, at))
        .collect();
    let mut ends: BTreeMap<(usize, Side), Vec<Ranked>> = BTreeMap::new();
    for (line, route) in order.routes.iter().enumerate() {
        for (piece, (from, to)) in route.iter().zip(route.iter().skip(1)).enumerate() {
            let (leaves, arrives) = sides(order, *from, *to);
            let (from_rank, to_rank) = (rank.get(from).copied(), rank.get(to).copied());
            ends.entry((*from, leaves)).or_default().push((to_rank, (line, piece, true)));
            ends.entry((*to, arrives)).or_default().push((from_rank, (line, piece, false)));
        }
    }
    let sorted = |mut ends: Vec<Ranked>| {
        ends.sort();
        ends.into_iter().map(|(_, end)| end).collect()
    };
    ends.into_iter().map(|(side, ends)| (side, sorted(ends))).collect()
}

type Tops = BTreeMap<usize, (i32, i32)>;

/// Top and height of each item, the height of each end, and that of the whole. Shorter columns stand in the middle.
fn stack(
    order: &Order,
    sizes: &Sizes<'_>,
    ends: &BTreeMap<(usize, Side), Vec<End>>,
) -> (Tops, BTreeMap<End, i32>, i32) {
    let count =
        |item: usize, side| i32::try_from(ends.get(&(item, side)).map_or(0, Vec::len)).unwrap_or(i32::MAX);
    let item_height = |item: usize| match order.items.get(item) {
        Some(Item::Box(at)) => {
            let arrows = count(item, Side::Left).max(count(item, Side::Right)) * PITCH + 8;
            sizes.boxes.get(*at).map_or(0, |size| size.1).max(arrows)
        }
        _ => PITCH,
    };
    let gap = |item: usize| if matches!(order.items.get(item), Some(Item::Box(_))) { GAP } else { 4 };
    let columns: Vec<Stack> = order
        .columns
        .iter()
        .map(|column| {
            let mut y = 0;
            let mut stacked = Vec::new();
            for item in &column.items {
                stacked.push((*item, y + gap(*item) / 2, item_height(*item)));
                y += item_height(*item) + gap(*item);
            }
            (y, stacked)
        })
        .collect();
    let tallest = columns.iter().map(|(height, _)| *height).max().unwrap_or_default();
    let (mut tops, mut heights) = (Tops::new(), BTreeMap::new());
    for (column, stacked) in columns {
        for (item, top, height) in stacked {
            let top = HEAD + top + (tallest - column) / 2;
            tops.insert(item, (top, height));
            for side in [Side::Left, Side::Right] {
                heights.extend(along(top, height, ends.get(&(item, side))));
            }
        }
    }
    (tops, heights, HEAD + tallest + GAP / 2)
}

/// Ends spread evenly around the middle of a side. A label stands above its line, so the whole is a little lower.
fn along(top: i32, height: i32, ends: Option<&Vec<End>>) -> impl Iterator<Item = (End, i32)> {
    let ends = ends.map(Vec::as_slice).unwrap_or_default();
    let count = i32::try_from(ends.len()).unwrap_or(i32::MAX);
    let first = top + (height - count * PITCH) / 2 + PITCH / 2 + 4;
    ends.iter().zip(0..).map(move |(end, at)| (*end, first + at * PITCH))
}

/// Left edge and width of each column, the gutters, and the width of the whole.
fn spread(order: &Order, sizes: &Sizes<'_>) -> (Vec<(i32, i32)>, Vec<Gutter>, i32) {
    let (mut spans, mut gutters, mut x) = (Vec::new(), Vec::new(), GAP);
    for (at, column) in order.columns.iter().enumerate() {
        let boxes = column.items.iter().filter_map(|item| match order.items.get(*item) {
            Some(Item::Box(at)) => sizes.boxes.get(*at).map(|size| size.0),
            _ => None,
        });
        let width = boxes.chain(sizes.titles.get(at).copied()).max().unwrap_or_default();
        let bend_from = x + width + room(order, sizes, at, Side::Right).map_or(GAP, |label| label + GAP);
        let last = at + 1 == order.columns.len();
        let bends = !last || has_loops(order, at);
        let bend_to = bend_from + if bends { BEND } else { 0 };
        let right =
            bend_to + room(order, sizes, at + 1, Side::Left).map_or(0, |label| label + GAP).max(POINT);
        spans.push((x, width));
        gutters.push(Gutter { left: x + width, bend_from, bend_to, right });
        x = if last { if bends { bend_to } else { x + width + GAP } } else { right };
    }
    (spans, gutters, x)
}

/// The widest label of arrows that start at a side of a column.
fn room(order: &Order, sizes: &Sizes<'_>, column: usize, side: Side) -> Option<i32> {
    let starts = order.routes.iter().zip(sizes.labels).filter_map(|(route, label)| {
        let (from, to) = (route.first()?, route.get(1)?);
        (order.column(*from) == column && sides(order, *from, *to).0 == side).then_some(*label)
    });
    starts.max()
}

fn has_loops(order: &Order, column: usize) -> bool {
    order.routes.iter().any(|route| route.iter().all(|item| order.column(*item) == column))
}
