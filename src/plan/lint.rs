//! What is most likely a slip in a site file, once its rules are known.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::Plan;
use crate::address::{Family, PrefixSet};
use crate::catalog::{Catalog, Denial};
use crate::finding::{Code, Finding, Findings};
use crate::id::{DocumentId, RoleId};
use crate::place::{Leg, Placed};
use crate::rule::{Endpoint, RuleSet};
use crate::site::Station;
use crate::target::Verdict;

/// Agents that the documents advise for high availability (cloud-sync-prerequisites: "three active agents").
const AGENTS: u128 = 3;

/// Warnings about a site: too few agents, roles that do not go together, roles without a host, hosts without a rule or
/// with addresses of another.
///
/// # Errors
/// All errors of the editions that are looked at.
pub fn lint(plan: &Plan, rules: &RuleSet, placed: &Placed, catalog: &Catalog) -> Result<Findings, Findings> {
    let mut findings = Findings::new();
    findings.extend(few_agents(plan));
    findings.append(apart(plan, catalog)?);
    findings.extend(roles_without_host(plan, rules));
    findings.extend(idle_hosts(plan, placed));
    findings.extend(overlapping_hosts(plan));
    Ok(findings)
}

/// Warnings about acceptances: expired ones, and those that no verdict needs.
pub(crate) fn lint_acceptances<'v>(
    plan: &Plan,
    verdicts: impl Iterator<Item = (&'static str, &'v Verdict)>,
    today: Date,
) -> Findings {
    let mut needed = vec![false; plan.accepted.len()];
    for (target, verdict) in verdicts {
        for (accepted, needed) in plan.accepted.iter().zip(&mut needed) {
            *needed |=
                verdict.losses.iter().any(|loss| accepted.acceptance.covers(loss, target, &verdict.rule));
        }
    }
    let mut findings = Findings::new();
    for (accepted, needed) in plan.accepted.iter().zip(needed) {
        let code = accepted.acceptance.code;
        if let Some(until) = accepted.until.filter(|_| accepted.expired(today)) {
            let message = format!("the acceptance of {code} expired on {until}");
            findings.push(Finding::new(Code::ExpiredAcceptance, message).at(accepted.place.clone()));
        } else if !needed {
            let message = format!("nothing needs the acceptance of {code}");
            findings.push(Finding::new(Code::IdleAcceptance, message).at(accepted.place.clone()));
        }
    }
    findings
}

/// Addresses of hosts with the role, of the family that has more: an agent may have one of each. A network counts as all
/// its addresses.
fn few_agents(plan: &Plan) -> Option<Finding> {
    let is_agent = |station: &&std::sync::Arc<Station>| {
        station.roles.iter().any(|role| role.as_str() == "provisioning-agent")
            && !station.addresses.is_empty()
    };
    let stations = plan.site.stations.iter().filter(is_agent);
    let all = stations.fold(PrefixSet::default(), |all, station| all.union(&station.addresses));
    let count = |family| all.count(family).get().unwrap_or(u128::MAX);
    let agents = count(Family::V4).max(count(Family::V6));
    (0 < agents && agents < AGENTS).then(|| {
        let noun = if agents == 1 { "agent is" } else { "agents are" };
        let message = format!("{agents} provisioning {noun} given, and the documents advise {AGENTS}");
        Finding::new(Code::FewAgents, message).at(plan.place.clone()).help(Code::FewAgents.spec().next)
    })
}

/// Roles on one host that a document of the catalog wants apart, whatever the selection.
fn apart(plan: &Plan, catalog: &Catalog) -> Result<Findings, Findings> {
    let shared: Vec<&std::sync::Arc<Station>> =
        plan.site.stations.iter().filter(|station| station.roles.len() > 1).collect();
    let mut findings = Findings::new();
    if shared.is_empty() {
        return Ok(findings);
    }
    for ((one, other), document) in exclusions(catalog)? {
        for station in &shared {
            if station.roles.contains(&one) && station.roles.contains(&other) {
                let message = format!("{} is {one} and {other}, which must not share a host", station.id);
                findings.push(
                    Finding::new(Code::RolesApart, message)
                        .at(plan.place.clone())
                        .note(format!("by {document}"))
                        .help(Code::RolesApart.spec().next),
                );
            }
        }
    }
    Ok(findings)
}

