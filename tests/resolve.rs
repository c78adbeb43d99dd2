//! Small catalogs that try to smuggle hosts in, or to lose them.
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "helpers of tests"
)]

use std::fs;

use portbook::catalog::{Catalog, Layer};
use portbook::finding::{Code, Findings};
use portbook::resolve::{Request, Resolved, Selection, resolve};

const CLOUDS: &str =
    "- {id: public, title: Public, file-word: Public}\n- {id: china, title: China, file-word: China}\n";
const ROLES: &str = "- {id: agent, title: Agent}\n- {id: server, title: Server}\n- {id: users, title: Users, outside: true}\n";
const SCENARIOS: &str =
    "- {id: s, title: S, role: agent, documents: {primary: [page], also: [other]}, clouds: [public]}\n";
const CONDITIONS: &str = "- {id: off, text: Off., default: \"false\", because: b}\n- {id: on, text: On., default: \"true\", because: b}\n- {id: guess, text: Guessed., default: \"assumed:true\", because: b}\n- {id: guess-not, text: Guessed not., default: \"assumed:false\", because: b}\n";
const CHOICES: &str = "- {id: way, title: Way, default: left, because: b, options: [{id: left, text: l}, {id: right, text: r}]}\n";
const PARAMETERS: &str =
    "- {id: high-ports, title: High ports, kind: ports}\n- {id: name, title: Name, kind: host}\n";

/// Files over the registries above; an edition is its requirements alone.
fn files(given: &[(&str, &str)]) -> Vec<(String, String)> {
    let mut files: Vec<(String, String)> = [
        ("clouds.yaml", CLOUDS),
        ("roles.yaml", ROLES),
        ("scenarios.yaml", SCENARIOS),
        ("conditions.yaml", CONDITIONS),
        ("choices.yaml", CHOICES),
        ("parameters.yaml", PARAMETERS),
        ("documents/page/document.yaml", "{title: P, publisher: microsoft}"),
        ("documents/other/document.yaml", "{title: O, publisher: microsoft}"),
    ]
    .map(|(path, text)| (path.to_owned(), text.to_owned()))
    .to_vec();
    for (path, text) in given {
        let edition = path.strip_prefix("page/").or_else(|| path.strip_prefix("other/")).is_some();
        let (path, text) = if edition {
            (
                format!("documents/{path}"),
                format!("source: {{texts: [{{at: \"a:b@c\"}}], date: stated}}\nrequirements:\n{text}"),
            )
        } else {
            ((*path).to_owned(), (*text).to_owned())
        };
        files.retain(|(present, _)| *present != path);
        files.push((path, text));
    }
    files
}

fn layer(files: &[(String, String)]) -> Layer {
    let folder = tempfile::tempdir().expect("a folder");
    for (path, text) in files {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        fs::write(path, text).expect("a file");
    }
    Layer::folder(folder.path()).expect("a layer")
}

fn try_with(given: &[(&str, &str)], change: impl FnOnce(&mut Request)) -> Result<Resolved, Findings> {
    let catalog = Catalog::load(vec![layer(&files(given))])?;
    let mut request =
        Request { scenarios: vec!["s".to_owned()], cloud: "public".to_owned(), ..Request::default() };
    change(&mut request);
    resolve(&catalog, &Selection::check(&request, &catalog)?)
}

fn with(given: &[(&str, &str)], change: impl FnOnce(&mut Request)) -> Resolved {
    try_with(given, change).unwrap()
}

/// `to:ports/transport` of every rule.
fn flows(resolved: &Resolved) -> Vec<String> {
    let text = |rule: &portbook::rule::Rule| {
        format!("{}:{}/{}", rule.flow.to, rule.flow.ports, rule.flow.transport.as_str())
    };
    resolved.rules.iter().map(text).collect()
}

fn codes(findings: &Findings) -> Vec<Code> {
    findings.iter().map(|finding| finding.code).collect()
}

/// One requirement of the scenario, from the agent.
fn need(id: &str, rest: &str) -> String {
    format!("  - {{id: {id}, scenarios: [s], from: {{role: agent}}, purpose: {id}, {rest}}}\n")
}

fn reading(of: &str) -> String {
    format!(
        "flows: [{{to: [{{unstated: x}}], ports: [8080/tcp], interpreted: {{to: {{{of}}}, because: b}}}}]"
    )
}

fn host(name: &str, ports: &str) -> String {
    format!("flows: [{{to: [{{host: {name}}}], ports: [{ports}]}}]")
}

