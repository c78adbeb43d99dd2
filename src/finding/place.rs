//! Places in texts that people wrote.

use std::ops::Range;
use std::sync::{Arc, OnceLock};

/// A text with a name, kept so that findings can show the line.
#[derive(Debug)]
pub struct Source {
    /// How the user knows it: a path as given, or the path inside the embedded catalog.
    pub name: String,
    /// All of it.
    pub text: String,
    /// What a parser read in it when the program was built; only of texts that come with the program.
    tree: Option<&'static [u8]>,
    /// Where its lines start, once somebody asks: files of a thousand sites are asked for every value.
    lines: OnceLock<Vec<usize>>,
}

impl PartialEq for Source {
    fn eq(&self, other: &Self) -> bool {
        (&self.name, &self.text) == (&other.name, &other.text)
    }
}

impl Eq for Source {}

impl Source {
    /// Names a text.
    pub fn new(name: impl Into<String>, text: impl Into<String>) -> Arc<Self> {
        Self::with_tree(name, text, None)
    }

    /// Names a text that was parsed when the program was built.
    pub(crate) fn with_tree(
        name: impl Into<String>,
        text: impl Into<String>,
        tree: Option<&'static [u8]>,
    ) -> Arc<Self> {
        Arc::new(Self { name: name.into(), text: text.into(), tree, lines: OnceLock::new() })
    }

    pub(crate) fn tree(&self) -> Option<&'static [u8]> {
        self.tree
    }

    fn line_starts(&self) -> &[usize] {
        self.lines.get_or_init(|| {
            let ends = self.text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
            std::iter::once(0).chain(ends.map(|(index, _)| index + 1)).collect()
        })
    }

    /// The first byte of a line, counted from 1; the end of the text for one that it has not.
    fn line_start(&self, line: usize) -> usize {
        self.line_starts().get(line.saturating_sub(1)).copied().unwrap_or(self.text.len())
    }

    /// The line of a byte, counted from 1.
    pub(super) fn line_of(&self, byte: usize) -> usize {
        self.line_starts().partition_point(|start| *start <= byte).max(1)
    }

    /// The bytes of the line that holds a byte, without its end. Not searched for in the text: a file may be one line.
    pub(crate) fn line(&self, byte: usize) -> Range<usize> {
        let line = self.line_of(byte);
        let next = self.line_starts().get(line).copied();
        self.line_start(line)..next.map_or(self.text.len(), |next| next - 1)
    }
}

/// A stretch of a text.
#[derive(Debug, Clone, PartialEq)]
pub struct Place {
    source: Arc<Source>,
    span: Range<usize>,
}

impl Place {
    /// The bytes `span` of `source`; brought inside the text and to character boundaries.
    pub fn new(source: &Arc<Source>, span: Range<usize>) -> Self {
        let text = &source.text;
        let start = text.floor_char_boundary(span.start.min(text.len()));
        let end = text.ceil_char_boundary(span.end.clamp(start, text.len()));
        Self { source: Arc::clone(source), span: start..end }
    }

    /// The whole file, where no line can be named.
    pub fn whole(source: &Arc<Source>) -> Self {
        Self::new(source, 0..0)
    }

    /// The word that starts at `line` and `column`, both counted from 1, columns in characters.
    pub fn at(source: &Arc<Source>, line: usize, column: usize) -> Self {
        let start = source.line_start(line);
        let rest = source.text.get(start..).unwrap_or_default();
        let skipped: usize = rest.chars().take(column.saturating_sub(1)).map(char::len_utf8).sum();
        Self::word(source, start + skipped)
    }

    /// The word that starts at a byte.
    pub(crate) fn word(source: &Arc<Source>, start: usize) -> Self {
        let word = source.text.get(start..).unwrap_or_default();
        let length = word.find([' ', '\n', '\r', ',', ']', '}']).unwrap_or(word.len());
        Self::new(source, start..start + length.max(1))
    }

    /// The text it lies in.
    pub fn source(&self) -> &Arc<Source> {
        &self.source
    }

    /// Its bytes.
    pub fn span(&self) -> Range<usize> {
        self.span.clone()
    }

    /// Line and column of its start, both from 1, the column in characters.
    pub fn line_column(&self) -> (usize, usize) {
        let line = self.source.line_of(self.span.start);
        let before = self.source.text.get(self.source.line_start(line)..self.span.start);
        (line, before.unwrap_or_default().chars().count() + 1)
    }
}
