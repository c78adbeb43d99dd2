//! Which column a box stands in, and in which order, so that few arrows cross. An arrow past a column has a lane of its own in it,
//! so that it passes no box (K. Sugiyama, S. Tagawa, M. Toda, "Methods for visual understanding of hierarchical system structures", 1981).

use std::collections::{BTreeMap, BTreeSet};

use super::NodeKind;
use super::gather::{Boxed, Gathered};

/// How often the order is improved; more changes nothing that one would see.
const SWEEPS: usize = 8;
/// Columns of hosts without a zone, after the first.
const DEPTH: usize = 2;

/// A column: its title and its items from top to bottom.
#[derive(Debug)]
pub(super) struct Column {
    pub(super) title: String,
    pub(super) items: Vec<usize>,
}

/// What stands in a column: a box, or a lane for an arrow that goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Item {
    /// The box at this position.
    Box(usize),
    /// A lane.
    Lane,
}

/// Columns, items and the items that each arrow comes through, first to last.
#[derive(Debug)]
pub(super) struct Order {
    pub(super) columns: Vec<Column>,
    pub(super) items: Vec<Item>,
    pub(super) routes: Vec<Vec<usize>>,
    /// The column of each item.
    column: Vec<usize>,
}

impl Order {
    /// The order of a picture.
    pub(super) fn of(gathered: &Gathered) -> Self {
        let (mut columns, column) = columns(gathered);
        for (at, place) in column.iter().enumerate() {
            columns.extend_items(*place, at);
        }
        let items = (0..gathered.boxes.len()).map(Item::Box).collect();
        let mut order = Self { columns, items, routes: Vec::new(), column };
        for line in &gathered.lines {
            let route = order.route(line.from, line.to);
            order.routes.push(route);
        }
        order.improve();
        order
    }

    /// The column of an item.
    pub(super) fn column(&self, item: usize) -> usize {
        self.column.get(item).copied().unwrap_or_default()
    }

    fn route(&mut self, from: usize, to: usize) -> Vec<usize> {
        let (start, end) = (self.column(from), self.column(to));
        let between: Vec<usize> =
            if start < end { (start + 1..end).collect() } else { (end + 1..start).rev().collect() };
        let mut route = vec![from];
        for column in between {
            route.push(self.items.len());
            self.columns.extend_items(column, self.items.len());
            self.items.push(Item::Lane);
            self.column.push(column);
        }
        route.push(to);
        route
    }

    /// Each item goes to the mean height of those that it is joined with, column by column, there and back.
    fn improve(&mut self) {
        let mut joined: Vec<Vec<usize>> = vec![Vec::new(); self.items.len()];
        let pairs = self.routes.iter().flat_map(|route| route.iter().zip(route.iter().skip(1)));
        for (a, b) in pairs.filter(|(a, b)| self.column(**a) != self.column(**b)) {
            joined.get_mut(*a).into_iter().for_each(|items| items.push(*b));
            joined.get_mut(*b).into_iter().for_each(|items| items.push(*a));
        }
        for sweep in 0..SWEEPS {
            for step in 0..self.columns.len() {
                let at = if sweep % 2 == 0 { step } else { self.columns.len() - 1 - step };
                let heights = self.heights();
                let Some(column) = self.columns.get_mut(at) else { continue };
                column
                    .items
                    .sort_by(|a, b| wish(*a, &joined, &heights).total_cmp(&wish(*b, &joined, &heights)));
            }
        }
    }

    /// The place of each item in its column, from 0 (top) to 1.
    #[expect(clippy::cast_precision_loss, reason = "a column has few items")]
    fn heights(&self) -> Vec<f64> {
        let mut heights = vec![0.0; self.items.len()];
        for column in &self.columns {
            for (at, item) in column.items.iter().enumerate() {
                heights.get_mut(*item).into_iter().for_each(|height| {
                    *height = (at as f64 + 0.5) / column.items.len() as f64;
                });
            }
        }
        heights
    }
}

trait ExtendItems {
    fn extend_items(&mut self, column: usize, item: usize);
}

