//! Templates of the user's own, by the command line: what they see, and what they cannot print.
#![allow(clippy::unwrap_used, reason = "a test may fail")]

use std::fs;
use std::process::{Command, Output};

fn generate(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_portbook"));
    command.args(["generate", "cloud-sync", "ad-fs", "--cloud", "public", "--as-of", "2020-01-01"]);
    command.args(arguments).output().unwrap()
}

/// Writes a template and renders it; standard output, standard error, exit code.
fn render(template: &str, arguments: &[&str]) -> (String, String, i32) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("mine.conf.j2");
    fs::write(&path, template).unwrap();
    let output = generate(&[&["--template", path.to_str().unwrap()], arguments].concat());
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    (text(&output.stdout), text(&output.stderr), output.status.code().unwrap())
}

#[test]
fn without_as_it_gets_the_neutral_rules_and_says_unchecked() {
    let template = "{{ fidelity|json }}\n{% for rule in rules %}{% if rule.to.host %}{{ rule.to.host|json }} {{ rule.ports|json }}\n{% endif %}{% endfor %}";
    let (out, err, code) = render(template, &[]);
    assert_eq!(code, 0, "{err}");
    assert!(out.starts_with("\"unchecked\"\n"), "{out}");
    assert!(out.contains("\"*.msappproxy.net\" \"443\"\n"), "{out}");
    assert!(err.contains("warning[unchecked-template]"), "{err}");
}

#[test]
fn with_as_it_gets_what_the_target_can_say_with_its_refusals() {
    let address = ["--as", "squid", "--address", "provisioning-agent=10.20.0.11"];
    let (out, err, code) = render("{{ fidelity|json }}\n", &address);
    assert_eq!((out.as_str(), code), ("\"checked\"\n", 0), "{err}");
    let (out, err, code) = render("{{ fidelity|json }}\n", &["--as", "squid"]);
    assert_eq!((out.as_str(), code), ("", 3), "{err}");
    assert!(err.contains("error[source-not-given]"), "{err}");
}

#[test]
fn nothing_is_printed_that_did_not_pass_a_filter() {
    for template in
        ["{{ title }}", "{{ rules }}", "{{ missing|json }}", "{{ missing }}", "{{ title|safe }}", "{% if %}"]
    {
        let (out, err, code) = render(template, &[]);
        assert_eq!((out.as_str(), code), ("", 2), "{template}");
        assert!(err.contains("error[template-failed]: template mine.conf:1:"), "{template}: {err}");
    }
}

#[test]
fn a_folder_overrides_built_in_templates_by_name() {
    let folder = tempfile::tempdir().unwrap();
    let flags = ["--target", "squid", "--address", "provisioning-agent=10.20.0.11", "--templates"];
    let empty = generate(&[&flags[..], &[folder.path().to_str().unwrap()]].concat());
    assert_eq!(empty.status.code(), Some(2), "a folder that overrides nothing is a mistake");
    fs::create_dir(folder.path().join("squid")).unwrap();
    fs::write(folder.path().join("squid/portbook.conf"), "# mine\n").unwrap();
    let own = generate(&[&flags[..], &[folder.path().to_str().unwrap()]].concat());
    assert_eq!(String::from_utf8_lossy(&own.stdout), "# mine\n");
}

#[test]
fn the_example_runs() {
    let example = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/templates/hosts.txt.j2");
    let output = generate(&["--template", example, "--as", "json"]);
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(text.contains("\"login.microsoftonline.com\" \"tcp\" \"443\""), "{text}");
}
