//! Targets of two builds: which is which, what they hold now, and whether they are written.

use std::collections::BTreeSet;

use crate::manifest::{Manifest, TargetRecord};
use crate::rule::RuleId;

use super::TargetName;

/// A target that holds other rules of both builds, stands elsewhere, came, went, or is refused now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TargetChange {
    /// The target, as the newer build has it; as the older one has it if it is gone.
    pub target: TargetName,
    /// What changed, beside its rules.
    pub what: Vec<String>,
    /// Rules of both builds that it holds now.
    pub gained: Vec<RuleId>,
    /// Rules of both builds that it held.
    pub lost: Vec<RuleId>,
}

/// A target in the older and in the newer build.
pub(super) type Pair<'m> = (Option<&'m TargetRecord>, Option<&'m TargetRecord>);

/// The targets of both builds: those that write the same file are the same, then those with one place, then the rest in
/// their order.
pub(super) fn pairs<'m>(old: &'m Manifest, new: &'m Manifest) -> Vec<Pair<'m>> {
    let mut left: Vec<&TargetRecord> = old.targets.iter().collect();
    let mut pairs: Vec<Pair<'m>> = new.targets.iter().map(|record| (None, Some(record))).collect();
    let ways: [fn(&TargetRecord, &TargetRecord) -> bool; 3] = [same_file, same_place, |_, _| true];
    for way in ways {
        for (was, is) in &mut pairs {
            let Some(is) = is.filter(|_| was.is_none()) else { continue };
            let found = left.iter().position(|old| old.target == is.target && way(old, is));
            *was = found.map(|index| left.remove(index));
        }
    }
    pairs.extend(left.into_iter().map(|record| (Some(record), None)));
    pairs
}

fn same_file(a: &TargetRecord, b: &TargetRecord) -> bool {
    a.files.iter().any(|file| b.files.iter().any(|other| other.path == file.path))
}

fn same_place(a: &TargetRecord, b: &TargetRecord) -> bool {
    TargetName::of(a) == TargetName::of(b)
}

/// What differs, target by target. Rules that only one build has are told as flows.
pub(super) fn changes(old: &Manifest, new: &Manifest) -> Vec<TargetChange> {
    let ids = |manifest: &'_ Manifest| -> BTreeSet<RuleId> {
        manifest.rules.rules.iter().map(|record| record.rule.id.clone()).collect()
    };
    let both: BTreeSet<RuleId> = ids(old).intersection(&ids(new)).cloned().collect();
    pairs(old, new).into_iter().filter_map(|pair| change(pair, &both)).collect()
}

fn change((was, is): Pair<'_>, both: &BTreeSet<RuleId>) -> Option<TargetChange> {
    let target = TargetName::of(is.or(was)?);
    let rules = |record: Option<&TargetRecord>| -> BTreeSet<RuleId> {
        let all = record.into_iter().flat_map(|record| &record.rules);
        all.filter(|rule| both.contains(*rule)).cloned().collect()
    };
    let (had, has) = (rules(was), rules(is));
    let mut what = Vec::new();
    match (was, is) {
        (None, Some(_)) => what.push("the target is new".to_owned()),
        (Some(_), None) => what.push("the target is gone".to_owned()),
        (Some(was), Some(is)) => {
            let place = |record: &TargetRecord| {
                let name = TargetName::of(record);
                if name.place.is_empty() { "everywhere".to_owned() } else { name.place }
            };
            if (&was.hosts, &was.crossing) != (&is.hosts, &is.crossing) {
                what.push(format!("stands {}, not {}", place(is), place(was)));
            }
            let codes = |record: &TargetRecord| {
                record.refused.iter().map(|code| code.spec().id).collect::<Vec<_>>().join(", ")
            };
            match (was.refused.is_empty(), is.refused.is_empty()) {
                (_, false) if was.refused != is.refused => {
                    what.push(format!("is refused ({}), and its earlier files stay", codes(is)));
                }
                (false, true) => what.push("is written again".to_owned()),
                _ => {}
            }
        }
        (None, None) => {}
    }
    // A refused target holds what it held: its files stay.
    let stays = is.is_some_and(|is| !is.refused.is_empty());
    let only = |a: &BTreeSet<RuleId>, b: &BTreeSet<RuleId>| a.difference(b).cloned().collect::<Vec<_>>();
    let change = TargetChange {
        target,
        what,
        gained: only(&has, &had),
        lost: if stays { Vec::new() } else { only(&had, &has) },
    };
    (!(change.what.is_empty() && change.gained.is_empty() && change.lost.is_empty())).then_some(change)
}
