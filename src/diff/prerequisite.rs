//! What texts ask of hosts, and what of it changed.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::catalog::{Catalog, Edition, Prerequisite, Reading};
use crate::finding::Findings;
use crate::id::{CloudId, DocumentId, RoleId, ScenarioId};
use crate::resolve::{ComparablePrerequisite, stated_prerequisites};

use super::Side;

/// What a change of a prerequisite is, in the order in which they are told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum PrerequisiteCategory {
    /// Only the new side asks for it.
    Added,
    /// Only the old side asked for it.
    Removed,
    /// Both sides state it with another value.
    Changed,
    /// The same value, but with another force, under another condition, in other clouds or scenarios.
    NeedChanged,
    /// One side states it, and the text of the other was not read for prerequisites, or not all of it: no difference is
    /// known, nor that there is none.
    NotKnown,
}

impl PrerequisiteCategory {
    /// All of them, in that order.
    pub const ALL: [Self; 5] = [Self::Added, Self::Removed, Self::Changed, Self::NeedChanged, Self::NotKnown];

    /// The words for people.
    pub fn title(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Removed => "removed",
            Self::Changed => "changed",
            Self::NeedChanged => "need changed",
            Self::NotKnown => "not known",
        }
    }
}

/// A prerequisite as one side states it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatedPrerequisite {
    /// What is compared. Clouds and scenarios that the comparison does not settle stand with the need:
    /// `required when X, in public`.
    pub says: ComparablePrerequisite,
    /// The canonical text in the parts that lists make.
    pub parts: Vec<String>,
    /// The document that states it.
    pub document: DocumentId,
    /// The scenarios that it names.
    scenarios: Vec<ScenarioId>,
}

/// A prerequisite that the two sides do not state alike.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PrerequisiteChange {
    /// What it is.
    pub category: PrerequisiteCategory,
    /// What the old side says.
    pub old: Option<StatedPrerequisite>,
    /// What the new side says.
    pub new: Option<StatedPrerequisite>,
    /// The text of the old side that says it, or that does not; absent if that side has no such document.
    pub old_text: Option<(DocumentId, Edition)>,
    /// The text of the new side.
    pub new_text: Option<(DocumentId, Edition)>,
    /// How much of the silent text was read, if not the whole.
    pub unread: Option<Reading>,
}

impl PrerequisiteChange {
    /// What either side says, the newer side if both do.
    pub fn said(&self) -> Option<&StatedPrerequisite> {
        self.new.as_ref().or(self.old.as_ref())
    }
}

/// The prerequisites of a side.
#[derive(Debug, Default)]
pub(super) struct Prerequisites {
    stated: Vec<StatedPrerequisite>,
    read: Vec<Reading>,
}

impl Prerequisites {
    /// What `documents` ask in a cloud and a scenario, or in any.
    ///
    /// # Errors
    /// All errors of their files.
    pub(super) fn of(
        catalog: &Catalog,
        documents: &[(DocumentId, Edition)],
        scenario: Option<&ScenarioId>,
        cloud: Option<&CloudId>,
    ) -> Result<Self, Findings> {
        let mut found = Self::default();
        for (id, edition) in documents {
            let text = catalog.edition(catalog.document(id)?, *edition)?;
            found.read.push(text.prerequisites_read);
            for cited in stated_prerequisites(id, *edition, text) {
                let here = cloud.is_none_or(|cloud| cited.says.holds_in(cloud))
                    && scenario.is_none_or(|scenario| cited.says.is_about(scenario));
                if here {
                    let mut says = cited.comparable();
                    says.need.push_str(&place(catalog, cited.says, scenario, cloud));
                    found.stated.push(StatedPrerequisite {
                        says,
                        parts: cited.says.statement.parts(),
                        document: id.clone(),
                        scenarios: cited.says.scenarios.clone(),
                    });
                }
            }
        }
        Ok(found)
    }

    /// Those of `roles`; all of them if there are none.
    pub(super) fn retain_roles(&mut self, roles: &BTreeSet<RoleId>) {
        let plays = |stated: &StatedPrerequisite| roles.iter().any(|role| role.as_str() == stated.says.role);
        self.stated.retain(|stated| roles.is_empty() || plays(stated));
    }

    /// Whether nothing is asked.
    pub(super) fn is_empty(&self) -> bool {
        self.stated.is_empty()
    }
}

