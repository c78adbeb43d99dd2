//! Rules between addresses, packed for the targets of netfilter.

#![allow(dead_code, reason = "each test file uses a part")]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "only tests use it")]

use std::collections::BTreeMap;
use std::sync::Arc;

use portbook::address::{PortRange, Prefix, PrefixSet, Transport};
use portbook::finding::Findings;
use portbook::target::{self, Fitted, Match, Settings, Templates};

use crate::proxy::{Fixture, address_set, wishes};

/// One line each: source, destination, transport, ports; an end is a name with addresses behind it, or `any`.
pub(crate) const KINDS: &str = "
    agents azure tcp 443
    agents azure tcp 80
    agents dcs udp 88
    agents dcs tcp 49152-65535
    agents dcs tcp 60000
    connect azure tcp 5671
    any wap tcp 443
    connect old tcp 443
";

const ADDRESSES: [(&str, &str); 6] = [
    ("agents", "10.20.0.11 10.20.0.12 2001:db8:20::11"),
    ("connect", "10.20.0.21 2001:db8:20::21"),
    ("azure", "192.0.2.0/26 198.51.100.0/25 2001:db8:a::/47"),
    ("dcs", "10.10.0.0/28"),
    ("wap", "10.40.0.5 2001:db8:40::5"),
    ("old", "203.0.113.7"),
];

fn set(name: &str, addresses: &str) -> Match {
    let prefixes: PrefixSet = addresses.split(' ').map(|text| Prefix::parse(text).unwrap()).collect();
    Match::Addresses(Arc::new(address_set(name, prefixes)))
}

/// The rules of `text`, with `other` addresses in place of those of [`ADDRESSES`].
pub(crate) fn fitted(text: &'static str, other: &[(&'static str, &'static str)]) -> Fitted {
    let lines: Vec<Vec<&str>> = text
        .lines()
        .map(|line| line.split_whitespace().collect())
        .filter(|words: &Vec<_>| !words.is_empty())
        .collect();
    let known: BTreeMap<&str, &str> = ADDRESSES.iter().chain(other).copied().collect();
    let end = |name: &str| if name == "any" { Match::Any } else { set(name, known[name]) };
    let fixture = Fixture::new(wishes("agent a.example.net 443"));
    let (mut fitted, _) = fixture.fitted("squid", &[]);
    let model = fitted.rules.remove(0);
    for words in lines {
        let mut rule = model.clone();
        let mut own = portbook::rule::Rule::clone(&rule.rule);
        own.flow.ports = PortRange::parse(words[3]).unwrap();
        own.flow.transport = Transport::parse(words[2]).unwrap();
        // Ids of flows tell rules apart: here their ends are not in the flow.
        own.flow.source_ports = None;
        own.id = portbook::rule::RuleId::of(&own.flow);
        (rule.transport, rule.ports) = (own.flow.transport, own.flow.ports);
        (rule.source, rule.destination) = (end(words[0]), end(words[1]));
        rule.rule = Arc::new(own);
        fitted.rules.push(rule);
    }
    fitted
}

/// The files of a target by their paths.
pub(crate) fn files(
    target: &str,
    fitted: &Fitted,
    given: &[(&str, &str)],
) -> Result<BTreeMap<String, String>, Findings> {
    let spec = target::find(target).unwrap();
    let given: Vec<(String, String)> =
        given.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
    let settings = Settings::check(target, spec.settings, &given)?;
    let artifacts = (spec.pack)(fitted, &settings)?.render(&Templates::embedded())?;
    Ok(artifacts.into_iter().map(|file| (file.path, String::from_utf8(file.bytes).unwrap())).collect())
}

/// Lines that are neither empty nor comments, without blanks around them.
pub(crate) fn statements(text: &str) -> Vec<&str> {
    text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')).collect()
}
