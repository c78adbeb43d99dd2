//! What texts ask of hosts: added, removed, changed, needed otherwise, or not known.

use std::path::Path;
use std::process::Command;

use portbook::catalog::{Catalog, Layer};
use portbook::diff::{Difference, PrerequisiteCategory, SideOptions, render};

use super::cases::{compare, write};

/// An edition that was read `read` and asks these, each `id states: value, more`.
fn asks(read: &str, each: &[&str]) -> String {
    let line = |asked: &&str| {
        let (id, rest) = asked.split_once(' ').unwrap();
        format!("  - {{id: {id}, role: provisioning-agent, {rest}}}\n")
    };
    let list: String = each.iter().map(line).collect();
    let list = if list.is_empty() { String::new() } else { format!("prerequisites:\n{list}") };
    let read = if read.is_empty() { String::new() } else { format!("prerequisites-read: {read}\n") };
    format!("{read}{list}")
}

/// `added memory: old -> new`, one a change.
fn told(difference: &Difference) -> Vec<String> {
    let each = difference.prerequisites.iter().map(|change| {
        let word = |side: &Option<portbook::diff::StatedPrerequisite>| {
            side.as_ref()
                .map_or_else(String::new, |stated| format!("{} {}", stated.says.value, stated.says.need))
        };
        let id = &change.said().unwrap().says.id;
        format!("{} {id}: {} -> {}", change.category.title(), word(&change.old), word(&change.new))
    });
    each.collect()
}

const MEMORY: &str = "memory states: {memory: {minimum: \"4 GB\"}}";
const MORE_MEMORY: &str = "memory states: {memory: {minimum: \"6 GB\"}}";

#[test]
fn what_comes_goes_and_changes_is_told() {
    let flows = "requirements:\n  - {id: a, scenarios: [cloud-sync], from: {role: provisioning-agent}, \
                 flows: [{to: [{host: a.windows.net}], ports: [443/tcp]}], purpose: p}\n";
    let both = |old: &str, new: &str| compare(&format!("{flows}{old}"), &format!("{flows}{new}"));
    let (none, some) = (asks("whole", &[]), asks("whole", &[MEMORY]));
    assert_eq!(told(&both(&none, &some)), ["added memory:  -> at least 4 GB required"]);
    assert_eq!(told(&both(&some, &none)), ["removed memory: at least 4 GB required -> "]);
    assert_eq!(
        told(&both(&some, &asks("whole", &[MORE_MEMORY]))),
        ["changed memory: at least 4 GB required -> at least 6 GB required"]
    );
    let offered = asks("whole", &[&format!("{MEMORY}, need: recommended, when: http-proxy")]);
    assert_eq!(
        told(&both(&some, &offered)),
        ["need changed memory: at least 4 GB required -> at least 4 GB recommended when http-proxy"]
    );
    assert_eq!(told(&both(&some, &some)), Vec::<String>::new());
    assert!(both(&some, &some).is_empty() && !both(&some, &none).is_empty());
    // The same id of another kind is another fact.
    let other = asks("whole", &["memory states: {remark: enough memory}"]);
    assert_eq!(both(&some, &other).prerequisites.len(), 2);
}

/// Order, notes and places of a file are no facts.
#[test]
fn what_is_no_fact_is_no_difference() {
    let old = asks("whole", &[MEMORY, "joined states: {domain-joined: required}"]);
    let noted = format!("{MEMORY}, note: a remark");
    let new = asks("whole", &["joined states: {domain-joined: required}, need: required", &noted]);
    assert_eq!(told(&compare(&old, &new)), Vec::<String>::new());
}

/// A text that was not read does not say that something is gone.
#[test]
fn what_was_not_read_is_not_known() {
    let some = asks("whole", &[MEMORY]);
    for (read, words) in [("", "was not read for prerequisites"), ("part", "was read only in part")] {
        let silent =
            asks(read, if read.is_empty() { &[] } else { &["joined states: {domain-joined: required}"] });
        let joined = asks("whole", &[MEMORY, "joined states: {domain-joined: required}"]);
        let stating = if read.is_empty() { &some } else { &joined };
        for difference in [compare(stating, &silent), compare(&silent, stating)] {
            assert_eq!(difference.prerequisites.len(), 1, "{read}");
            assert_eq!(difference.prerequisites[0].category, PrerequisiteCategory::NotKnown);
            assert!(difference.is_empty(), "nothing is known to differ");
            let text = render::text(&difference);
            assert!(text.contains("No difference\nPrerequisites: not known (1)\n"), "{text}");
            assert!(text.replace("\n        ", " ").contains(words), "{text}");
        }
        // What a text of which a part was read says is compared, whatever it leaves out.
        let more = asks("part", &[MORE_MEMORY]);
        assert_eq!(compare(&some, &more).prerequisites[0].category, PrerequisiteCategory::Changed);
    }
}

