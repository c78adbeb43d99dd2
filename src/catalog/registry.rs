//! The small registries: scenarios, roles, clouds, conditions, choices, parameters.

use crate::address::PortRange;
use crate::finding::Place;
use crate::host::HostName;
use crate::id::{
    ChoiceId, CloudId, ConditionId, DocumentId, OptionId, ParameterId, RequirementId, RoleId, ScenarioId,
};

use super::requirement::{DocumentedFlow, End};

/// What a team deploys.
#[derive(Debug)]
pub struct Scenario {
    /// Its id.
    pub id: ScenarioId,
    /// Its name, as Microsoft writes it.
    pub title: String,
    /// The role that a team installs.
    pub role: RoleId,
    /// The documents that state its needs, in order.
    pub primary: Vec<DocumentId>,
    /// Documents that describe it too; selected with `--also`.
    pub also: Vec<DocumentId>,
    /// Why the primary documents are the primary ones, where another living one says something else.
    pub because: Option<String>,
    /// The clouds for which it is documented.
    pub clouds: Vec<CloudId>,
    /// The clouds in which it does not exist, with the words that say so.
    pub unsupported: Vec<(CloudId, String)>,
    /// The scenario whose endpoints serve this one too, which has none of its own, and who says so.
    pub served_by: Option<(ScenarioId, String)>,
    /// Needs that no document of it states.
    pub gaps: Vec<Gap>,
}

/// A need that no document states but a role cannot do without.
#[derive(Debug)]
pub struct Gap {
    /// Its name.
    pub id: RequirementId,
    /// Who needs it.
    pub from: Vec<End>,
    /// What is needed.
    pub flows: Vec<DocumentedFlow>,
    /// The evidence.
    pub because: String,
}

/// An actor.
#[derive(Debug)]
pub struct Role {
    /// Its id.
    pub id: RoleId,
    /// Its name.
    pub title: String,
    /// A remark.
    pub note: Option<String>,
    /// Whether it lies outside every site, so that its addresses are any.
    pub outside: bool,
    /// What is documented about its services, programs and accounts.
    pub software: Vec<Software>,
}

/// A documented service, program or account of a role.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Software {
    /// Short name of the service.
    pub service: Option<String>,
    /// Full path of the program.
    pub program: Option<String>,
    /// The account.
    pub account: Option<String>,
    /// The documents that say so, by id or in words.
    pub documents: Vec<String>,
    /// The first edition date for which it is documented.
    pub from: Option<String>,
    /// The last one.
    pub until: Option<String>,
    /// A remark, such as from what it was deduced.
    pub note: Option<String>,
}

/// A cloud.
#[derive(Debug)]
pub struct Cloud {
    /// Its id.
    pub id: CloudId,
    /// Its name.
    pub title: String,
    /// The word for it in the weekly range files.
    pub file_word: String,
    /// Other words for it.
    pub also_called: Vec<String>,
    /// Why it is closed, if it is.
    pub retired: Option<String>,
    /// The number of the page on www.microsoft.com/download that names the weekly file; none for a retired cloud.
    pub download_page: Option<u32>,
}

/// What a condition is taken to be when the user says nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ConditionDefault {
    /// Known.
    Known(bool),
    /// Assumed: a rule that rests on it carries a warning.
    Assumed(bool),
    /// True when this scenario is selected.
    Scenario(ScenarioId),
    /// True when the site has a proxy.
    Proxy,
}

/// A fact about a site.
#[derive(Debug)]
pub struct Condition {
    /// Its id.
    pub id: ConditionId,
    /// What it means.
    pub text: String,
    /// Its value when the user says nothing.
    pub default: ConditionDefault,
    /// The reason for the default.
    pub because: String,
    /// Where the default stands in the catalog.
    pub place: Place,
}

/// A group of documented alternatives.
#[derive(Debug)]
pub struct Choice {
    /// Its id.
    pub id: ChoiceId,
    /// What it is about.
    pub title: String,
    /// The option taken when the user says nothing.
    pub default: Option<OptionId>,
    /// The reason for the default.
    pub because: String,
    /// All options, with their meaning.
    pub options: Vec<(OptionId, String)>,
}

/// The form of a parameter's value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ParameterKind {
    /// A label or host name.
    Host,
    /// A port or a range.
    Ports,
}

/// A value that only the customer knows.
#[derive(Debug)]
pub struct Parameter {
    /// Its id.
    pub id: ParameterId,
    /// What it is.
    pub title: String,
    /// The form of its value.
    pub kind: ParameterKind,
    /// Its value when the user says nothing.
    pub default: Option<String>,
    /// A remark.
    pub note: Option<String>,
}

impl Parameter {
    /// Checks a value by the parameter's kind.
    ///
    /// # Errors
    /// The reason in words.
    pub fn check(&self, value: &str) -> Result<(), String> {
        match self.kind {
            ParameterKind::Ports => self.ports(value).map(|_| ()),
            ParameterKind::Host => HostName::parse(value).map(|_| ()).map_err(|error| error.to_string()),
        }
    }

    /// Checks a value for a port parameter: ports and ranges, separated by commas.
    ///
    /// # Errors
    /// The reason in words.
    pub fn ports(&self, value: &str) -> Result<Vec<PortRange>, String> {
        let ports = value.split(',').map(|port| PortRange::parse(port.trim()));
        ports.collect::<Result<_, _>>().map_err(|error| error.to_string())
    }
}

/// All registries.
#[derive(Debug, Default)]
pub struct Registries {
    /// By id.
    pub scenarios: Vec<Scenario>,
    /// By id.
    pub roles: Vec<Role>,
    /// In the file's order.
    pub clouds: Vec<Cloud>,
    /// By id.
    pub conditions: Vec<Condition>,
    /// By id.
    pub choices: Vec<Choice>,
    /// By id.
    pub parameters: Vec<Parameter>,
}
