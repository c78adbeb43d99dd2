//! Findings as a person reads them: message, line, help, as rustc draws them.

use std::fmt::Write as _;
use std::ops::Range;
use std::sync::Arc;

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};

use super::{Finding, Label, Severity, Source};

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
    let title = level.primary_title(finding.message.as_str()).id(finding.code.id());
    let mut text = renderer.render(&[Group::with_title(title).elements(snippets(&finding.labels))]);
    text.push('\n');
    append_lines(&mut text, "note", &finding.notes);
    append_lines(&mut text, "help", &finding.help);
    text
}

fn append_lines(text: &mut String, word: &str, lines: &[String]) {
    for line in lines {
        // Control characters of a foreign text must not reach the terminal.
        let safe = printable(line);
        let _ = writeln!(text, "  {word}: {safe}");
    }
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

fn snippets<'a>(labels: &'a [Label]) -> Vec<Snippet<'a, annotate_snippets::Annotation<'a>>> {
    let mut sources: Vec<&'a Arc<Source>> = Vec::new();
    for label in labels {
        if !sources.iter().any(|source| Arc::ptr_eq(source, label.place.source())) {
            sources.push(label.place.source());
        }
    }
    sources.into_iter().map(|source| snippet(source, labels)).collect()
}

fn snippet<'a>(
    source: &'a Arc<Source>,
    labels: &'a [Label],
) -> Snippet<'a, annotate_snippets::Annotation<'a>> {
    let (window, first_line) = window(source, labels);
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
    snippet
}

/// The lines from the first to the last label: a range file has millions of bytes in front of them.
fn window(source: &Source, labels: &[Label]) -> (Range<usize>, usize) {
    let spans = labels
        .iter()
        .filter(|label| label.place.source().name == source.name)
        .map(|label| label.place.span());
    let (start, end) =
        spans.fold((usize::MAX, 0), |(start, end), span| (start.min(span.start), end.max(span.end)));
    let text = source.text.as_str();
    let start =
        text.get(..start.min(text.len())).and_then(|before| before.rfind('\n')).map_or(0, |at| at + 1);
    let end = text.get(end..).and_then(|after| after.find('\n')).map_or(text.len(), |at| end + at);
    let first_line = text.get(..start).unwrap_or_default().matches('\n').count() + 1;
    (start..end, first_line)
}
