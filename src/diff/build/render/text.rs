//! For a terminal.

use std::fmt::Write as _;

use crate::diff::build::{BuildDifference, SiteDifference};
use crate::target::flat;

use super::lines::{self, Line, Weight};

/// The difference as a reviewer reads it: what opens first, site by site.
pub fn text(difference: &BuildDifference) -> String {
    if difference.is_empty() {
        return "No difference\n".to_owned();
    }
    let mut text = format!("{}\n", lines::tally(difference));
    for site in difference.sites.iter().filter(|site| !site.is_empty()) {
        text.push_str(&section(site));
    }
    for (manifests, what) in [(&difference.added, "is new"), (&difference.removed, "is gone")] {
        for manifest in manifests {
            let rules = manifest.rules.rules.len();
            let files = manifest.files().count();
            let _ = writeln!(text, "site {} {what}: {rules} rules, {files} files", manifest.site);
            for (name, set) in manifest.address_sets() {
                let _ = writeln!(text, "  {}: {}", flat(name), lines::addresses(&set.prefixes));
            }
        }
    }
    text
}

fn section(site: &SiteDifference) -> String {
    let mut text = format!("\n{}\n", site.site);
    for source in lines::sources(site) {
        let _ = writeln!(text, "  {}", flat(&source));
    }
    text.push_str(&lines::flows(site));
    let all = lines::lines(site);
    for (weight, title) in [
        (Weight::Widened, "Widened at this site"),
        (Weight::Narrowed, "Narrowed at this site"),
        (Weight::Neutral, "Settings and acceptances"),
    ] {
        let lines: Vec<&Line> = all.iter().filter(|line| line.weight == weight).collect();
        if !lines.is_empty() {
            let _ = writeln!(text, "{title} ({})", lines.len());
        }
        for line in lines {
            let _ = writeln!(text, "  {} {}", line.sign, flat(&line.what));
            let _ = writeln!(text, "      {}", flat(&line.about));
        }
    }
    let _ = writeln!(text, "{}", lines::files(site));
    for file in &site.files {
        let _ = writeln!(text, "  {}", lines::file(file));
    }
    text
}
