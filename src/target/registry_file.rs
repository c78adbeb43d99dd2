//! The form of .reg files: what regedit itself exports.

/// The first line of every file.
pub(crate) const HEAD: &str = "Windows Registry Editor Version 5.00";

/// A quoted string of a .reg file. Backslash and quote are all there is to escape in printable ASCII, which callers see to.
pub(crate) fn quoted(text: &str) -> String {
    if !text.contains(['\\', '"']) {
        return format!("\"{text}\"");
    }
    format!("\"{}\"", text.replace('\\', r"\\").replace('"', "\\\""))
}

/// UTF-16LE with byte order mark and CRLF; without the mark regedit takes the file for no registry script.
pub(crate) fn utf16(lines: &[String]) -> Vec<u8> {
    let text = lines.iter().flat_map(|line| [line.as_str(), "\r\n"]).collect::<String>();
    let mut bytes = vec![0xff, 0xfe];
    if text.is_ascii() {
        // Nearly all of them: half a million bytes with a range file.
        bytes.resize(2 + 2 * text.len(), 0);
        let (pairs, _) = bytes.as_chunks_mut::<2>();
        pairs.iter_mut().skip(1).zip(text.bytes()).for_each(|(pair, byte)| *pair = [byte, 0]);
    } else {
        bytes.extend(text.encode_utf16().flat_map(u16::to_le_bytes));
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::utf16;

    #[test]
    fn ascii_and_other_texts_are_encoded_alike() {
        for text in ["", "a", "\"x\"=\"y\"", "\u{e9}\u{1f511}"] {
            let lines = [text.to_owned(), "last".to_owned()];
            let units = format!("\u{feff}{text}\r\nlast\r\n");
            let bytes: Vec<u8> = units.encode_utf16().flat_map(u16::to_le_bytes).collect();
            assert_eq!(utf16(&lines), bytes);
        }
    }
}
