//! The lines of what a build adds to its flows, which text and Markdown share.

use crate::address::{Family, PrefixSet};
use crate::diff::build::{
    AcceptedChange, BuildDifference, FileDifference, LossChange, SetChange, SettingChange, SiteDifference,
    TargetChange, WayChange,
};
use crate::diff::{Category, render};
use crate::manifest::Manifest;
use crate::rule::RuleId;
use crate::target::Effect;

/// What a line does, as a reviewer reads it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Weight {
    /// More passes.
    Widened,
    /// Less passes.
    Narrowed,
    /// Neither.
    Neutral,
}

/// One entry: what changed, and what it is about.
pub(super) struct Line {
    pub(super) weight: Weight,
    pub(super) sign: char,
    /// `tag AzureMonitor  +40 addresses (20.20.44.0/27, ...)`.
    pub(super) what: String,
    /// `rules r-3f2a7c01de, ...`.
    pub(super) about: String,
    /// The rules that it is about.
    pub(super) rules: Vec<RuleId>,
    /// The target that it is about, if it is one's.
    pub(super) target: Option<String>,
}

/// Everything but the flows of a site, what is widened first.
pub(super) fn lines(site: &SiteDifference) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::new();
    lines.extend(site.sets.iter().flat_map(set));
    lines.extend(site.ways.iter().flat_map(|change| way(change, site)));
    lines.extend(site.losses.iter().map(loss));
    lines.extend(site.targets.iter().flat_map(target));
    if site.old.look != site.new.look {
        lines.push(Line {
            weight: Weight::Neutral,
            sign: '~',
            what: "other templates make the files".to_owned(),
            about: "templates of another version, or of yours".to_owned(),
            rules: Vec::new(),
            target: None,
        });
    }
    lines.extend(site.settings.iter().map(setting));
    lines.extend(site.accepted.iter().map(accepted));
    lines.sort_by_key(|line| line.weight);
    lines
}

fn set(change: &SetChange) -> Vec<Line> {
    let line = |prefixes: &PrefixSet, sign: char, weight: Weight| {
        (!prefixes.is_empty()).then(|| Line {
            weight,
            sign,
            what: format!("{}  {sign}{}", change.label(), addresses(prefixes)),
            about: rules(&change.rules),
            rules: change.rules.clone(),
            target: None,
        })
    };
    let lines = [line(&change.added, '+', Weight::Widened), line(&change.removed, '-', Weight::Narrowed)];
    lines.into_iter().flatten().collect()
}

fn way(change: &WayChange, site: &SiteDifference) -> Vec<Line> {
    let line = |way: &crate::diff::build::Way, sign: char, weight: Weight| Line {
        weight,
        sign,
        what: format!("way {way}{}", ends(way, if sign == '+' { &site.new } else { &site.old })),
        about: rules(&change.rules),
        rules: change.rules.clone(),
        target: None,
    };
    let added = change.added.iter().map(|way| line(way, '+', Weight::Widened));
    added.chain(change.removed.iter().map(|way| line(way, '-', Weight::Narrowed))).collect()
}

fn loss(change: &LossChange) -> Line {
    let (verb, sign) = match (change.effect, change.added) {
        (Effect::Refused, true) => ("cannot say any more", '-'),
        (Effect::Refused, false) => ("can say again", '+'),
        (Effect::Wider, true) => ("allows more now", '+'),
        (Effect::Wider, false) => ("allows no more than the rules again", '-'),
        (_, true) => ("allows less now", '-'),
        (_, false) => ("allows as much as the rules again", '+'),
    };
    Line {
        weight: if change.widens() { Weight::Widened } else { Weight::Narrowed },
        sign,
        what: format!(
            "{} {verb}: {} ({}): {}",
            change.target,
            change.code.spec().summary,
            change.code,
            details(&change.details)
        ),
        about: rules(&change.rules),
        rules: change.rules.clone(),
        target: Some(change.target.id.clone()),
    }
}

