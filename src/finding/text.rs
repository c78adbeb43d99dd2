//! Findings as a person reads them: message, line, help, as rustc draws them.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::ops::Range;
use std::sync::Arc;

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Element, Group, Level, Origin, Renderer, Snippet};

use super::{Finding, Label, Place, Severity, Source};

/// Whether the text carries terminal colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// None: for files, pipes and tests.
    Plain,
    /// ANSI escapes.
    Coloured,
}

/// One finding as text, ending in a newline.
pub fn to_text(finding: &Finding, style: Style) -> String {
    let renderer = match style {
        Style::Plain => Renderer::plain(),
        Style::Coloured => Renderer::styled(),
    }
    .decor_style(DecorStyle::Ascii);
    let level = match finding.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Note => Level::NOTE,
    };
    let message = shortened(&finding.message);
    let title = level.primary_title(message.as_ref()).id(finding.code.id());
    let drawn = renderer.render(&[Group::with_title(title).elements(snippets(&finding.labels))]);
    let mut text: String = drawn.chars().map(shown).collect();
    text.push('\n');
    append_lines(&mut text, "note", &finding.notes);
    append_lines(&mut text, "help", &finding.help);
    text
}

/// The most characters of a message: it may repeat a value, and a value may be a megabyte.
const LONGEST: usize = 2000;

/// A message with its middle left out where it is longer than anybody reads.
fn shortened(text: &str) -> Cow<'_, str> {
    if text.len() <= LONGEST {
        return Cow::Borrowed(text);
    }
    let head = text.get(..text.floor_char_boundary(LONGEST / 2)).unwrap_or_default();
    let tail = text.get(text.ceil_char_boundary(text.len() - LONGEST / 4)..).unwrap_or_default();
    let left_out = text.len() - head.len() - tail.len();
    Cow::Owned(format!("{head} ... ({left_out} bytes left out) ... {tail}"))
}

fn append_lines(text: &mut String, word: &str, lines: &[String]) {
    for line in lines {
        // Control characters of a foreign text must not reach the terminal.
        let safe = printable(&shortened(line));
        let _ = writeln!(text, "  {word}: {safe}");
    }
}

/// One character of a drawn line, in which colours are escapes. The renderer shows C0 and bidirectional controls as signs of
/// their own, and passes on those of C1, of which U+009B starts an escape too, and characters that nobody sees.
fn shown(c: char) -> char {
    let hidden = matches!(c, '\u{7f}'..='\u{9f}' | '\u{ad}' | '\u{2028}' | '\u{2029}')
        || is_invisible(c) && c != '\u{1b}';
    if hidden { char::REPLACEMENT_CHARACTER } else { c }
}

/// `text` with control and bidirectional characters escaped: a foreign text must not drive the terminal.
pub fn printable(text: &str) -> String {
    text.chars()
        .flat_map(|c| {
            if is_invisible(c) { c.escape_unicode().to_string() } else { c.to_string() }
                .chars()
                .collect::<Vec<_>>()
        })
        .collect()
}

fn is_invisible(c: char) -> bool {
    c.is_control() && c != '\n' && c != '\t'
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

fn snippets<'a>(labels: &'a [Label]) -> Vec<Element<'a>> {
    let mut sources: Vec<&'a Arc<Source>> = Vec::new();
    for label in labels {
        if !sources.iter().any(|source| Arc::ptr_eq(source, label.place.source())) {
            sources.push(label.place.source());
        }
    }
    sources.into_iter().map(|source| snippet(source, labels)).collect()
}

/// The most bytes of a text that are drawn: a line of a megabyte is of no use, and drawing it takes its time.
const DRAWN: usize = 1 << 16;

/// A snippet of a source, or only the place where the lines are too long to be drawn.
fn snippet<'a>(source: &'a Arc<Source>, labels: &'a [Label]) -> Element<'a> {
    let (window, first_line) = window(source, labels);
    if window.len() > DRAWN {
        let mut places = labels.iter().map(|label| &label.place);
        let (line, column) = places
            .find(|place| Arc::ptr_eq(place.source(), source))
            .map_or((first_line, 1), Place::line_column);
        return Origin::path(source.name.as_str()).line(line).char_column(column).into();
    }
    let mut snippet = Snippet::source(source.text.get(window.clone()).unwrap_or_default())
        .path(source.name.as_str())
        .line_start(first_line)
        .fold(true);
    for (index, label) in labels.iter().enumerate() {
        if !Arc::ptr_eq(source, label.place.source()) {
            continue;
        }
        let kind = if index == 0 { AnnotationKind::Primary } else { AnnotationKind::Context };
        let span = label.place.span();
        let mut annotation = kind.span(span.start - window.start..span.end - window.start);
        if !label.text.is_empty() {
            annotation = annotation.label(label.text.as_str());
        }
        snippet = snippet.annotation(annotation);
    }
    snippet.into()
}

/// The lines from the first to the last label: a range file has millions of bytes in front of them.
fn window(source: &Source, labels: &[Label]) -> (Range<usize>, usize) {
    let spans = labels
        .iter()
        .filter(|label| label.place.source().name == source.name)
        .map(|label| label.place.span());
    let (start, end) =
        spans.fold((usize::MAX, 0), |(start, end), span| (start.min(span.start), end.max(span.end)));
    (source.line(start).start..source.line(end).end, source.line_of(start))
}
