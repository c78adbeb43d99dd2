//! Review texts: what a renderer shows of them is what their rules say, and what it hides or shows otherwise is found.

mod refused;

use std::fs;

use portbook::catalog::Catalog;
use rayon::prelude::*;

use super::run::{Desk, Run};
use super::templates::with_selection;

const RULES: &str = "out/rules.md";
const ADDRESSES: &str = "out/rules.addresses.md";
const BOTH: [&str; 2] = [RULES, ADDRESSES];

/// Agents with more addresses than a cell holds, zones on either side, source ports, service tags, a proxy.
fn site() -> String {
    let agents: Vec<String> = (0..20).map(|number| format!("10.20.{}.1", 2 * number)).collect();
    format!(
        "--address provisioning-agent={},2001:db8:20::/64 --zone provisioning-agent=tier0 \
         --address managed-domain=10.5.0.0/24 --zone managed-domain=managed --proxy proxy.contoso.com:8080",
        agents.join(",")
    )
}

fn selection() -> String {
    format!("cloud-sync domain-services {}", site())
}

fn desk() -> Desk {
    let desk = Desk::new();
    let run = desk.run(&format!("generate {} --cloud public --target markdown --verify -o out", selection()));
    assert_eq!(run.exit, 0, "{}", run.talk);
    desk
}

fn audit(desk: &Desk, files: &[&str]) -> Run {
    let files = files.join(" ");
    desk.run(&format!(
        "audit markdown {files} --scenario cloud-sync,domain-services --cloud public {}",
        site()
    ))
}

/// Changes a file, and tells the line of the first change.
fn edit(desk: &Desk, file: &str, edits: &[(&str, &str)]) -> usize {
    let mut text = fs::read_to_string(desk.path().join(file)).unwrap();
    let mut lines = Vec::new();
    for (from, to) in edits {
        let (front, _) = text.split_once(from).unwrap_or_else(|| panic!("{from}\n{text}"));
        lines.push(front.matches('\n').count() + 1);
        text = text.replacen(from, to, 1);
    }
    desk.write(file, &text);
    lines[0]
}

#[test]
fn what_is_written_is_exact_in_any_order_of_files_and_with_either_end_of_line() {
    let desk = desk();
    for file in BOTH {
        let text = fs::read_to_string(desk.path().join(file)).unwrap();
        desk.write(&file.replace("out/", "crlf/"), &text.replace('\n', "\r\n"));
        desk.write("one.md", &BOTH.map(|file| fs::read_to_string(desk.path().join(file)).unwrap()).concat());
    }
    for files in [&BOTH[..], &[ADDRESSES, RULES], &["crlf/rules.md", "crlf/rules.addresses.md"], &["one.md"]]
    {
        let run = audit(&desk, files);
        let lines = (run.lines("allowed").len(), run.lines("beyond").len());
        assert_eq!((run.exit, lines), (0, (50, 0)), "{files:?}\n{}{}", run.out, run.talk);
    }
}

#[test]
fn columns_stand_in_any_order_and_may_be_missing_where_they_decide_nothing() {
    let desk = desk();
    edit(
        &desk,
        RULES,
        &[
            ("| Set | Basis |", "| Basis | Set |"),
            (
                "| provisioning-agent | addresses of the site |",
                "| addresses of the site | provisioning-agent |",
            ),
            ("| For | Need |", "| Need | For |"),
            ("| `managed-domain` | required |", "| required | `managed-domain` |"),
        ],
    );
    let text = fs::read_to_string(desk.path().join(RULES)).unwrap();
    let shorter = |line: &str| match line.rsplit_once(" | `r-") {
        Some((front, _)) => format!("{front} |"),
        None => {
            line.replace(" Rule |", "").replace("|---|---|---|---|---|---|---|", "|---|---|---|---|---|---|")
        }
    };
    desk.write(RULES, &text.lines().map(|line| shorter(line) + "\n").collect::<String>());
    let run = audit(&desk, &BOTH);
    assert_eq!((run.exit, run.lines("allowed").len()), (0, 50), "{}{}", run.out, run.talk);
}

