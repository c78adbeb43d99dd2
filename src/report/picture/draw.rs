//! The shapes of a picture, as its template prints them, and the same in words.

use std::fmt::Write as _;

use serde::Serialize;

use super::gather::{Boxed, Gathered, Line, gather};
use super::layout::{LABEL, LINE, LINES, Layout, TITLE, Wire, Words};
use super::measure::cut;
use super::{Picture, place::Area};
use crate::report::escape::shown;

/// A picture to print.
#[derive(Debug, Serialize)]
pub(in crate::report) struct Drawing {
    width: i32,
    height: i32,
    columns: Vec<Panel>,
    boxes: Vec<Shape>,
    arrows: Vec<Stroke>,
    /// Whether anything in it changed, so that signs need a legend.
    changed: bool,
    /// What it shows, in a sentence.
    about: String,
    /// What it does not show, in a sentence.
    left_out: Option<String>,
    /// Every flow, also those that are left out.
    flows: Vec<Flow>,
}

#[derive(Debug, Serialize)]
struct Panel {
    area: Area,
    title: String,
    middle: i32,
}

#[derive(Debug, Serialize)]
struct Shape {
    area: Area,
    kind: &'static str,
    /// Whether it stands for several.
    several: bool,
    title: Put,
    lines: Vec<Put>,
    tip: String,
}

#[derive(Debug, Serialize)]
struct Put {
    x: i32,
    y: i32,
    text: String,
}

#[derive(Debug, Serialize)]
struct Stroke {
    path: String,
    head: String,
    change: &'static str,
    label: Put,
    ends: bool,
    tip: String,
}

/// A flow in words.
#[derive(Debug, Serialize)]
struct Flow {
    from: Vec<String>,
    to: Vec<String>,
    label: String,
    change: &'static str,
    words: &'static str,
    about: String,
}

impl Serialize for Area {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map([("x", self.x), ("y", self.y), ("width", self.width), ("height", self.height)])
    }
}

/// Draws a picture; `None` if there is nothing in it.
pub(in crate::report) fn draw(picture: &Picture) -> Option<Drawing> {
    let all = gather(picture);
    if all.boxes.is_empty() {
        return None;
    }
    let (seen, (ends, arrows)) = all.bounded();
    let words = words(&seen);
    let layout = Layout::of(&seen, &words);
    Some(Drawing {
        width: layout.width,
        height: layout.height,
        columns: layout.columns.iter().map(|(title, area)| panel(title, *area)).collect(),
        boxes: seen
            .boxes
            .iter()
            .zip(&words.boxes)
            .zip(&layout.boxes)
            .map(|((each, words), area)| shape(each, words, *area))
            .collect(),
        arrows: seen
            .lines
            .iter()
            .zip(&words.labels)
            .zip(layout.wires)
            .map(|((line, label), wire)| stroke(&seen, line, label, wire))
            .collect(),
        changed: all.lines.iter().any(|line| line.arrow.change.is_some()),
        about: about(&seen),
        left_out: left_out(ends, arrows),
        flows: all.lines.iter().map(|line| flow(&all, line)).collect(),
    })
}

fn words(seen: &Gathered) -> Words {
    let of_box = |each: &Boxed| {
        let mut lines: Vec<String> = each.node.lines.iter().map(|line| cut(&shown(line), LINE)).collect();
        let more = (!each.others.is_empty()).then(|| format!("and {} more hosts", each.others.len()));
        let room = LINES - usize::from(more.is_some());
        if lines.len() > room {
            let hidden = lines.len() + 1 - room;
            lines.truncate(room - 1);
            lines.push(format!("and {hidden} more lines"));
        }
        lines.extend(more);
        (cut(&shown(&each.node.label), TITLE), lines)
    };
    let of_line = |line: &Line| {
        let label = shown(&line.arrow.label);
        match line.arrow.change {
            Some(tone) => cut(&format!("{} {label}", tone.sign()), LABEL),
            None => cut(&label, LABEL),
        }
    };
    Words { boxes: seen.boxes.iter().map(of_box).collect(), labels: seen.lines.iter().map(of_line).collect() }
}

