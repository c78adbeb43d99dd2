//! Which losses refuse a target, which are warnings, and what they say.

use std::collections::BTreeMap;

use crate::finding::{Code, Finding, Severity};
use crate::place::Fallback;
use crate::target::{Effect, Fitted, Loss, NameSupport, OFFERED, Settings, TARGETS, TargetSpec};

use super::{Asked, Policy};

/// All losses of one code at one target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LossGroup {
    /// The code.
    pub code: Code,
    /// What they do.
    pub effect: Effect,
    /// Whether somebody accepted all of them.
    pub accepted: bool,
    /// How many rules have it.
    pub rules: usize,
    /// How many of them stand in the artifacts all the same, at another host or on another part of their way.
    pub partly: usize,
    /// What exactly, each once.
    pub details: Vec<String>,
    /// Whether it keeps the target from being written.
    pub refuses: bool,
}

/// The losses of one target.
#[derive(Debug, Default)]
pub struct Judgement {
    /// All groups, by code.
    pub groups: Vec<LossGroup>,
    /// Why the target is not written; empty when it is.
    pub refused: Vec<Finding>,
}

impl Judgement {
    /// Losses to warn about: what went in with more or less than the rules, and nobody accepted.
    pub fn warned(&self) -> impl Iterator<Item = &LossGroup> {
        let lossy = |group: &&LossGroup| matches!(group.effect, Effect::Wider | Effect::Narrower);
        self.groups.iter().filter(lossy).filter(|group| !group.accepted && !group.refuses)
    }

    /// What the header of the artifact says about the losses that went in.
    pub(super) fn header_notes(&self) -> Vec<String> {
        let telling = self.groups.iter().filter(|group| group.effect != Effect::NotApplicable);
        telling.map(LossGroup::sentence).chain(self.left_out_addresses()).collect()
    }

    /// Which addresses of the rules that went in are left out: `no-v6-source: 3 rules: agents: 1 IPv6 prefix left out`.
    pub fn left_out_addresses(&self) -> Vec<String> {
        let families = [Code::NoV6Source, Code::FamilyLeftOut];
        let groups = self
            .groups
            .iter()
            .filter(|group| group.effect == Effect::NotApplicable && families.contains(&group.code));
        groups
            .map(|group| format!("{}: {}: {}", group.code, rules(group.rules), shown(&group.details)))
            .collect()
    }
}

impl LossGroup {
    /// The warning about it, for all the targets that have it.
    pub fn warning(&self, targets: &[&str], asked: Asked) -> Finding {
        let message = format!("{}: {} ({})", targets.join(", "), self.code.spec().summary, rules(self.rules));
        told(Finding::new(self.code, message).severity(Severity::Warning), self).help(format!(
            "`portbook explain {}` says more; {} says that it is known",
            self.code,
            asked.accept(self.code, None)
        ))
    }

    /// `name-needs-address: 4 rules left out: crl.microsoft.com, ...`.
    fn sentence(&self) -> String {
        let what = match self.effect {
            Effect::Refused if self.partly == self.rules => "left out in part, at one of their ends or hops",
            Effect::Refused if self.partly > 0 => "left out, some of them in part only",
            Effect::Refused => "left out",
            Effect::Wider => "allow more",
            Effect::Narrower => "allow less",
            Effect::NotApplicable => "no concern of this target",
        };
        format!("{}: {} {what}: {}", self.code, rules(self.rules), self.code.spec().summary)
    }
}

fn rules(count: usize) -> String {
    if count == 1 { "1 rule".to_owned() } else { format!("{count} rules") }
}

/// Groups the losses of a target and decides what they mean under `policy`.
pub(super) fn judge(target: &TargetSpec, settings: &Settings, fitted: &Fitted, policy: &Policy) -> Judgement {
    let mut groups: BTreeMap<(Code, Effect), LossGroup> = BTreeMap::new();
    for verdict in &fitted.verdicts {
        let mut counted = Vec::new();
        for loss in &verdict.losses {
            let key = (loss.code, loss.effect);
            let group = groups.entry(key).or_insert_with(|| LossGroup {
                code: loss.code,
                effect: loss.effect,
                accepted: true,
                rules: 0,
                partly: 0,
                details: Vec::new(),
                refuses: false,
            });
            if !counted.contains(&key) {
                group.rules += 1;
                group.partly += usize::from(verdict.written);
                counted.push(key);
            }
            if !group.details.contains(&loss.detail) {
                group.details.push(loss.detail.clone());
            }
            if !policy.accepted.iter().any(|acceptance| acceptance.covers(loss, target.id, &verdict.rule)) {
                group.accepted = false;
                group.refuses |= refuses(loss, policy);
            }
        }
    }
    let groups: Vec<LossGroup> = groups.into_values().collect();
    let mut refused: Vec<Finding> = groups
        .iter()
        .filter(|group| group.refuses)
        .map(|group| {
            refusal(
                target,
                group,
                ways_out(target, settings, group, policy),
                fitted.verdicts.len(),
                policy.asked,
            )
        })
        .collect();
    if refused.is_empty() && fitted.rules.is_empty() {
        refused.push(nothing(target, &groups));
    }
    Judgement { groups, refused }
}

fn refuses(loss: &Loss, policy: &Policy) -> bool {
    loss.needs_acceptance() || policy.strict && matches!(loss.effect, Effect::Wider | Effect::Narrower)
}

/// More details than these are shown with `-v` only.
const SHOWN: usize = 6;

