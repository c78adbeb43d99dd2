//! Rules and hops as a file holds them, and the checks that one of them can stand alone.

use std::collections::BTreeSet;

use serde::Deserialize;

use super::file::{End, HopRecord, LeftOut, MatchedBy, RuleRecord, Via};
use super::value::{Reading, Tag, Text};
use crate::address::{PortRange, Transport};
use crate::catalog::Edition;
use crate::finding::Code;
use crate::host::{HostName, HostPattern, UrlPath, UrlPattern};
use crate::id::{CloudId, ConditionId, DocumentId, RequirementId, RoleId, ScenarioId, StationId, ZoneId};
use crate::rule::{
    Citation, Endpoint, Flow, Interpretation, Need, Phase, Rule, RuleId, Scope, TlsInspection,
};
use crate::site::{ProxyAddress, ProxyListener};
use crate::target::{Axis, Effect, Loss};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct RawRule {
    id: Text<RuleId>,
    from: RawEndpoint,
    to: RawEndpoint,
    transport: Text<Transport>,
    ports: Text<PortRange>,
    source_ports: Option<Text<PortRange>>,
    scope: Scope,
    need: Need,
    phases: BTreeSet<Phase>,
    tls_inspection: TlsInspection,
    #[serde(default)]
    assumed: BTreeSet<Text<ConditionId>>,
    #[serde(default)]
    gap: bool,
    doubt: Option<String>,
    citations: Vec<RawCitation>,
    #[serde(default)]
    losses: Vec<RawLoss>,
    hops: Vec<HopRecord>,
}

impl TryFrom<RawRule> for RuleRecord {
    type Error = String;

    fn try_from(raw: RawRule) -> Result<Self, String> {
        let flow = Flow {
            from: raw.from.0,
            to: raw.to.0,
            transport: raw.transport.0,
            ports: raw.ports.0,
            source_ports: raw.source_ports.map(|ports| ports.0),
            scope: raw.scope,
        };
        let id = RuleId::of(&flow);
        if id != raw.id.0 {
            return Err(format!("{} is not the id of its flow, which has {id}", raw.id.0));
        }
        if raw.citations.is_empty() {
            return Err(format!("{id} has no citation"));
        }
        if raw.hops.is_empty() {
            return Err(format!("{id} has no hop"));
        }
        let rule = Rule {
            id,
            flow,
            need: raw.need,
            phases: raw.phases,
            tls_inspection: raw.tls_inspection,
            assumed: raw.assumed.into_iter().map(|condition| condition.0).collect(),
            gap: raw.gap,
            doubt: raw.doubt,
            software: Vec::new(),
            ranges_offered: false,
            citations: raw.citations.into_iter().map(Citation::from).collect(),
        };
        Ok(Self { rule, losses: raw.losses.into_iter().map(Loss::from).collect(), hops: raw.hops })
    }
}

#[derive(Deserialize)]
#[serde(try_from = "RawEnd")]
struct RawEndpoint(Endpoint);

/// One end of a flow; exactly one kind.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct RawEnd {
    role: Option<Text<RoleId>>,
    outside: Option<Text<RoleId>>,
    host: Option<Text<HostPattern>>,
    at: Option<Text<RoleId>>,
    url: Option<String>,
    service_tag: Option<Text<Tag>>,
    cloud_ranges: Option<Text<CloudId>>,
}

impl TryFrom<RawEnd> for RawEndpoint {
    type Error = String;

    fn try_from(raw: RawEnd) -> Result<Self, String> {
        let at = raw.at.map(|role| role.0);
        let has_host = raw.host.is_some();
        let url = raw.url.as_deref().map(url).transpose()?;
        let mut kinds = [
            raw.role.map(|role| Endpoint::Role(role.0)),
            raw.outside.map(|role| Endpoint::Outside(role.0)),
            raw.host.map(|pattern| Endpoint::Host { pattern: pattern.0, at: at.clone() }),
            url.map(|(host, path)| Endpoint::Url { host, path }),
            raw.service_tag.map(|tag| Endpoint::ServiceTag(tag.0.0)),
            raw.cloud_ranges.map(|cloud| Endpoint::CloudRanges(cloud.0)),
        ]
        .into_iter()
        .flatten();
        match (kinds.next(), kinds.next()) {
            (Some(end), None) if at.is_none() || has_host => Ok(Self(end)),
            (Some(_), None) => Err("`at` stands beside a host only".to_owned()),
            _ => Err("an end is one of role, outside, host, url, service-tag and cloud-ranges".to_owned()),
        }
    }
}

