//! One site with every target, in which one field has another text.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use portbook::build::{Inputs, Look, Resolutions, build};
use portbook::catalog::{Catalog, Layer};
use portbook::finding::{Findings, Severity, Source, Style, to_text};
use portbook::plan::PlanFile;
use portbook::ranges::RangeFile;

/// A place where somebody else's text comes in.
pub(crate) struct Field {
    /// What it is.
    pub(crate) name: &'static str,
    /// The file that has it, as findings call it.
    pub(crate) file: &'static str,
    /// What stands there otherwise.
    pub(crate) plain: &'static str,
    /// What stands in the file around it: `@` is the text.
    mark: &'static str,
    /// Whether it is free text, so that most of the hostile ones are taken.
    pub(crate) takes_texts: bool,
}

impl Field {
    /// Whether its text stands in a file: one that never gets there would prove nothing.
    pub(crate) fn is_seen_in(&self, files: &BTreeMap<String, Vec<u8>>) -> bool {
        // The name of a file, and what is read and written nowhere: refusals of it count all the same.
        let unseen = ["output", "expectation", "reason of an apex", "title of a document"];
        let unseen = |name: &str| unseen.contains(&name) || name.ends_with(" of a feed");
        let holds = |bytes: &Vec<u8>| String::from_utf8_lossy(bytes).contains(self.plain);
        unseen(self.name) || files.values().any(holds)
    }
}

const fn word(name: &'static str, file: &'static str, mark: &'static str, plain: &'static str) -> Field {
    Field { name, file, plain, mark, takes_texts: false }
}

const fn text(name: &'static str, file: &'static str, mark: &'static str, plain: &'static str) -> Field {
    Field { name, file, plain, mark, takes_texts: true }
}

const SITE: &str = "portbook.yaml";
const EDITION: &str = "own/2026-01-01.yaml";
const DOCUMENT: &str = "own/document.yaml";
const HOSTS: &str = "own/hosts.yaml";
const RANGES: &str = "Own_Public.json";

/// Fields of users first, then those of the catalog and of range files.
pub(crate) const FIELDS: &[Field] = &[
    word("site name", SITE, "THE-NAME", "hq"),
    word("host", SITE, "THE-HOST", "agents"),
    word("zone", SITE, "THE-ZONE", "tier0"),
    word("address", SITE, "THE-ADDRESS", "10.20.0.11"),
    word("parameter", SITE, "THE-PARAMETER", "sts.contoso.com"),
    word("vsys", SITE, "THE-VSYS", "vsys2"),
    word("anchor", SITE, "THE-ANCHOR", "old-rule"),
    word("proxy of a PAC", SITE, "THE-PROXY", "proxy.contoso.com:8080"),
    word("output", SITE, "THE-OUTPUT", "out.csv"),
    word("expectation", SITE, "THE-GOAL", "login.windows.net"),
    text("reason of an acceptance", SITE, "THE-REASON", "a plain reason"),
    text("purpose", EDITION, "THE-PURPOSE", "a plain purpose"),
    text("reason of a reading", EDITION, "THE-READING", "a plain reading"),
    word("documented host", EDITION, "THE-DOCUMENTED", "monitor.example.net"),
    text("title of a document", DOCUMENT, "THE-TITLE", "a plain title"),
    text("reason of an apex", HOSTS, "THE-APEX", "a plain apex"),
    word("service tag of a feed", RANGES, "THE-TAG", "AzureOther"),
    text("region of a feed", RANGES, "THE-REGION", "a plain region"),
    text("service of a feed", RANGES, "THE-SERVICE", "a plain service"),
];

const SITE_TEXT: &str = r#"
name: THE-NAME
cloud: public
scenarios: [cloud-sync, hybrid-join]
select: {also: [own], when: [federated-domain]}
parameters: {federation-service-name: THE-PARAMETER}
hosts:
  THE-HOST: {addresses: [THE-ADDRESS, MANY], roles: [provisioning-agent], zone: THE-ZONE}
  remote: {addresses: [10.20.0.99], roles: [provisioning-agent], zone: tier1, proxy: egress}
  egress: {addresses: [10.40.0.5], listens: 8080, roles: [proxy], zone: dmz}
  sts: {addresses: [10.30.0.1], roles: [ad-fs-server, web-application-proxy, domain-controller, user-device], zone: servers}
targets:
  - {target: windows-firewall, for: THE-HOST, output: agents.ps1}
  - {target: windows-registry, for: THE-HOST, output: agents.reg}
  - {target: pac, output: proxy.pac, settings: {listed: proxy, others: direct, proxy: THE-PROXY}}
  - {target: squid, output: squid.conf, settings: {form: standalone}}
  - {target: palo-alto-set, output: edge.set, settings: {vsys: THE-VSYS, position: before, anchor: THE-ANCHOR}}
  - {target: palo-alto-xml, output: edge.xml}
  - {target: palo-alto-edl, output: lists/}
  - {target: csv, output: THE-OUTPUT}
  - {target: json, output: rules.json}
  - {target: markdown, output: rules.md}
ip-fallback: documented
accept: [ACCEPTED]
expect: ["allow THE-HOST -> THE-GOAL:443"]
"#;

/// Losses without which some target would have no file.
const ACCEPTED: &[&str] =
    &["any-azure-customer", "name-needs-address", "source-not-given", "destination-not-given"];

