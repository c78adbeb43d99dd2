//! What a policy does to a need: the first clause that matches decides, stretch by stretch.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::address::IntervalSet;

use super::policy::differ;
use super::region::{show_addresses, show_ports};
use super::{Action, Clause, Fallthrough, Need, Only, Policy, Reach, Region};

/// Into how many stretches a need may fall; what lies beyond is undecided.
const MOST: usize = 2000;

/// How a need fares.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// All of it passes.
    Allowed,
    /// It may pass or not.
    Undecided,
    /// Some of it, or all, does not pass.
    Blocked,
}

/// The number of a clause, and what there is to say of it; no number where it is of none.
pub type Reason = (Option<usize>, String);

/// What becomes of one stretch of a need.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// The stretch.
    pub region: Region,
    /// What becomes of it.
    pub status: Status,
    /// The clause that decides, by its number; none where none matches, or nobody can tell.
    pub clause: Option<usize>,
    /// Why nobody can tell, with the number of the clause; the reason of the default.
    pub why: Vec<Reason>,
}

/// A stretch on its way through the clauses, with those that may have matched it.
#[derive(Clone)]
struct Piece {
    region: Region,
    doubts: Vec<(usize, String)>,
}

/// What `policy` does to `need`, stretch by stretch; never empty.
pub fn judge(policy: &Policy, need: &Need) -> Vec<Outcome> {
    if let Some(why) = need.no_destination.as_ref().filter(|_| !policy.in_words) {
        return vec![undecided(need.region.clone(), vec![(None, why.clone())])];
    }
    let mut run = Run { policy, need, outcomes: Vec::new() };
    let mut pieces = vec![Piece { region: need.region.clone(), doubts: Vec::new() }];
    for (number, clause) in policy.clauses.iter().enumerate() {
        if !concerns(clause, need) {
            continue;
        }
        pieces = run.clause(number, clause, pieces);
        if pieces.is_empty() {
            break;
        }
        if pieces.len() + run.outcomes.len() > MOST {
            let why = format!("it falls into more than {MOST} stretches");
            run.outcomes.push(undecided(need.region.clone(), vec![(Some(number), why)]));
            return run.outcomes;
        }
    }
    // A product that has a line for each family leaves over what lies between the families.
    if !run.outcomes.is_empty() {
        pieces.retain(|piece| !piece.region.is_between_families());
    }
    for piece in pieces {
        let outcome = run.by_default(piece);
        run.outcomes.push(outcome);
    }
    run.outcomes
}

/// A stretch of which the default is not known.
fn open(piece: Piece, why: &str) -> Outcome {
    let doubts = piece.doubts.into_iter().map(|(number, why)| (Some(number), why));
    undecided(piece.region, doubts.chain([(None, why.to_owned())]).collect())
}

fn undecided(region: Region, why: Vec<Reason>) -> Outcome {
    Outcome { region, status: Status::Undecided, clause: None, why }
}

/// Whether a clause stands on the host of a need, and looks its way.
fn concerns(clause: &Clause, need: &Need) -> bool {
    let other = |one: &Option<String>, two: &Option<String>| matches!((one, two), (Some(one), Some(two)) if one != two);
    !other(&clause.host, &need.host)
        && !matches!((clause.direction, need.direction), (Some(one), Some(two)) if one != two)
}

struct Run<'a> {
    policy: &'a Policy,
    need: &'a Need,
    outcomes: Vec<Outcome>,
}

