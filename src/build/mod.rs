//! From rules to artifacts, for one target at one place: fit, judge the losses, pack, render. And from site files to
//! folders: [`build`] makes all artifacts and the manifest of a site, [`Comparison`] holds them against what is there.
//!
//! There is one pipeline: `generate` makes a site from its flags and calls [`produce`], as [`build`] does.

mod asked;
mod contained;
mod device;
mod folder;
mod judge;
mod pending;
mod record;
mod resolution;
mod site;

pub use asked::Asked;
pub use device::{rollback, since};
pub use folder::{Comparison, FileChange, FileState, Permit};
pub use judge::{Judgement, LossGroup};
pub use resolution::{Resolution, Resolutions};
pub(crate) use site::refuses;
pub use site::{Built, Inputs, build};

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::artifact::Artifact;
use crate::audit::verify;
use crate::finding::Findings;
use crate::id::StationId;
use crate::place::{AddressSet, Fallback, Placed};
use crate::resolve::Resolved;
use crate::rule::{RuleId, RuleSet};
use crate::target::{
    Acceptance, Counts, DeviceObjects, Filter, Fitted, Focus, Heading, JSON, Lowered, Match, Settings,
    TargetSpec, Templates, Vantage, Verdict, fit, render_text,
};

/// What is to be written for one target.
#[derive(Debug)]
pub struct Order {
    /// The target.
    pub target: &'static TargetSpec,
    /// Its settings.
    pub settings: Settings,
    /// For which hosts or zones, and which addresses.
    pub focus: Focus,
}

/// How losses are dealt with.
#[derive(Debug, Default)]
pub struct Policy {
    /// Losses that somebody accepted.
    pub accepted: Vec<Acceptance>,
    /// Whether losses that are usually warnings refuse the target too.
    pub strict: bool,
    /// Which addresses may stand for names already: no refusal suggests it again.
    pub fallback: Fallback,
    /// How next steps are told.
    pub asked: Asked,
}

/// How templates are chosen.
#[derive(Debug, Default)]
pub struct Look {
    /// Built-in templates, or those that override them.
    pub templates: Templates,
    /// A template of the user's in place of the target's own.
    pub custom: Option<Custom>,
    /// Whether files are read back and held against their rules before anything is written.
    pub verify: bool,
}

/// A template of the user's.
#[derive(Debug)]
pub struct Custom {
    /// The name of the file that it makes.
    pub name: String,
    /// Its text.
    pub text: String,
    /// Whether it stands for a target, whose losses are stated; else nobody checked what it says.
    pub checked: bool,
}

impl Custom {
    fn render(&self, lowered: &dyn Lowered) -> Result<Artifact, Findings> {
        let fidelity = if self.checked { "checked" } else { "unchecked" };
        let context = minijinja::context! { fidelity => fidelity, ..lowered.context() };
        let mut filters: Vec<Filter> = lowered.filters().to_vec();
        filters.push(JSON);
        render_text(&self.name, &self.text, context, &filters)
            .map(|text| Artifact::text(self.name.clone(), text))
    }
}

/// What one target came to.
#[derive(Debug)]
pub struct Product {
    /// The target's id.
    pub target: &'static str,
    /// How the rules fared.
    pub counts: Counts,
    /// How each rule fared.
    pub verdicts: Vec<Verdict>,
    /// The losses, and whether they refuse the target.
    pub judgement: Judgement,
    /// The files; empty when the target is refused.
    pub artifacts: Vec<Artifact>,
    /// Hosts that a host firewall gets no file for, since none of their rules can be said.
    pub without_file: Vec<StationId>,
    /// The address sets behind the artifacts, each with a rule that has it; none when the target is refused.
    pub sets: Vec<(Arc<AddressSet>, RuleId)>,
    /// What the artifacts make on a device that a later one must delete.
    pub objects: Option<DeviceObjects>,
}

