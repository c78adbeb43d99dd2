//! Raw site files become plans.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::Date;

use super::raw::{self, Text};
use super::{Accepted, Expectation, OUTSIDE, Plan, PlanFile};
use crate::catalog::Catalog;
use crate::finding::{Code, Finding, Findings, Place, Source};
use crate::id::{CloudId, ZoneId};
use crate::place::Fallback;
use crate::resolve::{Places, Request, Selection};
use crate::site::{Site, SiteName};
use crate::target::Acceptance;
use crate::yaml::{self, Spanned};

impl PlanFile {
    /// Reads and checks a site file.
    ///
    /// # Errors
    /// The first syntax or key error; else everything that is wrong with a value, of all its sites.
    pub fn read(source: &Arc<Source>, catalog: &Catalog) -> Result<Self, Findings> {
        let mut shared: raw::Site = yaml::parse(source)?;
        let mut findings = Findings::new();
        let whole = Place::at(source, 1, 1);
        for (key, text) in [("name", &shared.name), ("folder", &shared.folder)] {
            if let Some(text) = text.as_ref().filter(|_| shared.sites.is_some()) {
                let message = format!("`{key}` stands beside `sites`, and each of them has its own");
                findings.push(Finding::new(Code::InvalidValue, message).at(yaml::place(source, text)));
            }
        }
        let sites = match shared.sites.take() {
            None => vec![(shared, whole, false)],
            Some(sites) => {
                let place = |site: &Spanned<raw::Site>| yaml::place(source, site);
                let named = sites.into_iter().map(|site| (place(&site), site.value));
                named.map(|(place, site)| (site.or(&shared), place, true)).collect()
            }
        };
        if sites.is_empty() {
            let message = "`sites` is empty";
            findings.push(Finding::new(Code::InvalidValue, message).at(Place::whole(source)));
        }
        let mut plans: Vec<Plan> = Vec::new();
        let mut said: BTreeMap<(usize, String), Vec<Finding>> = BTreeMap::new();
        for (raw, place, several) in sites {
            let mut check = Check { source, catalog, findings: Findings::new() };
            let plan = check.site(raw, place, several);
            // What is wrong with a shared value is wrong in every site, and said once.
            for finding in check.findings {
                let alike = said.entry(key(&finding)).or_default();
                if !alike.contains(&finding) {
                    alike.push(finding.clone());
                    findings.push(finding);
                }
            }
            if let Some(plan) = plan {
                if plans.iter().any(|known| known.site.name == plan.site.name) {
                    let message = format!("two sites are called {}", plan.site.name);
                    findings.push(Finding::new(Code::InvalidName, message).at(plan.place.clone()));
                }
                plans.push(plan);
            }
        }
        findings.append(folders_apart(&plans));
        findings.or_value(Self { sites: plans }).map(|(file, _)| file)
    }
}

/// Where a finding stands and what it says: thousands of findings are not all held against each other.
fn key(finding: &Finding) -> (usize, String) {
    let start = finding.labels.first().map_or(0, |label| label.place.span().start);
    (start, finding.message.clone())
}

/// Sites whose folders are the same, or one inside the other: each would take the other's files for its own, or for
/// somebody's. Compared without regard to case, as some file systems do.
fn folders_apart(plans: &[Plan]) -> Findings {
    let mut findings = Findings::new();
    let mut seen: BTreeMap<Vec<String>, &Plan> = BTreeMap::new();
    let mut clash = |plan: &Plan, other: &Plan| {
        let message = format!("the sites {} and {} share a folder", other.site.name, plan.site.name);
        let finding = Finding::new(Code::OutputTwice, message)
            .labelled(plan.place.clone(), "this one")
            .labelled(other.place.clone(), "and this one");
        findings.push(finding.help(
            "give each a `folder` of its own, none inside another; without the key it is the site's name",
        ));
    };
    for plan in plans {
        if let Some(other) = seen.insert(parts(&plan.folder), plan) {
            clash(plan, other);
        }
    }
    for (folder, plan) in &seen {
        let mut above = (0..folder.len()).filter_map(|length| folder.get(..length));
        if let Some(other) = above.find_map(|above| seen.get(above)) {
            clash(plan, other);
        }
    }
    findings
}

/// The parts of a folder, in lower case, without those that lead nowhere.
fn parts(folder: &str) -> Vec<String> {
    let mut parts: Vec<String> = Vec::new();
    for part in folder.split('/').filter(|part| !part.is_empty() && *part != ".") {
        if part == ".." && parts.last().is_some_and(|last| last != "..") {
            parts.pop();
        } else {
            parts.push(part.to_lowercase());
        }
    }
    if folder.starts_with('/') {
        parts.insert(0, "/".to_owned());
    }
    parts
}

/// Checks one site and collects what is wrong with it.
pub(super) struct Check<'a> {
    pub(super) source: &'a Arc<Source>,
    pub(super) catalog: &'a Catalog,
    pub(super) findings: Findings,
}

