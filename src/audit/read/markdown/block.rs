//! The blocks of a text, as the parser tells them.

use pulldown_cmark::{CodeBlockKind, Event, OffsetIter, Options, Parser, Tag, TagEnd};

use crate::finding::Finding;

use super::super::super::At;
use super::super::{Configuration, unreadable};

/// A block that may decide something.
pub(super) enum Block {
    /// Its level and its text.
    Heading(usize, Inline),
    Paragraph(Inline),
    /// The names of the columns, and the rows with their lines.
    Table(Vec<Inline>, Vec<(At, Vec<Inline>)>),
    /// What stands in a fenced code block; its first line is the one behind that of the block.
    Lines(String),
}

/// A part of a text.
enum Piece {
    Text(String),
    Code(String),
    /// Emphasis, a link, ...: what it is.
    Other(&'static str),
}

/// The text of a heading, a paragraph or a cell, without its blanks at both ends.
pub(super) struct Inline(Vec<Piece>);

impl Inline {
    /// The text if it is nothing but text.
    pub(super) fn plain(&self) -> Option<&str> {
        match self.0.as_slice() {
            [] => Some(""),
            [Piece::Text(text)] => Some(text.trim()),
            _ => None,
        }
    }

    /// A code span, and the text behind it.
    pub(super) fn code(&self) -> Option<(&str, &str)> {
        match self.0.as_slice() {
            [Piece::Code(code)] => Some((code, "")),
            [Piece::Code(code), Piece::Text(text)] => Some((code, text.trim())),
            _ => None,
        }
    }

    /// What is neither text nor code, if there is such a thing.
    pub(super) fn markup(&self) -> Option<&'static str> {
        self.0.iter().find_map(|piece| if let Piece::Other(what) = piece { Some(*what) } else { None })
    }

    /// All words, whatever they look like.
    pub(super) fn words(&self) -> String {
        let word = |piece: &Piece| match piece {
            Piece::Text(text) | Piece::Code(text) => text.clone(),
            Piece::Other(_) => String::new(),
        };
        self.0.iter().map(word).collect()
    }

    fn push(&mut self, more: &str) {
        match self.0.last_mut() {
            Some(Piece::Text(text)) => text.push_str(more),
            _ => self.0.push(Piece::Text(more.to_owned())),
        }
    }
}

type Offset = std::ops::Range<usize>;

/// The blocks of a file that were not taken yet.
pub(super) struct Blocks<'t> {
    file: &'t Configuration,
    text: &'t str,
    /// Where lines end.
    ends: Vec<usize>,
    events: OffsetIter<'t>,
}