impl Run<'_> {
    /// What of `pieces` goes on behind a clause. What it matches for certain comes first.
    fn clause(&mut self, number: usize, clause: &Clause, mut pieces: Vec<Piece>) -> Vec<Piece> {
        let mut doubtful = Vec::new();
        for reach in &clause.reaches {
            match meets(reach, self.need) {
                Meeting::Not => {}
                Meeting::Perhaps(doubt) => doubtful.push((sides(reach, self.need), doubt)),
                Meeting::Certain => {
                    let reach = sides(reach, self.need);
                    let decided =
                        pieces.into_iter().flat_map(|piece| self.decide(number, clause, &reach, piece));
                    pieces = decided.collect();
                }
            }
        }
        for (reach, doubt) in &doubtful {
            pieces = pieces.into_iter().flat_map(|piece| cast(number, reach, doubt, piece)).collect();
        }
        pieces
    }

    fn decide(&mut self, number: usize, clause: &Clause, reach: &Region, piece: Piece) -> Vec<Piece> {
        let Some(region) = piece.region.intersection(reach) else { return vec![piece] };
        self.outcomes.push(self.decided(region, clause.action, Some(number), &piece.doubts, None));
        let left = piece.region.difference(reach);
        left.into_iter().map(|region| Piece { region, doubts: piece.doubts.clone() }).collect()
    }

    /// A clause that may have matched before changes nothing where it would have done the same.
    fn decided(
        &self,
        region: Region,
        action: Action,
        clause: Option<usize>,
        doubts: &[(usize, String)],
        why: Option<String>,
    ) -> Outcome {
        let other =
            |number: usize| self.policy.clauses.get(number).is_some_and(|clause| clause.action != action);
        let against: Vec<_> = doubts
            .iter()
            .filter(|(number, _)| other(*number))
            .map(|(n, why)| (Some(*n), why.clone()))
            .collect();
        if !against.is_empty() {
            return undecided(region, against);
        }
        let status = if action == Action::Allow { Status::Allowed } else { Status::Blocked };
        Outcome { region, status, clause, why: why.map(|why| (None, why)).into_iter().collect() }
    }

    fn by_default(&self, piece: Piece) -> Outcome {
        let Need { from_zone, to_zone, .. } = self.need;
        let (action, why) = match &self.policy.default {
            Fallthrough::Certain(action, why) => (*action, why.clone()),
            Fallthrough::ByZones { within, between } => match (from_zone, to_zone) {
                (Some(from), Some(to)) if from == to => (within.action, within.why.clone()),
                (Some(_), Some(_)) => (between.action, between.why.clone()),
                _ => {
                    let why = "no rule matches; of intrazone-default and interzone-default one allows and one denies, \
                               and its zones were not given";
                    return open(piece, why);
                }
            },
            Fallthrough::ByDirection { outbound, inbound } => {
                let action = match self.need.direction {
                    Some(crate::target::Direction::Inbound) => inbound,
                    _ => outbound,
                };
                let Some(action) = action else {
                    let why =
                        "no rule matches, and the default action of the network profiles is not in the file";
                    return open(piece, why);
                };
                (*action, "the default action of all network profiles".to_owned())
            }
            Fallthrough::Unknown(why) => return open(piece, why),
        };
        self.decided(piece.region, action, None, &piece.doubts, Some(why))
    }
}

/// Marks what a doubtful reach holds of a piece.
fn cast(number: usize, reach: &Region, doubt: &str, piece: Piece) -> Vec<Piece> {
    if piece.doubts.iter().any(|(known, _)| *known == number) {
        return vec![piece];
    }
    let Some(region) = piece.region.intersection(reach) else { return vec![piece] };
    let left = piece.region.difference(reach);
    let mut pieces: Vec<Piece> =
        left.into_iter().map(|region| Piece { region, doubts: piece.doubts.clone() }).collect();
    let mut doubts = piece.doubts;
    doubts.push((number, doubt.to_owned()));
    pieces.push(Piece { region, doubts });
    pieces
}

/// The stretch of a reach. Whoever a need of unknown source comes from, a clause holds for all of them or for none.
fn sides<'r>(reach: &'r Reach, need: &Need) -> Cow<'r, Region> {
    match need.no_source {
        None => Cow::Borrowed(&reach.region),
        Some(_) => Cow::Owned(Region { from: super::region::whole(), ..reach.region.clone() }),
    }
}

/// Whether a reach matches a need, apart from their regions.
enum Meeting {
    Not,
    Certain,
    /// Nobody can tell, for this reason.
    Perhaps(String),
}

