//! One probe from beginning to end, and all of them side by side.

use std::cell::Cell;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use rustls::version::{TLS12, TLS13};

use crate::check::{Outcome, Probe, TlsAnswer, TlsVersions, Verdict};
use crate::prerequisite::Way;

use super::deadline::{Deadline, Timed};
use super::dns::{Mapping, addresses};
use super::fault::Fault;
use super::http;
use super::proxy::{Proxy, reaching};
use super::route::Route;
use super::tcp::connect;
use super::tls::{Handshake, judge, shake};
use super::trust::Trust;

/// How much time there is, and how much is done at a time.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// For each step: look-up, connection, answer of the proxy, handshake, answer.
    pub step: Duration,
    /// For everything.
    pub total: Duration,
    /// Probes at a time.
    pub jobs: usize,
}

/// Makes probes.
#[derive(Debug)]
pub struct Prober {
    /// Time.
    pub limits: Limits,
    /// Through which proxy.
    pub route: Route,
    /// Where connections go in place of what names resolve to.
    pub mappings: Vec<Mapping>,
    /// Whose word on certificates counts.
    pub trust: Trust,
    /// How the program calls itself to proxies and over plain HTTP.
    pub user_agent: String,
}

/// What threads may take to tell that their time was over, before they are given up.
const GRACE: Duration = Duration::from_millis(250);

impl Prober {
    /// Makes all probes and gives their outcomes in the same order, at the latest a moment after the total time: what hangs is
    /// left behind as [`Verdict::NotFinished`]. `done` hears how many are done.
    pub fn run(self: &Arc<Self>, probes: &[Probe], done: &dyn Fn(usize)) -> Vec<Outcome> {
        let end = Deadline::after(self.limits.total);
        let last = Deadline::after(self.limits.total.saturating_add(GRACE));
        let (probes, next): (Arc<[Probe]>, _) = (probes.into(), Arc::new(AtomicUsize::new(0)));
        let (sender, receiver) = mpsc::channel();
        for _ in 0..self.limits.jobs.clamp(1, probes.len().max(1)) {
            let (own, probes, next) = (Arc::clone(self), Arc::clone(&probes), Arc::clone(&next));
            let sender = sender.clone();
            let work = move || {
                while let Some((index, probe)) = take(&next, &probes) {
                    if end.left().is_none() || sender.send((index, own.probe(probe, end))).is_err() {
                        return;
                    }
                }
            };
            // Without a further thread those that are there do its work.
            let _ = thread::Builder::new().name("probe".to_owned()).spawn(work);
        }
        drop(sender);
        let mut outcomes = vec![Outcome::new(Verdict::NotFinished, ""); probes.len()];
        let mut count = 0;
        while let Ok((index, outcome)) = receiver.recv_timeout(last.left().unwrap_or_default()) {
            if let Some(slot) = outcomes.get_mut(index) {
                *slot = outcome;
            }
            count += 1;
            done(count);
        }
        outcomes
    }

    fn probe(&self, probe: &Probe, end: Deadline) -> Outcome {
        let started = Instant::now();
        let proxy = self.route.proxy(probe);
        let attempt = Attempt { prober: self, probe, proxy, end, address: Cell::new(None) };
        let mut outcome = attempt.outcome();
        outcome.proxied = attempt.proxy.is_some();
        outcome.address = attempt.address.get();
        outcome.elapsed = started.elapsed();
        if outcome.verdict.is_of_time() && end.left().is_none() {
            outcome.verdict = Verdict::NotFinished;
        }
        outcome
    }
}

fn take<'p>(next: &AtomicUsize, probes: &'p [Probe]) -> Option<(usize, &'p Probe)> {
    let index = next.fetch_add(1, Ordering::Relaxed);
    Some((index, probes.get(index)?))
}

/// One probe while it is made.
struct Attempt<'a> {
    prober: &'a Prober,
    probe: &'a Probe,
    proxy: Option<&'a Proxy>,
    end: Deadline,
    /// What was connected to.
    address: Cell<Option<SocketAddr>>,
}

