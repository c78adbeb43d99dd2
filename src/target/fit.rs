//! What a target can say of each rule: axis by axis, by its declared capabilities alone.

mod side;

pub(crate) use side::OFFERED;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

use super::{
    Axis, Capabilities, Counts, Direction, Effect, Fitted, FittedRule, Header, Loss, Settings, TargetSpec,
    Vantage, Verdict,
};
use crate::finding::Code;
use crate::id::{StationId, ZoneId};
use crate::place::{Hop, Leg, Placed};
use crate::rule::{Digest, Rule, RuleId, RuleSet, Scope};
use crate::site::Station;

/// Which addresses are wanted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum FamilyChoice {
    /// IPv4 only.
    V4,
    /// IPv6 only.
    V6,
    /// Both.
    #[default]
    Both,
}

/// What an artifact is for, where a target stands at one place of a site.
#[derive(Debug, Clone, Default)]
pub struct Focus {
    /// Only these hosts, or what they take part in where the target stands elsewhere; all if empty.
    pub stations: Vec<StationId>,
    /// Only what crosses these zones (vantage network).
    pub crossing: Option<Crossing>,
    /// Which addresses.
    pub family: FamilyChoice,
}

/// From which zones to which others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Crossing {
    /// The zones that connections come from; any if empty.
    pub from: BTreeSet<ZoneId>,
    /// The zones that they go to; any if empty.
    pub to: BTreeSet<ZoneId>,
}

impl Crossing {
    /// Whether a connection between these zones crosses here: not one that stays within a zone, or whose zones nobody
    /// gave.
    pub fn holds(&self, from: Option<&ZoneId>, to: Option<&ZoneId>) -> bool {
        let among = |zones: &BTreeSet<ZoneId>, zone: &ZoneId| zones.is_empty() || zones.contains(zone);
        match (from, to) {
            (Some(from), Some(to)) => from != to && among(&self.from, from) && among(&self.to, to),
            _ => false,
        }
    }
}

/// In words: `from tier0 to internet`, `between dmz and internet`.
impl fmt::Display for Crossing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let list = |zones: &BTreeSet<ZoneId>, word: &str| {
            let zones: Vec<&str> = zones.iter().map(ZoneId::as_str).collect();
            match zones.split_last() {
                None => "any zone".to_owned(),
                Some((last, [])) => (*last).to_owned(),
                Some((last, others)) => format!("{}{word}{last}", others.join(", ")),
            }
        };
        if self.from == self.to {
            return write!(f, "between {}", list(&self.from, " and "));
        }
        write!(f, "from {} to {}", list(&self.from, " or "), list(&self.to, " or "))
    }
}

/// What the header of every artifact of a selection says.
#[derive(Debug, Clone)]
pub struct Heading {
    /// `Microsoft Entra Cloud Sync, public cloud`.
    pub title: String,
    /// Digest of all rules of the selection.
    pub rule_set: Digest,
    /// Further sentences, such as what other documents say.
    pub notes: Vec<String>,
}

/// Fits `rules` as `placed` to what `spec` can say under `settings`.
pub fn fit(
    rules: &RuleSet,
    placed: &Placed,
    heading: &Heading,
    spec: &TargetSpec,
    settings: &Settings,
    focus: &Focus,
) -> Fitted {
    let mut hops: BTreeMap<&RuleId, Vec<&Hop>> = BTreeMap::new();
    for hop in &placed.hops {
        hops.entry(&hop.rule.id).or_default().push(hop);
    }
    let anonymous = placed.anonymous;
    let capabilities = (spec.capabilities)(settings);
    let fitting = Fitting { vantage: spec.vantage, capabilities, anonymous, hops, focus };
    let mut fitted = Vec::new();
    let mut verdicts = Vec::new();
    for rule in rules.iter() {
        let outcomes: Vec<Outcome> = fitting.rule(rule);
        verdicts.push(verdict(rule, &outcomes));
        fitted.extend(outcomes.into_iter().filter_map(|outcome| outcome.rule));
    }
    let header = header(heading, spec, &fitted, &verdicts);
    Fitted { header, site: placed.site.clone(), rules: fitted, verdicts }
}

/// What became of one hop at one place: a fitted rule or none, and why.
struct Outcome {
    rule: Option<FittedRule>,
    losses: Vec<Loss>,
}

