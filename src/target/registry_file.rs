//! The form of .reg files: what regedit itself exports.

/// The first line of every file.
pub(crate) const HEAD: &str = "Windows Registry Editor Version 5.00";

/// A quoted string of a .reg file. Backslash and quote are all there is to escape in printable ASCII, which callers see to.
pub(crate) fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', r"\\").replace('"', "\\\""))
}

/// UTF-16LE with byte order mark and CRLF; without the mark regedit takes the file for no registry script.
pub(crate) fn utf16(lines: &[String]) -> Vec<u8> {
    let length: usize = lines.iter().map(|line| 2 * (line.len() + 2)).sum();
    let mut bytes = Vec::with_capacity(2 + length);
    bytes.extend([0xff, 0xfe]);
    for line in lines {
        bytes.extend(line.encode_utf16().chain([0x0d, 0x0a]).flat_map(u16::to_le_bytes));
    }
    bytes
}
