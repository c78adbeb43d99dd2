//! Every scenario in every cloud, in every target: an artifact, or a refusal with a next step that works.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "helpers of tests")]

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use portbook::catalog::Catalog;
use portbook::finding::{Finding, Findings};
use portbook::resolve::{Request, Selection, resolve};

/// Settings without a safe default, for all targets at once.
const OPTIONS: &[&str] = &[
    "windows-firewall.os=2022",
    "windows-firewall.names=keywords",
    "pac.listed=proxy",
    "pac.others=direct",
    "pac.proxy=proxy.contoso.com:8080",
    "palo-alto-set.from-zone=internet",
    "palo-alto-set.to-zone=internet",
    "palo-alto-xml.from-zone=internet",
    "palo-alto-xml.to-zone=internet",
];

/// Why a target may have no file although everything is given: it knows addresses only, or names only.
const CANNOT_HOLD: &[(&str, &str)] = &[
    ("windows-registry", "nothing-selected"),
    ("nftables", "nothing-selected"),
    ("iptables", "nothing-selected"),
    ("pac", "nothing-selected"),
    ("squid", "nothing-selected"),
    ("haproxy", "nothing-selected"),
];

/// What only the customer knows, in the order in which the catalog asks for it.
const PARAMETERS: &[&str] = &[
    "application-ports=80,443,8000-8010",
    "federation-service-name=sts.contoso.com",
    "password-protection-static-port=5000",
    "rpc-dynamic-ports=49152-65535",
    "tenant-id=72f988bf-86f1-41af-91ab-2d7cd011db47",
];

fn catalog() -> Catalog {
    Catalog::embedded().unwrap()
}

