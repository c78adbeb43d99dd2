//! What stands below each heading.

use crate::finding::Finding;

use super::super::super::At;
use super::super::{Configuration, unreadable};
use super::block::{Block, Blocks, Inline};
use super::bounds;

/// The first word of the paragraph that says who opens the connections of a table.
const SOURCE: &str = "Source:";

/// A heading of the second level, and all up to the next one.
pub(super) struct Section {
    pub(super) at: At,
    pub(super) heading: String,
    /// What stands behind `Source:`.
    pub(super) source: Option<(At, String)>,
    pub(super) body: Option<Body>,
}

/// The one thing of a section that is not free.
pub(super) enum Body {
    Table(Table),
    /// What stands in a list of addresses, and where its block begins.
    List(At, String),
}

/// A table; each row has the cells of its columns.
pub(super) struct Table {
    pub(super) at: At,
    pub(super) columns: Vec<String>,
    pub(super) rows: Vec<Row>,
}

/// A row of a table.
pub(super) struct Row {
    pub(super) at: At,
    pub(super) cells: Vec<Inline>,
}

impl Table {
    /// The cell of a row below a column, if the table has it.
    pub(super) fn cell<'r>(&self, row: &'r Row, column: &str) -> Option<&'r Inline> {
        row.cells.get(self.columns.iter().position(|name| name == column)?)
    }

    /// A cell of nothing but text; empty where the table does not have the column.
    pub(super) fn text<'r>(&self, row: &'r Row, column: &str) -> Result<&'r str, Finding> {
        let Some(cell) = self.cell(row, column) else { return Ok("") };
        cell.plain().ok_or_else(|| unreadable(&row.at, format!("no plain text stands below `{column}`")))
    }
}

/// The sections of a file, in their order. What stands above the first one is free, but for tables and lists.
pub(super) fn sections(file: &Configuration) -> Result<Vec<Section>, Finding> {
    let text = file.text()?;
    bounds::check(file, &text)?;
    let mut blocks = Blocks::of(file, &text);
    let mut done = Vec::new();
    let mut open: Option<Section> = None;
    while let Some((at, block)) = blocks.next()? {
        match block {
            // A title, of the file or of one that was put behind it.
            Block::Heading(1, _) => done.extend(open.take()),
            Block::Heading(2, text) => done.extend(open.replace(below(at, &text)?)),
            Block::Heading(..) => {
                return Err(unreadable(&at, "a heading of a level that Portbook does not write"));
            }
            Block::Paragraph(text) => paragraph(open.as_mut(), at, &text)?,
            Block::Table(columns, rows) => put(open.as_mut(), &at, |at| table(at, &columns, rows))?,
            Block::Lines(lines) => put(open.as_mut(), &at, |at| Ok(Body::List(at.clone(), lines)))?,
        }
    }
    done.extend(open);
    Ok(done)
}

fn below(at: At, heading: &Inline) -> Result<Section, Finding> {
    match heading.plain() {
        Some(text) if !text.is_empty() => {
            Ok(Section { heading: text.to_owned(), at, source: None, body: None })
        }
        _ => Err(unreadable(&at, "a heading that is no plain text")),
    }
}

/// Paragraphs are free, but for that of the source.
fn paragraph(section: Option<&mut Section>, at: At, text: &Inline) -> Result<(), Finding> {
    if !text.words().trim_start().starts_with(SOURCE) {
        return Ok(());
    }
    match (section, text.plain().and_then(|plain| plain.strip_prefix(SOURCE))) {
        (Some(section @ Section { source: None, body: None, .. }), Some(source)) => {
            section.source = Some((at, source.trim().to_owned()));
            Ok(())
        }
        (_, None) => Err(unreadable(&at, "a source that is no plain text")),
        _ => Err(unreadable(&at, "a source that is not the only one between a heading and its table")),
    }
}

fn put(
    section: Option<&mut Section>,
    at: &At,
    body: impl FnOnce(&At) -> Result<Body, Finding>,
) -> Result<(), Finding> {
    match section {
        Some(section @ Section { body: None, .. }) => {
            section.body = Some(body(at)?);
            Ok(())
        }
        Some(_) => Err(unreadable(at, "a second table or list below one heading")),
        None => Err(unreadable(at, "a table or list without a heading above it")),
    }
}

fn table(at: &At, columns: &[Inline], rows: Vec<(At, Vec<Inline>)>) -> Result<Body, Finding> {
    let name = |column: &Inline| {
        let plain = column.plain().filter(|name| !name.is_empty());
        plain.map(str::to_owned).ok_or_else(|| unreadable(at, "a column whose name is no plain text"))
    };
    let columns = columns.iter().map(name).collect::<Result<_, _>>()?;
    for (at, cells) in &rows {
        if let Some(what) = cells.iter().find_map(Inline::markup) {
            return Err(unreadable(at, format!("{what} in a cell, where Portbook writes plain text")));
        }
    }
    let rows = rows.into_iter().map(|(at, cells)| Row { at, cells }).collect();
    Ok(Body::Table(Table { at: at.clone(), columns, rows }))
}
