//! From flags to results.

use std::io::IsTerminal as _;
use std::sync::Arc;

use indicatif::{ProgressBar, ProgressStyle};

use portbook::check::{CheckPlan, Outcome as ProbeOutcome, Report};
use portbook::finding::{Code, Finding, Findings};
use portbook::id::{RoleId, ScenarioId};
use portbook::online::probe::{Prober, Route};
use portbook::resolve::{Resolved, Selection, resolve};
use portbook::site::Site;

use crate::cli::output::product;
use crate::cli::site::SiteArgs;
use crate::cli::{Exit, Global, Outcome, Talk};

use super::{CheckArgs, Format, json, junit, text};

pub(super) fn run(args: &CheckArgs, global: &Global, talk: &Talk) -> Outcome {
    let catalog = global.load_catalog()?;
    let (prober, site, selection) = checked(args, &catalog)?;
    let resolved = resolve(&catalog, &selection)?;
    talk.findings(&resolved.findings);
    let hosts = SiteArgs::of(args.address.clone(), None).hosts();
    let roles: Vec<RoleId> =
        args.selection.narrowing.role.iter().filter_map(|role| RoleId::parse(role).ok()).collect();
    let plan = CheckPlan::of(&catalog, &selection, &resolved, &site, &hosts, &roles)?;
    let outcomes = probed(&prober, &plan, talk);
    let report = Report::new(&plan, &outcomes);
    product(&match args.format {
        Format::Table => text::table(&report, talk.is_verbose()).into_bytes(),
        Format::Json => json::json(&report, &prober.route)?,
        Format::Junit => junit::junit(&report)?,
    })?;
    summary(&report, &prober.route, &resolved, talk);
    if plan.probes.is_empty() {
        return Err(nothing(&plan).into());
    }
    Ok(if report.counts().unreachable == 0 { Exit::Fine } else { Exit::Different })
}

/// Everything that is wrong with the flags, at once.
fn checked(
    args: &CheckArgs,
    catalog: &portbook::catalog::Catalog,
) -> Result<(Arc<Prober>, Site, Selection), Findings> {
    let mut findings = Findings::new();
    let prober = args.network.check().map_err(|errors| findings.append(errors)).ok();
    let has_proxy = prober.as_ref().is_some_and(|prober| prober.route.is_any());
    let site = SiteArgs::of(args.address.clone(), None).check(catalog);
    let site = site.map_err(|errors| findings.append(errors)).ok();
    let selection = args.selection.check(catalog, has_proxy);
    let selection = selection.map_err(|errors| findings.append(errors)).ok();
    match (prober, site, selection) {
        (Some(prober), Some(site), Some(selection)) => Ok((Arc::new(prober), site, selection)),
        _ => Err(findings),
    }
}

fn probed(prober: &Arc<Prober>, plan: &CheckPlan, talk: &Talk) -> Vec<ProbeOutcome> {
    // On a terminal only, and not for those who want it quiet.
    let bar = if talk.is_quiet() || !std::io::stderr().is_terminal() {
        ProgressBar::hidden()
    } else {
        let style = ProgressStyle::with_template("{bar:40} {pos}/{len} endpoints {elapsed}");
        let bar = ProgressBar::new(u64::try_from(plan.probes.len()).unwrap_or(u64::MAX));
        bar.with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
    };
    bar.tick();
    let outcomes =
        prober.run(&plan.probes, &|count| bar.set_position(u64::try_from(count).unwrap_or(u64::MAX)));
    bar.finish_and_clear();
    outcomes
}

/// A check that tests nothing would look like one that found nothing wrong.
fn nothing(plan: &CheckPlan) -> Finding {
    let roles: Vec<&str> = plan.roles.iter().map(RoleId::as_str).collect();
    let message = format!("nothing of the selection can be tested as {}", roles.join(", "));
    Finding::new(Code::CheckImpossible, message)
        .help("--role names another role for this machine, --address gives the addresses of hosts")
}

fn summary(report: &Report<'_>, route: &Route, resolved: &Resolved, talk: &Talk) {
    let scenarios: Vec<&str> = resolved.scenarios.iter().map(ScenarioId::as_str).collect();
    let roles: Vec<&str> = report.plan.roles.iter().map(RoleId::as_str).collect();
    let counts = report.counts();
    talk.line(&format!(
        "{}, {}, as {}: {} reachable, {} not, {} not testable",
        scenarios.join(" + "),
        resolved.cloud,
        roles.join(", "),
        counts.reachable,
        counts.unreachable,
        counts.not_testable
    ));
    for (what, proxy) in [("TLS", &route.https), ("HTTP", &route.http)] {
        if let Some(proxy) = proxy {
            talk.line(&format!("  {what} goes through {proxy}"));
        }
    }
}
