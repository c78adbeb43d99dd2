//! What the user asked for, checked against the catalog.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Display;

use jiff::civil::Date;

use crate::catalog::{Catalog, ConditionDefault, Document, Edition, Truth};
use crate::finding::{Code, Finding, Findings, Place, unknown};
use crate::id::{ChoiceId, CloudId, ConditionId, DocumentId, OptionId, ParameterId, RoleId, ScenarioId};
use crate::rule::Phase;

/// A selection as the command line or a site file writes it.
#[allow(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Request {
    /// Scenario ids.
    pub scenarios: Vec<String>,
    /// Cloud id.
    pub cloud: String,
    /// `YYYY-MM-DD`: the newest edition of each document that is not after it.
    pub as_of: Option<String>,
    /// `DOCUMENT@EDITION`.
    pub editions: Vec<String>,
    /// Documents that describe the scenarios too, by id.
    pub also: Vec<String>,
    /// All such documents that are Microsoft's and living.
    pub also_all: bool,
    /// Offered needs too.
    pub optional: bool,
    /// Conditions that hold.
    pub when: Vec<String>,
    /// Conditions that do not hold.
    pub unless: Vec<String>,
    /// `GROUP=OPTION`.
    pub choose: Vec<String>,
    /// `PARAMETER=VALUE`.
    pub set: Vec<String>,
    /// Only these phases; all if empty.
    pub phases: Vec<String>,
    /// Only flows of these roles; all if empty.
    pub roles: Vec<String>,
    /// Needs that no document states too.
    pub gaps: bool,
    /// Host texts as they stand.
    pub verbatim: bool,
    /// Whether the site has a proxy.
    pub proxy: bool,
    /// Where the texts above stand in a site file: a finding about one points there.
    pub places: Places,
}

/// Where texts stand. It is no part of what is asked: any two are equal.
#[derive(Debug, Clone, Default)]
pub struct Places(pub BTreeMap<String, Place>);

impl PartialEq for Places {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Request {
    /// Whether both ask for the same, wherever their texts stand.
    pub fn asks_like(&self, other: &Self) -> bool {
        self == other
    }
}

/// A checked [`Request`].
#[allow(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
#[derive(Debug, Clone)]
pub struct Selection {
    pub(super) scenarios: Vec<ScenarioId>,
    pub(super) cloud: CloudId,
    pub(super) as_of: Option<Date>,
    pub(super) editions: BTreeMap<DocumentId, Edition>,
    pub(super) also: BTreeSet<DocumentId>,
    pub(super) also_all: bool,
    pub(super) optional: bool,
    pub(super) conditions: BTreeMap<ConditionId, bool>,
    pub(super) choices: BTreeMap<ChoiceId, OptionId>,
    pub(super) parameters: BTreeMap<ParameterId, String>,
    pub(super) phases: BTreeSet<Phase>,
    pub(super) roles: BTreeSet<RoleId>,
    pub(super) gaps: bool,
    pub(super) verbatim: bool,
    pub(super) proxy: bool,
}

impl Selection {
    /// Checks every part of a request and collects what is wrong with it.
    ///
    /// # Errors
    /// One finding for each unknown name or value that does not have its form.
    pub fn check(request: &Request, catalog: &Catalog) -> Result<Self, Findings> {
        let mut check = Check { catalog, places: &request.places.0, findings: Findings::new() };
        let cloud = check.located(&request.cloud, Check::cloud);
        let mut scenarios: Vec<ScenarioId> = Vec::new();
        for scenario in check.each(&request.scenarios, Check::scenario) {
            if !scenarios.contains(&scenario) {
                scenarios.push(scenario);
            }
        }
        let as_of = request.as_of.as_deref().and_then(|text| check.located(text, Check::date));
        let editions = check.each(&request.editions, Check::edition);
        let editions = check.once(editions);
        let also = check.each(&request.also, Check::document).into_iter().collect();
        let conditions = check.conditions(&request.when, &request.unless);
        let choices = check.each(&request.choose, Check::choice);
        let choices = check.once(choices);
        let parameters = check.each(&request.set, Check::parameter);
        let parameters = check.once(parameters);
        let phases = check.each(&request.phases, Check::phase).into_iter().collect();
        let roles = check.each(&request.roles, Check::role).into_iter().collect();
        let (Some(cloud), false) = (cloud, check.findings.has_errors()) else {
            return Err(check.findings);
        };
        Ok(Self {
            scenarios,
            cloud,
            as_of,
            editions,
            also,
            also_all: request.also_all,
            optional: request.optional,
            conditions,
            choices,
            parameters,
            phases,
            roles,
            gaps: request.gaps,
            verbatim: request.verbatim,
            proxy: request.proxy,
        })
    }

