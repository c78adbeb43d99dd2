//! Portbook's own PAC scripts: the table is read, and the code around it must be Portbook's. No other script is judged: that
//! takes an engine that runs it.

use crate::address::{Port, PortRange, Transport};
use crate::finding::{Finding, Findings};
use crate::host::{HostName, HostPattern};
use crate::site::ProxyListener;
use crate::target::Settings;

use super::super::region::ports;
use super::super::{Action, At, Clause, Destination, Fallthrough, NameSet, Policy, Reach};
use super::own::{Shape, is_comment};
use super::{Beside, Configuration, unreadable};

const TEMPLATE: &str = include_str!("../../../templates/pac/portbook.pac");

/// Reads one script. What is listed is what it allows; it never denies.
pub(super) fn read(files: &[Configuration], settings: &Settings, _: Beside<'_>) -> Result<Policy, Findings> {
    let why =
        "it is not listed: it goes where everything else goes, and a PAC script denies nothing".to_owned();
    let mut policy = Policy::new(Fallthrough::Unknown(why));
    policy.knows_sources = false;
    policy.transports = &[Transport::Tcp];
    for file in files {
        script(file, settings, &mut policy)?;
    }
    Ok(policy)
}

fn script(file: &Configuration, settings: &Settings, policy: &mut Policy) -> Result<(), Finding> {
    let text = file.text()?;
    let mut shape = Shape::new(TEMPLATE);
    let (mut in_table, mut foreign) = (false, Vec::new());
    let mut answers: Vec<(Role, &str, At)> = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let (line, at) = (line.trim(), file.at(index + 1));
        if in_table && line != "};" {
            entry(line, at, policy)?;
            continue;
        }
        in_table = line == "var portbookTable = {";
        if let Some((role, answer)) = answer(line) {
            answers.push((role, answer, at.clone()));
        }
        if !is_comment(line) && !shape.has_next(line) {
            foreign.push((at, line.to_owned()));
        }
    }
    if policy.clauses.is_empty() {
        return Err(unreadable(&file.at(1), "no table of Portbook's: PAC scripts of others are not judged"));
    }
    if foreign.is_empty() && !shape.is_whole() {
        foreign.push((file.at(1), "lines of Portbook's own script are missing".to_owned()));
    }
    for (at, line) in foreign {
        policy.doubt_all(&at, &format!("`{line}`: not Portbook's own script, and scripts are not run here"));
    }
    for (role, answer, at) in &answers {
        if !is_asked(*role, answer, settings) {
            let why = format!("{} is answered with {answer}, which the settings do not say", role.words());
            policy.doubt_all(at, &why);
        }
    }
    let has_others = answers.iter().any(|(role, ..)| *role == Role::Others);
    if has_others == settings.is("form", "function") {
        policy.stray(&file.at(1), "whether it answers for what is not listed is not as `form` asks");
    }
    Ok(())
}

/// What an answer is for.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Role {
    Listed,
    Others,
}

impl Role {
    fn setting(self) -> &'static str {
        match self {
            Self::Listed => "listed",
            Self::Others => "others",
        }
    }

    fn words(self) -> &'static str {
        match self {
            Self::Listed => "what is listed",
            Self::Others => "what is not listed",
        }
    }
}

/// The answer in a line that gives one.
fn answer(line: &str) -> Option<(Role, &str)> {
    let listed = line
        .strip_prefix("if (portbookHolds(")
        .and_then(|line| line.split_once("{ return \""))
        .map(|(_, rest)| (Role::Listed, rest));
    let others = line.strip_prefix("return answer === null ? \"").map(|rest| (Role::Others, rest));
    let (role, rest) = listed.or(others)?;
    Some((role, rest.split('"').next().unwrap_or_default()))
}

/// Whether an answer is, whole, the one that the settings ask for, as far as they were given.
fn is_asked(role: Role, answer: &str, settings: &Settings) -> bool {
    let by_proxy = || {
        let end = if settings.is("fallback", "yes") { "; DIRECT" } else { "" };
        let named = answer.strip_prefix("PROXY ").and_then(|rest| rest.strip_suffix(end));
        let Some(named) = named else { return false };
        let canonical = |text: &str| ProxyListener::parse(text).map(|listener| listener.to_string());
        let wanted = settings.get("proxy").map_or_else(|| canonical(named), canonical);
        wanted.as_deref() == Some(named)
    };
    match settings.get(role.setting()) {
        Some("proxy") => by_proxy(),
        Some("direct") => answer == "DIRECT",
        _ => answer == "DIRECT" || by_proxy(),
    }
}

/// `".x.net": [443, 443], // r-...`.
fn entry(line: &str, at: At, policy: &mut Policy) -> Result<(), Finding> {
    let refuse = || unreadable(&at, "no entry of Portbook's table");
    let (key, rest) = line.strip_prefix('"').and_then(|line| line.split_once("\": [")).ok_or_else(refuse)?;
    let (list, behind) = rest.split_once(']').ok_or_else(refuse)?;
    let behind = behind.trim_start_matches(',').trim_start();
    if !(behind.is_empty() || behind.starts_with("//")) {
        return Err(refuse());
    }
    let numbers: Option<Vec<Port>> = list.split(", ").map(|text| Port::parse(text).ok()).collect();
    let numbers = numbers.filter(|numbers| numbers.len().is_multiple_of(2)).ok_or_else(refuse)?;
    let pairs = numbers.chunks(2).map(|pair| match pair {
        [from, to] => PortRange::new(*from, *to).ok(),
        _ => None,
    });
    let ranges: Vec<PortRange> = pairs.collect::<Option<_>>().ok_or_else(refuse)?;
    let name = key.get(1..).and_then(|name| HostName::parse(name).ok()).ok_or_else(refuse)?;
    let names = match key.get(..1) {
        Some("=") => NameSet::from(&HostPattern::Exact(name)),
        Some(".") => NameSet::below(&name, false),
        _ => return Err(refuse()),
    };
    let mut reach = Reach::to(Destination::names(names));
    reach.region.ports = ports(ranges);
    policy.clauses.push(Clause {
        action: Action::Allow,
        reaches: vec![reach],
        host: None,
        direction: None,
        name: format!("entry {key}"),
        at,
    });
    Ok(())
}
