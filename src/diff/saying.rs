//! What a text says beside its flows, and what of it changed.

use std::collections::BTreeMap;

use crate::catalog::{Catalog, Edition, End, EndKind, Requirement};
use crate::finding::Findings;
use crate::id::{CloudId, DocumentId, RequirementId, RoleId, ScenarioId};

use super::{Category, Side};

/// One thing that a text says beside its flows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Saying {
    /// By which text; texts of one document answer each other.
    document: DocumentId,
    /// `address-fallback` or `account`.
    of: &'static str,
    /// Of which requirement, where the text says it of one alone.
    requirement: Option<RequirementId>,
    /// Whose.
    role: Option<RoleId>,
    /// What counts; the words are only words.
    value: String,
    words: String,
}

/// Something beside the flows that the two sides do not say alike.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SayingChange {
    /// [`Category::NeedChanged`] where artifacts can differ because of it, else [`Category::Wording`].
    pub category: Category,
    /// `address-fallback` (the offer of the Azure datacenter IP ranges in place of names) or `account` (under which
    /// traffic runs).
    pub of: &'static str,
    /// Of which requirement, where the text says it of one alone.
    pub requirement: Option<RequirementId>,
    /// Whose.
    pub role: Option<RoleId>,
    /// The texts: those of both sides, or the one that says it.
    pub documents: Vec<(DocumentId, Edition)>,
    /// What the old side says.
    pub old: Option<String>,
    /// What the new side says.
    pub new: Option<String>,
}

/// What the texts of a side say beside their flows; what they say of one requirement only where it holds.
///
/// # Errors
/// All errors of their files.
pub(super) fn sayings(
    catalog: &Catalog,
    documents: &[(DocumentId, Edition)],
    scenario: Option<&ScenarioId>,
    cloud: Option<&CloudId>,
) -> Result<Vec<Saying>, Findings> {
    let mut sayings = Vec::new();
    for (id, edition) in documents {
        let text = catalog.edition(catalog.document(id)?, *edition)?;
        let saying = |of, role: Option<&RoleId>, value: &str, words: &str| Saying {
            document: id.clone(),
            of,
            requirement: None,
            role: role.cloned(),
            value: value.to_owned(),
            words: words.to_owned(),
        };
        let fallback = text.address_fallback.as_deref();
        sayings.extend(fallback.map(|words| saying("address-fallback", None, "offered", words)));
        let here = |requirement: &&Requirement| {
            cloud.is_none_or(|cloud| requirement.holds_in(cloud))
                && scenario.is_none_or(|scenario| requirement.scenarios.contains(scenario))
        };
        sayings.extend(text.requirements.iter().filter(here).filter_map(|requirement| {
            let words = requirement.address_fallback.as_deref()?;
            let role = requirement.from.iter().find_map(role);
            let requirement = Some(requirement.id.clone());
            Some(Saying { requirement, ..saying("address-fallback", role, "offered", words) })
        }));
        let accounts = text.identities.iter();
        sayings.extend(accounts.map(|each| saying("account", Some(&each.role), &each.account, &each.words)));
    }
    Ok(sayings)
}

/// Whose need it is.
fn role(end: &End) -> Option<&RoleId> {
    match &end.kind {
        EndKind::Role(role) => Some(role),
        _ => None,
    }
}

/// What differs, by kind, requirement and role.
pub(super) fn changes(old: &Side, new: &Side) -> Vec<SayingChange> {
    // Two documents answer each other as two texts of one do.
    let apart = old.documents.len() > 1 || new.documents.len() > 1;
    let key = |saying: &Saying| {
        let document = apart.then(|| saying.document.clone());
        (saying.of, saying.requirement.clone(), saying.role.clone(), document)
    };
    let mut pairs: BTreeMap<_, (Option<&Saying>, Option<&Saying>)> = BTreeMap::new();
    for saying in &old.sayings {
        pairs.entry(key(saying)).or_default().0 = Some(saying);
    }
    for saying in &new.sayings {
        pairs.entry(key(saying)).or_default().1 = Some(saying);
    }
    pairs.into_values().filter_map(|(was, is)| change((old, was), (new, is))).collect()
}

fn change((old, was): (&Side, Option<&Saying>), (new, is): (&Side, Option<&Saying>)) -> Option<SayingChange> {
    let either = was.or(is)?;
    let (category, text): (_, fn(&Saying) -> &String) = match (was, is) {
        (Some(was), Some(is)) if (&was.value, &was.words) == (&is.value, &is.words) => return None,
        // Windows compares the names of accounts without regard to case.
        (Some(was), Some(is)) if was.value.eq_ignore_ascii_case(&is.value) => {
            (Category::Wording, |saying| &saying.words)
        }
        (Some(_), Some(_)) => (Category::NeedChanged, |saying| &saying.value),
        _ => (Category::NeedChanged, |saying| &saying.words),
    };
    let source = |side: &Side, saying: Option<&Saying>| -> Vec<(DocumentId, Edition)> {
        let documents = side.documents.iter();
        let here = documents.filter(|(id, _)| saying.is_some_and(|saying| saying.document == *id));
        here.cloned().collect()
    };
    let mut documents = source(old, was);
    documents.extend(source(new, is));
    Some(SayingChange {
        category,
        of: either.of,
        requirement: either.requirement.clone(),
        role: either.role.clone(),
        documents,
        old: was.map(|saying| text(saying).clone()),
        new: is.map(|saying| text(saying).clone()),
    })
}
