//! The rules of a site: those of each of its clouds, joined.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

use crate::catalog::Catalog;
use crate::finding::Findings;
use crate::id::{CloudId, ScenarioId};
use crate::place::{Addressing, Fallback, Placed, clouds_needed, place};
use crate::resolve::{Request, Resolved, Selection, resolve};
use crate::rule::RuleSet;
use crate::site::Site;
use crate::target::Heading;

/// What the requests of a site come to.
#[derive(Debug)]
pub struct Resolution {
    /// The rules of all clouds, each flow once.
    pub rules: RuleSet,
    /// Title and sources of every artifact.
    pub heading: Heading,
    /// Each cloud by itself.
    pub clouds: Vec<Resolved>,
}

impl Resolution {
    /// Resolves the requests of a site, one for each cloud.
    ///
    /// # Errors
    /// Everything that stands in the way of each cloud.
    pub fn of(requests: &[Request], catalog: &Catalog) -> Result<Self, Findings> {
        let mut findings = Findings::new();
        let mut clouds = Vec::new();
        for request in requests {
            match Selection::check(request, catalog).and_then(|selection| resolve(catalog, &selection)) {
                Ok(resolved) => clouds.push(resolved),
                Err(errors) => findings.append(errors),
            }
        }
        let mut rules = RuleSet::default();
        for rule in clouds.iter().flat_map(|cloud| cloud.rules.iter()) {
            rules.add(rule.clone());
        }
        let heading = joined_heading(&clouds, &rules);
        findings.or_value(Self { rules, heading, clouds }).map(|(resolution, _)| resolution)
    }

    /// Warnings and notes of all clouds.
    pub fn findings(&self) -> impl Iterator<Item = &crate::finding::Finding> {
        self.clouds.iter().flat_map(|cloud| &cloud.findings)
    }

    /// What was selected in each cloud.
    pub fn selected(&self) -> impl Iterator<Item = (CloudId, Vec<ScenarioId>)> {
        self.clouds.iter().map(|cloud| (cloud.cloud.clone(), cloud.scenarios.clone()))
    }

    /// The clouds whose range files [`Resolution::place`] looks into.
    ///
    /// # Errors
    /// All errors of hosts.yaml.
    pub fn clouds_needed(
        &self,
        fallback: Fallback,
        catalog: &Catalog,
    ) -> Result<BTreeSet<CloudId>, Findings> {
        let mut needed = BTreeSet::new();
        for cloud in &self.clouds {
            needed.extend(clouds_needed(&cloud.rules, &cloud.cloud, fallback, catalog)?);
        }
        Ok(needed)
    }

    /// Places the rules of each cloud at the hosts that talk to it.
    ///
    /// # Errors
    /// Those of [`place`].
    pub fn place(
        &self,
        site: &Site,
        addressing: &Addressing<'_>,
        catalog: &Catalog,
    ) -> Result<Placed, Findings> {
        let mut placed = Placed { site: site.name.clone(), anonymous: site.anonymous, hops: Vec::new() };
        for cloud in &self.clouds {
            placed.hops.extend(place(&cloud.rules, site, &cloud.cloud, addressing, catalog)?.hops);
        }
        if self.clouds.len() > 1 {
            // A flow of two clouds is one rule, with the citations of both.
            for hop in &mut placed.hops {
                if let Some(rule) = self.rules.of(&hop.rule.flow) {
                    hop.rule = Arc::clone(rule);
                }
            }
        }
        Ok(placed)
    }
}

fn joined_heading(clouds: &[Resolved], rules: &RuleSet) -> Heading {
    let mut titles: Vec<&str> = Vec::new();
    let mut notes: Vec<String> = Vec::new();
    for cloud in clouds {
        titles.push(&cloud.title);
        for note in super::heading(cloud).notes {
            if !notes.contains(&note) {
                notes.push(note);
            }
        }
    }
    Heading { title: titles.join("; "), rule_set: rules.digest(), notes }
}

/// Resolutions that several sites share: most of 40 branches select the same.
#[derive(Debug, Default)]
pub struct Resolutions(Mutex<Vec<Known>>);

/// Requests, and what they come to.
type Known = (Vec<Request>, Result<Arc<Resolution>, Findings>);

impl Resolutions {
    /// The resolution of `requests`, made when it is asked for first.
    ///
    /// # Errors
    /// As [`Resolution::of`].
    pub fn of(&self, requests: &[Request], catalog: &Catalog) -> Result<Arc<Resolution>, Findings> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let same = |known: &[Request]| {
            known.len() == requests.len() && known.iter().zip(requests).all(|(a, b)| a.asks_like(b))
        };
        if let Some((_, resolution)) = known.iter().find(|(known, _)| same(known)) {
            return resolution.clone();
        }
        let resolution = Resolution::of(requests, catalog).map(Arc::new);
        known.push((requests.to_vec(), resolution.clone()));
        resolution
    }
}
