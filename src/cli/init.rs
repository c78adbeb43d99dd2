//! `portbook init`: a site file to start from.

use std::collections::BTreeMap;
use std::path::PathBuf;

use clap::Args;

use portbook::artifact::{Artifact, write};
use portbook::finding::{Code, Finding, Findings, unknown};
use portbook::id::RoleId;
use portbook::plan::{FILE, Starter, StarterHost};
use portbook::resolve::resolve;
use portbook::rule::{Endpoint, RuleSet};
use portbook::target::{TARGETS, find};

use super::selection::SelectionArgs;
use super::site::SiteArgs;
use super::{Exit, Global, Outcome, Talk};

/// Write a site file to start from, with a comment at every key
///
/// The hosts are the roles of the selected rules; what a flag tells of them is filled in.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  portbook init cloud-sync --cloud public --address provisioning-agent=10.20.0.11
  portbook init connect-sync --cloud public --proxy 10.30.0.5:8080 -o other/portbook.yaml")]
pub(crate) struct InitArgs {
    #[command(flatten)]
    selection: SelectionArgs,
    #[command(flatten)]
    site: SiteArgs,
    /// What the file asks for
    #[arg(long, value_name = "TARGET,...", value_delimiter = ',', default_value = "csv,markdown")]
    target: Vec<String>,
    /// Where it is written
    #[arg(short, long, value_name = "FILE", default_value = FILE)]
    output: PathBuf,
    /// Replace a file that is there
    #[arg(long)]
    force: bool,
}

/// Runs the subcommand.
pub(crate) fn run(args: &InitArgs, global: &Global, talk: &Talk) -> Outcome {
    let catalog = global.load_catalog()?;
    let mut findings = Findings::new();
    let selection = args.selection.check(&catalog, args.site.has_proxy());
    let site = args.site.check(&catalog);
    let targets = targets(&args.target, &mut findings);
    let (selection, site) = match (selection, site, findings.has_errors()) {
        (Ok(selection), Ok(site), false) => (selection, site),
        (selection, site, _) => {
            findings.append(selection.err().unwrap_or_default());
            findings.append(site.err().unwrap_or_default());
            return Err(findings.into());
        }
    };
    let resolved = resolve(&catalog, &selection)?;
    let hosts = roles(&resolved.rules).into_iter().map(|(role, opens)| {
        let known = site.stations.iter().find(|station| station.roles.contains(&role));
        StarterHost {
            title: catalog.role_title(&role).to_owned(),
            addresses: known.map(|station| station.addresses.clone()).unwrap_or_default(),
            zone: known.and_then(|station| station.zone.clone()),
            role,
            opens,
        }
    });
    let starter = Starter {
        name: site.name.clone(),
        cloud: selection.cloud().clone(),
        scenarios: resolved.scenarios.clone(),
        hosts: hosts.collect(),
        proxy: site.proxy.as_ref().map(|proxy| proxy.listener.clone()),
        targets,
        select: args.selection.select(),
        parameters: args.selection.parameters(),
    };
    if args.output.exists() && !args.force {
        let message = format!("{} is there already", args.output.display());
        return Err(Finding::new(Code::CannotWrite, message)
            .help("give another file with -o, or --force")
            .into());
    }
    let path = args.output.display().to_string();
    write(&[Artifact::text(path.clone(), starter.to_text())], std::path::Path::new(""))?;
    talk.line(&format!(
        "{path}: fill in what is commented out, then `portbook build{}`",
        given(&args.output)
    ));
    Ok(Exit::Fine)
}

fn given(output: &std::path::Path) -> String {
    if output == std::path::Path::new(FILE) { String::new() } else { format!(" {}", output.display()) }
}

fn targets(wanted: &[String], findings: &mut Findings) -> Vec<&'static str> {
    let mut targets = Vec::new();
    for id in wanted {
        if let Some(spec) = find(id) {
            targets.push(spec.id);
            continue;
        }
        let known = TARGETS.iter().map(|spec| spec.id);
        findings.push(unknown(Code::UnknownTarget, "target", id, known, "`portbook list targets`"));
    }
    targets
}

/// The roles of the site in these rules, and whether they open connections that leave it.
fn roles(rules: &RuleSet) -> BTreeMap<RoleId, bool> {
    let mut found: BTreeMap<RoleId, bool> = BTreeMap::new();
    for rule in rules.iter() {
        let leaves = rule.flow.to.role().is_none() && !matches!(rule.flow.to, Endpoint::Outside(_));
        if let Some(role) = rule.flow.from.role() {
            *found.entry(role.clone()).or_default() |= leaves;
        }
        if let Some(role) = rule.flow.to.role() {
            found.entry(role.clone()).or_default();
        }
    }
    found
}
