//! Hosts of a site, and the proxies among them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::check::Check;
use super::raw::{self, Text};
use crate::address::{Port, PortRange, Prefix, PrefixSet};
use crate::finding::{Code, Finding, Place, unknown};
use crate::host::HostName;
use crate::id::{RoleId, StationId};
use crate::site::{Proxy, ProxyAddress, ProxyListener, Station, Translated, prefix_finding};
use crate::yaml::Spanned;

/// The role of a host that is a web proxy. No document has it: it belongs to the way, not to a need.
pub(super) const PROXY: &str = "proxy";

impl Check<'_> {
    /// The hosts of a site: proxies first, since others name them.
    pub(super) fn hosts(&mut self, raw: &BTreeMap<String, Spanned<raw::Host>>) -> Vec<Arc<Station>> {
        let mut stations: BTreeMap<&str, Arc<Station>> = BTreeMap::new();
        let mut proxies: BTreeMap<&str, Arc<Proxy>> = BTreeMap::new();
        let (first, others): (Vec<_>, Vec<_>) = raw.iter().partition(|(_, host)| is_proxy(&host.value));
        for (name, host) in first.into_iter().chain(others) {
            let Some(station) = self.host(name, host, raw, &proxies).map(Arc::new) else { continue };
            if is_proxy(&host.value)
                && let Some(listener) = self.listener(host, &station)
            {
                proxies.insert(name, Arc::new(Proxy { listener, station: Some(Arc::clone(&station)) }));
            }
            stations.insert(name, station);
        }
        stations.into_values().collect()
    }

    fn host(
        &mut self,
        name: &str,
        host: &Spanned<raw::Host>,
        all: &BTreeMap<String, Spanned<raw::Host>>,
        proxies: &BTreeMap<&str, Arc<Proxy>>,
    ) -> Option<Station> {
        let place = self.place(host);
        let id = StationId::parse(name).map_err(|error| Finding::new(Code::InvalidName, error.to_string()));
        let id = self.take(id, &place);
        let raw = &host.value;
        let roles = self.roles(raw, &place);
        let addresses = raw.addresses.as_ref().map(|texts| self.prefixes(texts, &place)).unwrap_or_default();
        let zone = raw.zone.as_ref().and_then(|text| self.zone(&text.value, &self.place(text)));
        if let Some(text) = raw.proxy.as_ref().filter(|_| is_proxy(raw)) {
            let finding =
                Finding::new(Code::InvalidValue, format!("{name} is a proxy, and a proxy has none here"));
            let help = "chains of proxies are not placed: give the clients the proxy that goes out, or write the way to the next one by hand";
            self.findings.push(finding.at(self.place(text)).help(help));
        }
        let proxy = raw.proxy.as_ref().filter(|_| !is_proxy(raw));
        let proxy = proxy.and_then(|text| self.proxy(text, all, proxies));
        let seen_as = raw.seen_as.as_ref().map(|texts| self.translated(texts)).unwrap_or_default();
        let reached_at = raw.reached_at.as_ref().map(|texts| self.translated(texts)).unwrap_or_default();
        let clouds = raw.clouds.iter().flatten().filter_map(|text| self.cloud(text)).collect();
        if raw.clouds.as_ref().is_some_and(Vec::is_empty) {
            let finding = Finding::new(Code::InvalidValue, "`clouds` is empty").at(place.clone());
            self.findings.push(finding.help("leave the key out if the host talks to all clouds of the site"));
        }
        if !is_proxy(raw) && (raw.listens.is_some() || raw.dns.is_some()) {
            let message = format!("{name} listens as a proxy, and its roles do not name `{PROXY}`");
            self.findings.push(Finding::new(Code::InvalidValue, message).at(place).help("roles: [proxy]"));
        }
        Some(Station { addresses, zone, proxy, seen_as, reached_at, clouds, ..Station::new(id?, roles) })
    }

    fn roles(&mut self, raw: &raw::Host, place: &Place) -> BTreeSet<RoleId> {
        let texts = raw.roles.as_deref().unwrap_or_default();
        if texts.is_empty() {
            let finding = Finding::new(Code::YamlSyntax, "the host has no role").at(place.clone());
            self.findings
                .push(finding.help("such as `roles: [provisioning-agent]`; `portbook list roles` shows all"));
        }
        texts.iter().filter_map(|text| self.role(text)).collect()
    }

    fn role(&mut self, text: &Text) -> Option<RoleId> {
        let place = self.place(text);
        if text.value == PROXY {
            return RoleId::parse(PROXY).ok();
        }
        let role = self.take(self.catalog.role(&text.value), &place)?;
        if role.outside {
            let message = format!("{} lies outside every site: no host of yours plays it", role.id);
            self.findings.push(Finding::new(Code::InvalidValue, message).at(place));
            return None;
        }
        Some(role.id.clone())
    }

    fn prefixes(&mut self, texts: &[Text], place: &Place) -> PrefixSet {
        if texts.is_empty() {
            let help = "an empty list would mean any address to some products; leave the key out, or give CIDR blocks";
            let finding = Finding::new(Code::EmptyAddresses, "`addresses` is empty");
            self.findings.push(finding.at(place.clone()).help(help));
        }
        texts.iter().filter_map(|text| self.prefix(&text.value, &self.place(text))).collect()
    }

    fn prefix(&mut self, text: &str, place: &Place) -> Option<Prefix> {
        self.take(Prefix::parse(text).map_err(|error| prefix_finding(&error)), place)
    }

    fn translated(&mut self, texts: &Spanned<raw::Translated>) -> Translated {
        let place = self.place(texts);
        if texts.value.everywhere.is_empty() && texts.value.towards.is_empty() {
            let finding = Finding::new(Code::EmptyAddresses, "no address is given").at(place.clone());
            self.findings.push(finding.help("leave the key out where the own addresses hold"));
        }
        let mut towards = BTreeMap::new();
        for (zone, words) in &texts.value.towards {
            let prefixes = words.0.iter().filter_map(|text| self.prefix(text, &place)).collect();
            towards.extend(self.zone(zone, &place).map(|zone| (zone, prefixes)));
        }
        let everywhere = texts.value.everywhere.iter().filter_map(|text| self.prefix(text, &place)).collect();
        Translated { everywhere, towards }
    }

    /// The proxy that a host names: another host, or an address with a port.
    fn proxy(
        &mut self,
        text: &Text,
        all: &BTreeMap<String, Spanned<raw::Host>>,
        proxies: &BTreeMap<&str, Arc<Proxy>>,
    ) -> Option<Arc<Proxy>> {
        let place = self.place(text);
        if let Some(proxy) = proxies.get(text.value.as_str()) {
            return Some(Arc::clone(proxy));
        }
        if let Some(listener) = ProxyListener::parse(&text.value) {
            return Some(listener.into());
        }
        let finding = match all.get(&text.value) {
            // What is wrong with it was said.
            Some(host) if is_proxy(&host.value) => return None,
            Some(_) => {
                let message = format!("{} is a host without the role `{PROXY}`", text.value);
                Finding::new(Code::InvalidValue, message).help("roles: [proxy] and `listens` make it one")
            }
            None => {
                let known =
                    all.iter().filter(|(_, host)| is_proxy(&host.value)).map(|(name, _)| name.as_str());
                unknown(
                    Code::UnknownHost,
                    "proxy",
                    &text.value,
                    known,
                    "a host with the role `proxy`, or HOST:PORT; the site",
                )
            }
        };
        self.findings.push(finding.at(place));
        None
    }

    /// Where a proxy listens: at its name, else at its only address.
    fn listener(&mut self, host: &Spanned<raw::Host>, station: &Station) -> Option<ProxyListener> {
        let place = self.place(host);
        let raw = &host.value;
        let Some(listens) = &raw.listens else {
            let finding = Finding::new(Code::YamlSyntax, "a proxy without `listens`").at(place);
            self.findings.push(finding.help("the port on which it listens, such as `listens: 8080`"));
            return None;
        };
        let port = u16::try_from(listens.value).ok().and_then(Port::new);
        let port =
            port.ok_or_else(|| Finding::new(Code::InvalidValue, format!("{} is not a port", listens.value)));
        let port = self.take(port, &self.place(listens))?;
        let host = match &raw.dns {
            Some(dns) => {
                let name = HostName::parse(&dns.value);
                let name = name.map_err(|error| Finding::new(Code::InvalidValue, error.to_string()));
                ProxyAddress::Name(self.take(name, &self.place(dns))?)
            }
            None => self.only_address(station, &place)?,
        };
        Some(ProxyListener { host, port: PortRange::from(port) })
    }

    fn only_address(&mut self, station: &Station, place: &Place) -> Option<ProxyAddress> {
        let (_, reached) = station.as_destination(None);
        let mut prefixes = reached.prefixes();
        match (prefixes.next(), prefixes.next()) {
            (Some(only), None) if only.is_host() => Some(ProxyAddress::Ip(only.first())),
            _ => {
                let message = format!("{} has not one address, so clients need a name for it", station.id);
                let finding = Finding::new(Code::InvalidValue, message).at(place.clone());
                self.findings.push(finding.help("dns: proxy.contoso.com"));
                None
            }
        }
    }
}

fn is_proxy(host: &raw::Host) -> bool {
    host.roles.iter().flatten().any(|role| role.value == PROXY)
}
