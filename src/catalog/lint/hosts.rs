//! Host texts of all documents against their readings.

use std::collections::BTreeSet;

use crate::catalog::{Catalog, EndKind, Layer, Publisher, Readings, Requirement, raw};
use crate::finding::{Code, Finding, Findings, Severity, Source};
use crate::host::HostPattern;
use crate::yaml;

use super::{Text, push_once};

/// Looks at every host as it is written, also in editions with other errors.
pub(super) fn check(catalog: &Catalog, layers: &[Layer]) -> Findings {
    let mut findings = Findings::new();
    let Ok(readings) = catalog.readings() else {
        return findings;
    };
    let files = layers.iter().flat_map(|layer| &layer.files);
    unused_lists(layers, &mut findings);
    for (_, name, text) in files.filter(|(path, ..)| path.starts_with("documents/")) {
        let source = Source::new(name.clone(), text.as_str());
        let Ok(text) = yaml::parse::<raw::EditionText>(&source) else {
            continue;
        };
        for host in text.requirements.iter().flat_map(|each| hosts(&each.value)) {
            if let Err(finding) = checked(&host.value, readings) {
                push_once(&mut findings, finding.at(yaml::place(&source, host)));
            }
        }
    }
    findings
}

/// Address lists that no reading refers to.
fn unused_lists(layers: &[Layer], findings: &mut Findings) {
    let sources = |wanted: &'static str| {
        let files = layers.iter().flat_map(|layer| &layer.files);
        files
            .filter(move |(path, ..)| path == wanted)
            .map(|(_, name, text)| Source::new(name.clone(), text.as_str()))
    };
    let hosts =
        sources("hosts.yaml").flat_map(|source| yaml::parse::<Vec<raw::Host>>(&source).unwrap_or_default());
    let named: BTreeSet<String> = hosts.filter_map(|host| host.listed_in).map(|id| id.value).collect();
    for source in sources("address-lists.yaml") {
        for list in yaml::parse::<Vec<raw::AddressList>>(&source).unwrap_or_default() {
            if !named.contains(&list.id.value) {
                let message = format!("no host is in the address list `{}`", list.id.value.escape_debug());
                let finding = Finding::new(Code::ReadingUnused, message).at(yaml::place(&source, &list.id));
                findings.push(finding.help("refer to it with `listed-in` in hosts.yaml, or remove it"));
            }
        }
    }
}

/// Every host text of a requirement.
fn hosts(requirement: &raw::Requirement) -> impl Iterator<Item = &raw::Text> {
    let options = requirement.one_of.iter().flat_map(|one_of| one_of.options.values().flatten());
    requirement.flows.iter().chain(options).flat_map(|flow| {
        let read = flow.interpreted.iter().filter_map(|read| read.to.as_ref()).flat_map(|to| &to.hosts);
        flow.to.iter().filter_map(|end| end.value.host.as_ref()).chain(read)
    })
}

