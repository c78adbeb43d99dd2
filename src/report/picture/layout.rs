//! Boxes and arrows with their places.

use std::fmt::Write as _;

use super::gather::Gathered;
use super::measure;
use super::order::Order;
use super::place::{Area, Gutter, Places, Side, Sizes, sides};

/// Characters of a box's title, of its lines, and of an arrow's label at most; the tooltip has the whole.
pub(super) const TITLE: i32 = 30;
pub(super) const LINE: i32 = 30;
pub(super) const LABEL: i32 = 26;
/// Lines of a box at most.
pub(super) const LINES: usize = 5;

/// What a box and an arrow say, cut to their room.
pub(super) struct Words {
    /// By box: title, lines.
    pub(super) boxes: Vec<(String, Vec<String>)>,
    /// By arrow.
    pub(super) labels: Vec<String>,
}

/// Where an arrow goes, and where its label stands.
pub(super) struct Wire {
    pub(super) path: String,
    pub(super) head: String,
    pub(super) label_x: i32,
    pub(super) label_y: i32,
    /// Whether the label ends at its place; it starts there else.
    pub(super) label_ends: bool,
}

/// Everything in its place.
pub(super) struct Layout {
    pub(super) width: i32,
    pub(super) height: i32,
    /// Title and place of each column.
    pub(super) columns: Vec<(String, Area)>,
    /// By box.
    pub(super) boxes: Vec<Area>,
    /// By arrow.
    pub(super) wires: Vec<Wire>,
}

impl Layout {
    /// Lays out what is shown.
    pub(super) fn of(gathered: &Gathered, words: &Words) -> Self {
        let order = Order::of(gathered);
        let boxes: Vec<(i32, i32)> =
            words.boxes.iter().map(|(title, lines)| box_size(title, lines)).collect();
        let titles: Vec<i32> =
            order.columns.iter().map(|column| measure::title(&measure::cut(&column.title, TITLE))).collect();
        let labels: Vec<i32> = words.labels.iter().map(|label| measure::small(label)).collect();
        let places = Places::of(&order, &Sizes { boxes: &boxes, titles: &titles, labels: &labels });
        let wires = (0..order.routes.len()).map(|line| wire(&order, &places, line)).collect();
        Self {
            width: places.width,
            height: places.height,
            columns: order.columns.iter().map(|column| column.title.clone()).zip(places.columns).collect(),
            boxes: (0..boxes.len()).map(|at| places.boxes.get(&at).copied().unwrap_or_default()).collect(),
            wires,
        }
    }
}

fn box_size(title: &str, lines: &[String]) -> (i32, i32) {
    let widest = lines.iter().map(|line| measure::small(line)).max().unwrap_or_default();
    let height = 34 + 15 * i32::try_from(lines.len()).unwrap_or_default();
    (measure::title(title).max(widest).max(90) + 24, height)
}

/// The way of one arrow, piece by piece through the gutters.
fn wire(order: &Order, places: &Places, line: usize) -> Wire {
    let route = order.routes.get(line).map(Vec::as_slice).unwrap_or_default();
    let mut wire =
        Wire { path: String::new(), head: String::new(), label_x: 0, label_y: 0, label_ends: false };
    for (piece, (from, to)) in route.iter().zip(route.iter().skip(1)).enumerate() {
        let (start, end) = (places.height_of((line, piece, true)), places.height_of((line, piece, false)));
        let (leaves, arrives) = sides(order, *from, *to);
        let gutter = match leaves {
            Side::Right => places.gutters.get(order.column(*from)),
            Side::Left => places.gutters.get(order.column(*to)),
        };
        let gutter = gutter.copied().unwrap_or_default();
        if piece == 0 {
            wire.begin(leaves, &gutter, start);
        }
        wire.bend((leaves, arrives), &gutter, (start, end), piece + 2 == route.len());
    }
    wire
}

impl Wire {
    fn begin(&mut self, leaves: Side, gutter: &Gutter, height: i32) {
        let (x, label_x) = match leaves {
            Side::Right => (gutter.left, gutter.left + 8),
            Side::Left => (gutter.right, gutter.right - 8),
        };
        self.path = format!("M{x},{height}");
        (self.label_x, self.label_y, self.label_ends) = (label_x, height - 5, leaves == Side::Left);
    }

    /// A piece: straight past the labels, a bend, straight to the other side. The last one has a head.
    fn bend(
        &mut self,
        (leaves, arrives): (Side, Side),
        gutter: &Gutter,
        (start, end): (i32, i32),
        last: bool,
    ) {
        let (from, to) = match (leaves, arrives) {
            (Side::Right, Side::Left) => (gutter.bend_from, gutter.bend_to),
            (Side::Left, _) => (gutter.bend_to, gutter.bend_from),
            (Side::Right, Side::Right) => (gutter.bend_from, gutter.bend_from),
        };
        let (first, second) = match (leaves, arrives) {
            (Side::Right, Side::Right) => (from + 44, from + 44),
            _ => (i32::midpoint(from, to), i32::midpoint(from, to)),
        };
        let edge = if arrives == Side::Left { gutter.right } else { gutter.left };
        let inward = if arrives == Side::Left { -1 } else { 1 };
        let stop = if last { edge + 7 * inward } else { edge };
        let _ = write!(self.path, " H{from} C{first},{start} {second},{end} {to},{end} H{stop}");
        if last {
            let back = edge + 10 * inward;
            self.head = format!("M{edge},{end} L{back},{} L{back},{}z", end - 5, end + 5);
        }
    }
}
