//! Portbook's own files, read back and held against the rules that they were made from.

use crate::address::Transport;
use crate::artifact::Artifact;
use crate::finding::{Code, Finding, Findings};
use crate::rule::TlsInspection;
use crate::target::{Fitted, FittedRule, Match, Settings, TargetSpec, pac_settled};

use super::beyond::{Scope, beyond};
use super::judge::part_of;
use super::{
    Action, Alone, Clause, Configuration, Fallthrough, Need, Outcome, Policy, Reach, Status, exact_needs,
    judge, reader,
};

/// How many mismatches of one kind are told; a template that drops a line drops it of every rule.
const MOST: usize = 5;

/// Holds the files of a target against the rules that fitted: each of them must be allowed by a line of the files, and no
/// line may allow anything else. Every target has a reader; files that nothing reads do not pass.
///
/// # Errors
/// `artifact-mismatch`, with the line and the rule.
pub fn verify(
    target: &TargetSpec,
    settings: &Settings,
    fitted: &Fitted,
    artifacts: &[Artifact],
) -> Result<(), Findings> {
    let Some(reader) = reader(target.id) else {
        return Err(mismatch(format!("{}: nothing reads its files", target.id)).into());
    };
    let files: Vec<Configuration> = artifacts
        .iter()
        .map(|artifact| Configuration { name: artifact.path.clone(), bytes: artifact.bytes.clone() })
        .collect();
    let settled = settled(target, fitted, settings);
    let policy = (reader.read)(&files, &settled, &Alone).map_err(|findings| {
        let told =
            findings.into_iter().map(|finding| mismatch(format!("{}: {}", target.id, finding.message)));
        told.collect::<Findings>()
    })?;
    let mut findings = Findings::new();
    findings.extend(not_understood(target, &policy));
    let needs = exact_needs(&fitted.rules, target, settings);
    findings.extend(missing(target, &needs, &policy, "no line allows it"));
    findings.extend(besides(target, &needs, &policy, ["allows", "allow"]));
    findings.extend(inspection(target, settings, fitted, &policy));
    findings.extend(default(target, &policy));
    findings.extend(denials(target, settings, &policy));
    findings.or_value(()).map(|_| ())
}

/// The settings with those filled in that the rules decide.
fn settled(target: &TargetSpec, fitted: &Fitted, settings: &Settings) -> Settings {
    if target.id == "pac" { pac_settled(fitted, settings) } else { settings.clone() }
}

fn mismatch(message: String) -> Finding {
    Finding::new(Code::ArtifactMismatch, message).help(Code::ArtifactMismatch.spec().next)
}

fn not_understood<'a>(target: &'a TargetSpec, policy: &'a Policy) -> impl Iterator<Item = Finding> + 'a {
    let left = policy.unjudged.iter().chain(&policy.strays).take(MOST);
    left.map(|left| mismatch(format!("{}: {}: {}", target.id, left.at, left.what)))
}

/// Needs that no line allows, or not all of them.
fn missing(target: &TargetSpec, needs: &[Need], policy: &Policy, none: &str) -> Vec<Finding> {
    let mut findings = Vec::new();
    for need in needs {
        let outcomes = judge(policy, need);
        let by_a_line = |outcome: &&Outcome| outcome.status != Status::Allowed || outcome.clause.is_none();
        let Some(outcome) = outcomes.iter().find(by_a_line) else { continue };
        let what = match (outcome.clause.and_then(|number| policy.clauses.get(number)), outcome.why.first()) {
            (Some(clause), _) => format!("{} decides: {}", clause.at, clause.name),
            (None, Some((_, why))) => format!("{none}: {why}"),
            (None, None) => none.to_owned(),
        };
        let part = part_of(&outcome.region, need).map(|part| format!(" ({part})")).unwrap_or_default();
        findings.push(mismatch(format!("{}: {} {}{part}: {what}", target.id, need.rule.id, need.what)));
    }
    shortened(findings)
}