const EDITION_TEXT: &str = r#"
source: {texts: [{at: "a page of our own"}], date: stated}
requirements:
  - id: monitoring
    scenarios: [cloud-sync]
    from: {role: provisioning-agent}
    flows: [{to: [{host: THE-DOCUMENTED}, {host: "*.monitor.example.org"}], ports: [443/tcp], interpreted: {ports: THE-READING}}]
    purpose: THE-PURPOSE
"#;
const DOCUMENT_TEXT: &str = "title: THE-TITLE\npublisher: microsoft\n";
const HOSTS_TEXT: &str = "- host: \"*.monitor.example.org\"\n  apex: {included: false, because: THE-APEX}\n";
/// The document of our own describes Cloud Sync too.
const SCENARIOS_TEXT: &str = include_str!("../../catalog/scenarios.yaml");
const RANGES_TEXT: &str = r#"{"changeNumber": 7, "cloud": "Public", "values": [
  {"name": "AzureCloud", "id": "AzureCloud", "properties": {"changeNumber": 1, "region": "", "regionId": 0, "platform": "Azure", "systemService": "", "addressPrefixes": ["20.0.0.0/11", "2603:1000::/24"]}},
  {"name": "THE-TAG", "id": "THE-TAG", "properties": {"changeNumber": 1, "region": "THE-REGION", "regionId": 1, "platform": "Azure", "systemService": "THE-SERVICE", "addressPrefixes": ["20.1.0.0/16"]}}]}"#;

/// A template with every field plain but one, which has `text`, quoted as YAML and JSON both read it.
fn filled(template: &str, field: &Field, text: &str) -> String {
    FIELDS.iter().fold(template.to_owned(), |filled, each| {
        let value = if each.mark == field.mark { text } else { each.plain };
        let json = serde_json::to_string(value).unwrap();
        // In the middle of a string, or a value of its own.
        let inner = &json[1..json.len() - 1];
        let filled = filled.replace(&format!("\"{}\"", each.mark), &json);
        let filled = filled.replace(&format!("-> {}:443\"", each.mark), &format!("-> {inner}:443\""));
        let filled = filled.replace(&format!("allow {} ->", each.mark), &format!("allow {inner} ->"));
        filled.replace(each.mark, &json)
    })
}

static EMBEDDED: LazyLock<Layer> = LazyLock::new(Layer::embedded);

/// The files of all targets; else what was said.
pub(crate) fn made(field: &Field, text: &str) -> Result<BTreeMap<String, Vec<u8>>, Vec<String>> {
    made_of(field, text).map_err(|findings| {
        let errors = findings.iter().filter(|finding| finding.severity == Severity::Error);
        errors.map(|finding| to_text(finding, Style::Plain)).collect()
    })
}

fn made_of(field: &Field, text: &str) -> Result<BTreeMap<String, Vec<u8>>, Findings> {
    let own = Layer::default()
        .with_text("documents/own/2026-01-01.yaml", EDITION, &filled(EDITION_TEXT, field, text))
        .with_text("documents/own/document.yaml", DOCUMENT, &filled(DOCUMENT_TEXT, field, text))
        .with_text("hosts.yaml", HOSTS, &filled(HOSTS_TEXT, field, text));
    let scenarios =
        SCENARIOS_TEXT.replace("practical365-cloud-provisioning]", "practical365-cloud-provisioning, own]");
    let embedded = EMBEDDED.clone().with_text("scenarios.yaml", "scenarios.yaml", &scenarios);
    let catalog = Catalog::load(vec![embedded, own])?;
    let ranges = filled(RANGES_TEXT, field, text);
    let files = [RangeFile::parse(RANGES, ranges.as_bytes())?];
    let accepted: Vec<String> =
        ACCEPTED.iter().map(|code| format!("{{code: {code}, because: THE-REASON}}")).collect();
    // More than a cell holds, so that there are lists of addresses beside tables.
    let many: Vec<String> = (0..17).map(|number| format!("10.21.{}.1", 2 * number)).collect();
    let site = SITE_TEXT.replace("ACCEPTED", &accepted.join(", ")).replace("MANY", &many.join(", "));
    let file = PlanFile::read(&Source::new(SITE, filled(&site, field, text)), &catalog)?;
    let digests = files.iter().map(|file| (file.label(), "0".repeat(64))).collect();
    let (look, resolutions) = (Look::default(), Resolutions::default());
    let today = "2026-11-01".parse().unwrap();
    let inputs = Inputs {
        catalog: &catalog,
        files: &files,
        digests: &digests,
        look: &look,
        today,
        strict: false,
        resolutions: &resolutions,
    };
    let built = build(&file.sites[0], &inputs)?;
    let refused: Vec<_> =
        built.refused().map(|product| (product.target, &product.judgement.refused)).collect();
    assert!(refused.is_empty(), "{refused:?}");
    let mut files = BTreeMap::new();
    for (target, product) in built.products.iter().map(|product| (product.target, product)) {
        for (number, artifact) in product.artifacts.iter().enumerate() {
            files.insert(format!("{target}/{number}"), artifact.bytes.clone());
        }
    }
    files.insert("manifest".to_owned(), built.manifest.to_text()?.into_bytes());
    Ok(files)
}
