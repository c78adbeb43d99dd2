//! Whether a new file may take the place of an old one.
//!
//! A download that is not what it should be must not reach a firewall: the old file is a week stale, a wrong one opens or
//! closes a company. Regions do retire (32 of 328 tags of Azure Government on 2026-05-04), so a bound on losses can be
//! passed by saying so.

use std::collections::BTreeSet;

use jiff::civil::Date;

use crate::address::{AddressCount, Family, Prefix, PrefixSet};
use crate::finding::{Code, Finding, Findings};

use super::diff::{RangeDiff, TagChange};
use super::file::{RangeFile, Shape};

/// What is accepted without a word of the user.
#[derive(Debug, Clone, Copy)]
pub struct Bounds {
    /// Percent of the tags, of the addresses of each family, and of those of each tag that rules lean on, that may go.
    pub loss_percent: f64,
    /// Percent of the addresses of each family that may come.
    pub gain_percent: f64,
    /// Whether any loss is accepted.
    pub shrink: bool,
    /// Whether any gain is accepted.
    pub growth: bool,
    /// Whether an older file, or one of which that cannot be told, is accepted.
    pub older: bool,
}

impl Default for Bounds {
    fn default() -> Self {
        Self { loss_percent: 5.0, gain_percent: 25.0, shrink: false, growth: false, older: false }
    }
}

/// What is known of a file's age.
#[derive(Debug, Clone)]
pub struct Age {
    /// How the file is called.
    pub label: String,
    /// Its date, where its name or its server told one.
    pub date: Option<Date>,
    /// The number that it gives itself.
    pub change_number: Option<u64>,
    /// Its shape, where it is known: each counts for itself.
    pub shape: Option<Shape>,
}

impl Age {
    /// That of a file.
    pub fn of(file: &RangeFile<'_>, date: Option<Date>) -> Self {
        Self { label: file.label(), date, change_number: file.change_number(), shape: Some(file.shape()) }
    }
}

/// Whether a file is one that can be kept: service tags of the wanted cloud, complete, with something in them.
///
/// # Errors
/// `ranges-wrong-cloud`, `ranges-incomplete`, `ranges-unreadable`; all that apply.
pub fn check(file: &RangeFile<'_>, word: &str) -> Result<(), Findings> {
    let mut findings = Findings::new();
    if !matches!(file.shape(), Shape::ServiceTags | Shape::DiscoveryApi) {
        let message =
            format!("{} is no file of service tags but of the shape {}", file.label(), file.shape().as_str());
        findings.push(
            Finding::new(Code::RangesUnreadable, message)
                .help("`portbook ranges` reads such files; only service tags are kept and used for rules"),
        );
    } else if file.cloud() != Some(word) {
        let found = file.cloud().unwrap_or_default().escape_debug();
        let message = format!("{} is of cloud `{found}` where `{word}` was wanted", file.label());
        findings.push(Finding::new(Code::RangesWrongCloud, message).at(file.cloud_place()).help(
            "each cloud has a file of its own: give --cloud the cloud of this file, or the file of the cloud",
        ));
    }
    findings.extend(incomplete(file));
    if file.tags().is_empty() {
        let message = format!("{} has no tag at all", file.label());
        findings.push(Finding::new(Code::RangesUnreadable, message).help(super::problem::TRUNCATED));
    }
    findings.or_value(()).map(|_| ())
}

/// `ranges-incomplete`, for one page of an answer in several.
pub fn incomplete(file: &RangeFile<'_>) -> Option<Finding> {
    file.next_link()?;
    let message = format!("{} is one page of an answer that has more", file.label());
    let help = "follow its nextLink and join the pages, or take the weekly file, which is complete";
    Some(Finding::new(Code::RangesIncomplete, message).help(help))
}

/// Whether a file holds nothing that no published file has.
///
/// # Errors
/// `ranges-implausible`; as [`RangeFile::prefixes`].
pub fn plausible(file: &RangeFile<'_>) -> Result<(), Findings> {
    let never: PrefixSet = NEVER.iter().filter_map(|text| Prefix::parse(text).ok()).collect();
    if file.whole()?.is_disjoint(&never) {
        return Ok(());
    }
    let mut findings = Findings::new();
    for tag in file.tags() {
        let prefixes = file.prefixes(tag)?;
        let strange = prefixes.iter().find(|prefix| !PrefixSet::from(**prefix).is_disjoint(&never));
        findings.extend(strange.map(|prefix| {
            let message = format!("{} has {prefix} in tag {}", file.label(), tag.name());
            Finding::new(Code::RangesImplausible, message)
                .help("no file of Microsoft's had such space: download it again")
        }));
    }
    Err(findings)
}

/// Space that is nobody's on the Internet: RFC 6890 and its registries. Blocks for documentation are left out: they harm
/// nobody, and examples use them.
const NEVER: [&str; 11] = [
    "0.0.0.0/8",
    "10.0.0.0/8",
    "127.0.0.0/8",
    "169.254.0.0/16",
    "172.16.0.0/12",
    "192.168.0.0/16",
    "224.0.0.0/3",
    "::/8",
    "fc00::/7",
    "fe80::/10",
    "ff00::/8",
];

