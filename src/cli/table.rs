//! Rows for terminals, spreadsheets and programs.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::io::Write;

use clap::ValueEnum;
use serde_json::{Map, Value, json};

use portbook::finding::printable;

use super::Failure;

/// How `list` prints.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// Aligned columns for a terminal
    Table,
    /// An array of objects
    Json,
    /// Comma-separated values with a header
    Csv,
}

/// A column: its name, and the word that stands before its values on a terminal.
pub(crate) type Column = (&'static str, &'static str);

/// One value of a row.
#[derive(Debug)]
pub(crate) enum Cell {
    Text(String),
    /// A number, which JSON has as one.
    Count(usize),
    /// Several texts: a list in JSON, with commas between them elsewhere.
    List(Vec<String>),
}

impl Cell {
    pub(crate) fn list<T: ToString>(values: impl IntoIterator<Item = T>) -> Self {
        Self::List(values.into_iter().map(|value| value.to_string()).collect())
    }

    fn text(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Count(count) => count.to_string(),
            Self::List(values) => values.join(", "),
        }
    }

    fn to_json(&self) -> Value {
        match self {
            Self::Text(text) => json!(text),
            Self::Count(count) => json!(count),
            Self::List(values) => json!(values),
        }
    }
}

impl<T: Into<String>> From<T> for Cell {
    fn from(text: T) -> Self {
        Self::Text(text.into())
    }
}

/// Rows of one width.
#[derive(Debug)]
pub(crate) struct Table {
    columns: &'static [Column],
    rows: Vec<Vec<Cell>>,
}

impl Table {
    pub(crate) fn new(columns: &'static [Column]) -> Self {
        Self { columns, rows: Vec::new() }
    }

    pub(crate) fn push(&mut self, row: impl IntoIterator<Item = impl Into<Cell>>) {
        self.rows.push(row.into_iter().map(Into::into).collect());
    }

    /// The bytes for standard output.
    pub(crate) fn render(&self, format: Format) -> Result<Vec<u8>, Failure> {
        match format {
            Format::Table => Ok(self.to_text().into_bytes()),
            Format::Json => pretty(&self.to_json()),
            Format::Csv => {
                let rows = self.texts();
                to_csv(self.columns.iter().map(|(name, _)| *name), rows.iter().map(Vec::as_slice))
            }
        }
    }

    /// Sections by the first column, each under its word; the last column, a reason, on demand.
    pub(crate) fn render_sections(&self, format: Format, verbose: bool) -> Result<Vec<u8>, Failure> {
        if format != Format::Table {
            return self.render(format);
        }
        let mut text = String::new();
        for section in self.texts().chunk_by(|a, b| a.first() == b.first()) {
            if !text.is_empty() {
                text.push('\n');
            }
            text.push_str(section.first().and_then(|row| row.first()).map_or("", String::as_str));
            text.push('\n');
            let width = if verbose { self.columns.len() } else { self.columns.len().saturating_sub(1) };
            let rows = section.iter().map(|row| self.cells(row.get(..width).unwrap_or(row), 1));
            let rows: Vec<Vec<String>> = rows.collect();
            text.push_str(&align(&rows, "  "));
        }
        Ok(text.into_bytes())
    }

    fn to_text(&self) -> String {
        let rows: Vec<Vec<String>> = self.texts().iter().map(|row| self.cells(row, 0)).collect();
        align(&rows, "")
    }

    /// All values as texts.
    fn texts(&self) -> Vec<Vec<String>> {
        self.rows.iter().map(|row| row.iter().map(Cell::text).collect()).collect()
    }

    /// A row from column `from` on, with the columns' words.
    fn cells(&self, row: &[String], from: usize) -> Vec<String> {
        let cells = row.iter().zip(self.columns).skip(from);
        cells
            .map(|(cell, (_, word))| if cell.is_empty() { String::new() } else { format!("{word}{cell}") })
            .collect()
    }

