//! What sites of one file share: everything beside `sites` holds for each of them that does not say otherwise.
//!
//! A value of the site takes the place of the shared one. Hosts and settings of `select` are joined key by key, and a
//! shared host can get its addresses from the site. Targets, acceptances and expectations of the site come after the
//! shared ones.

use super::raw::{Host, Select, Site};
use crate::yaml::Spanned;

impl Site {
    /// This site with what `shared` says where it says nothing.
    pub(super) fn or(self, shared: &Self) -> Self {
        let clouds_said = self.cloud.is_some() || self.clouds.is_some() || self.scenarios.is_some();
        let shared_clouds = shared.clouds.clone().filter(|_| !clouds_said);
        let mut hosts = shared.hosts.clone();
        for (name, host) in self.hosts {
            let joined = match hosts.remove(&name) {
                Some(shared) => Spanned { value: host.value.or(shared.value), span: host.span },
                None => host,
            };
            hosts.insert(name, joined);
        }
        let mut parameters = shared.parameters.clone();
        parameters.extend(self.parameters);
        Self {
            name: self.name,
            folder: self.folder,
            cloud: self.cloud.or_else(|| shared.cloud.clone().filter(|_| self.clouds.is_none())),
            scenarios: self.scenarios.or_else(|| shared.scenarios.clone().filter(|_| self.clouds.is_none())),
            clouds: self.clouds.or(shared_clouds),
            select: self.select.or(&shared.select),
            parameters,
            outside: self.outside.or_else(|| shared.outside.clone()),
            hosts,
            targets: joined(&shared.targets, self.targets),
            ip_fallback: self.ip_fallback.or_else(|| shared.ip_fallback.clone()),
            strict: self.strict.or(shared.strict),
            accept: joined(&shared.accept, self.accept),
            expect: joined(&shared.expect, self.expect),
            auto_merge: self.auto_merge.or_else(|| shared.auto_merge.clone()),
            sites: self.sites,
        }
    }
}

impl Select {
    fn or(self, shared: &Self) -> Self {
        let mut choose = shared.choose.clone().unwrap_or_default();
        choose.extend(self.choose.unwrap_or_default());
        Self {
            as_of: self.as_of.or_else(|| shared.as_of.clone()),
            editions: self.editions.or_else(|| shared.editions.clone()),
            also: self.also.or_else(|| shared.also.clone()),
            optional: self.optional.or(shared.optional),
            when: self.when.or_else(|| shared.when.clone()),
            unless: self.unless.or_else(|| shared.unless.clone()),
            choose: Some(choose),
            phases: self.phases.or_else(|| shared.phases.clone()),
            roles: self.roles.or_else(|| shared.roles.clone()),
            gaps: self.gaps.or(shared.gaps),
            verbatim: self.verbatim.or(shared.verbatim),
        }
    }
}

impl Host {
    fn or(self, shared: Self) -> Self {
        Self {
            addresses: self.addresses.or(shared.addresses),
            roles: self.roles.or(shared.roles),
            zone: self.zone.or(shared.zone),
            proxy: self.proxy.or(shared.proxy),
            listens: self.listens.or(shared.listens),
            dns: self.dns.or(shared.dns),
            seen_as: self.seen_as.or(shared.seen_as),
            reached_at: self.reached_at.or(shared.reached_at),
            clouds: self.clouds.or(shared.clouds),
        }
    }
}

fn joined<T: Clone>(shared: &[T], own: Vec<T>) -> Vec<T> {
    shared.iter().cloned().chain(own).collect()
}
