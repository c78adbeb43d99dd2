//! Which prerequisites a selection has. Conditions, clouds, roles and editions decide as they do for rules; nothing is
//! carried over from one edition to another: what an edition was not read for is said, not guessed.

use std::collections::BTreeSet;

use crate::catalog::{
    Catalog, Document, Edition, EditionText, Expression, Prerequisite, Reading, Scenario, Weight,
};
use crate::finding::{Code, Finding, Findings, Severity};
use crate::id::{ConditionId, DocumentId, RoleId, ScenarioId};

use super::{Selection, selected_documents, selected_scenarios};

/// A prerequisite with its source.
#[derive(Debug, Clone, Copy)]
pub struct CitedPrerequisite<'a> {
    /// The document that states it.
    pub document: &'a DocumentId,
    /// The text of it.
    pub edition: Edition,
    /// What it says.
    pub says: &'a Prerequisite,
}

/// What makes a prerequisite comparable with that of another edition, document or cloud.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ComparablePrerequisite {
    /// The same from edition to edition.
    pub id: String,
    /// Whose host.
    pub role: String,
    /// The kind, by the key of edition files.
    pub kind: &'static str,
    /// The canonical text of the fact: equal exactly when the facts are.
    pub value: String,
    /// With what force, and under which condition: `required`, `required when X`.
    pub need: String,
    /// `document edition`.
    pub source: String,
}

impl CitedPrerequisite<'_> {
    /// `document edition`, as headers and reports write it.
    pub fn source(&self) -> String {
        format!("{} {}", self.document, self.edition)
    }

    /// `required`, `required when X`.
    pub fn need(&self) -> String {
        let weight = self.says.weight.as_str();
        match &self.says.when {
            Some(when) => format!("{weight} when {when}"),
            None => weight.to_owned(),
        }
    }

    /// The form in which editions are compared.
    pub fn comparable(&self) -> ComparablePrerequisite {
        ComparablePrerequisite {
            id: self.says.id.to_string(),
            role: self.says.role.to_string(),
            kind: self.says.statement.kind(),
            value: self.says.statement.to_string(),
            need: self.need(),
            source: self.source(),
        }
    }
}

/// Every prerequisite that an edition states, for comparisons; nothing is selected.
pub fn stated_prerequisites<'a>(
    document: &'a DocumentId,
    edition: Edition,
    text: &'a EditionText,
) -> impl Iterator<Item = CitedPrerequisite<'a>> {
    text.prerequisites.iter().map(move |says| CitedPrerequisite { document, edition, says })
}

/// A prerequisite that the selection leaves out.
#[derive(Debug, Clone)]
pub struct PrerequisiteLeftOut<'a> {
    /// Which.
    pub prerequisite: CitedPrerequisite<'a>,
    /// The flags that bring it in.
    pub flags: Vec<String>,
}

/// The prerequisites of a selection.
#[derive(Debug)]
pub struct Prerequisites<'a> {
    /// `Microsoft Entra Cloud Sync, Azure public cloud`.
    pub title: String,
    /// The roles that the scenarios are about.
    pub primary_roles: Vec<RoleId>,
    /// In the order of the documents and of their texts.
    pub stated: Vec<CitedPrerequisite<'a>>,
    /// What the selection leaves out.
    pub left_out: Vec<PrerequisiteLeftOut<'a>>,
    /// The documents that were looked at, with their editions and how much of each was read.
    pub documents: Vec<(&'a DocumentId, Edition, Reading)>,
    /// What is not known, and what rests on assumptions.
    pub findings: Findings,
}

/// Resolves the prerequisites of a checked selection.
///
/// # Errors
/// When a scenario does not exist in the cloud, when no edition is old enough, when a file has errors, or when nothing is
/// left.
pub fn prerequisites<'a>(catalog: &'a Catalog, selection: &Selection) -> Result<Prerequisites<'a>, Findings> {
    let scenarios = selected_scenarios(catalog, selection)?;
    let titles: Vec<&str> = scenarios.iter().map(|scenario| scenario.title.as_str()).collect();
    let cloud = catalog.cloud(selection.cloud.as_str())?;
    let mut primary_roles: Vec<RoleId> = Vec::new();
    for scenario in &scenarios {
        if !primary_roles.contains(&scenario.role) {
            primary_roles.push(scenario.role.clone());
        }
    }
    let mut picking = Picking {
        catalog,
        selection,
        out: Prerequisites {
            title: format!("{}, {}", titles.join(" + "), cloud.title),
            primary_roles,
            stated: Vec::new(),
            left_out: Vec::new(),
            documents: Vec::new(),
            findings: Findings::new(),
        },
    };
    for scenario in &scenarios {
        picking.scenario(scenario)?;
    }
    picking.finish()
}

struct Picking<'a, 's> {
    catalog: &'a Catalog,
    selection: &'s Selection,
    out: Prerequisites<'a>,
}

