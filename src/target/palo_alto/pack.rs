//! From what fitted to objects and rules.

use std::collections::{BTreeMap, BTreeSet};

use super::bundle::{Bundle, Crossing, Goal, Key, Kind, Wanted};
use super::entry;
use super::label::{ANY, Names, describe};
use super::name;
use super::policy::{Address, Policy, Rule, Service};
use crate::address::{Family, Prefix, PrefixSet};
use crate::finding::{Code, Finding, Findings};
use crate::id::ZoneId;
use crate::place::AddressSet;
use crate::rule::TlsInspection;
use crate::target::{Fitted, FittedRule, Match, Settings};

/// Names, groups and bundles what fitted.
///
/// # Errors
/// When a rule would have no end, or when two things would get one name.
pub(super) fn policy(fitted: &Fitted, settings: &Settings) -> Result<Policy, Findings> {
    let mut packer = Packer::new(fitted, settings);
    if fitted.rules.is_empty() {
        packer.findings.push(nothing());
    }
    for rule in &fitted.rules {
        packer.take(rule);
    }
    packer.finish()
}

/// The refusal to write an artifact that would look finished and hold nothing.
pub(super) fn nothing() -> Finding {
    Finding::new(Code::NothingSelected, "no rule of the selection concerns this firewall")
        .help("widen the selection, or leave this target out")
}

/// Whether a name is matched by the addresses that the firewall resolves: `fit` says so by this loss, and gives it
/// to no name that a category can hold.
pub(super) fn is_resolved(rule: &FittedRule) -> bool {
    rule.losses.iter().any(|loss| loss.code == Code::FqdnByAddress)
}

/// Refuses an address set from which a rule would match more than the set.
pub(super) fn check_set(set: &AddressSet) -> Result<(), Finding> {
    if set.prefixes.is_empty() {
        let message = format!("{} has no address, and an empty group is no group", set.name);
        return Err(Finding::new(Code::EmptyAddresses, message));
    }
    // "The set of IPv4 addresses is treated as a subset of the set of IPv6 addresses" (PAN-OS Administrator's Guide,
    // Create a Decryption Policy Rule): all of IPv6 would be all of IPv4 too.
    let whole = |family| set.prefixes.covers(&Prefix::whole(family));
    if whole(Family::V6) && !whole(Family::V4) {
        let message = format!("{}: PAN-OS takes ::/0 for all IPv4 addresses too", set.name);
        return Err(Finding::new(Code::InvalidPrefix, message)
            .help("give 2000::/3 for all of the IPv6 internet, or add 0.0.0.0/0"));
    }
    Ok(())
}

struct Packer<'a> {
    site: &'a str,
    zones: [Option<&'a str>; 2],
    exclude_all: bool,
    /// Contents of the address sets of each name, each content once.
    contents: BTreeMap<&'a str, Vec<&'a PrefixSet>>,
    policy: Policy,
    wanted: Wanted,
    findings: Findings,
}

impl<'a> Packer<'a> {
    fn new(fitted: &'a Fitted, settings: &'a Settings) -> Self {
        Self {
            site: fitted.site.as_str(),
            zones: [settings.get("from-zone"), settings.get("to-zone")],
            exclude_all: settings.is("no-decrypt", "yes"),
            contents: contents(fitted),
            policy: Policy::default(),
            wanted: Wanted::default(),
            findings: Findings::new(),
        }
    }

    fn take(&mut self, rule: &FittedRule) {
        match self.wish(rule) {
            Err(finding) => self.findings.push(finding),
            Ok((crossing, goal)) => {
                let service =
                    Service { transport: rule.transport, ports: rule.ports, source_ports: rule.source_ports };
                self.policy.services.insert(service);
                self.wanted.add(crossing, goal, service, rule.from_label(), rule.rule.id.clone());
            }
        }
    }

    fn wish(&mut self, rule: &FittedRule) -> Result<(Crossing, Goal), Finding> {
        let source = match &rule.source {
            Match::Any => ANY.to_owned(),
            Match::Addresses(set) => self.group(set)?,
            _ => return Err(no_end(Code::SourceNotGiven, rule, "source")),
        };
        let goal = match &rule.destination {
            Match::Any => Goal::Any,
            Match::Addresses(set) => Goal::Group(self.group(set)?),
            Match::Name(pattern) if !is_resolved(rule) => Goal::Web(pattern.clone()),
            Match::Name(pattern) => match pattern.exact() {
                Some(name) => Goal::Name(name.clone()),
                None => return Err(no_end(Code::CategoryNeedsHttp, rule, "destination")),
            },
            _ => return Err(no_end(Code::DestinationNotGiven, rule, "destination")),
        };
        if source == ANY && goal == Goal::Any {
            return Err(no_end(Code::SourceNotGiven, rule, "source or destination"));
        }
        let exclude = rule.rule.tls_inspection == TlsInspection::Exclude;
        let [from, to] = self.crossed(rule);
        Ok((Crossing { source, from, to, exclude }, goal))
    }

