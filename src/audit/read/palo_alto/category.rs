//! Entries of URL lists, token by token.
//!
//! Source: [Guidelines for URL category exceptions][guide]. Tokens end at `. / ? & = ; +`; `*` stands for one or more whole
//! tokens, `^` for exactly one.
//!
//! [guide]: https://docs.paloaltonetworks.com/advanced-url-filtering/administration/configuring-url-filtering/url-category-exceptions/guidelines-for-url-category-exceptions

use std::collections::BTreeSet;

use crate::host::{HostName, HostPattern};

use super::super::super::NameSet;

/// What the lists of a rule hold.
#[derive(Debug, Default)]
pub(in super::super) struct Category {
    /// Names, for certain and with all their URLs.
    pub(in super::super) names: NameSet,
    /// Names of which they hold a part, with the reason.
    pub(in super::super) parts: Vec<(NameSet, String)>,
    /// Why they may hold any name.
    pub(in super::super) doubts: BTreeSet<String>,
    /// What is worth knowing, and changes nothing.
    pub(in super::super) notes: BTreeSet<String>,
}

impl Category {
    pub(in super::super) fn doubt(&mut self, why: String) {
        self.doubts.insert(why);
    }
}

/// Adds what an entry holds.
pub(in super::super) fn entries(text: &str, category: &mut Category) {
    let bare = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://")).unwrap_or(text);
    let (host, path) = match bare.find(['/', '?', '&', '=', ';', '+']) {
        Some(end) => bare.split_at_checked(end).unwrap_or((bare, "")),
        None => (bare, ""),
    };
    let (front, name) = match (host.strip_prefix("*."), host.strip_prefix("^.")) {
        (Some(name), _) => ('*', name),
        (_, Some(name)) => ('^', name),
        (None, None) => ('=', host),
    };
    let Ok(name) = HostName::parse(name) else {
        category.doubt(format!("the entry {text} has a form that is not judged"));
        return;
    };
    let names = match front {
        '=' => NameSet::from(&HostPattern::Exact(name)),
        _ => NameSet::below(&name, false),
    };
    match (front, path) {
        ('^', _) => {
            category.parts.push((names, format!("the entry {text} holds names of one more label only")));
        }
        (_, "/") => category.names = category.names.union(&names),
        (_, "") => {
            let note = format!(
                "the entry {text} does not end in a slash: where Append Ending Token is off, and before PAN-OS 10.2, it \
                 also holds names that go on, such as {}.example",
                host.trim_start_matches("*.")
            );
            category.notes.insert(note);
            category.names = category.names.union(&names);
        }
        _ => category.parts.push((names, format!("the entry {text} holds some URLs of its host only"))),
    }
}