/// A hop is no concern of this place.
fn unseen(code: Code, detail: impl Into<String>) -> Loss {
    Loss { code, axis: Axis::Source, effect: Effect::NotApplicable, detail: detail.into() }
}

/// A hop goes past a place that takes HTTP and TLS to names only.
fn past_proxy(hop: &Hop) -> Loss {
    unseen(Code::NotThroughProxy, format!("{} does not pass a proxy", hop.rule.flow.service()))
}

/// One hop as one place sees it.
struct Sight<'a> {
    hop: &'a Hop,
    direction: Direction,
    station: Option<Arc<Station>>,
}

struct Fitting<'a> {
    vantage: Vantage,
    capabilities: Capabilities,
    anonymous: bool,
    hops: BTreeMap<&'a RuleId, Vec<&'a Hop>>,
    focus: &'a Focus,
}

impl Fitting<'_> {
    fn rule(&self, rule: &Rule) -> Vec<Outcome> {
        let hops = self.hops.get(&rule.id).into_iter().flatten();
        let mut outcomes = Vec::new();
        let mut elsewhere = Vec::new();
        for hop in hops {
            match self.sights(hop) {
                Ok(sights) => outcomes.extend(sights.into_iter().map(|sight| self.sight(sight))),
                Err(loss) => elsewhere.push(Outcome { rule: None, losses: vec![loss] }),
            }
        }
        // A hop that this place does not see matters only when it sees none of the rule's hops.
        if outcomes.is_empty() { elsewhere } else { outcomes }
    }

    fn sights<'h>(&self, hop: &'h Hop) -> Result<Vec<Sight<'h>>, Loss> {
        if hop.scope == Scope::Local && self.vantage != Vantage::Document {
            return Err(unseen(Code::LocalFlow, "stays on its host"));
        }
        if self.vantage != Vantage::Host && !self.takes_part(hop) {
            return Err(unseen(Code::OtherHost, "none of these hosts takes part"));
        }
        match self.vantage {
            Vantage::Document => Ok(vec![Sight { hop, direction: Direction::Outbound, station: None }]),
            Vantage::Network => self.crossing(hop),
            Vantage::Interception => self.intercepted(hop),
            Vantage::Proxy => self.through_proxy(hop),
            Vantage::Host => self.on_hosts(hop),
        }
    }

    /// Whether one of the wanted hosts is an end of the flow, or the proxy on its way.
    fn takes_part(&self, hop: &Hop) -> bool {
        let wanted = &self.focus.stations;
        let proxy = match &hop.leg {
            Leg::Direct => None,
            Leg::ToProxy(proxy) | Leg::FromProxy(proxy) => proxy.station.as_ref(),
        };
        let mut parties = [hop.from.station.as_ref(), hop.to.station.as_ref(), proxy].into_iter().flatten();
        wanted.is_empty() || parties.any(|station| wanted.contains(&station.id))
    }

    fn crossing<'h>(&self, hop: &'h Hop) -> Result<Vec<Sight<'h>>, Loss> {
        let (from, to) = hop.leg.zones(&hop.from, &hop.to);
        if let Some(crossing) = &self.focus.crossing
            && !crossing.holds(from, to)
        {
            return Err(unseen(Code::OtherZones, format!("does not cross {crossing}")));
        }
        Ok(vec![Sight { hop, direction: Direction::Outbound, station: None }])
    }

    /// What goes to another proxy is asked of that one, by CONNECT.
    fn intercepted<'h>(&self, hop: &'h Hop) -> Result<Vec<Sight<'h>>, Loss> {
        if hop.proxyable && !matches!(hop.leg, Leg::ToProxy(_)) {
            return self.crossing(hop);
        }
        Err(past_proxy(hop))
    }

    fn through_proxy<'h>(&self, hop: &'h Hop) -> Result<Vec<Sight<'h>>, Loss> {
        let seen = match hop.leg {
            Leg::FromProxy(_) => true,
            Leg::ToProxy(_) => false,
            // Made from flags: the target itself is the proxy in the path of all that can pass one.
            Leg::Direct => self.anonymous && hop.proxyable,
        };
        if seen {
            return Ok(vec![Sight { hop, direction: Direction::Outbound, station: None }]);
        }
        Err(past_proxy(hop))
    }

    fn on_hosts<'h>(&self, hop: &'h Hop) -> Result<Vec<Sight<'h>>, Loss> {
        let wanted = |station: &Arc<Station>| {
            self.focus.stations.is_empty() || self.focus.stations.contains(&station.id)
        };
        let [opens, answers] = hop.leg.stations(&hop.from, &hop.to);
        let sights: Vec<Sight<'h>> = [(Direction::Outbound, opens), (Direction::Inbound, answers)]
            .into_iter()
            .filter_map(|(direction, station)| {
                let station = station.cloned().filter(wanted)?;
                Some(Sight { hop, direction, station: Some(station) })
            })
            .collect();
        if sights.is_empty() {
            return Err(unseen(Code::OtherHost, "neither end is this host"));
        }
        Ok(sights)
    }

    fn sight(&self, sight: Sight<'_>) -> Outcome {
        let hop = sight.hop;
        let sides =
            side::match_sides(&self.capabilities, hop, sight.direction, self.vantage, self.focus.family);
        let mut losses = sides.losses;
        losses.extend(self.port_losses(hop));
        let identity = self.identity_loss(hop, sight.direction);
        let nobody = identity.as_ref().is_some_and(|loss| loss.effect == Effect::Refused);
        losses.extend(identity);
        let Some((source, destination)) = sides.matches.filter(|_| !nobody) else {
            return Outcome { rule: None, losses };
        };
        let rule = FittedRule {
            rule: Arc::clone(&hop.rule),
            leg: hop.leg.clone(),
            from: hop.from.clone(),
            to: hop.to.clone(),
            station: sight.station,
            direction: sight.direction,
            source,
            destination,
            transport: hop.transport,
            ports: hop.ports,
            source_ports: hop.source_ports.filter(|_| self.capabilities.source_ports),
            losses: losses.clone(),
        };
        Outcome { rule: Some(rule), losses }
    }

    /// The software that answers is not what a document's program, service or account is about.
    fn identity_loss(&self, hop: &Hop, direction: Direction) -> Option<Loss> {
        let identity = self.capabilities.identity.filter(|_| direction == Direction::Outbound)?;
        Some(identity.loss(&hop.rule.software))
    }

    fn port_losses(&self, hop: &Hop) -> Vec<Loss> {
        let mut losses = Vec::new();
        if let super::PortSupport::Elsewhere(code) = self.capabilities.ports {
            let detail = format!("{} is not in the list", hop.rule.flow.service());
            losses.push(Loss { code, axis: Axis::Port, effect: Effect::Wider, detail });
        }
        if let (Some(ports), false) = (hop.source_ports, self.capabilities.source_ports) {
            let detail = format!("source ports {ports} cannot be held");
            losses.push(Loss {
                code: Code::SourcePortsDropped,
                axis: Axis::Port,
                effect: Effect::Wider,
                detail,
            });
        }
        losses
    }
}

