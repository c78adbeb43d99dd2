//! Targets of a site.

use std::collections::BTreeSet;

use super::check::Check;
use super::raw::{self, Text, Words};
use super::{Output, PlannedTarget};
use crate::finding::{Code, Finding, Place, unknown};
use crate::id::{StationId, ZoneId};
use crate::site::Site;
use crate::target::{Crossing, FamilyChoice, Focus, SettingKind, Settings, TARGETS, TargetSpec, find};
use crate::yaml::Spanned;

impl Check<'_> {
    pub(super) fn targets(&mut self, raw: &[Spanned<raw::Target>], site: &Site) -> Vec<PlannedTarget> {
        let targets: Vec<PlannedTarget> = raw.iter().filter_map(|target| self.target(target, site)).collect();
        if targets.iter().any(|target| target.focus.crossing.is_some()) {
            self.zones_given(site);
        }
        targets
    }

    /// Who stands in no zone would be missing between zones without a word.
    fn zones_given(&mut self, site: &Site) {
        let proxies = site.stations.iter().filter_map(|station| station.proxy.as_ref());
        for proxy in proxies.filter(|proxy| proxy.station.is_none()) {
            let message = format!("the proxy {proxy} has no zone, and a target stands between zones");
            let finding = Finding::new(Code::ZoneMissing, message);
            self.findings.push(finding.help("make it a host with the role `proxy`, `listens` and a `zone`"));
        }
        for station in site.stations.iter().filter(|station| station.zone.is_none()) {
            let message = format!("{} has no zone, and a target stands between zones", station.id);
            self.findings.push(Finding::new(Code::ZoneMissing, message).help("give the host a `zone`"));
        }
    }

    fn target(&mut self, target: &Spanned<raw::Target>, site: &Site) -> Option<PlannedTarget> {
        let (raw, place) = (&target.value, self.place(target));
        let id = &raw.target;
        let Some(spec) = find(&id.value) else {
            let known = TARGETS.iter().map(|target| target.id);
            let finding = unknown(Code::UnknownTarget, "target", &id.value, known, "`portbook list targets`");
            self.findings.push(finding.at(self.place(id)));
            return None;
        };
        let stations = raw.hosts.as_ref().map(|words| self.stations(words, site)).unwrap_or_default();
        let crossing = self.crossing(raw, spec, site, &place);
        let family = self.family(raw.family.as_ref());
        let settings = self.settings(raw, spec);
        let output =
            raw.output.as_ref().and_then(|text| self.take(Output::parse(&text.value), &self.place(text)));
        let denies = raw.default.as_ref().is_some_and(|text| self.denies(text));
        let focus = Focus { stations, crossing, family };
        Some(PlannedTarget { target: spec, settings: settings?, focus, output, denies, place })
    }

    fn stations(&mut self, words: &Spanned<Words>, site: &Site) -> Vec<StationId> {
        let place = self.place(words);
        let mut stations = Vec::new();
        for word in &words.value.0 {
            if let Some(station) = site.stations.iter().find(|station| station.id.as_str() == word) {
                stations.push(station.id.clone());
                continue;
            }
            let known = site.stations.iter().map(|station| station.id.as_str());
            let finding = unknown(Code::UnknownHost, "host", word, known, "`hosts` of the site");
            self.findings.push(finding.at(place.clone()));
        }
        stations
    }

    fn crossing(
        &mut self,
        raw: &raw::Target,
        spec: &TargetSpec,
        site: &Site,
        place: &Place,
    ) -> Option<Crossing> {
        let zones = |words: &Option<Spanned<Words>>, check: &mut Self| -> BTreeSet<ZoneId> {
            let words = words.as_ref().map(|words| (check.place(words), words.value.0.clone()));
            let (at, words) = words.unwrap_or_else(|| (place.clone(), Vec::new()));
            words.iter().filter_map(|word| check.known_zone(word, &at, site)).collect()
        };
        let from = zones(&raw.from, self);
        let to = zones(&raw.to, self);
        let between: BTreeSet<ZoneId> = match &raw.between {
            None => BTreeSet::new(),
            Some(texts) => texts
                .iter()
                .filter_map(|text| self.known_zone(&text.value, &self.place(text), site))
                .collect(),
        };
        let one_way = raw.from.is_some() || raw.to.is_some();
        let wrong = match (&raw.between, one_way) {
            (None, false) => return None,
            _ if !spec.vantage.is_between_zones() => {
                Some(format!("{} does not stand between zones", spec.id))
            }
            (Some(_), true) => {
                Some("`between` is both ways, `from` and `to` one way: give either".to_owned())
            }
            (Some(texts), false) if texts.len() < 2 => Some("`between` takes two zones or more".to_owned()),
            _ => None,
        };
        if let Some(message) = wrong {
            self.findings.push(Finding::new(Code::InvalidValue, message).at(place.clone()));
            return None;
        }
        Some(if one_way { Crossing { from, to } } else { Crossing { from: between.clone(), to: between } })
    }

    pub(super) fn known_zone(&mut self, text: &str, place: &Place, site: &Site) -> Option<ZoneId> {
        let zone = self.zone(text, place)?;
        let known: BTreeSet<&ZoneId> =
            site.stations.iter().filter_map(|station| station.zone.as_ref()).chain(&site.outside).collect();
        if !known.contains(&zone) {
            let known = known.iter().map(|zone| zone.as_str());
            let finding = unknown(Code::UnknownZone, "zone", text, known, "`zone` of hosts, and `outside`,");
            self.findings.push(finding.at(place.clone()));
            return None;
        }
        Some(zone)
    }

    fn family(&mut self, raw: Option<&Spanned<u32>>) -> FamilyChoice {
        match raw.map(|number| (number.value, number)) {
            None => FamilyChoice::Both,
            Some((4, _)) => FamilyChoice::V4,
            Some((6, _)) => FamilyChoice::V6,
            Some((other, number)) => {
                let message = format!("`family` cannot be {other}");
                let finding = Finding::new(Code::InvalidValue, message).at(self.place(number));
                self.findings.push(finding.help("4 or 6; leave it out for both"));
                FamilyChoice::Both
            }
        }
    }

    fn settings(&mut self, raw: &raw::Target, spec: &'static TargetSpec) -> Option<Settings> {
        let mut given = Vec::new();
        let mut failed = false;
        for (key, value) in &raw.settings {
            let reads =
                |setting: &crate::target::SettingSpec| setting.id == key && setting.kind == SettingKind::File;
            if spec.settings.iter().any(reads) {
                let message = format!("`{key}` reads a file, and belongs to one change, not to the site");
                let finding = Finding::new(Code::InvalidValue, message).at(self.place(value));
                self.findings
                    .push(finding.help("`portbook build --since MANIFEST` takes it from the last build"));
                continue;
            }
            let one = [(key.clone(), value.value.0.clone())];
            let place = self.place(value);
            match Settings::check(spec.id, spec.settings, &one) {
                Ok(_) => given.extend(one),
                Err(errors) => {
                    failed = true;
                    self.findings.extend(errors.into_iter().map(|error| error.at(place.clone())));
                }
            }
        }
        if failed { None } else { Settings::check(spec.id, spec.settings, &given).ok() }
    }

    fn denies(&mut self, text: &Text) -> bool {
        if text.value != "deny" {
            let message = format!("`default` cannot be `{}`", text.value.escape_debug());
            let finding = Finding::new(Code::InvalidValue, message).at(self.place(text));
            self.findings.push(finding.help(
                "`default: deny` says that this device denies what no rule allows; leave it out otherwise",
            ));
        }
        true
    }
}
