//! Two lists of statements become changes.

use std::collections::{BTreeMap, BTreeSet};

use crate::catalog::Demand;
use crate::host::HostPattern;

use super::cover::Cover;
use super::need::same_need;
use super::{Category, Change, StatedFlow, Statement, Wording};

/// What differs between two lists of statements, by category and flow.
///
/// Flows are matched first. A flow that only one side names is looked up among the patterns of the other: what they
/// hold is not lost. For every flow of both sides, need and words are compared.
pub fn compare(old: &[Statement], new: &[Statement]) -> Vec<Change> {
    let (old, new) = (Statements::of(old), Statements::of(new));
    let mut changes: Vec<Change> =
        old.keys(&new).into_iter().filter_map(|key| change(key, &old, &new)).collect();
    changes.sort_by(|a, b| (a.category, &a.flow).cmp(&(b.category, &b.flow)));
    changes
}

/// What is matched: the flow, and for negative facts what they say of it.
type Key<'a> = (Option<Demand>, &'a StatedFlow);

struct Statements<'a> {
    by_key: BTreeMap<Key<'a>, Vec<&'a Statement>>,
    needs: Vec<&'a Statement>,
}

impl<'a> Statements<'a> {
    fn of(statements: &'a [Statement]) -> Self {
        let mut by_key: BTreeMap<Key<'_>, Vec<&Statement>> = BTreeMap::new();
        for statement in statements {
            let denial = Some(statement.demand).filter(|demand| demand.is_negative());
            let same = by_key.entry((denial, &statement.flow)).or_default();
            if !same.contains(&statement) {
                same.push(statement);
            }
        }
        let needs = statements.iter().filter(|statement| !statement.demand.is_negative()).collect();
        Self { by_key, needs }
    }

    fn keys(&self, other: &Self) -> BTreeSet<Key<'a>> {
        self.by_key.keys().chain(other.by_key.keys()).copied().collect()
    }

    fn at(&self, key: Key<'a>) -> &[&'a Statement] {
        self.by_key.get(&key).map_or(&[], Vec::as_slice)
    }
}

fn change<'a>(key: Key<'a>, old: &Statements<'a>, new: &Statements<'a>) -> Option<Change> {
    let (was, is) = (old.at(key), new.at(key));
    let blank = Change {
        category: Category::Wording,
        flow: key.1.clone(),
        old: owned(was),
        new: owned(is),
        covered_by: Vec::new(),
        wordings: Vec::new(),
        scenarios: BTreeSet::new(),
        clouds: BTreeSet::new(),
    };
    match (key.0, was.is_empty(), is.is_empty()) {
        (_, true, true) => None,
        (_, false, false) => kept(key, blank, old, new),
        // A text that forbids more allows less.
        (Some(_), true, false) => Some(Change { category: Category::Narrowed, ..blank }),
        (Some(_), false, true) => Some(Change { category: Category::Widened, ..blank }),
        (None, true, false) => Some(one_sided(key.1, blank, Category::Widened, new, old)),
        (None, false, true) => Some(one_sided(key.1, blank, Category::Narrowed, old, new)),
    }
}

fn owned(statements: &[&Statement]) -> Vec<Statement> {
    statements.iter().map(|statement| (*statement).clone()).collect()
}

/// A flow that only `naming` names: opened or closed, unless patterns of `other` hold it.
fn one_sided(
    flow: &StatedFlow,
    blank: Change,
    alone: Category,
    naming: &Statements<'_>,
    other: &Statements<'_>,
) -> Change {
    let (Some(here), Some(there)) = (Cover::of(flow, &naming.needs), Cover::of(flow, &other.needs)) else {
        return Change { category: alone, ..blank };
    };
    let category = if here.same_need(&there) { Category::SameInEffect } else { Category::NeedChanged };
    Change { category, covered_by: owned(there.statements()), ..blank }
}

