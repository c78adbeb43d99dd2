//! `portbook show`: what is documented, with its source.

mod html;
mod json;
mod markdown;
mod picture;
mod text;

use std::collections::BTreeSet;

use clap::{Args, ValueEnum};

use portbook::catalog::{Catalog, Edition, EditionFilter, Fact, FactFilter, facts};
use portbook::finding::{Code, Finding, Findings};
use portbook::id::DocumentId;

pub(super) use markdown::cell;

use super::output::product;
use super::table::{pretty, to_csv};
use super::{Exit, Global, Outcome, Talk};

/// Show what is documented, with its source
///
/// Nothing is selected here: conditions, alternatives and contradictions stand as documented. Without a scenario, every
/// scenario is shown; without --all, only the newest edition of each document.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  portbook show cloud-sync --cloud public
  portbook show --all --format csv
  portbook show cloud-sync --cloud public --format html")]
pub(crate) struct Show {
    /// Scenarios; all if none is named
    #[arg(value_name = "SCENARIO")]
    scenarios: Vec<String>,
    /// Every edition, not only the newest
    #[arg(long, conflicts_with_all = ["edition", "as_of"])]
    all: bool,
    /// Only what holds in this cloud
    #[arg(long)]
    cloud: Option<String>,
    /// Only these documents
    #[arg(long, value_name = "DOCUMENT", value_delimiter = ',')]
    document: Vec<String>,
    /// Only these editions
    #[arg(long, value_name = "DOCUMENT@EDITION", value_delimiter = ',', conflicts_with = "as_of")]
    edition: Vec<String>,
    /// The editions of that day
    #[arg(long, value_name = "DATE")]
    as_of: Option<String>,
    /// How to print it
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
}

/// How to print facts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// By document and requirement, for a terminal
    Table,
    /// One line for each destination and port
    Csv,
    /// One object for each destination and port
    Json,
    /// A table for each document
    Markdown,
    /// One self-contained page for a reviewer: every requirement with its citation, a picture of who talks to whom, search
    Html,
}

pub(crate) fn run(args: &Show, global: &Global, talk: &Talk) -> Outcome {
    let catalog = global.load_catalog()?;
    let filter = args.filter(&catalog)?;
    let facts = facts(&catalog, &filter)?;
    if facts.is_empty() {
        return Err(nothing(args, &catalog).into());
    }
    let bytes = match args.format {
        Format::Table => text::render(&catalog, &facts, talk.is_verbose())?.into_bytes(),
        Format::Csv => csv(&facts)?,
        Format::Json => pretty(&json::render(&facts))?,
        Format::Markdown => markdown::render(&catalog, &facts)?.into_bytes(),
        Format::Html => html::render(&catalog, &facts, filter.cloud.as_ref())?.into_bytes(),
    };
    product(&bytes)?;
    Ok(Exit::Fine)
}

fn csv(facts: &[Fact]) -> Result<Vec<u8>, super::Failure> {
    let rows: Vec<[String; 15]> = facts.iter().map(Fact::row).collect();
    to_csv(Fact::COLUMNS, rows.iter().map(<[String; 15]>::as_slice))
}

/// Every name was known, but together they leave nothing.
fn nothing(args: &Show, catalog: &Catalog) -> Finding {
    let finding = Finding::new(Code::NothingSelected, "no document says anything about that");
    let clouds = args.scenarios.iter().filter_map(|id| catalog.scenario(id).ok()).map(|scenario| {
        let clouds: Vec<&str> = scenario.clouds.iter().map(portbook::id::CloudId::as_str).collect();
        format!("{} is documented for {}", scenario.id, clouds.join(", "))
    });
    clouds.fold(finding, Finding::note).help("`portbook list editions` shows what the catalog has")
}

impl Show {
    fn filter(&self, catalog: &Catalog) -> Result<FactFilter, Findings> {
        let mut findings = Findings::new();
        let mut filter = FactFilter::default();
        for id in &self.scenarios {
            take(catalog.scenario(id), &mut findings, |scenario| {
                filter.scenarios.insert(scenario.id.clone());
            });
        }
        for id in &self.document {
            take(document(catalog, id), &mut findings, |id| {
                filter.documents.insert(id);
            });
        }
        if let Some(id) = &self.cloud {
            take(catalog.cloud(id), &mut findings, |cloud| filter.cloud = Some(cloud.id.clone()));
        }
        match self.editions(catalog) {
            Ok(editions) => filter.editions = editions,
            Err(more) => findings.append(more),
        }
        findings.or_value(filter).map(|(filter, _)| filter)
    }

    fn editions(&self, catalog: &Catalog) -> Result<EditionFilter, Findings> {
        if self.all {
            return Ok(EditionFilter::All);
        }
        if !self.edition.is_empty() {
            let mut findings = Findings::new();
            let mut named = BTreeSet::new();
            for text in &self.edition {
                take(edition(catalog, text), &mut findings, |edition| {
                    named.insert(edition);
                });
            }
            return findings.or_value(EditionFilter::Named(named)).map(|(named, _)| named);
        }
        let Some(text) = &self.as_of else {
            return Ok(EditionFilter::Newest(None));
        };
        let date = text.parse::<Edition>().ok().filter(|edition| edition.revision() == 1);
        date.map(|edition| EditionFilter::Newest(Some(edition.date()))).ok_or_else(|| {
            let message = format!("`{}` is not a date", text.escape_debug());
            Finding::new(Code::InvalidDate, message).help("dates are YYYY-MM-DD").into()
        })
    }
}

fn take<T>(found: Result<T, Finding>, findings: &mut Findings, keep: impl FnOnce(T)) {
    match found {
        Ok(value) => keep(value),
        Err(finding) => findings.push(finding),
    }
}

fn document(catalog: &Catalog, text: &str) -> Result<DocumentId, Finding> {
    let known: Vec<&DocumentId> = catalog.documents().map(portbook::catalog::Document::id).collect();
    known.iter().find(|id| id.as_str() == text).map(|id| (*id).clone()).ok_or_else(|| {
        let known = known.iter().map(|id| id.as_str());
        portbook::finding::unknown(
            Code::UnknownDocument,
            "document",
            text,
            known,
            "`portbook list documents`",
        )
    })
}

fn edition(catalog: &Catalog, text: &str) -> Result<(DocumentId, Edition), Finding> {
    let Some((id, date)) = text.split_once('@') else {
        let message = format!("`{}` is not of the form DOCUMENT@EDITION", text.escape_debug());
        return Err(Finding::new(Code::InvalidValue, message).help("such as connect-ports@2025-04-09"));
    };
    let id = document(catalog, id)?;
    let document = catalog.document(&id)?;
    let found = document.editions().find(|edition| edition.to_string() == date);
    found.map(|edition| (id, edition)).ok_or_else(|| document.unknown_edition(date))
}