impl Check<'_> {
    pub(super) fn place<T>(&self, value: &Spanned<T>) -> Place {
        yaml::place(self.source, value)
    }

    /// The value, or its finding at `place`.
    pub(super) fn take<T>(&mut self, result: Result<T, Finding>, place: &Place) -> Option<T> {
        result.map_err(|finding| self.findings.push(finding.at(place.clone()))).ok()
    }

    pub(super) fn zone(&mut self, text: &str, place: &Place) -> Option<ZoneId> {
        let zone = ZoneId::parse(text).map_err(|error| Finding::new(Code::InvalidName, error.to_string()));
        self.take(zone, place)
    }

    fn site(&mut self, raw: raw::Site, place: Place, several: bool) -> Option<Plan> {
        if raw.sites.is_some() {
            let message = "a site of `sites` has no sites of its own";
            self.findings.push(Finding::new(Code::InvalidValue, message).at(place.clone()));
        }
        let name = self.name(raw.name.as_ref(), &place);
        let folder = self.folder(raw.folder.as_ref(), name.as_ref(), several);
        let fallback = self.fallback(raw.ip_fallback.as_ref());
        let outside = match &raw.outside {
            Some(text) => self.zone(&text.value, &yaml::place(self.source, text)),
            None => ZoneId::parse(OUTSIDE).ok(),
        };
        let stations = self.hosts(&raw.hosts);
        let proxied = stations.iter().any(|station| station.proxy.is_some());
        let requests = self.requests(&raw, &place, proxied);
        let site = Site { name: name?, stations, anonymous: false, proxy: None, outside };
        self.translations(&raw, &site);
        let targets = self.targets(&raw.targets, &site);
        let accepted = raw.accept.iter().filter_map(|accept| self.accept(accept)).collect();
        let expectations = raw.expect.iter().filter_map(|text| self.expectation(text, &site)).collect();
        Some(Plan {
            site,
            folder,
            requests,
            targets,
            fallback,
            strict: raw.strict.unwrap_or(false),
            accepted,
            expectations,
            auto_merge: raw.auto_merge.map(|policy| policy.additions_within_used_tags.value),
            place,
        })
    }

    fn name(&mut self, raw: Option<&Text>, place: &Place) -> Option<SiteName> {
        let Some(text) = raw else {
            let finding =
                Finding::new(Code::YamlSyntax, "`name` is missing").labelled(place.clone(), "in this site");
            self.findings
                .push(finding.help("a short name, such as `name: contoso-hq`; objects on devices carry it"));
            return None;
        };
        self.take(SiteName::parse(&text.value), &yaml::place(self.source, text))
    }

    fn folder(&mut self, raw: Option<&Text>, name: Option<&SiteName>, several: bool) -> String {
        match raw {
            None if several => name.map(ToString::to_string).unwrap_or_default(),
            None => String::new(),
            Some(text) => {
                let folder = text.value.trim_end_matches('/');
                let place = self.place(text);
                let fine = folder == "."
                    || super::Output::parse(folder)
                        .map_err(|finding| {
                            self.findings.push(finding.at(place));
                        })
                        .is_ok();
                if fine && folder != "." { folder.to_owned() } else { String::new() }
            }
        }
    }

    fn fallback(&mut self, raw: Option<&Text>) -> Fallback {
        let Some(text) = raw else { return Fallback::None };
        match text.value.as_str() {
            "documented" => Fallback::Documented,
            "tag" => Fallback::Tag,
            other => {
                let message = format!("`ip-fallback` cannot be `{}`", other.escape_debug());
                let finding = Finding::new(Code::InvalidValue, message).at(self.place(text));
                self.findings.push(
                    finding.help("documented: the Azure ranges that documents offer; tag: service tags"),
                );
                Fallback::None
            }
        }
    }

    /// One request for each cloud, checked against the catalog.
    fn requests(&mut self, raw: &raw::Site, place: &Place, proxy: bool) -> Vec<Request> {
        let mut requests = Vec::new();
        for (cloud, cloud_place, scenarios) in self.clouds(raw, place) {
            let mut request = self.request(raw, proxy);
            request.places.0.insert(cloud.clone(), cloud_place.clone());
            request.cloud = cloud;
            for scenario in scenarios {
                request.places.0.insert(scenario.value.clone(), self.place(scenario));
                request.scenarios.push(scenario.value.clone());
            }
            if request.scenarios.is_empty() {
                let finding = Finding::new(Code::YamlSyntax, "no scenario is named").at(cloud_place);
                self.findings.push(
                    finding.help("such as `scenarios: [cloud-sync]`; `portbook list scenarios` shows all"),
                );
                continue;
            }
            match Selection::check(&request, self.catalog) {
                Ok(_) => requests.push(request),
                Err(errors) => self.findings.append(errors),
            }
        }
        requests
    }

    /// Clouds with their scenarios, from either form.
    fn clouds<'r>(&mut self, raw: &'r raw::Site, place: &Place) -> Vec<(String, Place, &'r [Text])> {
        let scenarios = raw.scenarios.as_deref().unwrap_or_default();
        match (&raw.cloud, &raw.clouds) {
            (Some(cloud), None) => vec![(cloud.value.clone(), self.place(cloud), scenarios)],
            (None, Some(clouds)) if scenarios.is_empty() => {
                let each = clouds.iter();
                each.map(|(cloud, list)| (cloud.clone(), self.place(list), list.value.as_slice())).collect()
            }
            (None, None) => {
                let finding = Finding::new(Code::YamlSyntax, "`cloud` is missing")
                    .labelled(place.clone(), "in this site");
                self.findings.push(finding.help(
                    "`cloud: public` with `scenarios: [...]`, or `clouds: {public: [...]}` for several",
                ));
                Vec::new()
            }
            _ => {
                let message = "`clouds` names the scenarios of each cloud; beside it there is no `cloud` and no `scenarios`";
                self.findings.push(Finding::new(Code::InvalidValue, message).at(place.clone()));
                Vec::new()
            }
        }
    }

    fn request(&mut self, raw: &raw::Site, proxy: bool) -> Request {
        let select = &raw.select;
        let mut places = BTreeMap::new();
        let mut list = |texts: &Option<Vec<Text>>| -> Vec<String> {
            let texts = texts.iter().flatten();
            texts.map(|text| noted(&mut places, text.value.clone(), yaml::place(self.source, text))).collect()
        };
        let (editions, when, unless) = (list(&select.editions), list(&select.when), list(&select.unless));
        let (phases, roles) = (list(&select.phases), list(&select.roles));
        let as_of =
            select.as_of.as_ref().map(|text| noted(&mut places, text.value.clone(), self.place(text)));
        let choose = select.choose.iter().flatten();
        let choose = choose
            .map(|(group, option)| {
                noted(&mut places, format!("{group}={}", option.value), self.place(option))
            })
            .collect();
        let parameters = raw.parameters.iter();
        let set = parameters
            .map(|(name, value)| noted(&mut places, format!("{name}={}", value.value.0), self.place(value)))
            .collect();
        let (mut also, mut also_all) = (Vec::new(), false);
        if let Some(words) = &select.also {
            for word in &words.value.0 {
                if word == "all" {
                    also_all = true;
                } else {
                    also.push(noted(&mut places, word.clone(), self.place(words)));
                }
            }
        }
        Request {
            scenarios: Vec::new(),
            cloud: String::new(),
            as_of,
            editions,
            also,
            also_all,
            optional: select.optional.unwrap_or(false),
            when,
            unless,
            choose,
            set,
            phases,
            roles,
            gaps: select.gaps.unwrap_or(false),
            verbatim: select.verbatim.unwrap_or(false),
            proxy,
            places: Places(places),
        }
    }

    /// Zones towards which a host has other addresses are zones of the site: a slip would leave the own ones standing.
    fn translations(&mut self, raw: &raw::Site, site: &Site) {
        for host in raw.hosts.values() {
            for texts in [&host.value.seen_as, &host.value.reached_at].into_iter().flatten() {
                let place = self.place(texts);
                for zone in texts.value.towards.keys() {
                    self.known_zone(zone, &place, site);
                }
            }
        }
    }

    fn accept(&mut self, accept: &Spanned<raw::Accept>) -> Option<Accepted> {
        let raw = &accept.value;
        let place = self.place(accept);
        if raw.because.value.trim().is_empty() {
            let at = self.place(&raw.because);
            let finding = Finding::new(Code::InvalidValue, "`because` is empty").at(at);
            self.findings.push(finding.help("say for whoever reviews it why the loss is acceptable here"));
        }
        let until = raw.until.as_ref().and_then(|text| self.date(text));
        let parts = [Some(&raw.code), raw.target.as_ref(), raw.rule.as_ref()];
        let parts: Vec<&str> = parts.into_iter().flatten().map(|text| text.value.as_str()).collect();
        let acceptance = self.take(Acceptance::parse(&parts.join("@")), &place)?;
        Some(Accepted { acceptance, because: raw.because.value.clone(), until, place })
    }

    fn date(&mut self, text: &Text) -> Option<Date> {
        let date = text.value.parse::<Date>().ok().filter(|date| date.to_string() == text.value);
        if date.is_none() {
            let message = format!("`{}` is not a date", text.value.escape_debug());
            let finding = Finding::new(Code::InvalidDate, message).at(self.place(text));
            self.findings.push(finding.help("dates are YYYY-MM-DD"));
        }
        date
    }

    fn expectation(&mut self, text: &Text, site: &Site) -> Option<Expectation> {
        let place = self.place(text);
        let expectation = Expectation::parse(&text.value, site, place.clone());
        self.take(expectation, &place)
    }

    /// A cloud of the catalog.
    pub(super) fn cloud(&mut self, text: &Text) -> Option<CloudId> {
        let cloud = self.catalog.cloud(&text.value).map(|cloud| cloud.id.clone());
        self.take(cloud, &yaml::place(self.source, text))
    }
}

/// Remembers where a text of the request stands.
fn noted(places: &mut BTreeMap<String, Place>, text: String, place: Place) -> String {
    places.insert(text.clone(), place);
    text
}
