//! Flags that are wrong, and selections of which nothing can be tested.

use crate::{Desk, stderr, stdout};

#[test]
fn everything_that_is_wrong_is_said_at_once() {
    let desk = Desk::new();
    let line = "tlss --resolve nonsense --proxy ftp://x --ca-file absent.pem --address agent=10.0.0.5/28 --role agnet";
    let output = desk.run(line, &[]);
    assert_eq!(output.status.code(), Some(2));
    let said = stderr(&output);
    for code in ["unknown-scenario", "unknown-role", "invalid-value", "cannot-read", "host-bits-set"] {
        assert!(said.contains(&format!("error[{code}]")), "{code}: {said}");
    }
    assert!(said.contains("HOST[:PORT]=ADDRESS[:PORT]") && said.contains("did you mean `tls`"), "{said}");
    assert!(stdout(&output).is_empty());
}

#[test]
fn a_file_of_authorities_that_has_none() {
    let desk = Desk::new();
    desk.write("own.pem", "no certificate");
    let output = desk.run("tls --ca-file own.pem", &[]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("error[invalid-value]: the file of authorities"), "{}", stderr(&output));
}

#[test]
fn a_variable_that_names_no_proxy_is_named_and_can_be_overridden() {
    let desk = Desk::new();
    let output = desk.command("tls").env("ALL_PROXY", "socks5://user:s3cret@127.0.0.1:1").output().unwrap();
    let said = stderr(&output);
    assert_eq!(output.status.code(), Some(2));
    assert!(
        said.contains("ALL_PROXY") && said.contains("--proxy none") && !said.contains("s3cret"),
        "{said}"
    );
}

#[test]
fn nothing_that_can_be_tested_is_no_success() {
    let desk = Desk::new();
    let output = desk.run("untestable", &[]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("error[check-impossible]"), "{}", stderr(&output));
    assert!(
        stdout(&output).contains("no-address") || stdout(&output).contains("--address domain-controller")
    );
    for line in ["tls --timeout 0", "tls --jobs 0", "tls --max-time 0", "tls --format xml"] {
        assert_eq!(desk.run(line, &[]).status.code(), Some(2), "{line}");
    }
}
