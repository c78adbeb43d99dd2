//! `portbook generate`: rules of a selection for one or more targets.

use std::collections::BTreeSet;
use std::path::Path;

use clap::Args;

use portbook::artifact::{Artifact, Written, write};
use portbook::build::{Asked, LossGroup, Product};
use portbook::finding::{Code, Finding, Findings, Severity};
use portbook::place::{Addressing, clouds_needed, place};
use portbook::resolve::{Resolved, resolve};
use portbook::rule::Endpoint;
use portbook::target::Effect;
use portbook::target::Vantage;

use super::selection::SelectionArgs;
use super::site::SiteArgs;
use super::target::{Job, TargetArgs};
use super::{Exit, Failure, Global, Outcome, Talk, output, range_files, summary};

/// Write rules for firewalls and proxies.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  portbook generate cloud-sync --cloud public --target squid --address provisioning-agent=10.20.0.11
  portbook generate connect-sync --cloud public --target csv,json,markdown -o rules/")]
pub(crate) struct GenerateArgs {
    #[command(flatten)]
    selection: SelectionArgs,
    #[command(flatten)]
    site: SiteArgs,
    #[command(flatten)]
    target: TargetArgs,
}

/// Runs the subcommand.
pub(crate) fn run(args: &GenerateArgs, global: &Global, talk: &Talk) -> Outcome {
    let catalog = global.load_catalog()?;
    let selection_errors = args.selection.check(&catalog, false).err().unwrap_or_default();
    let job = Job::check(&args.target, &args.selection.narrowing.role, selection_errors)?;
    let given = args.target.ranges.given(talk)?;
    let mut files = range_files::open_for_rules(&given, &catalog)?;
    let selection = args.selection.check(&catalog, args.site.has_proxy())?;
    let site = args.site.check(&catalog)?;
    let resolved = resolve(&catalog, &selection)?;
    talk.findings(&resolved.findings);
    talk.findings(&absent_roles(args, &resolved));
    let fallback = args.target.fallback();
    let needed = clouds_needed(&resolved.rules, selection.cloud(), fallback, &catalog)?;
    let words = range_files::words_wanted(&needed, &files, &catalog);
    let locked = if words.is_empty() { Vec::new() } else { args.target.ranges.locked(Some(&words), talk)? };
    files.extend(range_files::open_for_rules(&locked, &catalog)?);
    let addressing = Addressing { fallback, files: &files };
    let placed = place(&resolved.rules, &site, selection.cloud(), &addressing, &catalog)?;
    let products = job.produce(&resolved, &placed)?;
    finish(args, &job, &resolved, &products, talk)
}

/// Roles that a flag mentions and no rule has: a typo in the mind, or a scenario that is missing.
fn absent_roles(args: &GenerateArgs, resolved: &Resolved) -> Findings {
    let ends = |role: &str| {
        let plays = |end: &Endpoint| end.role().is_some_and(|each| each.as_str() == role);
        resolved.rules.iter().any(|rule| plays(&rule.flow.from) || plays(&rule.flow.to))
    };
    let absent = args.site.roles().into_iter().filter(|role| !ends(role));
    absent
        .map(|role| {
            Finding::new(Code::RoleAbsent, format!("no rule of the selection has the role {role}"))
                .severity(Severity::Warning)
                .help("remove the flag, or add the scenario or --gaps that uses the role")
        })
        .collect()
}

/// Writes what was produced and tells how it went.
fn finish(args: &GenerateArgs, job: &Job, resolved: &Resolved, products: &[Product], talk: &Talk) -> Outcome {
    if args.target.template.is_some() && args.target.r#as.is_none() {
        let message = "the template gets the neutral rules: fidelity unchecked";
        talk.finding(
            &Finding::new(Code::UncheckedTemplate, message)
                .help("--as TARGET gives it what that target can say, losses stated"),
        );
    }
    talk.findings(&warnings(products));
    let mut refused = false;
    for product in products {
        if !product.judgement.refused.is_empty() && !job.all {
            refused = true;
            talk.findings(&product.judgement.refused.iter().cloned().collect());
        }
    }
    let written = match &args.target.output {
        Some(folder) => to_folder(folder, products)?,
        None => to_standard_output(products)?,
    };
    summary::summary(resolved, products, &written, talk);
    // `all` skips what cannot be said; what --strict refuses is a refusal all the same.
    let lossy = products.iter().any(|product| {
        product.judgement.groups.iter().any(|group| group.refuses && group.effect != Effect::Refused)
    });
    if job.all
        && (args.target.is_strict() && lossy || products.iter().all(|product| product.artifacts.is_empty()))
    {
        refused = true;
    }
    Ok(if refused { Exit::Refused } else { Exit::Fine })
}

/// What targets lose, each loss once with the targets that have it.
fn warnings(products: &[Product]) -> Findings {
    let mut told: Vec<(&LossGroup, Vec<&'static str>)> = Vec::new();
    for product in products.iter().filter(|product| !product.artifacts.is_empty()) {
        for group in product.judgement.warned() {
            match told.iter_mut().find(|(known, _)| *known == group) {
                Some((_, targets)) => targets.push(product.target),
                None => told.push((group, vec![product.target])),
            }
        }
    }
    told.into_iter().map(|(group, targets)| group.warning(&targets, Asked::Flags)).collect()
}

fn to_folder(folder: &Path, products: &[Product]) -> Result<Vec<Written>, Findings> {
    let artifacts: Vec<Artifact> =
        products.iter().flat_map(|product| product.artifacts.iter().cloned()).collect();
    write(&artifacts, folder).map_err(Findings::from)
}

fn to_standard_output(products: &[Product]) -> Result<Vec<Written>, Failure> {
    let artifacts: Vec<&Artifact> = products.iter().flat_map(|product| &product.artifacts).collect();
    match artifacts.as_slice() {
        [] => Ok(Vec::new()),
        [one] => output::product(&one.bytes).map(|()| Vec::new()),
        several => {
            let paths: Vec<&str> = several.iter().map(|artifact| artifact.path.as_str()).collect();
            let message = format!("{} files result, and standard output holds one", several.len());
            let finding = Finding::new(Code::SeveralArtifacts, message).note(paths.join(", "));
            let finding = finding.help("-o DIR writes them all");
            Err(narrower(products).into_iter().fold(finding, Finding::help).into())
        }
    }
}

/// How standard output would do: one of several targets, or one of several hosts.
fn narrower(products: &[Product]) -> Option<String> {
    let written: Vec<&Product> = products.iter().filter(|product| !product.artifacts.is_empty()).collect();
    if let [product] = written.as_slice() {
        let is_host =
            portbook::target::find(product.target).is_some_and(|spec| spec.vantage == Vantage::Host);
        let hosts: BTreeSet<&str> = product.artifacts.iter().map(|artifact| stem(&artifact.path)).collect();
        // A host that needs two files needs a folder.
        return (is_host && hosts.len() == product.artifacts.len())
            .then(|| "--role ROLE narrows to one host".to_owned());
    }
    let single = written.iter().filter(|product| product.artifacts.len() == 1);
    let single: Vec<&str> = single.map(|product| product.target).collect();
    (!single.is_empty()).then(|| format!("a --target alone fits: {}", single.join(", ")))
}

/// `windows/agents` of `windows/agents.undo.reg`.
fn stem(path: &str) -> &str {
    ["ps1", "reg"]
        .iter()
        .find_map(|end| path.strip_suffix(end))
        .map(|path| path.trim_end_matches('.'))
        .map_or(path, |path| path.strip_suffix(".undo").or(path.strip_suffix(".keywords")).unwrap_or(path))
}
