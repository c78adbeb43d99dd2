//! Portbook's own files, of every target in every case of the reference: read back, and audited.

#[path = "../reference/cases.rs"]
#[allow(dead_code, reason = "the reference names its folders by more than what is run here")]
mod cases;

use rayon::prelude::*;

use cases::{CASES, Case, DEAD_ENDS, TARGETS, VARIANTS};
use portbook::audit::READERS;

use super::run::Desk;

fn site(case: &Case) -> String {
    let flags = case
        .site
        .iter()
        .map(|(role, addresses, zone)| format!(" --address {role}={addresses} --zone {role}={zone}"));
    flags.collect()
}

/// Exit code 0, or that of a refusal; a mismatch would be 2.
fn verified(desk: &Desk, case: &Case, target: &str, flags: &str, site: &str) -> i32 {
    let words = format!(
        "generate {} --cloud {} --target {target} {flags}{site} --verify -o out",
        case.scenario, case.cloud
    );
    let run = desk.run(&words);
    assert!(!run.talk.contains("artifact-mismatch"), "{words}\n{}", run.talk);
    assert!(matches!(run.exit, 0 | 3), "{words}\n{}", run.talk);
    run.exit
}

#[test]
fn every_file_of_the_reference_says_what_its_rules_say() {
    let written = CASES.par_iter().flat_map(|case| TARGETS.par_iter().map(move |target| (case, target)));
    let written = written.filter(|(case, (target, _))| !DEAD_ENDS.contains(&(target, case.name)));
    let written = written
        .filter(|(case, (target, flags))| verified(&Desk::new(), case, target, flags, &site(case)) == 0);
    assert_eq!(written.count(), 49, "three of 52 have nothing to say");
    VARIANTS.par_iter().for_each(|variant| {
        let case = CASES.iter().find(|case| case.name == variant.case).unwrap();
        let site = if variant.site { site(case) } else { String::new() };
        verified(&Desk::new(), case, variant.target, variant.flags, &site);
    });
}

#[test]
fn what_is_written_for_a_target_is_exact_when_it_is_audited() {
    let desk = Desk::new();
    let case = &CASES[0];
    let zones = "--outside-zone internet";
    for (target, files, options) in [
        ("squid", "out/squid/portbook.conf", ""),
        ("palo-alto-set", "out/palo-alto/portbook.set", zones),
        ("palo-alto-xml", "out/palo-alto/portbook.xml", zones),
        (
            "palo-alto-edl",
            "out/palo-alto/edl/index.txt out/palo-alto/edl/provisioning-agent-tcp-80.urls.txt out/palo-alto/edl/provisioning-agent-tcp-443.urls.txt",
            "",
        ),
        ("windows-firewall", "out/windows/provisioning-agent.ps1", ""),
        ("pac", "out/portbook.pac", ""),
        ("haproxy", "out/haproxy/portbook.cfg", ""),
        ("csv", "out/change-request.csv", ""),
        ("json", "out/rules.json", ""),
        ("markdown", "out/rules.md", ""),
    ] {
        let flags = TARGETS.iter().find(|(id, _)| *id == target).unwrap().1;
        let site = site(case);
        let run =
            desk.run(&format!("generate cloud-sync --cloud public --target {target} {flags}{site} -o out"));
        assert_eq!(run.exit, 0, "{target}: {}", run.talk);
        let run =
            desk.run(&format!("audit {target} {files} --scenario cloud-sync --cloud public{site} {options}"));
        assert_eq!((run.exit, run.lines("allowed").len()), (0, 15), "{target}\n{}{}", run.out, run.talk);
    }
}

#[test]
fn every_target_has_a_reader_and_every_reader_a_target() {
    let targets: Vec<&str> = portbook::target::TARGETS.iter().map(|target| target.id).collect();
    let readers: Vec<&str> = READERS.iter().map(|reader| reader.target).collect();
    assert_eq!(readers, targets);
}

/// Each prefix was a clause, and a tag of more than 2,000 was said to be allowed by no line.
#[test]
fn lists_of_thousands_of_prefixes_are_held_too() {
    let desk = Desk::new();
    let prefixes: Vec<String> =
        (0..2_500).map(|number| format!("\"20.{}.{}.0/25\"", number / 250, number % 250)).collect();
    let tags = [
        "AzureActiveDirectory",
        "AzureActiveDirectoryDomainServices",
        "AzureMonitor",
        "Storage",
        "GuestAndHybridManagement",
    ];
    let values: Vec<String> = tags
        .iter()
        .map(|tag| {
            let prefixes = prefixes.join(", ");
            format!("{{\"name\": \"{tag}\", \"id\": \"{tag}\", \"properties\": {{\"addressPrefixes\": [{prefixes}]}}}}")
        })
        .collect();
    let text = format!("{{\"changeNumber\": 1, \"cloud\": \"Public\", \"values\": [{}]}}", values.join(", "));
    desk.write("ServiceTags_Public_20251103.json", &text);
    let selection =
        "--cloud public --address managed-domain=10.5.0.0/24 --ranges ServiceTags_Public_20251103.json";
    for entries in ["50000", "100"] {
        let run = desk.run(&format!(
            "generate domain-services {selection} --target palo-alto-edl --option entries={entries} --verify -o {entries}"
        ));
        assert_eq!(run.exit, 0, "{}", run.talk);
    }
    // Told together, and still each by itself where one is lost or wider.
    let list = "managed-domain-tcp-443.ips-v4.txt";
    let text = std::fs::read_to_string(desk.path().join("50000/palo-alto/edl").join(list)).unwrap();
    for (from, to, told) in [
        ("20.3.7.0/25\n", "", "20.3.7.0/25: it is in none of the lists"),
        ("20.3.7.0/25\n", "20.3.6.0/23\n", "also 20.3.6.128/25, 20.3.7.128/25"),
    ] {
        assert!(text.contains(from), "{text}");
        desk.write(list, &text.replace(from, to));
        let run = desk.run(&format!("audit palo-alto-edl {list} --scenario domain-services {selection}"));
        assert!(run.exit == 1 && run.out.contains(told), "{from} -> {to}\n{}{}", run.out, run.talk);
    }
}