    /// The cloud.
    pub fn cloud(&self) -> &CloudId {
        &self.cloud
    }

    /// The edition of a document that the selection takes: the one named, else the newest that is not after the date.
    pub fn edition_of(&self, document: &Document) -> Option<Edition> {
        if let Some(edition) = self.editions.get(document.id()) {
            return Some(*edition);
        }
        document.editions().rev().find(|edition| self.as_of.is_none_or(|date| edition.date() <= date))
    }

    /// What is known about a condition: the user's word, else the catalog's default.
    pub(super) fn truth(&self, id: &ConditionId, catalog: &Catalog) -> Truth {
        if let Some(holds) = self.conditions.get(id) {
            return Truth::known(*holds);
        }
        let default = catalog.registries().conditions.iter().find(|condition| condition.id == *id);
        match default.map(|condition| &condition.default) {
            None => Truth::known(false),
            Some(ConditionDefault::Known(holds)) => Truth::known(*holds),
            Some(ConditionDefault::Assumed(holds)) => {
                Truth { holds: *holds, assumed: BTreeSet::from([id.clone()]) }
            }
            Some(ConditionDefault::Scenario(scenario)) => Truth::known(self.scenarios.contains(scenario)),
            Some(ConditionDefault::Proxy) => Truth::known(self.proxy),
        }
    }

    /// Whether a phase is selected.
    pub(super) fn has_phase(&self, phase: Phase) -> bool {
        self.phases.is_empty() || self.phases.contains(&phase)
    }
}

struct Check<'a> {
    catalog: &'a Catalog,
    places: &'a BTreeMap<String, Place>,
    findings: Findings,
}

