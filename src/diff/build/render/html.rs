//! One page for a change board: what is widened first, the flows as a picture, the addresses as a map, every rule.

mod changes;
mod picture;
mod rules;

use crate::diff::Category;
use crate::diff::build::{BuildDifference, FileChangeKind, FileDifference, SiteDifference};
use crate::finding::Findings;
use crate::manifest::{Manifest, TargetRecord};
use crate::report::{AddressChange, AddressRow, ArtifactRow, Report, Tally, Tone, page};

use super::lines;

/// The page of a difference: one part for each site that differs.
///
/// # Errors
/// When a template fails.
pub fn html(difference: &BuildDifference) -> Result<String, Findings> {
    let differing = difference.sites.iter().filter(|site| !site.is_empty());
    let mut reports: Vec<Report> = differing.map(compared).collect();
    reports.extend(difference.added.iter().map(|manifest| alone(manifest, "new site", Some(Tone::More))));
    reports
        .extend(difference.removed.iter().map(|manifest| alone(manifest, "site is gone", Some(Tone::Less))));
    if reports.is_empty() {
        let title = "No difference".to_owned();
        let notes = vec![format!("{} sites are the same on both sides.", difference.same)];
        reports.push(Report { title, notes, ..Report::default() });
    }
    page(&reports)
}

/// The page of builds by themselves.
///
/// # Errors
/// When a template fails.
pub fn html_of_builds(manifests: &[Manifest]) -> Result<String, Findings> {
    let reports: Vec<Report> = manifests.iter().map(|manifest| alone(manifest, "build", None)).collect();
    page(&reports)
}

fn compared(site: &SiteDifference) -> Report {
    let title = format!("{}: {} widened, {} narrowed", site.site, site.widened(), site.narrowed());
    let mut subtitle = vec![documents(&site.old, Some(&site.new))];
    subtitle.extend(lines::sources(site));
    subtitle.push(lines::files(site));
    Report {
        title,
        subtitle,
        summary: summary(site),
        changes: changes::sections(site),
        picture: Some(picture::picture(&site.new, Some(site))),
        addresses: addresses(site),
        rules: rules::table(&site.new, Some(site), None),
        artifacts: artifacts(&site.new, &site.files),
        notes: notes(&site.new),
    }
}

fn alone(manifest: &Manifest, what: &str, tone: Option<Tone>) -> Report {
    let rules = manifest.rules.rules.len();
    Report {
        title: format!("{}: {what}, {rules} rules", manifest.site),
        subtitle: vec![manifest.rules.title.clone(), documents(manifest, None)],
        picture: Some(picture::picture(manifest, None)),
        rules: rules::table(manifest, None, tone),
        artifacts: artifacts(manifest, &[]),
        notes: notes(manifest),
        ..Report::default()
    }
}

/// `documents: cloud-sync-prerequisites 2025-04-09 -> 2026-07-27, ...`.
fn documents(old: &Manifest, new: Option<&Manifest>) -> String {
    let list = |manifest: &Manifest| manifest.rules.documents();
    let was = list(old);
    let shown = |(id, edition): &(crate::id::DocumentId, Option<crate::catalog::Edition>)| match edition {
        Some(edition) => format!("{id} {edition}"),
        None => id.to_string(),
    };
    let texts: Vec<String> = match new {
        None => was.iter().map(shown).collect(),
        Some(new) => list(new)
            .iter()
            .map(|entry| match was.iter().find(|(id, _)| *id == entry.0) {
                Some((_, Some(before))) if Some(*before) != entry.1 => {
                    let now = entry.1.map(|edition| edition.to_string()).unwrap_or_default();
                    format!("{} {before} -> {now}", entry.0)
                }
                _ => shown(entry),
            })
            .collect(),
    };
    format!("documents: {}", texts.join(", "))
}

fn summary(site: &SiteDifference) -> Vec<Tally> {
    let tally = |label: &str, count: usize, tone: Tone| Tally { label: label.to_owned(), count, tone };
    let refused = site.new.targets.iter().filter(|target| !target.refused.is_empty()).count();
    let mut summary = vec![
        tally("Widened", site.widened(), Tone::More),
        tally("Narrowed", site.narrowed(), Tone::Less),
        tally("Refused targets", refused, Tone::Bad),
    ];
    for category in [Category::Corrected, Category::NeedChanged, Category::SameInEffect, Category::Wording] {
        summary.push(tally(category.title(), site.flows.count(category), Tone::Neutral));
    }
    summary.push(tally("Files changed", site.files.len(), Tone::Neutral));
    summary
}

