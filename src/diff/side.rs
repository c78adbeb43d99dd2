//! One side of a comparison: what an argument names.

use std::collections::BTreeSet;

use jiff::civil::Date;

use crate::catalog::{Catalog, Document, Edition, EditionFilter, FactFilter, Scenario, facts};
use crate::finding::{Code, Finding, Findings, Severity, nearest};
use crate::id::{CloudId, DocumentId, ScenarioId};

use super::Statement;
use super::expand::{Expansion, Lists, Stated};
use super::prerequisite::Prerequisites;
use super::saying::{Saying, sayings};

/// What both sides are looked at for.
#[derive(Debug, Clone, Default)]
pub struct SideOptions {
    /// The cloud of a side that names none; all clouds if absent.
    pub cloud: Option<String>,
}

/// What one side is about.
#[derive(Debug, Clone, Copy)]
pub(super) enum Subject<'a> {
    /// One text of a document.
    Document(&'a Document, Edition),
    /// A scenario at a date; by its newest documents if there is none.
    Scenario(&'a Scenario, Option<Date>),
}

/// What an argument names: `DOCUMENT[@EDITION][:CLOUD]` or `SCENARIO[@DATE][:CLOUD]`.
#[derive(Debug)]
pub(super) struct Named<'a> {
    pub(super) subject: Subject<'a>,
    pub(super) cloud: Option<CloudId>,
}

/// One side of a comparison.
#[derive(Debug)]
pub struct Side {
    /// `cloud-sync-prerequisites 2026-07-27` or `cloud-sync at 2026-11-01`.
    pub title: String,
    /// The scenario, if the argument names one.
    pub scenario: Option<ScenarioId>,
    /// The cloud that was asked for.
    pub cloud: Option<CloudId>,
    /// The texts that it was read from.
    pub documents: Vec<(DocumentId, Edition)>,
    pub(super) stated: Vec<Stated>,
    pub(super) sayings: Vec<Saying>,
    pub(super) prerequisites: Prerequisites,
}

impl Side {
    /// A side with statements that do not come from the catalog, or were chosen from it.
    pub fn of(title: impl Into<String>, statements: Vec<Statement>) -> Self {
        let stated = |statement| Stated { scenario: None, cloud: None, statement };
        Self {
            title: title.into(),
            scenario: None,
            cloud: None,
            documents: Vec::new(),
            stated: statements.into_iter().map(stated).collect(),
            sayings: Vec::new(),
            prerequisites: Prerequisites::default(),
        }
    }

    /// Everything that it states, each statement once, for whatever scenario and cloud.
    pub fn statements(&self) -> Vec<Statement> {
        let mut statements: Vec<Statement> = Vec::new();
        for stated in &self.stated {
            if !statements.contains(&stated.statement) {
                statements.push(stated.statement.clone());
            }
        }
        statements
    }
}

impl<'a> Named<'a> {
    /// Reads an argument.
    ///
    /// # Errors
    /// Names that are not known, and dates that are none.
    pub(super) fn parse(catalog: &'a Catalog, text: &str, options: &SideOptions) -> Result<Self, Findings> {
        let (rest, cloud) = match text.rsplit_once(':') {
            Some((rest, cloud)) => (rest, Some(cloud)),
            None => (text, options.cloud.as_deref()),
        };
        let (id, date) = match rest.split_once('@') {
            Some((id, date)) => (id, Some(date)),
            None => (rest, None),
        };
        let mut findings = Findings::new();
        let cloud = cloud.and_then(|cloud| {
            catalog.cloud(cloud).map(|cloud| cloud.id.clone()).map_err(|finding| findings.push(finding)).ok()
        });
        match subject(catalog, id, date) {
            Ok(subject) => findings.or_value(Self { subject, cloud }).map(|(named, _)| named),
            Err(finding) => {
                findings.push(finding);
                Err(findings)
            }
        }
    }

    /// Gathers what it states, for `scenario` alone if the other side is one.
    ///
    /// # Errors
    /// No text of the scenario is old enough, it does not exist in the cloud, or a file has errors.
    pub(super) fn open(
        &self,
        catalog: &Catalog,
        scenario: Option<&ScenarioId>,
    ) -> Result<(Side, Findings), Findings> {
        let mut findings = Findings::new();
        let (documents, lists, scenario) = match self.subject {
            Subject::Document(document, edition) => {
                (vec![(document.id().clone(), edition)], Lists::References, scenario)
            }
            Subject::Scenario(scenario, date) => {
                self.available(scenario)?;
                let documents = documents_at(catalog, scenario, date, &mut findings)?;
                (documents, Lists::AsOf(date), Some(&scenario.id))
            }
        };
        let filter = FactFilter {
            scenarios: scenario.into_iter().cloned().collect(),
            cloud: self.cloud.clone(),
            editions: EditionFilter::Named(documents.iter().cloned().collect()),
            ..FactFilter::default()
        };
        let expansion = Expansion::new(catalog, lists);
        let mut stated = Vec::new();
        for fact in facts(catalog, &filter)? {
            stated.extend(expansion.stated(&fact)?);
        }
        // A list that names no cloud of its own may have led to another cloud.
        stated.retain(|each| self.cloud.is_none() || each.cloud.is_none() || each.cloud == self.cloud);
        for stated in &mut stated {
            if let Some(cloud) = &self.cloud {
                stated.statement.flow.settle_ranges(cloud);
            }
        }
        let side = Side {
            title: self.title(),
            scenario: self.scenario().cloned(),
            cloud: self.cloud.clone(),
            sayings: sayings(catalog, &documents, scenario, self.cloud.as_ref())?,
            prerequisites: Prerequisites::of(catalog, &documents, scenario, self.cloud.as_ref())?,
            documents,
            stated,
        };
        Ok((side, findings))
    }

