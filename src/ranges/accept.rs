//! Whether a new file may take the place of an old one.
//!
//! A download that is not what it should be must not reach a firewall: the old file is a week stale, a wrong one opens or
//! closes a company. Regions do retire (32 of 328 tags of Azure Government on 2026-05-04), so a bound on losses can be
//! passed by saying so.

use jiff::civil::Date;

use crate::address::Family;
use crate::finding::{Code, Finding, Findings};

use super::diff::{RangeDiff, TagChange};
use super::file::{RangeFile, Shape};

/// What is accepted without a word of the user.
#[derive(Debug, Clone, Copy)]
pub struct Bounds {
    /// Percent of the tags, of the IPv4 and of the IPv6 addresses that may go.
    pub loss_percent: f64,
    /// Whether any loss is accepted.
    pub shrink: bool,
    /// Whether an older file is accepted.
    pub older: bool,
}

impl Default for Bounds {
    fn default() -> Self {
        Self { loss_percent: 5.0, shrink: false, older: false }
    }
}

/// A file with what its name or its server tells of its date.
#[derive(Debug)]
pub struct Dated<'f, 'a> {
    /// The file.
    pub file: &'f RangeFile<'a>,
    /// Its date.
    pub date: Option<Date>,
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

/// Whether a new file may take the place of an old one of the same cloud; what changed if it may.
///
/// # Errors
/// `ranges-older`, `ranges-shrunk`.
pub fn compare(old: &Dated<'_, '_>, new: &Dated<'_, '_>, bounds: Bounds) -> Result<RangeDiff, Findings> {
    let diff = RangeDiff::of(old.file, new.file)?;
    let mut findings = Findings::new();
    if !bounds.older {
        findings.extend(older(old, new));
    }
    if !bounds.shrink {
        findings.extend(shrunk(old.file, &diff, bounds.loss_percent)?);
    }
    findings.or_value(diff).map(|(diff, _)| diff)
}

/// By date where both have one; else by change number, which mostly rises (ranges of numbers were reused in 2020).
fn older(old: &Dated<'_, '_>, new: &Dated<'_, '_>) -> Option<Finding> {
    let how = match (old.date, new.date) {
        (Some(before), Some(now)) => {
            (now < before).then(|| format!("it is of {now}, the kept one of {before}"))
        }
        _ => match (old.file.change_number(), new.file.change_number()) {
            (Some(before), Some(now)) if now < before => {
                Some(format!("its change number is {now}, that of the kept one {before}"))
            }
            _ => None,
        },
    }?;
    let message = format!("{} is older than {}", new.file.label(), old.file.label());
    Some(
        Finding::new(Code::RangesOlder, message)
            .note(how)
            .help("the kept file stays; --accept-older takes the older one all the same"),
    )
}

fn shrunk(old: &RangeFile<'_>, diff: &RangeDiff, bound: f64) -> Result<Option<Finding>, Findings> {
    let whole = old.whole()?;
    let gone = diff.tags_of(TagChange::Removed).count();
    let (lost_tags, tags) = (count(gone), count(old.tags().len()));
    let mut losses = vec![(format!("{gone} of {} tags", old.tags().len()), lost_tags.percent_of(tags))];
    for family in Family::ALL {
        let (lost, all) = (diff.all.lost(family), whole.count(family));
        losses.push((format!("{lost} of {all} {family} addresses"), lost.percent_of(all)));
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

/// Names of lost tags that are shown.
const SHOWN: usize = 6;

fn count(number: usize) -> crate::address::AddressCount {
    u128::try_from(number).unwrap_or(u128::MAX).into()
}
