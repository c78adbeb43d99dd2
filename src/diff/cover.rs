//! Which statements answer for a flow that a side does not name.

use crate::address::PortRange;
use crate::catalog::ReadEnd;
use crate::host::{HostName, HostPattern, HostTemplate};
use crate::rule::Endpoint;

use super::need::same_need;
use super::{StatedFlow, StatedPorts, Statement};

/// The statements of a side that together let a flow pass.
pub(super) enum Cover<'a> {
    /// Each of them does alone.
    Whole(Vec<&'a Statement>),
    /// Each has a part of the ports.
    Parts(Vec<&'a Statement>),
}

impl<'a> Cover<'a> {
    /// What answers for `flow` among `statements`.
    pub(super) fn of(flow: &StatedFlow, statements: &[&'a Statement]) -> Option<Self> {
        let near: Vec<&Statement> =
            statements.iter().copied().filter(|each| covers_but_ports(&each.flow, flow)).collect();
        let whole: Vec<&Statement> =
            near.iter().copied().filter(|each| ports_cover(&each.flow.ports, &flow.ports)).collect();
        if !whole.is_empty() {
            return Some(Self::Whole(whole));
        }
        parts(&flow.ports, &near).map(Self::Parts)
    }

    /// The statements.
    pub(super) fn statements(&self) -> &[&'a Statement] {
        match self {
            Self::Whole(statements) | Self::Parts(statements) => statements,
        }
    }

    /// Whether the flow is needed in the same cases as by `other`. Parts have to agree each for itself: a port that is
    /// needed less than the others would hide behind them.
    pub(super) fn same_need(&self, other: &Self) -> bool {
        let each = |cover: &Self| -> Vec<Vec<&'a Statement>> {
            match cover {
                Self::Whole(statements) => vec![statements.clone()],
                Self::Parts(statements) => statements.iter().map(|statement| vec![*statement]).collect(),
            }
        };
        let (ours, theirs) = (each(self), each(other));
        ours.iter().all(|ours| theirs.iter().all(|theirs| same_need(ours, theirs)))
    }
}

fn covers_but_ports(wide: &StatedFlow, narrow: &StatedFlow) -> bool {
    wide.from == narrow.from
        && wide.transport == narrow.transport
        && wide.scope == narrow.scope
        && wide.source_ports.is_none_or(|ports| narrow.source_ports.is_some_and(|inner| ports.covers(inner)))
        && match (&wide.to, &narrow.to) {
            (Some(wide), Some(narrow)) => end_covers(wide, narrow),
            (wide, narrow) => wide == narrow,
        }
}

fn ports_cover(wide: &StatedPorts, narrow: &StatedPorts) -> bool {
    match (wide, narrow) {
        (StatedPorts::Range(wide), StatedPorts::Range(narrow)) => wide.covers(*narrow),
        (wide, narrow) => wide == narrow,
    }
}

/// Statements whose ranges join to all of `ports` without a hole.
fn parts<'a>(ports: &StatedPorts, near: &[&'a Statement]) -> Option<Vec<&'a Statement>> {
    let StatedPorts::Range(wanted) = ports else {
        return None;
    };
    let range = |statement: &&'a Statement| match statement.flow.ports {
        StatedPorts::Range(range) if range.overlaps(*wanted) => Some((range, *statement)),
        _ => None,
    };
    let mut ranges: Vec<(PortRange, &Statement)> = near.iter().filter_map(range).collect();
    ranges.sort_by_key(|(range, _)| *range);
    let mut next = u32::from(wanted.first().get());
    for (range, _) in &ranges {
        if u32::from(range.first().get()) > next {
            return None;
        }
        next = next.max(u32::from(range.last().get()) + 1);
    }
    (next > u32::from(wanted.last().get()))
        .then(|| ranges.into_iter().map(|(_, statement)| statement).collect())
}

/// Whether every name that `narrow` stands for is one of `wide`.
fn end_covers(wide: &ReadEnd, narrow: &ReadEnd) -> bool {
    if wide == narrow {
        return true;
    }
    let ReadEnd::Endpoint(wide) = wide else {
        return false;
    };
    match (wide, narrow) {
        (
            Endpoint::Host { pattern, at: None },
            ReadEnd::Endpoint(Endpoint::Host { pattern: inner, at: None }),
        ) => pattern.covers(inner),
        (Endpoint::Host { pattern, at: None }, ReadEnd::Endpoint(Endpoint::Url { host, .. })) => {
            pattern.covers(host)
        }
        (
            Endpoint::Url { host, path },
            ReadEnd::Endpoint(Endpoint::Url { host: inner, path: inner_path }),
        ) => host.covers(inner) && is_below(inner_path.as_str(), path.as_str()),
        (Endpoint::Host { pattern, at: None }, ReadEnd::Template { template, at: None }) => {
            below_of(template).is_some_and(|below| pattern.covers(&below))
        }
        _ => false,
    }
}

/// A path means itself and everything below it.
fn is_below(inner: &str, path: &str) -> bool {
    inner
        .strip_prefix(path)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/') || path.ends_with('/'))
}

/// The names that a template can be filled to, as a pattern that holds them all: whatever the value, what stands
/// behind the label that it ends in stays.
fn below_of(template: &HostTemplate) -> Option<HostPattern> {
    let text = template.to_string();
    let (_, tail) = text.rsplit_once('}')?;
    let (_, suffix) = tail.split_once('.')?;
    Some(HostPattern::Below { suffix: HostName::parse(suffix).ok()?, apex: false })
}
