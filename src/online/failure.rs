//! Why a request failed: at which step, and what to do.

use std::error::Error;
use std::time::Duration;

use reqwest::StatusCode;

use crate::finding::{Code, Finding};

use super::address::WebAddress;

/// Whether asking again may help.
#[derive(Debug)]
pub(super) enum Failure {
    /// The server, or the way to it, may be well again in a moment.
    MayPass(Finding),
    /// It would fail again.
    Final(Finding),
}

/// Adds the chain of reasons.
pub(super) fn told(finding: Finding, error: &(dyn Error + 'static)) -> Finding {
    reasons(error).into_iter().fold(finding, Finding::note)
}

/// The reasons behind an error, without the first line, which repeats the address.
fn reasons(error: &(dyn Error + 'static)) -> Vec<String> {
    let mut reasons: Vec<String> = Vec::new();
    let mut cause = error.source();
    while let Some(error) = cause {
        let text = error.to_string();
        if !reasons.iter().any(|known| known.contains(&text)) {
            reasons.push(text);
        }
        cause = error.source();
    }
    reasons
}

/// An answer that is neither content nor a redirection.
pub(super) fn status(address: &WebAddress, status: StatusCode) -> Failure {
    let finding = Finding::new(Code::FetchFailed, format!("{address} answers {status}"));
    match status.as_u16() {
        304 => Failure::Final(
            finding
                .note("nobody asked whether anything changed")
                .help("the server is not well: try again later"),
        ),
        301 | 302 | 303 | 307 | 308 => Failure::Final(
            finding
                .note("it redirects and does not say where")
                .help("open the address in a browser, and give the saved file with --from FILE"),
        ),
        403 | 406 => Failure::Final(
            finding.help("the site refuses some programs by their name: try --user-agent \"Mozilla/5.0\""),
        ),
        404 | 410 => Failure::Final(
            finding.help("the page may name a file before it is there: try again later, or --from FILE"),
        ),
        407 => Failure::Final(
            finding.help("the proxy wants to know who asks: --proxy http://USER:PASSWORD@HOST:PORT"),
        ),
        408 | 429 | 500..=599 => Failure::MayPass(finding.help("the server is in trouble: try again later")),
        _ => Failure::Final(finding),
    }
}

/// No answer at all.
pub(super) fn transport(address: &WebAddress, error: &reqwest::Error) -> Failure {
    let chain = reasons(error).join(": ").to_lowercase();
    let authority = address.authority();
    let (what, help, passing) = if error.is_timeout() {
        (
            format!("{authority} does not answer in time"),
            "--connect-timeout and --read-timeout give it longer; behind a proxy give --proxy",
            true,
        )
    } else if chain.contains("certificate") {
        (
            format!("the certificate of {authority} is not trusted"),
            "behind TLS inspection give the inspecting authority with --ca-file FILE",
            false,
        )
    } else if chain.contains("proxy") || chain.contains("tunnel") {
        (
            format!("the proxy opens no way to {authority}"),
            "check --proxy and the system's proxy; --proxy http://USER:PASSWORD@HOST:PORT where it wants to know who asks",
            false,
        )
    } else if chain.contains("dns") {
        (
            format!("the name of {authority} cannot be resolved"),
            "behind a proxy give --proxy; on a machine without network use --from FILE",
            true,
        )
    } else if error.is_connect() {
        (
            format!("no connection to {authority}"),
            "behind a proxy give --proxy; on a machine without network use --from FILE",
            true,
        )
    } else {
        (format!("the connection to {authority} broke"), "try again later", true)
    };
    let finding = told(Finding::new(Code::FetchFailed, what), error).help(help);
    if passing { Failure::MayPass(finding) } else { Failure::Final(finding) }
}

/// An answer that breaks off.
pub(super) fn reading(address: &WebAddress, error: &std::io::Error) -> Failure {
    let finding = Finding::new(Code::FetchFailed, format!("the answer of {address} broke off"));
    let finding = finding.note(error.to_string());
    Failure::MayPass(told(finding, error).help("try again later"))
}

pub(super) fn too_large(address: &WebAddress, most: u64) -> Finding {
    Finding::new(Code::FetchTooLarge, format!("the answer of {address} has more than {most} bytes"))
        .help("the files have about 4,000,000; --max-size raises the cap")
}

pub(super) fn too_slow(address: &WebAddress, most: Duration, received: u64) -> Finding {
    let message = format!("the answer of {address} is not complete after {} seconds", most.as_secs());
    Finding::new(Code::FetchFailed, message)
        .note(format!("{received} bytes came"))
        .help("--max-time gives it longer")
}
