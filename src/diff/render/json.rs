//! For programs.

use std::collections::BTreeSet;

use serde::{Serialize, Serializer};

use crate::address::{PortRange, Transport};
use crate::catalog::{Demand, Edition, ReadEnd, Reading};
use crate::diff::{
    Category, Change, Difference, PrerequisiteCategory, PrerequisiteChange, SayingChange, Side, Source,
    StatedFlow, StatedPorts, StatedPrerequisite, Statement, Wording,
};
use crate::finding::{Code, Finding};
use crate::id::{CloudId, DocumentId, RequirementId, RoleId, ScenarioId};
use crate::rule::{Phase, RuleId, Scope, TlsInspection};

/// Name and version of the form. A change that an older reader would misread takes the next number.
pub const FORMAT: &str = "portbook-diff/1";

/// The difference with both sides of every change in full; docs/diff.md tells the keys.
///
/// # Errors
/// `cannot-write`, which no difference brings about: all its keys are texts.
pub fn json(difference: &Difference) -> Result<String, Finding> {
    let view = DifferenceView {
        format: FORMAT,
        old: SideView::of(&difference.old),
        new: SideView::of(&difference.new),
        scenarios: &difference.scenarios,
        not_compared: &difference.not_compared,
        clouds: &difference.clouds,
        summary: Summary(difference),
        changes: difference.changes.iter().map(ChangeView::of).collect(),
        sayings: difference.sayings.iter().map(SayingView::of).collect(),
        prerequisites: difference.prerequisites.iter().map(PrerequisiteView::of).collect(),
    };
    let mut text = serde_json::to_string_pretty(&view).map_err(|error| {
        Finding::new(Code::CannotWrite, "the difference cannot be written as JSON").note(error.to_string())
    })?;
    text.push('\n');
    Ok(text)
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct DifferenceView<'a> {
    format: &'static str,
    old: SideView<'a>,
    new: SideView<'a>,
    scenarios: &'a BTreeSet<ScenarioId>,
    not_compared: &'a BTreeSet<ScenarioId>,
    clouds: &'a BTreeSet<CloudId>,
    summary: Summary<'a>,
    changes: Vec<ChangeView<'a>>,
    sayings: Vec<SayingView<'a>>,
    prerequisites: Vec<PrerequisiteView<'a>>,
}

/// Every category in its order, with the number of its flows.
struct Summary<'a>(&'a Difference);

impl Serialize for Summary<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(Category::ALL.map(|category| (category.as_str(), self.0.count(category))))
    }
}

#[derive(Serialize)]
struct SayingView<'a> {
    category: Category,
    of: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    requirement: Option<&'a RequirementId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    role: Option<&'a RoleId>,
    documents: Vec<DocumentView<'a>>,
    old: Option<&'a str>,
    new: Option<&'a str>,
}

impl<'a> SayingView<'a> {
    fn of(saying: &'a SayingChange) -> Self {
        Self {
            category: saying.category,
            of: saying.of,
            requirement: saying.requirement.as_ref(),
            role: saying.role.as_ref(),
            documents: documents(&saying.documents),
            old: saying.old.as_deref(),
            new: saying.new.as_deref(),
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct PrerequisiteView<'a> {
    category: PrerequisiteCategory,
    id: &'a str,
    role: &'a str,
    kind: &'static str,
    old: Option<StatedView<'a>>,
    new: Option<StatedView<'a>>,
    old_text: Option<DocumentView<'a>>,
    new_text: Option<DocumentView<'a>>,
}

#[derive(Serialize)]
struct StatedView<'a> {
    value: &'a str,
    need: &'a str,
}

impl<'a> PrerequisiteView<'a> {
    fn of(change: &'a PrerequisiteChange) -> Self {
        let said = change.said().map(|said| &said.says);
        let stated = |stated: &'a Option<StatedPrerequisite>| {
            stated.as_ref().map(|stated| StatedView { value: &stated.says.value, need: &stated.says.need })
        };
        let text = |text: &'a Option<(DocumentId, Edition)>| text.as_ref().map(DocumentView::of);
        Self {
            category: change.category,
            id: said.map_or("", |says| &says.id),
            role: said.map_or("", |says| &says.role),
            kind: said.map_or("", |says| says.kind),
            old: stated(&change.old),
            new: stated(&change.new),
            old_text: text(&change.old_text),
            new_text: text(&change.new_text),
        }
    }
}

fn documents(documents: &[(DocumentId, Edition)]) -> Vec<DocumentView<'_>> {
    documents.iter().map(DocumentView::of).collect()
}

#[derive(Serialize)]
struct SideView<'a> {
    title: &'a str,
    scenario: Option<&'a ScenarioId>,
    cloud: Option<&'a CloudId>,
    documents: Vec<DocumentView<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct DocumentView<'a> {
    document: &'a DocumentId,
    edition: Edition,
    #[serde(skip_serializing_if = "Option::is_none")]
    prerequisites_read: Option<&'static str>,
}