impl Check<'_> {
    fn each<T>(&mut self, texts: &[String], check: fn(&mut Self, &str) -> Option<T>) -> Vec<T> {
        texts.iter().filter_map(|text| self.located(text, check)).collect()
    }

    /// Checks one text; what is wrong with it gets its place.
    fn located<T>(&mut self, text: &str, check: fn(&mut Self, &str) -> Option<T>) -> Option<T> {
        let before = std::mem::take(&mut self.findings);
        let checked = check(self, text);
        let own = std::mem::replace(&mut self.findings, before);
        let place = self.places.get(text);
        let at = |finding: Finding| match place {
            Some(place) => finding.at(place.clone()),
            None => finding,
        };
        self.findings.extend(own.into_iter().map(at));
        checked
    }

    /// Two values for one thing: taking either would drop the other unsaid.
    fn once<K: Ord + Display, V: PartialEq + Display>(
        &mut self,
        pairs: impl IntoIterator<Item = (K, V)>,
    ) -> BTreeMap<K, V> {
        let mut map: BTreeMap<K, V> = BTreeMap::new();
        for (key, value) in pairs {
            match map.get(&key) {
                Some(first) if *first != value => {
                    let message = format!("{key} is given twice: {first} and {value}");
                    self.findings.push(Finding::new(Code::InvalidValue, message).help("keep one"));
                }
                _ => {
                    map.insert(key, value);
                }
            }
        }
        map
    }

    fn take<T>(&mut self, result: Result<T, Finding>) -> Option<T> {
        result.map_err(|finding| self.findings.push(finding)).ok()
    }

    fn scenario(&mut self, text: &str) -> Option<ScenarioId> {
        let found = self.catalog.scenario(text).map(|scenario| scenario.id.clone());
        self.take(found)
    }

    fn cloud(&mut self, text: &str) -> Option<CloudId> {
        let found = self.catalog.cloud(text).map(|cloud| cloud.id.clone());
        self.take(found)
    }

    fn role(&mut self, text: &str) -> Option<RoleId> {
        let found = self.catalog.role(text).map(|role| role.id.clone());
        self.take(found)
    }

    fn document(&mut self, text: &str) -> Option<DocumentId> {
        let known: Vec<&str> = self.catalog.documents().map(|document| document.id().as_str()).collect();
        if known.contains(&text) {
            return DocumentId::parse(text).ok();
        }
        self.findings.push(unknown(
            Code::UnknownDocument,
            "document",
            text,
            known,
            "`portbook list documents`",
        ));
        None
    }

    fn date(&mut self, text: &str) -> Option<Date> {
        let date = text.parse::<Date>().ok().filter(|date| date.to_string() == text);
        if date.is_none() {
            let message = format!("`{}` is not a date", text.escape_debug());
            self.findings.push(Finding::new(Code::InvalidDate, message).help("dates are YYYY-MM-DD"));
        }
        date
    }

    fn pair<'t>(&mut self, text: &'t str, separator: char, form: &str) -> Option<(&'t str, &'t str)> {
        let pair = text.split_once(separator).filter(|(left, right)| !left.is_empty() && !right.is_empty());
        if pair.is_none() {
            let message = format!("`{}` is not of the form {form}", text.escape_debug());
            self.findings.push(Finding::new(Code::InvalidValue, message));
        }
        pair
    }

    fn edition(&mut self, text: &str) -> Option<(DocumentId, Edition)> {
        let (document, edition) = self.pair(text, '@', "DOCUMENT@EDITION")?;
        let id = self.document(document)?;
        let document = self.catalog.document(&id).ok()?;
        let known = edition
            .parse::<Edition>()
            .ok()
            .filter(|edition| document.editions().any(|each| each == *edition));
        if known.is_none() {
            self.findings.push(document.unknown_edition(edition));
        }
        Some((id, known?))
    }

    fn condition(&mut self, text: &str) -> Option<ConditionId> {
        let known = &self.catalog.registries().conditions;
        if let Some(condition) = known.iter().find(|condition| condition.id.as_str() == text) {
            return Some(condition.id.clone());
        }
        let known = known.iter().map(|condition| condition.id.as_str());
        self.findings.push(unknown(
            Code::UnknownCondition,
            "condition",
            text,
            known,
            "`portbook list conditions`",
        ));
        None
    }

    fn conditions(&mut self, when: &[String], unless: &[String]) -> BTreeMap<ConditionId, bool> {
        let mut conditions = BTreeMap::new();
        for (texts, holds) in [(when, true), (unless, false)] {
            for id in self.each(texts, Self::condition) {
                if conditions.insert(id.clone(), holds).is_some_and(|before| before != holds) {
                    let message = format!("condition {id} is given with --when and with --unless");
                    self.findings.push(Finding::new(Code::InvalidValue, message));
                }
            }
        }
        conditions
    }

    fn choice(&mut self, text: &str) -> Option<(ChoiceId, OptionId)> {
        let (group, option) = self.pair(text, '=', "GROUP=OPTION")?;
        let known = &self.catalog.registries().choices;
        let Some(choice) = known.iter().find(|choice| choice.id.as_str() == group) else {
            let known = known.iter().map(|choice| choice.id.as_str());
            self.findings.push(unknown(
                Code::UnknownChoice,
                "group of alternatives",
                group,
                known,
                "`portbook list conditions`",
            ));
            return None;
        };
        let found = choice.options.iter().find(|(known, _)| known.as_str() == option);
        if found.is_none() {
            let options = choice.options.iter().map(|(option, _)| option.as_str());
            let what = format!("option of {group}");
            self.findings.push(unknown(
                Code::UnknownChoice,
                &what,
                option,
                options,
                "`portbook list conditions`",
            ));
        }
        Some((choice.id.clone(), found?.0.clone()))
    }

    fn parameter(&mut self, text: &str) -> Option<(ParameterId, String)> {
        let (name, value) = self.pair(text, '=', "PARAMETER=VALUE")?;
        let known = &self.catalog.registries().parameters;
        let Some(parameter) = known.iter().find(|parameter| parameter.id.as_str() == name) else {
            let known = known.iter().map(|parameter| parameter.id.as_str());
            self.findings.push(unknown(
                Code::UnknownParameter,
                "parameter",
                name,
                known,
                "`portbook list conditions`",
            ));
            return None;
        };
        if let Err(reason) = parameter.check(value) {
            let message = format!("parameter {name} cannot be `{}`: {reason}", value.escape_debug());
            self.findings.push(Finding::new(Code::InvalidValue, message).help(parameter.title.clone()));
            return None;
        }
        Some((parameter.id.clone(), value.to_owned()))
    }

    fn phase(&mut self, text: &str) -> Option<Phase> {
        let phase = Phase::ALL.into_iter().find(|phase| phase.as_str() == text);
        if phase.is_none() {
            let known = Phase::ALL.map(Phase::as_str);
            let help = format!("phases are {}", known.join(", "));
            let message = format!("unknown phase `{}`", text.escape_debug());
            self.findings.push(Finding::new(Code::UnknownPhase, message).help(help));
        }
        phase
    }
}