impl Side {
    /// How much of each of [`Side::documents`] was read for prerequisites, in their order.
    pub fn prerequisites_read(&self) -> &[Reading] {
        &self.prerequisites.read
    }
}

/// Where it holds, as far as the comparison does not settle it: `, in public`.
fn place(
    catalog: &Catalog,
    says: &Prerequisite,
    scenario: Option<&ScenarioId>,
    cloud: Option<&CloudId>,
) -> String {
    let mut words = String::new();
    let everywhere =
        |clouds: &[CloudId]| catalog.registries().clouds.iter().all(|each| clouds.contains(&each.id));
    if let (Some(clouds), None) = (says.clouds.as_ref().filter(|clouds| !everywhere(clouds)), cloud) {
        let clouds: BTreeSet<&str> = clouds.iter().map(CloudId::as_str).collect();
        words = format!(", in {}", clouds.into_iter().collect::<Vec<_>>().join(" and "));
    }
    if !says.scenarios.is_empty() && scenario.is_none() {
        let scenarios: BTreeSet<&str> = says.scenarios.iter().map(ScenarioId::as_str).collect();
        words = format!("{words}, for {}", scenarios.into_iter().collect::<Vec<_>>().join(" and "));
    }
    words
}

/// What differs, by category, then by document, role and id. Of `not_compared` scenarios nothing is.
pub(super) fn changes(
    old: &Side,
    new: &Side,
    not_compared: &BTreeSet<ScenarioId>,
) -> Vec<PrerequisiteChange> {
    // Two documents answer each other as two texts of one do.
    let apart = old.documents.len() > 1 || new.documents.len() > 1;
    let key = |stated: &StatedPrerequisite| {
        let document = apart.then(|| stated.document.clone());
        (document, stated.says.role.clone(), stated.says.id.clone(), stated.says.kind)
    };
    let compared = |stated: &&StatedPrerequisite| {
        let scenarios = &stated.scenarios;
        scenarios.is_empty() || !scenarios.iter().all(|scenario| not_compared.contains(scenario))
    };
    let mut pairs: BTreeMap<_, Pair<'_>> = BTreeMap::new();
    for stated in old.prerequisites.stated.iter().filter(compared) {
        pairs.entry(key(stated)).or_default().0 = Some(stated);
    }
    for stated in new.prerequisites.stated.iter().filter(compared) {
        pairs.entry(key(stated)).or_default().1 = Some(stated);
    }
    let text = |side: &Side, document: &Option<DocumentId>| {
        let texts = side.documents.iter().zip(&side.prerequisites.read);
        let mut texts = texts.filter(|((id, _), _)| document.as_ref().is_none_or(|document| document == id));
        texts.next().map(|(text, read)| (text.clone(), *read))
    };
    let mut changes: Vec<PrerequisiteChange> = pairs
        .into_iter()
        .filter_map(|((document, ..), pair)| change(pair, (text(old, &document), text(new, &document))))
        .collect();
    changes.sort_by_key(|change| change.category);
    changes
}

/// What both sides say of one prerequisite.
type Pair<'a> = (Option<&'a StatedPrerequisite>, Option<&'a StatedPrerequisite>);

/// A text, and how much of it was read.
type Text = ((DocumentId, Edition), Reading);

fn change((was, is): Pair<'_>, (old, new): (Option<Text>, Option<Text>)) -> Option<PrerequisiteChange> {
    let unread =
        |text: &Option<Text>| text.as_ref().map(|(_, read)| *read).filter(|read| *read != Reading::Whole);
    let (category, unread) = match (was, is) {
        (Some(was), Some(is)) if was.says.value != is.says.value => (PrerequisiteCategory::Changed, None),
        (Some(was), Some(is)) if was.says.need != is.says.need => (PrerequisiteCategory::NeedChanged, None),
        (Some(_), Some(_)) | (None, None) => return None,
        (None, Some(_)) => (PrerequisiteCategory::Added, unread(&old)),
        (Some(_), None) => (PrerequisiteCategory::Removed, unread(&new)),
    };
    Some(PrerequisiteChange {
        category: if unread.is_some() { PrerequisiteCategory::NotKnown } else { category },
        old: was.cloned(),
        new: is.cloned(),
        old_text: old.map(|(text, _)| text),
        new_text: new.map(|(text, _)| text),
        unread,
    })
}
