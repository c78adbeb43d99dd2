//! Portbook's own file for nft: sets, and accept lines in one chain. No other ruleset is judged.

use std::collections::BTreeMap;

use crate::address::{Family, PrefixSet};
use crate::finding::Findings;
use crate::target::Settings;

use super::super::super::{Policy, region};
use super::super::statement::{Form, Statements, Stray, only, settled};
use super::super::{Beside, Configuration};
use super::{
    Accept, FOREIGN, Set, Sets, element, fallthrough, is_label, is_name, is_own_name, named, port_list,
    transport,
};

const FORM: Form = Form { loose: true, longest: usize::MAX };
/// What stands in front of the accept lines of a table of its own, and behind them.
const HOOK: [&str; 2] =
    ["type filter hook forward priority filter; policy drop;", "ct state established,related accept"];
const REST: &str = "counter drop comment \"portbook: the rest\"";

/// Reads one file. The settings say which form it has to have, and in which table.
pub(in super::super) fn read(
    files: &[Configuration],
    settings: &Settings,
    _: Beside<'_>,
) -> Result<Policy, Findings> {
    let file = only(files)?;
    let standalone = settings.is("form", "standalone");
    let mut reading = Reading {
        statements: Statements::of(file, &FORM)?,
        standalone,
        table: settings.get("table").unwrap_or_default().to_owned(),
        chain: "forward".to_owned(),
        sets: Sets::new(),
        policy: Policy::new(fallthrough(false, &file.at(1))),
    };
    let read = reading.file();
    settled(reading.policy, read)
}

struct Reading<'f> {
    statements: Statements<'f>,
    standalone: bool,
    table: String,
    chain: String,
    sets: Sets,
    policy: Policy,
}

impl Reading<'_> {
    fn file(&mut self) -> Result<(), Stray> {
        let declared = if self.standalone { self.anew().map(|()| None) } else { self.declared().map(Some) }?;
        self.statements.expect(&format!("table inet {} {{", self.table))?;
        while self.statements.peek().is_some_and(|line| line.starts_with("set ")) {
            self.set(declared.as_ref())?;
        }
        self.chain()?;
        self.statements.expect("}")?;
        self.statements.end()
    }

    /// The table is made before it is deleted, so that nothing of an older one stays and a first load is no error.
    fn anew(&mut self) -> Result<(), Stray> {
        let wanted = "`table inet portbook` or `table inet portbook-SITE`, since form is standalone";
        let named = self.statements.take("table inet ", "").filter(|(_, name)| is_own_name(name));
        let Some((_, name)) = named else { return Err(self.statements.stray(wanted)) };
        self.table = name;
        self.statements.expect(&format!("delete table inet {}", self.table)).map(|_| ())
    }

    /// Chain and sets of a fragment are declared and emptied first: what an older file put into them must not stay.
    fn declared(&mut self) -> Result<BTreeMap<String, Family>, Stray> {
        let wanted = format!("table inet {} {{", self.table);
        if !self.statements.has(&wanted) {
            let wanted = format!("`{wanted}`, as the options form=fragment and table={} say", self.table);
            return Err(self.statements.stray(&wanted));
        }
        let chain = self.statements.take("chain ", " {").filter(|(_, name)| is_own_name(name));
        let Some((_, chain)) = chain else { return Err(self.statements.stray("a chain of its own")) };
        self.chain = chain;
        self.statements.expect("}")?;
        let mut sets = BTreeMap::new();
        while let Some((name, family)) = self.head()? {
            self.statements.expect("}")?;
            sets.insert(name, family);
        }
        self.statements.expect("}")?;
        self.statements.expect(&format!("flush chain inet {} {}", self.table, self.chain))?;
        for name in sets.keys() {
            self.statements.expect(&format!("flush set inet {} {name}", self.table))?;
        }
        Ok(sets)
    }

    /// `set NAME {` with its type; nothing if no set is next.
    fn head(&mut self) -> Result<Option<(String, Family)>, Stray> {
        let Some((at, name)) = self.statements.take("set ", " {") else { return Ok(None) };
        if !is_name(&name) {
            return Err(Stray::new(at, format!("`{name}` is no name that Portbook gives a set")));
        }
        let family = if self.statements.has("type ipv4_addr") {
            Family::V4
        } else {
            self.statements.expect("type ipv6_addr").map(|_| Family::V6)?
        };
        self.statements.expect("flags interval")?;
        Ok(Some((name, family)))
    }

    fn set(&mut self, declared: Option<&BTreeMap<String, Family>>) -> Result<(), Stray> {
        let at = self.statements.at();
        let Some((name, family)) = self.head()? else { return Err(self.statements.stray("a set")) };
        if declared.is_some_and(|sets| sets.get(&name) != Some(&family)) {
            return Err(Stray::new(at, format!("the set {name} was not declared and emptied above")));
        }
        self.statements.expect("elements = {")?;
        let mut prefixes = Vec::new();
        while let Some((at, text)) = self.statements.take("", ",") {
            let wrong = || Stray::new(at, format!("`{text}` is no element of a set of its type"));
            prefixes.push(element(&text, family).ok_or_else(wrong)?);
        }
        self.statements.expect("}")?;
        self.statements.expect("}")?;
        let set = Set { family, prefixes: prefixes.iter().collect::<PrefixSet>() };
        match self.sets.insert(name.clone(), set) {
            None => Ok(()),
            Some(_) => Err(Stray::new(at, format!("the set {name} stands twice"))),
        }
    }

    fn chain(&mut self) -> Result<(), Stray> {
        self.statements.expect(&format!("chain {} {{", self.chain))?;
        if self.standalone {
            self.statements.expect_all(&HOOK)?;
        }
        while self.statements.peek().is_some_and(|line| line.contains(" accept comment \"")) {
            let Some((at, line)) = self.statements.take("", "") else { break };
            let accept = accept(&line, &self.sets)
                .map_err(|why| Stray::new(at.clone(), format!("`{line}`: {why}")))?;
            self.policy.clauses.push(accept.clause(at, &line));
        }
        if self.standalone {
            let at = self.statements.expect(REST)?;
            self.policy.default = fallthrough(true, &at);
        }
        self.statements.expect("}").map(|_| ())
    }
}

