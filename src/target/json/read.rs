//! A rule file from text.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use super::file::{LeftOut, MatchedBy, RuleFile, RuleRecord};
use super::record::RawLeftOut;
use super::value::{Once, Tag, Text};
use super::write::FORMAT;
use crate::address::Prefix;
use crate::catalog::Edition;
use crate::finding::{Code, Finding, Findings, Place, Source};
use crate::id::{CloudId, DocumentId};
use crate::place::{AddressSet, Basis};
use crate::rule::{Digest, RuleSet};
use crate::site::SiteName;

/// How a rule file is named where only its text is known.
const UNNAMED: &str = "rules.json";

impl RuleFile {
    /// Reads and checks a rule file: every value, that each rule has the id of its flow and a citation, that each set is there and holds
    /// something, that the documents are those of the citations, and the digest where no rule was left out.
    ///
    /// # Errors
    /// `rules-newer-format` for a version after 1; `rules-unreadable` for anything else that is wrong, with its line and column.
    pub fn parse(text: &str) -> Result<Self, Findings> {
        Self::parse_named(UNNAMED, text)
    }

    /// [`RuleFile::parse`] for a file whose name findings shall show.
    ///
    /// # Errors
    /// As [`RuleFile::parse`].
    pub fn parse_named(name: &str, text: &str) -> Result<Self, Findings> {
        check_format(name, text)?;
        let raw: RawFile = serde_json::from_str(text).map_err(|error| located(name, text, &error))?;
        Self::try_from(raw).map_err(|message| unreadable(&message).note(format!("in {name}")).into())
    }
}

#[derive(Deserialize)]
struct Versioned {
    format: String,
}

fn check_format(name: &str, text: &str) -> Result<(), Findings> {
    let versioned: Versioned = serde_json::from_str(text).map_err(|error| located(name, text, &error))?;
    let format = versioned.format;
    if format == FORMAT {
        return Ok(());
    }
    let shown = format.escape_debug();
    let number = format.strip_prefix("portbook-rules/").and_then(|number| number.parse::<u32>().ok());
    Err(match number {
        Some(2..) => Finding::new(Code::RulesNewerFormat, format!("{name} has the format {shown}"))
            .note(format!("this program reads {FORMAT}"))
            .into(),
        _ => unreadable(&format!("{name} has the format `{shown}`, not {FORMAT}")).into(),
    })
}

fn unreadable(message: &str) -> Finding {
    Finding::new(Code::RulesUnreadable, message).help(Code::RulesUnreadable.spec().next)
}

