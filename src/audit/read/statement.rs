//! Files that are Portbook's own, statement by statement, one a line.
//!
//! A reader asks for what its template writes next. The first line that is something else ends the reading, and puts all of
//! the file in doubt: what a product makes of that line is not established here.

use std::collections::VecDeque;

use crate::finding::{Finding, Findings};

use super::super::{At, Policy};
use super::{Configuration, unreadable};

/// How a product reads lines.
pub(super) struct Form {
    /// Whether blanks in front, behind and between words mean nothing.
    pub(super) loose: bool,
    /// The longest line in bytes; the product takes what is behind that for another line.
    pub(super) longest: usize,
}

/// The statements of a file that were not taken yet.
pub(super) struct Statements<'f> {
    file: &'f Configuration,
    left: VecDeque<(usize, String)>,
    last: usize,
}

/// A line that is not what Portbook writes there.
pub(super) struct Stray {
    at: At,
    why: String,
}

impl Stray {
    pub(super) fn new(at: At, why: impl Into<String>) -> Self {
        Self { at, why: why.into() }
    }
}

impl<'f> Statements<'f> {
    /// The statements of a file.
    ///
    /// # Errors
    /// `configuration-unreadable` for a file that is no text.
    pub(super) fn of(file: &'f Configuration, form: &Form) -> Result<Self, Finding> {
        let text = file.text()?;
        let lines = text.split('\n').enumerate();
        let left: VecDeque<_> =
            lines.filter_map(|(index, line)| Some((index + 1, statement(line, form)?))).collect();
        Ok(Self { file, left, last: 1 })
    }

    /// The next statement.
    pub(super) fn peek(&self) -> Option<&str> {
        self.left.front().map(|(_, statement)| statement.as_str())
    }

    /// Where the next statement stands; at the end of the file, its last one.
    pub(super) fn at(&self) -> At {
        self.file.at(self.left.front().map_or(self.last, |(line, _)| *line))
    }

    /// Takes the next statement if it starts and ends so: what stands between, or nothing.
    pub(super) fn take(&mut self, front: &str, back: &str) -> Option<(At, String)> {
        let inner = self.peek()?.strip_prefix(front)?.strip_suffix(back)?.to_owned();
        let at = self.at();
        self.last = at.line;
        self.left.pop_front();
        Some((at, inner))
    }

    /// Takes the next statement if it is this one.
    pub(super) fn has(&mut self, wanted: &str) -> bool {
        self.peek() == Some(wanted) && self.take(wanted, "").is_some()
    }

    /// Takes the next statement, which has to be this one.
    pub(super) fn expect(&mut self, wanted: &str) -> Result<At, Stray> {
        let at = self.at();
        if self.has(wanted) { Ok(at) } else { Err(self.stray(&format!("`{wanted}`"))) }
    }

    /// Takes these statements, which have to be next.
    pub(super) fn expect_all(&mut self, wanted: &[&str]) -> Result<(), Stray> {
        wanted.iter().try_for_each(|wanted| self.expect(wanted).map(|_| ()))
    }

    /// The next statement in place of what Portbook writes there.
    pub(super) fn stray(&self, wanted: &str) -> Stray {
        let found = self.peek().map_or_else(|| "the end of the file".to_owned(), shown);
        Stray::new(self.at(), format!("{found} stands where Portbook writes {wanted}"))
    }

    /// Nothing may be left.
    pub(super) fn end(&self) -> Result<(), Stray> {
        if self.left.is_empty() { Ok(()) } else { Err(self.stray("nothing more")) }
    }
}

/// A line as a statement; nothing for what is empty or a plain comment. Of a comment, products take what is behind its
/// longest line, or below a backslash at its end, for something else, so that is none.
fn statement(line: &str, form: &Form) -> Option<String> {
    let words = || line.split([' ', '\t']).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
    let text = if form.loose { words() } else { line.to_owned() };
    let plain = line.len() <= form.longest && !line.ends_with('\\') && !line.contains(is_mark);
    let comment = text.is_empty() || text.starts_with('#') && plain;
    match (comment, plain) {
        (true, _) => None,
        (false, true) => Some(text),
        // No statement that a reader asks for starts so.
        (false, false) => Some(format!("(no plain line) {text}")),
    }
}

/// What ends a line or turns its letters around somewhere, and no template writes.
fn is_mark(c: char) -> bool {
    c.is_control() && c != '\t' || matches!(c, '\u{2028}' | '\u{2029}')
}

/// As much of a line as a message holds.
fn shown(line: &str) -> String {
    const MOST: usize = 120;
    let some: String = line.chars().take(MOST).collect();
    let more = if line.chars().count() > MOST { "..." } else { "" };
    format!("`{}{more}`", some.escape_debug())
}

/// The one file that a target has.
///
/// # Errors
/// `configuration-unreadable` for several.
pub(super) fn only(files: &[Configuration]) -> Result<&Configuration, Finding> {
    if let [file] = files {
        return Ok(file);
    }
    let at = files.get(1).map_or_else(|| At { file: "-".into(), line: 1 }, |second| second.at(1));
    Err(unreadable(&at, "one file at a time: Portbook writes one for this target"))
}

/// What was read, all of it in doubt if it ended at a stray line.
///
/// # Errors
/// `configuration-unreadable` if nothing that allows was read before.
pub(super) fn settled(mut policy: Policy, read: Result<(), Stray>) -> Result<Policy, Findings> {
    if let Err(Stray { at, why }) = read {
        if policy.clauses.is_empty() {
            return Err(
                unreadable(&at, format!("{why}; only files as Portbook writes them are judged")).into()
            );
        }
        policy.doubt_all(&at, &why);
    }
    Ok(policy)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    fn statements(text: &str, loose: bool) -> Vec<(usize, String)> {
        let file = Configuration { name: "x".to_owned(), bytes: text.into() };
        let form = Form { loose, longest: 30 };
        let left = Statements::of(&file, &form).map(|statements| statements.left).ok();
        left.unwrap().into()
    }

    #[test]
    fn comments_are_left_out_where_they_are_nothing_else() {
        let of = |text: &str| statements(text, true).into_iter().map(|(_, text)| text).collect::<Vec<_>>();
        assert_eq!(of("# a\n\n\t\tb  c\n  # d"), ["b c"]);
        for text in ["# a\\\nb", "# a\r\nb", "# aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\nb", "# \u{2028}\nb"] {
            assert!(of(text).first().unwrap().starts_with("(no plain line)"), "{text:?}");
        }
        assert_eq!(statements(" # a\nb", false).first().unwrap(), &(1, " # a".to_owned()));
    }
}
