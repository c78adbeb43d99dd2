//! The contract: which losses each target can have, axis by axis.
//!
//! It is made from the declared capabilities alone. Tests hold that `fit` gives these losses and no others, so that a
//! reader of docs/findings.md knows all that a target can do to a rule.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Axis, Capabilities, Effect, NameSupport, PortSupport, SettingKind, SettingSpec, Settings, SourceSupport,
    TARGETS, TargetSpec, Vantage,
};
use crate::finding::Code;

/// One loss that a target can have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The target's id.
    pub target: &'static str,
    /// The part of a rule.
    pub axis: Axis,
    /// The code of the loss.
    pub code: Code,
    /// What it does to the rule.
    pub effect: Effect,
    /// The settings (`KEY=VALUE`), each of which brings it in; empty if the default settings have it.
    pub settings: Vec<String>,
}

type Key = (Axis, Code, Effect);

/// Every loss of every target: targets in their own order, then by axis, code and effect.
pub fn contract() -> Vec<Row> {
    TARGETS.iter().flat_map(rows).collect()
}

fn rows(spec: &'static TargetSpec) -> Vec<Row> {
    let defaults = losses(spec, &Settings::defaults(spec.settings));
    let mut keys: BTreeMap<Key, Vec<String>> = defaults.iter().map(|key| (*key, Vec::new())).collect();
    // One setting at a time is enough: no capability depends on two.
    for (id, value) in spec.settings.iter().flat_map(values) {
        let given = [(id.to_owned(), value.to_owned())];
        // A value that its own setting does not take cannot change a capability.
        let Ok(settings) = Settings::check(spec.id, spec.settings, &given) else { continue };
        for key in losses(spec, &settings).difference(&defaults) {
            keys.entry(*key).or_default().push(format!("{id}={value}"));
        }
    }
    let row = |((axis, code, effect), settings)| Row { target: spec.id, axis, code, effect, settings };
    keys.into_iter().map(row).collect()
}

/// The values of a setting that capabilities may depend on.
fn values(setting: &'static SettingSpec) -> Vec<(&'static str, &'static str)> {
    let values: &[&str] = match setting.kind {
        SettingKind::Choice(words) => words,
        SettingKind::Flag => &["yes", "no"],
        _ => &[],
    };
    values.iter().map(|value| (setting.id, *value)).collect()
}

fn losses(spec: &TargetSpec, settings: &Settings) -> BTreeSet<Key> {
    let capabilities = (spec.capabilities)(settings);
    let mut keys = BTreeSet::new();
    keys.extend(unseen(spec.vantage).map(|code| (Axis::Source, code, Effect::NotApplicable)));
    keys.extend(source(&capabilities, spec.vantage).into_iter().map(on(Axis::Source)));
    keys.extend(named(&capabilities, spec.vantage).into_iter().map(on(Axis::Host)));
    keys.extend(unnamed(&capabilities, spec.vantage).into_iter().map(on(Axis::Host)));
    keys.extend(ports(&capabilities).into_iter().map(on(Axis::Port)));
    let families = families(&capabilities, spec.vantage);
    keys.extend(families.into_iter().map(on(Axis::Family)));
    if !capabilities.paths {
        keys.insert((Axis::Path, Code::PathDropped, Effect::Wider));
    }
    if capabilities.identity.is_some() {
        // Refused where the document names no software of that kind.
        let effects = [Effect::Narrower, Effect::Refused];
        keys.extend(effects.map(|effect| (Axis::Identity, Code::IdentityRestricted, effect)));
    }
    keys
}

fn on(axis: Axis) -> impl Fn((Code, Effect)) -> Key {
    move |(code, effect)| (axis, code, effect)
}

/// Rules that do not pass where the target stands.
fn unseen(vantage: Vantage) -> impl Iterator<Item = Code> {
    let codes: &[Code] = match vantage {
        Vantage::Host => &[Code::OtherHost, Code::LocalFlow],
        Vantage::Proxy => &[Code::NotThroughProxy, Code::LocalFlow],
        Vantage::Interception => &[Code::NotThroughProxy, Code::OtherZones, Code::LocalFlow],
        Vantage::Network => &[Code::OtherZones, Code::LocalFlow],
        Vantage::Document => &[],
    };
    codes.iter().copied()
}

