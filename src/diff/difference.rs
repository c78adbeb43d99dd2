//! Two sides, scenario by scenario and cloud by cloud.

use std::collections::BTreeSet;

use crate::catalog::{Catalog, ReadEnd};
use crate::finding::{Code, Finding, Findings};
use crate::id::{CloudId, RoleId, ScenarioId};
use crate::rule::Endpoint;

use super::expand::Stated;
use super::side::Named;
use super::{
    Category, Change, PrerequisiteCategory, PrerequisiteChange, SayingChange, Side, SideOptions, StatedFlow,
    Statement, compare,
};
use super::{prerequisite, saying};

/// What differs between two sides.
#[derive(Debug)]
pub struct Difference {
    /// The older one, or the one that was named first.
    pub old: Side,
    /// The other one.
    pub new: Side,
    /// The scenarios that were compared one by one; empty where the sides are scenarios themselves.
    pub scenarios: BTreeSet<ScenarioId>,
    /// The clouds that were compared one by one; empty where each side has one, or the texts name none.
    pub clouds: BTreeSet<CloudId>,
    /// Scenarios that only one of two documents describes: nothing of them is compared.
    pub not_compared: BTreeSet<ScenarioId>,
    /// The changes, by category, then by flow.
    pub changes: Vec<Change>,
    /// What changed beside the flows.
    pub sayings: Vec<SayingChange>,
    /// What changed of what hosts must be, have or do; also what is not known of it.
    pub prerequisites: Vec<PrerequisiteChange>,
    /// Warnings.
    pub findings: Findings,
}

/// What is compared by itself. A cloud of `None` is that of each side, or none where the texts name none.
type Scope = (Option<ScenarioId>, Option<CloudId>);

impl Difference {
    /// Compares what two arguments name: `DOCUMENT[@EDITION][:CLOUD]` or `SCENARIO[@DATE][:CLOUD]`. With `roles`, only
    /// their flows.
    ///
    /// # Errors
    /// Everything that stands in the way on either side, or that neither side says anything.
    pub fn between(
        catalog: &Catalog,
        old: &str,
        new: &str,
        options: &SideOptions,
        roles: &[String],
    ) -> Result<Self, Findings> {
        let mut findings = Findings::new();
        let old = collect(Named::parse(catalog, old, options), &mut findings);
        let new = collect(Named::parse(catalog, new, options), &mut findings);
        let known = |id: &String| catalog.role(id).map(|role| role.id.clone()).map_err(Findings::from);
        let roles: BTreeSet<RoleId> =
            roles.iter().filter_map(|id| collect(known(id), &mut findings)).collect();
        let (Some(old), Some(new), false) = (old, new, findings.has_errors()) else {
            return Err(once(findings));
        };
        both_or_no_cloud(&old, &new)?;
        let was = collect(old.open(catalog, new.scenario()), &mut findings);
        let is = collect(new.open(catalog, old.scenario()), &mut findings);
        let (Some((was, old_warnings)), Some((is, new_warnings))) = (was, is) else {
            return Err(once(findings));
        };
        findings.append(old_warnings);
        findings.append(new_warnings);
        Self::by_scope(catalog, was, is, &roles, findings)
    }

    /// Compares two sides as they are, whatever the scenarios and clouds of their statements.
    pub fn of(old: Side, new: Side) -> Self {
        let changes = compare(&old.statements(), &new.statements());
        let (scenarios, clouds) = (BTreeSet::new(), BTreeSet::new());
        Self {
            old,
            new,
            scenarios,
            clouds,
            not_compared: BTreeSet::new(),
            changes,
            sayings: Vec::new(),
            prerequisites: Vec::new(),
            findings: Findings::new(),
        }
    }

