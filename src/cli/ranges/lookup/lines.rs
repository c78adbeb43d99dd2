//! Answers, line by line as they are found: a hundred thousand of them are not held in memory.

use std::collections::BTreeMap;
use std::io::{BufWriter, StdoutLock, Write as _};

use serde_json::{Value, json};

use portbook::explain::TagUse;
use portbook::finding::printable;

use crate::cli::Failure;
use crate::cli::output::stream;
use crate::cli::ranges::{Format, cloud_word};
use crate::cli::table::{CsvLines, align};

use super::leaning::Leaning;
use super::{Holder, Query};

type Out = BufWriter<StdoutLock<'static>>;

/// Where answers go.
pub(super) struct Lines<'c> {
    form: Form,
    leaning: Leaning<'c>,
}

const HEADER: [&str; 6] = ["query", "cloud", "tag", "prefix", "extent", "requirements"];

enum Form {
    Text(Out),
    Json(Out),
    Csv(Box<CsvLines<Out>>),
}

impl<'c> Lines<'c> {
    /// Starts the product.
    pub(super) fn new(format: Format, leaning: Leaning<'c>) -> Result<Self, Failure> {
        let form = match format {
            Format::Text => Form::Text(stream()),
            Format::Json => Form::Json(stream()),
            Format::Csv => Form::Csv(Box::new(CsvLines::new(stream(), HEADER)?)),
        };
        Ok(Self { form, leaning })
    }

    /// Adds the answer to one query.
    pub(super) fn push(&mut self, query: &Query, holders: &[Holder<'_, '_>]) -> Result<(), Failure> {
        match &mut self.form {
            Form::Text(out) => {
                // What leans on the tags stands below all answers, once a tag.
                for holder in holders {
                    self.leaning.of(holder)?;
                }
                out.write_all(text(query, holders).as_bytes())?;
                Ok(())
            }
            Form::Json(out) => {
                let value = object(query, holders, &mut self.leaning)?;
                serde_json::to_writer(&mut *out, &value).map_err(std::io::Error::from)?;
                out.write_all(b"\n")?;
                Ok(())
            }
            Form::Csv(lines) => csv(lines, query, holders, &mut self.leaning),
        }
    }

    /// Ends the product.
    pub(super) fn end(self) -> Result<(), Failure> {
        match self.form {
            Form::Text(mut out) => {
                for (cloud, tag, uses) in self.leaning.found() {
                    writeln!(out, "{} ({}) is leaned on by", printable(tag), printable(cloud))?;
                    out.write_all(align(&rows(uses), "  ").as_bytes())?;
                }
                Ok(out.flush()?)
            }
            Form::Json(mut out) => Ok(out.flush()?),
            Form::Csv(lines) => lines.end(),
        }
    }
}

fn text(query: &Query, holders: &[Holder<'_, '_>]) -> String {
    let row = |holder: &Holder<'_, '_>| {
        let (prefix, extent) = holder.extent();
        let prefix = prefix.map_or(extent, |prefix| prefix.to_string());
        let file = format!("({}, {})", cloud_word(holder.file), holder.file.label());
        vec![prefix, holder.tag().to_owned(), file]
    };
    let rows: Vec<Vec<String>> = holders.iter().map(row).collect();
    let none = if holders.is_empty() { "  no tag holds it\n" } else { "" };
    format!("{}\n{}{none}", query.text, align(&rows, "  "))
}

/// One line a requirement, its hosts together.
fn rows(uses: &[TagUse]) -> Vec<Vec<String>> {
    let mut grouped: BTreeMap<(&str, &str, &str, &str), Vec<&str>> = BTreeMap::new();
    for each in uses {
        let key = (
            each.scenario.as_str(),
            each.requirement.as_str(),
            each.document.as_str(),
            each.edition.as_str(),
        );
        grouped.entry(key).or_default().extend(each.host.as_deref());
    }
    let row =
        |((scenario, requirement, document, edition), hosts): (&(&str, &str, &str, &str), &Vec<&str>)| {
            let by = match hosts.as_slice() {
                [] => "names the tag".to_owned(),
                [host] => (*host).to_owned(),
                [host, more @ ..] => format!("{host} and {} more", more.len()),
            };
            vec![(*scenario).to_owned(), (*requirement).to_owned(), by, format!("({document} {edition})")]
        };
    grouped.iter().map(row).collect()
}

fn object(query: &Query, holders: &[Holder<'_, '_>], leaning: &mut Leaning<'_>) -> Result<Value, Failure> {
    let mut tags = Vec::new();
    for holder in holders {
        let (prefix, extent) = holder.extent();
        tags.push(json!({
            "tag": holder.tag(),
            "cloud": holder.file.cloud(),
            "file": holder.file.file_name(),
            "change_number": holder.file.change_number(),
            "prefix": prefix,
            "extent": extent,
            "requirements": leaning.of(holder)?,
        }));
    }
    Ok(json!({ "query": query.text, "tags": tags }))
}

fn csv(
    lines: &mut CsvLines<Out>,
    query: &Query,
    holders: &[Holder<'_, '_>],
    leaning: &mut Leaning<'_>,
) -> Result<(), Failure> {
    for holder in holders {
        let (prefix, extent) = holder.extent();
        let prefix = prefix.map_or_else(String::new, |prefix| prefix.to_string());
        let requirements = words(leaning.of(holder)?);
        let cloud = holder.file.cloud().unwrap_or_default();
        lines.push([query.text.as_str(), cloud, holder.tag(), &prefix, &extent, &requirements])?;
    }
    if holders.is_empty() {
        lines.push([query.text.as_str(), "", "", "", "none", ""])?;
    }
    Ok(())
}

/// `cloud-sync cloud-sync-prerequisites@2026-07-27 agent-service; ...`, each once.
fn words(uses: &[TagUse]) -> String {
    let each =
        |each: &TagUse| format!("{} {}@{} {}", each.scenario, each.document, each.edition, each.requirement);
    let mut words: Vec<String> = uses.iter().map(each).collect();
    words.dedup();
    words.join("; ")
}