fn located(name: &str, text: &str, error: &serde_json::Error) -> Findings {
    let message = error.to_string();
    let position = format!(" at line {} column {}", error.line(), error.column());
    let message = message.strip_suffix(&position).unwrap_or(&message);
    let source = Source::new(name, text);
    let place = Place::at(&source, error.line(), error.column());
    unreadable(&format!("{name} is not a rule file: {message}")).at(place).into()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct RawFile {
    format: String,
    title: String,
    site: Text<SiteName>,
    rule_set: Text<Digest>,
    documents: Vec<RawSource>,
    notes: Vec<String>,
    rules: Vec<RuleRecord>,
    left_out: Vec<RawLeftOut>,
    address_sets: Once<RawSet>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawSource {
    document: Text<DocumentId>,
    edition: Option<Text<Edition>>,
}

impl TryFrom<RawFile> for RuleFile {
    type Error = String;

    fn try_from(raw: RawFile) -> Result<Self, String> {
        if raw.format != FORMAT {
            return Err(format!("the rules have the format `{}`, not {FORMAT}", raw.format.escape_debug()));
        }
        raw.check()
    }
}

impl RawFile {
    fn check(self) -> Result<RuleFile, String> {
        let sets = self.address_sets.0.into_iter().map(|(name, set)| Ok((name.clone(), set.check(name)?)));
        let mut file = RuleFile {
            title: self.title,
            site: self.site.0,
            rule_set: self.rule_set.0,
            notes: self.notes,
            rules: self.rules,
            left_out: self.left_out.into_iter().map(LeftOut::from).collect(),
            address_sets: sets.collect::<Result<BTreeMap<_, _>, String>>()?,
        };
        file.rules.sort_by(|a, b| a.rule.flow.cmp(&b.rule.flow));
        file.left_out.sort_by(|a, b| a.rule.cmp(&b.rule));
        check_rules(&file)?;
        check_sets(&file)?;
        check_documents(&file, self.documents)?;
        Ok(file)
    }
}

fn check_rules(file: &RuleFile) -> Result<(), String> {
    if file.rules.is_empty() {
        return Err("the file has no rule".to_owned());
    }
    let mut ids = BTreeSet::new();
    let left_out = file.left_out.iter().map(|left_out| &left_out.rule);
    for id in file.rules.iter().map(|record| &record.rule.id).chain(left_out) {
        if !ids.insert(id) {
            return Err(format!("{id} stands twice in the file"));
        }
    }
    let mut rules = RuleSet::default();
    file.rules.iter().for_each(|record| rules.add(record.rule.clone()));
    // The flow of a rule that was left out is not in the file, so its digest cannot be made.
    if file.left_out.is_empty() && rules.digest() != file.rule_set {
        return Err(format!("the rules have the digest {}, not {}", rules.digest(), file.rule_set));
    }
    Ok(())
}

fn check_sets(file: &RuleFile) -> Result<(), String> {
    let mut used = BTreeSet::new();
    for hop in file.rules.iter().flat_map(|record| &record.hops) {
        for side in [&hop.source, &hop.destination] {
            if let MatchedBy::Addresses(set) = &side.by {
                used.insert(set.as_str());
            }
        }
    }
    if let Some(missing) = used.iter().find(|name| !file.address_sets.contains_key(**name)) {
        return Err(format!("the address set `{}` is used and not there", missing.escape_debug()));
    }
    if let Some(idle) = file.address_sets.keys().find(|name| !used.contains(name.as_str())) {
        return Err(format!("no rule uses the address set `{}`", idle.escape_debug()));
    }
    Ok(())
}

fn check_documents(file: &RuleFile, raw: Vec<RawSource>) -> Result<(), String> {
    let mut given: Vec<_> =
        raw.into_iter().map(|source| (source.document.0, source.edition.map(|edition| edition.0))).collect();
    given.sort();
    if given == file.documents() {
        Ok(())
    } else {
        Err("`documents` are not those of the citations".to_owned())
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
enum RawBasis {
    Site,
    WholeFile,
    DocumentedTag,
    InferredTag,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct RawSet {
    basis: RawBasis,
    tag: Option<Text<Tag>>,
    cloud: Option<Text<CloudId>>,
    range_file: Option<String>,
    prefixes: Vec<Text<Prefix>>,
}

impl RawSet {
    /// The set under its name, or what is wrong with it.
    pub(crate) fn check(self, name: String) -> Result<AddressSet, String> {
        let shown = name.escape_debug().to_string();
        let fine = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
        if !(1..=192).contains(&name.len()) || !name.chars().all(fine) {
            return Err(format!("`{shown}` cannot be the name of an address set"));
        }
        if self.prefixes.is_empty() {
            return Err(format!("the address set `{shown}` is empty"));
        }
        let basis = match (self.basis, self.tag) {
            (RawBasis::Site, None) => Basis::Site,
            (RawBasis::WholeFile, None) => Basis::WholeFile,
            (RawBasis::DocumentedTag, Some(tag)) => Basis::Tag { tag: tag.0.0, documented: true },
            (RawBasis::InferredTag, Some(tag)) => Basis::Tag { tag: tag.0.0, documented: false },
            _ => {
                return Err(format!(
                    "the address set `{shown}` names a tag if its basis is one, and only then"
                ));
            }
        };
        Ok(AddressSet {
            name,
            prefixes: self.prefixes.into_iter().map(|prefix| prefix.0).collect(),
            basis,
            range_file: self.range_file,
            cloud: self.cloud.map(|cloud| cloud.0),
        })
    }
}
