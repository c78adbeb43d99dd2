//! Results as a `JUnit` test suite, in the dialect that GitLab, Jenkins and Azure Pipelines read.

use std::io;

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};

use portbook::check::{Checked, Report, Standing};

use crate::cli::Failure;
use crate::cli::table::one_line;

use super::text::{detail, needed_by};

type Xml = Writer<Vec<u8>>;

/// One test case for each endpoint; the class names scenario and role.
pub(super) fn junit(report: &Report<'_>) -> Result<Vec<u8>, Failure> {
    let mut xml = Writer::new_with_indent(Vec::new(), b' ', 2);
    xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    let counts = report.counts();
    let suite = [
        ("name", format!("portbook check: {}", one_line(&report.plan.title))),
        ("tests", report.checked.len().to_string()),
        ("failures", counts.unreachable.to_string()),
        ("errors", "0".to_owned()),
        ("skipped", counts.not_testable.to_string()),
    ];
    xml.create_element("testsuites").write_inner_content(|xml| {
        let suite = xml.create_element("testsuite").with_attributes(attributes(&suite));
        suite.write_inner_content(|xml| {
            report.checked.iter().try_for_each(|checked| case(xml, report, checked))
        })?;
        Ok(())
    })?;
    let mut bytes = xml.into_inner();
    bytes.push(b'\n');
    Ok(bytes)
}

fn attributes<'a>(pairs: &'a [(&'a str, String)]) -> impl Iterator<Item = (&'a str, &'a str)> {
    pairs.iter().map(|(name, value)| (*name, value.as_str()))
}

fn case(xml: &mut Xml, report: &Report<'_>, checked: &Checked<'_>) -> io::Result<()> {
    let scenarios: Vec<String> = report.plan.scenarios.iter().map(ToString::to_string).collect();
    let roles: Vec<String> = report.plan.roles.iter().map(ToString::to_string).collect();
    let seconds = checked.tried.map_or(0.0, |(_, outcome)| outcome.elapsed.as_secs_f64());
    let case = [
        ("classname", format!("{}.{}", scenarios.join("+"), roles.join("+"))),
        ("name", one_line(&checked.line.endpoint)),
        ("time", format!("{seconds:.3}")),
    ];
    let element = xml.create_element("testcase").with_attributes(attributes(&case));
    match checked.verdict.spec().standing {
        Standing::Reachable => element.write_inner_content(|xml| said(xml, checked)).map(drop),
        Standing::NotTestable => element.write_inner_content(|xml| skipped(xml, checked)).map(drop),
        Standing::Unreachable => element.write_inner_content(|xml| failed(xml, checked)).map(drop),
    }
}

/// What the certificate and the answer said, where reports show output.
fn said(xml: &mut Xml, checked: &Checked<'_>) -> io::Result<()> {
    xml.create_element("system-out").write_text_content(BytesText::new(&facts(checked))).map(drop)
}

fn skipped(xml: &mut Xml, checked: &Checked<'_>) -> io::Result<()> {
    let message = one_line(&detail(checked));
    xml.create_element("skipped").with_attribute(("message", message.as_str())).write_empty().map(drop)
}

fn failed(xml: &mut Xml, checked: &Checked<'_>) -> io::Result<()> {
    let spec = checked.verdict.spec();
    let attributes = [("type", spec.id), ("message", spec.meaning)];
    let mut lines = vec![facts(checked), format!("next: {}", spec.next)];
    lines.extend(needed_by(checked).iter().map(|line| format!("needed by {}", one_line(line))));
    lines.retain(|line| !line.is_empty());
    let failure = xml.create_element("failure").with_attributes(attributes);
    failure.write_text_content(BytesText::new(&lines.join("\n"))).map(drop)
}

/// Foreign text: control characters, which XML cannot hold, are escaped.
fn facts(checked: &Checked<'_>) -> String {
    let issuer = checked.tried.and_then(|(_, outcome)| outcome.certificate.as_ref());
    let issuer = issuer.map(|certificate| format!("issuer {}", certificate.issuer));
    let parts: Vec<String> = [Some(detail(checked)), issuer].into_iter().flatten().collect();
    one_line(&parts.join("; "))
}