impl<'t> Blocks<'t> {
    /// The blocks of `text`, by the rules of GitHub Flavored Markdown.
    pub(super) fn of(file: &'t Configuration, text: &'t str) -> Self {
        // All that GitHub has, so that nothing of it is taken for text.
        let options = Options::ENABLE_TABLES
            | Options::ENABLE_STRIKETHROUGH
            | Options::ENABLE_TASKLISTS
            | Options::ENABLE_FOOTNOTES
            | Options::ENABLE_GFM;
        let ends = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(end, _)| end).collect();
        Self { file, text, ends, events: Parser::new_ext(text, options).into_offset_iter() }
    }

    fn at(&self, offset: usize) -> At {
        self.file.at(self.ends.partition_point(|end| *end < offset) + 1)
    }

    fn refuse(&self, offset: &Offset, why: &str) -> Finding {
        unreadable(&self.at(offset.start), why)
    }

    /// The next block; quotes, lists and lines across are free and left out.
    pub(super) fn next(&mut self) -> Result<Option<(At, Block)>, Finding> {
        while let Some((event, offset)) = self.events.next() {
            let block = match event {
                Event::Start(Tag::Heading { level, .. }) => {
                    Block::Heading(level as usize, self.inline(TagEnd::Heading(level))?)
                }
                Event::Start(Tag::Paragraph) => Block::Paragraph(self.inline(TagEnd::Paragraph)?),
                Event::Start(Tag::Table(_)) => {
                    self.as_everywhere(&offset)?;
                    self.table()?
                }
                Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(kind))) if kind.is_empty() => {
                    self.lines()?
                }
                Event::Start(Tag::List(_) | Tag::BlockQuote(_)) => {
                    self.free()?;
                    continue;
                }
                Event::Rule => continue,
                _ => return Err(self.refuse(&offset, stray(&event))),
            };
            return Ok(Some((self.at(offset.start), block)));
        }
        Ok(None)
    }

    /// The text up to the end of its block.
    fn inline(&mut self, end: TagEnd) -> Result<Inline, Finding> {
        let mut inline = Inline(Vec::new());
        while let Some((event, offset)) = self.events.next() {
            match &event {
                Event::End(tag) if *tag == end => break,
                Event::End(_) => {}
                Event::Text(text) => {
                    if end != TagEnd::TableCell {
                        self.no_bar(&offset)?;
                    }
                    inline.push(text);
                }
                Event::Code(code) => inline.0.push(Piece::Code(code.to_string())),
                Event::SoftBreak => inline.push(" "),
                Event::HardBreak => inline.0.push(Piece::Other("a break of lines")),
                Event::Start(tag) => inline.0.push(Piece::Other(markup(tag))),
                _ => return Err(self.refuse(&offset, stray(&event))),
            }
        }
        Ok(inline)
    }

    /// A bar outside of a table is where a row fell out of it: people may take it for one, and no renderer does.
    fn no_bar(&self, offset: &Offset) -> Result<(), Finding> {
        let text = self.text.get(offset.clone()).unwrap_or_default();
        let front = self.text.get(..offset.start).unwrap_or_default();
        match bars(text, front.ends_with('\\')).next() {
            Some(_) => Err(self.refuse(offset, "a bar outside of a table: a row that no table has")),
            None => Ok(()),
        }
    }

    /// Refuses a table that another renderer takes for none, or for a shorter one: below a line of text, indented, or with
    /// blanks among the dashes below its header (cmark-gfm 0.29.0.gfm.2 and pulldown-cmark 0.13 differ there).
    fn as_everywhere(&self, offset: &Offset) -> Result<(), Finding> {
        let start =
            self.text.get(..offset.start).and_then(|front| front.rfind('\n')).map_or(0, |end| end + 1);
        let above = self.text.get(..start).unwrap_or_default().lines().next_back();
        if above.is_some_and(|line| !line.trim().is_empty()) {
            return Err(self.refuse(offset, "a table that no empty line parts from what stands above it"));
        }
        let table = self.text.get(start..offset.end).unwrap_or_default();
        let indented = |line: &str| line.starts_with([' ', '\t']);
        if let Some(number) = table.lines().position(indented) {
            let at = At { line: self.at(offset.start).line + number, ..self.at(offset.start) };
            return Err(unreadable(&at, "a row with blanks in front of it, which may end its table"));
        }
        let rule = table.lines().nth(1).unwrap_or_default().trim().trim_matches('|');
        let plain = |cell: &str| {
            let dashes = cell.trim().trim_start_matches(':').trim_end_matches(':');
            !dashes.is_empty() && dashes.bytes().all(|byte| byte == b'-')
        };
        if rule.split('|').all(plain) {
            return Ok(());
        }
        Err(self.refuse(offset, "a table whose second line has more than dashes, colons and bars"))
    }

    fn table(&mut self) -> Result<Block, Finding> {
        let (mut columns, mut rows) = (Vec::new(), Vec::new());
        while let Some((event, offset)) = self.events.next() {
            match event {
                Event::Start(Tag::TableHead) => columns = self.row()?,
                Event::Start(Tag::TableRow) => {
                    let cells = cells(self.text.get(offset.clone()).unwrap_or_default());
                    if cells != columns.len() {
                        // What is too much is not shown, and what is missing is empty (GFM section 4.10).
                        let why =
                            format!("{cells} cells stand in a row of a table with {} columns", columns.len());
                        return Err(self.refuse(&offset, &why));
                    }
                    rows.push((self.at(offset.start), self.row()?));
                }
                Event::End(TagEnd::Table) => break,
                _ => return Err(self.refuse(&offset, stray(&event))),
            }
        }
        Ok(Block::Table(columns, rows))
    }

    fn row(&mut self) -> Result<Vec<Inline>, Finding> {
        let mut cells = Vec::new();
        while let Some((Event::Start(Tag::TableCell), _)) = self.events.next() {
            cells.push(self.inline(TagEnd::TableCell)?);
        }
        Ok(cells)
    }

    /// What stands in a code block.
    fn lines(&mut self) -> Result<Block, Finding> {
        let mut lines = String::new();
        while let Some((event, offset)) = self.events.next() {
            match event {
                Event::Text(text) => lines.push_str(&text),
                Event::End(_) => break,
                _ => return Err(self.refuse(&offset, stray(&event))),
            }
        }
        Ok(Block::Lines(lines))
    }

    /// A list or a quote to its end: it may hold texts only.
    fn free(&mut self) -> Result<(), Finding> {
        let mut depth = 1usize;
        while depth > 0 {
            let Some((event, offset)) = self.events.next() else { break };
            match &event {
                Event::Start(Tag::Table(_) | Tag::Heading { .. } | Tag::CodeBlock(_) | Tag::HtmlBlock)
                | Event::Html(_)
                | Event::InlineHtml(_) => return Err(self.refuse(&offset, stray(&event))),
                Event::Text(_) => self.no_bar(&offset)?,
                Event::Start(_) => depth += 1,
                Event::End(_) => depth -= 1,
                _ => {}
            }
        }
        Ok(())
    }
}

