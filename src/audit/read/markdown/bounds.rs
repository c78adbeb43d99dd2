//! What a file may ask of the parser.

use super::super::{Configuration, unreadable};
use crate::finding::Finding;

/// How many bytes of marks a line may begin with. Each block in a block takes one, and the parser goes through all of them
/// at each line; addresses at the begin of a line are shorter.
const DEEPEST: usize = 64;

/// How many bytes of a file may be marks: the parser keeps some sixty bytes for each. A row has about fifty.
const MOST: usize = 8_000_000;

/// Refuses what would take the parser time that grows with the square of a file, or gigabytes; and what renderers take in
/// different ways, since a line of form feeds is an empty one to some.
pub(super) fn check(file: &Configuration, text: &str) -> Result<(), Finding> {
    let strange = |character: char| character.is_control() && !matches!(character, '\n' | '\r' | '\t');
    if let Some(number) = text.split('\n').position(|line| line.contains(strange)) {
        return Err(unreadable(&file.at(number + 1), "a control character"));
    }
    if marks(text) > MOST {
        return Err(unreadable(&file.at(1), format!("more than {MOST} characters of markup")));
    }
    match text
        .split(['\n', '\r'])
        .position(|line| line.bytes().take_while(|byte| can_open(*byte)).count() > DEEPEST)
    {
        Some(number) => {
            // Lines may end in CR LF, which `split` takes for two.
            let ahead = text.split(['\n', '\r']).take(number).map(|line| line.len() + 1).sum::<usize>();
            let line = text.bytes().take(ahead).filter(|byte| *byte == b'\n').count() + 1;
            Err(unreadable(&file.at(line), format!("a line begins with more than {DEEPEST} marks")))
        }
        None => Ok(()),
    }
}

/// How many bytes of a text may be marks.
fn marks(text: &str) -> usize {
    let pairs = text.bytes().zip(text.bytes().skip(1).chain([b'\n']));
    pairs.filter(|(byte, next)| is_mark(*byte, *next)).count()
}

/// Whether a byte may begin or end an element; some do in front of a blank only.
fn is_mark(byte: u8, next: u8) -> bool {
    match byte {
        b'-' | b'+' | b'.' | b')' => next.is_ascii_whitespace(),
        b'\n' | b'\r' | b'>' | b'<' | b'*' | b'_' | b'`' | b'[' | b']' | b'|' | b'~' | b'\\' | b'&'
        | b'!' => true,
        _ => false,
    }
}

/// Blanks, quotes, and the marks of lists (`CommonMark` 0.31 sections 5.1, 5.2).
fn can_open(byte: u8) -> bool {
    byte.is_ascii_digit() || matches!(byte, b' ' | b'\t' | b'>' | b'-' | b'+' | b'*' | b'.' | b')')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fine(text: &str) -> bool {
        let file = Configuration { name: "x".to_owned(), bytes: Vec::new() };
        check(&file, text).is_ok()
    }

    #[test]
    fn what_is_written_is_far_below_the_bounds() {
        for text in ["", "2001:db8:1234:5678:9abc:def0:1234:5678/128\n", "| a | b |\n", "a\n  - b\n"] {
            assert!(fine(text));
        }
        for text in [" >".repeat(40), "1. ".repeat(30), format!("x\r\n{}", " ".repeat(65))] {
            assert!(!fine(&text));
        }
        assert_eq!(marks("cloud-sync-prerequisites 2026-07-27, a.b (c): d/e"), 0);
        assert_eq!((marks("- a\n1. b\n"), marks("[a](b) *c* `d`")), (4, 7));
    }
}
