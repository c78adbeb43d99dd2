//! Portbook's own file for HAProxy: a frontend for each port that reads names and rejects what is not listed. No other file
//! is judged.

mod acl;
mod frontend;

use std::collections::BTreeSet;

use crate::finding::Findings;
use crate::site::{ProxyAddress, ProxyListener};
use crate::target::Settings;

use super::super::{Fallthrough, Policy};
use super::statement::{Form, Statements, Stray, only, settled};
use super::{Beside, Configuration};
use frontend::Frontend;

/// HAProxy 2.6.12 reads lines of any length (tried with a million bytes).
const FORM: Form = Form { loose: true, longest: usize::MAX };

const RESOLVING: [&str; 5] = [
    "accepted_payload_size 8192",
    "resolve_retries 3",
    "timeout resolve 1s",
    "timeout retry 1s",
    "hold valid 10s",
];
const DEFAULTS: [&str; 7] = [
    "mode tcp",
    "timeout connect 10s",
    "timeout client 15m",
    "timeout server 15m",
    "timeout http-request 10s",
    "timeout http-keep-alive 1m",
    "timeout tunnel 1h",
];
/// A server without an address: connections go to the one that was resolved for a listed name.
const ORIGIN: &str = "server origin 0.0.0.0:0";

/// Reads one file. The settings say whom it asks for addresses.
pub(super) fn read(files: &[Configuration], settings: &Settings, _: Beside<'_>) -> Result<Policy, Findings> {
    let mut statements = Statements::of(only(files)?, &FORM)?;
    let why = "no frontend listens there: what does not come to this proxy is not decided in this file";
    let mut policy = Policy::new(Fallthrough::Unknown(why.to_owned()));
    let read = file(&mut statements, settings, &mut policy);
    settled(policy, read)
}

fn file(statements: &mut Statements<'_>, settings: &Settings, policy: &mut Policy) -> Result<(), Stray> {
    let own = resolvers(statements, settings)?;
    statements.expect(&format!("defaults {own}"))?;
    statements.expect_all(&DEFAULTS)?;
    let prefer = settings.get("prefer").unwrap_or("ipv4");
    let mut ports = BTreeSet::new();
    while let Some(mut frontend) = Frontend::begin(statements, &own, prefer)? {
        let at = statements.at();
        if !ports.insert(frontend.port) {
            return Err(Stray::new(at, format!("a second frontend for port {}", frontend.port)));
        }
        policy.clauses.extend(frontend.read(statements)?);
    }
    backends(statements, &own, &ports)?;
    statements.end()
}

/// The section that says whom to ask; the name of all sections.
fn resolvers(statements: &mut Statements<'_>, settings: &Settings) -> Result<String, Stray> {
    let named = statements.take("resolvers ", "").filter(|(_, name)| is_own_name(name));
    let Some((_, own)) = named else { return Err(statements.stray("`resolvers portbook`")) };
    let wanted = match settings.get("resolver") {
        Some(given) => format!("nameserver given {}", server(given)),
        None => "parse-resolv-conf".to_owned(),
    };
    if !statements.has(&wanted) {
        return Err(statements.stray(&format!("`{wanted}`, as the option resolver says")));
    }
    statements.expect_all(&RESOLVING)?;
    Ok(own)
}

/// A name server as HAProxy writes it.
fn server(given: &str) -> String {
    match ProxyListener::parse(given).map(|listener| (listener.host, listener.port)) {
        Some((ProxyAddress::Ip(address), port)) if address.is_ipv6() => format!("ipv6@{address}:{port}"),
        Some((ProxyAddress::Ip(address), port)) => format!("{address}:{port}"),
        _ => given.to_owned(),
    }
}

fn backends(statements: &mut Statements<'_>, own: &str, ports: &BTreeSet<u16>) -> Result<(), Stray> {
    if ports.iter().any(|port| frontend::takes_tls(*port)) {
        statements.expect_all(&[&format!("backend {own}_tls from {own}"), ORIGIN])?;
    }
    if ports.iter().any(|port| frontend::takes_http(*port)) {
        let head = format!("backend {own}_http from {own}");
        statements.expect_all(&[&head, "mode http", "http-reuse never", ORIGIN])?;
    }
    Ok(())
}

/// `portbook`, `portbook_SITE`.
fn is_own_name(text: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    text.starts_with("portbook") && text.chars().all(plain)
}