    /// Zones of a rule, those of the settings where the site gives none.
    fn crossed(&self, rule: &FittedRule) -> [String; 2] {
        let (from, to) = rule.zones();
        let [from_setting, to_setting] = self.zones;
        let zone = |zone: Option<&ZoneId>, setting: Option<&str>| {
            zone.map(ZoneId::as_str).or(setting).unwrap_or(ANY).to_owned()
        };
        [zone(from, from_setting), zone(to, to_setting)]
    }

    /// The group of a set, written once however many rules share it.
    fn group(&mut self, set: &AddressSet) -> Result<String, Finding> {
        let name = self.group_name(set);
        if !self.policy.groups.contains_key(&name) {
            check_set(set)?;
            let members: Vec<Address> = set.prefixes.prefixes().map(Address::Netmask).collect();
            self.policy.addresses.extend(members.iter().cloned());
            self.policy.groups.insert(name.clone(), members);
        }
        Ok(name)
    }

    /// Named by site and set; by content too where sets of one name differ, as those of two proxies do.
    fn group_name(&self, set: &AddressSet) -> String {
        let text = format!("portbook-{}-{}", self.site, set.name);
        if self.contents.get(set.name.as_str()).is_some_and(|contents| contents.len() > 1) {
            return name::marked(&text, &format!("{text}|{}", set.prefixes), name::OBJECT);
        }
        name::fitted(&text, name::OBJECT)
    }

    fn finish(mut self) -> Result<Policy, Findings> {
        for (key, bundle) in std::mem::take(&mut self.wanted).bundles() {
            if let Err(finding) = self.rule(&key, bundle) {
                self.findings.push(finding);
            }
        }
        self.check_names();
        self.findings.or_value(self.policy).map(|(policy, _)| policy)
    }

    fn rule(&mut self, key: &Key, bundle: Bundle) -> Result<(), Finding> {
        let names = Names::of(self.site, key);
        let description = describe(self.site, key, &bundle);
        let (destination, category) = match &key.kind {
            Kind::Web => {
                let entries = entry::entries(bundle.patterns)?;
                self.policy.categories.insert(names.category.clone(), entries);
                (ANY.to_owned(), names.category)
            }
            Kind::Names => {
                let members: Vec<Address> = bundle.names.into_iter().map(Address::Fqdn).collect();
                self.policy.addresses.extend(members.iter().cloned());
                self.policy.groups.insert(names.group.clone(), members);
                (names.group, ANY.to_owned())
            }
            Kind::Group(group) => (group.clone(), ANY.to_owned()),
            Kind::Any => (ANY.to_owned(), ANY.to_owned()),
        };
        let rule = Rule {
            name: names.rule,
            from: key.crossing.from.clone(),
            to: key.crossing.to.clone(),
            source: key.crossing.source.clone(),
            destination,
            category,
            services: key.services.iter().map(Service::name).collect(),
            description,
        };
        if key.crossing.exclude || self.exclude_all && key.kind == Kind::Web {
            self.policy.exclusions.push(rule.clone());
        }
        self.policy.rules.push(rule);
        Ok(())
    }

    /// Names are hashes where they are not their content, and a hash of 30 bits may be shared by chance.
    fn check_names(&mut self) {
        let mut seen = BTreeSet::new();
        let rules = self.policy.rules.iter().map(|rule| format!("rule {}", rule.name));
        let categories =
            self.policy.rules.iter().filter(|rule| rule.category != ANY).map(|rule| &rule.category);
        let categories = categories.map(|name| format!("category {name}"));
        // Two prefixes never share a name, and there may be many of them.
        let addresses = self.policy.addresses.iter().filter(|address| matches!(address, Address::Fqdn(_)));
        let addresses = addresses.map(|address| format!("object {}", address.name()));
        let groups = self.policy.groups.keys().map(|name| format!("object {name}"));
        let twice: Vec<String> = rules
            .chain(categories)
            .chain(addresses)
            .chain(groups)
            .filter(|name| !seen.insert(name.clone()))
            .collect();
        for name in twice {
            let message = format!("two different things would be the {name}");
            self.findings.push(
                Finding::new(Code::InvalidName, message)
                    .help("rename the site, or one of its hosts or zones"),
            );
        }
    }
}

fn contents(fitted: &Fitted) -> BTreeMap<&str, Vec<&PrefixSet>> {
    let mut contents: BTreeMap<&str, Vec<&PrefixSet>> = BTreeMap::new();
    for rule in &fitted.rules {
        for side in [&rule.source, &rule.destination] {
            if let Match::Addresses(set) = side {
                let known = contents.entry(&set.name).or_default();
                // Shared sets are the same allocation: the long comparison is for the others.
                if !known
                    .iter()
                    .any(|known| std::ptr::eq(*known, &raw const set.prefixes) || *known == &set.prefixes)
                {
                    known.push(&set.prefixes);
                }
            }
        }
    }
    contents
}

fn no_end(code: Code, rule: &FittedRule, side: &str) -> Finding {
    let message = format!("{}: PAN-OS cannot match the {side} of this rule", rule.rule.id);
    Finding::new(code, message).help("give addresses with --address ROLE=CIDR,...")
}
