//! The handshake of TLS, one version at a time, and nothing behind it.

use std::io;
use std::sync::Arc;

use rustls::client::Resumption;
use rustls::pki_types::ServerName;
use rustls::{
    AlertDescription, CertificateError, ClientConfig, ClientConnection, Error, SupportedProtocolVersion,
};

use crate::check::{Subject, TlsAnswer, Verdict};

use super::deadline::Timed;
use super::fault::{Ends, Fault};
use super::trust::{Seen, Trust, Vouched, Witness};

/// What a handshake told.
#[derive(Debug)]
pub(super) struct Handshake {
    pub(super) answer: TlsAnswer,
    pub(super) seen: Option<Seen>,
    /// Why it did not come to an end; a certificate that does not hold is no fault of this kind.
    pub(super) fault: Option<Fault>,
}

/// Shakes hands with `host` in one version.
pub(super) fn shake(
    mut stream: Timed,
    host: &Subject,
    version: &'static SupportedProtocolVersion,
    trust: &Trust,
) -> Handshake {
    let witness = Arc::new(Witness::new(trust.clone()));
    let result = connection(host, version, &witness)
        .map_err(io::Error::other)
        .and_then(|mut connection| finish(&mut connection, &mut stream));
    let seen = witness.seen();
    let answer = match (&seen, &result) {
        (Some(_), _) | (None, Ok(())) => TlsAnswer::Taken,
        (None, Err(error)) if refuses(error) => TlsAnswer::Refused,
        (None, Err(_)) => TlsAnswer::Unknown,
    };
    let judged = seen.as_ref().is_some_and(|seen| matches!(seen.vouched, Vouched::Not(_)));
    let fault = result.err().filter(|_| !judged).map(|error| fault(&error));
    Handshake { answer, seen, fault }
}

fn connection(
    host: &Subject,
    version: &'static SupportedProtocolVersion,
    witness: &Arc<Witness>,
) -> Result<ClientConnection, Error> {
    let provider = Arc::clone(witness.provider());
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_protocol_versions(&[version])?
        .dangerous()
        // Judges by the system's verifier, and remembers what it judged.
        .with_custom_certificate_verifier(Arc::clone(witness) as _)
        .with_no_client_auth();
    // Each version is to be seen in a full handshake.
    config.resumption = Resumption::disabled();
    let name = match host {
        Subject::Name(name) => ServerName::try_from(name.as_str().to_owned())
            .map_err(|error| Error::General(error.to_string()))?,
        Subject::Address(address) => ServerName::IpAddress((*address).into()),
    };
    ClientConnection::new(Arc::new(config), name)
}

fn finish(connection: &mut ClientConnection, stream: &mut Timed) -> io::Result<()> {
    while connection.is_handshaking() {
        let (read, written) = connection.complete_io(stream)?;
        if read == 0 && written == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
    }
    Ok(())
}

fn of_tls(error: &io::Error) -> Option<&Error> {
    error.get_ref()?.downcast_ref::<Error>()
}

/// Whether the other side answered in TLS that it does not want this version: it says so, or breaks off the handshake
/// (RFC 8446 section 6.2), or chooses another version.
fn refuses(error: &io::Error) -> bool {
    matches!(
        of_tls(error),
        Some(
            Error::AlertReceived(
                AlertDescription::ProtocolVersion
                    | AlertDescription::HandshakeFailure
                    | AlertDescription::InsufficientSecurity
            ) | Error::PeerIncompatible(_)
        )
    )
}

fn fault(error: &io::Error) -> Fault {
    let Some(of_tls) = of_tls(error) else {
        let ends =
            Ends { timed_out: Verdict::TlsTimedOut, closed: Verdict::TlsClosed, garbage: Verdict::NotTls };
        return ends.fault(error);
    };
    let verdict = match of_tls {
        Error::AlertReceived(_) | Error::PeerIncompatible(_) => Verdict::TlsRefused,
        _ => Verdict::NotTls,
    };
    Fault::new(verdict, of_tls.to_string())
}

/// What a certificate is worth for the rule.
pub(super) fn judge(seen: &Seen) -> Fault {
    let error = match &seen.vouched {
        Vouched::System => return Fault::new(Verdict::Reachable, ""),
        Vouched::Given => return Fault::new(Verdict::Inspected, "an authority of --ca-file vouches for it"),
        Vouched::Not(error) => error,
    };
    let said = |part: &dyn Fn(&crate::check::Certificate) -> String| {
        seen.shown.as_ref().map_or_else(|| error.to_string(), |shown| part(&shown.certificate))
    };
    let self_issued = seen.shown.as_ref().is_some_and(|shown| shown.self_issued);
    let Error::InvalidCertificate(reason) = error else {
        return Fault::new(Verdict::CertificateInvalid, error.to_string());
    };
    match reason {
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
            Fault::new(Verdict::CertificateExpired, said(&|shown| format!("until {}", shown.not_after)))
        }
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
            Fault::new(Verdict::CertificateNotYetValid, said(&|shown| format!("from {}", shown.not_before)))
        }
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            Fault::new(Verdict::CertificateOtherName, names(seen))
        }
        CertificateError::Revoked => Fault::new(Verdict::CertificateRevoked, ""),
        // A certificate that vouches for itself is refused in other words too: as an authority that is used as a server.
        _ if self_issued => Fault::new(Verdict::CertificateSelfSigned, ""),
        CertificateError::UnknownIssuer => Fault::new(Verdict::CertificateUnknownAuthority, ""),
        other => Fault::new(Verdict::CertificateInvalid, Error::from(other.clone()).to_string()),
    }
}

/// Names that are shown; certificates of large services have hundreds.
const NAMES: usize = 3;

fn names(seen: &Seen) -> String {
    let names = seen.shown.as_ref().map(|shown| shown.names.as_slice()).unwrap_or_default();
    match names {
        [] => "for no name".to_owned(),
        names if names.len() <= NAMES => format!("for {}", names.join(", ")),
        names => {
            let first: Vec<&str> = names.iter().take(NAMES).map(String::as_str).collect();
            format!("for {} and {} more", first.join(", "), names.len() - NAMES)
        }
    }
}
