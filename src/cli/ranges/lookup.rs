//! `portbook ranges lookup`: which tags hold an address.

mod leaning;
mod lines;

use std::net::IpAddr;

use clap::Args;

use portbook::address::Prefix;
use portbook::finding::{Finding, Findings};
use portbook::input;
use portbook::ranges::{Extent, Held, HolderIndex, RangeFile};
use portbook::site::prefix_finding;

use super::{Exit, Format, Global, Input, Outcome, Talk};
use leaning::Leaning;
use lines::Lines;

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

/// A tag that holds a query, or a part of it.
struct Holder<'f, 'a> {
    file: &'f RangeFile<'a>,
    held: Held<'f, 'a>,
}

impl Holder<'_, '_> {
    fn tag(&self) -> &str {
        self.held.tag.name()
    }

    /// The prefix that holds it, and how much is held.
    fn extent(&self) -> (Option<Prefix>, String) {
        match self.held.extent {
            Extent::Within(prefix) => (Some(prefix), "whole".to_owned()),
            Extent::Pieces(pieces) => (None, format!("whole, in {pieces} prefixes")),
            Extent::Part(addresses) => (None, format!("{addresses} addresses of it")),
        }
    }
}

pub(super) fn run(args: &LookupArgs, global: &Global, talk: &Talk) -> Outcome {
    let queries = queries(&args.what)?;
    let loaded = args.input.load(talk)?;
    let files = args.input.open(&loaded, global, talk)?;
    let indexes = files.iter().map(|file| index(file, &queries)).collect::<Result<Vec<_>, _>>()?;
    let catalog = if args.tags_only { None } else { Some(global.load_catalog()?) };
    let mut lines = Lines::new(args.format, Leaning::new(catalog.as_ref()))?;
    let mut all_held = true;
    for query in &queries {
        let holders = holders(query, &indexes);
        all_held &= holders.iter().any(|holder| !matches!(holder.held.extent, Extent::Part(_)));
        lines.push(query, &holders)?;
    }
    lines.end()?;
    Ok(if all_held { Exit::Fine } else { Exit::Different })
}

/// Broken queries that are shown: a file of another kind is broken in each line.
const SHOWN: usize = 20;

fn queries(given: &[String]) -> Result<Vec<Query>, Findings> {
    let mut texts: Vec<String> = Vec::new();
    for text in given {
        if text == "-" {
            let read = input::all(std::io::stdin().lock()).and_then(input::utf8);
            let all = read.map_err(|error| Finding::unreadable("standard input".as_ref(), &error))?;
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

/// So few queries are compared with every prefix; for more, sorting all prefixes costs less.
const FEW: usize = 16;

fn index<'f, 'a>(file: &'f RangeFile<'a>, queries: &[Query]) -> Result<HolderIndex<'f, 'a>, Findings> {
    if queries.len() > FEW {
        return HolderIndex::new(file);
    }
    let touches = |prefix: Prefix, query: &Query| prefix.covers(query.prefix) || query.prefix.covers(prefix);
    HolderIndex::of(file, |prefix| queries.iter().any(|query| touches(prefix, query)))
}

fn holders<'f, 'a>(query: &Query, indexes: &[HolderIndex<'f, 'a>]) -> Vec<Holder<'f, 'a>> {
    let held = indexes.iter().flat_map(|index| {
        let held = match single(query.prefix) {
            Some(address) => index.address(address),
            None => index.prefix(query.prefix),
        };
        held.into_iter().map(|held| Holder { file: index.file(), held })
    });
    held.collect()
}

fn single(prefix: Prefix) -> Option<IpAddr> {
    prefix.is_host().then(|| prefix.first())
}