/// The addresses of the ends of a way: a host that came is only known by them.
fn ends(way: &crate::diff::build::Way, manifest: &Manifest) -> String {
    let addresses = |end: &crate::diff::build::WayEnd| {
        let name = end.set.clone().or_else(|| end.station.as_ref().map(ToString::to_string))?;
        let set = manifest.rules.address_sets.get(&name)?;
        Some(format!("{name}: {}", addresses(&set.prefixes)))
    };
    let ends: Vec<String> = [&way.source, &way.destination].into_iter().filter_map(addresses).collect();
    if ends.is_empty() { String::new() } else { format!("; {}", ends.join("; ")) }
}

/// More details than these are counted.
const DETAILS: usize = 4;

fn details(details: &[String]) -> String {
    let shown: Vec<&str> = details.iter().take(DETAILS).map(String::as_str).collect();
    let more = details.len().saturating_sub(DETAILS);
    let rest = if more > 0 { format!("; and {more} more") } else { String::new() };
    format!("{}{rest}", shown.join("; "))
}

fn target(change: &TargetChange) -> Vec<Line> {
    let what = change.what.join("; ");
    let line = |weight: Weight, sign: char, verb: &str, rules: &[RuleId]| Line {
        weight,
        sign,
        what: [format!("{} {verb}", change.target), what.clone()].join(if what.is_empty() {
            ""
        } else {
            ": "
        }),
        about: self::rules(rules),
        rules: rules.to_vec(),
        target: Some(change.target.id.clone()),
    };
    let mut lines = Vec::new();
    if !change.gained.is_empty() {
        lines.push(line(Weight::Widened, '+', "holds these rules now", &change.gained));
    }
    if !change.lost.is_empty() {
        lines.push(line(Weight::Narrowed, '-', "does not hold these rules any more", &change.lost));
    }
    if lines.is_empty() {
        lines.push(Line {
            weight: Weight::Narrowed,
            sign: '!',
            what: format!("{}: {what}", change.target),
            about: "what its device has may not be what the rules say".to_owned(),
            rules: Vec::new(),
            target: Some(change.target.id.clone()),
        });
    }
    lines
}

fn setting(change: &SettingChange) -> Line {
    let shown = |value: &Option<String>| value.clone().unwrap_or_else(|| "not given".to_owned());
    Line {
        weight: Weight::Neutral,
        sign: '~',
        what: format!("{}: {} {} -> {}", change.target, change.key, shown(&change.old), shown(&change.new)),
        about: "a setting of the site file".to_owned(),
        rules: Vec::new(),
        target: Some(change.target.id.clone()),
    }
}

fn accepted(change: &AcceptedChange) -> Line {
    let record = &change.record;
    let until = record.until.as_ref().map_or_else(String::new, |until| format!(", until {until}"));
    Line {
        weight: Weight::Neutral,
        sign: if change.added { '+' } else { '-' },
        what: format!("accepted: {}{until}", record.loss),
        about: record.because.clone(),
        rules: Vec::new(),
        target: None,
    }
}

/// More prefixes than these are counted.
const PREFIXES: usize = 8;

/// `40 addresses (20.20.44.0/27, 20.20.44.32/29)`.
pub(super) fn addresses(prefixes: &PrefixSet) -> String {
    let shown: Vec<String> = prefixes.prefixes().take(PREFIXES).map(|prefix| prefix.to_string()).collect();
    let count = prefixes.prefixes().count();
    let more = if count > PREFIXES { format!(", and {} more", count - PREFIXES) } else { String::new() };
    format!("{} ({}{more})", counted_addresses(prefixes), shown.join(", "))
}

/// `40 addresses and 2 IPv6 prefixes`.
pub(super) fn counted_addresses(prefixes: &PrefixSet) -> String {
    let mut parts = Vec::new();
    let v4 = prefixes.count(Family::V4);
    let v6 = prefixes.family(Family::V6).prefixes().count();
    if !v4.is_zero() {
        parts.push(format!("{v4} address{}", if v4.get() == Some(1) { "" } else { "es" }));
    }
    if v6 > 0 {
        parts.push(format!("{v6} IPv6 prefix{}", if v6 == 1 { "" } else { "es" }));
    }
    parts.join(" and ")
}