/// The first details, and how many more there are.
fn shown(details: &[String]) -> String {
    let mut shown: Vec<&str> = details.iter().take(SHOWN).map(String::as_str).collect();
    let more = details.len().saturating_sub(SHOWN);
    let rest = format!("and {more} more");
    if more > 0 {
        shown.push(&rest);
    }
    shown.join("; ")
}

fn told(finding: Finding, group: &LossGroup) -> Finding {
    finding.note(shown(&group.details))
}

/// `of` is the number of rules of the selection: accepting that all of them are left out leads to nothing.
fn refusal(
    target: &TargetSpec,
    group: &LossGroup,
    ways_out: Vec<String>,
    of: usize,
    asked: Asked,
) -> Finding {
    let message = format!("{}: {} ({})", target.id, group.code.spec().summary, rules(group.rules));
    let mut finding = told(Finding::new(group.code, message).severity(Severity::Error), group);
    if group.code == Code::AnyAzureCustomer {
        finding = finding.note(group.code.spec().explanation);
    }
    let meaning =
        if group.effect == Effect::Refused { "leaves these rules out" } else { "writes them all the same" };
    let finding = ways_out.into_iter().fold(finding, Finding::help);
    if group.effect == Effect::Refused && group.rules == of && group.partly == 0 {
        return finding;
    }
    finding.help(format!("{} {meaning}", asked.accept(group.code, Some(target.id))))
}

/// What to do about a refusal, short of accepting it; never what was done already.
fn ways_out(target: &TargetSpec, settings: &Settings, group: &LossGroup, policy: &Policy) -> Vec<String> {
    let asked = policy.asked;
    match group.code {
        Code::NameNeedsAddress if group.details.iter().all(|detail| detail.starts_with("the proxy ")) => {
            address_flags(&group.details, asked)
        }
        Code::NameNeedsAddress | Code::CategoryNeedsHttp => {
            let targets = name_targets(target).map(|targets| format!("targets that match names: {targets}"));
            let setting = name_setting(target, settings)
                .map(|setting| format!("without the setting {setting} the target matches names"));
            let offered = (policy.fallback != Fallback::Documented).then(|| offer(group, asked)).flatten();
            [targets, setting, offered].into_iter().flatten().collect()
        }
        Code::AnyAzureCustomer => Vec::new(),
        Code::SourceNotGiven | Code::DestinationNotGiven => address_flags(&group.details, asked),
        _ => vec![group.code.spec().next.to_owned()],
    }
}

/// The documents' own addresses, for the names for which they offer some.
fn offer(group: &LossGroup, asked: Asked) -> Option<String> {
    let offered = group.details.iter().filter(|detail| detail.contains(OFFERED)).count();
    let way = asked.documented_fallback([Code::AnyAzureCustomer, group.code]);
    (offered > 0).then(|| {
        format!(
            "for {offered} of {} names the documents offer the Azure datacenter IP ranges, the addresses of every Azure customer: \
             {way} with a range file (`portbook fetch`) writes these and leaves out the others",
            group.details.len(),
        )
    })
}

/// `--address connect-server=CIDR,... --address domain-controller=CIDR,...` for the details that are role ids; what
/// else has no address is a proxy by name.
fn address_flags(details: &[String], asked: Asked) -> Vec<String> {
    let (roles, others): (Vec<&String>, Vec<&String>) =
        details.iter().partition(|detail| crate::id::check(detail).is_ok());
    let roles: Vec<&str> = roles.into_iter().map(String::as_str).collect();
    let addresses = (!roles.is_empty()).then(|| asked.addresses(&roles));
    let proxy = others
        .iter()
        .any(|detail| detail.starts_with("the proxy "))
        .then(|| asked.proxy_address().to_owned());
    let found: Vec<String> = [addresses, proxy].into_iter().flatten().collect();
    if found.is_empty() { vec![asked.addresses(&[])] } else { found }
}

/// The one given setting without which the target would match names, as `os=2019`.
fn name_setting(target: &TargetSpec, settings: &Settings) -> Option<String> {
    let matches = |settings: &Settings| (target.capabilities)(settings).names != NameSupport::None;
    let decides = |spec: &&crate::target::SettingSpec| settings.without(spec).as_ref().is_some_and(matches);
    let spec = target.settings.iter().find(decides).filter(|_| !matches(settings))?;
    Some(format!("{}={}", spec.id, settings.get(spec.id)?))
}

/// Targets of the same vantage that match names, under their default settings.
fn name_targets(target: &TargetSpec) -> Option<String> {
    let matching = TARGETS.iter().filter(|other| {
        let names = (other.capabilities)(&Settings::defaults(other.settings)).names;
        other.id != target.id && other.vantage == target.vantage && names != NameSupport::None
    });
    let ids: Vec<&str> = matching.map(|other| other.id).collect();
    (!ids.is_empty()).then(|| ids.join(", "))
}

/// Nothing of the selection concerns the target, or everything was accepted away.
fn nothing(target: &TargetSpec, groups: &[LossGroup]) -> Finding {
    let message = format!("{}: no rule of the selection can stand here", target.id);
    let mut finding = Finding::new(Code::NothingSelected, message);
    for group in groups {
        finding =
            finding.note(format!("{}: {}, {}", group.code, rules(group.rules), group.code.spec().summary));
    }
    let elsewhere: Vec<&str> =
        TARGETS.iter().filter(|other| other.vantage != target.vantage).map(|other| other.id).collect();
    finding.help(format!(
        "an empty artifact would look like a finished one; use a target that stands elsewhere: {}",
        elsewhere.join(", ")
    ))
}