/// `www.microsoft.com/pkiops`: a host and a path, nothing else.
fn url(text: &str) -> Result<(HostPattern, UrlPath), String> {
    let url = UrlPattern::parse(text).map_err(|error| error.to_string())?;
    match (url.scheme, url.path) {
        (None, Some(path)) => Ok((url.host, path)),
        _ => Err(format!("`{}` is not a host with a path", text.escape_debug())),
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct RawCitation {
    scenario: Text<ScenarioId>,
    document: Text<DocumentId>,
    edition: Option<Text<Edition>>,
    requirement: Text<RequirementId>,
    purpose: String,
    documented_as: String,
    need: Need,
    phases: BTreeSet<Phase>,
    #[serde(default)]
    interpreted: Vec<RawInterpretation>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawInterpretation {
    of: Text<Reading>,
    because: String,
}

impl From<RawCitation> for Citation {
    fn from(raw: RawCitation) -> Self {
        let readings = raw.interpreted.into_iter();
        Self {
            scenario: raw.scenario.0,
            document: raw.document.0,
            edition: raw.edition.map(|edition| edition.0),
            requirement: raw.requirement.0,
            purpose: raw.purpose,
            documented_as: raw.documented_as,
            need: raw.need,
            phases: raw.phases,
            interpreted: readings
                .map(|reading| Interpretation { of: reading.of.0.0, because: reading.because })
                .collect(),
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawLoss {
    code: Text<Code>,
    axis: Axis,
    effect: Effect,
    detail: String,
}

impl From<RawLoss> for Loss {
    fn from(raw: RawLoss) -> Self {
        Self { code: raw.code.0, axis: raw.axis, effect: raw.effect, detail: raw.detail }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawLeftOut {
    rule: Text<RuleId>,
    losses: Vec<RawLoss>,
}

impl From<RawLeftOut> for LeftOut {
    fn from(raw: RawLeftOut) -> Self {
        Self { rule: raw.rule.0, losses: raw.losses.into_iter().map(Loss::from).collect() }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
enum RawVia {
    Direct,
    ToProxy,
    FromProxy,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawProxy {
    host: Option<Text<HostName>>,
    address: Option<Text<std::net::IpAddr>>,
    ports: Text<PortRange>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct RawHop {
    via: RawVia,
    proxy: Option<RawProxy>,
    source: End,
    destination: End,
    transport: Text<Transport>,
    ports: Text<PortRange>,
    source_ports: Option<Text<PortRange>>,
}

impl TryFrom<RawHop> for HopRecord {
    type Error = String;

    fn try_from(raw: RawHop) -> Result<Self, String> {
        let via = match (raw.via, raw.proxy.map(proxy).transpose()?) {
            (RawVia::Direct, None) => Via::Direct,
            (RawVia::ToProxy, Some(proxy)) => Via::ToProxy(proxy),
            (RawVia::FromProxy, Some(proxy)) => Via::FromProxy(proxy),
            _ => {
                return Err(
                    "a hop names a proxy if it goes to one or comes from one, and only then".to_owned()
                );
            }
        };
        Ok(Self {
            via,
            source: raw.source,
            destination: raw.destination,
            transport: raw.transport.0,
            ports: raw.ports.0,
            source_ports: raw.source_ports.map(|ports| ports.0),
        })
    }
}

fn proxy(raw: RawProxy) -> Result<ProxyListener, String> {
    let host = match (raw.host, raw.address) {
        (Some(name), None) => ProxyAddress::Name(name.0),
        (None, Some(address)) => ProxyAddress::Ip(address.0),
        _ => return Err("a proxy has either a host or an address".to_owned()),
    };
    Ok(ProxyListener { host, port: raw.ports.0 })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct RawSide {
    any: Option<bool>,
    host: Option<Text<HostPattern>>,
    url: Option<String>,
    addresses: Option<String>,
    not_given: Option<bool>,
    station: Option<Text<StationId>>,
    zone: Option<Text<ZoneId>>,
}

impl TryFrom<RawSide> for End {
    type Error = String;

    fn try_from(raw: RawSide) -> Result<Self, String> {
        let said = |flag: Option<bool>| flag.filter(|said| *said);
        let url = raw.url.as_deref().map(url).transpose()?;
        let mut kinds = [
            said(raw.any).map(|_| MatchedBy::Any),
            raw.host.map(|pattern| MatchedBy::Host(pattern.0)),
            url.map(|(host, path)| MatchedBy::Url(host, path)),
            raw.addresses.map(MatchedBy::Addresses),
            said(raw.not_given).map(|_| MatchedBy::NotGiven),
        ]
        .into_iter()
        .flatten();
        match (kinds.next(), kinds.next()) {
            (Some(by), None) => Ok(Self {
                by,
                station: raw.station.map(|station| station.0),
                zone: raw.zone.map(|zone| zone.0),
            }),
            _ => Err("a side is one of any, host, url, addresses and not-given".to_owned()),
        }
    }
}
