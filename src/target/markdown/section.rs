//! Hops grouped as a reviewer looks for them: who, by which way, to which service.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::address::{Family, PortRange, Transport};
use crate::place::{AddressSet, Basis};
use crate::rule::{Citation, Endpoint, Phase, Rule};
use crate::target::document::{HopWords, Sets, flat, in_a_cell, join, losses};
use crate::target::{Fitted, FittedRule, Loss};

/// Where the prefixes of large sets stand.
const LIST: &str = "see Addresses";

/// One table: hops of one source, way and service.
#[derive(Serialize)]
pub(super) struct Section {
    /// Who opens the connections: `provisioning-agent`.
    from: String,
    /// What opens this hop: the role itself or a proxy.
    source: String,
    /// Its addresses or nothing.
    source_addresses: String,
    /// Its zone or nothing.
    source_zone: String,
    /// `outbound`, `inbound`, `internal` or `local`.
    direction: &'static str,
    /// `direct`, `to-proxy` or `from-proxy`.
    via: &'static str,
    /// `TCP 443`.
    service: String,
    /// `1024-65535`, or nothing where no document limits them.
    source_ports: String,
    /// Whether some row has the zone of its destination.
    has_zones: bool,
    rows: Vec<Line>,
}

/// One hop.
#[derive(Serialize)]
struct Line {
    rule: String,
    /// `exact`, `wildcard`, ... as in the change request.
    destination_type: &'static str,
    destination: String,
    destination_addresses: String,
    /// Its zone or nothing.
    destination_zone: String,
    /// Where the flow ends; another than `destination` on the way to a proxy.
    final_destination: String,
    need: &'static str,
    phase: String,
    tls_inspection: &'static str,
    purpose: String,
    /// `cloud-sync-prerequisites 2026-07-27, agent-service`.
    sources: String,
    /// Readings, assumptions, doubts, losses.
    notes: String,
}

/// A rule that has no line.
#[derive(Serialize)]
pub(super) struct Unwritten {
    rule: String,
    losses: String,
}

/// An address set that is too large for a cell.
#[derive(Serialize)]
pub(super) struct Listed {
    name: String,
    basis: String,
    /// Number of prefixes.
    prefixes: usize,
    /// IPv4 addresses, in words, since no number of a template holds those of IPv6.
    v4_addresses: String,
    /// IPv6 addresses.
    v6_addresses: String,
    /// The prefixes, one a line.
    list: String,
}

type Key =
    (Endpoint, &'static str, String, Transport, PortRange, Option<PortRange>, [String; 2], &'static str);

/// The tables in the order of source, way, transport and ports.
pub(super) fn sections(fitted: &Fitted, sets: &Sets) -> Vec<Section> {
    let mut sections: BTreeMap<Key, Section> = BTreeMap::new();
    for hop in &fitted.rules {
        let words = HopWords::of(hop, sets, LIST);
        let key = (
            hop.rule.flow.from.clone(),
            words.via,
            words.source.name.clone(),
            hop.transport,
            hop.ports,
            hop.source_ports,
            [&words.source.addresses, &words.source.zone].map(Clone::clone),
            words.direction,
        );
        let section = sections.entry(key).or_insert_with(|| section(hop, &words));
        section.has_zones |= !words.destination.zone.is_empty();
        section.rows.push(line(hop, words, losses(fitted, &hop.rule.id)));
    }
    sections.into_values().collect()
}

fn section(hop: &FittedRule, words: &HopWords) -> Section {
    Section {
        from: hop.from_label(),
        source: words.source.name.clone(),
        source_addresses: words.source.addresses.clone(),
        source_zone: words.source.zone.clone(),
        direction: words.direction,
        via: words.via,
        service: format!("{} {}", hop.transport.to_string().to_uppercase(), hop.ports),
        source_ports: hop.source_ports.map(|ports| ports.to_string()).unwrap_or_default(),
        has_zones: false,
        rows: Vec::new(),
    }
}

fn line(hop: &FittedRule, words: HopWords, losses: &[Loss]) -> Line {
    let rule = &hop.rule;
    let phases = join(rule.phases.iter().copied().map(Phase::as_str));
    Line {
        rule: rule.id.to_string(),
        destination_type: words.destination.kind,
        destination: words.destination.name,
        destination_addresses: words.destination.addresses,
        destination_zone: words.destination.zone,
        final_destination: rule.flow.to.to_string(),
        need: rule.need.as_str(),
        phase: if phases.is_empty() { "always".to_owned() } else { phases },
        tls_inspection: rule.tls_inspection.as_str(),
        purpose: join(rule.purposes()),
        sources: join(
            rule.citations.iter().map(|citation| format!("{}, {}", citation.source(), citation.requirement)),
        ),
        notes: notes(rule, losses),
    }
}

fn notes(rule: &Rule, losses: &[Loss]) -> String {
    let gap = rule.gap.then(|| "no document states this need: it is Portbook's reading".to_owned());
    let doubt = rule.doubt.as_deref().map(|doubt| format!("doubtful: {}", flat(doubt)));
    let assumed = rule.assumed.iter().map(|condition| format!("assumed: {condition}"));
    let documented =
        rule.citations.iter().filter(|citation| citation.documented_as != rule.flow.to.to_string());
    let documented = documented.map(|citation| format!("documented as {}", citation.documented_as));
    let read = rule.citations.iter().flat_map(readings);
    let lost = losses.iter().map(loss_words);
    join(gap.into_iter().chain(doubt).chain(assumed).chain(documented).chain(read).chain(lost))
}

fn readings(citation: &Citation) -> impl Iterator<Item = String> {
    citation.interpreted.iter().map(|reading| format!("{} read: {}", reading.of, reading.because))
}

fn loss_words(loss: &Loss) -> String {
    format!("{} ({}): {}", loss.code, loss.effect.as_str(), loss.detail)
}

/// Rules of the selection that have no line, in their order.
pub(super) fn unwritten(fitted: &Fitted) -> Vec<Unwritten> {
    let unwritten = fitted.verdicts.iter().filter(|verdict| !verdict.written);
    unwritten
        .map(|verdict| Unwritten {
            rule: verdict.rule.to_string(),
            losses: join(verdict.losses.iter().map(loss_words)),
        })
        .collect()
}

/// The sets that cells only name.
pub(super) fn listed(sets: &Sets) -> Vec<Listed> {
    sets.iter()
        .filter_map(|(name, set)| in_a_cell(&set.prefixes).err().map(|count| entry(name, set, count)))
        .collect()
}

fn entry(name: &str, set: &AddressSet, prefixes: usize) -> Listed {
    let basis = match &set.basis {
        Basis::Site => "addresses of the site".to_owned(),
        Basis::WholeFile => "the whole range file".to_owned(),
        Basis::Tag { tag, documented: true } => format!("service tag {tag}, documented"),
        Basis::Tag { tag, documented: false } => format!("service tag {tag}, inferred"),
    };
    let file = set.range_file.iter().map(String::as_str);
    Listed {
        name: name.to_owned(),
        basis: join(std::iter::once(basis.as_str()).chain(file)),
        prefixes,
        v4_addresses: set.prefixes.count(Family::V4).to_string(),
        v6_addresses: set.prefixes.count(Family::V6).to_string(),
        list: set.prefixes.prefixes().flat_map(|prefix| [prefix.to_string(), "\n".to_owned()]).collect(),
    }
}
