//! Answers as a `JUnit` test suite, as CI reads it.

use std::io;

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};

use portbook::expect::Answer;

use super::super::Failure;
use super::super::table::one_line;
use super::reasons;

/// One test case for each expectation; the class names the site.
pub(super) fn junit(answers: &[(&str, Answer<'_>)]) -> Result<Vec<u8>, Failure> {
    let mut xml = Writer::new_with_indent(Vec::new(), b' ', 2);
    xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    let tests = answers.len().to_string();
    let failures = answers.iter().filter(|(_, answer)| !answer.holds()).count().to_string();
    let suite = [("name", "portbook test"), ("tests", tests.as_str()), ("failures", failures.as_str())];
    xml.create_element("testsuites").write_inner_content(|xml| {
        let suite = xml.create_element("testsuite").with_attributes(suite);
        suite
            .write_inner_content(|xml| answers.iter().try_for_each(|(site, answer)| case(xml, site, answer)))
            .map(drop)
    })?;
    let mut bytes = xml.into_inner();
    bytes.push(b'\n');
    Ok(bytes)
}

fn case(xml: &mut Writer<Vec<u8>>, site: &str, answer: &Answer<'_>) -> io::Result<()> {
    let name = one_line(&answer.expectation.to_string());
    let element =
        xml.create_element("testcase").with_attributes([("classname", site), ("name", name.as_str())]);
    if answer.holds() {
        return element.write_empty().map(drop);
    }
    let said: Vec<String> = reasons(answer).iter().map(|reason| one_line(reason)).collect();
    let failed = |xml: &mut Writer<Vec<u8>>| {
        let failure = xml.create_element("failure").with_attribute(("message", "does not hold"));
        failure.write_text_content(BytesText::new(&said.join("\n"))).map(drop)
    };
    element.write_inner_content(failed).map(drop)
}
