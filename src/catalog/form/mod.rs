//! The canonical form of catalog files: what `validate --fix` changes, and nothing that a file says.
//!
//! Comments are no part of what YAML parsers give, so nothing is printed anew: blanks go, and whole entries move with the
//! lines above them. Each step is taken only if the text then reads as the same tree, in the order that was meant.

mod block;
mod flow;
mod order;
mod tidy;
mod tree;

pub(super) use order::{Orders, Sorted, name};
pub(super) use tidy::untidy;
pub(super) use tree::Part;

use super::Layer;
use super::layer::FileText;
use super::raw;
use crate::finding::Source;
use crate::yaml;

/// A file that was not in its canonical form, in that form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reformed {
    /// Its path inside its layer.
    pub path: String,
    /// The file as its user named it.
    pub name: String,
    /// All of it.
    pub text: String,
    /// What is different, in words.
    pub changes: Vec<String>,
}

/// The files of all layers that `wanted` names and that are not in their canonical form yet. Files that cannot be read, and
/// those that are built in, are left as they are; so is a list that cannot be put in order safely, of which the findings
/// of [`inspect`](super::inspect) tell why.
pub fn canonical(layers: &[Layer], wanted: impl Fn(&str) -> bool) -> Vec<Reformed> {
    let mut files: Vec<File> = layers.iter().flat_map(|layer| &layer.files).map(File::new).collect();
    // Other files follow the order of these two.
    let (first, others): (Vec<_>, Vec<_>) =
        files.iter_mut().partition(|file| ["clouds.yaml", "scenarios.yaml"].contains(&file.path.as_str()));
    let mut first = first;
    let reform = |file: &mut File, orders: &Orders| {
        if file.read && wanted(&file.name) {
            file.reform(orders);
        }
    };
    let orders = |files: &[&mut File]| Orders::new(files.iter().map(|file| (&*file.path, &*file.text)));
    for cloud_or_scenario in ["clouds.yaml", "scenarios.yaml"] {
        let known = orders(&first);
        for file in first.iter_mut().filter(|file| file.path == cloud_or_scenario) {
            reform(file, &known);
        }
    }
    let known = orders(&first);
    for file in others {
        reform(file, &known);
    }
    files.into_iter().filter_map(File::changed).collect()
}

struct File {
    path: String,
    name: String,
    text: String,
    /// Whether it is on disk.
    read: bool,
    changes: Vec<String>,
}

impl File {
    fn new((path, name, text): &(String, String, FileText)) -> Self {
        let read = matches!(text, FileText::Read(_));
        Self {
            path: path.clone(),
            name: name.clone(),
            text: text.as_str().to_owned(),
            read,
            changes: Vec::new(),
        }
    }

    fn changed(self) -> Option<Reformed> {
        let Self { path, name, text, changes, .. } = self;
        (!changes.is_empty()).then_some(Reformed { path, name, text, changes })
    }

    fn reform(&mut self, orders: &Orders) {
        if !is_readable(&self.path, &self.text) {
            return;
        }
        let (text, changes) = tidy::tidy(&self.text);
        let (text, sorted) = sort(&self.path, text, orders);
        // Each step was checked; this holds the whole against the file as it was.
        if is_readable(&self.path, &text) {
            self.text = text;
            self.changes.extend(changes);
            self.changes.extend(sorted);
        }
    }
}

/// Puts every list in order that can be moved safely.
fn sort(path: &str, mut text: String, orders: &Orders) -> (String, Vec<String>) {
    let mut changes = Vec::new();
    let mut index = 0;
    while let Some(tree) = tree::parse(&text) {
        let lists = orders.lists(path, &tree);
        // Sorting a list keeps the number of all lists, and the places of those that come before it.
        let Some(at) = lists.iter().skip(index).position(Sorted::is_out_of_order) else {
            break;
        };
        index += at;
        if let Some(list) = lists.get(index)
            && let Ok(sorted) = reordered(&text, &tree, list)
        {
            changes.push(format!("{} (line {})", list.order, line(&text, list)));
            text = sorted;
        }
        index += 1;
    }
    (text, changes)
}

/// Where a list begins.
fn line(text: &str, list: &Sorted<'_>) -> usize {
    let start = list.list.bytes().start;
    text.get(..start).unwrap_or_default().matches('\n').count() + 1
}

/// The text with one list in its order.
///
/// # Errors
/// Why it cannot be moved safely.
pub(super) fn reordered(text: &str, tree: &Part, list: &Sorted<'_>) -> Result<String, &'static str> {
    let new_order = list.new_order();
    let opening = text.as_bytes().get(list.list.bytes().start).copied();
    let sorted = match opening {
        Some(b'[') => flow::reordered(text, list.items(), &new_order),
        _ => block::reordered(text, list.items(), &new_order),
    }?;
    let mut meant = tree.clone();
    tree::reorder(&mut meant, &list.path, &new_order);
    let read = tree::parse(&sorted);
    if read.is_some_and(|read| read.value.says_the_same(&meant.value)) { Ok(sorted) } else { Err(UNCLEAR) }
}

/// Why a list whose layout is not understood stays.
const UNCLEAR: &str = "not moved by --fix: its entries do not stand on lines of their own or between commas";

/// Whether the file reads as what its place makes it.
pub(super) fn is_readable(path: &str, text: &str) -> bool {
    let source = Source::new(path, text);
    match path {
        "clouds.yaml" => yaml::parse::<Vec<raw::Cloud>>(&source).is_ok(),
        "scenarios.yaml" => yaml::parse::<Vec<raw::Scenario>>(&source).is_ok(),
        "roles.yaml" => yaml::parse::<Vec<raw::Role>>(&source).is_ok(),
        "conditions.yaml" => yaml::parse::<Vec<raw::Condition>>(&source).is_ok(),
        "choices.yaml" => yaml::parse::<Vec<raw::Choice>>(&source).is_ok(),
        "parameters.yaml" => yaml::parse::<Vec<raw::Parameter>>(&source).is_ok(),
        "hosts.yaml" => yaml::parse::<Vec<raw::Host>>(&source).is_ok(),
        "address-lists.yaml" => yaml::parse::<Vec<raw::AddressList>>(&source).is_ok(),
        _ if path.ends_with("/document.yaml") => yaml::parse::<raw::Document>(&source).is_ok(),
        _ => yaml::parse::<raw::EditionText>(&source).is_ok(),
    }
}
