//! What is in: a selection of the catalog becomes symbolic rules.
//!
//! Only this stage decides what is in. Everything that it leaves out is listed with the flag that brings it in.

mod absent;
mod destination;
mod elsewhere;
mod gap;
mod gather;
mod left_out;
mod port;
mod prerequisite;
mod reference;
mod selection;
mod software;

pub use elsewhere::Elsewhere;
pub use prerequisite::{
    CitedPrerequisite, ComparablePrerequisite, PrerequisiteLeftOut, Prerequisites, prerequisites,
    stated_prerequisites,
};
pub use selection::{Places, Request, Selection};

use crate::catalog::{Catalog, Denial, Edition, Publisher, Scenario};
use crate::finding::{Code, Finding, Findings};
use crate::id::{ChoiceId, CloudId, ConditionId, DocumentId, OptionId, RequirementId, RoleId, ScenarioId};
use crate::rule::{Phase, RuleSet};

use gather::Gathering;

/// Why a documented need is not among the rules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    /// It is offered, not demanded.
    Optional,
    /// It belongs to other phases.
    Phase(Vec<Phase>),
    /// Conditions stand against it, as far as is known: false ones, or true ones under a `not`; all of them matter.
    Condition {
        /// Which.
        all: Vec<ConditionId>,
    },
    /// The same; changing one of them is enough.
    AnyCondition {
        /// Which.
        any: Vec<ConditionId>,
    },
    /// Another alternative was taken.
    Alternative(ChoiceId, OptionId),
    /// No text and no reading tells its destination.
    Unstated,
}

/// A documented need that is not among the rules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftOut {
    /// Of which scenario.
    pub scenario: ScenarioId,
    /// By which document.
    pub document: DocumentId,
    /// Which requirement.
    pub requirement: RequirementId,
    /// What for, and on which ports.
    pub what: String,
    /// Why, one reason after the other.
    pub reasons: Vec<Reason>,
    /// The flags that bring it in; empty where none does.
    pub flags: Vec<String>,
}

/// A need that no document of the selection states.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UndocumentedNeed {
    /// Of which scenario.
    pub scenario: ScenarioId,
    /// Its name.
    pub id: RequirementId,
    /// The roles that have it.
    pub roles: Vec<RoleId>,
    /// Ports, such as `53/tcp+udp`.
    pub ports: Vec<String>,
    /// The evidence.
    pub because: String,
    /// Whether its rules are among the result (`--gaps`).
    pub emitted: bool,
}

/// The rules of a selection, with everything that a reader must know about them.
#[derive(Debug)]
pub struct Resolved {
    /// `Microsoft Entra Cloud Sync, public cloud`.
    pub title: String,
    /// The scenarios.
    pub scenarios: Vec<ScenarioId>,
    /// The cloud.
    pub cloud: CloudId,
    /// The rules.
    pub rules: RuleSet,
    /// The documents that were read, with their editions.
    pub documents: Vec<(DocumentId, Edition)>,
    /// What is not among the rules.
    pub left_out: Vec<LeftOut>,
    /// What no document states.
    pub gaps: Vec<UndocumentedNeed>,
    /// What other living documents state.
    pub elsewhere: Vec<Elsewhere>,
    /// Warnings and notes.
    pub findings: Findings,
}

/// Resolves a checked selection.
///
/// # Errors
/// Every reason why there is no result: the scenario does not exist in the cloud, a choice or parameter is missing,
/// no edition is old enough, or nothing is left.
pub fn resolve(catalog: &Catalog, selection: &Selection) -> Result<Resolved, Findings> {
    let scenarios = selected_scenarios(catalog, selection)?;
    let mut gathering = Gathering::new(catalog, selection)?;
    for scenario in &scenarios {
        gathering.scenario(scenario)?;
    }
    gathering.out.findings.append(idle(selection, &scenarios, &gathering.out));
    let mut gathered = gathering.finish()?;
    let elsewhere =
        elsewhere::elsewhere(catalog, selection, &scenarios, &gathered.rules, &mut gathered.findings);
    let titles: Vec<&str> = scenarios.iter().map(|scenario| scenario.title.as_str()).collect();
    let cloud = catalog.cloud(selection.cloud.as_str())?;
    let resolved = Resolved {
        title: format!("{}, {}", titles.join(" + "), cloud.title),
        scenarios: selection.scenarios.clone(),
        cloud: selection.cloud.clone(),
        rules: gathered.rules,
        documents: gathered.documents,
        left_out: gathered.left_out,
        gaps: gathered.gaps,
        elsewhere,
        findings: gathered.findings,
    };
    if resolved.rules.is_empty() { Err(nothing(&resolved, &scenarios)) } else { Ok(resolved) }
}

/// The scenarios of a selection, all of which exist in its cloud.
fn selected_scenarios<'a>(
    catalog: &'a Catalog,
    selection: &Selection,
) -> Result<Vec<&'a Scenario>, Findings> {
    let mut findings = Findings::new();
    let mut scenarios = Vec::new();
    for id in &selection.scenarios {
        match catalog.scenario(id.as_str()) {
            Ok(scenario) => scenarios.push(scenario),
            Err(finding) => findings.push(finding),
        }
    }
    for scenario in &scenarios {
        findings.append(unavailable(catalog, scenario, selection));
    }
    findings.or_value(scenarios).map(|(scenarios, _)| scenarios)
}