impl Attempt<'_> {
    /// The end of the step that begins now.
    fn step(&self) -> Deadline {
        Deadline::after(self.prober.limits.step).earlier(self.end)
    }

    fn outcome(&self) -> Outcome {
        let found = match self.found() {
            Ok(found) => found,
            Err(fault) => return Outcome::new(fault.verdict, fault.detail),
        };
        match (self.probe.way, self.proxy) {
            (Way::Tls, _) => self.tls(&found),
            (Way::Tcp, None) => self.tcp(&found),
            // A proxy carries plain HTTP as a request: a tunnel to such a port is what it refuses.
            (Way::Http, _) | (Way::Tcp, Some(_)) => self.http(&found),
        }
    }

    /// The addresses of the proxy, or of the host: a host behind a proxy is looked up by the proxy.
    fn found(&self) -> Result<Vec<SocketAddr>, Fault> {
        let mappings = &self.prober.mappings;
        match self.proxy {
            Some(proxy) => addresses(&proxy.host, proxy.port, mappings, self.step()).map_err(reaching),
            None => addresses(&self.probe.host, self.probe.port, mappings, self.step()),
        }
    }

    /// A connection to the proxy, or to the host, for the step after it.
    fn connected(&self, found: &[SocketAddr]) -> Result<Timed, Fault> {
        let connected = connect(found, self.step());
        let connected = if self.proxy.is_some() { connected.map_err(reaching) } else { connected };
        let (stream, address) = connected?;
        self.address.set(Some(address));
        Ok(Timed::new(stream, self.step()))
    }

    /// A connection to the host, through the proxy where one is on the way.
    fn opened(&self, found: &[SocketAddr]) -> Result<Timed, Fault> {
        let Some(proxy) = self.proxy else { return self.connected(found) };
        let Probe { host, port, .. } = self.probe;
        let connect = || self.connected(found);
        let stream = proxy.tunnel(host, *port, &self.prober.user_agent, &connect)?;
        Ok(stream.until(self.step()))
    }

    fn tcp(&self, found: &[SocketAddr]) -> Outcome {
        match self.opened(found) {
            Ok(_) => Outcome::new(Verdict::Reachable, ""),
            Err(fault) => Outcome::new(fault.verdict, fault.detail),
        }
    }

    fn http(&self, found: &[SocketAddr]) -> Outcome {
        match self.status(found) {
            Ok(status) => {
                Outcome { status: Some(status), ..Outcome::new(Verdict::Reachable, format!("HTTP {status}")) }
            }
            Err(fault) => Outcome::new(fault.verdict, fault.detail),
        }
    }

    fn status(&self, found: &[SocketAddr]) -> Result<u16, Fault> {
        let Probe { host, port, path, .. } = self.probe;
        let user_agent = &self.prober.user_agent;
        if let Some(proxy) = self.proxy {
            return proxy.get(host, *port, path, user_agent, &|| self.connected(found));
        }
        http::direct(&mut self.opened(found)?, host, *port, path, user_agent)
    }

    /// Both versions, each in a connection of its own; the second one is left out where nothing, or no TLS, answered the first.
    fn tls(&self, found: &[SocketAddr]) -> Outcome {
        let older = match self.shaken(found, &TLS12) {
            Ok(handshake) => handshake,
            Err(fault) => return Outcome::new(fault.verdict, fault.detail),
        };
        let hopeless = [Verdict::TlsTimedOut, Verdict::NotTls];
        // Some servers close the connection where they should say that they refuse the version.
        let speaks = older.fault.as_ref().is_none_or(|fault| !hopeless.contains(&fault.verdict));
        let newer = speaks.then(|| self.shaken(found, &TLS13)).and_then(Result::ok);
        let v1_3 = newer.as_ref().map_or(TlsAnswer::Unknown, |handshake| handshake.answer);
        let versions = TlsVersions { v1_2: older.answer, v1_3 };
        outcome_of(telling(older, newer), versions)
    }

    fn shaken(
        &self,
        found: &[SocketAddr],
        version: &'static rustls::SupportedProtocolVersion,
    ) -> Result<Handshake, Fault> {
        let stream = self.opened(found)?;
        Ok(shake(stream, &self.probe.host, version, &self.prober.trust))
    }
}

/// The handshake that decides: one that the host took, and of two such ones that with something wrong. Something on the way may
/// open one version and leave the other alone.
fn telling(older: Handshake, newer: Option<Handshake>) -> Handshake {
    match newer {
        Some(newer) if older.answer != TlsAnswer::Taken => newer,
        Some(newer)
            if newer.answer == TlsAnswer::Taken && result_of(&older).verdict == Verdict::Reachable =>
        {
            newer
        }
        _ => older,
    }
}

/// A handshake that breaks behind a good certificate is no way to the host.
fn result_of(handshake: &Handshake) -> Fault {
    let judged = || handshake.seen.as_ref().map(judge);
    handshake.fault.clone().or_else(judged).unwrap_or_else(|| Fault::new(Verdict::TlsRefused, ""))
}

fn outcome_of(handshake: Handshake, versions: TlsVersions) -> Outcome {
    let fault = result_of(&handshake);
    Outcome {
        tls: Some(versions),
        certificate: handshake.seen.and_then(|seen| seen.shown).map(|shown| shown.certificate),
        ..Outcome::new(fault.verdict, fault.detail)
    }
}
