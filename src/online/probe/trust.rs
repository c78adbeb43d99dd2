//! Who is believed: the authorities of the system, and those of --ca-file, kept apart so that TLS inspection is seen.

use std::sync::{Arc, Mutex, PoisonError};

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{CertificateError, DigitallySignedStruct, Error, RootCertStore, SignatureScheme};
use x509_parser::pem::Pem;

use crate::finding::{Code, Finding};

use super::certificate::Shown;

/// The authorities that are believed.
#[derive(Debug, Clone)]
pub struct Trust {
    provider: Arc<CryptoProvider>,
    /// None where the system has no authorities, and others are given.
    system: Option<Arc<dyn ServerCertVerifier>>,
    given: Option<Arc<WebPkiServerVerifier>>,
}

/// Who vouches for a certificate.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Vouched {
    /// An authority of the system, and none of --ca-file.
    System,
    /// An authority of --ca-file.
    Given,
    /// Nobody, for this reason.
    Not(Error),
}

/// The certificate of a handshake and what it is worth.
#[derive(Debug, Clone)]
pub(super) struct Seen {
    pub(super) shown: Option<Shown>,
    pub(super) vouched: Vouched,
}

impl Trust {
    /// Loads the authorities of the system, and those of `pem`.
    ///
    /// # Errors
    /// `invalid-value` for a text without certificates; `check-impossible` where nobody would be believed.
    pub fn new(pem: Option<&[u8]>) -> Result<Self, Finding> {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let given = pem.map(|pem| given(pem, &provider)).transpose()?;
        let system = rustls_platform_verifier::Verifier::new(Arc::clone(&provider));
        let system: Option<Arc<dyn ServerCertVerifier>> = match system {
            Ok(verifier) => Some(Arc::new(verifier)),
            Err(_) if given.is_some() => None,
            Err(error) => {
                let message = "this system has no authorities, so that no certificate could be judged";
                return Err(Finding::new(Code::CheckImpossible, message)
                    .note(error.to_string())
                    .help("install the system's package of CA certificates, or give authorities with --ca-file FILE"));
            }
        };
        Ok(Self { provider, system, given })
    }

    fn vouched(
        &self,
        end: &CertificateDer<'_>,
        others: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        ocsp: &[u8],
        now: UnixTime,
    ) -> Vouched {
        let by_given =
            self.given.as_ref().map(|given| given.verify_server_cert(end, others, name, ocsp, now));
        // An inspecting authority may be one of the system's too: the flag says that it is one.
        if matches!(by_given, Some(Ok(_))) {
            return Vouched::Given;
        }
        let by_system =
            self.system.as_ref().map(|system| system.verify_server_cert(end, others, name, ocsp, now));
        match (by_system, by_given) {
            (Some(Ok(_)), _) => Vouched::System,
            // Who knows the authority tells what else is wrong.
            (Some(Err(error)), Some(Err(other))) if is_unknown(&error) => Vouched::Not(other),
            (Some(Err(error)), _) | (None, Some(Err(error))) => Vouched::Not(error),
            (None, _) => Vouched::Not(CertificateError::UnknownIssuer.into()),
        }
    }
}

fn is_unknown(error: &Error) -> bool {
    matches!(error, Error::InvalidCertificate(CertificateError::UnknownIssuer))
}

fn given(pem: &[u8], provider: &Arc<CryptoProvider>) -> Result<Arc<WebPkiServerVerifier>, Finding> {
    let broken = |why: String| {
        Finding::new(Code::InvalidValue, "the file of authorities has no certificate that can be read")
            .note(why)
            .help("--ca-file takes PEM: blocks that start with -----BEGIN CERTIFICATE-----")
    };
    let mut roots = RootCertStore::empty();
    for block in Pem::iter_from_buffer(pem) {
        let block = block.map_err(|error| broken(error.to_string()))?;
        if block.label == "CERTIFICATE" {
            let der = CertificateDer::from(block.contents);
            roots.add(der).map_err(|error| broken(error.to_string()))?;
        }
    }
    WebPkiServerVerifier::builder_with_provider(Arc::new(roots), Arc::clone(provider))
        .build()
        .map_err(|error| broken(error.to_string()))
}

/// The verifier of one handshake: judges, and remembers what it saw.
#[derive(Debug)]
pub(super) struct Witness {
    trust: Trust,
    seen: Mutex<Option<Seen>>,
}

impl Witness {
    pub(super) fn new(trust: Trust) -> Self {
        Self { trust, seen: Mutex::new(None) }
    }

    pub(super) fn provider(&self) -> &Arc<CryptoProvider> {
        &self.trust.provider
    }

    /// What the handshake showed; nothing if it did not come to that.
    pub(super) fn seen(&self) -> Option<Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

impl ServerCertVerifier for Witness {
    fn verify_server_cert(
        &self,
        end: &CertificateDer<'_>,
        others: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        ocsp: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let vouched = self.trust.vouched(end, others, name, ocsp, now);
        let seen = Seen { shown: Shown::parse(end), vouched: vouched.clone() };
        *self.seen.lock().unwrap_or_else(PoisonError::into_inner) = Some(seen);
        match vouched {
            Vouched::System | Vouched::Given => Ok(ServerCertVerified::assertion()),
            Vouched::Not(error) => Err(error),
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &self.trust.provider.signature_verification_algorithms;
        verify_tls12_signature(message, certificate, signed, algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &self.trust.provider.signature_verification_algorithms;
        verify_tls13_signature(message, certificate, signed, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.trust.provider.signature_verification_algorithms.supported_schemes()
    }
}