/// A range file with every service tag that the catalog names; its addresses are set aside for documentation.
fn ranges(catalog: &Catalog, cloud_word: &str) -> String {
    let mut tags = BTreeSet::from(["AzureCloud".to_owned()]);
    for document in catalog.documents() {
        for edition in document.editions() {
            let text = catalog.edition(document, edition).unwrap();
            let ends = text.requirements.iter().flat_map(|each| {
                each.from.iter().chain(each.flows.iter().flat_map(|flow| &flow.to)).map(|end| &end.kind)
            });
            tags.extend(ends.filter_map(|kind| match kind {
                portbook::catalog::EndKind::ServiceTag(tag) => Some(tag.clone()),
                _ => None,
            }));
        }
    }
    let value = |tag: &String| {
        format!(
            r#"{{"name":"{tag}","id":"{tag}","properties":{{"addressPrefixes":["192.0.2.0/24","2001:db8:a::/48"]}}}}"#
        )
    };
    let values: Vec<String> = tags.iter().map(value).collect();
    format!(r#"{{"changeNumber":1,"cloud":"{cloud_word}","values":[{}]}}"#, values.join(","))
}

struct Run {
    exit: i32,
    talk: String,
    files: usize,
}

fn run(desk: &Path, words: &[String]) -> Run {
    let out = tempfile::tempdir_in(desk).unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_portbook"))
        .args(words)
        .arg("-o")
        .arg(out.path())
        .current_dir(desk)
        .env_remove("PORTBOOK_CATALOG")
        .output()
        .unwrap();
    Run {
        exit: output.status.code().unwrap(),
        talk: String::from_utf8(output.stderr).unwrap(),
        files: std::fs::read_dir(out.path()).unwrap().count(),
    }
}

/// `generate` for all targets, with addresses and zones of every role.
fn words(catalog: &Catalog, scenario: &str, cloud: &str) -> Vec<String> {
    let mut words = vec!["generate".to_owned(), scenario.to_owned(), "--cloud".to_owned(), cloud.to_owned()];
    let mut add = |flag: &str, value: String| words.extend([flag.to_owned(), value]);
    add("--target", "all".to_owned());
    add("--ranges", "Every_Public.json".to_owned());
    add("--ranges", "Every_AzureGovernment.json".to_owned());
    add("--ranges", "Every_China.json".to_owned());
    add(
        "--accept",
        "name-needs-address@windows-registry,name-needs-address@nftables,name-needs-address@iptables"
            .to_owned(),
    );
    for option in OPTIONS {
        add("--option", (*option).to_owned());
    }
    let inside = catalog.registries().roles.iter().filter(|role| !role.outside);
    for (number, role) in inside.enumerate() {
        add("--address", format!("{}=10.20.{number}.11,2001:db8:20:{number}::11", role.id));
        add("--zone", format!("{}=zone{number}", role.id));
    }
    words
}

/// The flags that a refusal offers: those in the note on what was left out, and those of a help.
fn offered(talk: &str) -> Vec<String> {
    let line = talk.lines().find(|line| line.contains("left out:") || line.contains("help: --set "));
    let flag = line.and_then(|line| line.split_once("--")).map(|(_, flag)| flag.trim_end_matches(')'));
    let Some((name, value)) = flag.and_then(|flag| flag.split_once(' ')) else {
        return Vec::new();
    };
    let parameter = value.split('=').next().unwrap();
    let known = PARAMETERS.iter().find(|known| known.starts_with(&format!("{parameter}=")));
    vec![format!("--{name}"), known.map_or(value, |known| known).to_owned()]
}

/// How the run of one scenario in one cloud goes wrong; nothing if it does not.
fn wrong(catalog: &Catalog, desk: &Path, scenario: &str, cloud: &str) -> Option<String> {
    let mut words = words(catalog, scenario, cloud);
    let mut done = run(desk, &words);
    let title = format!("{scenario} in {cloud}");
    if done.exit == 2 && !offered(&done.talk).is_empty() {
        words.extend(offered(&done.talk));
        done = run(desk, &words);
    }
    match done.exit {
        0 if done.files == 0 => Some(format!("{title}: nothing was written\n{}", done.talk)),
        0 => {
            let refused = done.talk.lines().filter(|line| line.contains("not written:"));
            let unexpected = refused.filter(|line| {
                !CANNOT_HOLD.iter().any(|(target, code)| {
                    line.trim_start().starts_with(target) && line.ends_with(&format!(": {code}"))
                })
            });
            let lines: Vec<&str> = unexpected.collect();
            (!lines.is_empty()).then(|| format!("{title}: {}", lines.join("; ")))
        }
        2 if leads_on(catalog, desk, scenario, cloud, &done.talk) => None,
        exit => Some(format!("{title}: exit {exit}\n{}", done.talk)),
    }
}

/// Whether the refusal is one of those that are documented, and its next step works.
fn leads_on(catalog: &Catalog, desk: &Path, scenario: &str, cloud: &str, talk: &str) -> bool {
    if talk.starts_with("error[retired-cloud]") {
        return talk.contains("`portbook show --all`");
    }
    if talk.starts_with("error[unsupported-in-cloud]") {
        let known = catalog.scenario(scenario).unwrap();
        let named = talk.split_once("it is documented for ").map_or("", |(_, clouds)| clouds);
        return !known.clouds.iter().any(|each| each.as_str() == cloud)
            && known.clouds.iter().all(|each| named.contains(each.as_str()) || each.as_str() == "germany")
            && !named.contains("germany");
    }
    // Served by another scenario: that one has rules here.
    let by = talk.split_once("`portbook generate ").and_then(|(_, rest)| rest.split_once('`'));
    talk.starts_with("error[nothing-selected]")
        && by.is_some_and(|(by, _)| run(desk, &words(catalog, by, cloud)).exit == 0)
}

#[test]
fn every_scenario_in_every_cloud_makes_artifacts_or_says_what_to_do() {
    let catalog = catalog();
    let desk = tempfile::tempdir().unwrap();
    for word in ["Public", "AzureGovernment", "China"] {
        let file = desk.path().join(format!("Every_{word}.json"));
        std::fs::write(file, ranges(&catalog, word)).unwrap();
    }
    let scenarios = &catalog.registries().scenarios;
    assert_eq!(scenarios.len(), 17);
    let wrong: Vec<String> = std::thread::scope(|scope| {
        let (catalog, desk) = (&catalog, desk.path());
        let runs: Vec<_> = scenarios
            .chunks(scenarios.len().div_ceil(2))
            .map(|some| {
                scope.spawn(move || -> Vec<String> {
                    let clouds = &catalog.registries().clouds;
                    let pairs = some.iter().flat_map(|each| clouds.iter().map(move |cloud| (each, cloud)));
                    pairs
                        .filter_map(|(each, cloud)| wrong(catalog, desk, each.id.as_str(), cloud.id.as_str()))
                        .collect()
                })
            })
            .collect();
        runs.into_iter().flat_map(|run| run.join().unwrap()).collect()
    });
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A selection at the date of any edition has rules, or says what to do.
#[test]
fn every_scenario_at_every_date_has_rules_or_says_what_to_do() {
    let catalog = catalog();
    let dates: BTreeSet<String> = catalog
        .documents()
        .flat_map(portbook::catalog::Document::editions)
        .map(|edition| edition.date().to_string())
        .collect();
    let mut resolved = 0;
    for scenario in &catalog.registries().scenarios {
        for cloud in &scenario.clouds {
            for date in &dates {
                let request = Request {
                    scenarios: vec![scenario.id.to_string()],
                    cloud: cloud.to_string(),
                    as_of: Some(date.clone()),
                    optional: true,
                    gaps: true,
                    set: PARAMETERS.iter().map(ToString::to_string).collect(),
                    ..Request::default()
                };
                match Selection::check(&request, &catalog).and_then(|selection| resolve(&catalog, &selection))
                {
                    Ok(_) => resolved += 1,
                    Err(findings) => {
                        assert!(teaches(&findings), "{} {cloud} {date}: {findings:?}", scenario.id);
                    }
                }
            }
        }
    }
    assert!(resolved > 400, "{resolved} selections have rules");
}

/// No scenario is without needs that its documents leave out, and none of these without evidence.
#[test]
fn every_scenario_tells_what_no_document_states() {
    for scenario in &catalog().registries().scenarios {
        assert!(!scenario.gaps.is_empty(), "{} has no gaps", scenario.id);
        for gap in &scenario.gaps {
            assert!(
                gap.because.len() > 40 && !gap.flows.is_empty(),
                "{}: {} has no evidence",
                scenario.id,
                gap.id
            );
        }
    }
}

fn teaches(findings: &Findings) -> bool {
    let step = |finding: &Finding| !finding.help.is_empty() && !finding.message.is_empty();
    findings.iter().filter(|each| each.severity == portbook::finding::Severity::Error).all(step)
}

/// Whoever needs a value that only the customer knows is told its name; a wildcard or a port in it is refused by name.
#[test]
fn parameters_are_asked_for_and_refused_by_name() {
    let catalog = catalog();
    let said = |scenario: &str, flags: &[&str]| {
        let mut request = Request {
            scenarios: vec![scenario.to_owned()],
            cloud: "public".to_owned(),
            ..Request::default()
        };
        for flag in flags {
            match flag.split_once(' ').unwrap() {
                ("--set", value) => request.set.push(value.to_owned()),
                ("--when", value) => request.when.push(value.to_owned()),
                ("--choose", value) => request.choose.push(value.to_owned()),
                (other, _) => panic!("{other}"),
            }
        }
        let findings =
            Selection::check(&request, &catalog).and_then(|selection| resolve(&catalog, &selection));
        let findings = findings.err().unwrap_or_default();
        findings.iter().map(|each| format!("{} {}", each.message, each.help.join(" "))).collect::<Vec<_>>()
    };
    let tenant = ["--when sign-in-by-password-hash-sync", "--choose seamless-sso-enabling-host=tenant-host"];
    for (scenario, flags, parameter) in [
        ("private-network-connector", &[][..], "application-ports"),
        ("seamless-sso", &tenant, "tenant-id"),
        ("hybrid-join", &["--when federated-domain"], "federation-service-name"),
        ("connect-health", &["--when ie-enhanced-security"], "federation-service-name"),
        (
            "password-protection",
            &["--choose password-protection-rpc-port=static"],
            "password-protection-static-port",
        ),
    ] {
        let said = said(scenario, flags);
        let asked = |each: &String| each.contains(&format!("--set {parameter}="));
        assert!(said.iter().any(asked), "{scenario} {flags:?}: {said:?}");
    }
    for (parameter, value) in [
        ("federation-service-name", "*.contoso.com"),
        ("federation-service-name", "sts.contoso.com:443"),
        ("tenant-id", "*"),
        ("tenant-id", "contoso:443"),
        ("application-ports", "*"),
        ("application-ports", "443:8443"),
        ("rpc-dynamic-ports", "49152-"),
    ] {
        let said = said("cloud-sync", &[format!("--set {parameter}={value}").as_str()]);
        let named = |each: &String| each.contains(&format!("parameter {parameter} cannot be `{value}`"));
        assert!(said.iter().any(named), "{parameter}={value}: {said:?}");
    }
}
