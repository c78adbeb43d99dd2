//! Squid's configuration: `acl` and `http_access`, the first line that matches decides.
//!
//! Sources: Squid's src/cf.data.pre, src/anyp/Uri.cc and src/acl, and what Squid 5.7 did when it was asked
//! (docs/targets/squid.md).

mod acl;
mod line;

use std::collections::{BTreeMap, BTreeSet};

use crate::finding::Findings;
use crate::target::Settings;

use super::super::policy::both;
use super::super::{Action, At, Clause, Fallthrough, Policy, Reach};
use super::{Beside, Configuration};
use acl::Acl;
use line::{Line, lines};

/// How deep includes may go (Squid's cf.data.pre).
const DEEPEST: usize = 16;
/// Into how many stretches a line may fall before nobody can tell what it matches.
const MOST: usize = 256;

/// Reads files as one configuration, in their order.
pub(super) fn read(files: &[Configuration], _: &Settings, beside: Beside<'_>) -> Result<Policy, Findings> {
    let default = Fallthrough::Certain(Action::Deny, "there is no http_access line".to_owned());
    let mut reading = Reading {
        policy: Policy::new(default),
        acls: acl::built_in(),
        access: Vec::new(),
        gates: Vec::new(),
        unread: Vec::new(),
        beside,
    };
    for file in files {
        reading.file(file, 0)?;
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
    /// Other directives that may stop what `http_access` allows.
    gates: Vec<(At, String)>,
    /// Files that are not there: they may have lines of any kind, and values of any acl.
    unread: Vec<(At, String)>,
    beside: Beside<'a>,
}

impl Reading<'_> {
    fn file(&mut self, file: &Configuration, depth: usize) -> Result<(), Findings> {
        let text = file.text()?;
        for line in lines(&text) {
            self.line(file, &line, depth)?;
        }
        Ok(())
    }

    fn line(&mut self, file: &Configuration, line: &Line, depth: usize) -> Result<(), Findings> {
        let at = file.at(line.number);
        let words = &line.words;
        let Some(directive) = words.first() else { return Ok(()) };
        match directive.as_str() {
            "acl" => self.acl(file, &at, words),
            "http_access" => self.access(at, line),
            "include" => {
                for path in words.iter().skip(1) {
                    self.include(file, &at, path, depth)?;
                }
            }
            "if" | "else" | "endif" | "configuration_includes_quoted_values" => {
                let why = format!(
                    "`{directive}` decides how other lines are read; they are read as if it were not there"
                );
                self.policy.leave(&at, &why);
                self.gates.push((at, why));
            }
            "adapted_http_access" | "http_access2" | "http_reply_access" | "miss_access"
                if words.get(1).is_none_or(|word| word != "allow") =>
            {
                self.gates.push((at, format!("`{}` may stop it later", line.text)));
            }
            "url_rewrite_program" | "redirect_program" | "store_id_program" => {
                self.gates.push((at, format!("`{directive}` may send requests elsewhere")));
            }
            "ssl_bump" if words.get(1).is_some_and(|word| word == "terminate") => {
                self.gates.push((at, format!("`{}` may end TLS connections", line.text)));
            }
            _ => {}
        }
        Ok(())
    }

    fn include(&mut self, file: &Configuration, at: &At, path: &str, depth: usize) -> Result<(), Findings> {
        let why = if depth >= DEEPEST {
            format!("include {path}: Squid goes {DEEPEST} files deep at most")
        } else if path.contains(['*', '?', '[']) {
            format!("include {path}: give the files that the pattern means as FILE arguments, in their order")
        } else {
            match (self.beside)(&file.name, path) {
                Some(included) => return self.file(&included, depth + 1),
                None => format!("include {path}: the file is not there"),
            }
        };
        self.unread.push((at.clone(), why));
        Ok(())
    }

    fn acl(&mut self, file: &Configuration, at: &At, words: &[String]) {
        let (Some(name), Some(kind)) = (words.get(1), words.get(2)) else {
            self.policy.leave(at, "`acl` without a name and a type");
            return;
        };
        let (values, missing) = self.values(file, words.get(3..).unwrap_or_default());
        let acl = self.acls.entry(name.clone()).or_default();
        for path in missing {
            acl.doubt(at, format!("acl {name}: the file {path} is not there"));
        }
        acl.add(at, name, kind, &values);
    }

    /// Values of an acl; one in quotes is the path of a file with one value a line.
    fn values(&self, file: &Configuration, words: &[String]) -> (Vec<String>, Vec<String>) {
        let (mut values, mut missing) = (Vec::new(), Vec::new());
        for word in words {
            let Some(path) = word.strip_prefix('"') else {
                values.push(word.clone());
                continue;
            };
            let path = path.trim_end_matches('"');
            match (self.beside)(&file.name, path).and_then(|list| list.text().ok()) {
                Some(text) => values.extend(line::values(&text)),
                None => missing.push(path.to_owned()),
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
        for word in &words {
            let name = word.trim_start_matches('!');
            if !self.acls.contains_key(name) {
                let why = format!("acl {name} is not defined before it is used: Squid does not start");
                self.policy.leave(&at, &why);
                self.acls.entry(name.to_owned()).or_default().doubt(&at, why);
            }
        }
        self.access.push(Access { action, words, at, text: line.text.clone() });
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
        if let Some(last) = self.access.last() {
            let (action, word) = match last.action {
                Action::Allow => (Action::Deny, "denies"),
                Action::Deny => (Action::Allow, "allows"),
            };
            let why = format!("Squid {word} what no line matches: the opposite of the last one, {}", last.at);
            self.policy.default = Fallthrough::Certain(action, why);
        }
        for (at, why) in std::mem::take(&mut self.unread) {
            self.policy.doubt_all(&at, &why);
        }
        self.policy.unjudged.sort();
        self.policy.unjudged.dedup();
        self.policy
    }

    /// The acls that lines name, and those that these are made of.
    fn used(&self) -> BTreeSet<String> {
        let bare = |word: &String| word.trim_start_matches('!').to_owned();
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
                .get(name)
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
