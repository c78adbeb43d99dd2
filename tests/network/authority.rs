//! Authorities of our own, and certificates that hold and that do not.

use std::sync::Arc;

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair, KeyUsagePurpose,
    date_time_ymd,
};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::version::{TLS12, TLS13};
use rustls::{ServerConfig, SupportedProtocolVersion};

/// Both versions.
pub(crate) const BOTH: &[&SupportedProtocolVersion] = &[&TLS12, &TLS13];

/// An authority.
pub(crate) struct Authority(CertifiedIssuer<'static, KeyPair>);

/// When a certificate counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Time {
    Now,
    Over,
    ToCome,
}

impl Authority {
    pub(crate) fn new(name: &str) -> Self {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign];
        params.distinguished_name.push(DnType::CommonName, name);
        Self(CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap())
    }

    pub(crate) fn pem(&self) -> String {
        self.0.pem()
    }

    /// A server's part of TLS that it vouches for.
    pub(crate) fn server(
        &self,
        names: &[&str],
        time: Time,
        versions: &[&'static SupportedProtocolVersion],
    ) -> ServerConfig {
        let key = KeyPair::generate().unwrap();
        let certificate = params(names, time).signed_by(&key, &self.0).unwrap();
        config(certificate.der().clone(), &key, versions)
    }
}

/// A server's part of TLS that nobody vouches for, and its certificate.
pub(crate) fn self_signed(names: &[&str]) -> ServerConfig {
    let key = KeyPair::generate().unwrap();
    let certificate = params(names, Time::Now).self_signed(&key).unwrap();
    config(certificate.der().clone(), &key, BOTH)
}

fn params(names: &[&str], time: Time) -> CertificateParams {
    let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
    let mut params = CertificateParams::new(names).unwrap();
    (params.not_before, params.not_after) = match time {
        Time::Now => return params,
        Time::Over => (date_time_ymd(2020, 1, 1), date_time_ymd(2021, 1, 1)),
        Time::ToCome => (date_time_ymd(4000, 1, 1), date_time_ymd(4001, 1, 1)),
    };
    params
}

fn config(
    certificate: CertificateDer<'static>,
    key: &KeyPair,
    versions: &[&'static SupportedProtocolVersion],
) -> ServerConfig {
    ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_protocol_versions(versions)
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(
            vec![certificate],
            PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der())),
        )
        .unwrap()
}