#[test]
fn a_requirement_that_is_read_as_itself_is_a_finding_and_no_crash() {
    let own = need("a", &reading("same-as: [a]"));
    let findings = try_with(&[("page/2024-01-01.yaml", &own)], |_| {}).unwrap_err();
    assert_eq!(codes(&findings), [Code::ListLoop]);
    let two = need("a", &reading("same-as: [b]")) + &need("b", &reading("same-as: [a]"));
    let findings = try_with(&[("page/2024-01-01.yaml", &two)], |_| {}).unwrap_err();
    assert_eq!(codes(&findings), [Code::ListLoop]);
}

#[test]
fn hosts_of_an_alternative_that_is_not_chosen_do_not_come_in_by_reference() {
    let one_of = "one-of: {group: way, options: {left: [{to: [{host: left.example.com}], ports: [8080/tcp]}], \
                  right: [{to: [{host: right.example.com}], ports: [8080/tcp]}]}}";
    let alternatives = need("b", one_of);
    for (page, other) in [
        (need("a", &reading("same-as: [b]")) + &alternatives, need("c", &host("c.example.com", "1/tcp"))),
        (need("a", &reading("hosts-of: [other]")), alternatives),
    ] {
        let given = [("page/2024-01-01.yaml", page.as_str()), ("other/2024-01-01.yaml", other.as_str())];
        assert_eq!(flows(&with(&given, |_| {})), ["left.example.com:8080/tcp"]);
        let chosen = with(&given, |request| request.choose = vec!["way=right".to_owned()]);
        assert_eq!(flows(&chosen), ["right.example.com:8080/tcp"]);
    }
}

#[test]
fn hosts_of_a_condition_that_does_not_hold_do_not_come_in_by_reference() {
    let page = need("a", &reading("same-as: [b, c]"))
        + &need("b", &format!("when: off, {}", host("off.example.com", "443/tcp")))
        + &need("c", &host("c.example.com", "443/tcp"));
    let resolved = with(&[("page/2024-01-01.yaml", &page)], |_| {});
    assert_eq!(flows(&resolved), ["c.example.com:443/tcp", "c.example.com:8080/tcp"]);
}

#[test]
fn what_a_list_leaves_out_is_listed_and_what_it_assumes_is_said() {
    let page = need("a", &reading("hosts-of: [other]"));
    let other = need("b", &format!("need: optional, {}", host("b.example.com", "8080/tcp")))
        + &need("c", &format!("need: optional, {}", host("c.example.com", "443/tcp")))
        + &need("d", &format!("when: guess, {}", host("d.example.com", "8080/tcp")));
    let given = [("page/2024-01-01.yaml", page.as_str()), ("other/2024-01-01.yaml", other.as_str())];
    let resolved = with(&given, |_| {});
    assert_eq!(flows(&resolved), ["d.example.com:8080/tcp"]);
    let left_out: Vec<&str> = resolved.left_out.iter().map(|each| each.requirement.as_str()).collect();
    assert_eq!(left_out, ["b"]);
    assert_eq!(codes(&resolved.findings), [Code::ConditionAssumed]);
    assert_eq!(resolved.rules.iter().next().unwrap().assumed.len(), 1);
}

#[test]
fn the_transport_is_that_of_the_text_that_refers_to_a_list() {
    let page = need("a", "flows: [{to: [{list: {document: other}, as: x}], ports: [443/tcp+udp]}]");
    let other = need("b", &host("b.example.com", "443/tcp"));
    let given = [("page/2024-01-01.yaml", page.as_str()), ("other/2024-01-01.yaml", other.as_str())];
    assert_eq!(flows(&with(&given, |_| {})), ["b.example.com:443/tcp", "b.example.com:443/udp"]);
}

#[test]
fn a_list_that_is_younger_than_the_date_is_told() {
    let page = need("a", &reading("hosts-of: [other]"));
    let other = need("b", &host("b.example.com", "8080/tcp"));
    let given = [("page/2020-01-01.yaml", page.as_str()), ("other/2024-01-01.yaml", other.as_str())];
    let resolved = with(&given, |request| request.as_of = Some("2021-01-01".to_owned()));
    assert_eq!(flows(&resolved), ["b.example.com:8080/tcp"]);
    assert_eq!(codes(&resolved.findings), [Code::NoEdition]);
    assert!(with(&given, |_| {}).findings.is_empty());
}

