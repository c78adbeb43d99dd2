//! Which connections tell something about which rules.

use std::net::IpAddr;

use crate::address::Transport;
use crate::catalog::{Catalog, Edition};
use crate::finding::Findings;
use crate::host::HostName;
use crate::id::{CloudId, DocumentId, RoleId, ScenarioId};
use crate::prerequisite::{Hosts, NamedHosts, Reach, SampleHost, TestPlan, Untestable, Way};
use crate::resolve::{Resolved, Selection};
use crate::rule::{Endpoint, Rule};
use crate::site::Site;

/// What is tested of a selection.
#[derive(Debug)]
pub struct CheckPlan {
    /// `Microsoft Entra Cloud Sync, public cloud`.
    pub title: String,
    /// The scenarios.
    pub scenarios: Vec<ScenarioId>,
    /// The cloud.
    pub cloud: CloudId,
    /// The documents that were read, with their editions.
    pub documents: Vec<(DocumentId, Edition)>,
    /// The roles that this machine stands for.
    pub roles: Vec<RoleId>,
    /// In the order of the rules, each endpoint, port and host once.
    pub lines: Vec<Line>,
    /// The connections, each once.
    pub probes: Vec<Probe>,
}

/// One endpoint and port.
#[derive(Debug)]
pub struct Line {
    /// The endpoint as its rules have it, with its port: `*.msappproxy.net:443`.
    pub endpoint: String,
    /// The rules that need it.
    pub rules: Vec<Rule>,
    /// How it is tested.
    pub test: Test,
}

/// How an endpoint is tested.
#[derive(Debug, PartialEq, Eq)]
pub enum Test {
    /// By a connection.
    Probe {
        /// Its index in [`CheckPlan::probes`].
        index: usize,
        /// The document that names the host, where it stands for a wildcard.
        sample: Option<SampleHost>,
    },
    /// Not: another role opens it, and this machine does not stand for that one.
    Elsewhere(Endpoint),
    /// Not from here.
    Untestable(Untestable),
    /// Not: only networks of the role are given.
    Networks(RoleId),
}

/// One connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Probe {
    /// To whom.
    pub host: Subject,
    /// To which port.
    pub port: u16,
    /// What is looked at once it is there.
    pub way: Way,
    /// The path of an HTTP request.
    pub path: String,
    /// Whether a proxy would carry it.
    pub proxied: bool,
}

/// Whom a connection is made to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subject {
    /// A host by name.
    Name(HostName),
    /// A host by address.
    Address(IpAddr),
}

impl std::fmt::Display for Subject {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Name(name) => f.pad(name.as_str()),
            Self::Address(IpAddr::V6(address)) => f.pad(&format!("[{address}]")),
            Self::Address(address) => f.pad(&address.to_string()),
        }
    }
}

impl CheckPlan {
    /// Plans the tests of a resolved selection, for a machine that stands for `roles`; without any, for the roles that the
    /// scenarios are about.
    ///
    /// # Errors
    /// All errors of the files that had to be read.
    pub fn of(
        catalog: &Catalog,
        selection: &Selection,
        resolved: &Resolved,
        site: &Site,
        hosts: &NamedHosts,
        roles: &[RoleId],
    ) -> Result<Self, Findings> {
        let roles = if roles.is_empty() { primary_roles(catalog, resolved)? } else { roles.to_vec() };
        let tests = TestPlan { catalog, selection, site, hosts, roles: &roles };
        let mut planning = Planning { roles: &roles, lines: Vec::new(), probes: Vec::new() };
        for rule in resolved.rules.iter() {
            match tests.test(rule)? {
                Some(test) => planning.reach(rule, test.reach),
                None => {
                    planning.line(rule, planning.endpoint(rule), Test::Elsewhere(rule.flow.from.clone()));
                }
            }
        }
        let Planning { lines, probes, .. } = planning;
        Ok(Self {
            title: resolved.title.clone(),
            scenarios: resolved.scenarios.clone(),
            cloud: resolved.cloud.clone(),
            documents: resolved.documents.clone(),
            roles,
            lines,
            probes,
        })
    }
}

