//! Flags that stand for a site: addresses, zones, a proxy.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use clap::Args;

use portbook::address::{Prefix, PrefixSet};
use portbook::catalog::Catalog;
use portbook::finding::{Code, Finding, Findings};
use portbook::id::{RoleId, StationId, ZoneId};
use portbook::prerequisite::NamedHosts;
use portbook::site::{Proxy, ProxyListener, Site, SiteName, Station, prefix_finding};

/// The site.
#[derive(Debug, Args)]
#[command(next_help_heading = "Site")]
pub(crate) struct SiteArgs {
    /// The addresses of a role, as CIDR blocks or bare addresses
    #[arg(long, value_name = "ROLE=CIDR,...")]
    address: Vec<String>,
    /// The network zone of a role, as its firewall calls it
    #[arg(long, value_name = "ROLE=ZONE")]
    zone: Vec<String>,
    /// The proxy that HTTP and HTTPS go through
    #[arg(long, value_name = "HOST:PORT")]
    proxy: Option<String>,
    /// Names groups and objects inside artifacts
    #[arg(long, value_name = "NAME", default_value = "default")]
    site_name: String,
}

impl SiteArgs {
    /// The flags of a command that knows addresses and a proxy only.
    pub(crate) fn of(address: Vec<String>, proxy: Option<String>) -> Self {
        Self { address, zone: Vec::new(), proxy, site_name: "default".to_owned() }
    }

    /// Whether a proxy was given.
    pub(crate) fn has_proxy(&self) -> bool {
        self.proxy.is_some()
    }

    /// The roles that flags mention.
    pub(crate) fn roles(&self) -> BTreeSet<&str> {
        self.address.iter().chain(&self.zone).filter_map(|text| Some(text.split_once('=')?.0)).collect()
    }

    /// The hosts that flags name one by one; what does not have its form is said by [`SiteArgs::check`].
    pub(crate) fn hosts(&self) -> NamedHosts {
        let mut hosts = NamedHosts::new();
        for (role, value) in self.address.iter().filter_map(|text| text.split_once('=')) {
            let prefixes = value.split(',').filter_map(|part| Prefix::parse(part).ok());
            if let Ok(role) = RoleId::parse(role) {
                let named = prefixes.filter(|prefix| prefix.is_host()).map(Prefix::first);
                hosts.entry(role).or_default().extend(named);
            }
        }
        hosts
    }

    /// Checks the flags and makes an anonymous site of them.
    ///
    /// # Errors
    /// One finding for each value that does not have its form.
    pub(crate) fn check(&self, catalog: &Catalog) -> Result<Site, Findings> {
        let mut check = Check { catalog, findings: Findings::new() };
        let name = SiteName::parse(&self.site_name)
            .map_err(|finding| check.findings.push(finding))
            .unwrap_or_default();
        let proxy = self.proxy.as_deref().and_then(|text| check.listener(text)).map(Into::into);
        let mut addresses: BTreeMap<RoleId, Vec<Prefix>> = BTreeMap::new();
        for text in &self.address {
            if let Some((role, value)) = check.pair(text, "ROLE=CIDR,...") {
                addresses.entry(role).or_default().extend(check.prefixes(text, value));
            }
        }
        let mut zones: BTreeMap<RoleId, ZoneId> = BTreeMap::new();
        for text in &self.zone {
            if let Some((role, value)) = check.pair(text, "ROLE=ZONE") {
                let zone = check.zone(value);
                if let Some(first) = zones.get(&role).filter(|first| zone.as_ref() != Some(*first)) {
                    let message = format!("{role} is put in two zones: {first} and {}", value.escape_debug());
                    check.findings.push(Finding::new(Code::InvalidValue, message).help("keep one --zone"));
                }
                zones.extend(zone.map(|zone| (role, zone)));
            }
        }
        let stations = stations(&addresses, &zones, proxy.as_ref());
        check
            .findings
            .or_value(Site { name, stations, anonymous: true, proxy, outside: None })
            .map(|(site, _)| site)
    }
}

/// One host for each role that a flag mentions.
fn stations(
    addresses: &BTreeMap<RoleId, Vec<Prefix>>,
    zones: &BTreeMap<RoleId, ZoneId>,
    proxy: Option<&Arc<Proxy>>,
) -> Vec<Arc<Station>> {
    let roles: BTreeSet<&RoleId> = addresses.keys().chain(zones.keys()).collect();
    let station = |role: &RoleId| {
        Some(Arc::new(Station {
            addresses: addresses
                .get(role)
                .map(|prefixes| prefixes.iter().collect::<PrefixSet>())
                .unwrap_or_default(),
            zone: zones.get(role).cloned(),
            proxy: proxy.cloned(),
            ..Station::new(StationId::parse(role.as_str()).ok()?, BTreeSet::from([role.clone()]))
        }))
    };
    roles.into_iter().filter_map(station).collect()
}

struct Check<'a> {
    catalog: &'a Catalog,
    findings: Findings,
}

impl Check<'_> {
    fn pair<'t>(&mut self, text: &'t str, form: &str) -> Option<(RoleId, &'t str)> {
        let Some((role, value)) = text.split_once('=') else {
            let message = format!("`{}` is not of the form {form}", text.escape_debug());
            self.findings.push(Finding::new(Code::InvalidValue, message));
            return None;
        };
        match self.catalog.role(role) {
            Ok(role) if role.outside => {
                let message = format!("{} lies outside every site: it has no addresses of yours", role.id);
                self.findings.push(Finding::new(Code::InvalidValue, message));
                None
            }
            Ok(role) => Some((role.id.clone(), value)),
            Err(finding) => {
                self.findings.push(finding);
                None
            }
        }
    }

    fn prefixes(&mut self, flag: &str, value: &str) -> Vec<Prefix> {
        let parts: Vec<&str> = value.split(',').collect();
        if value.is_empty() || parts.iter().any(|part| part.is_empty()) {
            let message = format!("--address {}: an address is missing", flag.escape_debug());
            let help = "an empty list would mean any address to some products; give CIDR blocks with commas between them";
            self.findings.push(Finding::new(Code::EmptyAddresses, message).help(help));
            return Vec::new();
        }
        let mut prefixes = Vec::new();
        for part in parts {
            match Prefix::parse(part) {
                Ok(prefix) => prefixes.push(prefix),
                Err(error) => self
                    .findings
                    .push(prefix_finding(&error).note(format!("--address {}", flag.escape_debug()))),
            }
        }
        prefixes
    }

    fn zone(&mut self, text: &str) -> Option<ZoneId> {
        ZoneId::parse(text)
            .map_err(|error| self.findings.push(Finding::new(Code::InvalidName, error.to_string())))
            .ok()
    }

    fn listener(&mut self, text: &str) -> Option<ProxyListener> {
        let listener = ProxyListener::parse(text);
        if listener.is_none() {
            let message = format!("`{}` is not HOST:PORT", text.escape_debug());
            let help = "give the proxy as proxy.contoso.com:8080, 10.30.0.5:8080 or [2001:db8::5]:8080";
            self.findings.push(Finding::new(Code::InvalidValue, message).help(help));
        }
        listener
    }
}
