//! Site files: what is wrong, and what is most likely a slip.

use std::path::Path;

use serde_json::json;

use portbook::build::Resolutions;
use portbook::finding::{Code, Finding, Findings, to_json};
use portbook::input;
use portbook::place::Addressing;
use portbook::plan::{Plan, PlanFile, lint};

use super::super::output::product;
use super::super::table::pretty;
use super::super::{Exit, Global, Outcome, Talk, site_file};
use super::{Format, Validate};

/// The registries of a catalog, by their file names.
const REGISTRIES: [&str; 8] = [
    "address-lists.yaml",
    "choices.yaml",
    "clouds.yaml",
    "conditions.yaml",
    "hosts.yaml",
    "parameters.yaml",
    "roles.yaml",
    "scenarios.yaml",
];

/// Whether a file is a site file: YAML that is no file of a catalog, by its name and place.
pub(super) fn is_site_file(path: &Path) -> bool {
    let yaml = path.extension().is_some_and(|extension| extension == "yaml" || extension == "yml");
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let of_catalog =
        REGISTRIES.contains(&name) || path.components().any(|part| part.as_os_str() == "documents");
    // An edition out of its folder is told by its keys.
    let edition = || {
        let text = input::text(path).unwrap_or_default();
        text.lines().any(|line| line.starts_with("source:") || line.starts_with("requirements:"))
    };
    yaml && !of_catalog && !edition()
}

pub(super) fn run(path: &Path, args: &Validate, global: &Global, talk: &Talk) -> Outcome {
    if args.fix {
        let message = "--fix puts files of a catalog in order, and a site file has its own";
        return Err(Finding::new(Code::InvalidValue, message).help("leave it out").into());
    }
    let catalog = global.load_catalog()?;
    let source = site_file::source(&path.display().to_string())?;
    let read = PlanFile::read(&source, &catalog);
    let resolutions = Resolutions::default();
    let mut findings = Findings::new();
    let sites = read.as_ref().map_or(0, |file| file.sites.len());
    match read {
        Ok(file) => {
            let looked = |plan: &Plan| {
                let resolution = resolutions.of(&plan.requests, &catalog)?;
                let placed = resolution.place(&plan.site, &Addressing::default(), &catalog)?;
                lint(plan, &resolution.rules, &placed, &catalog)
            };
            for plan in &file.sites {
                findings.append(looked(plan).unwrap_or_else(|errors| errors));
            }
        }
        Err(errors) => findings.append(errors),
    }
    let failed = findings.has_errors();
    match args.format {
        Format::Json => {
            let told: Vec<_> = findings.iter().map(to_json).collect();
            product(&pretty(&json!({"sites": sites, "findings": told}))?)?;
        }
        Format::Table if failed => return Err(findings.into()),
        Format::Table => {
            talk.findings(&findings);
            let result = match findings.len() {
                0 => "fine".to_owned(),
                1 => "1 warning".to_owned(),
                warnings => format!("{warnings} warnings"),
            };
            let noun = if sites == 1 { "site" } else { "sites" };
            product(format!("{}: {sites} {noun}: {result}\n", path.display()).as_bytes())?;
        }
    }
    Ok(if failed { Exit::CouldNot } else { Exit::Fine })
}
