//! Squid's configuration: `acl` and `http_access`, the first line that matches decides.
//!
//! Sources: Squid's src/cf.data.pre, src/anyp/Uri.cc and src/acl, and what Squid 5.7 did when it was asked
//! (docs/targets/squid.md).

mod acl;
mod gate;
mod include;
mod line;

use std::collections::{BTreeMap, BTreeSet};

use crate::address::Transport;
use crate::finding::Findings;
use crate::target::Settings;

use super::super::policy::both;
use super::super::{Action, At, Clause, Fallthrough, Policy, Reach};
use super::{Beside, Configuration};
use acl::{Acl, key};
use gate::{Gate, gate};
use include::Included;
use line::{Line, lines};

/// Into how many stretches a line may fall before nobody can tell what it matches.
const MOST: usize = 256;

/// Reads files as one configuration, in their order.
pub(super) fn read(files: &[Configuration], _: &Settings, beside: Beside<'_>) -> Result<Policy, Findings> {
    let default = Fallthrough::Certain(Action::Deny, "there is no http_access line".to_owned());
    let mut reading = Reading {
        policy: Policy { transports: &[Transport::Tcp], ..Policy::new(default) },
        acls: acl::built_in(),
        access: Vec::new(),
        bumps: Vec::new(),
        gates: Vec::new(),
        unread: Vec::new(),
        included: Included::new(beside),
    };
    for file in files {
        reading.file(file)?;
    }
    Ok(reading.finish())
}

/// An `http_access` line, not judged yet: a later `acl` line may add to a list that it names.
struct Access {
    action: Action,
    words: Vec<String>,
    at: At,
    text: String,
}

struct Reading<'a> {
    policy: Policy,
    acls: BTreeMap<String, Acl>,
    access: Vec<Access>,
    /// `ssl_bump` lines that decide whether a tunnel is looked into.
    bumps: Vec<Access>,
    /// Other directives that may stop what `http_access` allows.
    gates: Vec<(At, String)>,
    /// Files that are not there, and what decides how other lines are read: they may stop or allow anything.
    unread: Vec<(At, String)>,
    included: Included<'a>,
}

