//! `portbook ranges lookup`: which tags hold an address.

mod text;

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::io::Read as _;
use std::net::IpAddr;

use clap::Args;
use serde_json::{Value, json};

use portbook::address::Prefix;
use portbook::explain::{TagUse, TagUses};
use portbook::finding::{Finding, Findings};
use portbook::ranges::{Extent, Held, HolderIndex, RangeFile};
use portbook::site::prefix_finding;

use super::super::output::product;
use super::super::table::to_csv;
use super::{Exit, Format, Global, Input, Outcome, Talk};

/// All tags that hold an address or a prefix, and the requirements that lean on these tags
///
/// The closest prefix comes first. Exit code 1 if no tag holds one of them.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  portbook ranges lookup 20.190.131.7 2603:1006:2000::/48
  portbook ranges lookup - --tags-only --format csv < addresses.txt")]
pub(super) struct LookupArgs {
    /// Addresses or prefixes; `-` reads them from standard input, one a line
    #[arg(value_name = "IP|PREFIX", required = true)]
    what: Vec<String>,
    /// Leave the catalog's requirements out
    #[arg(long)]
    tags_only: bool,
    #[command(flatten)]
    input: Input,
    /// How to print it; JSON is one object a line for each address
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

/// What is looked up.
struct Query {
    text: String,
    prefix: Prefix,
}

/// The answer about one query.
struct Answer<'f, 'a> {
    query: &'f Query,
    held: Vec<(&'f RangeFile<'a>, Held<'f, 'a>)>,
}

impl Answer<'_, '_> {
    /// Whether a tag holds all of it.
    fn is_held(&self) -> bool {
        self.held.iter().any(|(_, held)| !matches!(held.extent, Extent::Part(_)))
    }
}

/// The requirements that lean on the tags of the answers, by cloud and tag.
type Leaning = BTreeMap<(String, String), Vec<TagUse>>;

pub(super) fn run(args: &LookupArgs, global: &Global, talk: &Talk) -> Outcome {
    let queries = queries(&args.what)?;
    let loaded = args.input.load(talk)?;
    let files = args.input.open(&loaded, global)?;
    let indexes = files.iter().map(HolderIndex::new).collect::<Result<Vec<_>, _>>()?;
    let answers: Vec<Answer<'_, '_>> = queries.iter().map(|query| answer(query, &indexes)).collect();
    let leaning = if args.tags_only { Leaning::new() } else { leaning(&answers, global)? };
    let bytes = match args.format {
        Format::Text => text::render(&answers, &leaning).into_bytes(),
        Format::Json => lines(&answers, &leaning)?,
        Format::Csv => csv(&answers, &leaning)?,
    };
    product(&bytes)?;
    Ok(if answers.iter().all(Answer::is_held) { Exit::Fine } else { Exit::Different })
}

/// Broken queries that are shown: a file of another kind is broken in each line.
const SHOWN: usize = 20;

fn queries(given: &[String]) -> Result<Vec<Query>, Findings> {
    let mut texts: Vec<String> = Vec::new();
    for text in given {
        if text == "-" {
            let mut all = String::new();
            let read = std::io::stdin().lock().read_to_string(&mut all);
            read.map_err(|error| Finding::unreadable("standard input".as_ref(), &error))?;
            let entries =
                all.lines().map(|line| line.split_once('#').map_or(line, |(entry, _)| entry).trim());
            texts.extend(entries.filter(|entry| !entry.is_empty()).map(str::to_owned));
        } else {
            texts.push(text.clone());
        }
    }
    let mut findings = Findings::new();
    let mut queries = Vec::with_capacity(texts.len());
    for text in texts {
        match Prefix::parse(&text) {
            Ok(prefix) => queries.push(Query { text, prefix }),
            Err(error) if findings.len() < SHOWN => findings.push(prefix_finding(&error)),
            Err(_) => {}
        }
    }
    findings.or_value(queries).map(|(queries, _)| queries)
}

fn answer<'f, 'a>(query: &'f Query, indexes: &[HolderIndex<'f, 'a>]) -> Answer<'f, 'a> {
    let held = indexes.iter().flat_map(|index| {
        let held = match single(query.prefix) {
            Some(address) => index.address(address),
            None => index.prefix(query.prefix),
        };
        held.into_iter().map(|held| (index.file(), held))
    });
    Answer { query, held: held.collect() }
}

fn single(prefix: Prefix) -> Option<IpAddr> {
    prefix.is_host().then(|| prefix.first())
}

fn leaning(answers: &[Answer<'_, '_>], global: &Global) -> Result<Leaning, Findings> {
    let catalog = global.load_catalog()?;
    let uses = TagUses::of(&catalog)?;
    let mut leaning = Leaning::new();
    for (file, held) in answers.iter().flat_map(|answer| &answer.held) {
        let word = file.cloud().unwrap_or_default();
        let key = (word.to_owned(), held.tag.name().to_owned());
        if let Entry::Vacant(vacant) = leaning.entry(key) {
            vacant.insert(uses.of_tag(held.tag.name(), catalog.cloud_of_file_word(word))?);
        }
    }
    Ok(leaning)
}

fn of<'l>(leaning: &'l Leaning, file: &RangeFile<'_>, held: &Held<'_, '_>) -> &'l [TagUse] {
    let key = (file.cloud().unwrap_or_default().to_owned(), held.tag.name().to_owned());
    leaning.get(&key).map_or(&[], Vec::as_slice)
}

/// The prefix that holds it, or how much is held.
fn extent(held: &Held<'_, '_>) -> (Option<Prefix>, String) {
    match held.extent {
        Extent::Within(prefix) => (Some(prefix), "whole".to_owned()),
        Extent::Pieces(pieces) => (None, format!("whole, in {pieces} prefixes")),
        Extent::Part(addresses) => (None, format!("{addresses} addresses of it")),
    }
}

fn lines(answers: &[Answer<'_, '_>], leaning: &Leaning) -> Result<Vec<u8>, anyhow::Error> {
    let mut bytes = Vec::new();
    for answer in answers {
        let tags = answer.held.iter().map(|(file, held)| {
            let (prefix, extent) = extent(held);
            json!({
                "tag": held.tag.name(),
                "cloud": file.cloud(),
                "file": file.file_name(),
                "change_number": file.change_number(),
                "prefix": prefix,
                "extent": extent,
                "requirements": of(leaning, file, held),
            })
        });
        let object = json!({ "query": answer.query.text, "held": answer.is_held(), "tags": tags.collect::<Vec<Value>>() });
        serde_json::to_writer(&mut bytes, &object)?;
        bytes.push(b'\n');
    }
    Ok(bytes)
}

fn csv(answers: &[Answer<'_, '_>], leaning: &Leaning) -> Result<Vec<u8>, super::super::Failure> {
    let mut rows: Vec<Vec<String>> = Vec::new();
    for answer in answers {
        for (file, held) in &answer.held {
            let (prefix, extent) = extent(held);
            let uses = of(leaning, file, held).iter();
            let mut uses: Vec<String> = uses
                .map(|each| {
                    format!("{} {}@{} {}", each.scenario, each.document, each.edition, each.requirement)
                })
                .collect();
            uses.dedup();
            rows.push(vec![
                answer.query.text.clone(),
                file.cloud().unwrap_or_default().to_owned(),
                held.tag.name().to_owned(),
                prefix.map_or_else(String::new, |prefix| prefix.to_string()),
                extent,
                uses.join("; "),
            ]);
        }
        if answer.held.is_empty() {
            rows.push(vec![
                answer.query.text.clone(),
                String::new(),
                String::new(),
                String::new(),
                "none".to_owned(),
                String::new(),
            ]);
        }
    }
    to_csv(["query", "cloud", "tag", "prefix", "extent", "requirements"], rows.iter().map(Vec::as_slice))
}