/// Pairs of roles that the newest text of a document wants apart, each pair once.
fn exclusions(catalog: &Catalog) -> Result<BTreeMap<(RoleId, RoleId), DocumentId>, Findings> {
    let mut pairs = BTreeMap::new();
    for document in catalog.documents() {
        let Some(edition) = document.editions().next_back() else { continue };
        let text = catalog.edition(document, edition)?;
        let denials = text.negatives.iter().filter(|negative| negative.says == Denial::DoNotInstallWith);
        for negative in denials {
            let scenarios = negative.scenarios.iter().filter_map(|id| catalog.scenario(id.as_str()).ok());
            for (own, other) in
                scenarios.flat_map(|own| negative.with.iter().map(move |other| (&own.role, other)))
            {
                let pair = if own < other { (own, other) } else { (other, own) };
                pairs.entry((pair.0.clone(), pair.1.clone())).or_insert_with(|| document.id().clone());
            }
        }
    }
    Ok(pairs)
}

fn roles_without_host(plan: &Plan, rules: &RuleSet) -> Option<Finding> {
    let played: BTreeSet<&RoleId> = plan.site.stations.iter().flat_map(|station| &station.roles).collect();
    let role = |end: &'_ Endpoint| end.role().filter(|role| !played.contains(role)).cloned();
    let needed: BTreeSet<RoleId> =
        rules.iter().flat_map(|rule| [role(&rule.flow.from), role(&rule.flow.to)]).flatten().collect();
    if needed.is_empty() {
        return None;
    }
    let names: Vec<&str> = needed.iter().map(RoleId::as_str).collect();
    let message = format!("no host plays {}", names.join(", "));
    Some(
        Finding::new(Code::RoleWithoutHost, message)
            .at(plan.place.clone())
            .help(Code::RoleWithoutHost.spec().next),
    )
}

fn idle_hosts(plan: &Plan, placed: &Placed) -> Vec<Finding> {
    let mut busy = BTreeSet::new();
    for hop in &placed.hops {
        let proxy = match &hop.leg {
            Leg::Direct => None,
            Leg::ToProxy(proxy) | Leg::FromProxy(proxy) => proxy.station.as_ref(),
        };
        let stations = [hop.from.station.as_ref(), hop.to.station.as_ref(), proxy];
        busy.extend(stations.into_iter().flatten().map(|station| &station.id));
    }
    let idle = plan.site.stations.iter().filter(|station| !busy.contains(&station.id));
    idle.map(|station| {
        let message = format!("no rule uses the host {}", station.id);
        Finding::new(Code::IdleHost, message).at(plan.place.clone()).help(Code::IdleHost.spec().next)
    })
    .collect()
}

/// More pairs than these are not told one by one.
const PAIRS: usize = 20;

/// Hosts that devices cannot tell apart by their addresses.
fn overlapping_hosts(plan: &Plan) -> Vec<Finding> {
    let mut all = PrefixSet::default();
    let mut findings = Vec::new();
    for (index, station) in plan.site.stations.iter().enumerate() {
        if !all.is_disjoint(&station.addresses) {
            let before = plan.site.stations.iter().take(index);
            findings.extend(before.filter_map(|other| overlap(plan, other, station)));
        }
        if findings.len() >= PAIRS {
            break;
        }
        all = all.union(&station.addresses);
    }
    findings.truncate(PAIRS);
    findings
}

fn overlap(plan: &Plan, one: &Station, other: &Station) -> Option<Finding> {
    let common = one.addresses.intersection(&other.addresses);
    let first = common.prefixes().next()?;
    let more = common.prefixes().count() - 1;
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    let message = format!("{} and {} have {first}{more} in common", one.id, other.id);
    Some(
        Finding::new(Code::HostsOverlap, message).at(plan.place.clone()).help(Code::HostsOverlap.spec().next),
    )
}
