//! A firewall change request: one hop a line, each with its sources. RFC 4180.
//!
//! There is no comment line, since no CSV reader would know it for one: the documents stand in the lines themselves.

mod cell;
mod row;

use csv::{QuoteStyle, Terminator, WriterBuilder};
use minijinja::Value;

use super::document::{self, Sets};
use super::{
    Enforces, Filter, Fitted, Header, Lowered, Packed, SettingKind, SettingSpec, Settings, TargetSpec,
    Templates, Vantage, back,
};
use crate::artifact::Artifact;
use crate::finding::{Code, Finding, Findings};
pub(crate) use cell::safe_cell;
use row::{Row, row};

/// The row of the table.
pub(super) const SPEC: TargetSpec = TargetSpec {
    id: "csv",
    summary: "firewall change request, one flow a line, for spreadsheets and ticket systems",
    vantage: Vantage::Document,
    enforces: Enforces::Never,
    settings: &[
        SettingSpec {
            id: "bom",
            summary: "start with a byte order mark, by which Excel tells UTF-8",
            kind: SettingKind::Flag,
            default: Some("no"),
        },
        SettingSpec {
            id: "spreadsheet-safe",
            summary: "put ' in front of cells that a spreadsheet would take for a formula or a date",
            kind: SettingKind::Flag,
            default: Some("yes"),
        },
    ],
    capabilities: document::capabilities,
    pack,
    back: |old, new| Ok(back::documents(old, new)),
};

const LINES: &str = "change-request.csv";
const ADDRESSES: &str = "change-request.addresses.csv";

/// How cells call that file: a site may give both files another name, never another ending.
const BESIDE: &str = "the .addresses.csv beside this file";

const FILTERS: &[Filter] = &[("csv_cell", |text| Ok(quoted(&safe_cell(&document::flat(text)))))];

struct ChangeRequest {
    header: Header,
    rows: Vec<Row>,
    /// (set, prefix) of the sets that are too large for a cell.
    addresses: Vec<[String; 2]>,
    bom: bool,
    safe: bool,
}

fn pack(fitted: &Fitted, settings: &Settings) -> Packed {
    document::refuse_empty(SPEC.id, fitted)?;
    let sets = Sets::of(fitted);
    let rows: Vec<Row> = fitted.rules.iter().map(|hop| row(hop, fitted, &sets)).collect();
    let listed: Vec<&String> = rows.iter().flat_map(|row| &row.listed).collect();
    let large = sets.iter().filter(|(name, _)| listed.iter().any(|listed| listed == name));
    let addresses = large
        .flat_map(|(name, set)| set.prefixes.prefixes().map(|prefix| [name.to_owned(), prefix.to_string()]))
        .collect();
    Ok(Box::new(ChangeRequest {
        header: fitted.header.clone(),
        rows,
        addresses,
        bom: settings.is("bom", "yes"),
        safe: settings.is("spreadsheet-safe", "yes"),
    }))
}

impl Lowered for ChangeRequest {
    fn render(&self, _: &Templates) -> Result<Vec<Artifact>, Findings> {
        let columns = self.rows.first().map(Row::columns).unwrap_or_default();
        let mut artifacts = vec![self.file(LINES, &columns, self.rows.iter().map(Row::values))?];
        if !self.addresses.is_empty() {
            let pairs = self.addresses.iter().map(|pair| pair.iter().map(String::as_str).collect());
            artifacts.push(self.file(ADDRESSES, &["set", "prefix"], pairs)?);
        }
        Ok(artifacts)
    }

    fn context(&self) -> Value {
        let rows: Vec<_> = self.rows.iter().map(Row::by_column).collect();
        minijinja::context! {
            header => document::header_context(&self.header),
            columns => self.rows.first().map(Row::columns).unwrap_or_default(),
            rows,
            addresses => self.addresses.iter().map(|[set, prefix]| minijinja::context! { set, prefix }).collect::<Vec<_>>(),
        }
    }

    fn filters(&self) -> &'static [Filter] {
        FILTERS
    }
}

impl ChangeRequest {
    fn file<'a>(
        &self,
        path: &str,
        columns: &[&str],
        rows: impl Iterator<Item = Vec<&'a str>>,
    ) -> Result<Artifact, Findings> {
        let bytes = self.lines(columns, rows).map_err(|error| {
            Finding::new(Code::CannotWrite, format!("{path} cannot be made")).note(error.to_string())
        })?;
        Ok(Artifact { path: path.to_owned(), bytes })
    }

    fn lines<'a>(
        &self,
        columns: &[&str],
        rows: impl Iterator<Item = Vec<&'a str>>,
    ) -> Result<Vec<u8>, csv::Error> {
        let start: &[u8] = if self.bom { b"\xef\xbb\xbf" } else { b"" };
        let mut writer = WriterBuilder::new()
            .terminator(Terminator::CRLF)
            .quote_style(QuoteStyle::Necessary)
            .from_writer(start.to_vec());
        writer.write_record(columns)?;
        for row in rows {
            if self.safe {
                writer.write_record(row.into_iter().map(|cell| safe_cell(cell).into_owned()))?;
            } else {
                writer.write_record(row)?;
            }
        }
        writer.into_inner().map_err(|error| error.into_error().into())
    }
}

/// A cell as RFC 4180 section 2 writes it, always in quotes.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\"\""))
}
