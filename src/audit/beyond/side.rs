//! What a need accounts for, side by side: a reach that is wider or other on one of its sides is no doing of the need.

use super::super::region::{is_half_of_a_family, show_ports};
use super::super::{Need, Reach};
use super::Scope;
use super::asked::Asked;

/// One side that is told by itself: in words what the reach is there, where the need does not account for it.
type Side = fn(&Asked<'_>, &Need) -> Option<String>;

/// All of them; in the order in which they are told.
const SIDES: [Side; 4] = [source_words, destination_words, source_ports, software];

impl Asked<'_> {
    /// Whether a need can account for what the reach allows in this cell.
    pub(super) fn accounts(&self, need: &Need) -> bool {
        self.accounts_for_cell(need) && SIDES.iter().all(|side| side(self, need).is_none())
    }

    /// A line that says nothing of tunnels is for both: who can reach which port, no method changes.
    fn accounts_for_cell(&self, need: &Need) -> bool {
        let same_way = match (self.line.reach.tunnelled, need.tunnelled) {
            (Some(reach), Some(need)) => reach == need,
            _ => true,
        };
        let from = self.cell.comes_from(need.from_zone.as_ref()) || self.is_left_to_addresses(need);
        let to = self.line.scope == Scope::SameHosts || self.cell.goes_to(need.to_zone.as_ref());
        self.cell.transport.is_none_or(|transport| transport == need.transport) && same_way && from && to
    }

    /// A line for any zone whose addresses limit who connects, where a need gives none to compare them with.
    fn is_left_to_addresses(&self, need: &Need) -> bool {
        let reach = self.line.reach;
        self.line.scope == Scope::SameHosts
            && reach.from_zones.is_none()
            && need.no_source.is_some()
            && !is_for_anyone(reach)
    }

    /// On which sides none of `needs` accounts for the reach.
    pub(super) fn differences(&self, needs: &[&Need]) -> Vec<String> {
        let of_all = |side: &Side| {
            let words: Option<Vec<String>> = needs.iter().map(|need| side(self, need)).collect();
            words?.into_iter().next()
        };
        SIDES.iter().filter_map(of_all).collect()
    }
}

/// Whether a reach is for anyone, or nearly so: no limit to anybody's addresses.
pub(super) fn is_for_anyone(reach: &Reach) -> bool {
    reach.from_words.is_none() && is_half_of_a_family(&reach.region.from)
}

fn source_words(asked: &Asked<'_>, need: &Need) -> Option<String> {
    let Some(words) = &asked.line.reach.from_words else {
        let lost = asked.line.scope == Scope::All && asked.line.policy.in_words && need.from_words.is_some();
        return (lost && is_for_anyone(asked.line.reach)).then(|| "from anyone".to_owned());
    };
    (!need.comes_from(words)).then(|| format!("from {words}"))
}

/// A host is more than one URL of it. Where only words tell the destination, they have to be the same.
fn destination_words(asked: &Asked<'_>, need: &Need) -> Option<String> {
    match (&asked.line.reach.to_words, &need.to_words) {
        (Some(words), _) if asked.line.reach.region.to.is_any() => {
            (!need.goes_to(words)).then(|| format!("to {words}"))
        }
        (Some(words), Some(asked)) if words != asked => Some(format!("to {words}")),
        (None, Some(words)) if asked.line.policy.in_words => Some(format!("to more than {words}")),
        _ => None,
    }
}

/// From any source port is more than what a need asks for that limits them. Only our own files are held to that, since
/// others rarely say it at all; likewise to the software.
fn source_ports(asked: &Asked<'_>, need: &Need) -> Option<String> {
    let limit = need.source_ports.as_ref().filter(|_| asked.line.scope == Scope::All)?;
    match &asked.line.reach.source_ports {
        Some(ports) if ports.is_subset(limit) => None,
        Some(ports) => Some(format!("from source ports {}", show_ports(ports))),
        None => Some("from any source port".to_owned()),
    }
}

fn software(asked: &Asked<'_>, need: &Need) -> Option<String> {
    match (&asked.line.reach.software, &need.software) {
        (Some(one), Some(two)) if one != two => Some(format!("by {one}")),
        (None, Some(_)) if asked.line.scope == Scope::All => Some("by any program".to_owned()),
        _ => None,
    }
}
