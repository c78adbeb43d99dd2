//! For the comment of a pull request.

use std::fmt::Write as _;

use crate::diff::build::{BuildDifference, SiteDifference};
use crate::diff::{Category, render};
use crate::target::escaped;

use super::lines::{self, Line, Weight};

/// The most bytes of a comment: services cut off or refuse longer ones at 65,536 characters.
const MOST: usize = 60_000;

/// A summary line, then each site, its tables folded. What does not fit is counted.
pub fn markdown(difference: &BuildDifference) -> String {
    if difference.is_empty() {
        return "**Portbook**: no difference\n".to_owned();
    }
    let mut text = format!("**Portbook**: {}\n", escaped(&lines::tally(difference)));
    let sites: Vec<&SiteDifference> = difference.sites.iter().filter(|site| !site.is_empty()).collect();
    let mut cut = 0;
    for site in &sites {
        let whole = section(site, true);
        let short = section(site, false);
        // Room for the last line.
        let room = (MOST - 200).saturating_sub(text.len());
        if whole.len() <= room {
            text.push_str(&whole);
        } else if short.len() <= room {
            text.push_str(&short);
        } else {
            cut += 1;
        }
    }
    let mut others = 0;
    for (manifests, what) in [(&difference.added, "new"), (&difference.removed, "gone")] {
        for manifest in manifests {
            let hosts: Vec<String> = manifest
                .address_sets()
                .map(|(name, set)| format!("{name}: {}", lines::addresses(&set.prefixes)))
                .collect();
            let (rules, hosts) = (manifest.rules.rules.len(), escaped(&hosts.join("; ")));
            let line = format!("\nSite `{}` is {what}: {rules} rules; {hosts}\n", manifest.site);
            if text.len() + line.len() <= MOST - 200 {
                text.push_str(&line);
            } else {
                others += 1;
            }
        }
    }
    if cut + others > 0 {
        let _ = write!(
            text,
            "\n_{} more sites differ and do not fit here: `portbook diff` shows them._\n",
            cut + others
        );
    }
    text
}

fn section(site: &SiteDifference, whole: bool) -> String {
    let mut text = format!(
        "\n### {}\n\n{} widened, {} narrowed. {}\n",
        escaped(site.site.as_str()),
        site.widened(),
        site.narrowed(),
        escaped(&lines::files(site))
    );
    for source in lines::sources(site) {
        let _ = writeln!(text, "\n{}", escaped(&source));
    }
    let lines = lines::lines(site);
    if !whole {
        let flows: usize = Category::ALL.iter().map(|category| site.flows.count(*category)).sum();
        let _ = writeln!(
            text,
            "\n_{flows} flows and {} more entries do not fit here: `portbook diff --site {}` shows them._",
            lines.len(),
            site.site
        );
        return text;
    }
    for (weight, title, open) in [
        (Weight::Widened, "Widened at this site", true),
        (Weight::Narrowed, "Narrowed at this site", true),
        (Weight::Neutral, "Settings and acceptances", false),
    ] {
        let lines: Vec<&Line> = lines.iter().filter(|line| line.weight == weight).collect();
        text.push_str(&folded(title, lines.len(), open, &table(&lines)));
    }
    if !site.flows.is_empty() {
        let flows = render::markdown(&site.flows);
        let inner = flows.split_once("\n\n").map_or(flows.as_str(), |(_, inner)| inner);
        text.push_str(&folded("Flows", site.flows.changes.len(), true, inner));
    }
    let mut files = String::new();
    for file in &site.files {
        let _ = writeln!(files, "- {}", escaped(&lines::file(file)));
    }
    text.push_str(&folded("Files", site.files.len(), false, &files));
    text
}

fn table(lines: &[&Line]) -> String {
    let mut table = String::from("| | what | about |\n|---|---|---|\n");
    for line in lines {
        let _ = writeln!(table, "| {} | {} | {} |", line.sign, escaped(&line.what), escaped(&line.about));
    }
    table
}

/// Folds a part under its title; nothing of nothing.
fn folded(title: &str, count: usize, open: bool, inner: &str) -> String {
    if count == 0 {
        return String::new();
    }
    let open = if open { " open" } else { "" };
    format!("\n<details{open}><summary>{title} ({count})</summary>\n\n{inner}\n</details>\n")
}