#[test]
fn two_values_for_one_thing_are_refused() {
    let page = need("a", &host("a.example.com", "443/tcp"));
    let given = [("page/2024-01-01.yaml", page.as_str()), ("page/2024-02-01.yaml", page.as_str())];
    for change in [
        |request: &mut Request| request.set = vec!["high-ports=1".to_owned(), "high-ports=2".to_owned()],
        |request: &mut Request| request.choose = vec!["way=left".to_owned(), "way=right".to_owned()],
        |request: &mut Request| {
            request.editions = vec!["page@2024-01-01".to_owned(), "page@2024-02-01".to_owned()];
        },
    ] {
        assert_eq!(codes(&try_with(&given, change).unwrap_err()), [Code::InvalidValue]);
    }
    with(&given, |request| request.choose = vec!["way=left".to_owned(), "way=left".to_owned()]);
}

#[test]
fn documents_that_are_asked_for_and_read_by_nothing_are_refused() {
    let page = need("a", &host("a.example.com", "443/tcp"));
    let scenarios = SCENARIOS.replace(", also: [other]", "");
    let given = [
        ("scenarios.yaml", scenarios.as_str()),
        ("page/2024-01-01.yaml", page.as_str()),
        ("other/2024-01-01.yaml", page.as_str()),
    ];
    let also = try_with(&given, |request| request.also = vec!["other".to_owned()]).unwrap_err();
    assert_eq!(codes(&also), [Code::InvalidValue]);
    let edition = try_with(&given, |request| request.editions = vec!["other@2024-01-01".to_owned()]);
    assert_eq!(codes(&edition.unwrap_err()), [Code::InvalidValue]);
    // A document that another one refers to is read.
    let list = need("a", "flows: [{to: [{list: {document: other}, as: x}], ports: [443/tcp]}]");
    let given = [given[0], ("page/2024-01-01.yaml", list.as_str()), given[2]];
    with(&given, |request| request.editions = vec!["other@2024-01-01".to_owned()]);
}

#[test]
fn a_document_without_an_edition_at_the_date_is_told() {
    let page = need("a", &host("a.example.com", "443/tcp"));
    let given = [("page/2020-01-01.yaml", page.as_str()), ("other/2024-01-01.yaml", page.as_str())];
    let resolved = with(&given, |request| {
        request.as_of = Some("2021-01-01".to_owned());
        request.also = vec!["other".to_owned()];
    });
    assert_eq!(codes(&resolved.findings), [Code::NoEdition]);
}

#[test]
fn roles_outside_and_roles_that_answer_count_for_role() {
    let page = "  - {id: a, scenarios: [s], from: {outside: users}, purpose: a, flows: [{to: [{role: server}], ports: [443/tcp]}]}\n";
    let gap = "- {id: s, title: S, role: agent, documents: {primary: [page]}, clouds: [public], gaps: [{id: dns, from: {role: agent}, flows: [{to: [{role: server}], ports: [53/udp]}], because: b}]}\n";
    let given = [("scenarios.yaml", gap), ("page/2024-01-01.yaml", page)];
    let users = with(&given, |request| request.roles = vec!["users".to_owned()]);
    assert_eq!(flows(&users), ["server:443/tcp"]);
    let server = with(&given, |request| {
        request.roles = vec!["server".to_owned()];
        request.gaps = true;
    });
    assert_eq!(flows(&server), ["server:53/udp", "server:443/tcp"]);
}

#[test]
fn the_flags_that_are_named_for_a_negated_condition_work() {
    let page = need("a", &format!("when: not(guess-not), {}", host("a.example.com", "443/tcp")))
        + &need("b", &format!("when: not(on), {}", host("b.example.com", "443/tcp")));
    let given = [("page/2024-01-01.yaml", page.as_str())];
    let resolved = with(&given, |_| {});
    let help = &resolved.findings.iter().next().unwrap().help;
    assert_eq!(help, &["--when guess-not removes it, --unless guess-not confirms it"]);
    assert_eq!(resolved.left_out[0].flags, ["--unless on"]);
    let more = with(&given, |request| request.unless = vec!["on".to_owned()]);
    assert_eq!(flows(&more), ["a.example.com:443/tcp", "b.example.com:443/tcp"]);
}

#[test]
fn a_denial_without_scenarios_is_about_all_of_its_document() {
    let page = need("a", &host("a.example.com", "443/tcp"))
        + "not:\n  - {id: n, cloud: public, says: unsupported}\n";
    let findings = try_with(&[("page/2024-01-01.yaml", &page)], |_| {}).unwrap_err();
    assert_eq!(codes(&findings), [Code::UnsupportedInCloud]);
}