/// `ip saddr @A ip daddr @B tcp sport 1024-65535 tcp dport { 80, 443 } accept comment "portbook r-..."`.
fn accept(line: &str, sets: &Sets) -> Result<Accept, String> {
    let (matches, label) = line.split_once(" accept comment \"").ok_or(FOREIGN)?;
    label.strip_suffix('"').filter(|label| is_label(label)).ok_or("its comment is none of Portbook's")?;
    let words: Vec<&str> = matches.split(' ').collect();
    let (one, source, words) = end("saddr", &words, sets)?;
    let (two, destination, words) = end("daddr", words, sets)?;
    if matches!((one, two), (Some(one), Some(two)) if one != two) {
        return Err("its ends are of two families".to_owned());
    }
    let (by, source_ports, words) = match words {
        [by, "sport", range, rest @ ..] => (Some(*by), Some(*range), rest),
        _ => (None, None, words),
    };
    let [protocol, "dport", "{", list @ .., "}"] = words else { return Err(FOREIGN.to_owned()) };
    if by.is_some_and(|by| by != *protocol) {
        return Err("its ports are of two protocols".to_owned());
    }
    let source_ports = source_ports.map(|range| port_list(range, ", ", '-').ok_or("no source ports"));
    Ok(Accept {
        family: one.or(two),
        source,
        destination,
        transport: transport(protocol).ok_or("its protocol is neither tcp nor udp")?,
        ports: port_list(&list.join(" "), ", ", '-').ok_or("its ports are none")?,
        source_ports: source_ports.transpose()?,
    })
}

/// One end of a line and the words behind it.
type End<'w> = (Option<Family>, Option<PrefixSet>, &'w [&'w str]);

fn end<'w>(side: &str, words: &'w [&'w str], sets: &Sets) -> Result<End<'w>, String> {
    let [family, word, set, rest @ ..] = words else { return Err(FOREIGN.to_owned()) };
    if *word != side {
        return Ok((None, None, words));
    }
    let family = match *family {
        "ip" => Family::V4,
        "ip6" => Family::V6,
        _ => return Err(FOREIGN.to_owned()),
    };
    let name = set.strip_prefix('@').ok_or(FOREIGN)?;
    let set = named(name, family, sets)?;
    Ok((Some(family), Some(region::met(set)), rest))
}
