//! What a page holds.

use std::collections::BTreeSet;
use std::process::Command;
use std::time::Instant;

use portbook::address::Prefix;
use portbook::report::{AddressChange, Report, Tone, page};

use crate::sample;
use crate::snapshot::{Files, check, project, read};

/// The values of an attribute.
fn values<'a>(page: &'a str, attribute: &str) -> Vec<&'a str> {
    let start = format!(" {attribute}=\"");
    page.split(start.as_str()).skip(1).filter_map(|piece| piece.split('"').next()).collect()
}

fn cited(document: &str, edition: &str, requirement: &str) -> String {
    let whole = |text: &str| format!("<span class=\"whole\">{text}</span>");
    format!("<cite>{} {}</cite> {}", whole(document), whole(edition), whole(requirement))
}

fn shown(arguments: &[&str]) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_portbook"));
    let output = command.arg("show").args(arguments).env_remove("PORTBOOK_CATALOG").output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn pages_are_the_committed_ones() {
    let files = Files::from([
        ("comparison.html".to_owned(), page(&[sample::report(24, 40)]).unwrap().into_bytes()),
        (
            "show-cloud-sync.html".to_owned(),
            shown(&["cloud-sync", "--cloud", "public", "--format", "html"]).into_bytes(),
        ),
    ]);
    check("snapshots/html", &files, &read(&project().join("snapshots/html")));
}

#[test]
fn nothing_comes_from_outside() {
    let page = page(&[sample::report(30, 100)]).unwrap();
    assert!(page.contains(
        "content=\"default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:;"
    ));
    for word in [
        "http:",
        "https:",
        "url(",
        "@import",
        "src=",
        "<link",
        "<iframe",
        "fetch(",
        "XMLHttpRequest",
        "import(",
    ] {
        assert!(!page.contains(word), "{word}");
    }
}

#[test]
fn every_link_and_label_has_its_place_once() {
    let reports = [sample::report(30, 100), sample::report(12, 10), Report::default()];
    for page in [page(&reports[..1]).unwrap(), page(&reports).unwrap(), page(&[]).unwrap()] {
        let ids = values(&page, "id");
        let unique: BTreeSet<&str> = ids.iter().copied().collect();
        assert_eq!(unique.len(), ids.len(), "an id twice");
        let named = values(&page, "href").into_iter().map(|link| link.trim_start_matches('#'));
        let labelled = values(&page, "aria-labelledby").into_iter().flat_map(|ids| ids.split(' '));
        for place in named.chain(labelled).chain(values(&page, "for")) {
            assert!(unique.contains(place), "#{place} is nowhere");
        }
    }
}

#[test]
fn a_part_that_is_empty_leaves_no_trace() {
    let page = page(&[Report { title: "only a title".to_owned(), ..Report::default() }]).unwrap();
    assert!(page.contains("<h1>only a title</h1>"));
    for part in [
        "s1-changes",
        "s1-picture",
        "s1-addresses",
        "s1-rules",
        "s1-artifacts",
        "s1-notes",
        "find-tone",
        "find-target\"",
    ] {
        assert!(!page.contains(&format!("id=\"{part}")), "{part}");
    }
}

#[test]
fn every_rule_shows_its_citation_its_losses_and_its_change() {
    let report = sample::report(30, 10);
    let page = page(std::slice::from_ref(&report)).unwrap();
    for (at, row) in report.rules.rows.iter().enumerate() {
        let start = format!("id=\"s1-rule-{at}\">");
        let text = page.split_once(&start).unwrap().1;
        let text = text.split("<tr").next().unwrap();
        assert!(text.contains(&row.id));
        for citation in &row.citations {
            assert!(text.contains(&cited(&citation.document, &citation.edition, &citation.requirement)));
        }
        for loss in &row.losses {
            assert!(text.contains(&loss.code), "{} of {}", loss.code, row.id);
        }
        assert!(row.changed.is_none_or(|tone| text.contains(tone.words())));
    }
}