    fn by_scope(
        catalog: &Catalog,
        mut old: Side,
        mut new: Side,
        roles: &BTreeSet<RoleId>,
        findings: Findings,
    ) -> Result<Self, Findings> {
        let not_compared = not_shared(&old, &new);
        let scopes = scopes(catalog, &old, &new, &not_compared);
        old.prerequisites.retain_roles(roles);
        new.prerequisites.retain_roles(roles);
        let mut sayings = saying::changes(&old, &new);
        sayings
            .retain(|each| roles.is_empty() || each.role.as_ref().is_some_and(|role| roles.contains(role)));
        let mut difference = Self {
            scenarios: scopes.iter().filter_map(|(scenario, _)| scenario.clone()).collect(),
            clouds: scopes.iter().filter_map(|(_, cloud)| cloud.clone()).collect(),
            prerequisites: prerequisite::changes(&old, &new, &not_compared),
            not_compared,
            changes: Vec::new(),
            sayings,
            findings: once(findings),
            old,
            new,
        };
        let mut said = !(difference.old.prerequisites.is_empty() && difference.new.prerequisites.is_empty());
        for scope in &scopes {
            let was = statements(&difference.old, scope, roles);
            let is = statements(&difference.new, scope, roles);
            said |= !(was.is_empty() && is.is_empty());
            for change in compare(&was, &is) {
                difference.add(change, scope);
            }
        }
        difference.changes.sort_by(|a, b| (a.category, &a.flow).cmp(&(b.category, &b.flow)));
        if said { Ok(difference) } else { Err(difference.nothing().into()) }
    }

    /// A change that is the same in another scenario or cloud is told once.
    fn add(&mut self, mut change: Change, (scenario, cloud): &Scope) {
        let same = |present: &&mut Change| {
            (present.category, &present.flow) == (change.category, &change.flow)
                && (&present.old, &present.new) == (&change.old, &change.new)
                && present.covered_by == change.covered_by
        };
        if let Some(present) = self.changes.iter_mut().find(same) {
            present.scenarios.extend(scenario.clone());
            present.clouds.extend(cloud.clone());
            return;
        }
        change.scenarios.extend(scenario.clone());
        change.clouds.extend(cloud.clone());
        self.changes.push(change);
    }

    fn nothing(&self) -> Finding {
        let message = format!("neither {} nor {} says anything about that", self.old.title, self.new.title);
        let help =
            "`portbook show` shows what the documents say; the scenario, cloud or role may be another one's";
        Finding::new(Code::NothingSelected, message).help(help)
    }

    /// Whether nothing differs, as far as is known.
    pub fn is_empty(&self) -> bool {
        let known = |change: &PrerequisiteChange| change.category != PrerequisiteCategory::NotKnown;
        self.flows_are_equal() && !self.prerequisites.iter().any(known)
    }

    /// Whether flows, and what stands beside them, are the same.
    pub fn flows_are_equal(&self) -> bool {
        self.changes.is_empty() && self.sayings.is_empty()
    }

    /// How many flows a category has.
    pub fn count(&self, category: Category) -> usize {
        self.changes.iter().filter(|change| change.category == category).count()
    }
}

fn collect<T>(result: Result<T, Findings>, findings: &mut Findings) -> Option<T> {
    result.map_err(|errors| findings.append(errors)).ok()
}

/// What is wrong with both sides is told once.
fn once(findings: Findings) -> Findings {
    let mut told: Vec<Finding> = Vec::new();
    for finding in findings {
        if !told.contains(&finding) {
            told.push(finding);
        }
    }
    told.into_iter().collect()
}

fn both_or_no_cloud(old: &Named<'_>, new: &Named<'_>) -> Result<(), Finding> {
    if old.cloud.is_some() == new.cloud.is_some() {
        return Ok(());
    }
    let cloud = old.cloud.as_ref().or(new.cloud.as_ref()).map_or("", CloudId::as_str);
    let message = format!("one side is about the cloud {cloud}, the other about all clouds");
    Err(Finding::new(Code::InvalidValue, message).help(
        "give the cloud of both, such as cloud-sync:public cloud-sync:us-government, or --cloud for both",
    ))
}