impl<'a> DocumentView<'a> {
    fn of((document, edition): &'a (DocumentId, Edition)) -> Self {
        Self { document, edition: *edition, prerequisites_read: None }
    }
}

impl<'a> SideView<'a> {
    fn of(side: &'a Side) -> Self {
        let texts = side.documents.iter().zip(side.prerequisites_read());
        let read = |(text, read): (&'a (DocumentId, Edition), &Reading)| DocumentView {
            prerequisites_read: Some(read.as_str()),
            ..DocumentView::of(text)
        };
        Self {
            title: &side.title,
            scenario: side.scenario.as_ref(),
            cloud: side.cloud.as_ref(),
            documents: texts.map(read).collect(),
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct ChangeView<'a> {
    category: Category,
    rule: Option<RuleId>,
    flow: FlowView<'a>,
    scenarios: &'a BTreeSet<ScenarioId>,
    clouds: &'a BTreeSet<CloudId>,
    old: Vec<StatementView<'a>>,
    new: Vec<StatementView<'a>>,
    covered_by: Vec<StatementView<'a>>,
    wordings: &'a [Wording],
}

impl<'a> ChangeView<'a> {
    fn of(change: &'a Change) -> Self {
        let all = |statements: &'a [Statement]| statements.iter().map(StatementView::of).collect();
        let covering = |statement: &'a Statement| StatementView {
            flow: Some(FlowView::of(&statement.flow)),
            ..StatementView::of(statement)
        };
        Self {
            category: change.category,
            rule: change.flow.rule().filter(|_| !change.is_negative()),
            flow: FlowView::of(&change.flow),
            scenarios: &change.scenarios,
            clouds: &change.clouds,
            old: all(&change.old),
            new: all(&change.new),
            covered_by: change.covered_by.iter().map(covering).collect(),
            wordings: &change.wordings,
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct FlowView<'a> {
    from: Option<EndView<'a>>,
    to: Option<EndView<'a>>,
    transport: Option<Transport>,
    ports: PortsView<'a>,
    source_ports: Option<PortRange>,
    scope: Scope,
}

impl<'a> FlowView<'a> {
    fn of(flow: &'a StatedFlow) -> Self {
        Self {
            from: flow.from.as_ref().map(EndView),
            to: flow.to.as_ref().map(EndView),
            transport: flow.transport,
            ports: match &flow.ports {
                StatedPorts::None => PortsView::None,
                StatedPorts::Range(range) => PortsView::Range(*range),
                StatedPorts::Parameter(parameter) => PortsView::Parameter { parameter },
            },
            source_ports: flow.source_ports,
            scope: flow.scope,
        }
    }
}

#[derive(Serialize)]
#[serde(untagged)]
enum PortsView<'a> {
    None,
    Range(PortRange),
    Parameter { parameter: &'a str },
}

struct EndView<'a>(&'a ReadEnd);

impl Serialize for EndView<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeMap as _;
        let end = self.0;
        if let ReadEnd::Endpoint(endpoint) = end {
            return endpoint.serialize(serializer);
        }
        let mut map = serializer.serialize_map(None)?;
        match end {
            ReadEnd::Endpoint(_) => {}
            ReadEnd::Template { template, at } => {
                map.serialize_entry("template", template)?;
                if let Some(role) = at {
                    map.serialize_entry("at", role)?;
                }
            }
            ReadEnd::CloudRanges => map.serialize_entry("cloud-ranges", "selected")?,
            ReadEnd::List { document, .. } => map.serialize_entry("list", document)?,
            ReadEnd::Unstated => map.serialize_entry("unstated", &true)?,
        }
        map.end()
    }
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct StatementView<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    flow: Option<FlowView<'a>>,
    #[serde(flatten)]
    source: &'a Source,
    need: Demand,
    phases: &'a BTreeSet<Phase>,
    condition: Option<String>,
    tls_inspection: Option<TlsInspection>,
    purpose: &'a str,
    documented_as: &'a str,
    documented_ports: &'a str,
    slip: Option<&'a str>,
    interpreted: &'a [String],
}

impl<'a> StatementView<'a> {
    fn of(statement: &'a Statement) -> Self {
        Self {
            flow: None,
            source: &statement.source,
            need: statement.demand,
            phases: &statement.phases,
            condition: Some(statement.condition()).filter(|condition| !condition.is_empty()),
            tls_inspection: statement.tls_inspection,
            purpose: &statement.purpose,
            documented_as: &statement.documented_as,
            documented_ports: &statement.documented_ports,
            slip: statement.slip.as_deref(),
            interpreted: &statement.interpreted,
        }
    }
}