/// What lines do that no need asks for; `verb` says what that is, as it does and as it may do it.
fn besides(target: &TargetSpec, needs: &[Need], policy: &Policy, [verb, bare]: [&str; 2]) -> Vec<Finding> {
    let excess = beyond(policy, needs, Scope::All).into_iter();
    let told = excess.map(|excess| {
        let at = excess.at.map_or("the default".to_owned(), |at| at.to_string());
        let verb = if excess.certain { verb.to_owned() } else { format!("may {bare}") };
        let what =
            format!("{}: {at} {verb} what no rule asks for: {}: {}", target.id, excess.what, excess.name);
        mismatch(what)
    });
    shortened(told.collect())
}

const KEEPS: [&str; 2] = ["keeps from TLS inspection", "keep from TLS inspection"];

/// What is kept from TLS inspection: all that documents ask to keep from it, and nothing else.
fn inspection(target: &TargetSpec, settings: &Settings, fitted: &Fitted, policy: &Policy) -> Vec<Finding> {
    let documented = |rule: &&FittedRule| rule.rule.tls_inspection == TlsInspection::Exclude;
    let named = |rule: &&FittedRule| matches!(rule.destination, Match::Name(_));
    let needs = |rules: Vec<&FittedRule>| -> Vec<Need> {
        let needs = rules.into_iter().flat_map(|rule| Need::fitted(rule, target, settings));
        // A proxy sees TLS in tunnels only, on port 80 too.
        needs.map(|need| Need { tunnelled: need.tunnelled.map(|_| true), ..need }).collect()
    };
    let (must, may) = match target.id {
        "palo-alto-set" | "palo-alto-xml" => {
            let all = settings.is("no-decrypt", "yes");
            let may = fitted.rules.iter().filter(|rule| documented(rule) || all && named(rule));
            (fitted.rules.iter().filter(documented).collect(), may.collect())
        }
        "squid" if settings.is("splice", "yes") && settings.is("form", "fragment") => {
            let rules: Vec<_> = fitted.rules.iter().filter(documented).filter(named).collect();
            (rules.clone(), rules)
        }
        _ => (Vec::new(), Vec::new()),
    };
    let why = "TLS inspection looks into what no line keeps from it".to_owned();
    let kept = Policy {
        clauses: policy.uninspected.clone(),
        knows_zones: policy.knows_zones,
        // TLS is all that is looked into.
        transports: &[Transport::Tcp],
        ..Policy::new(Fallthrough::Certain(Action::Deny, why))
    };
    let mut findings = missing(target, &needs(must), &kept, "no line keeps it from TLS inspection");
    findings.extend(besides(target, &needs(may), &kept, KEEPS));
    findings
}

/// A default that no file of Portbook's sets: one that allows, whatever stands in front, and one of Windows profiles.
fn default(target: &TargetSpec, policy: &Policy) -> Option<Finding> {
    let why = match &policy.default {
        Fallthrough::Certain(Action::Allow, why) if !denies_all(policy) => why.as_str(),
        Fallthrough::ByDirection { outbound, inbound } if outbound.or(*inbound).is_some() => {
            "the file sets the default action of the network profiles"
        }
        _ => return None,
    };
    Some(mismatch(format!("{}: the default is not what Portbook's files leave or set: {why}", target.id)))
}

/// What a fragment denies is denied to the rules behind it, too: its files only allow.
fn denials(target: &TargetSpec, settings: &Settings, policy: &Policy) -> Vec<Finding> {
    let denies = |clause: &&Clause| clause.action == Action::Deny && settings.is("form", "fragment");
    let told = policy.clauses.iter().filter(denies).map(|clause| {
        let (at, name) = (&clause.at, &clause.name);
        mismatch(format!("{}: {at} denies in a fragment, and so what stands behind it: {name}", target.id))
    });
    shortened(told.collect())
}

/// Whether the last clause denies everything, so that the default is never asked: Squid's `http_access deny all`.
fn denies_all(policy: &Policy) -> bool {
    policy.clauses.last().is_some_and(|last| {
        last.action == Action::Deny && last.reaches.iter().any(|reach| *reach == Reach::all())
    })
}

fn shortened(mut findings: Vec<Finding>) -> Vec<Finding> {
    let more = findings.len().saturating_sub(MOST);
    findings.truncate(MOST);
    if let Some(last) = findings.last_mut().filter(|_| more > 0) {
        last.notes.push(format!("and {more} more like this"));
    }
    findings
}
