//! A report in which every text tries to become something else.

use portbook::address::Prefix;
use portbook::report::{
    AddressChange, AddressRow, Arrow, ArtifactRow, Citation, Entry, Node, NodeKind, Picture, Report,
    RuleLoss, RuleRow, RuleTable, Section, Tally, Tone,
};
use portbook::target::Effect;

use super::{text, texts};

/// The report whose texts are all `evil`.
pub(crate) fn hostile(evil: &str) -> Report {
    let title = text(evil);
    Report {
        title: title.clone(),
        subtitle: vec![title.clone()],
        summary: vec![Tally { label: title.clone(), count: 1, tone: Tone::Bad }],
        changes: vec![Section { title: title.clone(), tone: Tone::More, entries: vec![entry(evil)] }],
        picture: Some(picture(evil)),
        addresses: Some(addresses(evil)),
        rules: RuleTable { title: title.clone(), ids: title.clone(), rows: vec![rule(evil)] },
        artifacts: vec![ArtifactRow {
            target: title.clone(),
            file: title.clone(),
            changed: title.clone(),
            tone: Some(Tone::Bad),
            ..ArtifactRow::default()
        }],
        notes: vec![title],
    }
}

fn citation(evil: &str) -> Citation {
    Citation {
        document: text(evil),
        edition: text(evil),
        requirement: text(evil),
        documented_as: Some(text(evil)),
    }
}

fn entry(evil: &str) -> Entry {
    Entry {
        sign: text(evil),
        from: text(evil),
        to: vec![text(evil); 12],
        service: text(evil),
        remarks: vec![text(evil)],
        rules: texts(&[evil, "r-unknown"]),
        sources: vec![citation(evil); 9],
        targets: vec![text(evil)],
    }
}

fn picture(evil: &str) -> Picture {
    let cloud =
        Node { id: text("b"), label: text(evil), kind: NodeKind::Cloud, zone: None, lines: Vec::new() };
    let host = Node {
        id: text(evil),
        kind: NodeKind::Host,
        zone: Some(text(evil)),
        lines: vec![text(evil); 9],
        ..cloud.clone()
    };
    let arrow = Arrow {
        from: text(evil),
        to: text("nobody knows"),
        label: text(evil),
        change: Some(Tone::More),
        tooltip: text(evil),
    };
    Picture { nodes: vec![host, cloud], arrows: vec![arrow] }
}

fn addresses(evil: &str) -> AddressChange {
    let row = AddressRow {
        name: text(evil),
        added: texts(&["10.0.0.0/8"]),
        removed: Vec::new(),
        counts: text(evil),
        rules: vec![text(evil)],
    };
    AddressChange {
        added: Prefix::parse("10.0.0.0/8").unwrap().into(),
        rows: vec![row],
        ..AddressChange::default()
    }
}

fn rule(evil: &str) -> RuleRow {
    let loss = RuleLoss { target: text(evil), code: text(evil), effect: Effect::Wider, detail: text(evil) };
    RuleRow {
        id: text(evil),
        group: Some(text(evil)),
        from: text(evil),
        to: vec![text(evil)],
        service: text(evil),
        need: text(evil),
        way: Some(text(evil)),
        purposes: vec![text(evil)],
        notes: vec![text(evil)],
        citations: vec![citation(evil)],
        losses: vec![loss],
        targets: vec![text(evil)],
        changed: Some(Tone::More),
    }
}
