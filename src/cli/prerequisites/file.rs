//! Prerequisites as files: registry values and preflights.

use portbook::artifact::{Artifact, write};
use portbook::finding::{Code, Finding, Findings};
use portbook::id::RoleId;
use portbook::prerequisite::{Preflight, preflight, registry_files};
use portbook::resolve::{Prerequisites, resolve};
use portbook::target::Templates;

use crate::cli::{Failure, Talk, output};

use super::Asked;

/// The .reg files, or the one that was asked for.
pub(super) fn reg(asked: &Asked<'_>, prerequisites: &Prerequisites<'_>, talk: &Talk) -> Result<(), Failure> {
    let files = registry_files(prerequisites)?;
    let undo = asked.args.undo;
    let artifacts: Vec<Artifact> = if asked.args.output.is_some() {
        files.into_iter().flat_map(|pair| [pair.set, pair.undo]).collect()
    } else {
        files.into_iter().map(|pair| if undo { pair.undo } else { pair.set }).collect()
    };
    put(asked, &artifacts, talk)
}

/// The preflight of each role that was asked for; without one, of the roles that the scenarios are about.
pub(super) fn powershell(
    asked: &Asked<'_>,
    prerequisites: &Prerequisites<'_>,
    talk: &Talk,
) -> Result<(), Failure> {
    let resolved = resolve(asked.catalog, asked.selection)?;
    talk.findings(&resolved.findings);
    let of = Preflight {
        catalog: asked.catalog,
        selection: asked.selection,
        prerequisites,
        resolved: &resolved,
        site: asked.site,
        hosts: &asked.hosts,
    };
    let mut findings = Findings::new();
    let mut artifacts = Vec::new();
    for role in roles(asked, prerequisites) {
        match preflight(&of, &role, &Templates::embedded()) {
            Ok(artifact) => artifacts.push(artifact),
            Err(errors) => findings.append(errors),
        }
    }
    let (artifacts, _) = findings.or_value(artifacts)?;
    put(asked, &artifacts, talk)
}

fn roles(asked: &Asked<'_>, prerequisites: &Prerequisites<'_>) -> Vec<RoleId> {
    let named: Vec<RoleId> =
        asked.args.selection.narrowing.role.iter().filter_map(|role| RoleId::parse(role).ok()).collect();
    if named.is_empty() { prerequisites.primary_roles.clone() } else { named }
}

/// Below the folder, or to standard output, which holds one.
fn put(asked: &Asked<'_>, artifacts: &[Artifact], talk: &Talk) -> Result<(), Failure> {
    if let Some(folder) = &asked.args.output {
        for file in write(artifacts, folder)? {
            let changed = if file.changed { "written" } else { "unchanged" };
            talk.line(&format!("  {changed}  {}", file.path.display()));
        }
        return Ok(());
    }
    match artifacts {
        [one] => output::product(&one.bytes),
        several => {
            let paths: Vec<&str> = several.iter().map(|artifact| artifact.path.as_str()).collect();
            let message = format!("{} files result, and standard output holds one", several.len());
            let finding = Finding::new(Code::SeveralArtifacts, message).note(paths.join(", "));
            Err(finding.help("-o DIR writes them all").help("--role ROLE narrows to one role").into())
        }
    }
}