#[test]
fn one_file_without_the_other_is_refused() {
    let desk = desk();
    for (file, why) in [
        (
            RULES,
            "out/rules.md:201: the list of provisioning-agent is not among the files: name the .addresses.md",
        ),
        (ADDRESSES, "out/rules.addresses.md:1: there is no table of rules"),
    ] {
        let run = audit(&desk, &[file]);
        assert!(run.exit == 2 && run.talk.contains(why), "{file}\n{}", run.talk);
    }
    let run = audit(&desk, &[RULES, ADDRESSES, ADDRESSES]);
    assert!(run.exit == 2 && run.talk.contains("is listed a second time"), "{}", run.talk);
}

/// A file, its edits, how many requirements are no longer allowed, and how far below the first edit something is beyond.
type Change = (&'static str, &'static [(&'static str, &'static str)], usize, Option<usize>);

const CHANGES: &[Change] = &[
    (
        RULES,
        &[
            ("| `*.microsoft.com` (wildcard)", "| `microsoft.com` (exact)"),
            ("| `*.microsoft.com` | ", "| `microsoft.com` | "),
        ],
        1,
        None,
    ),
    (RULES, &[("managed-domain: TCP 443,", "managed-domain: TCP 442-443,")], 0, Some(6)),
    (RULES, &[("managed-domain: TCP 389 from", "managed-domain: UDP 389 from")], 1, None),
    (RULES, &[("TCP 389 from source ports 1024-65535,", "TCP 389 from source ports 1024,")], 1, None),
    (RULES, &[("in zone managed: 10.5.0.0/24", "in zone managed")], 1, None),
    (RULES, &[("in zone managed: 10.5.0.0/24", "in zone managed: 10.5.0.0/25")], 1, None),
    (RULES, &[("in zone managed: 10.5.0.0/24", "in zone tier0: 10.5.0.0/24")], 1, None),
    (RULES, &[("in zone managed: 10.5.0.0/24", "in zone tier0: 10.6.0.0/24")], 1, Some(4)),
    (RULES, &[("(role) | 10.5.0.0/24 | managed |", "(role) | 10.5.0.0/23 | managed |")], 0, Some(0)),
    (RULES, &[("(role) | 10.5.0.0/24 | managed |", "(role) | 10.5.0.0/24 | tier0 |")], 1, None),
    // All hops to the proxy have this source, from line 171 of the rules on.
    (ADDRESSES, &[("10.20.2.1/32", "10.20.3.1/32")], 15, Some(160)),
];

/// What still is a review text says something else, and its line is told.
#[test]
fn a_change_of_what_is_allowed_is_judged() {
    CHANGES.par_iter().for_each(|(file, edits, lost, beyond)| {
        let desk = desk();
        let line = edit(&desk, file, edits);
        let run = audit(&desk, &BOTH);
        assert_eq!(run.lines("allowed").len(), 50 - lost, "{edits:?}\n{}{}", run.out, run.talk);
        let place = beyond.map(|below| format!("beyond     {RULES}:{}: ", line + below));
        let told = place.as_ref().is_none_or(|place| run.out.contains(place));
        assert!(told && run.exit == 1, "{edits:?}: {place:?}\n{}{}", run.out, run.talk);
    });
}

#[test]
fn templates_may_change_looks_only() {
    let rules = "markdown/rules.md";
    let evil = "| `evil.example` (exact) |  | `evil.example` |  |  |  |  |  |  |  |\n{% endfor %}\n{% endfor %}\n{% if sets %}";
    for (template, from, to, why) in [
        (
            rules,
            "in section.rows %}",
            "in section.rows if row.destination != 'login.live.com' %}",
            "no line allows it",
        ),
        (rules, "{{ section.service|md_text }}", "UDP 443", "no line allows it"),
        (rules, "{{ section.service|md_text }}", "TCP 1-65535", "also over TCP on ports"),
        (rules, "{% if section.source_ports %}", "{% if false %}", "rules.md:"),
        (rules, "{% if section.source_addresses %}", "{% if false %}", "which no rule names"),
        (rules, "{% if section.source_zone %}", "{% if false %}", "also from any other zone"),
        (
            rules,
            "{% if section.has_zones %} {{ row.destination_zone|md_text }} |{% endif %}",
            "{% if section.has_zones %}  |{% endif %}",
            "also to any other zone",
        ),
        (rules, "{{ row.destination_addresses|md_text }}", "any", "rules.md:"),
        (rules, "({{ row.destination_type|md_text }})", "(exact)", "is not what the row is for"),
        (rules, "\n{% for row in", "\n\n{% for row in", "a bar outside of a table"),
        (rules, "{% for row in", "<details>\n{% for row in", "HTML"),
        (rules, "{{ row.notes|md_text }}", "a | b", "cells stand in a row"),
        (rules, "{% endfor %}\n{% endfor %}\n{% if sets %}", evil, "rules.md:"),
        (rules, "{% for set in sets %}", "{% for set in [] %}", "is not summed up"),
        ("markdown/rules.addresses.md", "```\n{{", "```\n10.99.0.0/16\n{{", "does not have as many"),
        (
            "markdown/rules.addresses.md",
            "## {{ set.name|md_text }}",
            "## {{ set.basis|md_text }}",
            "not among the files",
        ),
    ] {
        let (exit, talk, written) = with_selection(&selection(), "markdown", "", template, from, to);
        assert!(
            exit == 2 && talk.contains("artifact-mismatch") && talk.contains(why),
            "{from} -> {to}\n{talk}"
        );
        assert!(!written, "{from} -> {to}");
    }
    for (template, from, to) in [
        (rules, "Sources:", "> Ours, *see* [the wiki](https://wiki.example/)\n\n---\n\nSources:"),
        (rules, "\n\n| Destination", "\n\nFor the night shift.\n\n| Destination"),
        ("markdown/rules.addresses.md", "{{ set.basis|md_text }}", "1. of the site"),
    ] {
        let (exit, talk, _) = with_selection(&selection(), "markdown", "", template, from, to);
        assert_eq!(exit, 0, "{from} -> {to}\n{talk}");
    }
}