/// What orders are about.
#[derive(Debug, Clone, Copy)]
pub struct Subject<'a> {
    /// The rules.
    pub rules: &'a RuleSet,
    /// Title and sources of every artifact.
    pub heading: &'a Heading,
    /// The rules at their places.
    pub placed: &'a Placed,
}

impl Product {
    /// A target that was not asked for by name and needs something that was not given.
    pub fn skipped(target: &'static TargetSpec, why: Findings) -> Self {
        let judgement = Judgement { refused: why.into_iter().collect(), ..Judgement::default() };
        Self {
            target: target.id,
            counts: Counts::default(),
            verdicts: Vec::new(),
            judgement,
            artifacts: Vec::new(),
            without_file: Vec::new(),
            sets: Vec::new(),
            objects: None,
        }
    }
}

/// Makes the artifacts of one order.
///
/// # Errors
/// When a setting is missing or a template fails; `artifact-mismatch` where the files do not say what their rules say. A
/// refusal is no error: it is in the product.
pub fn produce(
    subject: &Subject<'_>,
    order: &Order,
    policy: &Policy,
    look: &Look,
) -> Result<Product, Findings> {
    let Subject { rules, heading, placed } = subject;
    let mut fitted = fit(rules, placed, heading, order.target, &order.settings, &order.focus);
    let judgement = judge::judge(order.target, &order.settings, &fitted, policy);
    let mut product = Product {
        target: order.target.id,
        counts: fitted.header.counts,
        verdicts: fitted.verdicts.clone(),
        judgement,
        artifacts: Vec::new(),
        without_file: without_file(placed, order, &fitted),
        sets: Vec::new(),
        objects: None,
    };
    if product.judgement.refused.is_empty() {
        fitted.header.notes.extend(product.judgement.header_notes());
        let lowered = (order.target.pack)(&fitted, &order.settings)?;
        product.artifacts = match &look.custom {
            None => lowered.render(&look.templates)?,
            Some(custom) => vec![custom.render(&*lowered)?],
        };
        if look.verify {
            verify(order.target, &order.settings, &fitted, &product.artifacts)?;
        }
        product.sets = sets(&fitted);
        product.objects = lowered.device_objects();
    }
    Ok(product)
}

/// Every address set of what fitted, with its rule.
fn sets(fitted: &Fitted) -> Vec<(Arc<AddressSet>, RuleId)> {
    let sides = fitted.rules.iter().flat_map(|rule| [(rule, &rule.source), (rule, &rule.destination)]);
    let set = |(rule, side): (&crate::target::FittedRule, &Match)| match side {
        Match::Addresses(set) => Some((Arc::clone(set), rule.rule.id.clone())),
        _ => None,
    };
    sides.filter_map(set).collect()
}

/// The hosts of the selection that a host firewall says nothing for.
fn without_file(placed: &Placed, order: &Order, fitted: &Fitted) -> Vec<StationId> {
    if order.target.vantage != Vantage::Host {
        return Vec::new();
    }
    let wanted = &order.focus.stations;
    let written = |id: &StationId| {
        fitted.rules.iter().any(|rule| rule.station.as_ref().is_some_and(|station| station.id == *id))
    };
    let parties = placed.hops.iter().flat_map(|hop| [&hop.from, &hop.to]);
    let hosts: BTreeSet<&StationId> =
        parties.filter_map(|party| party.station.as_ref()).map(|station| &station.id).collect();
    hosts
        .into_iter()
        .filter(|id| wanted.is_empty() || wanted.contains(id))
        .filter(|id| !written(id))
        .cloned()
        .collect()
}

/// Title and sources of every artifact of a selection.
pub fn heading(resolved: &Resolved) -> Heading {
    let notes = resolved.elsewhere.iter().map(|elsewhere| {
        let count = elsewhere.names.len();
        format!(
            "documented elsewhere: {} {} names {count} more, not in here",
            elsewhere.document, elsewhere.edition
        )
    });
    Heading { title: resolved.title.clone(), rule_set: resolved.rules.digest(), notes: notes.collect() }
}
