//! How much room texts take, in pixels. The picture's texts stand in a face of one width, so that no font has to be asked.

/// Pixels of one character of a label at 11 px; faces of one width have 0.60 to 0.62 of their size.
const SMALL: i32 = 7;
/// Pixels of one character of a title at 12 px in bold.
const TITLE: i32 = 8;

/// The width of a label or a line.
pub(super) fn small(text: &str) -> i32 {
    cells(text) * SMALL
}

/// The width of a title.
pub(super) fn title(text: &str) -> i32 {
    cells(text) * TITLE
}

/// The text, or its beginning and an ellipsis if it has more than `limit` cells.
pub(super) fn cut(text: &str, limit: i32) -> String {
    if cells(text) <= limit {
        return text.to_owned();
    }
    let mut left = limit - 1;
    let fits = |c: &char| {
        left -= cell(*c);
        left >= 0
    };
    text.chars().take_while(fits).chain(['\u{2026}']).collect()
}

fn cells(text: &str) -> i32 {
    text.chars().map(cell).sum()
}

/// East Asian characters take two cells; what is not ASCII may.
fn cell(character: char) -> i32 {
    if character.is_ascii() || character == '\u{2026}' || character == '\u{2212}' { 1 } else { 2 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_texts_are_cut_to_their_room() {
        assert_eq!(cut("TCP 443", 7), "TCP 443");
        assert_eq!(cut("TCP 443, 80", 7), "TCP 44\u{2026}");
        assert_eq!(cut("東京東京", 5), "東京\u{2026}");
        assert!(small(&cut(&"x".repeat(99), 22)) <= 22 * SMALL);
    }
}