/// The scenarios that only one of two documents describes. What an edition of one document leaves out is gone; what
/// another document never spoke of is not.
fn not_shared(old: &Side, new: &Side) -> BTreeSet<ScenarioId> {
    let of = |side: &Side| -> BTreeSet<ScenarioId> {
        side.stated.iter().filter_map(|stated| stated.scenario.clone()).collect()
    };
    let document = |side: &Side| side.documents.first().map(|(id, _)| id.clone());
    let (was, is) = (of(old), of(new));
    let two_documents = old.scenario.is_none() && new.scenario.is_none() && document(old) != document(new);
    if !two_documents || was.is_disjoint(&is) {
        return BTreeSet::new();
    }
    was.symmetric_difference(&is).cloned().collect()
}

/// Scenarios are told apart where both sides are documents: a need that moves from one to another changes both.
fn scopes(catalog: &Catalog, old: &Side, new: &Side, not_compared: &BTreeSet<ScenarioId>) -> Vec<Scope> {
    let all = || old.stated.iter().chain(&new.stated);
    if old.scenario.is_some() || new.scenario.is_some() {
        let scenarios = old.scenario.iter().chain(&new.scenario).collect();
        return clouds(catalog, old, all(), &scenarios).into_iter().map(|cloud| (None, cloud)).collect();
    }
    let scenarios: BTreeSet<&ScenarioId> = all().filter_map(|stated| stated.scenario.as_ref()).collect();
    let scope = |scenario: &ScenarioId| -> Vec<Scope> {
        let stated = all().filter(|stated| stated.scenario.as_ref() == Some(scenario));
        let clouds = clouds(catalog, old, stated, &BTreeSet::from([scenario]));
        clouds.into_iter().map(|cloud| (Some(scenario.clone()), cloud)).collect()
    };
    scenarios.into_iter().filter(|scenario| !not_compared.contains(*scenario)).flat_map(scope).collect()
}

/// The clouds that some text names; those of the scenarios too if another text names none, since it holds in each.
fn clouds<'a>(
    catalog: &Catalog,
    side: &Side,
    stated: impl Iterator<Item = &'a Stated>,
    scenarios: &BTreeSet<&ScenarioId>,
) -> Vec<Option<CloudId>> {
    if side.cloud.is_some() {
        return vec![None];
    }
    let found: BTreeSet<Option<&CloudId>> = stated.map(|stated| stated.cloud.as_ref()).collect();
    let mut clouds: BTreeSet<CloudId> = found.iter().flatten().map(|cloud| (*cloud).clone()).collect();
    if clouds.is_empty() {
        return vec![None];
    }
    if found.contains(&None) {
        let of_scenarios =
            catalog.registries().scenarios.iter().filter(|scenario| scenarios.contains(&scenario.id));
        clouds.extend(of_scenarios.flat_map(|scenario| scenario.clouds.iter().cloned()));
    }
    clouds.into_iter().map(Some).collect()
}

fn statements(side: &Side, (scenario, cloud): &Scope, roles: &BTreeSet<RoleId>) -> Vec<Statement> {
    let cloud = cloud.as_ref().or(side.cloud.as_ref());
    let mut found = Vec::new();
    for stated in &side.stated {
        let here = scenario.as_ref().is_none_or(|scenario| stated.scenario.as_ref() == Some(scenario))
            && (cloud.is_none() || stated.cloud.is_none() || stated.cloud.as_ref() == cloud)
            && (roles.is_empty() || plays(&stated.statement.flow, roles));
        if here {
            let mut statement = stated.statement.clone();
            if let Some(cloud) = cloud {
                statement.flow.settle_ranges(cloud);
            }
            found.push(statement);
        }
    }
    found
}

fn plays(flow: &StatedFlow, roles: &BTreeSet<RoleId>) -> bool {
    let ends = flow.from.iter().chain(&flow.to);
    let mut players = ends.filter_map(|end| match end {
        ReadEnd::Endpoint(Endpoint::Outside(role)) => Some(role),
        ReadEnd::Endpoint(endpoint) => endpoint.role(),
        ReadEnd::Template { at, .. } => at.as_ref(),
        _ => None,
    });
    players.any(|role| roles.contains(role))
}