fn verdict(rule: &Rule, outcomes: &[Outcome]) -> Verdict {
    let mut losses: Vec<Loss> = outcomes.iter().flat_map(|outcome| outcome.losses.iter().cloned()).collect();
    losses.sort();
    losses.dedup();
    Verdict { rule: rule.id.clone(), losses, written: outcomes.iter().any(|outcome| outcome.rule.is_some()) }
}

fn counts(verdicts: &[Verdict]) -> Counts {
    let mut counts = Counts::default();
    for verdict in verdicts {
        let count = match verdict.worst() {
            None => &mut counts.exact,
            Some(Effect::Wider) => &mut counts.wider,
            Some(Effect::Narrower) => &mut counts.narrower,
            Some(Effect::Refused) => &mut counts.refused,
            Some(Effect::NotApplicable) => &mut counts.not_applicable,
        };
        *count += 1;
    }
    counts
}

fn header(heading: &Heading, spec: &TargetSpec, fitted: &[FittedRule], verdicts: &[Verdict]) -> Header {
    let mut documents = Vec::new();
    let mut range_files = Vec::new();
    for rule in fitted {
        for citation in &rule.rule.citations {
            documents.push((citation.document.clone(), citation.edition));
        }
        for side in [&rule.source, &rule.destination] {
            if let super::Match::Addresses(set) = side {
                range_files.extend(set.range_file.clone());
            }
        }
    }
    documents.sort();
    documents.dedup();
    range_files.sort();
    range_files.dedup();
    Header {
        title: heading.title.clone(),
        documents,
        rule_set: heading.rule_set.clone(),
        counts: counts(verdicts),
        enforces: Header::enforces(spec.enforces),
        range_files,
        notes: heading.notes.clone(),
    }
}