/// Looks for what is suspicious about hosts; `complete` if every edition could be read.
pub(super) fn lint(catalog: &Catalog, texts: &[Text<'_>], complete: bool) -> Findings {
    let mut findings = Findings::new();
    let Ok(readings) = catalog.readings() else {
        return findings;
    };
    for (_, end) in texts.iter().flat_map(Text::destinations) {
        if let EndKind::Host(text) = &end.kind
            && let Some(reading) = readings.get(text).filter(|reading| reading.pattern.is_wildcard())
            && let Some(why) = &reading.shared_suffix
        {
            let finding =
                Finding::new(Code::SharedSuffixWildcard, format!("`{text}` stands on a shared suffix"));
            let help = "look whether the document offers narrower names; else it stays as documented, and users are told";
            push_once(&mut findings, finding.at(end.place.clone()).note(why.clone()).help(help));
        }
    }
    for text in texts {
        for requirement in &text.says.requirements {
            overlapping(requirement, readings, &mut findings);
        }
    }
    if complete {
        unused(catalog, texts, readings, &mut findings);
    }
    findings
}

/// The pattern of a documented text; a wildcard needs a decision about its apex.
fn checked(text: &str, readings: &Readings) -> Result<HostPattern, Finding> {
    let pattern = readings
        .pattern(text)
        .map_err(|error| Finding::new(Code::InvalidHost, error.to_string()).maybe_help(error.help()))?;
    if pattern.is_wildcard() && readings.get(text).is_none() {
        let message = format!("`{text}` has no decision about its apex");
        let apex = "apex: {included: false, because: \"as written\"}";
        return Err(Finding::new(Code::ReadingMissing, message)
            .note(format!("some products take `{text}` for the name behind the asterisk too; a rule is only the same everywhere if it is said"))
            .help(format!("add to hosts.yaml: {{host: \"{text}\", {apex}}}, or `true` with the sentence that says so")));
    }
    Ok(pattern)
}

/// A pattern that another one of the same requirement, on the same ports, covers.
fn overlapping(requirement: &Requirement, readings: &Readings, findings: &mut Findings) {
    for flow in &requirement.flows {
        let hosts: Vec<(&str, HostPattern, _)> = flow
            .to
            .iter()
            .filter_map(|end| match &end.kind {
                EndKind::Host(text) => Some((text.as_str(), readings.pattern(text).ok()?, &end.place)),
                _ => None,
            })
            .collect();
        for (index, (narrow, pattern, place)) in hosts.iter().enumerate() {
            let covering = hosts.iter().enumerate().find(|(other, (_, wide, _))| {
                *other != index && wide.covers(pattern) && (!pattern.covers(wide) || *other < index)
            });
            if let Some((_, (wide, _, wide_place))) = covering {
                let message = format!("`{wide}` covers `{narrow}` in {}", requirement.id);
                let finding = Finding::new(Code::OverlappingPatterns, message)
                    .labelled((*place).clone(), "opens nothing more")
                    .labelled((*wide_place).clone(), "covers it")
                    .help("if the document names both, leave it so; if it gives them other ports, make it two flows");
                push_once(findings, finding);
            }
        }
    }
}

/// Readings of hosts that no document names, and typos of hosts that no document of Microsoft confirms.
fn unused(catalog: &Catalog, texts: &[Text<'_>], readings: &Readings, findings: &mut Findings) {
    let microsoft = |text: &&Text<'_>| {
        catalog.about(text.document).is_ok_and(|about| about.publisher == Publisher::Microsoft)
    };
    let confirmed: BTreeSet<&str> = texts.iter().filter(microsoft).flat_map(Text::host_texts).collect();
    let documented: BTreeSet<&str> = texts.iter().flat_map(Text::host_texts).collect();
    let read: BTreeSet<&str> = read_hosts(catalog, texts);
    for (text, reading) in readings.iter() {
        if let Some((meant, _)) = &reading.typo_of
            && !confirmed.contains(meant.as_str())
        {
            let message =
                format!("`{text}` is read as a typo of `{meant}`, which no document of Microsoft names");
            let finding = Finding::new(Code::UnknownReference, message).severity(Severity::Warning);
            let help = "make it `doubtful` unless another document confirms the right form";
            findings.push(finding.at(reading.place.clone()).help(help));
        }
        let meant =
            || readings.iter().any(|(_, other)| other.typo_of.as_ref().is_some_and(|(host, _)| host == text));
        if !documented.contains(text) && !read.contains(text) && !meant() {
            let message = format!("no document names `{text}`");
            findings.push(Finding::new(Code::ReadingUnused, message).at(reading.place.clone()));
        }
    }
}

/// Hosts that readings of unstated destinations and gaps name.
fn read_hosts<'a>(catalog: &'a Catalog, texts: &[Text<'a>]) -> BTreeSet<&'a str> {
    let requirements = texts.iter().flat_map(|text| &text.says.requirements);
    let flows = requirements.flat_map(|requirement| &requirement.flows);
    let interpreted = flows.filter_map(|flow| flow.reading.to.as_ref()).flat_map(|read| &read.hosts);
    let gaps = catalog.registries().scenarios.iter().flat_map(|scenario| &scenario.gaps);
    let in_gaps =
        gaps.flat_map(|gap| &gap.flows).flat_map(|flow| &flow.to).filter_map(|end| match &end.kind {
            EndKind::Host(text) => Some(text.as_str()),
            _ => None,
        });
    interpreted.map(String::as_str).chain(in_gaps).collect()
}
