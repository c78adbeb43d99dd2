//! The preflight: a PowerShell script for the host of a role that looks and changes nothing.

use minijinja::value::{Serde, Value};
use serde::Serialize;

use crate::artifact::Artifact;
use crate::catalog::{Catalog, MemoryMeasure, Statement};
use crate::finding::{Code, Finding, Findings};
use crate::id::RoleId;
use crate::resolve::{CitedPrerequisite, Prerequisites, Resolved, Selection};
use crate::site::Site;
use crate::target::{POWERSHELL_FILTERS, Templates, ascii_line};

use super::check::{Check, checks};
use super::endpoint::{NamedHosts, TestPlan};
use super::script_test::ScriptTest;
use super::{header, once};

/// The template of all scripts.
const TEMPLATE: &str = "preflight/role.ps1";

/// What a preflight is made of.
#[derive(Debug)]
pub struct Preflight<'a> {
    /// The catalog, for hosts that stand for wildcards.
    pub catalog: &'a Catalog,
    /// The selection.
    pub selection: &'a Selection,
    /// Its prerequisites.
    pub prerequisites: &'a Prerequisites<'a>,
    /// Its rules.
    pub resolved: &'a Resolved,
    /// Addresses of other roles, and the proxy.
    pub site: &'a Site,
    /// Hosts of the site that were named one by one.
    pub hosts: &'a NamedHosts,
}

/// What the template sees.
#[derive(Debug, Serialize)]
struct Script {
    header: Vec<String>,
    role: String,
    title: String,
    /// The site's proxy, if one was given.
    proxy: String,
    organizational_units: bool,
    domain: bool,
    checks: Vec<Check>,
    endpoints: Vec<ScriptTest>,
}

/// The script for hosts of one role.
///
/// # Errors
/// When the selection asks nothing of the role, when a file of the catalog has errors, or when the template fails.
pub fn preflight(of: &Preflight<'_>, role: &RoleId, templates: &Templates) -> Result<Artifact, Findings> {
    let script = script(of, role)?;
    let context = minijinja::context! { script => Value::from(Serde(&script)) };
    let text = templates.render(TEMPLATE, context, POWERSHELL_FILTERS)?;
    // Editors of Windows Server 2016 show a file without carriage returns as one line.
    Ok(Artifact::text(format!("{role}.preflight.ps1"), text.replace('\n', "\r\n")))
}

fn script(of: &Preflight<'_>, role: &RoleId) -> Result<Script, Findings> {
    let stated = &of.prerequisites.stated;
    let checks: Vec<Check> = stated.iter().flat_map(|cited| checks(cited, role)).collect();
    let roles = std::slice::from_ref(role);
    let plan =
        TestPlan { catalog: of.catalog, selection: of.selection, site: of.site, hosts: of.hosts, roles };
    let mut endpoints = Vec::new();
    for rule in of.resolved.rules.iter() {
        endpoints.extend(plan.test(rule)?.as_ref().map(ScriptTest::of));
    }
    let own = stated.iter().any(|cited| cited.says.role == *role);
    if !own && endpoints.is_empty() {
        let message = format!("the selection asks nothing of {role}");
        let roles = once(stated.iter().map(|cited| cited.says.role.to_string())).join(", ");
        return Err(Finding::new(Code::RoleAbsent, message)
            .severity(crate::finding::Severity::Error)
            .help(format!("prerequisites are known of {roles}"))
            .into());
    }
    let cited = of.resolved.rules.iter().flat_map(|rule| &rule.citations);
    let sources =
        stated.iter().map(CitedPrerequisite::source).chain(cited.map(crate::rule::Citation::source));
    let mut header = header(of.prerequisites, &once(sources));
    header.push(format!("For {role}. Reads, connects and reports; changes nothing."));
    Ok(Script {
        header,
        role: role.to_string(),
        title: ascii_line(&of.prerequisites.title),
        proxy: of.site.proxy.as_ref().map_or_else(String::new, ToString::to_string),
        organizational_units: stated.iter().any(|cited| by_units(&cited.says.statement)),
        domain: endpoints.iter().any(|test| test.how == "domain"),
        checks,
        endpoints,
    })
}

fn by_units(statement: &Statement) -> bool {
    matches!(statement, Statement::Memory(memory) if memory.by == Some(MemoryMeasure::OrganizationalUnits))
}
