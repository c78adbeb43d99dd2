//! The link on a download page.
//!
//! The page has changed its markup more than once (reference of patterns: a link with the class `failoverLink`, later one
//! with `dlcdetail__download-btn` and a block of JSON in `window.__DLCDetails__`), and may name several files at once. All
//! of these hold the whole address of the file, so that is what is looked for, in any markup: an address that ends in the
//! file's name. Which of them is taken is decided by the date in the name, never by its place on the page.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use jiff::civil::Date;

use super::date::date_in_name;

/// An address of a weekly file on a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// The whole address.
    pub url: String,
    /// The date in the file's name.
    pub date: Date,
}

/// All addresses of files of a cloud, each once, the newest first; `word` is the cloud's word in the file's name.
pub fn links(page: &str, word: &str) -> Vec<Link> {
    let plain = unescaped(page);
    let mut seen = BTreeSet::new();
    let mut links: Vec<Link> = Vec::new();
    for url in addresses(&plain) {
        let Some(date) = url.rsplit('/').next().and_then(|file| date_of(file, word)) else { continue };
        if seen.insert(url) {
            links.push(Link { url: url.to_owned(), date });
        }
    }
    links.sort_by_key(|link| Reverse(link.date));
    links
}

/// The date of `ServiceTags_<word>_<date>.json`; letters of paths have been seen in both cases.
fn date_of(file: &str, word: &str) -> Option<Date> {
    let file = file.to_ascii_lowercase();
    let rest = file.strip_prefix("servicetags_")?.strip_prefix(&word.to_ascii_lowercase())?;
    let digits = rest.strip_prefix('_')?.strip_suffix(".json")?;
    (digits.len() == 8).then(|| date_in_name(&file)).flatten()
}

/// No address on these pages is longer. A page without an end to its addresses would else be searched to its own for each.
const LONGEST: usize = 500;

/// What starts as an address, up to the first character that ends one in HTML or JSON.
fn addresses(text: &str) -> impl Iterator<Item = &str> {
    let starts = text.match_indices("http").map(|(at, _)| at);
    starts.filter_map(|at| {
        let rest = text.get(at..text.floor_char_boundary(at + LONGEST))?;
        if !rest.starts_with("https://") && !rest.starts_with("http://") {
            return None;
        }
        let end = rest.find(|c: char| c.is_whitespace() || c.is_control() || "\"'<>\\^`{|}".contains(c));
        let url = rest.get(..end.unwrap_or(rest.len()))?;
        url.split(['?', '#']).next()
    })
}

/// The characters that attributes and JSON texts escape.
fn unescaped(page: &str) -> String {
    let escapes = [
        ("\\/", "/"),
        ("\\u002F", "/"),
        ("\\u002f", "/"),
        ("&#47;", "/"),
        ("&#x2F;", "/"),
        ("&#x2f;", "/"),
        ("&quot;", "\""),
        ("&#34;", "\""),
        ("&amp;", "&"),
    ];
    escapes.iter().fold(page.to_owned(), |text, (escaped, plain)| text.replace(escaped, plain))
}
