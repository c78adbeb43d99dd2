//! The flow picture as it stands in a page.

use portbook::report::{Arrow, Node, NodeKind, Picture, Report, Tone, page};
use proptest::prelude::*;

use crate::sample;

fn drawn(picture: Picture) -> String {
    let page = page(&[Report { picture: Some(picture), ..Report::default() }]).unwrap();
    page.split_once("<svg class=\"flow\"").map(|(_, rest)| rest.to_owned()).unwrap_or_default()
}

fn svg(drawn: &str) -> &str {
    drawn.split("</svg>").next().unwrap()
}

/// Left, top, right and bottom edge.
type Edges = (i32, i32, i32, i32);

fn number(tag: &str, attribute: &str) -> i32 {
    let start = format!(" {attribute}=\"");
    tag.split_once(&start).unwrap().1.split('"').next().unwrap().parse().unwrap()
}

fn boxes(svg: &str) -> Vec<Edges> {
    let rects = svg.split("<rect class=\"front\"").skip(1).map(|piece| piece.split('>').next().unwrap());
    let edges = |tag: &str| {
        let (x, y) = (number(tag, "x"), number(tag, "y"));
        (x, y, x + number(tag, "width"), y + number(tag, "height"))
    };
    rects.map(edges).collect()
}

/// The room that the labels of arrows take: 7 px a character, 11 px high, the line right below.
fn labels(svg: &str) -> Vec<Edges> {
    let texts = svg.split("<text class=\"ports ").skip(1);
    texts
        .map(|piece| {
            let (tag, rest) = piece.split_once('>').unwrap();
            let tag = format!(" {tag}");
            let text = rest.split("</text>").next().unwrap().replace("&amp;", "&");
            let (x, y, width) =
                (number(&tag, "x"), number(&tag, "y"), 7 * i32::try_from(text.chars().count()).unwrap());
            if tag.contains("ends") { (x - width, y - 10, x, y + 2) } else { (x, y - 10, x + width, y + 2) }
        })
        .collect()
}

fn overlap(a: Edges, b: Edges) -> bool {
    a.0 < b.2 && b.0 < a.2 && a.1 < b.3 && b.1 < a.3
}

fn nothing_overlaps(svg: &str) -> Result<(), TestCaseError> {
    let areas: Vec<Edges> = boxes(svg).into_iter().chain(labels(svg)).collect();
    for (at, a) in areas.iter().enumerate() {
        for b in areas.iter().skip(at + 1) {
            prop_assert!(!overlap(*a, *b), "{a:?} and {b:?}");
        }
    }
    Ok(())
}

#[test]
fn the_sample_has_all_its_parts_and_nothing_overlaps() {
    let drawn = drawn(sample::picture());
    let svg = svg(&drawn);
    nothing_overlaps(svg).unwrap();
    for zone in ["tier0", "servers", "perimeter", "branches", "dmz"] {
        assert!(svg.contains(&format!(">zone {zone}</text>")), "{zone}");
    }
    assert!(svg.contains("Cloud and outside") && svg.contains("role=\"img\""));
    assert!(svg.contains(">+ TCP 443</text>") && svg.contains(">\u{2212} TCP 49443</text>"));
    // Hosts stand left of proxies, and proxies left of the cloud.
    let left = |name: &str| {
        let before = svg.split_once(&format!(">{name}</text>")).unwrap().0;
        number(before.rsplit_once("<text").unwrap().1, "x")
    };
    assert!(left("agents") < left("egress") && left("egress") < left("Azure public cloud"));
}

#[test]
fn hosts_that_are_alike_are_one_box_and_all_are_told() {
    let drawn = drawn(sample::picture());
    assert!(svg(&drawn).contains(">branch-01</text>") && svg(&drawn).contains(">and 34 more hosts</text>"));
    assert!(!svg(&drawn).contains(">branch-02</text>"));
    assert!(drawn.contains("branch-35<br>"), "the table names every host");
}

fn host(at: usize) -> Node {
    Node {
        id: format!("h{at}"),
        label: format!("host {at}"),
        kind: NodeKind::Host,
        zone: Some(format!("z{}", at % 4)),
        lines: Vec::new(),
    }
}

fn arrow(from: usize, to: usize, port: usize, change: Option<Tone>) -> Arrow {
    Arrow {
        from: format!("h{from}"),
        to: format!("h{to}"),
        label: format!("TCP {port}"),
        change,
        tooltip: String::new(),
    }
}

#[test]
fn a_picture_is_bounded_and_says_what_it_leaves_out() {
    let arrows = (0..300).map(|at| arrow(at, (at * 7 + 1) % 300, at, (at == 299).then_some(Tone::More)));
    let drawn = drawn(Picture { nodes: (0..300).map(host).collect(), arrows: arrows.collect() });
    let svg = svg(&drawn);
    assert_eq!(boxes(svg).len(), 40);
    assert!(labels(svg).len() <= 60);
    assert!(svg.contains(">+ TCP 299</text>"), "what changed is shown first");
    let left_out = 300 - labels(svg).len();
    assert!(drawn.contains(&format!("The picture leaves out 260 ends and {left_out} flows")));
    assert_eq!(drawn.matches(" data-always>").count(), 300, "the table has every flow");
}

#[test]
fn an_end_that_no_node_has_is_drawn() {
    let drawn =
        drawn(Picture { nodes: Vec::new(), arrows: vec![arrow(1, 1, 53, None), arrow(1, 2, 443, None)] });
    assert!(svg(&drawn).contains(">h1</text>") && svg(&drawn).contains(">h2</text>"));
    nothing_overlaps(svg(&drawn)).unwrap();
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_box_and_no_label_lies_upon_another(
        kinds in prop::collection::vec((0_usize..4, prop::option::of(0_usize..3), 0_usize..7), 1..12),
        ends in prop::collection::vec((0_usize..12, 0_usize..12, 1_usize..65_536, 0_usize..5), 0..30),
    ) {
        let all = [NodeKind::Host, NodeKind::Proxy, NodeKind::Cloud, NodeKind::Outside];
        let nodes = kinds.iter().enumerate().map(|(at, (kind, zone, lines))| Node {
            kind: all[*kind],
            zone: zone.map(|zone| format!("zone with a long name {zone}")),
            lines: vec!["192.0.2.1, 198.51.100.22".to_owned(); *lines],
            ..host(at)
        });
        let change = |at: usize| Tone::ALL.get(at).copied();
        let arrows = ends.iter().map(|(from, to, port, tone)| arrow(from % kinds.len(), to % kinds.len(), *port, change(*tone)));
        let picture = Picture { nodes: nodes.collect(), arrows: arrows.collect() };
        let drawn = drawn(picture);
        nothing_overlaps(svg(&drawn))?;
    }
}