/// A flow that both sides name.
fn kept<'a>(key: Key<'a>, mut blank: Change, old: &Statements<'a>, new: &Statements<'a>) -> Option<Change> {
    let (was, is) = (old.at(key), new.at(key));
    blank.wordings = wordings(was, is);
    let need = key.0.is_none() && !same_need(was, is);
    let mended = was.iter().any(|each| slipped(each)) != is.iter().any(|each| slipped(each));
    blank.category = match (need, mended) {
        (true, _) => by_effect(key.1, old, new),
        (false, true) => Category::Corrected,
        (false, false) => Category::Wording,
    };
    (need || mended || !blank.wordings.is_empty()).then_some(blank)
}

/// A need that differs may make no difference: a pattern of both sides may ask for the flow in all those cases.
fn by_effect(flow: &StatedFlow, old: &Statements<'_>, new: &Statements<'_>) -> Category {
    let covers = (Cover::of(flow, &old.needs), Cover::of(flow, &new.needs));
    match covers {
        (Some(was), Some(is)) if was.same_need(&is) => Category::SameInEffect,
        _ => Category::NeedChanged,
    }
}

/// Whether the text misspells its destination, or misplaces a wildcard in it.
fn slipped(statement: &Statement) -> bool {
    let misplaced = || {
        statement.documented_as.contains('*')
            && !statement.documented_as.contains([' ', '/', '{', '<'])
            && HostPattern::parse(&statement.documented_as).is_err()
    };
    statement.slip.is_some() || misplaced()
}

/// A text of a statement, by its name.
type Told = (&'static str, fn(&Statement) -> String);

const TOLD: [Told; 5] = [
    ("need", Statement::need_words),
    ("documented-as", |statement| statement.documented_as.clone()),
    ("documented-ports", |statement| statement.documented_ports.clone()),
    ("tls-inspection", |statement| {
        statement.tls_inspection.map_or_else(String::new, |word| word.as_str().to_owned())
    }),
    ("purpose", |statement| statement.purpose.clone()),
];

/// The texts that differ. Documents of both sides are compared with themselves: that another one states the flow too is
/// told once, and not as a change of every text.
fn wordings(was: &[&Statement], is: &[&Statement]) -> Vec<Wording> {
    let documents = |statements: &[&Statement]| -> BTreeSet<String> {
        statements.iter().map(|statement| statement.source.document.to_string()).collect()
    };
    let (old, new) = (documents(was), documents(is));
    let shared: BTreeSet<&String> = old.intersection(&new).collect();
    let compared = |statement: &&&Statement| {
        shared.is_empty() || shared.contains(&statement.source.document.to_string())
    };
    let (was, is): (Vec<&Statement>, Vec<&Statement>) =
        (was.iter().filter(compared).copied().collect(), is.iter().filter(compared).copied().collect());
    let also = (!shared.is_empty() && old != new).then(|| Wording {
        of: "stated-by",
        old: joined(&old),
        new: joined(&new),
    });
    let mut wordings: Vec<Wording> = Vec::new();
    for wording in TOLD.iter().filter_map(|told| wording(told, &was, &is)).chain(also) {
        // The words of a negative fact stand for all that it says.
        if !wordings.iter().any(|told| (&told.old, &told.new) == (&wording.old, &wording.new)) {
            wordings.push(wording);
        }
    }
    wordings
}

fn wording((of, text): &Told, was: &[&Statement], is: &[&Statement]) -> Option<Wording> {
    let texts = |statements: &[&Statement]| -> BTreeSet<String> {
        statements.iter().map(|statement| text(statement)).collect()
    };
    let (old, new) = (texts(was), texts(is));
    // Ports and transports that come or go are flows of their own; what is left is a transport that is now said.
    let said = |texts: &BTreeSet<String>| texts.iter().all(|text| text.contains('/'));
    let elsewhere = *of == "documented-ports" && said(&old) && said(&new);
    (old != new && !elsewhere).then(|| Wording { of, old: joined(&old), new: joined(&new) })
}

fn joined(texts: &BTreeSet<String>) -> String {
    texts.iter().map(String::as_str).collect::<Vec<_>>().join("; ")
}