    /// The scenario that the argument names, if it names one.
    pub(super) fn scenario(&self) -> Option<&'a ScenarioId> {
        match self.subject {
            Subject::Scenario(scenario, _) => Some(&scenario.id),
            Subject::Document(..) => None,
        }
    }

    fn title(&self) -> String {
        match self.subject {
            Subject::Document(document, edition) => format!("{} {edition}", document.id()),
            Subject::Scenario(scenario, Some(date)) => format!("{} at {date}", scenario.id),
            Subject::Scenario(scenario, None) => format!("{} (newest)", scenario.id),
        }
    }

    fn available(&self, scenario: &Scenario) -> Result<(), Finding> {
        let Some(cloud) = self.cloud.as_ref().filter(|cloud| !scenario.clouds.contains(cloud)) else {
            return Ok(());
        };
        let stated = scenario.unsupported.iter().find(|(unsupported, _)| unsupported == cloud);
        let known: Vec<&str> = scenario.clouds.iter().map(CloudId::as_str).collect();
        let help = format!("it is documented for {}", known.join(", "));
        let finding = if let Some((_, because)) = stated {
            let message = format!("{} does not exist in cloud {cloud}", scenario.id);
            Finding::new(Code::UnsupportedInCloud, message).note(because.clone())
        } else {
            let message = format!("no document describes {} for cloud {cloud}", scenario.id);
            Finding::new(Code::UnsupportedInCloud, message)
        };
        Err(finding.help(help))
    }
}

fn subject<'a>(catalog: &'a Catalog, id: &str, date: Option<&str>) -> Result<Subject<'a>, Finding> {
    if let Ok(scenario) = catalog.scenario(id) {
        let date = date.map(|text| day(text, id)).transpose()?;
        return Ok(Subject::Scenario(scenario, date));
    }
    if let Some(document) = catalog.documents().find(|document| document.id().as_str() == id) {
        return edition(document, date).map(|edition| Subject::Document(document, edition));
    }
    Err(unknown_subject(catalog, id))
}

fn unknown_subject(catalog: &Catalog, id: &str) -> Finding {
    let scenarios = catalog.registries().scenarios.iter().map(|scenario| scenario.id.as_str());
    let documents = catalog.documents().map(|document| document.id().as_str());
    let nearest = nearest(id, scenarios.chain(documents));
    let meant = nearest.map_or_else(String::new, |name| format!("did you mean `{name}`? "));
    Finding::new(Code::UnknownDocument, format!("unknown scenario or document `{}`", id.escape_debug()))
        .help(format!("{meant}`portbook list scenarios` and `portbook list documents` show what there is"))
}

fn day(text: &str, id: &str) -> Result<Date, Finding> {
    let date = text.parse::<Edition>().ok().filter(|edition| edition.revision() == 1);
    date.map(Edition::date).ok_or_else(|| {
        let message = format!("`{}` is not a date", text.escape_debug());
        Finding::new(Code::InvalidDate, message)
            .help(format!("dates are YYYY-MM-DD, such as {id}@2024-06-30"))
    })
}

fn edition(document: &Document, text: Option<&str>) -> Result<Edition, Finding> {
    let Some(text) = text else {
        return document.editions().next_back().ok_or_else(|| {
            Finding::new(Code::NoEdition, format!("the catalog has no edition of {}", document.id()))
                .help("`portbook list editions` shows what it has")
        });
    };
    document
        .editions()
        .find(|edition| edition.to_string() == text)
        .ok_or_else(|| document.unknown_edition(text))
}

/// The texts that state a scenario's needs at a date.
fn documents_at(
    catalog: &Catalog,
    scenario: &Scenario,
    date: Option<Date>,
    findings: &mut Findings,
) -> Result<Vec<(DocumentId, Edition)>, Findings> {
    let mut found = BTreeSet::new();
    let mut first = Vec::new();
    for id in &scenario.primary {
        let document = catalog.document(id)?;
        let mut editions = document.editions().rev();
        match editions.find(|edition| date.is_none_or(|date| edition.date() <= date)) {
            Some(edition) => {
                found.insert((id.clone(), edition));
            }
            None => first.extend(document.editions().next().map(|edition| format!("{id} {edition}"))),
        }
    }
    let day = date.map_or_else(String::new, |date| format!(" at {date}"));
    let message = format!("{}: not every document had an edition{day}", scenario.id);
    let note = format!("first editions: {}", first.join(", "));
    if found.is_empty() {
        let message = format!("{}: no document had an edition{day}", scenario.id);
        return Err(Finding::new(Code::NoEdition, message).note(note).help("use a later date").into());
    }
    if !first.is_empty() {
        let finding = Finding::new(Code::NoEdition, message).severity(Severity::Warning).note(note);
        findings.push(finding.help("what they state shows as a change"));
    }
    Ok(found.into_iter().collect())
}