#[test]
fn changes_link_to_rules_that_are_there() {
    let mut report = sample::report(30, 10);
    report.changes[0].entries[0].rules.push("r-elsewhere".to_owned());
    let page = page(std::slice::from_ref(&report)).unwrap();
    assert!(page.contains(&format!("<a class=\"rule\" href=\"#s1-rule-0\">{}</a>", report.rules.rows[0].id)));
    assert!(page.contains("<span class=\"rule\">r-elsewhere</span>"));
}

#[test]
fn the_map_says_where_addresses_come_and_go() {
    let set = |text: &str| Prefix::parse(text).unwrap().into();
    let change = AddressChange {
        added: set("20.32.0.0/27"),
        removed: set("40.0.0.0/8"),
        kept: set("20.33.0.0/16"),
        rows: Vec::new(),
    };
    let change = AddressChange { added: change.added.union(&set("2603:1000::/28")), ..change };
    let page = page(&[Report { addresses: Some(change), ..Report::default() }]).unwrap();
    assert!(page.contains("<title>20.32.0.0/12: 32 added, 65,536 kept</title>"));
    // A whole /8 is one square of four by four cells.
    assert!(page.contains("width=\"40\" height=\"40\"><title>40.0.0.0/8: 16,777,216 removed</title>"));
    assert!(page.contains("<tr><th scope=\"row\">2603:1000::/28<td>"));
    assert!(page.contains("<strong>Added:</strong> 32 IPv4 and 2^100 IPv6 addresses in 2 prefixes"));
    assert!(page.contains("<tr><th scope=\"row\">20.0.0.0/8<td>32<td>0<td>65,536"));
}

#[test]
fn tables_say_what_their_cells_are() {
    let page = page(&[sample::report(30, 100)]).unwrap();
    let count = |text: &str| page.matches(text).count();
    assert_eq!(count("<table"), count("<caption"));
    assert_eq!(count("<th"), count("<th scope=") + count("<thead>"));
    assert!(
        page.contains("<a class=\"skip\" href=\"#content\">")
            && page.contains("<main id=\"content\" tabindex=\"-1\">")
    );
    assert!(page.contains("aria-live=\"polite\"") && page.contains("<html lang=\"en\">"));
}

#[test]
fn same_inputs_same_bytes() {
    let reports = || [sample::report(60, 200), sample::report(5, 5)];
    assert!(page(&reports()).unwrap() == page(&reports()).unwrap());
}

/// 300 rules and 3,000 changed prefixes: below 1.5 MB, and made before one notices (a debug build is several times slower).
#[test]
fn a_large_page_is_small_enough_and_made_at_once() {
    let report = sample::report(300, 3_000);
    let start = Instant::now();
    let page = page(std::slice::from_ref(&report)).unwrap();
    let taken = start.elapsed();
    assert!(page.len() < 1_500_000, "{} bytes", page.len());
    assert!(taken.as_millis() < 3_000, "{taken:?}");
}

#[test]
fn show_writes_every_requirement_with_its_source() {
    let json: serde_json::Value =
        serde_json::from_str(&shown(&["connect-sync", "--cloud", "public", "--format", "json"])).unwrap();
    let page = shown(&["connect-sync", "--cloud", "public", "--format", "html"]);
    for fact in json["facts"].as_array().unwrap() {
        let word = |key: &str| fact[key].as_str().unwrap().to_owned();
        let cite = cited(&word("document"), &word("edition"), &word("requirement"));
        assert!(page.contains(&cite), "{cite}");
        assert!(page.contains(&format!("<code>{}</code>", word("to"))), "{}", word("to"));
    }
    assert!(page.contains("class=\"box cloud\"") && page.contains("class=\"box host\""));
    assert!(!page.contains("id=\"s1-addresses\""));
}

#[test]
fn show_makes_one_page_of_several_scenarios() {
    let page = shown(&["cloud-sync", "ad-fs", "--format", "html"]);
    assert!(page.contains("<h1>2 reports</h1>"));
    assert_eq!(page.matches("class=\"site-title\"").count(), 2);
}

#[test]
fn a_tone_is_told_by_more_than_its_colour() {
    let signs: BTreeSet<&str> = Tone::ALL.into_iter().map(Tone::sign).collect();
    let words: BTreeSet<&str> = Tone::ALL.into_iter().map(Tone::words).collect();
    assert_eq!((signs.len(), words.len()), (4, 4));
}