impl ExtendItems for Vec<Column> {
    fn extend_items(&mut self, column: usize, item: usize) {
        self.get_mut(column).into_iter().for_each(|column| column.items.push(item));
    }
}

#[expect(clippy::cast_precision_loss, reason = "few items are joined with one")]
fn wish(item: usize, joined: &[Vec<usize>], heights: &[f64]) -> f64 {
    let height = |item: usize| heights.get(item).copied().unwrap_or_default();
    match joined.get(item).filter(|others| !others.is_empty()) {
        Some(others) => others.iter().map(|other| height(*other)).sum::<f64>() / others.len() as f64,
        None => height(item),
    }
}

/// What a column is of: a part of the picture, a zone, or how many others stand before hosts of no zone.
type Key = (NodeKind, usize, Option<String>);

/// The columns from left to right, and the column of each box: zones of hosts, then those that have proxies, then everything else. Zones of a
/// part stand in the order in which they are named.
fn columns(gathered: &Gathered) -> (Vec<Column>, Vec<usize>) {
    let parts = parts(&gathered.boxes);
    let depths = depths(gathered);
    let key = |(each, depth): (&Boxed, &usize)| -> Key {
        let zone = zone(each);
        let of_zone = zone.as_ref().and_then(|zone| parts.get(zone)).copied();
        (of_zone.unwrap_or_else(|| part(each)), *depth, zone)
    };
    let of_box: Vec<Key> = gathered.boxes.iter().zip(&depths).map(key).collect();
    let mut keys: Vec<Key> = Vec::new();
    for key in &of_box {
        if !keys.contains(key) {
            keys.push(key.clone());
        }
    }
    keys.sort_by_key(|(part, depth, _)| (*part, *depth));
    let places = of_box.iter().map(|key| keys.iter().position(|known| known == key).unwrap_or_default());
    let places = places.collect();
    let columns = keys.iter().map(|key| Column { title: title(key), items: Vec::new() });
    (columns.collect(), places)
}

fn title((part, depth, zone): &Key) -> String {
    match zone {
        Some(zone) => format!("zone {zone}"),
        None if *depth > 0 => "Hosts that answer".to_owned(),
        None => part.words().to_owned(),
    }
}

/// Cloud and outside share a part, and have no zones.
fn part(each: &Boxed) -> NodeKind {
    each.node.kind.min(NodeKind::Cloud)
}

fn zone(each: &Boxed) -> Option<String> {
    each.node.zone.clone().filter(|_| part(each) != NodeKind::Cloud)
}

/// The part of each zone: that of proxies if it has one.
fn parts(boxes: &[Boxed]) -> BTreeMap<String, NodeKind> {
    let mut parts = BTreeMap::new();
    for each in boxes {
        if let Some(zone) = zone(each) {
            let known = parts.entry(zone).or_insert(NodeKind::Host);
            *known = part(each).max(*known);
        }
    }
    parts
}

/// How many hosts at most, up to [`DEPTH`], connect one to the next before it comes to each host of no zone; 0 for all other boxes. Hosts that
/// connect to each other stand in the same column.
fn depths(gathered: &Gathered) -> Vec<usize> {
    let free = |at: usize| {
        gathered
            .boxes
            .get(at)
            .is_some_and(|each| each.node.kind == NodeKind::Host && each.node.zone.is_none())
    };
    let pairs: BTreeSet<(usize, usize)> = gathered.lines.iter().map(|line| (line.from, line.to)).collect();
    let one_way = |(from, to): &&(usize, usize)| free(*from) && free(*to) && !pairs.contains(&(*to, *from));
    let pairs: Vec<(usize, usize)> = pairs.iter().filter(one_way).copied().collect();
    let mut depths = vec![0; gathered.boxes.len()];
    for _ in 0..DEPTH {
        for (from, to) in &pairs {
            let deeper = depths.get(*from).map_or(0, |depth| depth + 1).min(DEPTH);
            depths.get_mut(*to).into_iter().for_each(|depth| *depth = deeper.max(*depth));
        }
    }
    depths
}
