//! A site file to start from, with a comment at every key.

use std::fmt::Write as _;

use crate::address::{Prefix, PrefixSet};
use crate::id::{CloudId, RoleId, ScenarioId, ZoneId};
use crate::site::{ProxyAddress, ProxyListener, SiteName};

/// What is known of a site.
#[derive(Debug)]
pub struct Starter {
    /// Its name.
    pub name: SiteName,
    /// Its cloud.
    pub cloud: CloudId,
    /// What is deployed.
    pub scenarios: Vec<ScenarioId>,
    /// The roles of its rules, with what is known of their hosts.
    pub hosts: Vec<StarterHost>,
    /// The proxy that HTTP goes through.
    pub proxy: Option<ProxyListener>,
    /// What is written.
    pub targets: Vec<&'static str>,
    /// Keys of `select` with their values, as YAML.
    pub select: Vec<(&'static str, String)>,
    /// Parameters that the selection needs, with what is given for them.
    pub parameters: Vec<(String, String)>,
}

/// A host of a starter.
#[derive(Debug)]
pub struct StarterHost {
    /// Its role, which is also its name.
    pub role: RoleId,
    /// What the role is called.
    pub title: String,
    /// Its addresses; empty if they were not given.
    pub addresses: PrefixSet,
    /// Its zone.
    pub zone: Option<ZoneId>,
    /// Whether it opens connections to the cloud, and so may use the proxy.
    pub opens: bool,
}

impl Starter {
    /// The text of the file. It can be built as it stands, as far as its targets need no address that is missing.
    pub fn to_text(&self) -> String {
        let mut text = String::new();
        text.push_str("# Portbook site file: who stands where, and which files are wanted. `portbook build` writes them.\n");
        text.push_str("# Every key is in docs/sites.md; editors check it by docs/site.schema.json.\n\n");
        let _ = writeln!(
            text,
            "# Objects on devices carry this name: keep it short, and keep it.\nname: \"{}\"",
            self.name
        );
        let _ = writeln!(
            text,
            "\n# `portbook list clouds` and `portbook list scenarios` show all.\ncloud: {}",
            self.cloud
        );
        let scenarios: Vec<&str> = self.scenarios.iter().map(ScenarioId::as_str).collect();
        let _ = writeln!(text, "scenarios: [{}]", scenarios.join(", "));
        if !self.select.is_empty() {
            text.push_str("\n# Which of the documented needs are taken; all that are required if nothing is said.\nselect:\n");
            for (key, value) in &self.select {
                let _ = writeln!(text, "  {key}: {value}");
            }
        }
        if !self.parameters.is_empty() {
            text.push_str("\n# Values that only you know.\nparameters:\n");
            for (name, value) in &self.parameters {
                let _ = writeln!(text, "  {name}: {}", quoted(value));
            }
        }
        text.push_str("\n# Hosts, or groups of equal hosts. Without addresses, targets that need them refuse the rules.\nhosts:\n");
        self.hosts.iter().for_each(|host| text.push_str(&self.host(host)));
        if let Some(proxy) = &self.proxy {
            text.push_str(&proxy_host(proxy));
        }
        text.push_str(&self.targets());
        text.push_str(&self.expectations());
        text
    }

    fn host(&self, host: &StarterHost) -> String {
        let mut text = format!("  # {}\n  {}:\n    roles: [{}]\n", host.title, host.role, host.role);
        if host.addresses.is_empty() {
            text.push_str("    # addresses: [10.20.0.11, 10.20.0.12]\n");
        } else {
            let prefixes = host.addresses.prefixes().flat_map(single);
            // A colon after a digit could be taken for a number of base 60.
            let quoted = prefixes.map(|prefix| format!("\"{prefix}\""));
            let _ = writeln!(text, "    addresses: [{}]", quoted.collect::<Vec<_>>().join(", "));
        }
        match &host.zone {
            Some(zone) => drop(writeln!(text, "    zone: \"{zone}\"")),
            None => text.push_str(
                "    # zone: servers    # as its firewall calls it; needed by targets between zones\n",
            ),
        }
        if host.opens && self.proxy.is_some() {
            text.push_str("    proxy: proxy\n");
        }
        text
    }

    fn targets(&self) -> String {
        let mut text = String::from(
            "\n# What is written, below this folder; `portbook list targets` shows all, with their settings.\ntargets:\n",
        );
        for target in &self.targets {
            let _ = writeln!(text, "  - {{target: {target}}}");
        }
        text.push_str(
            "  # - {target: palo-alto-set, between: [servers, internet], output: palo-alto/edge.set}\n",
        );
        text.push_str("  # - {target: windows-firewall, for: provisioning-agent, output: agents.ps1, settings: {os: 2022}}\n");
        text.push_str("\n# Losses that you know and want, each with a reason: `portbook explain CODE` says what they mean.\n");
        text.push_str("# accept:\n#   - {code: handshake-before-name, because: known property of the firewall, until: 2027-12-31}\n");
        text
    }

    fn expectations(&self) -> String {
        let Some(host) = self.hosts.iter().find(|host| host.opens) else { return String::new() };
        format!(
            "\n# What must hold: `portbook test` judges it on the rules and on every target.\n\
             # expect:\n#   - allow {role} -> login.microsoftonline.com:443\n#   - deny {role} -> example.com:443\n",
            role = host.role
        )
    }
}

/// Two neighbours given one by one are two hosts, and are written so.
fn single(prefix: Prefix) -> Vec<String> {
    let ends = [prefix.first(), prefix.last()];
    match prefix.count().get() {
        Some(2) => ends.iter().map(ToString::to_string).collect(),
        _ => vec![prefix.to_bare()],
    }
}

/// A text in quotes: without them some would be read as numbers, or as nothing.
pub fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

fn proxy_host(proxy: &ProxyListener) -> String {
    let mut text = String::from("  # Web proxy\n  proxy:\n    roles: [proxy]\n");
    match &proxy.host {
        ProxyAddress::Name(name) => drop(writeln!(text, "    dns: \"{name}\"")),
        ProxyAddress::Ip(address) => drop(writeln!(text, "    addresses: [\"{address}\"]")),
    }
    let _ = writeln!(text, "    listens: {}", proxy.port);
    text
}
