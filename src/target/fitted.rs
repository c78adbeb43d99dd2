//! Rules as far as a target can say them.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{Effect, Header, Loss};
use crate::address::{PortRange, Transport};
use crate::host::{HostPattern, UrlPath};
use crate::id::{RoleId, ZoneId};
use crate::place::{AddressSet, Leg, Party};
use crate::rule::{Rule, RuleId};
use crate::site::{SiteName, Station};

/// What one side of a rule is matched by. A variant that a target's capabilities exclude never reaches its `pack`.
#[derive(Debug, Clone)]
pub enum Match {
    /// The host on which the artifact stands, or which loads it.
    Itself,
    /// Anyone, because the document says so.
    Any,
    /// A name or pattern.
    Name(HostPattern),
    /// URLs below a path; only for targets with paths.
    Url(HostPattern, UrlPath),
    /// Addresses, never an empty set, already limited to the families that the rule keeps.
    Addresses(Arc<AddressSet>),
    /// A role, tag or range in words; only for targets with words.
    Words(String),
}

/// Which way a connection goes, seen from the host on which the artifact stands. Outbound elsewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Direction {
    /// The host opens it.
    Outbound,
    /// The host answers.
    Inbound,
}

/// One rule at one target.
#[derive(Debug, Clone)]
pub struct FittedRule {
    /// The symbolic rule: id, citations, purposes, TLS inspection.
    pub rule: Arc<Rule>,
    /// Which part of the way.
    pub leg: Leg,
    /// Who opens the connection: for words and labels; matching goes by `source`.
    pub from: Party,
    /// Who answers: for words and labels; matching goes by `destination`.
    pub to: Party,
    /// The host for whose firewall this is (vantage host only).
    pub station: Option<Arc<Station>>,
    /// Seen from that host.
    pub direction: Direction,
    /// What the source is matched by. For an inbound rule on a host this is the remote side.
    pub source: Match,
    /// What the destination is matched by. For an inbound rule on a host this is the host itself.
    pub destination: Match,
    /// TCP or UDP.
    pub transport: Transport,
    /// Destination ports.
    pub ports: PortRange,
    /// Source ports, if the target can hold them.
    pub source_ports: Option<PortRange>,
    /// What differs from the rule.
    pub losses: Vec<Loss>,
}

impl FittedRule {
    /// The role (or other end) that opens the connection, as a label.
    pub fn from_label(&self) -> String {
        self.from.endpoint.to_string()
    }

    /// The role of the source, if it is one of the site.
    pub fn from_role(&self) -> Option<&RoleId> {
        self.from.endpoint.role()
    }

    /// The zones that it crosses.
    pub fn zones(&self) -> (Option<&ZoneId>, Option<&ZoneId>) {
        self.leg.zones(&self.from, &self.to)
    }
}

/// How one rule of the selection fared at one target.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Verdict {
    /// The rule.
    pub rule: RuleId,
    /// All its losses, over all hops; empty is exact.
    pub losses: Vec<Loss>,
    /// Whether it stands in the artifact.
    pub written: bool,
}

impl Verdict {
    /// The worst effect; `None` is exact.
    pub fn worst(&self) -> Option<Effect> {
        if self.written {
            self.losses.iter().map(|loss| loss.effect).filter(|effect| *effect != Effect::NotApplicable).max()
        } else {
            self.losses.iter().map(|loss| loss.effect).max()
        }
    }
}

/// How many rules fared how; each rule counts once, at its worst.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Counts {
    /// Said exactly.
    pub exact: usize,
    /// Allowing more.
    pub wider: usize,
    /// Allowing less.
    pub narrower: usize,
    /// Not said.
    pub refused: usize,
    /// No concern of this target.
    pub not_applicable: usize,
}

impl Counts {
    /// `15 exact, 2 wider`, parts that are zero left out.
    pub fn words(&self) -> String {
        let parts = [
            (self.exact, "exact"),
            (self.wider, "wider"),
            (self.narrower, "narrower"),
            (self.refused, "refused"),
            (self.not_applicable, "not applicable"),
        ];
        let parts: Vec<String> = parts
            .iter()
            .filter(|(count, _)| *count > 0)
            .map(|(count, word)| format!("{count} {word}"))
            .collect();
        if parts.is_empty() { "none".to_owned() } else { parts.join(", ") }
    }
}

/// The rules of a selection as far as one target can say them.
#[derive(Debug, Clone)]
pub struct Fitted {
    /// What every artifact says at its top.
    pub header: Header,
    /// The site's name.
    pub site: SiteName,
    /// What can be said, in the order of the rules; several hops of one rule follow each other.
    pub rules: Vec<FittedRule>,
    /// How each rule of the selection fared.
    pub verdicts: Vec<Verdict>,
}