/// What is refused wherever it stands.
fn stray(event: &Event<'_>) -> &'static str {
    match event {
        Event::Html(_) | Event::InlineHtml(_) | Event::Start(Tag::HtmlBlock) => {
            "HTML, which may hide what stands around it; Portbook writes none"
        }
        Event::Start(Tag::CodeBlock(_)) => "a code block that is no list of addresses of Portbook's",
        Event::Start(Tag::Table(_)) => "a table inside of a list or a quote",
        Event::Start(Tag::Heading { .. }) => "a heading inside of a list or a quote",
        _ => "an element that Portbook does not write",
    }
}

fn markup(tag: &Tag<'_>) -> &'static str {
    match tag {
        Tag::Emphasis | Tag::Strong => "emphasis",
        Tag::Strikethrough => "text that is struck out",
        Tag::Link { .. } => "a link",
        Tag::Image { .. } => "an image",
        _ => "markup",
    }
}

/// Where bars divide a text: those that no backslash stands in front of (GFM section 4.10). `behind` says whether one stands
/// in front of the text itself.
fn bars(text: &str, behind: bool) -> impl Iterator<Item = usize> {
    let mut escaped = behind;
    text.bytes().enumerate().filter_map(move |(place, byte)| {
        let bar = byte == b'|' && !escaped;
        escaped = byte == b'\\';
        bar.then_some(place)
    })
}

/// How many cells a row has; the bars at both its ends are none of their ends.
fn cells(row: &str) -> usize {
    let row = row.trim_matches([' ', '\t', '\r', '\n']);
    let row = row.strip_prefix('|').unwrap_or(row);
    let closed = bars(row, false).last().is_some_and(|last| last + 1 == row.len());
    bars(row, false).count() + usize::from(!closed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// A header is one only if its cells are as many as those of the line below it (GFM section 4.10).
    fn is_header(row: &str, columns: usize) -> bool {
        let text = format!("{row}\n{}|\n", "|-".repeat(columns));
        let mut events = Parser::new_ext(&text, Options::ENABLE_TABLES);
        matches!(events.next(), Some(Event::Start(Tag::Table(_))))
    }

    proptest! {
        #[test]
        fn cells_are_those_that_the_parser_counts(row in "\\|a[a|\\\\ `]{0,12}[|a]") {
            prop_assert!(is_header(&row, cells(&row)), "{row}: {}", cells(&row));
            prop_assert!(!is_header(&row, cells(&row) + 1), "{row}");
        }
    }

    #[test]
    fn cells_are_those_of_the_standard() {
        for (row, wanted) in [
            ("| a | b |", 2),
            ("a | b", 2),
            (" |a|b| \r\n", 2),
            (r"| a \| b |", 1),
            (r"| a \\| b |", 1),
            (r"| a \|", 1),
            ("| a || b |", 3),
            ("x", 1),
            ("|", 1),
            ("| `a|b` |", 2),
        ] {
            assert_eq!(cells(row), wanted, "{row}");
        }
    }
}
