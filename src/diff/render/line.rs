//! Changes that read alike share a line.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use crate::diff::{Category, Change, Difference};
use crate::rule::Scope;

use super::words;

/// Changes that differ in their destination or their service only.
pub(in crate::diff) struct Line {
    pub(in crate::diff) sign: char,
    pub(in crate::diff) from: String,
    pub(in crate::diff) to: Vec<String>,
    pub(in crate::diff) services: Vec<String>,
    pub(in crate::diff) remark: String,
    pub(in crate::diff) scope: String,
    pub(in crate::diff) requirements: BTreeSet<String>,
    pub(in crate::diff) rules: Vec<String>,
    pub(in crate::diff) documents: String,
}

impl Line {
    fn of(change: &Change, difference: &Difference) -> Self {
        let local = if change.flow.scope == Scope::Local { " (on the host itself)" } else { "" };
        let mut service = change.flow.service();
        if let Some(ports) = change.flow.source_ports {
            let _ = write!(service, " from {ports}");
        }
        Self {
            sign: words::sign(change.category),
            from: words::end(change.flow.from.as_ref()),
            to: vec![format!("{}{local}", words::end(change.flow.to.as_ref()))],
            services: vec![service],
            remark: words::remark(change),
            scope: words::scope(change, difference),
            requirements: words::requirements(change),
            rules: change
                .flow
                .rule()
                .filter(|_| !change.is_negative())
                .iter()
                .map(ToString::to_string)
                .collect(),
            documents: words::documents(change, difference),
        }
    }

    /// Everything but the two lists is the same.
    fn reads_like(&self, other: &Self) -> bool {
        (&self.from, &self.remark, &self.scope, &self.requirements, &self.documents)
            == (&other.from, &other.remark, &other.scope, &other.requirements, &other.documents)
    }

    /// `agent -> a, b`; the ends alone where a negative fact names one.
    pub(in crate::diff) fn ends(&self) -> String {
        let to = self.to.join(", ");
        match (self.from.as_str(), to.as_str()) {
            (from, "") => from.to_owned(),
            ("", to) => to.to_owned(),
            (from, to) => format!("{from} -> {to}"),
        }
    }
}

/// The lines of a category: first the destinations of one service are joined, then the services of equal destinations.
pub(in crate::diff) fn lines(difference: &Difference, category: Category) -> Vec<Line> {
    let changes = difference.changes.iter().filter(|change| change.category == category);
    let single = changes.map(|change| Line::of(change, difference)).collect();
    let by_service = join(single, |a, b| a.services == b.services, |a, b| a.to.extend(b.to));
    join(by_service, |a, b| a.to == b.to, |a, b| a.services.extend(b.services))
}

fn join(lines: Vec<Line>, same: impl Fn(&Line, &Line) -> bool, take: impl Fn(&mut Line, Parts)) -> Vec<Line> {
    let mut joined: Vec<Line> = Vec::new();
    for line in lines {
        match joined.iter_mut().find(|present| present.reads_like(&line) && same(present, &line)) {
            Some(present) => {
                present.rules.extend(line.rules);
                take(present, Parts { to: line.to, services: line.services });
            }
            None => joined.push(line),
        }
    }
    joined
}

/// The lists of a line that another one takes over.
struct Parts {
    to: Vec<String>,
    services: Vec<String>,
}
