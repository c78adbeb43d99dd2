//! The forms of the result.

use crate::network::authority::{Authority, BOTH, Time};
use crate::{Desk, HTTP_HOST, TLS_HOST, closed_port, http_server, stderr, stdout, tls_server};

#[test]
fn the_table_is_stable_and_says_what_to_do() {
    let desk = Desk::new();
    let secure = tls_server(desk.public.server(&[TLS_HOST], Time::Now, BOTH));
    let hosts = [
        (TLS_HOST, secure.address),
        (HTTP_HOST, http_server(404).address),
        ("a.service.example", secure.address),
        ("b.service.example", secure.address),
        ("c.service.example", secure.address),
        ("d.service.example", secure.address),
    ];
    let output = desk.run("many", &hosts);
    let expected = "\
a.service.example:443       certificate-other-name  TLS 1.2 and 1.3; for tls.service.example  issuer Public Authority
b.service.example:443       certificate-other-name  TLS 1.2 and 1.3; for tls.service.example  issuer Public Authority
c.service.example:443       certificate-other-name  TLS 1.2 and 1.3; for tls.service.example  issuer Public Authority
d.service.example:443       certificate-other-name  TLS 1.2 and 1.3; for tls.service.example  issuer Public Authority
tls.service.example:443     reachable               TLS 1.2 and 1.3                           issuer Public Authority
crl.service.example:80/pki  reachable               HTTP 404

certificate-other-name: the certificate is for another name
  needed: a.service.example:443  many more (page 2024-01-01)
  needed: b.service.example:443  many more (page 2024-01-01)
  needed: c.service.example:443  many more (page 2024-01-01)
  needed: d.service.example:443  many more (page 2024-01-01)
  next: Something on the way answers in place of the host, or --resolve leads to the wrong one.
";
    assert_eq!(stdout(&output), expected);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(stderr(&output), "many, public, as agent: 2 reachable, 4 not, 0 not testable\n");
    let verbose = stdout(&desk.run("many -v", &hosts));
    assert!(
        verbose.lines().next().unwrap().contains(&secure.address.to_string()) && verbose.contains(" ms\n")
    );
    assert_eq!(stderr(&desk.run("many -q", &hosts)), "");
}

#[test]
fn junit_holds_hostile_texts_and_is_read_back() {
    let desk = Desk::new();
    let hostile = Authority::new("<b>\"Evil\" & 'Sons'</b>\u{1b}[31m\u{7}\n]]>");
    let secure = tls_server(hostile.server(&[TLS_HOST], Time::Now, BOTH));
    let hosts = [(TLS_HOST, secure.address)];
    let output = desk.run("tls --format junit", &hosts);
    let text = stdout(&output);
    assert!(text.starts_with("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n"), "{text}");
    assert!(!text.contains('\u{1b}') && !text.contains('\u{7}') && !text.contains("<b>"), "{text}");
    let (names, failure) = read(&text);
    assert_eq!(names, ["testsuites", "testsuite", "testcase", "failure"]);
    assert!(failure.contains(r#"<b>"Evil" & 'Sons'</b>\u{1b}[31m\u{7} ]]>"#), "{failure}");
    assert!(
        text.contains(
            r#"name="portbook check: TLS, Public cloud" tests="1" failures="1" errors="0" skipped="0""#
        ),
        "{text}"
    );
    assert!(
        text.contains(r#"<testcase classname="tls.agent" name="tls.service.example:443" time=""#),
        "{text}"
    );
    assert!(text.contains(r#"<failure type="certificate-unknown-authority""#), "{text}");
    assert!(failure.contains("needed by tls service (page 2024-01-01)"), "{failure}");
    // Nor does the table drive a terminal.
    assert!(!stdout(&desk.run("tls", &hosts)).contains('\u{1b}'));
}

#[test]
fn junit_skips_what_cannot_be_tested() {
    let desk = Desk::new();
    let output = desk.run("untestable --format junit", &[]);
    let text = stdout(&output);
    assert_eq!(text.matches("<skipped message=").count(), 4, "{text}");
    assert!(text.contains("skipped=\"4\""));
}

/// Names of elements in their order, and the text of the failure.
fn read(text: &str) -> (Vec<String>, String) {
    use quick_xml::events::Event;

    let mut reader = quick_xml::Reader::from_str(text);
    let (mut names, mut failure) = (Vec::new(), String::new());
    loop {
        match reader.read_event().unwrap() {
            Event::Start(start) | Event::Empty(start) => {
                names.push(start.name().as_ref().to_owned());
            }
            Event::Text(text) => failure.push_str(&text),
            Event::GeneralRef(name) => {
                failure.push_str(quick_xml::escape::resolve_predefined_entity(&name).unwrap());
            }
            Event::Eof => return (names, failure),
            _ => {}
        }
    }
}

#[test]
fn json_counts_and_names_what_is_beside_the_results() {
    let desk = Desk::new();
    let line = "tls --format json --proxy http://user:word@127.0.0.1:1";
    let value: serde_json::Value =
        serde_json::from_slice(&desk.run(line, &[(TLS_HOST, closed_port())]).stdout).unwrap();
    assert_eq!(
        (&value["scenarios"][0], &value["cloud"], &value["roles"][0]),
        (&"tls".into(), &"public".into(), &"agent".into())
    );
    assert_eq!(value["documents"][0]["edition"], "2024-01-01");
    assert_eq!(value["proxies"]["https"], "127.0.0.1:1");
    assert_eq!((&value["summary"]["unreachable"], &value["summary"]["reachable"]), (&1.into(), &0.into()));
    let result = &value["results"][0];
    assert_eq!(
        (&result["need"], &result["transport"], &result["standing"]),
        (&"required".into(), &"tcp".into(), &"unreachable".into())
    );
    assert!(result["rules"][0].as_str().unwrap().starts_with("r-") && result["from"][0] == "agent");
}
