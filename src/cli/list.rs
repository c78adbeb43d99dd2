//! `portbook list`: what the catalog and the program know.

use std::fmt::Write as _;

use clap::{Args, ValueEnum};

use portbook::catalog::{Catalog, ConditionDefault, Document, Life, Scenario};
use portbook::finding::{CODES, Findings};
use portbook::target::TARGETS;

use super::output::product;
use super::table::{Cell, Column, Format, Table, align};
use super::{Exit, Global, Outcome, Talk};

/// List scenarios, documents, clouds, targets and more
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  portbook list scenarios
  portbook list editions --format csv")]
pub(crate) struct List {
    /// What to list
    #[arg(value_enum, default_value_t = What::Scenarios, value_name = "WHAT")]
    what: What,
    /// How to print it
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum What {
    /// What a team deploys
    Scenarios,
    /// Pages of documentation
    Documents,
    /// Their dated texts
    Editions,
    /// Clouds
    Clouds,
    /// Actors
    Roles,
    /// Conditions, alternatives and parameters: what --when, --choose and --set take
    Conditions,
    /// Output formats, with their settings: what --target and --option take
    Targets,
    /// Codes of messages
    Findings,
}

pub(crate) fn run(args: &List, global: &Global, talk: &Talk) -> Outcome {
    let bytes = match args.what {
        What::Targets if args.format == Format::Table => targets_text().into_bytes(),
        What::Targets => targets().render(args.format)?,
        What::Findings => findings().render(args.format)?,
        What::Conditions => {
            conditions(&global.load_catalog()?).render_sections(args.format, talk.is_verbose())?
        }
        What::Scenarios => scenarios(&global.load_catalog()?).render(args.format)?,
        What::Documents => documents(&global.load_catalog()?)?.render(args.format)?,
        What::Editions => editions(&global.load_catalog()?).render(args.format)?,
        What::Clouds => clouds(&global.load_catalog()?).render(args.format)?,
        What::Roles => roles(&global.load_catalog()?).render(args.format)?,
    };
    product(&bytes)?;
    Ok(Exit::Fine)
}

const SCENARIOS: &[Column] = &[("id", ""), ("title", ""), ("clouds", ""), ("newest", "newest ")];

fn scenarios(catalog: &Catalog) -> Table {
    let mut table = Table::new(SCENARIOS);
    for scenario in &catalog.registries().scenarios {
        table.push([
            scenario.id.to_string().into(),
            scenario.title.as_str().into(),
            Cell::list(&scenario.clouds),
            newest(catalog, scenario).into(),
        ]);
    }
    table
}

/// The newest edition of the documents that state the scenario's needs. File names tell it: nothing is parsed.
fn newest(catalog: &Catalog, scenario: &Scenario) -> String {
    let documents = scenario.primary.iter().filter_map(|id| catalog.document(id).ok());
    let newest = documents.filter_map(|document| document.editions().next_back()).max();
    newest.map_or_else(String::new, |edition| edition.to_string())
}

const DOCUMENTS: &[Column] = &[
    ("id", ""),
    ("title", ""),
    ("publisher", ""),
    ("life", ""),
    ("editions", "editions "),
    ("newest", "newest "),
    ("scenarios", "for "),
];

fn documents(catalog: &Catalog) -> Result<Table, Findings> {
    let mut table = Table::new(DOCUMENTS);
    for document in catalog.documents() {
        let about = catalog.about(document)?;
        let life = match &about.life {
            Life::Living => "living".to_owned(),
            Life::SupersededBy { document, .. } => format!("superseded by {document}"),
            Life::Retired { .. } => "retired".to_owned(),
        };
        table.push([
            document.id().to_string().into(),
            about.title.as_str().into(),
            about.publisher.as_str().into(),
            life.into(),
            Cell::Count(document.editions().count()),
            document.editions().next_back().map_or_else(String::new, |edition| edition.to_string()).into(),
            Cell::list(catalog.scenarios_of(document.id())),
        ]);
    }
    Ok(table)
}

const EDITIONS: &[Column] = &[("document", ""), ("edition", ""), ("newest", "")];

fn editions(catalog: &Catalog) -> Table {
    let mut table = Table::new(EDITIONS);
    for document in catalog.documents() {
        let newest = document.editions().next_back();
        for edition in document.editions() {
            let word = if Some(edition) == newest { "newest" } else { "" };
            table.push([document_id(document), edition.to_string(), word.to_owned()]);
        }
    }
    table
}

fn document_id(document: &Document) -> String {
    document.id().to_string()
}

const CLOUDS: &[Column] = &[
    ("id", ""),
    ("title", ""),
    ("file_word", "range files say "),
    ("also_called", "also called "),
    ("closed", ""),
];

fn clouds(catalog: &Catalog) -> Table {
    let mut table = Table::new(CLOUDS);
    for cloud in &catalog.registries().clouds {
        let closed = cloud.retired.clone().unwrap_or_default();
        table.push([
            cloud.id.to_string().into(),
            cloud.title.as_str().into(),
            cloud.file_word.as_str().into(),
            Cell::list(&cloud.also_called),
            closed.into(),
        ]);
    }
    table
}

const ROLES: &[Column] = &[("id", ""), ("title", ""), ("note", "")];

fn roles(catalog: &Catalog) -> Table {
    let mut table = Table::new(ROLES);
    for role in &catalog.registries().roles {
        table.push([role.id.to_string(), role.title.clone(), role.note.clone().unwrap_or_default()]);
    }
    table
}

const CONDITIONS: &[Column] =
    &[("kind", ""), ("id", ""), ("default", "default "), ("text", ""), ("because", "")];

/// One table of three kinds, since all of them are what a user says about a site.
fn conditions(catalog: &Catalog) -> Table {
    let mut table = Table::new(CONDITIONS);
    let registries = catalog.registries();
    for condition in &registries.conditions {
        let default = default_words(&condition.default);
        table.push(row("condition", condition.id.as_str(), &default, &condition.text, &condition.because));
    }
    for choice in &registries.choices {
        for (option, text) in &choice.options {
            let id = format!("{}={option}", choice.id);
            let taken = choice.default.as_ref() == Some(option);
            let (default, because) = if taken { ("taken", choice.because.as_str()) } else { ("", "") };
            table.push(row("choice", &id, default, &format!("{}: {text}", choice.title), because));
        }
    }
    for parameter in &registries.parameters {
        let default = parameter.default.as_deref().unwrap_or("none");
        let note = parameter.note.as_deref().unwrap_or_default();
        table.push(row("parameter", parameter.id.as_str(), default, &parameter.title, note));
    }
    table
}

fn row(kind: &str, id: &str, default: &str, text: &str, because: &str) -> [String; 5] {
    [kind, id, default, text, because].map(str::to_owned)
}

fn default_words(default: &ConditionDefault) -> String {
    match default {
        ConditionDefault::Known(holds) => holds.to_string(),
        ConditionDefault::Assumed(holds) => format!("{holds}, assumed"),
        ConditionDefault::Scenario(scenario) => format!("true with scenario {scenario}"),
        ConditionDefault::Proxy => "true with a proxy".to_owned(),
    }
}

const TARGETS_COLUMNS: &[Column] =
    &[("target", ""), ("setting", ""), ("default", "default "), ("form", ""), ("text", "")];

/// One line for a target, then one for each of its settings.
fn targets() -> Table {
    let mut table = Table::new(TARGETS_COLUMNS);
    for spec in TARGETS {
        table.push([
            spec.id.to_owned(),
            String::new(),
            String::new(),
            String::new(),
            spec.summary.to_owned(),
        ]);
        for setting in spec.settings {
            let default = setting.default.unwrap_or("none");
            let cells = [spec.id, setting.id, default, &setting.kind.words(), setting.summary];
            table.push(cells.map(str::to_owned));
        }
    }
    table
}

/// Each target with its summary, and its settings below it.
fn targets_text() -> String {
    let mut text = String::new();
    let width = TARGETS.iter().map(|spec| spec.id.len()).max().unwrap_or(0);
    for spec in TARGETS {
        let _ = writeln!(text, "{:width$}  {}", spec.id, spec.summary);
        let settings = spec.settings.iter().map(|setting| {
            let form = setting.kind.words();
            let default =
                setting.default.map_or_else(|| "no default".to_owned(), |word| format!("default {word}"));
            vec![setting.id.to_owned(), default, form, setting.summary.to_owned()]
        });
        text.push_str(&align(&settings.collect::<Vec<_>>(), "    "));
    }
    text
}

const FINDINGS: &[Column] = &[("code", ""), ("severity", ""), ("text", "")];

fn findings() -> Table {
    let mut table = Table::new(FINDINGS);
    for (_, spec) in CODES {
        let severity = match spec.severity {
            portbook::finding::Severity::Note => "note",
            portbook::finding::Severity::Warning => "warning",
            portbook::finding::Severity::Error => "error",
        };
        table.push([spec.id, severity, spec.summary].map(str::to_owned));
    }
    table
}