impl<'a> Picking<'a, '_> {
    fn scenario(&mut self, scenario: &'a Scenario) -> Result<(), Findings> {
        let mut read = 0;
        for id in selected_documents(self.catalog, scenario, self.selection)? {
            let document = self.catalog.document(id)?;
            if let Some(edition) = self.selection.edition_of(document) {
                read += 1;
                self.document(&scenario.id, document, edition)?;
            }
        }
        if read == 0 {
            self.out.findings.push(super::absent::no_edition(self.catalog, scenario, self.selection));
        }
        Ok(())
    }

    fn document(
        &mut self,
        scenario: &ScenarioId,
        document: &'a Document,
        edition: Edition,
    ) -> Result<(), Findings> {
        let text = self.catalog.edition(document, edition)?;
        let entry = (document.id(), edition, text.prerequisites_read);
        if !self.out.documents.contains(&entry) {
            self.out.documents.push(entry);
            self.out.findings.append(unread(document, edition, text).into_iter().collect());
        }
        for prerequisite in stated_prerequisites(document.id(), edition, text) {
            if prerequisite.says.is_about(scenario) && self.wanted(prerequisite.says) {
                self.take(prerequisite);
            }
        }
        Ok(())
    }

    fn wanted(&self, says: &Prerequisite) -> bool {
        let roles = &self.selection.roles;
        says.holds_in(&self.selection.cloud) && (roles.is_empty() || roles.contains(&says.role))
    }

    fn take(&mut self, prerequisite: CitedPrerequisite<'a>) {
        // Several scenarios may read the same document.
        let same = |other: CitedPrerequisite<'_>| std::ptr::eq(other.says, prerequisite.says);
        let left_out = self.out.left_out.iter().map(|each| each.prerequisite);
        if self.out.stated.iter().copied().chain(left_out).any(same) {
            return;
        }
        let mut flags = Vec::new();
        if prerequisite.says.weight == Weight::Optional && !self.selection.optional {
            flags.push("--optional".to_owned());
        }
        if let Some(when) = &prerequisite.says.when {
            let truth = when.evaluate(&|id| self.selection.truth(id, self.catalog), &|phase| {
                self.selection.has_phase(phase)
            });
            if truth.holds {
                self.warn_assumed(prerequisite, &truth.assumed);
            } else {
                flags.extend(self.condition_flags(when));
            }
        }
        if flags.is_empty() {
            self.out.stated.push(prerequisite);
        } else {
            self.out.left_out.push(PrerequisiteLeftOut { prerequisite, flags });
        }
    }

    /// The flags that change the conditions which stand against it.
    fn condition_flags(&self, when: &Expression) -> Vec<String> {
        let holds = |id: &ConditionId| self.selection.truth(id, self.catalog).holds;
        let flag = |id: &ConditionId| format!("{} {id}", if holds(id) { "--unless" } else { "--when" });
        let flags: Vec<String> = when.opposing(&holds).into_iter().map(flag).collect();
        // Only phases stand against it then.
        if flags.is_empty() { vec!["without --phase".to_owned()] } else { flags }
    }

    fn warn_assumed(&mut self, prerequisite: CitedPrerequisite<'_>, assumed: &BTreeSet<ConditionId>) {
        for condition in assumed {
            let message = format!(
                "{}: {} is listed on an assumption about {condition}",
                prerequisite.document, prerequisite.says.id
            );
            let help = format!("--when {condition} or --unless {condition} settles it");
            self.out.findings.push(Finding::new(Code::ConditionAssumed, message).help(help));
        }
    }

    fn finish(self) -> Result<Prerequisites<'a>, Findings> {
        if self.out.findings.has_errors() {
            return Err(self.out.findings);
        }
        if !self.out.stated.is_empty() {
            return Ok(self.out);
        }
        let message = format!("{}: no prerequisite is known of the selection", self.out.title);
        let mut finding = Finding::new(Code::NothingSelected, message);
        for left_out in &self.out.left_out {
            let flags = left_out.flags.join(" ");
            finding = finding.note(format!("left out: {} ({flags})", left_out.prerequisite.says.id));
        }
        for unread in &self.out.findings {
            finding = finding.note(unread.message.clone());
        }
        for (document, edition, _) in
            self.out.documents.iter().filter(|(.., reading)| *reading == Reading::Whole)
        {
            finding = finding.note(format!("{document} {edition} was read, and asks nothing here"));
        }
        Err(finding.help("another edition or document may have some: --as-of, --edition, --also").into())
    }
}

/// What is not known of an edition.
fn unread(document: &Document, edition: Edition, text: &EditionText) -> Option<Finding> {
    let id = document.id();
    let (message, severity) = match text.prerequisites_read {
        Reading::Whole => return None,
        Reading::Part => (format!("{id} {edition} was read in part for prerequisites"), Severity::Warning),
        // Most documents of a scenario are lists of endpoints.
        Reading::Not => (format!("{id} {edition} was not read for prerequisites"), Severity::Note),
    };
    let finding = Finding::new(Code::PrerequisitesUnread, message).severity(severity);
    Some(match &text.prerequisites_unread {
        Some(unread) => finding.note(unread.clone()),
        None => finding,
    })
}
