//! The review text.

use crate::sample::{everything, text};

/// Cells of a table row, split at bars that no backslash escapes.
fn cells(row: &str) -> usize {
    let mut escaped = false;
    let mut bars = 0;
    for character in row.chars() {
        bars += usize::from(character == '|' && !escaped);
        escaped = character == '\\' && !escaped;
    }
    bars - 1
}

#[test]
fn every_row_has_the_cells_of_its_table() {
    let text = text(&everything().render("markdown", &[])[0]);
    let mut width = None;
    let mut rows = 0;
    for line in text.lines() {
        if !line.starts_with('|') {
            width = None;
            continue;
        }
        assert_eq!(cells(line), *width.get_or_insert(cells(line)), "{line}");
        rows += 1;
    }
    assert!(rows > 30, "{rows}");
}

#[test]
fn a_hostile_text_stays_a_text() {
    let text = text(&everything().render("markdown", &[])[0]);
    assert!(text.contains(r"=cmd\|' /C calc'\!A0 \`a\` \<b\>\[c\](d)\</b\>"), "{text}");
    for markup in ["<b>", "[c](d)", "\u{202e}", "\n# y", " @me", "}$(w)"] {
        assert!(!text.contains(markup), "{markup}");
    }
}

#[test]
fn it_tells_sources_and_large_sets() {
    let artifacts = everything().render("markdown", &[]);
    let paths: Vec<&str> = artifacts.iter().map(|artifact| artifact.path.as_str()).collect();
    assert_eq!(paths, ["rules.md", "rules.addresses.md"]);
    let list = text(&artifacts[1]);
    assert!(
        list.contains("\n## AzureActiveDirectory\n\nservice tag AzureActiveDirectory, documented;"),
        "{list}"
    );
    let block = list.split("```\n").nth(1).unwrap();
    assert_eq!(block.lines().count(), 40, "{block}");
    let text = text(&artifacts[0]);
    assert!(
        text.starts_with("# Microsoft Entra Cloud Sync, public cloud\n\nRules of site `default`, rule set `")
    );
    for part in [
        "- cloud-sync-prerequisites 2026-07-27\n",
        "- addresses: ServiceTags\\_Public\\_20251103.json change 376\n",
        "## provisioning-agent: TCP 8080, outbound, to-proxy\n",
        "## provisioning-agent: TCP 49152-65535 from source ports 1024-65535, internal, direct\n",
        "| AzureActiveDirectory | service tag AzureActiveDirectory, documented; ServiceTags\\_Public\\_20251103.json change 376 | 40 | 10,240 | 0 |",
        "cloud-sync-prerequisites 2026-07-27, agent-service",
    ] {
        assert!(text.contains(part), "{part}\n{text}");
    }
    assert!(!text.contains("\n\n\n"), "{text}");
}