fn panel(title: &str, area: Area) -> Panel {
    Panel { area, title: cut(&shown(title), TITLE), middle: area.x + area.width / 2 }
}

fn shape(each: &Boxed, (title, lines): &(String, Vec<String>), area: Area) -> Shape {
    let x = area.x + 12;
    // Short boxes with many arrows have their text in the middle.
    let height = 20 + 15 * i32::try_from(lines.len()).unwrap_or_default();
    let top = area.y + (area.height - height) / 2 + 14;
    let lines = lines.iter().zip(1..).map(|(line, at)| Put { x, y: top + 2 + 15 * at, text: line.clone() });
    let tip: Vec<&str> =
        std::iter::once(&each.node.label).chain(&each.node.lines).map(String::as_str).collect();
    let mut tip = tip.join("; ");
    if !each.others.is_empty() {
        let _ = write!(tip, "; alike: {}", listed(&each.others, 40));
    }
    Shape {
        area,
        kind: each.node.kind.id(),
        several: !each.others.is_empty(),
        title: Put { x, y: top, text: title.clone() },
        lines: lines.collect(),
        tip,
    }
}

fn stroke(seen: &Gathered, line: &Line, label: &str, wire: Wire) -> Stroke {
    let flow = flow(seen, line);
    let ends = format!("{} to {}: {}", first(&flow.from), first(&flow.to), flow.label);
    let change = if flow.words.is_empty() { String::new() } else { format!(" ({})", flow.words) };
    let about = if flow.about.is_empty() { String::new() } else { format!("; {}", flow.about) };
    Stroke {
        path: wire.path,
        head: wire.head,
        change: flow.change,
        label: Put { x: wire.label_x, y: wire.label_y, text: label.to_owned() },
        ends: wire.label_ends,
        tip: format!("{ends}{change}{about}"),
    }
}

fn flow(of: &Gathered, line: &Line) -> Flow {
    let names = |end: usize| {
        let each = of.boxes.get(end);
        each.map(|each| std::iter::once(&each.node.label).chain(&each.others).cloned().collect())
            .unwrap_or_default()
    };
    Flow {
        from: names(line.from),
        to: names(line.to),
        label: line.arrow.label.clone(),
        change: line.arrow.change.map_or("same", super::Tone::id),
        words: line.arrow.change.map_or("", super::Tone::words),
        about: line.arrow.tooltip.clone(),
    }
}

fn first(names: &[String]) -> String {
    match names {
        [] => String::new(),
        [only] => only.clone(),
        [first, others @ ..] => format!("{first} and {} more hosts", others.len()),
    }
}

fn listed(names: &[String], limit: usize) -> String {
    let shown: Vec<&str> = names.iter().take(limit).map(String::as_str).collect();
    let rest = names.len() - shown.len();
    if rest == 0 { shown.join(", ") } else { format!("{} and {rest} more", shown.join(", ")) }
}

fn about(seen: &Gathered) -> String {
    let changed = seen.lines.iter().filter(|line| line.arrow.change.is_some()).count();
    let (boxes, lines) = (count(seen.boxes.len(), "end"), count(seen.lines.len(), "flow"));
    let of_them = if changed == 0 { String::new() } else { format!(", {changed} of them changed") };
    format!("{boxes} and {lines} between them{of_them}. The table below the picture says the same in words.")
}

fn left_out(ends: usize, arrows: usize) -> Option<String> {
    let parts = [(ends, "end"), (arrows, "flow")].into_iter().filter(|(number, _)| *number > 0);
    let parts: Vec<String> = parts.map(|(number, word)| count(number, word)).collect();
    (!parts.is_empty())
        .then(|| format!("The picture leaves out {}; the table below has every flow.", parts.join(" and ")))
}

fn count(number: usize, word: &str) -> String {
    format!("{number} {word}{}", if number == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_out_is_counted() {
        assert_eq!(left_out(0, 0), None);
        assert_eq!(
            left_out(34, 1).unwrap(),
            "The picture leaves out 34 ends and 1 flow; the table below has every flow."
        );
    }
}