/// Why addresses of a service tag or a range file can be missing.
const NO_RANGES: [(Code, Effect); 3] = [
    (Code::RangesNeeded, Effect::Refused),
    (Code::UnknownServiceTag, Effect::Refused),
    (Code::EmptyServiceTag, Effect::Refused),
];

fn source(capabilities: &Capabilities, vantage: Vantage) -> Vec<(Code, Effect)> {
    let mut losses = Vec::new();
    match capabilities.source {
        SourceSupport::Words => {}
        SourceSupport::Elsewhere(code) => losses.push((code, Effect::Wider)),
        // The remote side of an inbound rule is matched by its addresses; only hosts have inbound rules.
        SourceSupport::Itself if vantage != Vantage::Host => {}
        SourceSupport::Itself | SourceSupport::Addresses | SourceSupport::Clients => {
            losses.push((Code::SourceNotGiven, Effect::Refused));
            // What passes a proxy comes from roles.
            if !vantage.sees_names_only() {
                losses.extend(NO_RANGES);
            }
        }
    }
    losses
}

/// Destinations that a rule names by host.
fn named(capabilities: &Capabilities, vantage: Vantage) -> Vec<(Code, Effect)> {
    match capabilities.names {
        NameSupport::Exact => Vec::new(),
        NameSupport::ByAddress(code) => vec![(code, Effect::Wider)],
        NameSupport::None => fallback(Code::NameNeedsAddress),
        NameSupport::HttpOnly { http, other_exact, other_wildcard } => {
            let mut losses: Vec<(Code, Effect)> =
                http.map(|code| (code, Effect::Wider)).into_iter().collect();
            // A proxy sees HTTP and TLS only.
            if !vantage.sees_names_only() {
                losses.extend(other_exact.map(|code| (code, Effect::Wider)));
                losses.extend(fallback(other_wildcard));
            }
            losses
        }
    }
}

/// Addresses in place of a name, or `refusal`.
fn fallback(refusal: Code) -> Vec<(Code, Effect)> {
    let mut losses = vec![
        (refusal, Effect::Refused),
        (Code::AnyAzureCustomer, Effect::Wider),
        (Code::TagInsteadOfName, Effect::Wider),
    ];
    losses.extend(NO_RANGES);
    losses
}

/// Destinations that are roles, tags or ranges. None of them passes a proxy.
fn unnamed(capabilities: &Capabilities, vantage: Vantage) -> Vec<(Code, Effect)> {
    if capabilities.words || vantage.sees_names_only() {
        return Vec::new();
    }
    let mut losses = vec![(Code::DestinationNotGiven, Effect::Refused)];
    if capabilities.addresses {
        losses.extend(NO_RANGES);
    }
    losses
}

fn ports(capabilities: &Capabilities) -> Vec<(Code, Effect)> {
    let mut losses = Vec::new();
    if let PortSupport::Elsewhere(code) = capabilities.ports {
        losses.push((code, Effect::Wider));
    }
    if !capabilities.source_ports {
        losses.push((Code::SourcePortsDropped, Effect::Wider));
    }
    losses
}

fn families(capabilities: &Capabilities, vantage: Vantage) -> Vec<(Code, Effect)> {
    let destination = capabilities.names == NameSupport::None
        || !vantage.sees_names_only() && (capabilities.addresses || capabilities.words);
    let source = match capabilities.source {
        SourceSupport::Itself => vantage == Vantage::Host,
        SourceSupport::Addresses | SourceSupport::Clients | SourceSupport::Words => true,
        SourceSupport::Elsewhere(_) => false,
    };
    let mut codes = Vec::new();
    if source || destination {
        codes.push((Code::FamilyLeftOut, Effect::NotApplicable));
    }
    // Both sides must be known for one of them to lack a family.
    if source && destination {
        codes.push((Code::NoV6Source, Effect::NotApplicable));
        // No family is left that both sides have.
        codes.push((Code::NoV6Source, Effect::Refused));
    }
    codes
}
