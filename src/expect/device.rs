//! What a target says of a way, as its device would do it.

use crate::finding::Code;
use crate::place::Leg;
use crate::plan::PlannedTarget;
use crate::target::{Enforces, Fitted, FittedRule, Match, Vantage};

use super::matching::{Matched, Question};
use super::ruling::Ruling;
use super::step::{Connection, Party, Side, Step};

/// What a target says of the steps that it sees: what it says of the last decides, unless it stops one before.
pub(super) fn by_target(
    connection: &Connection<'_>,
    seen: &[&Step<'_>],
    planned: &PlannedTarget,
    fitted: &Fitted,
) -> Ruling {
    if matches!(planned.target.enforces, Enforces::Never) {
        return Ruling::NotEnforced;
    }
    let mut last = Ruling::NotEnforced;
    for step in seen {
        last = by_step(&Question { connection, step, planned }, fitted);
        if !last.allows() && !last.is_elsewhere() {
            break;
        }
    }
    last
}

fn by_step(question: &Question<'_>, fitted: &Fitted) -> Ruling {
    let step = question.step;
    let (mut undecided, mut part, mut of_proxy, mut handshake) = (None, None, None, None);
    for rule in &fitted.rules {
        let id = || rule.rule.id.clone();
        match question.asked_of(rule) {
            Matched::Not => {}
            Matched::Unknown(doubt) => undecided = Some(Ruling::Undecided(id(), doubt)),
            Matched::Handshake => handshake = Some(Ruling::DeniedOnceNamed(id())),
            Matched::Yes if step.proxy.is_some_and(|(_, side)| side == Side::Before) => {
                return Ruling::ByProxy(id());
            }
            Matched::Yes if is_of_another(question, rule) => {
                of_proxy.get_or_insert_with(|| Ruling::OfProxy(id()));
            }
            Matched::Yes => match &rule.destination {
                Match::Url(host, path) => part = Some(Ruling::AllowedInPart(id(), format!("{host}{path}"))),
                _ => return Ruling::Allowed(id()),
            },
        }
    }
    part.or(of_proxy).or(undecided).unwrap_or_else(|| match (default(question, fitted), handshake) {
        (Ruling::Denied, Some(handshake)) => handshake,
        (default, _) => default,
    })
}

/// Whether a device behind a proxy lets this pass for another client. It sees the proxy come, whoever asked it; the
/// proxy itself tells its clients apart.
fn is_of_another(question: &Question<'_>, rule: &FittedRule) -> bool {
    let Question { connection, step, planned } = question;
    let behind = step.proxy.is_some_and(|(_, side)| side == Side::Behind);
    let own = rule.from.station.as_ref().is_some_and(|station| station.id == connection.from.id);
    behind && planned.target.vantage != Vantage::Proxy && matches!(rule.leg, Leg::FromProxy(_)) && !own
}

/// What becomes of what no rule matches. Standalone forms end in a deny of their own, where there is a file.
fn default(question: &Question<'_>, fitted: &Fitted) -> Ruling {
    let planned = question.planned;
    let written = is_written(question, fitted);
    let denies =
        planned.settings.is("form", "standalone") || matches!(planned.target.enforces, Enforces::Always);
    match planned.target.enforces {
        _ if written && (planned.denies || denies) => Ruling::Denied,
        _ if planned.denies => Ruling::DeniedByWord,
        _ if denies => Ruling::NotWritten(Code::NothingSelected),
        Enforces::IfDefaultDeny(clause) => Ruling::DeniedIf(clause.to_owned()),
        Enforces::Always | Enforces::Never => Ruling::NotEnforced,
    }
}

/// Whether there is a file for this place: on hosts each has its own, and one that no rule concerns has none.
fn is_written(question: &Question<'_>, fitted: &Fitted) -> bool {
    let Question { step, planned, .. } = question;
    let wanted = &planned.focus.stations;
    let is_here = |rule: &FittedRule| {
        [step.from, step.to].into_iter().any(|party| match (party, &rule.station) {
            (Party::Station(station), Some(own)) => {
                own.id == station.id && (wanted.is_empty() || wanted.contains(&own.id))
            }
            _ => false,
        })
    };
    fitted.rules.iter().any(|rule| planned.target.vantage != Vantage::Host || is_here(rule))
}