impl Reading<'_> {
    fn file(&mut self, file: &Configuration) -> Result<(), Findings> {
        let text = file.text()?;
        self.included.open(&file.name);
        for line in lines(&text) {
            self.line(file, &line)?;
        }
        self.included.close();
        Ok(())
    }

    fn line(&mut self, file: &Configuration, line: &Line) -> Result<(), Findings> {
        let at = file.at(line.number);
        let words = &line.words;
        let Some(directive) = words.first() else { return Ok(()) };
        if directive == "ssl_bump" {
            self.bump(&at, line);
        }
        match directive.as_str() {
            "acl" => self.acl(file, &at, words),
            "http_access" => self.access(at, line),
            "include" => {
                for path in words.iter().skip(1) {
                    self.include(file, &at, path)?;
                }
            }
            _ => match gate(line) {
                Some(Gate::Stops(why)) => self.gates.push((at, why)),
                Some(Gate::Changes(why)) => self.unread.push((at, why)),
                None => {}
            },
        }
        Ok(())
    }

    fn include(&mut self, file: &Configuration, at: &At, path: &str) -> Result<(), Findings> {
        match self.included.configurations(&file.name, path) {
            Ok(included) => included.iter().try_for_each(|included| self.file(included))?,
            Err(why) => self.unread.push((at.clone(), format!("include {path}: {why}"))),
        }
        Ok(())
    }

    fn acl(&mut self, file: &Configuration, at: &At, words: &[String]) {
        let (Some(name), Some(kind)) = (words.get(1), words.get(2)) else {
            self.policy.leave(at, "`acl` without a name and a type");
            return;
        };
        let (values, missing) = self.values(file, words.get(3..).unwrap_or_default());
        let acl = self.acls.entry(key(name)).or_default();
        for why in missing {
            acl.doubt(at, format!("acl {name}: {why}"));
        }
        acl.add(at, name, kind, &values);
    }

    /// Values of an acl; one in quotes is the path of a file with one value a line.
    fn values(&mut self, file: &Configuration, words: &[String]) -> (Vec<String>, Vec<String>) {
        let (mut values, mut missing) = (Vec::new(), Vec::new());
        for word in words {
            let Some(path) = word.strip_prefix('"') else {
                values.push(word.clone());
                continue;
            };
            let path = path.trim_end_matches('"');
            match self.included.list(&file.name, path) {
                Ok(text) => values.extend(line::values(&text)),
                Err(why) => missing.push(why),
            }
        }
        (values, missing)
    }

    fn access(&mut self, at: At, line: &Line) {
        let action = match line.words.get(1).map(String::as_str) {
            Some("allow") => Action::Allow,
            Some("deny") => Action::Deny,
            _ => {
                self.policy.leave(&at, format!("`{}` neither allows nor denies", line.text));
                return;
            }
        };
        let words: Vec<String> = line.words.get(2..).unwrap_or_default().to_vec();
        if words.is_empty() {
            // Squid's "Access line contains no ACL's, skipping": neither does it count as the last line.
            self.policy.leave(&at, format!("`{}` names no acl: Squid skips the line", line.text));
            return;
        }
        self.defined(&words, &at);
        self.access.push(Access { action, words, at, text: line.text.clone() });
    }

    /// Whether a tunnel is looked into. To look at its greeting first (`peek`, `stare`) may settle that already, by what
    /// Squid can still do then, so that only `splice` says what it does; Portbook writes no other.
    fn bump(&mut self, at: &At, line: &Line) {
        let splices = line.words.get(1).is_some_and(|word| word == "splice");
        if !splices {
            self.policy.stray(at, format!("`{}`: Portbook writes `ssl_bump splice` only", line.text));
        }
        let action = if splices { Action::Allow } else { Action::Deny };
        let words: Vec<String> = line.words.get(2..).unwrap_or_default().to_vec();
        self.defined(&words, at);
        self.bumps.push(Access { action, words, at: at.clone(), text: line.text.clone() });
    }

    /// Names acls that a line uses before they are defined.
    fn defined(&mut self, words: &[String], at: &At) {
        for word in words {
            let name = word.trim_start_matches('!');
            if !self.acls.contains_key(&key(name)) {
                let why = format!("acl {name} is not defined before it is used: Squid does not start");
                self.policy.leave(at, &why);
                self.acls.entry(key(name)).or_default().doubt(at, why);
            }
        }
    }

    fn finish(mut self) -> Policy {
        for name in self.used() {
            for (what, at) in self.acls.get(&name).into_iter().flat_map(Acl::doubts) {
                self.policy.leave(at, what);
            }
        }
        for (at, why) in &self.gates {
            self.policy.clauses.push(clause(Action::Deny, vec![Reach::doubtful(why.clone())], at, why));
        }
        for access in &self.access {
            let reaches = self.matched(&access.words);
            self.policy.clauses.push(clause(access.action, reaches, &access.at, &access.text));
        }
        let tunnels = [Reach { tunnelled: Some(true), ..Reach::all() }];
        for bump in &self.bumps {
            let reaches = both(&self.matched(&bump.words), &tunnels);
            self.policy.uninspected.push(clause(bump.action, reaches, &bump.at, &bump.text));
        }
        if let Some(last) = self.access.last() {
            let (action, word) = match last.action {
                Action::Allow => (Action::Deny, "denies"),
                Action::Deny => (Action::Allow, "allows"),
            };
            let why = format!("Squid {word} what no line matches: the opposite of the last one, {}", last.at);
            self.policy.default = Fallthrough::Certain(action, why);
        }
        // One puts everything in doubt; all are named.
        for (number, (at, why)) in std::mem::take(&mut self.unread).iter().enumerate() {
            match number {
                0 => self.policy.doubt_all(at, why),
                _ => self.policy.leave(at, why),
            }
        }
        self.policy.unjudged.sort();
        self.policy.unjudged.dedup();
        self.policy
    }

    /// The acls that lines name, and those that these are made of.
    fn used(&self) -> BTreeSet<String> {
        let bare = |word: &String| key(word.trim_start_matches('!'));
        let mut used: BTreeSet<String> =
            self.access.iter().flat_map(|access| &access.words).map(bare).collect();
        let mut new: Vec<String> = used.iter().cloned().collect();
        while let Some(name) = new.pop() {
            for member in self.acls.get(&name).into_iter().flat_map(Acl::members).map(bare) {
                if used.insert(member.clone()) {
                    new.push(member);
                }
            }
        }
        used
    }

    /// What a line matches: all of its acls.
    fn matched(&self, words: &[String]) -> Vec<Reach> {
        let mut reaches = vec![Reach::all()];
        let mut looks = acl::Looks::new();
        for word in words {
            let (negated, name) = match word.strip_prefix('!') {
                Some(name) => (true, name),
                None => (false, word.as_str()),
            };
            let acl = self
                .acls
                .get(&key(name))
                .map(|acl| acl.reaches(name, negated, &self.acls, &mut looks))
                .unwrap_or_default();
            reaches = both(&reaches, &acl);
            if reaches.len() > MOST {
                return vec![Reach::doubtful("the line is a combination of too many lists")];
            }
        }
        reaches
    }
}

fn clause(action: Action, reaches: Vec<Reach>, at: &At, text: &str) -> Clause {
    Clause { action, reaches, host: None, direction: None, at: at.clone(), name: text.to_owned() }
}