    fn to_json(&self) -> Value {
        let object = |row: &Vec<Cell>| {
            let pairs =
                self.columns.iter().zip(row).map(|((name, _), cell)| ((*name).to_owned(), cell.to_json()));
            Value::Object(pairs.collect::<Map<_, _>>())
        };
        self.rows.iter().map(object).collect()
    }
}

/// Left-aligned columns, two spaces apart, nothing behind the last one.
pub(crate) fn align(rows: &[Vec<String>], indent: &str) -> String {
    let safe: Vec<Vec<String>> =
        rows.iter().map(|row| row.iter().map(|cell| one_line(cell)).collect()).collect();
    let count = safe.iter().map(Vec::len).max().unwrap_or(0);
    let width = |column: usize| {
        let cells = safe.iter().filter_map(|row: &Vec<String>| row.get(column));
        cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..count).map(width).collect();
    let mut text = String::new();
    for row in &safe {
        let mut line = indent.to_owned();
        for (cell, width) in row.iter().zip(&widths) {
            let _ = write!(line, "{cell:width$}  ");
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

/// Catalog texts may be the user's own: nothing of them may break a line or drive the terminal.
pub(crate) fn one_line(text: &str) -> String {
    printable(text).replace(['\n', '\t'], " ")
}

/// Pretty JSON with a newline at its end.
pub(crate) fn pretty(value: &Value) -> Result<Vec<u8>, Failure> {
    let mut bytes = serde_json::to_vec_pretty(value).map_err(anyhow::Error::from)?;
    bytes.push(b'\n');
    Ok(bytes)
}

/// CSV with a header; lines end in a bare newline, as other command line programs expect.
pub(crate) fn to_csv<'a>(
    header: impl IntoIterator<Item = &'a str>,
    rows: impl IntoIterator<Item = &'a [String]>,
) -> Result<Vec<u8>, Failure> {
    let mut lines = CsvLines::new(Vec::new(), header)?;
    for row in rows {
        lines.push(row.iter().map(String::as_str))?;
    }
    lines.0.into_inner().map_err(|error| anyhow::anyhow!("{error}").into())
}

/// CSV, line by line.
pub(crate) struct CsvLines<W: Write>(csv::Writer<W>);

impl<W: Write> CsvLines<W> {
    /// Starts with the header.
    pub(crate) fn new<'a>(out: W, header: impl IntoIterator<Item = &'a str>) -> Result<Self, Failure> {
        let mut writer = csv::Writer::from_writer(out);
        writer.write_record(header).map_err(anyhow::Error::from)?;
        Ok(Self(writer))
    }

    /// Adds a line.
    pub(crate) fn push<'a>(&mut self, cells: impl IntoIterator<Item = &'a str>) -> Result<(), Failure> {
        for cell in cells {
            self.0.write_field(&*inert(cell)).map_err(anyhow::Error::from)?;
        }
        self.0.write_record(None::<&[u8]>).map_err(anyhow::Error::from)?;
        Ok(())
    }

    /// Writes what is still in memory.
    pub(crate) fn end(mut self) -> Result<(), Failure> {
        Ok(self.0.flush()?)
    }
}

/// A cell that no spreadsheet takes for a formula (OWASP, "CSV Injection").
fn inert(cell: &str) -> Cow<'_, str> {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        Cow::Owned(format!("'{cell}"))
    } else {
        Cow::Borrowed(cell)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(rows: &[&[&str]]) -> Vec<Vec<String>> {
        rows.iter().map(|row| row.iter().map(|cell| (*cell).to_owned()).collect()).collect()
    }

    #[test]
    fn columns_align_and_lines_end_clean() {
        let rows = cells(&[&["a", "bb", ""], &["ccc", "", "d\n\u{202e}e"]]);
        assert_eq!(align(&rows, " "), " a    bb\n ccc      d \\u{202e}e\n");
    }

    #[test]
    fn no_cell_is_a_formula() {
        let bytes = to_csv(["a"], cells(&[&["=1+1"], &["a,b"]]).iter().map(Vec::as_slice)).unwrap();
        assert_eq!(String::from_utf8(bytes).unwrap(), "a\n'=1+1\n\"a,b\"\n");
    }
}