/// Whether a reach can match a need at all, and why it may not where nobody can tell.
fn meets(reach: &Reach, need: &Need) -> Meeting {
    if reach.only == Some(Only::Beyond)
        || reach.transport.is_some_and(|transport| transport != need.transport)
        || differ(reach.tunnelled, need.tunnelled)
        || differ(reach.software.as_ref(), need.software.as_ref())
        || out_of_zone(reach.from_zones.as_ref(), need.from_zone.as_ref())
        || out_of_zone(reach.to_zones.as_ref(), need.to_zone.as_ref())
        || reach.to_words.as_ref().is_some_and(|words| need.to_words.as_ref() != Some(words))
        || reach.from_words.as_ref().is_some_and(|words| need.from_words.as_ref() != Some(words))
    {
        return Meeting::Not;
    }
    let mut doubts: Vec<String> = reach.doubts.iter().cloned().collect();
    if let Some(why) = need.no_source.as_ref().filter(|_| !need.region.from.is_subset(&reach.region.from)) {
        doubts.push(why.clone());
    }
    // What goes to nobody knows where: only words can say the same.
    if let Some(why) = need.no_destination.as_ref().filter(|_| reach.to_words.is_none()) {
        doubts.push(why.clone());
    }
    let zones =
        [(&reach.from_zones, &need.from_zone, "comes from"), (&reach.to_zones, &need.to_zone, "goes to")];
    for (zones, _, word) in zones.into_iter().filter(|(zones, zone, _)| zones.is_some() && zone.is_none()) {
        let zones: Vec<String> = zones.iter().flatten().cloned().collect();
        doubts.push(format!("the zone that it {word} was not given; the clause is for {}", zones.join(", ")));
    }
    match source_ports(reach.source_ports.as_ref(), need.source_ports.as_ref()) {
        Meeting::Not => return Meeting::Not,
        Meeting::Certain => {}
        Meeting::Perhaps(why) => doubts.push(why),
    }
    if doubts.is_empty() { Meeting::Certain } else { Meeting::Perhaps(doubts.join("; ")) }
}

fn out_of_zone(zones: Option<&std::collections::BTreeSet<String>>, zone: Option<&String>) -> bool {
    matches!((zones, zone), (Some(zones), Some(zone)) if !zones.contains(zone))
}

fn source_ports(reach: Option<&IntervalSet<u32>>, need: Option<&IntervalSet<u32>>) -> Meeting {
    match (reach, need) {
        (None, _) => Meeting::Certain,
        (Some(reach), Some(need)) if need.is_subset(reach) => Meeting::Certain,
        (Some(reach), Some(need)) if need.is_disjoint(reach) => Meeting::Not,
        (Some(reach), _) => Meeting::Perhaps(format!("the clause is for source ports {}", show_ports(reach))),
    }
}

/// How a need fares as a whole: at its worst.
pub fn worst(outcomes: &[Outcome]) -> Status {
    outcomes.iter().map(|outcome| outcome.status).max().unwrap_or(Status::Undecided)
}

/// What tells a stretch from the whole need, in words; nothing where it is all of it.
pub(super) fn part_of(region: &Region, need: &Need) -> Option<String> {
    let mut words = Vec::new();
    if region.to != need.region.to {
        words.push(region.to.words());
    }
    if region.ports != need.region.ports {
        words.push(format!("ports {}", show_ports(&region.ports)));
    }
    if region.from != need.region.from {
        words.push(format!("from {}", show_addresses(&region.from)));
    }
    (!words.is_empty()).then(|| words.join(", "))
}

/// The stretches of a status, joined where one clause decides them for one reason.
pub(super) fn grouped(outcomes: &[Outcome], status: Status) -> Vec<Vec<&Outcome>> {
    let mut groups: BTreeMap<(Option<usize>, Vec<Reason>), Vec<&Outcome>> = BTreeMap::new();
    for outcome in outcomes.iter().filter(|outcome| outcome.status == status) {
        groups.entry((outcome.clause, outcome.why.clone())).or_default().push(outcome);
    }
    groups.into_values().collect()
}