/// More rules than these are counted.
const RULES: usize = 6;

pub(super) fn rules(rules: &[RuleId]) -> String {
    let shown: Vec<&str> = rules.iter().take(RULES).map(RuleId::as_str).collect();
    let more = rules.len().saturating_sub(RULES);
    let rest = if more > 0 { format!(" and {more} more") } else { String::new() };
    format!("rule{} {}{rest}", if rules.len() == 1 { "" } else { "s" }, shown.join(", "))
}

/// `palo-alto/edge.set changed, 4 lines`.
pub(super) fn file(file: &FileDifference) -> String {
    let lines = match file.lines {
        None => String::new(),
        Some(1) => ", 1 line".to_owned(),
        Some(lines) => format!(", {lines} lines"),
    };
    format!("{} ({}) {}{lines}", file.path, file.target, file.change.as_str())
}

/// `Artifacts: 3 of 7 changed, 11 lines`.
pub(super) fn files(site: &SiteDifference) -> String {
    let all = site.files.len() + site.same_files;
    let lines: Option<usize> = site.files.iter().map(|file| file.lines).sum();
    let lines = lines.filter(|lines| *lines > 0).map_or_else(String::new, |lines| format!(", {lines} lines"));
    format!("Artifacts: {} of {all} changed{lines}", site.files.len())
}

/// `3 widened, 1 narrowed` of all sites.
pub(super) fn tally(difference: &BuildDifference) -> String {
    let sum = |count: fn(&SiteDifference) -> usize| difference.sites.iter().map(count).sum::<usize>();
    // A site that came opens all of its rules; one that went closes them.
    let rules = |manifests: &[Manifest]| manifests.iter().map(|each| each.rules.rules.len()).sum::<usize>();
    let mut parts = vec![
        format!("{} widened", sum(SiteDifference::widened) + rules(&difference.added)),
        format!("{} narrowed", sum(SiteDifference::narrowed) + rules(&difference.removed)),
    ];
    for category in [Category::Corrected, Category::NeedChanged, Category::SameInEffect, Category::Wording] {
        let count: usize = difference.sites.iter().map(|site| site.flows.count(category)).sum();
        if count > 0 {
            parts.push(format!("{count} {}", category.as_str().replace('-', " ")));
        }
    }
    for (count, word) in [(difference.added.len(), "new"), (difference.removed.len(), "gone")] {
        if count > 0 {
            parts.push(format!("{count} site{} {word}", if count == 1 { "" } else { "s" }));
        }
    }
    parts.join(", ")
}

/// The flows of a site as text, without the title of both sides; nothing if they are the same.
pub(super) fn flows(site: &SiteDifference) -> String {
    if site.flows.is_empty() {
        return String::new();
    }
    let text = render::text(&site.flows);
    text.split_once('\n').map_or_else(String::new, |(_, rest)| rest.to_owned())
}

/// What both builds were made of, where that differs.
pub(super) fn sources(site: &SiteDifference) -> Vec<String> {
    let mut sources = Vec::new();
    let label = |manifest: &Manifest| -> Vec<String> {
        manifest.range_files.iter().map(|file| file.label.clone()).collect()
    };
    let (was, is) = (label(&site.old), label(&site.new));
    if was != is {
        let shown = |labels: Vec<String>| {
            if labels.is_empty() { "no range file".to_owned() } else { labels.join(", ") }
        };
        sources.push(format!("ranges: {} -> {}", shown(was), shown(is)));
    }
    if site.old.selected != site.new.selected {
        let shown = |manifest: &Manifest| {
            let clouds = manifest.selected.iter().map(|(cloud, scenarios)| {
                let scenarios: Vec<&str> = scenarios.iter().map(crate::id::ScenarioId::as_str).collect();
                format!("{} ({cloud})", scenarios.join(", "))
            });
            clouds.collect::<Vec<_>>().join(", ")
        };
        sources.push(format!("selected: {} -> {}", shown(&site.old), shown(&site.new)));
    }
    sources
}