/// Documents and editions that were asked for and that nothing of the selection reads: whoever asks for them expects
/// their rules.
fn idle(selection: &Selection, scenarios: &[&Scenario], gathered: &gather::Gathered) -> Findings {
    let mut findings = Findings::new();
    let names = |ids: Vec<&DocumentId>| ids.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    let also: Vec<&DocumentId> = scenarios.iter().flat_map(|scenario| &scenario.also).collect();
    for id in &selection.also {
        if !also.contains(&id) && !scenarios.iter().any(|scenario| scenario.primary.contains(id)) {
            let message = format!("{id} describes none of the selected scenarios");
            let help = if also.is_empty() {
                "nothing else describes them: drop --also".to_owned()
            } else {
                format!("--also takes {}", names(also.clone()))
            };
            findings.push(Finding::new(Code::InvalidValue, message).help(help));
        }
    }
    for (id, edition) in &selection.editions {
        let read = gathered.documents.iter().any(|(read, _)| read == id) || gathered.referred.contains(id);
        if !read {
            let message = format!("{id}@{edition} was asked for, and no selected scenario reads {id}");
            let read: Vec<&DocumentId> = gathered.documents.iter().map(|(id, _)| id).collect();
            findings
                .push(Finding::new(Code::InvalidValue, message).help(format!("they read {}", names(read))));
        }
    }
    findings
}

/// The reasons why a scenario does not exist in the selected cloud, with their sources.
fn unavailable(catalog: &Catalog, scenario: &Scenario, selection: &Selection) -> Findings {
    let cloud = &selection.cloud;
    if let Some(because) = catalog
        .registries()
        .clouds
        .iter()
        .find(|each| each.id == *cloud)
        .and_then(|each| each.retired.as_ref())
    {
        let finding =
            Finding::new(Code::RetiredCloud, format!("cloud {cloud} is closed")).note(because.clone());
        return finding.help("`portbook show --all` shows what was documented for it").into();
    }
    let retired = |id: &CloudId| {
        catalog.registries().clouds.iter().any(|cloud| cloud.id == *id && cloud.retired.is_some())
    };
    let known: Vec<&str> = scenario.clouds.iter().filter(|id| !retired(id)).map(CloudId::as_str).collect();
    let elsewhere = format!("it is documented for {}", known.join(", "));
    let stated = scenario.unsupported.iter().find(|(unsupported, _)| unsupported == cloud);
    if let Some((_, because)) = stated {
        let message = format!("{} does not exist in cloud {cloud}", scenario.id);
        return Finding::new(Code::UnsupportedInCloud, message).note(because.clone()).help(elsewhere).into();
    }
    if let Some(finding) = denied(catalog, scenario, selection) {
        return finding.help(elsewhere).into();
    }
    if !scenario.clouds.contains(cloud) {
        let message = format!("no document describes {} for cloud {cloud}", scenario.id);
        return Finding::new(Code::UnsupportedInCloud, message).help(elsewhere).into();
    }
    Findings::new()
}

/// A negative fact in an edition of the selection.
fn denied(catalog: &Catalog, scenario: &Scenario, selection: &Selection) -> Option<Finding> {
    for id in &scenario.primary {
        let document = catalog.document(id).ok()?;
        let Some(edition) = selection.edition_of(document) else {
            continue;
        };
        let text = catalog.edition(document, edition).ok()?;
        let negative = text.negatives.iter().find(|negative| {
            negative.says == Denial::Unsupported
                // Without a list it is about every scenario of its document.
                && (negative.scenarios.is_empty() || negative.scenarios.contains(&scenario.id))
                && negative.cloud.as_ref() == Some(&selection.cloud)
        });
        if let Some(negative) = negative {
            let message = format!("{} does not exist in cloud {}", scenario.id, selection.cloud);
            let words = negative.words.as_deref().unwrap_or("not supported");
            return Some(
                Finding::new(Code::UnsupportedInCloud, message).note(format!("{id} {edition}: {words}")),
            );
        }
    }
    None
}

fn nothing(resolved: &Resolved, scenarios: &[&Scenario]) -> Findings {
    let mut finding =
        Finding::new(Code::NothingSelected, format!("{}: the selection leaves no rule", resolved.title));
    for left_out in &resolved.left_out {
        let flags = if left_out.flags.is_empty() {
            "no flag brings it in".to_owned()
        } else {
            left_out.flags.join(" ")
        };
        finding = finding.note(format!("left out: {} ({flags})", left_out.what));
    }
    // What the documents leave open is left out under every flag.
    for open in resolved.findings.iter().filter(|finding| finding.code == Code::DestinationUnstated) {
        finding = finding.note(open.message.clone());
    }
    // A document that came later, and the one that was there before it.
    for absent in resolved.findings.iter().filter(|finding| finding.code == Code::NoEdition) {
        finding = finding.note(absent.message.clone());
        finding = absent.help.iter().fold(finding, |finding, help| finding.note(help.clone()));
    }
    for (by, because) in scenarios.iter().filter_map(|scenario| scenario.served_by.as_ref()) {
        finding = finding
            .note(because.clone())
            .help(format!("`portbook generate {by}` has the rules that serve it"));
    }
    finding.help("an empty artifact would look like a finished one; widen the selection").into()
}

/// Documents of a scenario that a selection reads: the primary ones, and of the others those asked for.
fn selected_documents<'a>(
    catalog: &'a Catalog,
    scenario: &'a Scenario,
    selection: &Selection,
) -> Result<Vec<&'a DocumentId>, Findings> {
    let mut documents: Vec<&DocumentId> = scenario.primary.iter().collect();
    for id in &scenario.also {
        let named = selection.also.contains(id) || selection.editions.contains_key(id);
        if named || selection.also_all && counts_as_also(catalog, id)? {
            documents.push(id);
        }
    }
    Ok(documents)
}

/// Whether `--also` without a name takes a document: living ones of Microsoft.
fn counts_as_also(catalog: &Catalog, id: &DocumentId) -> Result<bool, Findings> {
    let about = catalog.about(catalog.document(id)?)?;
    Ok(about.publisher == Publisher::Microsoft && about.life == crate::catalog::Life::Living)
}
