//! The shipped catalog is fine, the hard cases resolve and print, and broken files get located findings.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "helpers of tests")]

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use portbook::catalog::{Catalog, Inspection, Layer, inspect};
use portbook::finding::{Findings, Severity, Style, to_text};
use portbook::resolve::{Request, Resolved, Selection, resolve};

fn root(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn hard_cases() -> Layer {
    Layer::folder(&root("tests/fixtures/hard-cases")).unwrap()
}

fn texts(findings: &Findings) -> String {
    findings.iter().map(|finding| to_text(finding, Style::Plain)).collect()
}

fn serious(inspection: &Inspection) -> Findings {
    inspection.findings.iter().filter(|each| each.severity != Severity::Note).cloned().collect()
}

/// A snapshot in snapshots/catalog/, without what differs from machine to machine.
fn snapshot(folder: &str, name: &str, text: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(root("snapshots/catalog").join(folder));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, text));
}

#[test]
fn the_shipped_catalog_has_no_errors_and_no_warnings() {
    let inspection = inspect(&[Layer::embedded()]);
    assert_eq!(texts(&serious(&inspection)), "");
    assert!(inspection.documents > 10 && inspection.editions > 20 && inspection.hosts > 100);
}

#[test]
fn the_hard_cases_load() {
    let inspection = inspect(&[hard_cases()]);
    // The one warning is a case of its own: a typo whose right form nothing confirms.
    let messages: Vec<String> = serious(&inspection).iter().map(|finding| finding.message.clone()).collect();
    assert_eq!(
        messages,
        [
            "`ocsp.microsoft.com` is read as a typo of `ocsp.unconfirmed.example`, which no document of Microsoft names"
        ]
    );
}

/// Every hard case with the flags that show it: scenario, cloud, flags.
const SELECTIONS: &[(&str, &str, &str)] = &[
    ("alternatives", "public", "--set federation-service-name=sts.contoso.com"),
    (
        "alternatives",
        "public",
        "--choose service-bus-port=amqps --choose bootstrap-port=port-8080 --choose radius-authentication-port=port-1645 \
         --choose radius-accounting-port=port-1646 --choose certificate-endpoint=certauth-host \
         --set federation-service-name=sts.contoso.com",
    ),
    ("choice-without-default", "public", ""),
    ("choice-without-default", "public", "--choose region=east"),
    ("closed-cloud", "germany", ""),
    ("conditions", "public", ""),
    ("conditions", "public", "--when optional-feature --unless firewall-present --proxy --phase operation"),
    ("customer-hosts", "public", ""),
    (
        "customer-hosts",
        "public",
        "--optional --set tenant-id=7f3c --set federation-service-name=sts.contoso.com --set service-bus-namespace=ns1",
    ),
    ("delegation", "public", "--as-of 2024-06-01"),
    ("delegation", "public", "--as-of 2025-12-01"),
    ("delegation", "public", "--optional"),
    ("delegation", "public", "--phase operation"),
    ("directions", "public", ""),
    ("inspection", "public", ""),
    ("negatives", "public", ""),
    ("negatives", "china", ""),
    ("registration", "public", "--as-of 2024-06-01 --phase operation"),
    ("registration", "public", "--gaps --also"),
    ("registration", "public", "--also blog-page"),
    ("rpc", "public", ""),
    (
        "rpc",
        "public",
        "--choose rpc-port=static --set static-rpc-port=5000 --set application-ports=8000-8010 --when optional-feature",
    ),
    ("service-tags", "public", "--optional"),
    ("spellings", "public", "--as-of 2024-06-01"),
    ("spellings", "public", "--as-of 2024-06-01 --verbatim"),
    ("spellings", "us-government", "--as-of 2024-06-01"),
    ("spellings", "us-government", ""),
    ("transport-unstated", "public", ""),
    ("transports", "public", ""),
    ("twin-dates", "public", "--edition twin-dates-page@2019-12-06 --optional"),
    ("twin-dates", "public", "--optional"),
    ("unstated-hosts", "public", "--optional --when port-443-unavailable"),
    ("unstated-hosts", "us-government", "--optional --when port-443-unavailable"),
    ("urls", "public", "--optional"),
];

#[test]
fn every_hard_case_resolves() {
    let catalog = Catalog::load(vec![hard_cases()]).unwrap();
    for scenario in &catalog.registries().scenarios {
        let id = scenario.id.as_str();
        let mut text = String::new();
        for (_, cloud, flags) in SELECTIONS.iter().filter(|(each, ..)| *each == id) {
            let _ = writeln!(text, "== {}", format!("{id} --cloud {cloud} {flags}").trim_end());
            let request = request(id, cloud, flags);
            let resolved =
                Selection::check(&request, &catalog).and_then(|selection| resolve(&catalog, &selection));
            text.push_str(&match resolved {
                Ok(resolved) => rules(&resolved),
                Err(findings) => without_root(&texts(&findings)),
            });
        }
        assert!(!text.is_empty(), "no selection shows {id}");
        snapshot("hard-cases", id, &text);
    }
}

