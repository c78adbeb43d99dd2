//! Whether needs ask for the same: by phase, by demand and by condition, not by the words of them.

use std::collections::{BTreeMap, BTreeSet};

use crate::catalog::{Demand, Truth};
use crate::id::{ChoiceId, ConditionId, OptionId};
use crate::rule::Phase;

use super::Statement;

/// More cases than this are not tried: the words decide then.
const CASES: usize = 1 << 14;

/// Whether two lists of statements ask for their flow in the same cases.
pub(super) fn same_need(a: &[&Statement], b: &[&Statement]) -> bool {
    asks_for(a, b) && asks_for(b, a)
}

/// Whether `wide` asks for a flow wherever `narrow` does: no narrower in phase, need and condition.
fn asks_for(wide: &[&Statement], narrow: &[&Statement]) -> bool {
    let facts = Facts::of(wide.iter().chain(narrow).copied());
    let Some(cases) = facts.count() else {
        return narrow.iter().all(|each| wide.iter().any(|other| says_as_much(other, each)));
    };
    (0..cases).map(|number| facts.case(number)).all(|case| {
        Phase::ALL.into_iter().all(|phase| case.demand(wide, phase) >= case.demand(narrow, phase))
    })
}

/// The comparison by words, for expressions too large to try.
fn says_as_much(wide: &Statement, narrow: &Statement) -> bool {
    let phases = wide.phases.is_empty() || !narrow.phases.is_empty() && narrow.phases.is_subset(&wide.phases);
    let condition = (wide.when.is_none() || wide.when == narrow.when)
        && (wide.option.is_none() || wide.option == narrow.option);
    phases && condition && (wide.demand == narrow.demand || wide.demand == Demand::Required)
}

/// Everything that decides whether statements hold.
struct Facts<'a> {
    conditions: Vec<&'a ConditionId>,
    /// The options that are named of each group; another one, or none of them, may be taken too.
    choices: BTreeMap<&'a ChoiceId, Vec<&'a OptionId>>,
}

/// One way how things may stand.
struct Case<'a> {
    holding: BTreeSet<&'a ConditionId>,
    chosen: BTreeMap<&'a ChoiceId, &'a OptionId>,
}

impl<'a> Facts<'a> {
    fn of(statements: impl Iterator<Item = &'a Statement>) -> Self {
        let mut conditions = BTreeSet::new();
        let mut choices: BTreeMap<&ChoiceId, Vec<&OptionId>> = BTreeMap::new();
        for statement in statements {
            conditions.extend(statement.when.iter().flat_map(|when| when.conditions()));
            if let Some((group, option)) = &statement.option {
                let options = choices.entry(group).or_default();
                if !options.contains(&option) {
                    options.push(option);
                }
            }
        }
        Self { conditions: conditions.into_iter().collect(), choices }
    }

    fn count(&self) -> Option<usize> {
        let conditions =
            u32::try_from(self.conditions.len()).ok().and_then(|count| 2usize.checked_pow(count))?;
        let all =
            self.choices.values().try_fold(conditions, |all, options| all.checked_mul(options.len() + 1));
        all.filter(|all| *all <= CASES)
    }

    fn case(&self, number: usize) -> Case<'a> {
        let mut rest = number;
        let mut digit = |base: usize| {
            let digit = rest % base;
            rest /= base;
            digit
        };
        let holding = self.conditions.iter().copied().filter(|_| digit(2) == 1).collect();
        let mut chosen = BTreeMap::new();
        for (group, options) in &self.choices {
            if let Some(option) = digit(options.len() + 1).checked_sub(1).and_then(|index| options.get(index))
            {
                chosen.insert(*group, *option);
            }
        }
        Case { holding, chosen }
    }
}

impl Case<'_> {
    /// How strongly statements ask for their flow in a phase: 0 not at all, 1 as an offer, 2 as a demand.
    fn demand(&self, statements: &[&Statement], phase: Phase) -> u8 {
        let asking = statements.iter().filter(|statement| self.holds(statement, phase));
        asking.map(|statement| if statement.demand == Demand::Required { 2 } else { 1 }).max().unwrap_or(0)
    }

    fn holds(&self, statement: &Statement, phase: Phase) -> bool {
        let condition = |id: &ConditionId| Truth::known(self.holding.contains(id));
        let when = statement.when.as_ref();
        (statement.phases.is_empty() || statement.phases.contains(&phase))
            && when.is_none_or(|when| when.evaluate(&condition, &|asked| asked == phase).holds)
            && statement
                .option
                .as_ref()
                .is_none_or(|(group, option)| self.chosen.get(group).is_some_and(|chosen| *chosen == option))
    }
}