/// Two clouds have what holds in them; without one, where it holds is a part of the need.
#[test]
fn clouds_and_scenarios_decide() {
    let here = asks("whole", &[&format!("{MEMORY}, clouds: [public]")]);
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "", &here, &asks("whole", &[MEMORY]));
    let catalog = Catalog::load(vec![Layer::embedded(), Layer::folder(folder.path()).unwrap()]).unwrap();
    let between = |old: &str, new: &str, roles: &[String]| {
        Difference::between(&catalog, old, new, &SideOptions::default(), roles)
    };
    let clouds = between("case@2020-01-01:public", "case@2020-01-01:us-government", &[]).unwrap();
    assert_eq!(told(&clouds), ["removed memory: at least 4 GB required -> "]);
    let editions = between("case@2020-01-01", "case@2021-01-01", &[]).unwrap();
    assert_eq!(
        told(&editions),
        ["need changed memory: at least 4 GB required, in public -> at least 4 GB required"]
    );
    assert!(between("case@2020-01-01:public", "case@2021-01-01:public", &[]).unwrap().is_empty());
    // A text that asks nothing of the role that was asked for says nothing about it.
    assert!(between("case@2020-01-01", "case@2021-01-01", &["connect-server".to_owned()]).is_err());
}

/// In all forms but the change request, which is for firewalls.
#[test]
fn every_form_for_people_and_programs_has_them() {
    let hostile = "x states: {remark: \"=1|`x`<b>\"}";
    let difference = compare(&asks("whole", &[MEMORY]), &asks("whole", &[MORE_MEMORY, hostile]));
    let text = render::text(&difference);
    assert!(
        text.contains("Prerequisites: added (1)\n  + provisioning-agent   remark: =1|`x`<b>   stated\n"),
        "{text}"
    );
    assert!(text.contains("  ~ provisioning-agent   memory: at least 4 GB -> at least 6 GB\n"), "{text}");
    let markdown = render::markdown(&difference);
    assert!(markdown.contains("### Prerequisites: changed (1)\n") && !markdown.contains("<b>"), "{markdown}");
    let json: serde_json::Value = serde_json::from_str(&render::json(&difference).unwrap()).unwrap();
    assert_eq!(json["prerequisites"][1]["category"], "changed");
    assert_eq!(json["prerequisites"][1]["old"]["value"], "at least 4 GB");
    assert_eq!(json["old"]["documents"][0]["prerequisites-read"], "whole");
    assert_eq!(String::from_utf8(render::csv(&difference).unwrap()).unwrap().lines().count(), 1);
}

/// Of a list only what comes and goes is told.
#[test]
fn lists_are_compared_by_their_parts() {
    let values = |names: &[&str]| {
        let value =
            |name: &&str| format!("{{key: 'HKEY_LOCAL_MACHINE\\SOFTWARE\\A', name: {name}, dword: 1}}");
        let values: Vec<String> = names.iter().map(value).collect();
        let states = format!("tls states: {{registry: {{restart: false, values: [{}]}}}}", values.join(", "));
        asks("whole", &[&states])
    };
    let text = render::text(&compare(&values(&["One", "Two"]), &values(&["Two", "Three"])));
    let wanted = r"registry: no longer HKEY_LOCAL_MACHINE\SOFTWARE\A\One = 1; now HKEY_LOCAL_MACHINE\SOFTWARE\A\Three = 1";
    assert!(text.replace("\n        ", " ").contains(wanted), "{text}");
}

/// Exit code 1 if nothing else differs; the shipped catalog has such a pair.
#[test]
fn the_exit_code_counts_them() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "", &asks("whole", &[MEMORY]), &asks("whole", &[MORE_MEMORY]));
    assert_eq!(exit_code(folder.path(), "case@2020-01-01", "case@2021-01-01"), Some(1));
    assert_eq!(exit_code(folder.path(), "case@2020-01-01", "case@2020-01-01"), Some(0));
}

fn exit_code(catalog: &Path, old: &str, new: &str) -> Option<i32> {
    let program = env!("CARGO_BIN_EXE_portbook");
    Command::new(program)
        .arg("--catalog-add")
        .arg(catalog)
        .args(["diff", old, new])
        .output()
        .unwrap()
        .status
        .code()
}

/// Editions of the catalog against what endpoints.md tells of them: the versions of Windows and the limits.
#[test]
fn the_catalog_has_the_documented_differences() {
    let catalog = Catalog::embedded().unwrap();
    let between = |old: &str, new: &str| {
        let side = |edition: &str| format!("cloud-sync-prerequisites@{edition}");
        Difference::between(&catalog, &side(old), &side(new), &SideOptions::default(), &[]).unwrap()
    };
    let newest = told(&between("2025-04-09", "2026-07-27"));
    let server = "changed server-os: 2016 or later required -> 2016 or 2019 or 2022 or 2025 required";
    assert!(newest.iter().any(|line| line == server), "{newest:#?}");
    assert!(newest.iter().all(|line| !line.starts_with("added")), "2025-04-09 was read in part: {newest:#?}");
    let limit = told(&between("2024-04-26", "2025-04-09"));
    assert!(
        limit.iter().any(|line| line.contains("at most 59") && line.contains("-> separate")),
        "{limit:#?}"
    );
}