fn request(scenario: &str, cloud: &str, flags: &str) -> Request {
    let mut request =
        Request { scenarios: vec![scenario.to_owned()], cloud: cloud.to_owned(), ..Request::default() };
    let mut words = flags.split_whitespace().peekable();
    while let Some(flag) = words.next() {
        let mut value = || words.next().unwrap().to_owned();
        match flag {
            "--optional" => request.optional = true,
            "--proxy" => request.proxy = true,
            "--gaps" => request.gaps = true,
            "--verbatim" => request.verbatim = true,
            "--also" => match words.next_if(|word| !word.starts_with("--")) {
                Some(document) => request.also.push(document.to_owned()),
                None => request.also_all = true,
            },
            "--as-of" => request.as_of = Some(value()),
            "--edition" => request.editions.push(value()),
            "--when" => request.when.push(value()),
            "--unless" => request.unless.push(value()),
            "--choose" => request.choose.push(value()),
            "--set" => request.set.push(value()),
            "--phase" => request.phases.push(value()),
            other => panic!("{other}"),
        }
    }
    request
}

fn rules(resolved: &Resolved) -> String {
    let mut text = String::new();
    for rule in resolved.rules.iter() {
        let _ = write!(
            text,
            "{} {} {:?} tls:{:?}",
            rule.id,
            rule.flow.canonical(),
            rule.need,
            rule.tls_inspection
        );
        let _ = writeln!(text, " phases:{:?} assumed:{:?}", rule.phases, rule.assumed);
        for citation in &rule.citations {
            let _ = write!(
                text,
                "    {} {} \"{}\"",
                citation.source(),
                citation.requirement,
                citation.documented_as
            );
            let readings =
                citation.interpreted.iter().map(|each| format!(" [{}: {}]", each.of, each.because));
            let _ = writeln!(text, "{}", readings.collect::<String>());
        }
    }
    for left_out in &resolved.left_out {
        let _ = writeln!(text, "left out: {} ({})", left_out.what, left_out.flags.join(" "));
    }
    for gap in &resolved.gaps {
        let _ = writeln!(text, "gap: {} {} emitted:{}", gap.id, gap.ports.join(" "), gap.emitted);
    }
    for elsewhere in &resolved.elsewhere {
        let _ = writeln!(text, "elsewhere: {} {}", elsewhere.document, elsewhere.names.join(" "));
    }
    text + &without_root(&texts(&resolved.findings))
}

#[test]
fn every_hard_case_prints() {
    let output = Command::new(env!("CARGO_BIN_EXE_portbook"))
        .current_dir(root(""))
        .args(["show", "--all", "--catalog", "tests/fixtures/hard-cases"])
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    snapshot("", "hard-cases-show", &String::from_utf8(output.stdout).unwrap());
}

fn without_root(text: &str) -> String {
    text.replace(&format!("{}/", env!("CARGO_MANIFEST_DIR")), "")
}

#[test]
fn the_base_of_the_broken_catalogs_is_fine() {
    let inspection = inspect(&[Layer::folder(&root("tests/fixtures/broken/base")).unwrap()]);
    assert_eq!(texts(&inspection.findings), "");
}

#[test]
fn broken_files_get_located_findings() {
    let folder = root("tests/fixtures/broken");
    let mut files: Vec<PathBuf> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "yaml"));
    files.sort();
    assert!(files.len() > 15);
    for file in files {
        let text = fs::read_to_string(&file).unwrap();
        let place = text
            .lines()
            .next()
            .and_then(|line| line.strip_prefix("# "))
            .expect("its place in the first line");
        let catalog = tempfile::tempdir().unwrap();
        copy(&folder.join("base"), catalog.path());
        fs::write(catalog.path().join(place), &text).unwrap();
        let inspection = inspect(&[Layer::folder(catalog.path()).unwrap()]);
        assert!(!inspection.findings.is_empty(), "{} has findings", file.display());
        let said = texts(&inspection.findings).replace(&catalog.path().display().to_string(), "catalog");
        snapshot("broken", file.file_stem().unwrap().to_str().unwrap(), &said);
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let to = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy(&path, &to);
        } else {
            fs::copy(&path, &to).unwrap();
        }
    }
}