#[test]
fn what_would_make_no_rule_or_half_a_rule_is_refused_when_it_is_read() {
    let flows = "flows: [{to: [{role: server}], ports: [443/tcp]}]";
    let to_server = |ports: &str, read: &str| {
        need("a", &format!("flows: [{{to: [{{role: server}}], ports: [{ports}]{read}}}]"))
    };
    for (page, code) in [
        (
            format!("  - {{id: a, scenarios: [s], from: {{unstated: x}}, purpose: a, {flows}}}\n"),
            Code::InvalidEnd,
        ),
        (
            format!(
                "  - {{id: a, scenarios: [s], from: [{{role: agent}}, {{host: x.example.com}}], purpose: a, {flows}}}\n"
            ),
            Code::InvalidEnd,
        ),
        (to_server("{parameter: name, transport: tcp}", ""), Code::InvalidPort),
        (to_server("\"1\"", ", interpreted: {transport: {tcp: b, udp: b}}"), Code::InvalidValue),
        (to_server("\"1\"", ", interpreted: {transport: {tcp+udp: b}}"), Code::InvalidValue),
        (need("a", "one-of: {group: way, options: {left: []}}"), Code::EmptyList),
    ] {
        let findings = try_with(&[("page/2024-01-01.yaml", &page)], |_| {}).unwrap_err();
        assert_eq!(codes(&findings), [code], "{page}");
    }
    let parameters = "- {id: high-ports, title: High ports, kind: ports, default: \"70000\"}\n";
    let page = need("a", &host("a.example.com", "443/tcp"));
    let given = [("parameters.yaml", parameters), ("page/2024-01-01.yaml", page.as_str())];
    assert_eq!(codes(&try_with(&given, |_| {}).unwrap_err()), [Code::InvalidValue]);
}

#[test]
fn a_layer_cannot_redefine_what_an_earlier_one_says() {
    let page = need("a", &host("a.example.com", "443/tcp"));
    let below = files(&[("page/2024-01-01.yaml", &page), ("hosts.yaml", "- {host: a.example.com}\n")]);
    let redefined = [
        ("roles.yaml", "- {id: server, title: Server, outside: true}\n"),
        ("conditions.yaml", "- {id: off, text: Off., default: \"true\", because: b}\n"),
        ("hosts.yaml", "- {host: a.example.com, normalized: b.example.com}\n"),
    ];
    for (path, text) in redefined {
        let above = [(path.to_owned(), text.to_owned())];
        let loaded = Catalog::load(vec![layer(&below), layer(&above)])
            .and_then(|catalog| catalog.readings().map(|_| ()));
        assert_eq!(codes(&loaded.unwrap_err()), [Code::DuplicateId], "{path}");
    }
}

#[test]
fn the_host_of_a_url_is_read_as_any_other() {
    let hosts = "- {host: wrong.example.com, typo-of: {host: right.example.com, because: b}}\n\
                 - {host: odd.example.com, doubtful: b}\n\
                 - {host: \"*.example.net\", apex: {included: true, because: b}}\n";
    let to = |ends: &str| need("a", &format!("flows: [{{to: [{ends}], ports: [80/tcp]}}]"));
    let page = to(
        "{url: \"http://wrong.example.com/x\"}, {url: \"http://odd.example.com\"}, {url: \"*.example.net/y\"}",
    );
    // The right form of a typo counts once another text has it.
    let before = need("a", &host("right.example.com", "80/tcp"));
    let given = [("hosts.yaml", hosts), ("page/2023-01-01.yaml", &before), ("page/2024-01-01.yaml", &page)];
    let resolved = with(&given, |_| {});
    assert_eq!(
        flows(&resolved),
        ["odd.example.com:80/tcp", "[*.]example.net/y:80/tcp", "right.example.com/x:80/tcp"]
    );
    assert_eq!(codes(&resolved.findings), [Code::CorrectedHost, Code::DoubtfulHost]);
    let page = to("{url: \"*.example.org/y\"}");
    let findings = try_with(&[("page/2024-01-01.yaml", &page)], |_| {}).unwrap_err();
    assert_eq!(codes(&findings), [Code::ReadingMissing]);
}

#[test]
fn a_document_that_cannot_be_compared_is_named() {
    let page = need("a", &host("a.example.com", "443/tcp"));
    let other = need("a", "flows: [{to: [{template: \"x.{name}\"}], ports: [443/tcp]}]");
    let resolved = with(&[("page/2024-01-01.yaml", &page), ("other/2024-01-01.yaml", &other)], |_| {});
    assert_eq!(codes(&resolved.findings), [Code::DocumentedElsewhere]);
    assert!(resolved.elsewhere.is_empty());
}