fn primary_roles(catalog: &Catalog, resolved: &Resolved) -> Result<Vec<RoleId>, Findings> {
    let mut roles: Vec<RoleId> = Vec::new();
    for scenario in &resolved.scenarios {
        let role = &catalog.scenario(scenario.as_str())?.role;
        if !roles.contains(role) {
            roles.push(role.clone());
        }
    }
    Ok(roles)
}

struct Planning<'a> {
    /// The roles that this machine stands for.
    roles: &'a [RoleId],
    lines: Vec<Line>,
    probes: Vec<Probe>,
}

impl Planning<'_> {
    /// What a rule is about: `login.windows.net:443`, `www.microsoft.com:80/pkiops`, `domain-controller:53 UDP`; with its other
    /// end where that is not this machine.
    fn endpoint(&self, rule: &Rule) -> String {
        let flow = &rule.flow;
        let mut words = match &flow.to {
            Endpoint::Url { host, path } => format!("{host}:{}{path}", flow.ports),
            to => format!("{to}:{}", flow.ports),
        };
        if flow.transport == Transport::Udp {
            words.push_str(" UDP");
        }
        if !flow.from.role().is_some_and(|role| self.roles.contains(role)) {
            words.push_str(" from ");
            words.push_str(&flow.from.to_string());
        }
        words
    }

    fn reach(&mut self, rule: &Rule, reach: Reach) {
        let words = self.endpoint(rule);
        match reach {
            Reach::Hosts(hosts) => self.hosts(rule, &words, &hosts),
            Reach::Domain { networks, .. } => {
                if let Endpoint::Role(peer) = &rule.flow.to {
                    let test = without_address(peer, networks);
                    self.line(rule, words, test);
                }
            }
            Reach::Untestable(reason) => self.line(rule, words, Test::Untestable(reason)),
        }
    }

    fn hosts(&mut self, rule: &Rule, words: &str, hosts: &Hosts) {
        for host in &hosts.hosts {
            let Some(subject) = subject(host) else { continue };
            let endpoint = match (&rule.flow.to, &subject) {
                (Endpoint::Role(peer), subject) => format!("{peer} {subject}:{}", hosts.port),
                _ => words.to_owned(),
            };
            let index = self.probe(subject, hosts);
            self.line(rule, endpoint, Test::Probe { index, sample: hosts.sample.clone() });
        }
        if let (Endpoint::Role(peer), true) = (&rule.flow.to, hosts.networks > 0) {
            self.line(rule, words.to_owned(), Test::Networks(peer.clone()));
        }
    }

    /// The index of the connection, which may be there already.
    fn probe(&mut self, host: Subject, hosts: &Hosts) -> usize {
        // Only a request over plain HTTP shows its path; a proxy is asked so for every port but that of TLS.
        let shown = hosts.way == Way::Http || hosts.way == Way::Tcp && hosts.proxied;
        let path = if shown { hosts.path.clone() } else { "/".to_owned() };
        let probe = Probe { host, port: hosts.port, way: hosts.way, path, proxied: hosts.proxied };
        self.probes.iter().position(|known| *known == probe).unwrap_or_else(|| {
            self.probes.push(probe);
            self.probes.len() - 1
        })
    }

    /// Adds a rule to the line of its endpoint.
    fn line(&mut self, rule: &Rule, endpoint: String, test: Test) {
        match self.lines.iter_mut().find(|line| line.endpoint == endpoint && line.test == test) {
            Some(line) => line.rules.push(rule.clone()),
            None => self.lines.push(Line { endpoint, rules: vec![rule.clone()], test }),
        }
    }
}

fn without_address(role: &RoleId, networks: usize) -> Test {
    if networks > 0 {
        Test::Networks(role.clone())
    } else {
        Test::Untestable(Untestable::NoAddress(role.clone()))
    }
}

/// A bare address, or a name; the planner of tests gives nothing else.
fn subject(text: &str) -> Option<Subject> {
    let address = text.parse::<IpAddr>().map(Subject::Address);
    address.or_else(|_| HostName::parse(text).map(Subject::Name)).ok()
}
