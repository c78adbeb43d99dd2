//! What a certificate says (RFC 5280), also one that does not hold.

use jiff::Timestamp;
use x509_parser::certificate::X509Certificate;
use x509_parser::prelude::FromDer as _;
use x509_parser::time::ASN1Time;
use x509_parser::x509::X509Name;

use crate::check::Certificate;

/// A certificate that was shown.
#[derive(Debug, Clone)]
pub(super) struct Shown {
    pub(super) certificate: Certificate,
    /// Whether subject and issuer are one.
    pub(super) self_issued: bool,
    /// The DNS names that it is for, as it writes them.
    pub(super) names: Vec<String>,
}

impl Shown {
    /// Reads a certificate in DER; nothing for what is none.
    pub(super) fn parse(der: &[u8]) -> Option<Self> {
        let (_, parsed) = X509Certificate::from_der(der).ok()?;
        let certificate = Certificate {
            subject: words(parsed.subject()),
            issuer: words(parsed.issuer()),
            not_before: date(&parsed.validity().not_before),
            not_after: date(&parsed.validity().not_after),
        };
        let self_issued = parsed.subject().as_raw() == parsed.issuer().as_raw();
        Some(Self { certificate, self_issued, names: names(&parsed) })
    }
}

/// Its common name and organization, which people know authorities by; else all of it.
fn words(name: &X509Name<'_>) -> String {
    let common = name.iter_common_name().find_map(|value| value.as_str().ok());
    let organization = name.iter_organization().find_map(|value| value.as_str().ok());
    match (common, organization) {
        (Some(common), Some(organization)) if common != organization => format!("{common} ({organization})"),
        (Some(one), _) | (None, Some(one)) => one.to_owned(),
        (None, None) => name.to_string(),
    }
}

fn date(time: &ASN1Time) -> String {
    Timestamp::from_second(time.timestamp()).map_or_else(|_| time.to_string(), |time| time.to_string())
}

fn names(certificate: &X509Certificate<'_>) -> Vec<String> {
    let Ok(Some(alternative)) = certificate.subject_alternative_name() else { return Vec::new() };
    let names = alternative.value.general_names.iter().filter_map(|name| match name {
        x509_parser::extensions::GeneralName::DNSName(name) => Some((*name).to_owned()),
        _ => None,
    });
    names.collect()
}
