//! Lists that are not in their canonical order, and texts that are not clean; `validate --fix` mends both.

use std::sync::Arc;

use crate::catalog::Layer;
use crate::catalog::form::{self, Orders, Part, Sorted};
use crate::finding::{Code, Finding, Findings, Source};
use crate::yaml;

/// Looks at every file of all layers that can be read; the others have errors of their own.
pub(super) fn lint(layers: &[Layer]) -> Findings {
    let files = || layers.iter().flat_map(|layer| &layer.files);
    let orders = Orders::new(files().map(|(path, _, text)| (path.as_str(), text.as_str())));
    let mut findings = Findings::new();
    for (path, name, text) in files() {
        if !form::is_readable(path, text.as_str()) {
            continue;
        }
        let source = Source::new(name.clone(), text.as_str());
        if let Ok(tree) = yaml::parse::<Part>(&source) {
            let lists = orders.lists(path, &tree);
            let out_of_order = lists.iter().filter_map(|list| out_of_order(&source, &tree, list));
            out_of_order.for_each(|finding| findings.push(finding));
        }
        for what in form::untidy(text.as_str()) {
            let finding = Finding::new(Code::NonCanonicalForm, format!("{name} has {what}"));
            findings.push(finding.help(format!("`portbook validate --fix {name}` mends it")));
        }
    }
    findings
}

/// Reports the first entry that stands behind a later one.
fn out_of_order(source: &Arc<Source>, tree: &Part, list: &Sorted<'_>) -> Option<Finding> {
    let (before, after) = list.first_pair()?;
    let place = |part: &Part| yaml::place(source, form::name(part));
    let finding = Finding::new(Code::NonCanonicalOrder, list.order)
        .labelled(place(after), "belongs in front of")
        .labelled(place(before), "this one");
    Some(match form::reordered(&source.text, tree, list) {
        Ok(_) => finding.help(format!("`portbook validate --fix {}` mends it", source.name)),
        Err(why) => finding.note(why),
    })
}
