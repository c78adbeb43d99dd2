//! TLS with an authority of our own.

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::ServerConfig;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};

use crate::server::{Reply, Server};
use crate::{Desk, NEW, fixture, refused, stderr};

/// An authority, as PEM, and a server's part of TLS that it vouches for.
pub(crate) fn authority(names: &[&str], expired: bool) -> (String, ServerConfig) {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.distinguished_name.push(rcgen::DnType::CommonName, "Test Authority");
    let issuer = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
    let mut params =
        CertificateParams::new(names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>()).unwrap();
    if expired {
        params.not_before = rcgen::date_time_ymd(2020, 1, 1);
        params.not_after = rcgen::date_time_ymd(2021, 1, 1);
    }
    let key = KeyPair::generate().unwrap();
    let certificate = params.signed_by(&key, &issuer).unwrap();
    let provider = std::sync::Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(
            vec![certificate.der().clone()],
            PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der())),
        )
        .unwrap();
    (issuer.pem(), config)
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