/// Whether a new file may take the place of an old one of the same cloud; what changed if it may. `leaned` are the tags
/// that rules may be made from: the loss of one of them is small in the whole and cuts a service off.
///
/// # Errors
/// `ranges-older`, `ranges-shrunk`, `ranges-grown`; all that apply.
pub fn compare(
    (old, old_date): (&RangeFile<'_>, Option<Date>),
    (new, new_date): (&RangeFile<'_>, Option<Date>),
    leaned: &BTreeSet<String>,
    bounds: Bounds,
) -> Result<RangeDiff, Findings> {
    let diff = RangeDiff::of(old, new)?;
    let mut findings = Findings::new();
    findings.extend(older(&Age::of(old, old_date), &Age::of(new, new_date), bounds));
    if !bounds.shrink {
        findings.extend(shrunk(old, &diff, leaned, bounds.loss_percent)?);
    }
    if !bounds.growth {
        findings.extend(grown(old, &diff, bounds.gain_percent)?);
    }
    findings.or_value(diff).map(|(diff, _)| diff)
}

/// `ranges-older` for a file that is older than the kept one, or may be.
///
/// By date where both have one; else by change number, which mostly rises (numbers were used again in 2020) and which
/// the Discovery API counts otherwise.
pub fn older(old: &Age, new: &Age, bounds: Bounds) -> Option<Finding> {
    if bounds.older {
        return None;
    }
    let alike = old.shape.is_some() && old.shape == new.shape;
    let (message, how) = match (old.date, new.date, old.change_number, new.change_number) {
        (Some(before), Some(now), ..) if now >= before => return None,
        (Some(before), Some(now), ..) => (
            format!("{} is older than {}", new.label, old.label),
            format!("it is of {now}, the kept one of {before}"),
        ),
        (_, _, Some(before), Some(now)) if alike && now >= before => return None,
        (_, _, Some(before), Some(now)) if alike => (
            format!("{} is older than {}", new.label, old.label),
            format!("its change number is {now}, that of the kept one {before}"),
        ),
        _ => (
            format!("whether {} is older than {} cannot be told", new.label, old.label),
            "one of them has no date in its name, and their change numbers do not compare".to_owned(),
        ),
    };
    let help = "the kept file stays; --accept-older takes the new one all the same";
    Some(Finding::new(Code::RangesOlder, message).note(how).help(help))
}

/// `ranges-shrunk` where the kept file is damaged, so that nobody can tell what would be lost.
pub fn unbounded(label: &str) -> Finding {
    Finding::new(Code::RangesShrunk, format!("{label} is damaged, so that nobody can tell what a new file lacks"))
        .help("restore it, from version control or with --from and the same file; --accept-shrink takes the new one all the same")
}

fn shrunk(
    old: &RangeFile<'_>,
    diff: &RangeDiff,
    leaned: &BTreeSet<String>,
    bound: f64,
) -> Result<Option<Finding>, Findings> {
    let whole = old.whole()?;
    let gone = diff.tags_of(TagChange::Removed).count();
    let mut losses = vec![(
        format!("{gone} of {} tags", old.tags().len()),
        count(gone).percent_of(count(old.tags().len())),
    )];
    for family in Family::ALL {
        losses.push(loss("", diff.all.lost(family), whole.count(family), family));
    }
    for tag in diff.tags.iter().filter(|tag| leaned.contains(&tag.name)) {
        let before = old.tag(&tag.name)?.unwrap_or_default();
        for family in Family::ALL {
            losses.push(loss(&tag.name, tag.addresses.lost(family), before.count(family), family));
        }
    }
    let beyond: Vec<_> = losses.into_iter().filter(|(_, percent)| *percent > bound).collect();
    if beyond.is_empty() {
        return Ok(None);
    }
    let message = format!("the new file lacks more than {bound} % of what {} has", old.label());
    let mut finding = Finding::new(Code::RangesShrunk, message);
    for (what, percent) in beyond {
        finding = finding.note(format!("gone: {what} ({percent:.1} %)"));
    }
    let names: Vec<&str> =
        diff.tags_of(TagChange::Removed).map(|tag| tag.name.as_str()).take(SHOWN).collect();
    if !names.is_empty() {
        let more = if gone > SHOWN { ", ..." } else { "" };
        finding = finding.note(format!("{}{more}", names.join(", ")));
    }
    Ok(Some(finding.help(
        "regions do retire: `portbook ranges diff OLD NEW` shows it all; --accept-shrink takes the file, --max-loss PERCENT moves the bound",
    )))
}

/// `8,192 of 56,820 IPv4 addresses of AzureActiveDirectory`, and how many percent that is.
fn loss(tag: &str, lost: AddressCount, all: AddressCount, family: Family) -> (String, f64) {
    let of = if tag.is_empty() { String::new() } else { format!(" of {tag}, which rules lean on") };
    (format!("{lost} of {all} {family} addresses{of}"), lost.percent_of(all))
}

fn grown(old: &RangeFile<'_>, diff: &RangeDiff, bound: f64) -> Result<Option<Finding>, Findings> {
    let whole = old.whole()?;
    let mut beyond = Vec::new();
    for family in Family::ALL {
        let (gained, all) = (diff.all.gained(family), whole.count(family));
        // A family that comes for the first time has nothing to be measured by.
        if gained.percent_of(all) > bound {
            beyond.push(format!(
                "come: {gained} {family} addresses, to {all} ({:.1} %)",
                gained.percent_of(all)
            ));
        }
    }
    if beyond.is_empty() {
        return Ok(None);
    }
    let message = format!("the new file has more than {bound} % more addresses than {}", old.label());
    let finding = beyond.into_iter().fold(Finding::new(Code::RangesGrown, message), Finding::note);
    Ok(Some(finding.help("`portbook ranges diff OLD NEW` shows it all; --accept-growth takes the file")))
}

/// Names of lost tags that are shown.
const SHOWN: usize = 6;

fn count(number: usize) -> AddressCount {
    u128::try_from(number).unwrap_or(u128::MAX).into()
}
