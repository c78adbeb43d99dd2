//! TLS with an authority of our own.

use rustls::ServerConfig;

use crate::network::authority::{Authority, BOTH, Time};
use crate::network::server::{Reply, Server};
use crate::{Desk, NEW, fixture, refused, stderr};

/// An authority, as PEM, and a server's part of TLS that it vouches for.
pub(crate) fn authority(names: &[&str], expired: bool) -> (String, ServerConfig) {
    let authority = Authority::new("Test Authority");
    let time = if expired { Time::Over } else { Time::Now };
    (authority.pem(), authority.server(names, time, BOTH))
}

fn server(config: ServerConfig) -> Server {
    Server::start_tls(config, |request| match request.target.as_str() {
        "/page" => {
            let host = &request.headers["host"];
            Reply::page(format!(
                r#"<a class="dlcdetail__download-btn" href="https://{host}/{NEW}">Download</a>"#
            ))
        }
        _ => Reply::file(fixture(NEW)),
    })
}

#[test]
fn an_authority_that_is_named_is_trusted_and_no_other() {
    let (pem, config) = authority(&["127.0.0.1", "localhost"], false);
    let server = server(config);
    let desk = Desk::with_old();
    std::fs::write(desk.path().join("ca.pem"), pem).unwrap();
    let (other, _) = authority(&["127.0.0.1"], false);
    std::fs::write(desk.path().join("other.pem"), other).unwrap();
    for more in [&[][..], &["--ca-file", "other.pem"]] {
        let page = server.url("/page");
        let said = refused(&desk, &desk.fetch(&[&["--page-url", &page], more].concat()), "fetch-failed");
        assert!(said.contains("is not trusted") && said.contains("--ca-file"), "{said}");
    }
    let output = desk.fetch(&["--page-url", &server.url("/page"), "--ca-file", "ca.pem"]);
    assert!(output.status.success(), "{}", stderr(&output));
    assert_eq!(desk.kept().as_deref(), Some(NEW));
}

#[test]
fn a_certificate_that_has_expired_or_is_for_another_name() {
    for (names, expired) in [(&["127.0.0.1"][..], true), (&["other.example"], false)] {
        let (pem, config) = authority(names, expired);
        let server = server(config);
        let desk = Desk::with_old();
        std::fs::write(desk.path().join("ca.pem"), pem).unwrap();
        let output = desk.fetch(&["--page-url", &server.url("/page"), "--ca-file", "ca.pem"]);
        refused(&desk, &output, "fetch-failed");
    }
}

#[test]
fn a_file_of_authorities_that_has_none() {
    let desk = Desk::with_old();
    std::fs::write(desk.path().join("ca.pem"), "no certificate").unwrap();
    refused(&desk, &desk.fetch(&["--from", "https://127.0.0.1:1/x", "--ca-file", "ca.pem"]), "invalid-value");
    refused(
        &desk,
        &desk.fetch(&["--from", "https://127.0.0.1:1/x", "--ca-file", "absent.pem"]),
        "cannot-read",
    );
}
