//! `portbook validate`: everything that is wrong or suspicious in a catalog, or in a site file.

mod site;

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use serde_json::json;

use portbook::artifact::{self, Artifact};
use portbook::catalog::{Inspection, Layer, Reformed, canonical, inspect};
use portbook::finding::{Findings, Severity, to_json};

use super::output::product;
use super::table::pretty;
use super::{Exit, Global, Outcome, Talk};

/// Check a site file or a catalog: built in, a folder, or one file
///
/// All findings of all files are shown together: errors and warnings always, notes with -v. A folder without
/// scenarios.yaml is checked as an addition to the built-in catalog.
///
/// --fix first puts files in their canonical form: lists in order, each entry with its comments, and clean line ends. It
/// changes nothing that a file says, leaves what cannot be moved safely, and what cannot be read.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  portbook validate
  portbook validate -v --format json
  portbook validate portbook.yaml
  portbook validate --fix my-catalog")]
pub(crate) struct Validate {
    /// A site file, a catalog folder, or one of its files
    #[arg(value_name = "DIR|FILE")]
    path: Option<PathBuf>,
    /// Put these files in their canonical form first; never changes what they say
    #[arg(long, requires = "path")]
    fix: bool,
    /// How to print the result
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
}

/// How to print the result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// One line, with the findings on standard error
    Table,
    /// One object with all findings
    Json,
}

pub(crate) fn run(args: &Validate, global: &Global, talk: &Talk) -> Outcome {
    if let Some(path) = args.path.as_deref().filter(|path| site::is_site_file(path)) {
        return site::run(path, args, global, talk);
    }
    let fixed = match &args.path {
        Some(path) if args.fix => Some(fix(path, global)?),
        _ => None,
    };
    let inspection = inspect(&layers(args.path.as_deref(), global)?);
    let failed = inspection.findings.has_errors();
    if let (Some(fixed), Format::Table) = (&fixed, args.format) {
        product(report(fixed).as_bytes())?;
    }
    match args.format {
        Format::Json => product(&pretty(&object(&inspection, fixed.as_deref()))?)?,
        // The findings are the answer; `close` shows them with their count.
        Format::Table if failed => return Err(inspection.findings.into()),
        Format::Table => {
            talk.findings(&inspection.findings);
            product(summary(&inspection).as_bytes())?;
        }
    }
    Ok(if failed { Exit::CouldNot } else { Exit::Fine })
}

fn layers(path: Option<&Path>, global: &Global) -> Result<Vec<Layer>, Findings> {
    let mut layers = global.layers()?;
    let Some(path) = path else {
        return Ok(layers);
    };
    if path.is_dir() {
        let folder = Layer::folder(path)?;
        if folder.is_whole() {
            return Ok(vec![folder]);
        }
        layers.push(folder);
        return Ok(layers);
    }
    let base = layers.pop().unwrap_or_else(Layer::embedded);
    layers.push(base.with_file(path)?);
    Ok(layers)
}

/// Writes the files of `path` that are not in their canonical form, all of them or none.
fn fix(path: &Path, global: &Global) -> Result<Vec<Reformed>, Findings> {
    let reformed = canonical(&layers(Some(path), global)?, |name| Path::new(name).starts_with(path));
    let artifacts: Vec<Artifact> =
        reformed.iter().map(|file| Artifact::text(file.name.clone(), file.text.clone())).collect();
    artifact::write(&artifacts, Path::new("."))?;
    Ok(reformed)
}

fn report(fixed: &[Reformed]) -> String {
    if fixed.is_empty() {
        return "nothing to fix\n".to_owned();
    }
    let line = |file: &Reformed| format!("fixed {}: {}\n", file.name, file.changes.join("; "));
    fixed.iter().map(line).collect::<Vec<_>>().concat()
}

fn summary(inspection: &Inspection) -> String {
    let count = |severity| inspection.findings.iter().filter(|each| each.severity == severity).count();
    let result = match (count(Severity::Warning), count(Severity::Note)) {
        (0, 0) => "fine".to_owned(),
        (0, notes) => format!("fine, {notes} notes (-v shows them)"),
        (1, _) => "1 warning".to_owned(),
        (warnings, _) => format!("{warnings} warnings"),
    };
    let Inspection { documents, editions, requirements, prerequisites, hosts, .. } = inspection;
    format!(
        "catalog: {documents} documents, {editions} editions, {requirements} requirements, {prerequisites} prerequisites, {hosts} hosts: {result}\n"
    )
}

fn object(inspection: &Inspection, fixed: Option<&[Reformed]>) -> serde_json::Value {
    let mut object = json!({
        "documents": inspection.documents,
        "editions": inspection.editions,
        "requirements": inspection.requirements,
        "prerequisites": inspection.prerequisites,
        "hosts": inspection.hosts,
        "findings": inspection.findings.iter().map(to_json).collect::<Vec<_>>(),
    });
    if let (Some(fixed), Some(keys)) = (fixed, object.as_object_mut()) {
        let file = |file: &Reformed| json!({"file": file.name, "changes": file.changes});
        keys.insert("fixed".to_owned(), fixed.iter().map(file).collect());
    }
    object
}