/// More prefixes of one set are counted, not listed: a page has to open in a browser.
const LISTED: usize = 5_000;

fn addresses(site: &SiteDifference) -> Option<AddressChange> {
    if site.sets.is_empty() {
        return None;
    }
    let (added, removed) = site.addresses();
    let rows = site.sets.iter().map(|set| {
        let texts = |prefixes: &crate::address::PrefixSet| {
            prefixes.prefixes().take(LISTED).map(|prefix| prefix.to_string()).collect::<Vec<_>>()
        };
        let longest =
            [&set.added, &set.removed].map(|prefixes| prefixes.prefixes().count()).into_iter().max();
        let cut = longest
            .filter(|count| *count > LISTED)
            .map(|_| format!("the first {LISTED} prefixes are listed"));
        let count = |sign: char, prefixes: &crate::address::PrefixSet| {
            (!prefixes.is_empty()).then(|| format!("{sign}{}", lines::counted_addresses(prefixes)))
        };
        let counts = [count('+', &set.added), count('-', &set.removed), cut];
        AddressRow {
            name: set.label(),
            added: texts(&set.added),
            removed: texts(&set.removed),
            counts: counts.into_iter().flatten().collect::<Vec<_>>().join(", "),
            rules: set.rules.iter().map(ToString::to_string).collect(),
        }
    });
    let union = |manifest: &Manifest| {
        let names = site.sets.iter().map(|set| set.name.as_str()).collect::<Vec<_>>();
        let sets = manifest.address_sets().filter(|(name, _)| names.contains(name));
        sets.fold(crate::address::PrefixSet::default(), |all, (_, set)| all.union(&set.prefixes))
    };
    let kept = union(&site.old).intersection(&union(&site.new));
    Some(AddressChange { added, removed, kept, rows: rows.collect() })
}

fn artifacts(manifest: &Manifest, files: &[FileDifference]) -> Vec<ArtifactRow> {
    let mut rows: Vec<ArtifactRow> =
        manifest.targets.iter().flat_map(|target| rows_of(target, files)).collect();
    let gone = files.iter().filter(|file| file.change == FileChangeKind::Removed);
    rows.extend(gone.map(|file| ArtifactRow {
        target: file.target.clone(),
        file: file.path.clone(),
        changed: "removed".to_owned(),
        tone: Some(Tone::Less),
        ..ArtifactRow::default()
    }));
    rows
}

fn rows_of(target: &TargetRecord, files: &[FileDifference]) -> Vec<ArtifactRow> {
    let counts = target.counts;
    let row = |file: &str, changed: String, tone: Option<Tone>| ArtifactRow {
        target: target.target.clone(),
        file: file.to_owned(),
        rules: counts.exact + counts.wider + counts.narrower,
        exact: counts.exact,
        wider: counts.wider,
        narrower: counts.narrower,
        refused: counts.refused,
        changed,
        tone,
    };
    if !target.refused.is_empty() {
        let codes: Vec<&str> = target.refused.iter().map(|code| code.spec().id).collect();
        return vec![row("", format!("not written: {}", codes.join(", ")), Some(Tone::Bad))];
    }
    let changed = |path: &str| files.iter().find(|file| file.path == path);
    let rows = target.files.iter().map(|file| match changed(&file.path) {
        None => row(&file.path, "unchanged".to_owned(), None),
        Some(change) => {
            let lines = change.lines.map_or_else(String::new, |lines| format!(", {lines} lines"));
            row(&file.path, format!("{}{lines}", change.change.as_str()), Some(Tone::Neutral))
        }
    });
    rows.collect()
}

/// What the site accepts, and what its documents do not say.
fn notes(manifest: &Manifest) -> Vec<String> {
    let accepted = manifest.accepted.iter().map(|record| {
        let until = record.until.as_ref().map_or_else(String::new, |until| format!(" until {until}"));
        format!("accepted{until}: {}: {}", record.loss, record.because)
    });
    accepted.chain(manifest.rules.notes.iter().cloned()).collect()
}
