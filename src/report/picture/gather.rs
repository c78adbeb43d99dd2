//! What the picture shows: hosts that are alike become one box, and what is too much is left out and counted.

use std::collections::{BTreeMap, BTreeSet};

use super::{Arrow, Node, NodeKind, Picture};
use crate::report::Tone;

/// Boxes of a picture at most.
const BOXES: usize = 40;
/// Arrows of a picture at most.
const LINES: usize = 60;
/// So many hosts that are alike still stand by themselves.
const ALIKE: usize = 3;

/// One end of the picture, or several hosts with the same zone and the same flows.
#[derive(Debug, Clone)]
pub(super) struct Boxed {
    pub(super) node: Node,
    /// The labels of the others that are like it.
    pub(super) others: Vec<String>,
}

/// One arrow between boxes, by their positions.
#[derive(Debug, Clone)]
pub(super) struct Line {
    pub(super) from: usize,
    pub(super) to: usize,
    pub(super) arrow: Arrow,
}

/// Boxes and arrows.
#[derive(Debug, Clone, Default)]
pub(super) struct Gathered {
    pub(super) boxes: Vec<Boxed>,
    pub(super) lines: Vec<Line>,
}

/// What a host has to share with another to be alike: zone, and for each flow whether it opens it, the other end, the ports, the change.
type Likeness<'a> = (&'a Option<String>, Flows<'a>);

/// The flows of one host.
type Flows<'a> = BTreeSet<(bool, usize, &'a str, Option<Tone>)>;

/// All of a picture, with equal hosts in one box.
pub(super) fn gather(picture: &Picture) -> Gathered {
    let nodes = all_ends(picture);
    let places: BTreeMap<&str, usize> =
        nodes.iter().enumerate().rev().map(|(at, node)| (node.id.as_str(), at)).collect();
    let place = |id: &str| places.get(id).copied().unwrap_or_default();
    let ends: Vec<(usize, usize)> =
        picture.arrows.iter().map(|arrow| (place(&arrow.from), place(&arrow.to))).collect();
    let groups = groups(&nodes, picture, &ends);
    let mut boxes = Vec::new();
    let mut home: BTreeMap<usize, usize> = BTreeMap::new();
    for members in groups.values() {
        home.extend(members.iter().map(|member| (*member, boxes.len())));
        let mut members = members.iter().filter_map(|at| nodes.get(*at));
        if let Some(node) = members.next() {
            boxes
                .push(Boxed { node: node.clone(), others: members.map(|node| node.label.clone()).collect() });
        }
    }
    let at = |end: usize| home.get(&end).copied().unwrap_or_default();
    let mut seen = BTreeSet::new();
    let lines = picture.arrows.iter().zip(&ends).map(|(arrow, (from, to))| Line {
        from: at(*from),
        to: at(*to),
        arrow: arrow.clone(),
    });
    let lines =
        lines.filter(|line| seen.insert((line.from, line.to, line.arrow.label.clone(), line.arrow.change)));
    Gathered { lines: lines.collect(), boxes }
}

/// The nodes, and a node for every end of an arrow that none has: an arrow is never lost.
fn all_ends(picture: &Picture) -> Vec<Node> {
    let mut known: BTreeSet<&str> = picture.nodes.iter().map(|node| node.id.as_str()).collect();
    let mut nodes = picture.nodes.clone();
    for id in picture.arrows.iter().flat_map(|arrow| [arrow.from.as_str(), arrow.to.as_str()]) {
        if known.insert(id) {
            nodes.push(Node {
                id: id.to_owned(),
                label: id.to_owned(),
                kind: NodeKind::Outside,
                zone: None,
                lines: Vec::new(),
            });
        }
    }
    nodes
}

/// The positions of the nodes of each box, by the position of its first.
fn groups(nodes: &[Node], picture: &Picture, ends: &[(usize, usize)]) -> BTreeMap<usize, Vec<usize>> {
    let mut flows: BTreeMap<usize, Flows<'_>> = BTreeMap::new();
    for (arrow, (from, to)) in picture.arrows.iter().zip(ends) {
        flows.entry(*from).or_default().insert((true, *to, &arrow.label, arrow.change));
        flows.entry(*to).or_default().insert((false, *from, &arrow.label, arrow.change));
    }
    let mut alike: BTreeMap<Likeness<'_>, Vec<usize>> = BTreeMap::new();
    let mut groups = BTreeMap::new();
    for (at, node) in nodes.iter().enumerate() {
        if node.kind == NodeKind::Host {
            alike.entry((&node.zone, flows.remove(&at).unwrap_or_default())).or_default().push(at);
        } else {
            groups.insert(at, vec![at]);
        }
    }
    for members in alike.into_values() {
        match members.first() {
            Some(first) if members.len() > ALIKE => drop(groups.insert(*first, members)),
            _ => groups.extend(members.into_iter().map(|at| (at, vec![at]))),
        }
    }
    groups
}

impl Gathered {
    /// The part that a picture of a bounded size shows: what changed first, then in the order given. The second is what is left out:
    /// ends and arrows.
    pub(super) fn bounded(&self) -> (Self, (usize, usize)) {
        let mut urgent: Vec<usize> = (0..self.lines.len()).collect();
        urgent.sort_by_key(|at| {
            self.lines.get(*at).map(|line| line.arrow.change.map_or(u8::MAX, |tone| tone as u8))
        });
        let (mut boxes, mut lines) = (BTreeSet::new(), BTreeSet::new());
        for (at, line) in urgent.into_iter().filter_map(|at| self.lines.get(at).map(|line| (at, line))) {
            let more = [line.from, line.to].into_iter().filter(|end| !boxes.contains(end)).count();
            if lines.len() < LINES && boxes.len() + more <= BOXES {
                boxes.extend([line.from, line.to]);
                lines.insert(at);
            }
        }
        for at in 0..self.boxes.len() {
            if boxes.len() < BOXES {
                boxes.insert(at);
            }
        }
        let places: BTreeMap<usize, usize> = boxes.iter().enumerate().map(|(to, from)| (*from, to)).collect();
        let place = |end: usize| places.get(&end).copied().unwrap_or_default();
        let kept = lines.iter().filter_map(|at| self.lines.get(*at));
        let shown = Self {
            boxes: boxes.iter().filter_map(|at| self.boxes.get(*at)).cloned().collect(),
            lines: kept
                .map(|line| Line { from: place(line.from), to: place(line.to), arrow: line.arrow.clone() })
                .collect(),
        };
        let ends = |of: &Self| of.boxes.iter().map(|each| 1 + each.others.len()).sum::<usize>();
        let left_out = (ends(self) - ends(&shown), self.lines.len() - shown.lines.len());
        (shown, left_out)
    }
}