/// Every scenario in every cloud that has it, with a proxy and large sets, without a proxy, and without a site.
#[test]
fn every_selection_is_read_back() {
    let catalog = Catalog::embedded().unwrap();
    let registries = catalog.registries();
    let inside = registries.roles.iter().filter(|role| !role.outside).enumerate();
    let large = |number: usize| {
        (0..18).map(|host| format!("10.{number}.{}.1", 2 * host)).collect::<Vec<_>>().join(",")
    };
    let site = inside
        .map(|(number, role)| format!("--address {0}={1} --zone {0}=zone{number}", role.id, large(number)))
        .collect::<Vec<_>>()
        .join(" ");
    let parameters = "--set application-ports=80,443,8000-8010 --set federation-service-name=sts.contoso.com \
                      --set password-protection-static-port=5000 --set rpc-dynamic-ports=49152-65535 \
                      --set tenant-id=72f988bf-86f1-41af-91ab-2d7cd011db47";
    let scenarios = &registries.scenarios;
    let clouds = &registries.clouds;
    let all = scenarios.par_iter().flat_map(|scenario| clouds.par_iter().map(move |cloud| (scenario, cloud)));
    let verified = all.map(|(scenario, cloud)| {
        let sites = ["", &site, &format!("{site} --proxy 10.30.0.5:8080")];
        sites.map(|site| {
            let words = format!(
                "generate {} --cloud {} {parameters} --optional --gaps {site} --target markdown --verify -o out",
                scenario.id, cloud.id
            );
            let run = Desk::new().run(&words);
            let fine = run.exit == 0 || ["unsupported-in-cloud", "retired-cloud"].iter().any(|code| run.talk.contains(code));
            if fine { Ok(usize::from(run.exit == 0)) } else { Err(format!("{words}\n{}", run.talk)) }
        })
    });
    let verified: Result<Vec<usize>, String> = verified.flatten().collect();
    let verified: usize = verified.unwrap_or_else(|why| panic!("{why}")).iter().sum();
    assert!(verified >= 90, "{verified}");
}

/// A site gives both files another name, and what one says of the other stays true.
#[test]
fn both_files_of_a_site_are_renamed_together() {
    let desk = Desk::new();
    let agents: Vec<String> = (0..20).map(|number| format!("10.20.{}.1", 2 * number)).collect();
    let site = format!(
        "name: hq\ncloud: public\nscenarios: [cloud-sync]\nhosts:\n  agents: {{addresses: [{}], roles: [provisioning-agent]}}\n\
         targets:\n  - {{target: markdown, output: docs/wiki.md}}\n",
        agents.join(", ")
    );
    desk.write("portbook.yaml", &site);
    let run = desk.run("build --verify");
    assert_eq!(run.exit, 0, "{}", run.talk);
    let run = desk.run("audit markdown docs/wiki.md docs/wiki.addresses.md --site-file portbook.yaml");
    assert_eq!((run.exit, run.lines("allowed").len()), (0, 15), "{}{}", run.out, run.talk);
}
